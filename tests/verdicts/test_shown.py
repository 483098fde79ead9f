"""What a person and a program see of a verdict: in the table, in JSON by its schema, in every other format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import calcgrad
from calcgrad.render import FORMATS, Style, renderer
from calcgrad.report.derivatives import Report

POINTS = [
    ("abs(x)", "0", 1),
    ("x*abs(x)", "0", 2),
    ("floor(x)", "2", 1),
    ("cbrt(x)", "0", 1),
    ("sqrt(x)", "0", 1),
    ("x*ln(x)", "0", 1),
    ("sin(x)/x", "0", 1),
    ("1/x", "0", 1),
    ("exp(x)", "800", 1),
    ("abs(sin(x))", "pi", 1),
    ("max(x, floor(x))", "0", 1),
    ("x*abs(y)", "x=0, y=0", 2),
    ("x*y*(x^2 - y^2)/(x^2 + y^2)", "x=0, y=0", 2),
]


@pytest.fixture(scope="module", params=POINTS, ids=[f"{e} at {a} order {o}" for e, a, o in POINTS])
def report(request: pytest.FixtureRequest) -> Report:
    expr, at, order = request.param
    return calcgrad.diff(expr, at=at, order=order)


def shown(report: Report, form: str) -> str:
    return renderer(form)(report, Style(80))


def test_json_is_valid(report: Report) -> None:
    schema = Path(calcgrad.__file__).parent / "schemas" / "report-v1.json"
    jsonschema.Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(
        json.loads(shown(report, "json"))
    )


def test_the_table_says_each_note_once(report: Report) -> None:
    text = " ".join(shown(report, "table").split())
    for row in report.points[0].truth:
        if row.note:
            assert text.count(row.note) == 1


def test_left_and_right_have_a_line_each(report: Report) -> None:
    lines = shown(report, "table").splitlines()
    for row in report.points[0].truth:
        if row.left is not None and row.right is not None:
            assert sum(f"{row.sides} on the left" in line for line in lines) >= 1
            assert sum(f"{row.sides} on the right" in line for line in lines) >= 1
            assert not any(
                "on the left" in line and "on the right" in line and line.startswith("    ") for line in lines
            )


def test_no_line_is_too_wide(report: Report) -> None:
    assert all(len(line) <= 80 for line in shown(report, "table").splitlines())


@pytest.mark.parametrize("form", [f for f in FORMATS if f not in ("table", "csv")])
def test_every_format_has_the_sides(report: Report, form: str) -> None:
    text = shown(report, form)
    for row in report.points[0].truth:
        assert row.verdict == "agree" or row.verdict in text
        for number in (row.left, row.right, row.limit):
            if number is not None:
                assert f"{number:.6g}".removesuffix(".0") in text.replace("-inf", "-inf ")


def rows(report: Report) -> list[dict[str, Any]]:
    truth: list[dict[str, Any]] = json.loads(shown(report, "json"))["points"][0]["truth"]
    return truth


@pytest.mark.parametrize(
    ("expr", "keys"),
    [
        ("abs(x)", {"verdict": "kink", "left": -1.0, "right": 1.0, "sides": "slope"}),
        ("x*ln(x)", {"verdict": "boundary", "left": None, "right": "-inf", "sides": "slope", "limit": 0.0}),
        ("abs(x)*x/x", {"verdict": "kink", "left": -1.0, "right": 1.0, "limit": 0.0}),
        ("sign(x)", {"verdict": "jump", "left": -1.0, "right": 1.0, "sides": "value"}),
        ("sin(x)/x", {"verdict": "removable", "limit": 1.0, "value": "0"}),
        ("cbrt(x)", {"verdict": "infinite", "left": "inf", "right": "inf"}),
        ("1/x", {"verdict": "undefined", "left": None, "right": None}),
    ],
)
def test_keys_of_json(expr: str, keys: dict[str, Any]) -> None:
    (row,) = rows(calcgrad.diff(expr, at="0"))
    assert {key: row[key] for key in keys} == keys
