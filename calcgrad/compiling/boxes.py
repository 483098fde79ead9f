"""Where no number of a small program of floats can leave the doubles: within a box around moderate numbers.

Asking the processor what was lost (:mod:`calcgrad.compiling.losing`) costs as much as such a program. Here it is known beforehand,
from the sizes of the arguments alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import frexp, isfinite
from typing import Any, NamedTuple

from calcgrad.compiling.graph import Graph, GraphValue
from calcgrad.operations import OPERATIONS, Elementwise


class _Sizes(NamedTuple):
    """Powers of two between which the sizes of a number are, unless it is truly 0."""

    low: float
    high: float


#: Boxes for the arguments, the widest first.
_BOXES = tuple(
    _Sizes(-low, high) for low, high in ((100, 100), (60, 60), (40, 20), (30, 9), (20, 6), (12, 4), (7, 2))
)
_NORMAL = _Sizes(-1021, 1022)
#: The sum of two numbers is 0, or not below the last bit of the smaller one; so is what a logarithm makes of a number near 1.
_BITS = 54
#: No double below 2^100 is nearer to a zero of the sine or of the cosine than this.
_NEAR = -120


def box(graph: Graph, inputs: Sequence[str]) -> str | None:
    """Where no number of a program of floats can leave the doubles, a condition on its arguments; ``None`` where none is known.

    Each argument that the program computes with is 0, or of a size in the box.
    """
    for sizes in _BOXES:
        if _within(graph, sizes):
            low, high = 2.0**sizes.low, 2.0**sizes.high
            return " and ".join(
                f"({low!r} < {x} < {high!r} or -{high!r} < {x} < -{low!r} or not {x})" for x in inputs
            )
    return None


def _within(graph: Graph, sizes: _Sizes) -> bool:
    found: list[_Sizes | None] = []
    for value in graph.values:
        here = _sizes(value, [found[a] for a in value.args], sizes, graph)
        if value.op not in ("input", "constant") and here is not None:
            if here.low < _NORMAL.low or here.high > _NORMAL.high:
                return False
        elif here is None and not _is_truth(value):
            return False
        found.append(here)
    return True


def _is_truth(value: GraphValue) -> bool:
    row = OPERATIONS.get(value.op) if isinstance(value.op, str) else None
    return isinstance(row, Elementwise) and row.answers


def _sizes(value: GraphValue, args: list[_Sizes | None], given: _Sizes, graph: Graph) -> _Sizes | None:
    if value.op == "input":
        return given
    if value.op == "constant":
        return _of_number(value.value)
    if value.op == "where":
        args = args[1:]
    if value.params or None in args:
        return None
    known = [a for a in args if a is not None]
    if value.op == "pow":
        return _of_power(known[0], graph.values[value.args[1]])
    rule = _RULES.get(value.op)
    return None if rule is None else rule(*known)


def _of_number(number: Any) -> _Sizes | None:
    if not isinstance(number, float | int) or not isfinite(number):
        return None
    if number == 0:
        return _Sizes(0, 0)
    exponent = frexp(number)[1]
    return _Sizes(exponent - 1, exponent)


def _of_power(base: _Sizes, exponent: GraphValue) -> _Sizes | None:
    n = exponent.value
    if exponent.op != "constant" or not isinstance(n, float | int) or not 0 < abs(n) < 100:
        return None
    low, high = sorted((base.low * n, base.high * n))
    return _Sizes(low - 1, high + 1)


def _exponential(a: _Sizes) -> _Sizes | None:
    return None if a.high > 10 else _Sizes(-1.5 * 2.0**a.high - 1, 1.5 * 2.0**a.high + 1)


def _growing(a: _Sizes) -> _Sizes | None:
    """About its argument near 0, no more than an exponential further out."""
    return None if a.high > 10 else _Sizes(min(a.low, 0) - 2, 1.5 * 2.0**a.high + 1)


def _wave(a: _Sizes) -> _Sizes | None:
    return None if a.high > 100 else _Sizes(_NEAR, 0)


def _sum(*args: _Sizes) -> _Sizes:
    return _Sizes(min(a.low for a in args) - _BITS, max(a.high for a in args) + 1)


def _either(*args: _Sizes) -> _Sizes:
    return _Sizes(min(a.low for a in args), max(a.high for a in args))


_RULES: dict[Any, Callable[..., _Sizes | None]] = {
    "add": _sum,
    "sub": _sum,
    "neg": _either,
    "abs": _either,
    "where": _either,
    "maximum": _either,
    "minimum": _either,
    "stop_gradient": _either,
    "sign": lambda a: _Sizes(0, 0),
    "mul": lambda a, b: _Sizes(a.low + b.low, a.high + b.high),
    "div": lambda a, b: _Sizes(a.low - b.high, a.high - b.low),
    "square": lambda a: _Sizes(2 * a.low, 2 * a.high),
    "sqrt": lambda a: _Sizes(a.low / 2 - 1, a.high / 2 + 1),
    "exp": _exponential,
    "cosh": _exponential,
    "sech": _exponential,
    "sigmoid": _exponential,
    "sinh": _growing,
    "expm1": _growing,
    "log": lambda a: _Sizes(-_BITS, 11),
    "log1p": lambda a: _Sizes(a.low - _BITS, 11),
    "sin": lambda a: None if a.high > 100 else _Sizes(min(a.low - 1, _NEAR), 0),
    "cos": _wave,
    "tanh": lambda a: _Sizes(min(a.low, 0) - 2, 1),
    "atan": lambda a: _Sizes(min(a.low, 0) - 2, 1),
}
