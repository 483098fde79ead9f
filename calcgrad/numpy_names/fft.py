"""Fourier transforms: ``numpy.fft``. Losses are real; what is complex on the way follows :mod:`calcgrad.operations.fourier`."""

from __future__ import annotations

from typing import Any

from calcgrad.numpy_names.common import ALL, array, axes_of, dtype_of, getitem, ndim, one_axis, shape
from calcgrad.numpy_names.registry import Handler, handles, refuse, refuse_complex
from calcgrad.numpy_names.shaping import roll
from calcgrad.operations.transposes import Apply


def _of_length(apply: Apply, a: Any, n: int | None, axis: int) -> Any:
    """Cut, or filled with zeros, to a length along an axis."""
    have = shape(a)[axis]
    if n is None or n == have:
        return a
    if n < have:
        return getitem(apply, a, *[ALL] * axis, slice(0, n))
    whole = (*shape(a)[:axis], n, *shape(a)[axis + 1 :])
    return apply("scatter", a, params=((*[ALL] * axis, slice(0, have)), whole))


def _scale(length: int, norm: str | None, inverse: bool) -> float:
    """What a transform is multiplied with, beside the ``1/n`` that NumPy's inverse has of its own."""
    powers = {None: 0.0, "backward": 0.0, "ortho": 0.5, "forward": 1.0}
    return float(length ** (powers[norm] if inverse else -powers[norm]))


def _transform(apply: Apply, op: str, a: Any, n: int | None, axis: int, norm: str | None) -> Any:
    a = array(a)
    at = one_axis(axis, ndim(a))
    if op == "rfft":
        refuse_complex("numpy.fft.rfft", a)
    if op == "irfft":
        length = 2 * (shape(a)[at] - 1) if n is None else int(n)
        a = _complex(apply, _of_length(apply, a, length // 2 + 1, at))
        found = apply("irfft", a, params=(at, length))
    else:
        a = _of_length(apply, a, None if n is None else int(n), at)
        length = shape(a)[at]
        found = apply(op, a if op == "rfft" else _complex(apply, a), params=(at,))
    by = _scale(length, norm, op.startswith("i"))
    return found if by == 1 else found * by


def _complex(apply: Apply, a: Any) -> Any:
    return a if dtype_of(a).kind == "c" else apply("as_complex", a)


def _one(op: str) -> Handler:
    def handler(
        apply: Apply, a: Any, n: int | None = None, axis: int = -1, norm: str | None = None, out: Any = None
    ) -> Any:
        refuse(f"numpy.fft.{op}", out=out)
        return _transform(apply, op, a, n, axis, norm)

    return handler


def _several(op: str, default: tuple[int, ...] | None) -> Handler:
    """A transform along several axes: along one after the other; a real one is real along the last only."""

    def handler(
        apply: Apply, a: Any, s: Any = None, axes: Any = default, norm: str | None = None, out: Any = None
    ) -> Any:
        refuse(f"numpy.fft.{op}n", out=out)
        a = array(a)
        if axes is None:
            axes = tuple(range(ndim(a)))[-len(s) :] if s is not None else tuple(range(ndim(a)))
        chosen = axes_of(tuple(axes), ndim(a))
        lengths = list(s) if s is not None else [None] * len(chosen)
        plain = {"rfft": "fft", "irfft": "ifft"}.get(op, op)
        if op == "rfft":
            a = _transform(apply, op, a, lengths[-1], chosen[-1], norm)
        for n, axis in zip(lengths[:-1], chosen[:-1], strict=True):
            a = _transform(apply, plain, a, n, axis, norm)
        return a if op == "rfft" else _transform(apply, op, a, lengths[-1], chosen[-1], norm)

    return handler


for _op in ("fft", "ifft", "rfft", "irfft"):
    handles(f"fft.{_op}")(_one(_op))
    handles(f"fft.{_op}n")(_several(_op, None))
    handles(f"fft.{_op}2")(_several(_op, (-2, -1)))


@handles("fft.fftshift")
def _fftshift(apply: Apply, x: Any, axes: Any = None) -> Any:
    chosen = axes_of(axes, ndim(x))
    return roll(apply, x, [shape(x)[i] // 2 for i in chosen], chosen)


@handles("fft.ifftshift")
def _ifftshift(apply: Apply, x: Any, axes: Any = None) -> Any:
    chosen = axes_of(axes, ndim(x))
    return roll(apply, x, [-(shape(x)[i] // 2) for i in chosen], chosen)
