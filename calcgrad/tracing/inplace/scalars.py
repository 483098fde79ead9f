"""Python's own functions of numbers, for traced numbers: ``float``, ``math.sin`` and their like, questions about types."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy

from calcgrad.tracing.inplace.array import Written, free, made
from calcgrad.tracing.traced import Traced, apply, primal_of

#: The functions of ``math`` that are NumPy's of another name, or of the same.
_SAME = {
    **{name: name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1", "log2", "log10")},
    **{name: name for name in ("log1p", "sqrt", "hypot", "degrees", "radians", "copysign", "isnan", "isinf")},
    "isfinite": "isfinite",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "atan2": "arctan2",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
    "fabs": "absolute",
    "pow": "power",
    "exp2": "exp2",
    "cbrt": "cbrt",
    "isclose": "isclose",
}
#: Those that are the table's own rows.
_ROWS = {"erf": "erf", "erfc": "erfc", "gamma": "gamma", "lgamma": "lgamma"}


def _by(function: Callable[..., Any], traced: Callable[..., Any]) -> Callable[..., Any]:
    """The function of plain numbers, and what it is of traced ones; outside its domain it raises as ever."""

    def either(*args: Any, **kwargs: Any) -> Any:
        args = tuple([_number(a) for a in args])
        if not any(isinstance(a, Traced) for a in args):
            return function(*args, **kwargs)
        function(*[float(primal_of(a)) for a in args], **kwargs)
        return traced(*args, **kwargs)

    return either


def _number(x: Any) -> Any:
    if type(x) is Written and x.size == 1:
        return x.item()
    return x


def _log(x: Any, base: Any = None) -> Any:
    return numpy.log(x) if base is None else numpy.log(x) / numpy.log(base)


def _total(numbers: Iterable[Any]) -> Any:
    numbers = list(numbers)
    if any(isinstance(n, Traced) for n in numbers):
        return sum(numbers)
    return math.fsum(numbers)


def _product(numbers: Iterable[Any], *, start: Any = 1) -> Any:
    for n in numbers:
        start = start * n
    return start


def _distance(p: Any, q: Any) -> Any:
    p, q = list(p), list(q)
    if any(isinstance(n, Traced) for n in (*p, *q)):
        return numpy.sqrt(sum([(a - b) ** 2 for a, b in zip(p, q, strict=True)]))
    return math.dist(p, q)


def as_float(*args: Any) -> Any:
    """``float(x)``, which is a traced number as it is."""
    if args:
        x = _number(args[0])
        if isinstance(x, Traced) and not x.shape and x.dtype.kind == "f":
            return x if x.dtype == numpy.float64 else apply("astype", x, params=("float64",))
        return float(x, *args[1:])
    return 0.0


def as_float64(*args: Any) -> Any:
    """``numpy.float64(x)``."""
    if args and isinstance(args[0], Traced):
        return as_float(args[0]) if args[0].size == 1 else made(free(args[0]).astype("float64"))
    return numpy.float64(*args)


def is_instance(x: Any, kinds: Any) -> bool:
    """``isinstance``: a traced number is what its plain one is, an entry of an array."""
    if type(x) is not Traced or x.shape:
        return isinstance(x, kinds)
    primal = primal_of(x)
    return isinstance(numpy.float64(primal) if type(primal) is float else primal, kinds)


def type_of(*args: Any, **kwargs: Any) -> Any:
    """``type(x)``."""
    if len(args) != 1:
        return type(*args, **kwargs)
    x = args[0]
    if type(x) is Traced and not x.shape:
        primal = primal_of(x)
        return numpy.float64 if type(primal) is float else type(primal)
    return numpy.ndarray if isinstance(x, Traced) else type(x)


def is_scalar(x: Any) -> bool:
    """``numpy.isscalar``."""
    return not x.shape if type(x) is Traced else type(x) is not Written and numpy.isscalar(x)


def _row_of(op: str) -> Callable[[Any], Any]:
    return lambda x: apply(op, x)


#: By the function that a program calls.
TWINS: dict[Any, Callable[..., Any]] = {
    float: as_float,
    numpy.float64: as_float64,
    isinstance: is_instance,
    type: type_of,
    numpy.isscalar: is_scalar,
    math.log: _by(math.log, _log),
    math.fsum: _total,
    math.prod: _product,
    math.dist: _distance,
    **{
        getattr(math, name): _by(getattr(math, name), getattr(numpy, other))
        for name, other in _SAME.items()
        if hasattr(math, name) and hasattr(numpy, other)
    },
    **{getattr(math, name): _by(getattr(math, name), _row_of(op)) for name, op in _ROWS.items()},
}
