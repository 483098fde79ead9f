"""Each renderer writes down a report, exactly; the goldens are files to be read."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import calcgrad
from calcgrad.errors import Diagnostic, Span
from calcgrad.render import FORMATS, Style, renderer
from calcgrad.render.csv import COLUMNS
from calcgrad.render.json import error_object
from calcgrad.report.derivatives import Report
from tests.goldens import same_as_golden
from tests.render.reports import GRADIENT, KINK, MANY_POINTS, REPORTS, SCALAR, VECTOR

SCHEMAS = Path(calcgrad.__file__).parent / "schemas"


def validator(name: str) -> Any:
    schema = json.loads((SCHEMAS / f"{name}-v1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("name", REPORTS)
def test_table(name: str, width: int) -> None:
    text = renderer("table")(REPORTS[name], Style(width))
    same_as_golden(f"table/{name}.{width}.txt", text)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format", [f for f in FORMATS if f not in ("table", "html")])
def test_format(format: str, name: str) -> None:
    same_as_golden(f"{format}/{name}.txt", renderer(format)(REPORTS[name], Style()))


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
@pytest.mark.parametrize("name", REPORTS)
def test_a_table_keeps_every_number_whole(name: str, width: int) -> None:
    report = REPORTS[name]
    text = renderer("table")(report, Style(width))
    assert "…" not in text
    shown = [float(word) for word in text.split() if re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?|-?inf", word)]
    if len(report.points) == 1 and name != "vector":
        for r in report.points[0].results:
            if r.value is not None and r.value == r.value:
                assert r.value in shown


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("name", REPORTS)
def test_a_table_fits_its_width(name: str, width: int) -> None:
    assert max(map(len, renderer("table")(REPORTS[name], Style(width)).splitlines())) <= width


@pytest.mark.parametrize("name", REPORTS)
def test_no_control_codes_without_color_and_ascii_where_asked(name: str) -> None:
    text = renderer("table")(REPORTS[name], Style(80, color=False, ascii=True))
    assert text.isascii()
    assert "\x1b" not in text


def test_colors_change_nothing_else() -> None:
    import re

    for report in REPORTS.values():
        colored = renderer("table")(report, Style(80, color=True))
        assert "\x1b[" in colored
        assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == renderer("table")(report, Style(80))


@pytest.mark.slow
@pytest.mark.parametrize("name", REPORTS)
def test_json_obeys_the_schema(name: str) -> None:
    validator("report").validate(json.loads(renderer("json")(REPORTS[name], Style())))
    for line in renderer("jsonl")(REPORTS[name], Style()).splitlines():
        validator("report").validate(json.loads(line))


def test_json_has_the_keys_of_the_contract_in_its_order() -> None:
    found = json.loads(renderer("json")(SCALAR, Style()))
    assert list(found) == [
        "schema", "command", "input", "parsed", "variables", "order", "warnings", "derivatives", "points",
    ]  # fmt: skip
    (point,) = found["points"]
    assert list(point) == ["at", "value", "verdict", "conditioning", "explanation", "truth", "results"]
    assert list(point["truth"][0]) == [
        "wrt", "exact", "value", "at_double", "certified", "radius", "verdict", "status", "note", "method", "digits",
        "point_error",
    ]  # fmt: skip
    assert list(point["results"][0]) == [
        "method", "wrt", "value", "abs_error", "rel_error", "ulps", "error_bound", "step", "evaluations",
        "passes", "seconds", "status", "note",
    ]  # fmt: skip


def test_the_schema_refuses_what_the_contract_does_not_have() -> None:
    good = json.loads(renderer("json")(KINK, Style()))
    for spoil in (
        lambda d: d.update(extra=1),
        lambda d: d["points"][0].update(verdict="fine"),
        lambda d: d["points"][0]["results"][0].update(value="14"),
        lambda d: d["points"][0]["results"][2].update(note=None),
    ):
        bad = json.loads(json.dumps(good))
        spoil(bad)
        assert not validator("report").is_valid(bad)


def test_error_objects_obey_their_schema() -> None:
    diagnostic = Diagnostic("E102", "unknown", Span(2, 6), hints=("try x",))
    found = error_object(diagnostic, id="a7")
    validator("error").validate(found)
    assert found["error"] == {"code": "E102", "message": "unknown", "span": [2, 6], "hints": ["try x"]}


def test_a_warning_about_a_point_has_no_place_in_the_input() -> None:
    warning = Diagnostic("W101", "read so", Span(3, 5), source="x=1/2pi")
    found = json.loads(renderer("json")(Report("x", "x", ("x",), warnings=(warning,)), Style()))
    assert found["warnings"][0]["span"] is None


def test_jsonl_is_a_line_a_point() -> None:
    lines = renderer("jsonl")(MANY_POINTS, Style()).splitlines()
    assert [json.loads(line)["points"][0]["at"]["x"] for line in lines] == [k * 0.05 for k in range(7)]


def test_csv_reads_back() -> None:
    rows = list(csv.DictReader(io.StringIO(renderer("csv")(GRADIENT, Style()))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 12
    assert (rows[0]["wrt"], rows[0]["derivative"], rows[0]["truth"]) == (
        "x", "0.6403023952681397", "0.640302305868139722951",
    )  # fmt: skip


def test_names_that_leave_no_room_stand_before_their_formulas_alone() -> None:
    report = calcgrad.diff("+".join(f"x_{i}" for i in range(200)))
    first, *others = renderer("table")(report, Style(80)).splitlines()
    assert first.startswith("f(x_0, x_1, ")
    assert max(len(line) for line in others if "--at" not in line) <= 80
    assert "∂f/∂x_1 = 1" in others


def test_a_vector_says_how_many_more_there_are() -> None:
    text = renderer("table")(VECTOR, Style(80))
    assert "and 10 more: --json has them all" in text
    assert "and 18 more formulas: --json has them all" in text
    assert "and 24 more" in text


def test_markdown_cells_are_escaped() -> None:
    text = renderer("markdown")(KINK, Style())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in rows}) == 1


def test_html_is_balanced_and_escaped() -> None:
    opened: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    hostile = Report("<script>", "<script>", ("x",))
    for report in (*REPORTS.values(), hostile):
        Balance().feed(report._repr_html_())
        assert not opened
    assert "<script>" not in hostile._repr_html_()


def test_a_report_is_printed_as_the_command_prints_it() -> None:
    assert calcgrad.Report is Report
    assert str(SCALAR) + "\n" == renderer("table")(SCALAR, Style(80))
    assert repr(SCALAR) == "<Report x^3 + 2*x at x = 2: agree, f' = 14>"
    assert SCALAR._repr_mimebundle_()["text/plain"] == str(SCALAR)


def test_formulas_are_typeset_in_a_notebook() -> None:
    html = SCALAR._repr_html_()
    assert html.count("<math") >= 2  # the formula, and the name beside the truth
    assert "<msup>" in html
    assert "<mfrac>" in GRADIENT._repr_html_()


def test_without_truth_the_value_that_is_shown_is_not_that_of_a_plain_difference() -> None:
    report = calcgrad.diff("x^2", at=1, truth="none")
    assert repr(report) == "<Report x^2 at x = 1: agree, f' = 2>"
    rough = calcgrad.diff("x^2", at=1, truth="none", methods="forward-difference")
    assert repr(rough) == "<Report x^2 at x = 1: unjudged>"
    kink = calcgrad.diff("abs(x)", at=0, truth="none")
    assert repr(kink) == "<Report abs(x) at x = 0: kink>"
    many = str(calcgrad.diff("sum(w^2)", {"w": [float(k) for k in range(8)]}, truth="none"))
    assert [line.split()[1] for line in many.splitlines() if line.startswith("df/dw[") and "=" not in line] == [
        "0", "2", "4", "6", "8", "10", "12", "14"
    ]  # fmt: skip


def test_a_page_is_one_file_without_a_script_or_a_network() -> None:
    page = renderer("html")(GRADIENT, Style())
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<html") == 1
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/1998/Math/MathML", "")
    assert "x*y+sin(x)" in page
