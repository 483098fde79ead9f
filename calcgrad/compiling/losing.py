"""Numbers that compiled sweeps lose below or beyond the doubles: where that can be, and how it is noticed.

A compiled sweep is made for the plain seed. Where a number on its way underflows or overflows, a sweep with a scaled seed may keep
the digits (:mod:`calcgrad.autodiff.scaling`), so such a call is left to the function itself. What is noticed: NumPy reports
its operations, the processor keeps flags for Python's floats and for native code. Only what is linear in a seed can be mended by
another one, so what other functions lose (``exp`` far out, above all) is passed over where operations are told apart. What is lost
among the constants of a program is known when that is written (:mod:`calcgrad.tracing.constants`).

For small programs of floats asking the processor costs as much as the program: see :mod:`calcgrad.compiling.boxes`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NoReturn

from calcgrad.compiling.graph import Graph
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

    Where it is only added to others, what underflows is no more than what rounding loses of the result, and what overflows makes
    an infinity or nan of it, which anyone sees.
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
