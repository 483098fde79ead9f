"""Numbers that compiled sweeps lose below or beyond the doubles: where that can be, and how it is noticed.

A compiled sweep is made for the plain seed. Where a number on its way underflows or overflows, a sweep with a scaled seed may keep
the digits (:mod:`calcgrad.autodiff.scaling`), so such a call is left to the function itself. What is noticed: NumPy reports
its operations, the processor keeps flags for Python's floats and for native code. Only what is linear in a seed can be mended by
another one, so what other functions lose (``exp`` far out, above all) is passed over where operations are told apart.

For small programs of floats asking the processor costs as much as the program. There it is known beforehand, from the sizes of
the arguments alone, that nothing can be lost within a box around moderate numbers (:func:`box`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from math import frexp, isfinite
from typing import Any, NamedTuple, NoReturn

from calcgrad.compiling.graph import Graph, GraphValue
from calcgrad.operations import OPERATIONS, Bilinear, Elementwise, Linear, Structured
from calcgrad.systems.values.silence import restore, silence, telling
from calcgrad.tracing.scaling import flagged


class LossError(Exception):
    """A number of a sweep left the doubles."""


class _Lost:
    """What a program returns when a number of its sweep left the doubles."""

    def __repr__(self) -> str:
        return "LOST"


LOST = _Lost()

#: What hands on what is linear in a seed and may leave the doubles, but for sums and products of arrays, which do too.
_SCALED = frozenset(("mul", "div", "add", "sub", "square"))
#: What hands numbers on as they are, or a sum or a part of them: nothing is multiplied there.
_HANDED_ON = frozenset(("add", "sub", "neg", "where", "stop_gradient", "sum"))


def ask() -> None:
    """Raises ``LossError`` where Python's floats left the doubles since this was last asked, or where that cannot be asked."""
    if flagged():
        raise LossError


def asking(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, asked before: NumPy may forget in it what Python's floats have lost."""

    @wraps(function)
    def asked(*args: Any) -> Any:
        ask()
        return function(*args)

    return asked


def quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, whose own underflow and overflow no other seed would mend."""

    def passed_over(*args: Any, **kwargs: Any) -> Any:
        token = silence()
        try:
            return function(*args, **kwargs)
        finally:
            restore(token)

    return passed_over


def _tell(_kind: str, _flags: int) -> NoReturn:
    raise LossError


#: As ``silence`` and ``restore``, but NumPy's underflow and overflow raise ``LossError`` in between.
watch, unwatch = telling(_tell)


def watched(program: Callable[..., Any]) -> Callable[[Sequence[Any]], Any]:
    """Calls of a program of floats that give ``LOST`` where anything left the doubles."""

    def run(leaves: Sequence[Any]) -> Any:
        flagged()
        try:
            found = program(*leaves)
            ask()
        except LossError:
            return LOST
        return found

    return run


def scales(op: Any) -> bool:
    """Whether an operation may be one of a sweep on what is linear in its seed, so that another seed may keep what it loses."""
    if not isinstance(op, str) or op in ("input", "constant"):
        return False
    row = OPERATIONS.get(op)
    if isinstance(row, Elementwise):
        return op in _SCALED
    if isinstance(row, Linear):
        return not row.moves
    return isinstance(row, Bilinear | Structured) or row is None


def _hands_on(op: Any) -> bool:
    row = OPERATIONS.get(op) if isinstance(op, str) else None
    return op in _HANDED_ON or isinstance(row, Linear)


def risky(graph: Graph) -> bool:
    """Whether a number that was lost could matter: some product, quotient or sum is multiplied once more on the way to a result.

    Where it is only added to others, what is lost of it is no more than what rounding loses of the result.
    """
    matters = bytearray(len(graph.values))
    for place, _ in graph.guards:
        matters[place] = 1
    for value in reversed(graph.values):
        here = matters[value.place]
        if here and (scales(value.op) or not isinstance(value.op, str)):
            return True
        if here or not (_hands_on(value.op) or value.op in ("input", "constant")):
            for a in value.args:
                matters[a] = 1
    return False


# --- boxes ---


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
