"""``diff`` of Python functions: every method, the formula where there is one, branches at the point, errors as their own frames."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.errors import CalcgradError
from calcgrad.report.derivatives import Report

FOLDER = Path(__file__).parents[1] / "data" / "python"


def diff(name: str, at: Any, **options: Any) -> Report:
    return calcgrad.diff(f"{FOLDER}/model.py:{name}", at=at, **options)


def values(report: Report) -> dict[str, Any]:
    return {row.method: row.value for row in report.points[0].results}


def test_a_small_function_has_a_formula_and_every_method_agrees() -> None:
    report = diff("product", {"x": 1.0, "y": 2.0}, wrt="x")
    assert [d.formula for d in report.derivatives] == ["y + cos(x)"]
    point = report.points[0]
    assert point.verdict == "agree"
    assert point.truth[0].value.startswith("2.54030230586813971740")
    assert {
        m: v for m, v in values(report).items() if m not in ("forward-difference", "central-difference")
    } == {
        m: pytest.approx(2 + math.cos(1), rel=1e-14)
        for m in ("adaptive", "complex-step", "forward-ad", "reverse-ad", "symbolic")
    }


@pytest.mark.slow
def test_an_array_and_a_parameter_with_a_default() -> None:
    w = np.array([1.0, 2.0])
    report = diff("loss", {"w": w})
    known = np.tanh(w / 2) * (1 - np.tanh(w / 2) ** 2)
    for method in ("forward-ad", "reverse-ad", "complex-step"):
        found = [row.value for row in report.points[0].results if row.method == method]
        assert found == pytest.approx(known, rel=1e-14)
    assert report.variables == ("w",)
    assert diff("loss", {"w": w, "scale": 1.0}).variables == ("w", "scale")


def test_a_second_derivative_and_a_function_given_itself() -> None:
    report = calcgrad.diff(lambda x, y: x * y**3, at={"x": 2.0, "y": 3.0}, order=2, truth="none")
    for method in ("forward-ad", "reverse-ad"):
        found = {row.wrt: row.value for row in report.points[0].results if row.method == method}
        assert found == {("x", "x"): 0.0, ("x", "y"): 27.0, ("y", "y"): 36.0}


def test_a_list_of_results_is_a_vector() -> None:
    report = diff("vector", 1.0, truth="none")
    found = [(row.output, row.value) for row in report.points[0].results if row.method == "reverse-ad"]
    assert found == [((0,), 2.0), ((1,), math.e)]


@pytest.mark.parametrize(
    ("name", "verdict", "left", "right"),
    [("relu", "kink", 0.0, 1.0), ("where", "kink", -1.0, 1.0), ("step", "jump", 0.0, 1.0)],
)
def test_exactly_at_a_branch(name: str, verdict: str, left: float, right: float) -> None:
    point = diff(name, 0.0).points[0]
    assert point.verdict == verdict
    (row,) = point.truth
    assert (row.left, row.right) == (pytest.approx(left, abs=1e-9), pytest.approx(right, abs=1e-9))


def test_a_branch_that_is_smooth_all_the_same() -> None:
    assert diff("smooth", 0.0).points[0].verdict == "agree"
    assert diff("smooth", 2.0).points[0].truth[0].value == "12"


def test_several_points_with_branches_of_their_own() -> None:
    report = diff("relu", ["x=-1", "x=2"])
    assert [p.results[-1].value for p in report.points] == [0.0, 1.0]
    assert report.derivatives == ()


def test_what_is_not_traced_has_the_methods_of_values() -> None:
    report = diff("plain", 1.0)
    rows = {row.method: row for row in report.points[0].results}
    assert rows["adaptive"].value == pytest.approx(math.sin(1) + math.cos(1), rel=1e-13)
    for method in ("complex-step", "forward-ad", "reverse-ad", "symbolic"):
        assert rows[method].status == "skipped"
        assert "not traced" in (rows[method].note or "")


def test_functions_of_math_are_traced() -> None:
    rows = {row.method: row for row in diff("math_sine", 1.0).points[0].results}
    for method in ("adaptive", "forward-ad", "reverse-ad", "symbolic"):
        assert rows[method].value == pytest.approx(math.sin(1) + math.cos(1), rel=1e-13)


def test_what_is_not_written_out_has_no_formula_and_agrees() -> None:
    point = diff("solved", {"x": np.array([1.0, 2.0])}).points[0]
    rows = {row.method: row.note for row in point.results if row.status == "skipped"}
    assert "solve is not written out" in (rows["symbolic"] or "")
    found = [row.value for row in point.results if row.method == "reverse-ad"]
    assert found == pytest.approx([-0.2, -0.15], rel=1e-13)


def test_a_function_that_makes_real_numbers_has_no_complex_step() -> None:
    point = diff("as_float", {"x": np.array([1.0, 2.0])}, truth="certified").points[0]
    rows = [row for row in point.results if row.method == "complex-step"]
    assert {(row.status, row.value) for row in rows} == {("skipped", None)}
    assert "float(...)" in (rows[0].note or "")
    assert point.verdict == "agree"


def test_a_constant_has_a_complex_step_whatever_it_returns() -> None:
    point = diff("constant", {"x": 2.0}, truth="none").points[0]
    assert [row.value for row in point.results if row.method == "complex-step"] == [0.0]


def test_a_cast_takes_the_complex_step_away() -> None:
    point = diff("single", {"x": np.array([1.0, 2.0])}, truth="none").points[0]
    (note,) = {row.note for row in point.results if row.method == "complex-step"}
    assert "not analytic" in (note or "")


@pytest.mark.parametrize(
    ("name", "at", "code", "exit_code", "words"),
    [
        ("broken", 1.0, "E416", 2, "NameError"),
        ("logarithm", -1.0, "E415", 3, "math domain error"),
        ("product", None, "E418", 2, "at a point"),
        ("product", {"x": 1.0}, "E301", 2, "y has no value"),
        ("missing", 1.0, "E372", 2, "has no function missing"),
    ],
)
def test_errors_show_the_users_own_lines(name: str, at: Any, code: str, exit_code: int, words: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        diff(name, at)
    assert (caught.value.diagnostic.code, caught.value.exit_code) == (code, exit_code)
    assert words in str(caught.value)
    if code in ("E415", "E416"):
        assert any("model.py, line" in hint for hint in caught.value.diagnostic.hints)
