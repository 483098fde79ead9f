"""What calcgrad itself finds at a point, before anything is known to be true: the value, each method's outcome, the looks."""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

from calcgrad.comparing.cases import Case
from calcgrad.comparing.looks import Looks
from calcgrad.comparing.options import time_up
from calcgrad.comparing.request import Reading
from calcgrad.comparing.rows import LATE, Run
from calcgrad.comparing.timing import Budget, timed
from calcgrad.deadline import Deadline
from calcgrad.methods import OWN, method
from calcgrad.methods.protocol import Problem
from calcgrad.verdicts import Finding


class Measured(NamedTuple):
    """What calcgrad itself finds at a point: the function's value, every method's outcome, and the looks at it."""

    case: Case
    value: list[float]
    runs: list[Run]
    looks: Looks


def measure(
    reading: Reading, case: Case, budget: Budget, deadline: Deadline, others: bool = False
) -> Measured:
    """What is found at a point. Raises ``TimeUpError`` where there was no time for the value itself.

    Where ``others`` are known already it is computed all the same, if the function is a text, so that nothing of them is lost.
    """
    function = reading.function
    value = deadline.attempt(partial(function.values, case.flat), None)
    if value is None:
        if not (others and function.of_text):
            raise time_up(deadline.seconds)
        value = function.values(case.flat)
    looks = Looks(reading, case, deadline)
    holes = [any(f is not None and f.hole for f in column) for column in _looked_at(looks)]
    value = [math.nan if hole else v for v, hole in zip(value, holes, strict=True)]
    return Measured(case, value, run_methods(reading, case.flat, budget, deadline), looks)


def _looked_at(looks: Looks) -> list[tuple[Finding | None, ...]]:
    """What is singular at the doubles, by output; at the point as written it is looked at first."""
    _ = looks.as_written
    return list(zip(*looks.as_given, strict=True))


def run_methods(reading: Reading, flat: list[float], budget: Budget, deadline: Deadline) -> list[Run]:
    """Every method that was chosen and is calcgrad's own, timed; each may take half of the time that is left."""
    chosen = reading.request.methods
    problem = Problem(reading.function, flat, reading.wrts, reading.request.step)
    names = [name for name in OWN if chosen is None or name in chosen]
    runs: list[Run] = []
    for name in names:
        work = partial(timed, method(name).derivatives, problem, budget)
        runs.append(Run(name, *deadline.attempt(work, (LATE, None), deadline.left / 2)))
    return runs
