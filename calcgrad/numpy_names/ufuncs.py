"""NumPy's functions of numbers, entry by entry."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy

from calcgrad.numpy_names.common import array, decided, dtype_of, getitem, ndim, reshape, shape
from calcgrad.numpy_names.registry import Handler, handles, refuse
from calcgrad.operations.pushforwards import in_precision_of
from calcgrad.operations.transposes import Apply

#: Functions that are one operation of the table, by NumPy's names.
SAME = {
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "negative": "neg",
    "remainder": "mod",
    "floor_divide": "floordiv",
    "sign": "sign",
    "exp": "exp",
    "exp2": "exp2",
    "log": "log",
    "log2": "log2",
    "log10": "log10",
    "log1p": "log1p",
    "expm1": "expm1",
    "sqrt": "sqrt",
    "square": "square",
    "cbrt": "cbrt",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "hypot": "hypot",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "deg2rad": "deg2rad",
    "radians": "deg2rad",
    "rad2deg": "rad2deg",
    "degrees": "rad2deg",
    "maximum": "maximum",
    "minimum": "minimum",
    "floor": "floor",
    "ceil": "ceil",
    "rint": "round",
    "less": "less",
    "less_equal": "less_equal",
    "greater": "greater",
    "greater_equal": "greater_equal",
    "equal": "equal",
    "not_equal": "not_equal",
}


def elementwise(op: str, name: str) -> Handler:
    """The handler of a function that is one operation."""

    def handler(apply: Apply, *args: Any, **keywords: Any) -> Any:
        if keywords:
            refuse(name, **keywords)
        return apply(op, *[array(a) for a in args])

    return handler


for _name, _op in SAME.items():
    handles(_name)(elementwise(_op, f"numpy.{_name}"))


def _is_complex(x: Any) -> bool:
    return bool(getattr(dtype_of(x), "kind", "f") == "c")


@handles("positive", "copy")
def _same(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse(
        "numpy.positive", out=keywords.get("out"), where=keywords.get("where"), dtype=keywords.get("dtype")
    )
    return x


@handles("absolute")
def _absolute(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("numpy.abs", **keywords)
    if _is_complex(x):
        return apply("hypot", _real(apply, x), _imag(apply, x))
    return apply("abs", x)


@handles("fabs")
def _fabs(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("numpy.fabs", **keywords)
    return apply("abs", x)


@handles("power", "float_power")
def _power(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    refuse("numpy.power", **keywords)
    return array(a) ** array(b)


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


@handles("trunc", "fix")
def _trunc(apply: Apply, x: Any, out: Any = None, **keywords: Any) -> Any:
    refuse("numpy.trunc", out=out, **keywords)
    return apply("where", apply("less", x, 0.0), apply("ceil", x), apply("floor", x))


@handles("modf")
def _modf(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("numpy.modf", **keywords)
    whole = _trunc(apply, x)
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
    if hasattr(exponent, "tape"):
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
    return apply("besseli", 0.0, x)


@handles("where")
def _where(apply: Apply, condition: Any, *branches: Any) -> Any:
    if len(branches) != 2:
        return _nonzero(apply, condition)
    a, b = map(array, branches)
    return (
        apply("where", apply("not_equal", array(condition), 0), a, b)
        if _counts(condition)
        else apply("where", array(condition), a, b)
    )


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
    return apply("conj", x) if _is_complex(x) else x


@handles("real")
def _real(apply: Apply, x: Any) -> Any:
    return apply("real", x) if _is_complex(x) else x


@handles("imag")
def _imag(apply: Apply, x: Any) -> Any:
    """The real part of ``-i x``."""
    return apply("real", x * -1j) if _is_complex(x) else numpy.zeros(shape(x), dtype_of(x))


@handles("angle")
def _angle(apply: Apply, z: Any, deg: bool = False) -> Any:
    found = apply("atan2", _imag(apply, z), _real(apply, z))
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
    from calcgrad.numpy_names.reductions import cumsum
    from calcgrad.numpy_names.shaping import diff, place_after_zeros

    half = period / 2
    steps = diff(apply, p, axis=axis)
    folded = apply("mod", steps + half, period) - half
    at_edge = apply("logical_and", apply("equal", folded, -half), apply("greater", steps, 0.0))
    folded = apply("where", at_edge, half, folded)
    limit = half if discont is None else max(discont, half)
    turns = apply("where", apply("less", apply("abs", steps), limit), 0.0, folded - steps)
    return p + place_after_zeros(apply, cumsum(apply, turns, axis=axis), axis, 1)


#: Functions that decide by values, whose results are constants.
DECIDING = (
    *("isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit", "isreal", "iscomplex"),
    *("isrealobj", "iscomplexobj", "argmax", "argmin", "nanargmax", "nanargmin", "argsort", "argpartition"),
    *("flatnonzero", "argwhere", "count_nonzero", "any", "all"),
)
DECIDING_BY_TWO = ["isclose", "allclose", "array_equal", "array_equiv", "searchsorted", "digitize"]
LOGICAL = {"logical_and": "logical_and", "logical_or": "logical_or", "logical_not": "logical_not"}


def _deciding(name: str) -> Handler:
    def handler(apply: Apply, x: Any, *args: Any, **keywords: Any) -> Any:
        refuse(f"numpy.{name}", out=keywords.pop("out", None), where=keywords.pop("where", None))
        if args:
            keywords = {**dict(zip(_POSITIONAL[name], args, strict=False)), **keywords}
        return decided(apply, x, name, **keywords)

    return handler


_POSITIONAL = dict.fromkeys(DECIDING, ("axis",)) | {"argpartition": ("kth", "axis")}


def _deciding_by_two(name: str) -> Handler:
    def handler(apply: Apply, a: Any, b: Any, *args: Any, **keywords: Any) -> Any:
        if args:
            keywords = {**dict(zip(_MORE[name], args, strict=False)), **keywords}
        return apply("decided_by_two", array(a), array(b), params=(name, tuple(keywords.items())))

    return handler


_MORE = {
    "isclose": ("rtol", "atol", "equal_nan"),
    "allclose": ("rtol", "atol", "equal_nan"),
    "array_equal": ("equal_nan",),
    "array_equiv": (),
    "searchsorted": ("side", "sorter"),
    "digitize": ("right",),
}

for _name in DECIDING:
    handles(_name)(_deciding(_name))
for _name in DECIDING_BY_TWO:
    handles(_name)(_deciding_by_two(_name))
for _name, _op in LOGICAL.items():
    handles(_name)(elementwise(_op, f"numpy.{_name}"))


@handles("logical_xor")
def _logical_xor(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    refuse("numpy.logical_xor", **keywords)
    return apply("not_equal", apply("not_equal", a, 0), apply("not_equal", b, 0))


@handles("shape")
def _shape(apply: Apply, a: Any) -> Any:
    return shape(a)


@handles("ndim")
def _ndim(apply: Apply, a: Any) -> int:
    return ndim(a)


@handles("size")
def _size(apply: Apply, a: Any, axis: Any = None) -> int:
    return int(numpy.prod(shape(a))) if axis is None else shape(a)[axis]


@handles("result_type")
def _result_type(apply: Apply, *args: Any) -> Any:
    return numpy.result_type(*[dtype_of(a) if hasattr(a, "tape") else a for a in args])


def _filled(value: float) -> Handler:
    def handler(
        apply: Apply, a: Any, dtype: Any = None, order: str = "K", subok: bool = True, **keywords: Any
    ) -> Any:
        wanted = keywords.get("shape")
        return numpy.full(shape(a) if wanted is None else wanted, value, dtype or dtype_of(a))

    return handler


handles("zeros_like", "empty_like")(_filled(0.0))
handles("ones_like")(_filled(1.0))


@handles("full_like")
def _full_like(apply: Apply, a: Any, fill_value: Any, dtype: Any = None, **keywords: Any) -> Any:
    if hasattr(fill_value, "tape"):
        return apply("broadcast_to", fill_value, params=(shape(a),))
    return numpy.full(shape(a), fill_value, dtype or dtype_of(a))


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
        from calcgrad.numpy_names.shaping import moveaxis

        line = moveaxis(apply, line, 0, axis)
    return (line, apply("div", stop - start, float(parts))) if retstep else line


@handles("interp")
def interp(
    apply: Apply, x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """Between two neighbours of ``xp`` a line, outside of them a constant; at a knot the slope is that on the right."""
    refuse("numpy.interp", period=period)
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


@handles("polyval")
def _polyval(apply: Apply, p: Any, x: Any) -> Any:
    """Horner's scheme."""
    p = array(p)
    total: Any = numpy.zeros(shape(x), dtype_of(x))
    for k in range(shape(p)[0]):
        total = total * x + p[k]
    return total


@handles("vander")
def _vander(apply: Apply, x: Any, N: Any = None, increasing: bool = False) -> Any:  # noqa: N803 (NumPy's name)
    powers = numpy.arange(shape(x)[0] if N is None else N)
    column = reshape(apply, x, (*shape(x), 1))
    return column ** (powers if increasing else powers[::-1]).astype(float)
