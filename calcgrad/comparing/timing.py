"""How long a method takes once it is warm: the least of a few runs.

The first run of a method in a process imports what it needs, and the first on a function may lower and compile it. It is not
counted, unless it took so long that nobody would want to wait for another one. Then the method runs again while the runs
together stay within a small budget, and the least time is that of the method: everything that disturbs a run makes it longer.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple

from calcgrad.methods.protocol import Outcome, Problem
from calcgrad.report.estimates import Estimate


class Budget(NamedTuple):
    """``runs`` more than the first at most, begun while they took less than ``seconds``; after a first run of more than
    ``patience`` there is none.
    """

    runs: int
    seconds: float
    patience: float


#: The patience with a method that runs for the first time in this process: what it imports may take longer than its work.
_FIRST = 0.25


#: One function: at most five more runs of each method at each point, in 5 ms.
ALONE = Budget(5, 0.005, 0.25)
#: One of many functions: the first run counts, but for that of a method that imports what it needs.
AMONG_MANY = Budget(0, 0.0, 0.0)
_warm: set[Any] = set()


def timed(
    derivatives: Callable[[Problem], Outcome], problem: Problem, budget: Budget = ALONE
) -> tuple[Any, float]:
    """What a method finds, and the seconds that it takes.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.functions.expression import Expression
    >>> from calcgrad.methods import method
    >>> from calcgrad.operations import VOCABULARY
    >>> problem = Problem(Expression(parse("x^2", VOCABULARY).root, ["x"]), [3.0], [(0,)])
    >>> found, seconds = timed(method("forward-ad").derivatives, problem)
    >>> found.value, 0 < seconds < 0.25
    ([[6.0]], True)
    """
    start = perf_counter()
    outcome = derivatives(problem)
    first = perf_counter() - start
    warm = derivatives in _warm
    _warm.add(derivatives)
    runs = budget.runs if warm else max(budget.runs, 1)
    if not runs or first > (budget.patience if warm else _FIRST) or not isinstance(outcome, Estimate):
        return outcome, first
    least, spent = float("inf"), 0.0
    for _ in range(runs):
        start = perf_counter()
        derivatives(problem)
        seconds = perf_counter() - start
        least, spent = min(least, seconds), spent + seconds
        if spent > budget.seconds:
            break
    return outcome, least
