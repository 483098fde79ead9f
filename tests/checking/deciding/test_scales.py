"""Powers of two change no digit: a loss and its point in other units have the same report, in those units."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport

RNG = np.random.default_rng(4)
POINTS = {n: RNG.uniform(0.3, 1.7, n) * RNG.choice([-1.0, 1.0], n) for n in (2, 6, 12, 100)}


def loss(w: Any) -> Any:
    return np.sum(np.sin(w)) + 0.5 * np.sum(w) ** 2 + np.sum(w**4)


def slope(w: Any) -> Any:
    return np.cos(w) + np.sum(w) + 4 * w**3


def rough(w: Any) -> Any:
    return np.float64(np.float32(np.sum(np.sin(w)))) + np.sum(w**2)


def rough_slope(w: Any) -> Any:
    return np.cos(w) + 2 * w


ERRORS: dict[str, Callable[[int], Any]] = {
    "right": lambda n: 0.0,
    "one": lambda n: 0.2 * (np.arange(n) == n // 2),
    "two": lambda n: 0.2 * (np.arange(n) == n // 2) - 0.01 * (np.arange(n) == 0),
    "all": lambda n: 0.1 + 0.05 * np.sin(np.arange(n)),
    "tiny": lambda n: 1e-9 * (np.arange(n) == 1),
}


def report(f: Any, g: Any, x: Any, error: Any, units: tuple[int, int], **options: Any) -> CheckReport:
    """The check where values are in units of 2^-units[0], and points in units of 2^-units[1]."""
    value, place = 2.0 ** units[0], 2.0 ** units[1]
    subject = Subject(
        lambda w: value * f(w / place),
        (Claim(lambda w: value / place * (g(w / place) + error)),),
        {"w": place * x},
    )
    return check_subject(subject, Options(diagnose=False, **options))


def told(report: CheckReport, units: tuple[int, int]) -> Any:
    """What a report says, in the units of the loss; sizes in notes are left out."""
    slope_unit = 2.0 ** (units[0] - units[1])
    entries = [
        (e.argument, e.index, e.claimed / slope_unit, e.true / slope_unit, e.error_bound / slope_unit)
        for e in report.wrong
    ]
    notes = [
        re.sub(r"[-+0-9.e]*\d", "#", note) for note in (*report.notes, *[w.note for w in report.witnesses])
    ]
    seen = None if report.detectable is None else f"{report.detectable / slope_unit:.9e}"  # by logarithms
    return report.verdict, report.cause, report.evaluations, report.wrong_complete, seen, entries, notes


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("n", POINTS)
@pytest.mark.parametrize("trace", [True, False])
def test_units_change_nothing(error: str, n: int, trace: bool) -> None:
    first = None
    for units in ((0, 0), (40, -12)) if n == 100 else ((0, 0), (40, 0), (-30, 9), (7, -50)):
        found = told(report(loss, slope, POINTS[n], ERRORS[error](n), units, trace=trace), units)
        first = first or found
        assert found == first


@pytest.mark.parametrize(
    "options",
    [
        {"quick": True},
        {"max_evaluations": 12},
        {"max_evaluations": 30},
        {"rtol": 1e-3},
        {"rtol": 1e-3, "max_evaluations": 30},
    ],
    ids=str,
)
@pytest.mark.parametrize("error", ["right", "one"])
@pytest.mark.parametrize("n", [6, 12])
def test_units_change_nothing_where_less_is_asked(options: dict[str, Any], error: str, n: int) -> None:
    first = None
    for units in ((0, 0), (30, 0), (-20, 9)):
        made = report(loss, slope, POINTS[n], ERRORS[error](n), units, trace=False, **options)
        first = first or told(made, units)
        assert told(made, units) == first


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("n", [2, 6, 12])
@pytest.mark.parametrize(
    "options",
    [{}, {"trace": False}, {"trace": False, "quick": True}, {"trace": False, "max_evaluations": 30}],
    ids=str,
)
def test_a_loss_turned_upside_down_has_the_same_report(error: str, n: int, options: dict[str, Any]) -> None:
    """Maximizing is minimizing what is negated: the same verdict from the same evaluations, and every entry negated."""
    off = ERRORS[error](n)
    up = told(report(loss, slope, POINTS[n], off, (0, 0), **options), (0, 0))
    down = told(report(lambda w: -loss(w), lambda w: -slope(w), POINTS[n], -off, (0, 0), **options), (0, 0))
    assert [(a, i, -c, -t, b) for a, i, c, t, b in down[5]] == up[5]
    assert down[:5] == up[:5]
    assert down[6] == up[6]
