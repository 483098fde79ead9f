"""The shape of an operation's result, from the shapes of its arguments: arithmetic on tuples, no array needed.

By these rules a wrong shape is found before anything is computed, and placeholders go through a pushforward. Each is named
by the rows that it serves, and takes the arguments' shapes and then the parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.operations.shapes import Axis, Shape, ShapeError, broadcast, kept, normal_axes, spell


def result_shape(op: str, shapes: Sequence[Shape], params: tuple[Any, ...] = ()) -> Shape:
    """The shape of an operation's result. Raises ``ShapeError`` where the arguments do not fit.

    >>> result_shape("matmul", [(2, 3), (3,)]), result_shape("getitem", [(4,)], (("slice", 1, None, None),))
    ((2,), (3,))
    """
    row = OPERATIONS[op]
    if isinstance(row, Elementwise):
        return broadcast(*shapes)
    shape: Shape = globals()[row.shape](*shapes, *params)
    return shape


# Reductions, indexing, products.


def reduced(shape: Shape, axis: Axis = None, keepdims: bool = False) -> Shape:
    if keepdims:
        return kept(shape, axis)
    axes = normal_axes(len(shape), axis)
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def extreme(shape: Shape, axis: Axis = None, keepdims: bool = False) -> Shape:
    if any(shape[i] == 0 for i in normal_axes(len(shape), axis)):
        raise ShapeError("E211", "an array without entries has no largest and no smallest entry")
    return reduced(shape, axis, keepdims)


def indexed(shape: Shape, *index: Any) -> Shape:
    if not all(isinstance(e, int | tuple) for e in index):
        return _indexed_by_numpy(shape, index)
    if len(index) > len(shape):
        if not shape:
            raise ShapeError("E203", "a number has no entries", "a point like --at x=[1,2,3] makes an array")
        axes = "1 axis" if len(shape) == 1 else f"{len(shape)} axes"
        raise ShapeError("E203", f"{spell(shape)} has {axes}, the index has {len(index)}")
    out: list[int] = []
    for axis, (element, length) in enumerate(zip(index, shape, strict=False)):
        if isinstance(element, int):
            _within(element, length, axis, shape)
        elif element and element[0] == "slice":
            out.append(len(range(*_slice(element).indices(length))))
        else:
            for entry in element:
                _within(entry, length, axis, shape)
            out.append(len(element))
    if sum(isinstance(e, tuple) and e[:1] != ("slice",) for e in index) > 1:
        raise ShapeError("E205", "an index holds one list of places at most")
    return (*out, *shape[len(index) :])


def _indexed_by_numpy(shape: Shape, index: tuple[Any, ...]) -> Shape:
    """The shape by NumPy's own rules, for an index with its slices, ``None``, ``...`` or arrays; no entry is stored."""
    import numpy

    places = tuple([list(e) if isinstance(e, tuple) else e for e in index])
    try:
        return numpy.broadcast_to(False, shape)[places].shape
    except IndexError as error:
        raise ShapeError("E203", str(error)) from None


def _slice(element: tuple[Any, ...]) -> slice:
    if element[3] == 0:
        raise ShapeError("E206", "the step of a slice cannot be 0")
    return slice(*element[1:])


def _within(index: int, length: int, axis: int, shape: Shape) -> None:
    if -length <= index < length:
        return
    place = f"axis {axis} of {spell(shape)}" if len(shape) > 1 else spell(shape)
    hint = f"indices run from 0 to {length - 1}" if length else "it has no entries"
    raise ShapeError("E203", f"index {index} is out of range for {place}", hint)


def vector(*shapes: Shape) -> Shape:
    if len(set(shapes)) > 1:
        given = " and ".join(dict.fromkeys(map(spell, shapes)))
        raise ShapeError("E210", f"the entries of a list have the same shape, these are {given}")
    return (len(shapes), *(shapes[0] if shapes else ()))


def matmul(a: Shape, b: Shape) -> Shape:
    if not a or not b:
        raise ShapeError("E207", "@ multiplies arrays, not numbers", "write * for the product with a number")
    inner = b[0] if len(b) == 1 else b[-2]
    if a[-1] != inner:
        raise ShapeError("E208", f"{spell(a)} @ {spell(b)}: a row of {a[-1]} meets a column of {inner}")
    batch = broadcast(a[:-2], b[:-2])
    return (*batch, *a[-2:-1], *(b[-1:] if len(b) > 1 else ()))


