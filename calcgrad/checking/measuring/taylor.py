"""The Taylor test, as adjoint models are tested by it: how fast what the derivative leaves over goes to zero.

For a right derivative the remainder ``|f(x + h·v) - f(x) - h·(claim along v)|`` falls with the square of h, for a wrong one
with h itself; at last it is rounding. (A. Griewank, A. Walther, *Evaluating Derivatives*, SIAM 2008, section 1 for the expansion.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy

from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.directions import draw
from calcgrad.checking.measuring.functionals import Functionals
from calcgrad.checking.measuring.oracle import Oracle
from calcgrad.report.claims import TaylorRow

Array = Any
#: The largest step is this share of the point's size, and each is half of the one before.
_FIRST, _STEPS = 2.0**-4, 8
#: A remainder below so many roundings of the values says nothing of a rate.
_ROUNDINGS = 64.0


def taylor(oracle: Oracle, functionals: Functionals, size: Array, seed: int) -> tuple[TaylorRow, ...]:
    """The rows of the test along one random direction, the largest step first.

    None where the claim has a direction of its own (a Hessian-vector product), or the budget is spent.
    """
    functional = functionals.of(0)
    if functional.second is not None:
        return ()
    v = draw([seed, 41], size)
    steps = [_FIRST * 2.0**-k for k in range(_STEPS)]
    try:
        values = [_number(answer, functional.reduce) for answer in oracle.outputs(v, [0.0, *steps])]
    except SpentError:
        return ()
    slope, _ = functional.claimed(v)
    here, there = values[0], values[1:]
    remainders = [abs(value - here - h * slope) for h, value in zip(steps, there, strict=True)]
    floor = _ROUNDINGS * float(numpy.finfo(functionals.output.dtype).eps) * max(map(abs, values))
    return tuple(_rows(steps, remainders, floor))


def _rows(steps: Sequence[float], remainders: Sequence[float], floor: float) -> list[TaylorRow]:
    """Each step with its remainder and the rate since the step before, where neither is rounding.

    >>> [row.rate for row in _rows([0.5, 0.25, 0.125], [4.0, 1.0, 1e-16], 1e-12)]
    [None, 2.0, None]
    """
    found = []
    for k, (h, remainder) in enumerate(zip(steps, remainders, strict=True)):
        known = k > 0 and min(remainder, remainders[k - 1]) > floor
        found.append(TaylorRow(h, remainder, math.log2(remainders[k - 1] / remainder) if known else None))
    return found


def _number(answer: Any, reduce: Any) -> float:
    return float(reduce(answer)) if isinstance(answer, numpy.ndarray) else math.nan
