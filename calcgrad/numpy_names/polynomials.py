"""NumPy's older functions of polynomials: coefficients in a vector, that of the highest power first."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.numpy_names.common import array, concatenate, dtype_of, getitem, ndim, reshape, shape
from calcgrad.numpy_names.products import convolve
from calcgrad.numpy_names.registry import handles, refuse
from calcgrad.operations.transposes import Apply


def _row(apply: Apply, a: Any) -> Any:
    """Coefficients as a vector; those of an object are asked for."""
    a = a.coeffs if isinstance(a, numpy.poly1d) else array(a)
    return reshape(apply, a, (1,)) if ndim(a) == 0 else a


def _as_given(found: Any, *given: Any) -> Any:
    """An object where one was given, as NumPy does."""
    return numpy.poly1d(found) if any(isinstance(a, numpy.poly1d) for a in given) else found


@handles("polyval")
def _polyval(apply: Apply, p: Any, x: Any) -> Any:
    """Horner's scheme; at a polynomial it is the composition."""
    p = _row(apply, p)
    if isinstance(x, numpy.poly1d):
        total: Any = numpy.zeros(1)
        for k in range(shape(p)[0]):
            total = _add(apply, convolve(apply, total, x.coeffs), _row(apply, p[k]))
        return numpy.poly1d(total)
    x = array(x)
    total = numpy.zeros(shape(x), dtype_of(x))
    for k in range(shape(p)[0]):
        total = total * x + p[k]
    return total


def _add(apply: Apply, a: Any, b: Any) -> Any:
    """The sum; the shorter one has zeros before it."""
    missing = shape(a)[0] - shape(b)[0]
    if missing < 0:
        a = concatenate(apply, [numpy.zeros(-missing, dtype_of(a)), a], 0)
    elif missing > 0:
        b = concatenate(apply, [numpy.zeros(missing, dtype_of(b)), b], 0)
    return apply("add", a, b)


@handles("polyadd")
def _polyadd(apply: Apply, a1: Any, a2: Any) -> Any:
    return _as_given(_add(apply, _row(apply, a1), _row(apply, a2)), a1, a2)


@handles("polysub")
def _polysub(apply: Apply, a1: Any, a2: Any) -> Any:
    return _as_given(_add(apply, _row(apply, a1), apply("neg", _row(apply, a2))), a1, a2)


@handles("polymul")
def _polymul(apply: Apply, a1: Any, a2: Any) -> Any:
    a, b = [numpy.trim_zeros(_row(apply, p), "f") for p in (a1, a2)]
    if not shape(a)[0] or not shape(b)[0]:  # the product with the zero polynomial
        a, b = _row(apply, a1), _row(apply, a2)
    return _as_given(convolve(apply, a, b), a1, a2)


@handles("polyder")
def _polyder(apply: Apply, p: Any, m: int = 1) -> Any:
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    found = _row(apply, p)
    for _ in range(int(m)):
        n = shape(found)[0] - 1
        found = getitem(apply, found, slice(None, -1)) * numpy.arange(n, 0.0, -1.0)
    return _as_given(found, p)


@handles("polyint")
def _polyint(apply: Apply, p: Any, m: int = 1, k: Any = None) -> Any:
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    m = int(m)
    constants = numpy.zeros(m) if k is None else _row(apply, k)
    if shape(constants)[0] == 1 and m > 1:
        constants = apply("broadcast_to", constants, params=((m,),))
    if shape(constants)[0] < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    found = _row(apply, p)
    for i in range(m):
        last = reshape(apply, getitem(apply, constants, i), (1,))
        found = concatenate(apply, [apply("div", found, numpy.arange(shape(found)[0], 0.0, -1.0)), last], 0)
    return _as_given(found, p)


@handles("polydiv")
def _polydiv(apply: Apply, u: Any, v: Any) -> Any:
    """Long division; leading zeros of the remainder are left out, as NumPy does where they are tiny."""
    a, b = _row(apply, u) + 0.0, _row(apply, v) + 0.0
    kind = numpy.result_type(dtype_of(a), dtype_of(b))
    a = a if dtype_of(a) == kind else a * kind.type(1)
    m, n = shape(a)[0] - 1, shape(b)[0] - 1
    parts: list[Any] = []
    for _ in range(max(m - n + 1, 0)):
        factor = apply("div", getitem(apply, a, 0), getitem(apply, b, 0))
        parts.append(factor)
        head = getitem(apply, a, slice(1, n + 1)) - factor * getitem(apply, b, slice(1, None))
        a = concatenate(apply, [head, getitem(apply, a, slice(n + 1, None))], 0)
    if shape(a)[0] == 0:
        a = numpy.zeros(1, kind)
    quotient = apply("vector", *parts) if parts else numpy.zeros(1, kind)
    while shape(a)[0] > 1 and bool(apply("less_equal", apply("abs", getitem(apply, a, 0)), 1e-14)):
        a = getitem(apply, a, slice(1, None))
    return _as_given(quotient, u, v), _as_given(a, u, v)


@handles("trim_zeros")
def _trim_zeros(apply: Apply, filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """Without the zeros at the ends: which are such is decided by their values."""
    refuse("numpy.trim_zeros", axis=axis)
    first, last = 0, shape(filt)[0]
    if "f" in trim.lower():
        while first < last and bool(apply("equal", getitem(apply, filt, first), 0.0)):
            first += 1
    if "b" in trim.lower():
        while first < last and bool(apply("equal", getitem(apply, filt, last - 1), 0.0)):
            last -= 1
    return getitem(apply, filt, slice(first, last))
