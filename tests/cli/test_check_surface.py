"""``calcgrad check`` as it is used: every kind of claim, every format, sheets, a project's targets, what goes wrong."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.check_project import write
from tests.cli.running import Run, Streams
from tests.goldens import same_as_golden
from tests.render.test_render import validator

RIDGE = ("model.py:ridge", "--at", "w.npy")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def verdicts(found: Run) -> list[str]:
    data = json.loads(found.out)
    validator("check").validate(data)
    return [c["verdict"] if "verdict" in c else c["error"]["code"] for c in data.get("checks", [data])]


KINDS: list[tuple[list[str], list[str]]] = [
    ([*RIDGE, "--grad", "model.py:ridge_grad"], ["right"]),
    ([*RIDGE, "--grad", "model.py:ridge_bad"], ["wrong"]),
    (["--value-and-grad", "model.py:ridge_both", "--at", "w.npy"], ["right"]),
    ([*RIDGE, "--value-and-grad", "model.py:ridge_both"], ["right"]),
    ([*RIDGE, "--hvp", "model.py:ridge_hvp"], ["right"]),
    (["model.py:residual", "--jacobian", "model.py:residual_jacobian", "--at", "w.npy"], ["right"]),
    (["model.py:residual", "--jvp", "model.py:residual_jvp", "--vjp", "model.py:residual_vjp", "--at", "w.npy"], ["right"]),
    (["model.py:residual", "--vjp", "model.py:residual_vjp_bad", "--at", "w.npy"], ["wrong"]),
    ([*RIDGE, "--grad", "model.py:ridge_grad", "--grad", "model.py:ridge_bad"], ["right", "wrong"]),
    (["model.py:net", "--grad", "model.py:net_grad", "--at", "params.npz"], ["right"]),
    (["model.py:net", "--grad", "model.py:net_bad", "--at", "params.npz"], ["wrong"]),
    (["model.py:ridge", "--grad", "model.py:ridge_grad", "--random", "normal(6)", "--points", "3"], ["right"] * 3),
    (["model.py:ridge", "model.py:net", "--grad", "model.py:ridge_grad", "--grad", "model.py:net_bad", "--args",
      '{"W": [[0.5, 1.0], [1, 2], [2, 1], [0.5, 3]], "b": [0.25, 0.75]}'], ["E380", "wrong"]),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "expected"), KINDS, ids=[" ".join(a[:4]) for a, _ in KINDS])
def test_every_kind_of_claim(streams: Streams, arguments: list[str], expected: list[str]) -> None:
    found = streams.run("check", *arguments, "--json")
    assert verdicts(found) == expected
    assert found.code == (2 if "E380" in expected else 1 if "wrong" in expected else 0)


def test_the_contract_of_the_arguments(streams: Streams) -> None:
    data = json.loads(streams.run("check", *RIDGE, "--grad", "model.py:ridge_grad", "--json").out)
    assert data["at"]["w"]["shape"] == [6]
    assert data["at"]["w"]["from"] == "w.npy"
    assert re.fullmatch("[0-9a-f]{64}", data["at"]["w"]["sha256"])
    assert (data["target"], data["claim"]) == ("model.py:ridge", "model.py:ridge_grad")


def test_a_wrong_entry_is_named_by_its_path(streams: Streams) -> None:
    found = streams.run("check", "model.py:net", "--grad", "model.py:net_bad", "--at", "params.npz")
    assert 'params["W"][3, 1]' in found.out


@pytest.mark.parametrize("width", [60, 80])
def test_the_picture_shows_the_row(streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run("check", "model.py:grid", "--grad", "model.py:grid_bad", "--at", "grid.npy")
    assert max(map(len, found.out.splitlines())) <= width
    rows = [line.strip() for line in found.out.splitlines() if re.fullmatch(r" *[.#]{20,}", line)]
    assert [("#" in row, set(row)) for row in rows].count((True, {"#"})) == 1
    assert rows[2] == "#" * len(rows[2])


@pytest.mark.parametrize("width", [60, 80])
def test_a_sheet_of_answers(streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run("check", "--claims", "answers.txt")
    assert found.err == ""
    assert max(map(len, found.out.splitlines())) <= width
    same_as_golden(f"screens/check-sheet.{width}.txt", f"{found.out}[exit {found.code}]\n")


def test_a_sheet_as_json_and_from_standard_input(streams: Streams) -> None:
    expected = ["right", "right", "wrong", "E106", "E373", "E501"]
    assert verdicts(streams.run("check", "--claims", "answers.txt", "--json")) == expected
    found = streams.run("check", "--claims", "-", "--json", stdin="x ; 1\n")
    assert (verdicts(found), found.code) == (["right"], 0)


BOTH = [*RIDGE, "--grad", "model.py:ridge_grad", "--grad", "model.py:ridge_bad"]


def test_github_annotates_the_line_that_is_blamed(streams: Streams) -> None:
    found = streams.run("check", *BOTH, "--format", "github")
    line, count = found.out.splitlines()
    assert line.startswith(
        "::error file=model.py,line=18,endLine=18,col=12,endColumn=33,title=calcgrad%3A wrong%3A model.py%3Aridge_bad::"
    )
    assert "all 6 entries" in line
    assert (count, found.code) == ("2 checks: 1 right, 1 wrong", 1)


def test_sarif_has_a_result_at_the_line_that_is_blamed(streams: Streams) -> None:
    found = streams.run("check", *BOTH, "--format", "sarif")
    told = json.loads(found.out)
    assert (told["version"], found.code) == ("2.1.0", 1)
    (run,) = told["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("wrong", "error")
    assert "all 6 entries" in result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("model.py", 18)
    assert result["relatedLocations"][0]["physicalLocation"]["region"] == {"startLine": 17}
    assert result["ruleId"] in {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def test_sarif_of_what_is_right_and_of_what_cannot_be_checked(streams: Streams) -> None:
    right = streams.run("check", *RIDGE, "--grad", "model.py:ridge_grad", "--format", "sarif")
    assert (json.loads(right.out)["runs"][0]["results"], right.code) == ([], 0)
    failed = streams.run("check", *RIDGE, "--grad", "model.py:nothing", "--format", "sarif")
    (result,) = json.loads(failed.out)["runs"][0]["results"]
    assert (result["ruleId"], failed.code) == ("not-checked", 2)


def test_junit_is_xml_with_a_case_for_each(streams: Streams) -> None:
    found = streams.run("check", *BOTH, "--format", "junit")
    suite = ET.fromstring(found.out).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    right, wrong = suite.findall("testcase")
    assert right.get("name") == "model.py:ridge, model.py:ridge_grad"
    failure = wrong.find("failure")
    assert failure is not None
    assert failure.get("type") == "wrong"
    assert "claim     model.py:ridge_bad" in (failure.text or "")


def test_markdown_has_a_table_and_the_reports_below_it(streams: Streams) -> None:
    found = streams.run("check", *BOTH, "--format", "markdown")
    lines = found.out.splitlines()
    assert lines[0] == "| verdict | function | claim |"
    assert lines[2].endswith("| `model.py:ridge` | `model.py:ridge_grad` |")
    assert lines[3].startswith("| **wrong**: all 6 entries")
    assert found.out.count("```") == 2


PROJECT = """
[[tool.calcgrad.targets]]
target = "model.py:ridge"
grad = "model.py:ridge_grad"
at = "w.npy"

