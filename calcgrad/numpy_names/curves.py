"""Lines, interpolation and polynomials."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    dtype_of,
    getitem,
    imag,
    in_dtype,
    is_complex,
    ndim,
    real,
    reshape,
    shape,
)
from calcgrad.numpy_names.registry import handles, refuse, refuse_complex
from calcgrad.numpy_names.shaping import moveaxis
from calcgrad.operations.transposes import Apply


@handles("linspace")
def _linspace(
    apply: Apply, start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = None,
    axis: int = 0, **keywords: Any
) -> Any:  # fmt: skip
    """``start (1 - t) + stop t`` for even steps of ``t``."""
    refuse("numpy.linspace", dtype=dtype)
    parts = num - 1 if endpoint else num
    t = numpy.arange(num) / max(parts, 1)
    depth = max(ndim(start), ndim(stop))
    t = t.reshape(-1, *[1] * depth)
    line = start * (1.0 - t) + stop * t
    if axis not in (0, -depth - 1):
        line = moveaxis(apply, line, 0, axis)
    return (line, apply("div", stop - start, float(parts))) if retstep else line


@handles("logspace")
def _logspace(
    apply: Apply, start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None, axis: int = 0
) -> Any:  # fmt: skip
    """Powers of a base, their exponents in even steps."""
    (exponents,) = in_dtype(apply, dtype, _linspace(apply, start, stop, num, endpoint, axis=axis))
    if ndim(base):
        refuse("numpy.logspace", "write base ** numpy.linspace(start, stop, num)", base=base)
    return apply("pow", base, exponents)


@handles("geomspace")
def _geomspace(
    apply: Apply, start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0
) -> Any:  # fmt: skip
    """``start (stop/start)^t`` for even steps of ``t``; the last entry is ``stop`` itself."""
    refuse_complex("numpy.geomspace", start, stop)
    start, stop = in_dtype(apply, dtype, array(start), array(stop))
    depth = max(ndim(start), ndim(stop))
    t = numpy.arange(num) / max(num - 1 if endpoint else num, 1)
    t = t.reshape(-1, *[1] * depth)
    ratio = apply("div", stop, start)
    line = apply("where", numpy.equal(t, 1.0), stop, start * apply("pow", ratio, t))
    return line if axis in (0, -depth - 1) else moveaxis(apply, line, 0, axis)


@handles("real_if_close")
def _real_if_close(apply: Apply, a: Any, tol: float = 100) -> Any:
    """The real part where all imaginary parts are small; that is decided by the values."""
    a = array(a)
    if not is_complex(a):
        return a
    least = tol * float(numpy.finfo(dtype_of(a)).eps) if tol > 1 else tol
    small = apply("less", apply("abs", imag(apply, a)), least)
    return real(apply, a) if bool(apply("decided", small, params=("all",))) else a


@handles("interp")
def interp(
    apply: Apply, x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """Between two neighbours of ``xp`` a line, outside of them a constant; at a knot the slope is that on the right."""
    refuse("numpy.interp", period=period)
    refuse_complex("numpy.interp", x, xp)
    x, xp, fp = array(x), array(xp), array(fp)
    last = shape(xp)[0] - 1
    place = apply("decided_by_two", xp, x, params=("searchsorted", (("side", "right"),)))
    low = numpy.clip(place - 1, 0, max(last - 1, 0))
    high = numpy.minimum(low + 1, last)
    x0, x1, y0, y1 = [apply("gather", p, q, params=(0,)) for p in (xp, fp) for q in (low, high)]
    inside = y0 if last == 0 else y0 + apply("div", y1 - y0, x1 - x0) * (x - x0)
    first, final = getitem(apply, fp, 0), getitem(apply, fp, last)
    inside = apply("where", apply("greater_equal", x, getitem(apply, xp, last)), final, inside)
    if right is not None:
        inside = apply("where", apply("greater", x, getitem(apply, xp, last)), right, inside)
    return apply("where", apply("less", x, getitem(apply, xp, 0)), first if left is None else left, inside)


@handles("vander")
def vander(apply: Apply, x: Any, N: Any = None, increasing: bool = False) -> Any:  # noqa: N803 (NumPy's name)
    """The powers of a vector's entries, in columns."""
    powers = numpy.arange(shape(x)[0] if N is None else N)
    column = reshape(apply, x, (*shape(x), 1))
    return column ** (powers if increasing else powers[::-1]).astype(float)
