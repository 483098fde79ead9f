"""The pullbacks of operations that are linear in one of several arguments, written in table operations.

``rule(apply, *args, d, *params)`` is the adjoint of that argument, for the adjoint ``d`` of the result.
"""

from __future__ import annotations

from typing import Any

from calcgrad.operations.shapes import shape_of
from calcgrad.operations.transposes import Apply


def gather_first(apply: Apply, a: Any, places: Any, d: Any, axis: int) -> Any:
    """Back to the places that were read; a place that was read twice gets both."""
    return apply("put", d, places, params=(axis, shape_of(a)[axis]))


def put_first(apply: Apply, a: Any, places: Any, d: Any, axis: int, length: int) -> Any:
    """What stands at the places."""
    return apply("gather", d, places, params=(axis,))


def take_along_first(apply: Apply, a: Any, places: Any, d: Any, axis: int, unique: bool = False) -> Any:
    """Back to the places that were read; where they are ``unique`` nothing needs adding."""
    return apply("put_along", d, places, params=(axis, shape_of(a)[axis], unique))


def put_along_first(
    apply: Apply, a: Any, places: Any, d: Any, axis: int, length: int, unique: bool = False
) -> Any:
    """What stands at the places."""
    return apply("take_along", d, places, params=(axis, unique))


def convolve_first(apply: Apply, a: Any, b: Any, d: Any, mode: str = "full") -> Any:
    """Correlation with ``b``; in the mode ``valid``, ``a`` is not shorter than ``b``."""
    back = "valid" if mode == "full" else "full"
    return apply("convolve", d, _reversed(apply, b), params=(back,))


def convolve_second(apply: Apply, a: Any, b: Any, d: Any, mode: str = "full") -> Any:
    """Correlation with ``a``."""
    if mode == "full":
        return apply("convolve", d, _reversed(apply, a), params=("valid",))
    return apply("convolve", _reversed(apply, a), d, params=("valid",))


def _reversed(apply: Apply, a: Any) -> Any:
    return apply("getitem", a, params=(("slice", None, None, -1),))


def einsum_first(apply: Apply, a: Any, b: Any, d: Any, pattern: str) -> Any:
    """The same sum with ``a`` and the result in each other's places: every axis of ``a`` is in one of the two others."""
    left, right, out = _axes(pattern)
    return apply("einsum", d, b, params=(f"{out},{right}->{left}",))


def einsum_second(apply: Apply, a: Any, b: Any, d: Any, pattern: str) -> Any:
    """The same sum with ``b`` and the result in each other's places."""
    left, right, out = _axes(pattern)
    return apply("einsum", a, d, params=(f"{left},{out}->{right}",))


def _axes(pattern: str) -> tuple[str, str, str]:
    given, out = pattern.split("->")
    left, right = given.split(",")
    return left, right, out


def solve_right(apply: Apply, a: Any, b: Any, d: Any) -> Any:
    """The solution with the transposed matrix; what broadcasting repeated is summed."""
    return apply("sum_to", apply("solve", swapped(apply, a), d), params=(shape_of(b),))


def cofactor_change_direction(apply: Apply, a: Any, b: Any, d: Any) -> Any:
    """Second derivatives of the determinant: a symmetric map."""
    return apply("cofactor_change", a, d)


def rfft_first(apply: Apply, a: Any, d: Any, axis: int) -> Any:
    """The real part of a Fourier transform of ``d``: an inverse transform of what ``d``'s conjugate counts for."""
    length = shape_of(a)[axis]
    weighed = apply("mul", apply("conj", d), _weights(length, len(shape_of(a)) - axis, (1.0, 0.5)))
    return apply("mul", apply("irfft", weighed, params=(axis, length)), float(length))


def irfft_first(apply: Apply, a: Any, d: Any, axis: int, length: int) -> Any:
    """A Fourier transform of ``d``, in which all but the ends of the half spectrum count twice."""
    half = apply("conj", apply("rfft", d, params=(axis,)))
    weights = _weights(length, len(shape_of(a)) - axis, (1.0, 2.0))
    return apply("mul", half, weights / length)


def _weights(length: int, depth: int, ends_and_middle: tuple[float, float]) -> Any:
    """One number for each entry of the half spectrum, along the axis that is ``depth`` from the end."""
    import numpy

    ends, middle = ends_and_middle
    weights = numpy.full(length // 2 + 1, middle)
    weights[0] = ends
    if length % 2 == 0:
        weights[-1] = ends
    return weights.reshape(-1, *(1,) * (depth - 1))


def swapped(apply: Apply, matrix: Any) -> Any:
    """The matrix, or each of a stack of them, transposed."""
    depth = len(shape_of(matrix))
    return apply("transpose", matrix, params=((*range(depth - 2), depth - 1, depth - 2),))