def reshaped(shape: Shape, new: Shape) -> Shape:
    if prod(shape) != prod(new):
        raise ShapeError("E202", f"{spell(shape)} does not have the entries of {spell(new)}")
    return new


def permuted(shape: Shape, axes: tuple[int, ...] | None = None) -> Shape:
    return shape[::-1] if axes is None else tuple([shape[i] for i in axes])


def number(shape: Shape, axis: Axis = None) -> Shape:
    return ()


def scattered(shape: Shape, index: Any, whole: Shape) -> Shape:
    return whole


def given(shape: Shape, result: Shape, through: Any = None) -> Shape:
    return result


def take_along(shape: Shape, places: Shape, axis: int, unique: bool = False) -> Shape:
    return places


def second(a: Shape, b: Shape, *params: Any) -> Shape:
    return b


# Moving entries, and factorisations.


def same(shape: Shape, *params: Any) -> Shape:
    return shape


def concatenate(*shapes_and_axis: Any) -> Shape:
    *shapes, axis = shapes_and_axis
    first = shapes[0]
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


def gather(shape: Shape, places: Shape, axis: int) -> Shape:
    return (*shape[:axis], *places, *shape[axis + 1 :])


def put(shape: Shape, places: Shape, axis: int, length: int) -> Shape:
    return (*shape[:axis], length, *shape[axis + len(places) :])


def put_along(shape: Shape, places: Shape, axis: int, length: int, unique: bool = False) -> Shape:
    return (*shape[:axis], length, *shape[axis + 1 :])


def convolve(a: Shape, b: Shape, mode: str = "full") -> Shape:
    return (a[0] + b[0] - 1 if mode == "full" else max(a[0], b[0]) - min(a[0], b[0]) + 1,)


def einsum(a: Shape, b: Shape, pattern: str) -> Shape:
    given, out = pattern.split("->")
    lengths = dict(zip(given.replace(",", ""), a + b, strict=True))
    return tuple([lengths[axis] for axis in out])


def square(shape: Shape) -> Shape:
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ShapeError("E209", f"{spell(shape)} is not a square matrix")
    return shape


def entrywise(*shapes: Shape) -> Shape:
    return broadcast(*shapes)


def sylvester(a: Shape, b: Shape, q: Shape) -> Shape:
    return (*broadcast(a[:-2], b[:-2], q[:-2]), a[-1], b[-1])


def solve(a: Shape, b: Shape) -> Shape:
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


def stack(shape: Shape) -> Shape:
    return square(shape)[:-2]


def slogdet(shape: Shape) -> Shape:
    return (*stack(shape), 2)


def pinv(shape: Shape, rcond: Any = None) -> Shape:
    return (*shape[:-2], shape[-1], shape[-2])


def gaps(shape: Shape) -> Shape:
    return (*shape, shape[-1])


eigh = _packed("eigenvalues", "eigenvectors")
svd = _packed("singular_left", "singular_values", "singular_right")
qr = _packed("qr_q", "qr_r")
eigenvalues, eigenvectors = _part("eigenvalues"), _part("eigenvectors")
singular_values = _part("singular_values")
singular_left, singular_right = _part("singular_left"), _part("singular_right")
qr_q, qr_r = _part("qr_q"), _part("qr_r")
eig = _packed("any_eigenvalues", "any_eigenvectors")
any_eigenvalues, any_eigenvectors = _part("any_eigenvalues"), _part("any_eigenvectors")
det_phase = _part("det_phase")


def sparse_product(shape: Shape, matrix: Any) -> Shape:
    return (matrix.shape[0], *shape[1:])


logabsdet = _part("logabsdet")


# Fourier transforms.


def rfft(shape: Shape, axis: int) -> Shape:
    return (*shape[:axis], shape[axis] // 2 + 1, *shape[axis + 1 :])


def irfft(shape: Shape, axis: int, length: int) -> Shape:
    return (*shape[:axis], length, *shape[axis + 1 :])
