"""Steps at points that no double holds: ``y*floor(49*x)`` at x = 1/49 is y, whatever rounding does to the point.

The truth as written, and that at the doubles, are computed here with whole numbers and fractions alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import mpmath
import pytest

from calcgrad.comparing.compute import compute_many
from calcgrad.comparing.request import Request
from calcgrad.errors import CalcgradError
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import Report


class Step(NamedTuple):
    """A function ``y*step(x)`` at a point x on the step: the step's value there, and at the nearest double."""

    text: str
    at: str
    exact: int
    at_double: int


def _rational(step: Callable[[Fraction], int], text: str, at: str) -> Step:
    x = Fraction(at)
    return Step(text, at, step(x), step(Fraction(float(x))))


def _pi(n: int, parts: int) -> Step:
    """``floor(parts*x/pi)`` at ``n*pi/parts``, with pi to 60 digits for the side on which the double lies."""
    with mpmath.workdps(60):
        double = mpmath.mpf(float(n * mpmath.pi / parts))
        return Step(
            f"y*floor({parts}*x/pi)", f"{n}*pi/{parts}", n, int(mpmath.floor(parts * double / mpmath.pi))
        )


def _steps() -> list[Step]:
    found = [_rational(lambda x, k=k: math.floor(k * x), f"y*floor({k}*x)", f"1/{k}") for k in range(2, 100)]  # type: ignore[misc]
    found += [_rational(lambda x, k=k: math.ceil(k * x), f"y*ceil({k}*x)", f"1/{k}") for k in range(3, 40)]  # type: ignore[misc]
    for k in (10, 20, 30, 100):
        found += [
            _rational(lambda x, k=k: math.floor(k * x), f"y*floor({k}*x)", f"0.{d}")  # type: ignore[misc]
            for d in range(1, 10)
        ]
    for d in range(1, 10):  # both decimals are rounded alike: nothing lies between
        found.append(Step(f"where(x >= 0.{d}, y, 0)", f"0.{d}", 1, 1))
    for d in (1, 2, 3, 4, 5, 6, 8, 9, 10):
        found.append(Step(f"y*sign(x - {d}/7)", f"{d}/7", 0, (Fraction(d / 7) > Fraction(d, 7)) * 2 - 1))
    found += [_pi(n, 1) for n in range(1, 31)]
    found += [_pi(n, 6) for n in range(1, 34)]
    return found


STEPS = _steps()
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reports() -> list[Report | CalcgradError]:
    requests = [
        Request(s.text, at=read_points([f"x={s.at}, y=2"], VOCABULARY), wrt=("y",), methods=("reverse-ad",))
        for s in STEPS
    ]
    return list(compute_many(requests))


def test_the_sweep_is_wide() -> None:
    assert len(STEPS) == 252
    assert sum(s.exact != s.at_double for s in STEPS) > 60


@pytest.mark.parametrize("k", range(len(STEPS)))
def test_the_truth_is_that_of_the_point_as_written(reports: list[Report | CalcgradError], k: int) -> None:
    step, report = STEPS[k], reports[k]
    assert isinstance(report, Report)
    (point,) = report.points
    (row,) = point.truth
    assert row.value is not None, row
    assert float(row.value) == step.exact, row
    moved = step.exact != step.at_double
    at_double = None if row.at_double is None else float(row.at_double)
    assert at_double == (step.at_double if moved else None), row
    assert ("W204" in [w.code for w in report.warnings]) == moved
