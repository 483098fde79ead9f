"""Every row of the table is differentiated as a formula, and the formula measured against the slope of mpmath's value."""

from __future__ import annotations

import mpmath
import pytest

from calcgrad.deriving.differentiating import differentiate
from calcgrad.deriving.records import NoFormulaError
from calcgrad.deriving.tidying import tidy
from calcgrad.expression import parse
from calcgrad.expression.nodes import Call, Name
from calcgrad.operations import OPERATIONS, VOCABULARY
from calcgrad.operations.row import ARGUMENTS, Elementwise
from tests.deriving.values import FUNCTIONS, close, value
from tests.operations.measuring import ordinary

ROWS = [row for row in OPERATIONS.values() if isinstance(row, Elementwise) and row.sample]
NAMES = ARGUMENTS


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_every_partial_as_a_formula(row: Elementwise) -> None:
    for j in range(row.arity):
        measured = 0
        for point in ordinary(row, 8):
            args = tuple(
                [
                    Name(n) if i == j else _constant(p)
                    for i, (n, p) in enumerate(zip(NAMES, point, strict=False))
                ]
            )
            function = Call(row.name, args)
            try:
                raw = differentiate(function, NAMES[j]).formula
            except NoFormulaError:
                assert row.partials[j] is None or row.name == "pow"
                break
            formula = tidy(raw, function).formula
            with mpmath.workdps(60):
                true = _slope(function, NAMES[j], point[j])
                if true is None:
                    continue
                for node in (raw, formula):
                    found = value(node, {NAMES[j]: mpmath.mpf(point[j])})
                    if found is not None:
                        assert close(found, true, 12), (node, point, found, true)
                        measured += 1
        else:
            assert measured >= 8 or row.name in ("logical_and", "logical_or", "logical_not", "where")


def _constant(number: float) -> object:
    node = parse(repr(abs(number)), VOCABULARY).root
    return node if number >= 0 else Call("neg", (node,))


def _slope(function: Call, name: str, at: float) -> object:
    """The slope by a difference in many digits; ``None`` at a kink, a jump, or an edge."""
    step = mpmath.mpf(10) ** -18
    sides = [value(function, {name: mpmath.mpf(at) + k * step}) for k in (-2, -1, 0, 1, 2)]
    if any(side is None for side in sides):
        return None
    one, two = (sides[3] - sides[1]) / (2 * step), (sides[4] - sides[0]) / (4 * step)
    left, right = (sides[2] - sides[1]) / step, (sides[3] - sides[2]) / step
    return one if close(one, two, 12) and close(left, right, 12) else None


def test_a_wrong_formula_of_a_row_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    row = OPERATIONS["asin"]
    assert isinstance(row, Elementwise)
    monkeypatch.setitem(OPERATIONS, "asin", dataclasses.replace(row, written=("1/sqrt(1 + a^2)",)))
    with pytest.raises(AssertionError):
        test_every_partial_as_a_formula(row)


def test_mpmath_knows_every_row() -> None:
    assert {row.name for row in ROWS} <= set(FUNCTIONS)
