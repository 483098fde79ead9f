"""``numpy.pad`` in all its modes."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.numpy_names.common import along, array, concatenate, dtype_of, ndim, shape
from calcgrad.numpy_names.reductions import largest, mean, smallest
from calcgrad.numpy_names.registry import handles, refuse
from calcgrad.numpy_names.statistics import median
from calcgrad.operations.transposes import Apply
from calcgrad.tracer import is_traced

#: The statistics that borders can be made of, by the names of their modes.
_STATISTICS: dict[str, Any] = {"maximum": largest, "minimum": smallest, "mean": mean, "median": median}


@handles("pad")
def _pad(apply: Apply, array_: Any, pad_width: Any, mode: Any = "constant", **keywords: Any) -> Any:
    a = array(array_)
    widths = _pairs(pad_width, ndim(a))
    if mode == "constant":
        return _padded_with(apply, a, widths, keywords.pop("constant_values", 0.0))
    if mode == "empty":
        return _padded_with(apply, a, widths, 0.0)
    odd = keywords.pop("reflect_type", "even") == "odd"
    if mode == "linear_ramp":
        ends = _pairs_of(keywords.pop("end_values", 0.0), ndim(a))
    elif mode in _STATISTICS:
        ends = _pairs_of(keywords.pop("stat_length", None), ndim(a))
    elif mode not in ("edge", "reflect", "symmetric", "wrap") or keywords:
        refuse("numpy.pad", "use NumPy's own modes", mode=mode)
    for axis, (before, after) in enumerate(widths):
        if not before and not after:
            continue
        if mode == "linear_ramp":
            a = _ramped(apply, a, axis, (before, after), ends[axis])
        elif mode in _STATISTICS:
            a = _with_statistics(apply, a, axis, (before, after), mode, ends[axis])
        else:
            a = _mirrored(apply, a, axis, (before, after), mode, odd)
    return a


def _mirrored(apply: Apply, a: Any, axis: int, widths: tuple[int, int], mode: str, odd: bool) -> Any:
    """Borders of entries from within; odd ones are turned about the entry at the edge."""
    n = shape(a)[axis]
    if not odd or mode in ("edge", "wrap"):
        return apply("gather", a, numpy.pad(numpy.arange(n), widths, mode), params=(axis,))  # type: ignore[call-overload]
    # What NumPy does to the numbers 0 … n - 1 and to ones tells which entries are added up, and how often.
    units = numpy.eye(n)
    weights = numpy.pad(units, (widths, (0, 0)), mode, reflect_type="odd")  # type: ignore[call-overload]
    return _rows(apply, a, axis, weights)


def _ramped(apply: Apply, a: Any, axis: int, widths: tuple[int, int], ends: tuple[Any, Any]) -> Any:
    """Straight lines from the edge to the end values."""
    n = shape(a)[axis]
    parts = [a]
    for width, end, left in ((widths[0], ends[0], True), (widths[1], ends[1], False)):
        edge = along(apply, a, axis, 0, 1) if left else along(apply, a, axis, n - 1, n)
        steps = numpy.arange(width) / max(width, 1)
        t = (steps if left else steps[::-1]).astype(dtype_of(a))
        t = t.reshape(-1, *[1] * (ndim(a) - axis - 1))
        line = (end if is_traced(end) else dtype_of(a).type(end)) * (1 - t) + edge * t
        parts.insert(0 if left else len(parts), line)
    return concatenate(apply, [p for p in parts if shape(p)[axis]], axis)


def _with_statistics(
    apply: Apply, a: Any, axis: int, widths: tuple[int, int], mode: str, lengths: tuple[Any, Any]
) -> Any:
    """Borders that repeat a statistic of the entries near the edge, of all where no length is given."""
    n = shape(a)[axis]
    parts = [a]
    for width, length, left in ((widths[0], lengths[0], True), (widths[1], lengths[1], False)):
        size = n if length is None else min(int(length), n)
        near = along(apply, a, axis, 0, size) if left else along(apply, a, axis, n - size, n)
        value = _STATISTICS[mode](apply, near, axis=axis, keepdims=True)
        whole = (*shape(a)[:axis], width, *shape(a)[axis + 1 :])
        parts.insert(0 if left else len(parts), apply("broadcast_to", value, params=(whole,)))
    return concatenate(apply, [p for p in parts if shape(p)[axis]], axis)


def _rows(apply: Apply, a: Any, axis: int, weights: Any) -> Any:
    """Weighted sums along an axis."""
    depth = ndim(a)
    last = (*[i for i in range(depth) if i != axis], axis)
    back = tuple(numpy.argsort(last).tolist())
    moved = apply("transpose", a, params=(last,)) if depth > 1 else a
    found = apply("matmul", moved, weights.T.astype(dtype_of(a)))
    return apply("transpose", found, params=(back,)) if depth > 1 else found


def _pairs_of(given: Any, depth: int) -> list[tuple[Any, Any]]:
    """A value before and one after, for each axis."""
    if given is None:
        return [(None, None)] * depth
    return [(before, after) for before, after in numpy.broadcast_to(given, (depth, 2))]


def _pairs(widths: Any, depth: int) -> list[tuple[int, int]]:
    if isinstance(widths, dict):
        found = [(0, 0)] * depth
        for axis, pair in widths.items():
            before, after = numpy.broadcast_to(pair, 2)
            found[axis] = (int(before), int(after))
        return found
    return [(int(before), int(after)) for before, after in numpy.broadcast_to(widths, (depth, 2))]


def _padded_with(apply: Apply, a: Any, widths: list[tuple[int, int]], value: Any) -> Any:
    inside = tuple([slice(before, before + n) for (before, _), n in zip(widths, shape(a), strict=True)])
    whole = tuple([before + n + after for (before, after), n in zip(widths, shape(a), strict=True)])
    padded = apply("scatter", a, params=(inside, whole))
    if is_traced(value) or numpy.any(value):
        if numpy.ndim(value):
            frame = numpy.pad(numpy.zeros(shape(a)), widths, constant_values=value).astype(dtype_of(a))
            return padded + frame
        border = numpy.ones(whole, bool)
        border[inside] = False
        return apply("where", border, value, padded)
    return padded