[[tool.calcgrad.targets]]
target = "x^2"
claim = "2*x"
"""


def test_bare_check_runs_the_project_s_targets(
    streams: Streams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    found = streams.run("check")
    assert found.out == (
        "right  model.py:ridge, model.py:ridge_grad, w.npy\nright  x^2, 2*x\n\n2 checks: 2 right\n"
    )
    assert found.code == 0


def test_what_the_functions_print_is_no_part_of_the_report(streams: Streams) -> None:
    found = streams.run(
        "check", "model.py:chatty", "--grad", "model.py:ridge_grad", "--at", "w.npy", "--json"
    )
    assert verdicts(found) == ["right"]
    assert "computing" in found.err


def test_quiet_shows_nothing(streams: Streams) -> None:
    found = streams.run("check", *RIDGE, "--grad", "model.py:ridge_bad", "--quiet")
    assert (found.out, found.err, found.code) == ("", "", 1)


def test_ctrl_c_says_what_is_known(streams: Streams) -> None:
    found = streams.run("check", "model.py:interrupted", "--grad", "model.py:ridge_grad", "--at", "w.npy")
    assert found.code == 130
    assert "interrupted" in found.err
    assert "--resume goes on" in found.err


def test_ctrl_c_keeps_the_reports_before_it(streams: Streams) -> None:
    targets = ["model.py:ridge", "model.py:interrupted", "model.py:ridge"]
    claims = [
        w for name in ("ridge_grad", "ridge_grad", "ridge_grad") for w in ("--grad", f"model.py:{name}")
    ]
    found = streams.run("check", *targets, *claims, "--at", "w.npy", "--json")
    assert (verdicts(found), found.code) == (["right", "E390"], 130)


ERRORS: list[tuple[list[str], str]] = [
    (["model.py:broken", "--grad", "model.py:ridge_grad", "--at", "w.npy"], "E380"),
    (["model.py:vector", "--grad", "model.py:ridge_grad", "--at", "w.npy"], "E381"),
    (["model.py:undefined", "--grad", "model.py:ridge_grad", "--at", "w.npy"], "E382"),
    (["model.py:ridge", "--grad", "model.py:ridge_grad", "--at", "v=1"], "E383"),
    (["model.py:ridge", "--grad", "model.py:ridge_grad", "--args", '{"w": "text"}'], "E384"),
    (["model.py:ridge", "--grad", "model.py:ridge_grad", "--random", "normal(6", "--at", "w.npy"], "E392"),
    ([*RIDGE, "--framework", "tinygrad"], "E388"),
]


@pytest.mark.parametrize(("arguments", "code"), ERRORS, ids=[code for _, code in ERRORS])
def test_errors_of_the_user_s_own_code(streams: Streams, arguments: list[str], code: str) -> None:
    found = streams.run("check", *arguments, "--json")
    assert json.loads(found.out)["error"]["code"] == code
    assert found.code == (3 if code == "E382" else 2)


def test_the_user_s_traceback_is_their_own_lines(streams: Streams) -> None:
    found = streams.run("check", "model.py:broken", "--grad", "model.py:ridge_grad", "--at", "w.npy")
    assert "model.py, line" in found.err
    assert "calcgrad/" not in found.err.replace("\n", "")
