"""NumPy's functions of numbers, entry by entry."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    conjugated,
    decided,
    dtype_of,
    imag,
    in_dtype,
    is_complex,
    ndim,
    real,
    size_of,
)
from calcgrad.numpy_names.registry import HANDLERS, Handler, handles, refuse, refuse_complex
from calcgrad.operations import ROWS, Elementwise
from calcgrad.operations.pushforwards import in_precision_of
from calcgrad.operations.transposes import Apply
from calcgrad.tracer import is_traced


def elementwise(op: str, name: str) -> Handler:
    """The handler of a function that is one operation."""

    def handler(apply: Apply, *args: Any, **keywords: Any) -> Any:
        found = [array(a) for a in args]
        if keywords:
            found = in_dtype(apply, keywords.pop("dtype", None), *found)
            refuse(name, **keywords)
        return apply(op, *found)

    return handler


#: The operation of a function of one argument, by the handler that is only that.
_SINGLE: dict[Handler, str] = {}

for _row in ROWS:
    for _name in _row.ufuncs if isinstance(_row, Elementwise) else ():
        _made = elementwise(_row.name, f"numpy.{_name}")
        handles(_name)(_made)
        if isinstance(_row, Elementwise) and _row.arity == 1:
            _SINGLE[_made] = _row.name


def single_operation(function: Any) -> str | None:
    """The one operation that a function of one argument is, ``None`` of any other.

    >>> single_operation(numpy.sin), single_operation(numpy.add), single_operation(numpy.sign)
    ('sin', None, None)
    """
    handler = HANDLERS.get(function)
    return None if handler is None else _SINGLE.get(handler)


@handles("positive", "copy")
def _same(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse(
        "numpy.positive", out=keywords.get("out"), where=keywords.get("where"), dtype=keywords.get("dtype")
    )
    return x


@handles("absolute")
def _absolute(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("numpy.abs", **keywords)
    return size_of(apply, x)


@handles("sign")
def _sign(apply: Apply, x: Any, **keywords: Any) -> Any:
    """Of a complex number, that on the unit circle; before NumPy 2, the sign of its real part."""
    refuse("numpy.sign", **keywords)
    x = array(x)
    if not is_complex(x) or numpy.sign(1j) != 1j:
        return apply("sign", x)
    size = size_of(apply, x)
    nothing = apply("equal", size, 0.0)
    return apply("where", nothing, 0.0, apply("div", x, apply("where", nothing, 1.0, size)))


@handles("arcsinh")
def _arcsinh(apply: Apply, x: Any, **keywords: Any) -> Any:
    """Of a complex number, that of the sine of its quarter turn."""
    refuse("numpy.arcsinh", **keywords)
    x = array(x)
    return apply("asin", x * 1j) * -1j if is_complex(x) else apply("asinh", x)


@handles("fabs")
def _fabs(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("numpy.fabs", **keywords)
    return apply("abs", x)


@handles("power", "float_power")
def _power(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    refuse("numpy.power", **keywords)
    a, b = array(a), array(b)
    return a**b if is_traced(a) else apply("pow", a, b)


@handles("reciprocal")
def _reciprocal(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("numpy.reciprocal", **keywords)
    return apply("div", 1.0, x)


@handles("divmod")
def _divmod(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    refuse("numpy.divmod", **keywords)
    return apply("floordiv", a, b), apply("mod", a, b)


@handles("fmod")
def _fmod(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    """The remainder with the sign of ``a``."""
    refuse("numpy.fmod", **keywords)
    a, b = array(a), array(b)
    size = apply("abs", b)
    negative = apply("neg", apply("mod", apply("neg", a), size))
    return apply("where", apply("less", a, 0.0), negative, apply("mod", a, size))


@handles("modf")
def _modf(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("numpy.modf", **keywords)
    whole = apply("trunc", x)
    return x - whole, whole


@handles("round", "around")
def _round(apply: Apply, a: Any, decimals: int = 0, out: Any = None) -> Any:
    refuse("numpy.round", out=out)
    if decimals == 0:
        return apply("round", a)
    return apply("div", apply("round", a * 10.0**decimals), 10.0**decimals)


@handles("heaviside")
def _heaviside(apply: Apply, x: Any, at_zero: Any, **keywords: Any) -> Any:
    refuse("numpy.heaviside", **keywords)
    return apply("where", apply("equal", x, 0.0), at_zero, apply("heaviside", x))


@handles("fmax")
def _fmax(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    refuse("numpy.fmax", **keywords)
    return _ignoring_nan(apply, "maximum", array(a), array(b))


@handles("fmin")
def _fmin(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    refuse("numpy.fmin", **keywords)
    return _ignoring_nan(apply, "minimum", array(a), array(b))


def _ignoring_nan(apply: Apply, op: str, a: Any, b: Any) -> Any:
    both = apply(op, a, b)
    rest = apply("where", apply("not_equal", b, b), a, both)
    return apply("where", apply("not_equal", a, a), b, rest)


@handles("logaddexp")
def _logaddexp(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    """By softplus of the difference; where both are infinite alike, the difference is nothing."""
    refuse("numpy.logaddexp", **keywords)
    a, b = array(a), array(b)
    return apply("logaddexp", a, b)


@handles("logaddexp2")
def _logaddexp2(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    refuse("numpy.logaddexp2", **keywords)
    two = float(numpy.log(2.0))
    return apply("div", apply("logaddexp", array(a) * two, array(b) * two), two)


@handles("copysign")
def _copysign(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    refuse("numpy.copysign", **keywords)
    sign = apply("where", decided(apply, b, "signbit"), -1.0, 1.0)
    return apply("abs", a) * in_precision_of(apply, b, sign)


@handles("ldexp")
def _ldexp(apply: Apply, x: Any, exponent: Any, **keywords: Any) -> Any:
    refuse("numpy.ldexp", **keywords)
    if is_traced(exponent):
        return x * in_precision_of(apply, x, apply("exp2", exponent * 1.0))
    return x * numpy.ldexp(numpy.ones((), dtype_of(x)), exponent)


@handles("frexp")
def _frexp(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("numpy.frexp", **keywords)
    exponent = apply("decided", x, params=("frexp", (), 1))
    return _ldexp(apply, x, -exponent), exponent


@handles("sinc")
def _sinc(apply: Apply, x: Any) -> Any:
    """sin(πx)/(πx), whose value and derivatives at 0 are those of its continuation."""
    return apply("sinc", x * pi)


@handles("i0")
def _i0(apply: Apply, x: Any) -> Any:
    refuse_complex("numpy.i0", x)
    return apply("besseli", 0.0, x)


@handles("where")
def _where(apply: Apply, condition: Any, *branches: Any) -> Any:
    if len(branches) != 2:
        return _nonzero(apply, condition)
    condition, a, b = map(array, (condition, *branches))
    if _counts(condition):
        condition = apply("not_equal", condition, 0)
    return apply("where", condition, a, b)


@handles("nonzero")
def _nonzero(apply: Apply, a: Any) -> Any:
    return tuple([apply("decided", a, params=("nonzero", (), axis)) for axis in range(max(ndim(a), 1))])


def _counts(condition: Any) -> bool:
    """Whether a condition is given by numbers, of which 0 is false."""
    return bool(dtype_of(condition).kind != "b")


@handles("clip")
def _clip(
    apply: Apply,
    a: Any,
    a_min: Any = None,
    a_max: Any = None,
    out: Any = None,
    *,
    min: Any = None,
    max: Any = None,
) -> Any:
    refuse("numpy.clip", out=out)
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    if low is not None:
        a = apply("maximum", a, array(low))
    return a if high is None else apply("minimum", a, array(high))


@handles("conjugate")
def _conj(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("numpy.conjugate", **keywords)
    return conjugated(apply, x)


handles("real")(real)
handles("imag")(imag)


@handles("angle")
def _angle(apply: Apply, z: Any, deg: bool = False) -> Any:
    found = apply("atan2", imag(apply, z), real(apply, z))
    return apply("rad2deg", found) if deg else found


@handles("nan_to_num")
def _nan_to_num(
    apply: Apply, x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    most = numpy.finfo(dtype_of(x))
    high, low = (
        (float(most.max) if posinf is None else posinf),
        (float(most.min) if neginf is None else neginf),
    )
    x = apply("where", apply("not_equal", x, x), nan, x)
    x = apply("where", apply("equal", x, numpy.inf), high, x)
    return apply("where", apply("equal", x, -numpy.inf), low, x)


@handles("unwrap")
def _unwrap(apply: Apply, p: Any, discont: Any = None, axis: int = -1, *, period: float = 2 * pi) -> Any:
    """Whole periods are added where a step is longer than half of one: constants, as long as none is exactly that long."""
    from calcgrad.numpy_names.differences import diff
    from calcgrad.numpy_names.reductions import cumsum
    from calcgrad.numpy_names.shaping import place_after_zeros

    half = period / 2
    steps = diff(apply, p, axis=axis)
    folded = apply("mod", steps + half, period) - half
    at_edge = apply("logical_and", apply("equal", folded, -half), apply("greater", steps, 0.0))
    folded = apply("where", at_edge, half, folded)
    limit = half if discont is None else max(discont, half)
    turns = apply("where", apply("less", apply("abs", steps), limit), 0.0, folded - steps)
    return p + place_after_zeros(apply, cumsum(apply, turns, axis=axis), axis, 1)
