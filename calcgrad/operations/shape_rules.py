"""The shapes of the results of moving, sorting, products and factorisations; see :mod:`calcgrad.operations.shapes`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calcgrad.operations.shapes import Shape, ShapeError, broadcast, spell


def _same(shape: Shape, *params: Any) -> Shape:
    return shape


def _concatenate(*shapes_and_axis: Any) -> Shape:
    *shapes, axis = shapes_and_axis
    first = shapes[0]
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


def _gather(shape: Shape, places: Shape, axis: int) -> Shape:
    return (*shape[:axis], *places, *shape[axis + 1 :])


def _put(shape: Shape, places: Shape, axis: int, length: int) -> Shape:
    return (*shape[:axis], length, *shape[axis + len(places) :])


def _put_along(shape: Shape, places: Shape, axis: int, length: int, unique: bool = False) -> Shape:
    return (*shape[:axis], length, *shape[axis + 1 :])


def _convolve(a: Shape, b: Shape, mode: str = "full") -> Shape:
    return (a[0] + b[0] - 1 if mode == "full" else max(a[0], b[0]) - min(a[0], b[0]) + 1,)


def _einsum(a: Shape, b: Shape, pattern: str) -> Shape:
    given, out = pattern.split("->")
    lengths = dict(zip(given.replace(",", ""), a + b, strict=True))
    return tuple([lengths[axis] for axis in out])


def _square(shape: Shape) -> Shape:
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ShapeError("E362", f"{spell(shape)} is not a square matrix")
    return shape


def _solve(a: Shape, b: Shape) -> Shape:
    return (*broadcast(a[:-2], b[:-2]), *b[-2:])


def _least(shape: Shape) -> int:
    return min(shape[-2:])


_RULES_OF_PARTS: dict[str, Callable[[Shape], Shape]] = {
    "eigenvalues": lambda shape: shape[:-1],
    "eigenvectors": lambda shape: shape,
    "any_eigenvalues": lambda shape: shape[:-1],
    "any_eigenvectors": lambda shape: shape,
    "singular_values": lambda shape: (*shape[:-2], _least(shape)),
    "singular_left": lambda shape: (*shape[:-1], _least(shape)),
    "singular_right": lambda shape: (*shape[:-2], _least(shape), shape[-1]),
    "qr_q": lambda shape: shape,
    "qr_r": lambda shape: (*shape[:-2], shape[-1], shape[-1]),
    "logabsdet": lambda shape: shape[:-2],
    "det_phase": lambda shape: shape[:-2],
}


def part_shape(part: str, shape: Shape) -> Shape:
    """The shape of a part of the factorisation of a matrix of a shape.

    >>> part_shape("singular_left", (5, 3))
    (5, 3)
    """
    return _RULES_OF_PARTS[part](shape)


def _packed(*parts: str) -> Callable[..., Shape]:
    def rule(shape: Shape, *params: Any) -> Shape:
        total = 0
        for part in parts:
            own = part_shape(part, shape)[len(shape) - 2 :]
            total += own[0] * (own[1] if len(own) == 2 else 1) if own else 1
        return (*shape[:-2], total)

    return rule


def _part(name: str) -> Callable[..., Shape]:
    return lambda shape, packed, *params: part_shape(name, shape)


RULES: dict[str, Callable[..., Shape]] = {
    "concatenate": _concatenate,
    "cumsum": _same,
    "cumprod": _same,
    "gather": _gather,
    "put": _put,
    "take_along": lambda shape, places, axis, unique=False: places,
    "put_along": _put_along,
    "argsort": _same,
    "astype": _same,
    "whole": _same,
    "sparse_product": lambda shape, matrix: (matrix.shape[0], *shape[1:]),
    "stop_gradient": _same,
    "convolve": _convolve,
    "einsum": _einsum,
    "solve": _solve,
    "inv": _square,
    "pinv": lambda shape, rcond=None: (*shape[:-2], shape[-1], shape[-2]),
    "det": lambda shape: _square(shape)[:-2],
    "cofactor": _square,
    "cofactor_change": lambda a, b: b,
    "slogdet": lambda shape: (*_square(shape)[:-2], 2),
    "cholesky": _square,
    "eigh": _packed("eigenvalues", "eigenvectors"),
    "eig": _packed("any_eigenvalues", "any_eigenvectors"),
    "svd": _packed("singular_left", "singular_values", "singular_right"),
    "qr": _packed("qr_q", "qr_r"),
    **{name: _part(name) for name in _RULES_OF_PARTS},
    "inverse_gaps": lambda shape: (*shape, shape[-1]),
    "inverse_values": _same,
    "conj": _same,
    "real": _same,
    "as_complex": _same,
    "fft": _same,
    "ifft": _same,
    "rfft": lambda shape, axis: (*shape[:axis], shape[axis] // 2 + 1, *shape[axis + 1 :]),
    "irfft": lambda shape, axis, length: (*shape[:axis], length, *shape[axis + 1 :]),
}
