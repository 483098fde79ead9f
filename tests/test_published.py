"""Problems that others published: their derivatives, proved without calcgrad, then asked of calcgrad.

The data stands in ``data/published.json``, written by ``data/published``, which says what truth is: the
formula of the source and ``mpmath.diff`` of the function, agreeing to 30 digits, for the nearest doubles of
the point.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import calcgrad
from tests.data import published
from tests.data.published import problem as proving

DATA = Path(__file__).parent / "data"

ENTRIES: list[dict[str, Any]] = json.loads((DATA / "published.json").read_text(encoding="utf-8"))
SAMPLE = random.Random(14).sample(range(len(ENTRIES)), 60)

#: An exact method is allowed 64 ulps times the conditioning of its evaluation. Here an ulp of the truth
#: stands for the first part and the entry's ``rounding`` for the second: the error seen when the published
#: formula itself is computed in doubles around the point. No method computes by that very formula, so both
#: are granted 64 times.
ULPS = 64
#: A difference is off by its truncation, step^2/6 times the third derivative, which varies along the step,
TRUNCATION = 2
#: and by the rounding of two values over twice the step, which was sampled, so that its worst is not known.
VALUE_ROUNDING = 16
#: Stencils of order 2 to 4 lose digits with each order: all that is asked is this share of the largest
#: derivative or value.
HIGHER_ORDER = 1e-2


class TestData:
    def test_is_what_the_problems_say(self) -> None:
        assert len(ENTRIES) >= 200
        assert len({entry["name"] for entry in ENTRIES}) == len(ENTRIES)
        keys = ("name", "origin", "expr", "at", "wrt", "order", "derivative")
        for entry, problem in zip(ENTRIES, published.PROBLEMS, strict=True):
            said = (problem.name, problem.origin, problem.expr, problem.point, problem.names, problem.order)
            assert tuple(entry[key] for key in keys) == (*said, problem.derivative)

    @pytest.mark.parametrize("index", SAMPLE, ids=[ENTRIES[i]["name"] for i in SAMPLE])
    def test_formula_and_function_agree(self, index: int) -> None:
        value, derivatives = proving.truth(published.PROBLEMS[index])
        assert (ENTRIES[index]["value"], ENTRIES[index]["true"]) == (value, derivatives)

    def test_a_wrong_formula_is_caught(self) -> None:
        sine = next(p for p in published.PROBLEMS if p.name == "sin")
        with pytest.raises(proving.DisagreementError, match="sin"):
            proving.truth(replace(sine, d=lambda x: sine.d(x) * (1 + proving.mpf("1e-28"))))

    def test_a_missing_formula_is_caught(self) -> None:
        booth = next(p for p in published.PROBLEMS if p.name == "Booth, minimum")
        with pytest.raises(proving.DisagreementError, match="1 formulas, 2 derivatives"):
            proving.truth(replace(booth, d=lambda x, y: 10 * x + 8 * y - 34))

    def test_points_are_nearest_doubles(self) -> None:
        texts = ("1/10", "-2e-3", "pi", "-3*pi/4", "1/3")
        assert [proving.nearest_double(t) for t in texts] == [0.1, -0.002, math.pi, -0.75 * math.pi, 1 / 3]


def exact_allowance(entry: dict[str, Any], i: int) -> float:
    """What forward-ad and reverse-ad may be off by."""
    return ULPS * (math.ulp(float(entry["true"][i])) + float(entry["rounding"][i]))


def difference_allowance(entry: dict[str, Any], i: int, step: float | None) -> float:
    """What central-difference may be off by, with its step; where it does not say, with the textbook's."""
    if entry["order"] > 1:
        sizes = [abs(float(text)) for text in (*entry["true"], entry["value"])]
        return HIGHER_ORDER * max(sizes)
    if step is None:
        step = proving.DIFFERENCE_STEP * max(1.0, abs(proving.nearest_double(entry["at"][entry["wrt"][i]])))
    rounding = entry["value_rounding"] + math.ulp(float(entry["value"]))
    errors = TRUNCATION * step**2 / 6 * entry["third"][i] + VALUE_ROUNDING * rounding / step
    return exact_allowance(entry, i) + float(errors)


def by_wrt(rows: Any, method: str) -> dict[tuple[str, ...], Any]:
    """The rows of one method, by their variables of differentiation in any order."""
    return {tuple(sorted(row.wrt)): row for row in rows if row.method == method}


@pytest.fixture(params=ENTRIES, ids=lambda entry: entry["name"])
def entry(request: pytest.FixtureRequest) -> dict[str, Any]:
    chosen: dict[str, Any] = request.param
    return chosen


@pytest.fixture
def point(entry: dict[str, Any]) -> Any:
    report = calcgrad.diff(
        entry["expr"], at=entry["at"], wrt=entry["wrt"], order=entry["order"], truth="none"
    )
    (only,) = report.points
    return only


def wrt_tuples(entry: dict[str, Any]) -> list[tuple[str, ...]]:
    problem = next(p for p in published.PROBLEMS if p.name == entry["name"])
    return [tuple(sorted(wrt)) for wrt in problem.tuples]


class TestCalcgrad:
    """Every published derivative, by the exact methods and by central differences."""

    def test_published_derivative(self, entry: dict[str, Any], point: Any) -> None:
        assert point.verdict in ("agree", "inconclusive")
        value_allowance = ULPS * (math.ulp(float(entry["value"])) + entry["value_rounding"])
        assert abs(point.value - float(entry["value"])) <= value_allowance
        for method in ("forward-ad", "reverse-ad"):
            rows = by_wrt(point.results, method)
            for i, wrt in enumerate(wrt_tuples(entry)):
                assert rows[wrt].status == "ok", rows[wrt].note
                error = abs(rows[wrt].value - float(entry["true"][i]))
                assert error <= exact_allowance(entry, i), (method, wrt, rows[wrt].value)

    @pytest.mark.slow
    def test_central_difference(self, entry: dict[str, Any], point: Any) -> None:
        rows = by_wrt(point.results, "central-difference")
        for i, wrt in enumerate(wrt_tuples(entry)):
            row = rows[wrt]
            if row.status != "ok":
                assert row.note, f"{wrt}: {row.status} without a note"
                continue
            error = abs(row.value - float(entry["true"][i]))
            assert error <= difference_allowance(entry, i, row.step), (wrt, row.value, row.step)
