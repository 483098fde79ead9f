"""Laws of every expression: a tidied formula has the value of the raw one wherever that has one, and both are the slope."""

from __future__ import annotations

import random

import mpmath
import pytest

from calcgrad.deriving.differentiating import differentiate
from calcgrad.deriving.records import NoFormulaError
from calcgrad.deriving.tidying import tidy
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Node
from calcgrad.operations import VOCABULARY
from tests.deriving.values import close, value
from tests.operations import truth
from tests.random_expressions import drawable_rows, random_expression

POINTS = ("-2.7", "-1.5", "-1", "-0.3", "0", "0.25", "0.7", "1", "1.9", "3.4")
SIMPLE = [
    row
    for row in drawable_rows()
    if row.group
    in (
        "arithmetic",
        "powers and roots",
        "exponentials and logarithms",
        "trigonometric",
        "piecewise",
        "hyperbolic",
    )
]
#: Special functions whose values mpmath finds at once; the others are measured one by one in test_rows.
QUICK = {
    "erf",
    "erfc",
    "erfi",
    "gamma",
    "lgamma",
    "digamma",
    "polygamma",
    "airyai",
    "Si",
    "Ci",
    "Ei",
    "li",
    "lambertw",
}
ALL = [row for row in drawable_rows(flat=True) if row.name in truth.TRUTH or row.name in QUICK]
SEEDS = range(24)


def points(names: list[str], seed: int, also: dict[str, float]) -> list[dict[str, mpmath.mpf]]:
    """Points of either sign, zeros among them, and the one at which the expression is known to have a value."""
    draw = random.Random(seed)
    found = [{name: mpmath.mpf(draw.choice(POINTS)) for name in names} for _ in range(12)]
    return [{name: mpmath.mpf(v) for name, v in also.items()}, *found]


def spelled(node: Node) -> str:
    return to_text(node, VOCABULARY)[:400]


def assert_same_values(before: Node, after: Node, at: list[dict[str, mpmath.mpf]]) -> int:
    """Wherever ``before`` has a value, ``after`` has the same."""
    seen = 0
    for point in at:
        a = value(before, point)
        if a is None:
            continue
        b = value(after, point)
        assert b is not None, (spelled(before), spelled(after), point)
        assert close(a, b, 12), (spelled(before), spelled(after), point, a, b)
        seen += 1
    return seen


@pytest.mark.parametrize("rows", ["simple", "all"])
@pytest.mark.parametrize("seed", SEEDS)
def test_tidying_keeps_every_value(seed: int, rows: str) -> None:
    draw = random.Random(1000 + seed)
    seen = 0
    with mpmath.workdps(50):
        for _ in range(4):
            drawn = random_expression(draw, SIMPLE if rows == "simple" else ALL, draw.randint(2, 9))
            at = points(list(drawn.point), seed, drawn.point)
            seen += assert_same_values(drawn.root, tidy(drawn.root).formula, at)
            try:
                raw = differentiate(drawn.root, "x").formula
            except NoFormulaError:
                continue
            tidied = tidy(raw, drawn.root)
            seen += assert_same_values(raw, tidied.formula, at)
            for step in tidied.steps:
                assert_same_values(step.before, step.after, at[:4])
    assert seen


@pytest.mark.parametrize("seed", SEEDS)
def test_derivatives_are_slopes(seed: int) -> None:
    draw = random.Random(2000 + seed)
    for _ in range(4):
        drawn = random_expression(draw, ALL, draw.randint(1, 7))
        try:
            formula = tidy(differentiate(drawn.root, "x").formula, drawn.root).formula
        except NoFormulaError:
            continue
        with mpmath.workdps(60):
            at = {name: mpmath.mpf(v) for name, v in drawn.point.items()}
            slope = smooth_slope(drawn.root, at)
            found = value(formula, at)
            if slope is not None and found is not None:
                assert close(found, slope, 9), (
                    spelled(drawn.root),
                    spelled(formula),
                    drawn.point,
                    found,
                    slope,
                )


def smooth_slope(root: Node, at: dict[str, mpmath.mpf]) -> mpmath.mpf | None:
    """The slope in x by differences of two sizes that agree; ``None`` where they do not."""
    step = mpmath.mpf(10) ** -15
    values = [value(root, {**at, "x": at["x"] + k * step}) for k in (-2, -1, 0, 1, 2)]
    if any(v is None for v in values):
        return None
    one, two = (values[3] - values[1]) / (2 * step), (values[4] - values[0]) / (4 * step)
    left, right = (values[2] - values[1]) / step, (values[3] - values[2]) / step
    return one if close(one, two, 11) and close(left, right, 11) else None


def test_every_elementary_row_is_drawn() -> None:
    assert len(ALL) > 90
    assert {row.name for row in ALL} >= QUICK
