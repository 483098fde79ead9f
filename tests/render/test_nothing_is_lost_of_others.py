"""Checks, estimates, proofs and comparisons of modes say everything that they know, in each way in which they show themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.numerical_diff import derivative
from calcgrad.render.showing import VIEWS
from calcgrad.report.claims import CheckReport, Likely, Mistake, Witness, WrongEntry
from calcgrad.report.estimates import Estimate
from calcgrad.report.proofs import ProofReport, ProofRow
from tests.render.test_nothing_is_lost import said, without_html, without_latex, without_markdown

WAYS: dict[str, Callable[[Any], str]] = {
    "print": str,
    "notebook": lambda r: without_html(r._repr_html_()),
    "markdown": lambda r: without_markdown(r._repr_markdown_()),
    "latex": lambda r: without_latex(r._repr_latex_()),
}
PLACE = {"w": {"shape": [3]}}
REPORTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "a wrong gradient": (
        CheckReport(
            "loss", "loss_grad", PLACE, "wrong", evaluations=24, wrong_count=1, entries=3,
            wrong=(WrongEntry("w", (1,), 1.5, 3.0, 2e-12),),
            likely=(Likely("factor", "w", "claimed = 0.5 * true", "the ratio is 0.5 in 1 entry"),),
            notes=("the second entry alone",),
            witnesses=(Witness("directional", "wrong", "off by 1.5 along 3 directions"),),
        ),
        ("wrong", "w[1]", "1.5", "2.0e-12", "factor in w: claimed = 0.5 * true", "the ratio is 0.5 in 1 entry",
         "the second entry alone", "off by 1.5 along 3 directions", "24 evaluations"),
    ),
    "a right gradient": (
        CheckReport(
            "loss", "loss_grad", PLACE, "right", evaluations=24, entries=3, detectable=1e-9, confidence=1 - 1e-12,
            notes=("one point only",), witnesses=(Witness("reverse-ad", "right", "agrees in 3 entries"),),
        ),
        ("right", "all 3 entries hold", "1.0e-9", "probability 1e-12", "one point only", "agrees in 3 entries"),
    ),
    "no verdict": (
        CheckReport("loss", "loss_grad", PLACE, "inconclusive", "noise", notes=("values vary by 1e-3",)),
        ("inconclusive", "too noisy", "values vary by 1e-3", "--rtol"),
    ),
    "a wrong formula": (
        CheckReport(
            "x^2", "x", {"x": 1.0}, "wrong", wrong=(WrongEntry("x", None, 1.0, 2.0),), wrong_count=1, answers=("2*x",),
            mistakes=(Mistake("x", "power", "the exponent is missing in front", (0, 3), "formula"),),
            notes=("at x = 1 the claim is 1, and the derivative 2",),
        ),
        ("wrong", "2*x", "the exponent is missing in front", "at x = 1 the claim is 1, and the derivative 2"),
    ),
    "a failed proof": (
        ProofReport((
            ProofRow("tan", 0, "1 + y^2", "numeric", 40, 1e9, "wrong"),
            ProofRow("tan", None, None, "numeric", 40, 1.5, "right"),
        )),
        ("wrong", "1 of 2", "tan", "1 + y^2", "40 points"),
    ),
    "an estimate": (
        Estimate(0.5, 3e-12, 1e-16, 0.01, 19, 0, None, "kink", -1.0, 2.0, "two slopes"),
        ("0.5 ± 3.0e-12", "left", "-1", "right", "2", "kink", "two slopes", "19", "1.0e-16", "0.01"),
    ),
    "an estimate of an array": (
        Estimate(np.array([0.5, 2.0]), np.array([1e-12, 2e-12]), note="noisy", status="noisy"),
        ("[0.5, 2]", "[1.0e-12, 2.0e-12]", "noisy"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", REPORTS)
def test_everything_is_said(name: str, way: str) -> None:
    report, wanted = REPORTS[name]
    text = said(WAYS[way](report))
    for words in wanted:
        assert said(words) in text, f"{words} is lost"


@pytest.mark.parametrize("name", REPORTS)
def test_one_line_says_the_verdict(name: str) -> None:
    report, wanted = REPORTS[name]
    assert "\n" not in repr(report)
    assert getattr(report, "verdict", wanted[0]) in repr(report)


@pytest.mark.parametrize("way", WAYS)
def test_modes_say_every_figure(way: str) -> None:
    report = calcgrad.compare_modes("x*y + sin(x)", at={"x": 1, "y": 2})
    text = said(WAYS[way](report))
    for row in report.stories[0].rows:
        for figure in (row.mode, row.passes, row.operations, row.note):
            assert figure is None or said(str(figure)) in text
    for slot in report.stories[0].trace:
        assert f"{slot.value:.6g}" in text
    assert "forward-ad 2 passes, reverse-ad 1 pass" in repr(report)


def test_a_measured_estimate_prints_its_bound() -> None:
    found = derivative(np.sin, 1.0)
    assert str(found).splitlines()[0].startswith("0.54030230586")
    assert "±" in repr(found)


def test_every_kind_of_report_is_walked_somewhere() -> None:
    """A new kind joins a walk: here, with the outcomes of ``diff``, or in the tests of its own room."""
    here = {type(report).__name__ for report, _ in REPORTS.values()} | {"Report", "ModesReport"}
    elsewhere = {
        "StepsReport": "tests/explaining/test_steps.py",
        "PracticeReport": "tests/explaining/test_practice.py",
        "NudgeReport": "tests/explaining/test_nudge.py",
        "TraceReport": "tests/explaining/test_trace.py",
        "PlotReport": "tests/explaining/test_plot.py",
        "ContoursReport": "tests/explaining/test_contours.py",
        "DescendReport": "tests/explaining/test_descend.py",
    }
    root = Path(calcgrad.__file__).parent.parent
    for kind, file in elsewhere.items():
        assert kind in (root / file).read_text(encoding="utf-8")
    assert set(VIEWS) == here | set(elsewhere)
