"""What is blamed is a place of its own: file, line, columns; annotations, SARIF and JUnit point there, and so does the table."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from calcgrad.checking.sheets import mark
from calcgrad.render import Style
from calcgrad.render.check_sarif import render as as_sarif
from calcgrad.report.places import SourceRange
from tests.cli.running import Streams
from tests.render.test_render import validator

MODEL = '''import numpy as np

X = np.arange(12.0).reshape(4, 3) / 7 - 0.8
y = np.array([0.5, -0.25, 1.0, 0.125])


def loss(w):
    """A layer, with a comment that is wide: 漢字."""
    ω = "漢字"; a = np.tanh(X @ w)
    return np.sum((a - y) ** 2)


def grad(w):
    return X.T @ (2 * (np.tanh(X @ w) - y))


def spread(w):
    return np.sum(
        np.exp(
            X @ w
        )
        * y
    )


def spread_grad(w):
    return X.T @ y
'''
CALL = "np.tanh(X @ w)"
LINE = '    ω = "漢字"; a = np.tanh(X @ w)'
LOSS = ("model.py:loss", "--grad", "model.py:grad", "--random", "w=normal(3)")
SPREAD = ("model.py:spread", "--grad", "model.py:spread_grad", "--random", "w=normal(3)")
#: Columns count characters: three of them are wider than a byte here.
START = LINE.index(CALL) + 1
END = START + len(CALL)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_json_has_the_place(streams: Streams) -> None:
    data = json.loads(streams.run("check", *LOSS, "--json").out)
    validator("check").validate(data)
    (place,) = [each["place"] for each in data["likely"] if each["cause"] == "missing-activation" and
                each["place"]["line"] == 9]  # fmt: skip
    expected = {
        "file": "model.py",
        "line": 9,
        "column": START,
        "end_line": 9,
        "end_column": END,
        "text": LINE,
    }
    assert place == expected
    assert place["text"][place["column"] - 1 : place["end_column"] - 1] == CALL


def test_github_points_to_what_is_to_be_changed(streams: Streams) -> None:
    (line, _) = streams.run("check", *LOSS, "--format", "github").out.splitlines()
    assert line.startswith("::error file=model.py,line=14,endLine=14,col=12,endColumn=15,title=")


def test_github_has_no_columns_for_what_runs_over_lines(streams: Streams) -> None:
    (line, _) = streams.run("check", *SPREAD, "--format", "github").out.splitlines()
    assert line.startswith("::error file=model.py,line=19,endLine=21,title=")


def test_sarif_points_to_what_is_to_be_changed_and_names_the_claim(streams: Streams) -> None:
    (result,) = json.loads(streams.run("check", *LOSS, "--format", "sarif").out)["runs"][0]["results"]
    place, claim = result["locations"][0], result["relatedLocations"][0]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "model.py"}
    region = {"startLine": 14, "startColumn": 12, "endLine": 14, "endColumn": 15}
    assert place["physicalLocation"]["region"] == region
    assert claim["physicalLocation"]["region"] == {"startLine": 13}


def test_junit_points_to_the_line(streams: Streams) -> None:
    case = ET.fromstring(streams.run("check", *LOSS, "--format", "junit").out).find(".//testcase")
    assert case is not None
    assert (case.get("file"), case.get("line")) == ("model.py", "14")


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_table_shows_the_line(streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = streams.run("check", *LOSS).out.splitlines()
    (at,) = [n for n, line in enumerate(lines) if line.strip() == f"--> model.py:9:{START}"]
    assert lines[at + 2] == f"    9 | {LINE}"
    wide = 2  # two characters before the call take two cells each
    assert lines[at + 3] == "      | " + " " * (START - 1 + wide) + "^" * len(CALL)


def test_the_line_has_the_colours_of_an_editor(streams: Streams) -> None:
    plain = streams.run("check", *LOSS).out
    painted = streams.run("check", *LOSS, "--color", "always").out
    (line,) = [line for line in painted.splitlines() if "tanh" in line and "9 |" in line]
    assert len(re.findall(r"\x1b\[[0-9;]+m", line)) > 4
    unpainted = re.sub(r"\x1b\[[0-9;]*m", "", painted)
    assert re.sub("[0-9.]+ .?s$", "", unpainted, flags=re.MULTILINE) == re.sub(
        "[0-9.]+ .?s$", "", plain, flags=re.MULTILINE
    )


def test_a_sheet_points_to_the_claim_or_to_the_piece_of_the_function() -> None:
    wrong, broken, open_ = mark(
        "x^2*sin(3*x) ; 2*x*sin(3*x) + x^2*cos(3*x)\nx^ ; 2*x\n  x^2 ; 7*x^5 # no\n", "a.txt"
    )
    assert wrong.blamed is not None
    assert "x^2*sin(3*x)"[wrong.blamed.column - 1 : wrong.blamed.end_column - 1] in ("3*x", "sin(3*x)")  # type: ignore[operator]
    assert wrong.written == SourceRange("a.txt", 1, 16, 1, 43)
    assert (broken.where.line, broken.where.column) == (2, 2)  # type: ignore[union-attr]
    assert open_.written == SourceRange("a.txt", 3, 9, 3, 14)


def outcomes(streams: Streams) -> list[dict[str, Any]]:
    """SARIF of what is wrong, of what is right, of what cannot be checked, and of a file with a name that a URI escapes."""
    texts = [streams.run("check", *arguments, "--format", "sarif").out for arguments in (LOSS, SPREAD)]
    texts.append(streams.run("check", "model.py:loss", "--grad", "model.py:none", "--random", "w=normal(3)",
                             "--format", "sarif").out)  # fmt: skip
    texts.append(streams.run("check", "x^2", "--claim", "2*x", "--format", "sarif").out)
    texts.append(as_sarif(list(mark("x^2 ; x\nx^ ; 1\n", "week 3/sheet #1.txt")), Style(80)))
    return [json.loads(text) for text in texts]


def test_the_rules_of_sarif(streams: Streams) -> None:
    """Section 3 of SARIF 2.1.0, of what we write: 3.13, 3.14, 3.27, 3.28, 3.30."""
    for log in outcomes(streams):
        assert set(log) == {"version", "$schema", "runs"}
        assert log["version"] == "2.1.0"
        (run,) = log["runs"]
        driver = run["tool"]["driver"]
        rules = [rule["id"] for rule in driver["rules"]]
        assert len(set(rules)) == len(rules)
        assert driver["name"]
        assert run["columnKind"] in ("unicodeCodePoints", "utf16CodeUnits")
        for result in run["results"]:
            assert result["ruleId"] in rules
            assert result["level"] in ("none", "note", "warning", "error")
            assert result["message"]["text"]
            for location in (*result.get("locations", ()), *result.get("relatedLocations", ())):
                place = location["physicalLocation"]
                assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", place["artifactLocation"]["uri"])
                region = place["region"]
                assert min(region.values()) >= 1
                start = region["startLine"], region.get("startColumn", 1)
                end = region.get("endLine", region["startLine"]), region.get("endColumn", 1 << 30)
                assert start <= end


def test_the_published_schema_of_sarif(streams: Streams) -> None:
    """Held where ``CALCGRAD_SARIF_SCHEMA`` names the file that OASIS publishes with the standard."""
    file = os.environ.get("CALCGRAD_SARIF_SCHEMA")
    if file is None:
        pytest.skip("CALCGRAD_SARIF_SCHEMA names no file")
    schema = json.loads(Path(file).read_text(encoding="utf-8"))
    holds = jsonschema.validators.validator_for(schema)(schema)
    for log in outcomes(streams):
        holds.validate(log)


def test_a_correction_is_a_place_in_the_claim(streams: Streams, tmp_path: Path) -> None:
    line = '    ω = "漢字"; return 2 * w**2'
    text = f"import numpy as np\n\n\ndef cubes(w):\n    return np.sum(w**3)\n\n\ndef slopes(w):\n{line}\n"
    (tmp_path / "cubes.py").write_text(text, encoding="utf-8")
    asked = ("cubes.py:cubes", "--grad", "cubes.py:slopes", "--at", "w=[1.5,2]", "--json")
    likely = json.loads(streams.run("check", *asked).out)["likely"][0]
    assert "should be `return 3 * w ** 2`" in likely["detail"]
    place = likely["place"]
    assert (place["line"], place["text"]) == (9, line)
    assert line[place["column"] - 1 : place["end_column"] - 1] == "2"
    assert place["column"] == line.index("2 *") + 1
