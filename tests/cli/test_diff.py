"""``calcgrad diff``: arguments, screens, formats, files and exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import numpy
import pytest

from tests.cli.running import Streams, timeless
from tests.goldens import same_as_golden
from tests.render.test_render import validator

PLAIN = "forward-difference,central-difference,complex-step,forward-ad,reverse-ad,symbolic"
SCREENS = {
    "cube": ["x**3+2*x", "--at", "2"],
    "gradient": ["x*y+sin(x)", "--at", "x=1, y=pi/2", "--methods", PLAIN],
    "hessian": ["x^2*y", "--order", "2", "--at", "x=1,y=2", "--methods", PLAIN],
    "skipped": ["|x|", "--at", "1", "--methods", "complex-step,forward-ad"],
    "array": ["sum(w^2)", "--at", "w=[1,2,3]", "--methods", "forward-ad,reverse-ad"],
    "range": ["x^2", "--at", "x=0:2:9", "--methods", "forward-ad,reverse-ad"],
    "warned": ["1/2x", "--at", "2", "--methods", "forward-ad"],
    "no-point": ["x^2*y"],
    "no-truth": ["x^2", "--at", "3", "--truth", "none", "--methods", "forward-ad"],
}


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("name", SCREENS)
def test_screens(streams: Streams, monkeypatch: pytest.MonkeyPatch, name: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run("diff", *SCREENS[name])
    assert found.err == ""
    assert max(map(len, found.out.splitlines())) <= width
    same_as_golden(f"screens/{name}.{width}.txt", f"{found.out}[exit {found.code}]\n")


def test_an_expression_may_begin_with_a_minus(streams: Streams) -> None:
    for arguments in (
        ["-x^2", "--at", "1"],
        ["--at", "1", "-x^2"],
        ["--at=1", "-x^2"],
        ["--at", "1", "--", "-x^2"],
    ):
        found = streams.run("diff", "--truth", "none", "--json", *arguments)
        report = json.loads(found.out)
        assert (report["parsed"], report["points"][0]["value"]) == ("-x^2", -1.0)


def test_a_value_of_an_option_may_begin_with_a_minus(streams: Streams) -> None:
    report = json.loads(streams.run("diff", "x", "--at", "-2", "--truth", "none", "--json").out)
    assert report["points"][0]["at"] == {"x": -2.0}


def test_an_expression_after_two_minus_signs(streams: Streams) -> None:
    report = json.loads(streams.run("diff", "--at", "2", "--truth=none", "--json", "--", "--x").out)
    assert report["points"][0]["value"] == 2.0


def test_the_expression_from_standard_input(streams: Streams) -> None:
    found = streams.run("diff", "-", "--at", "3", "--truth", "none", "--json", stdin="x^2\n")
    assert json.loads(found.out)["points"][0]["value"] == 9.0


def test_json_obeys_the_schema(streams: Streams) -> None:
    for arguments in SCREENS.values():
        found = streams.run("diff", *arguments, "--json")
        validator("report").validate(json.loads(found.out))


def test_json_exactly(streams: Streams) -> None:
    found = streams.run("diff", "x*y", "--at", "x=2,y=1/3", "--json", "--methods", "reverse-ad,symbolic")
    same_as_golden("cli/diff.json", timeless(found.out))


@pytest.mark.parametrize("format", ["plain", "markdown", "csv", "latex", "jsonl"])
def test_formats(streams: Streams, format: str) -> None:
    found = streams.run("diff", "x^2", "--at", "3", "--methods", "reverse-ad", "--format", format)
    assert found.code == 0
    text = "".join(line for line in timeless(found.out).splitlines(True) if ".seconds" not in line)
    same_as_golden(f"cli/diff.{format}.txt", text)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["x^2", "--at", "1"], 0),
        (["x^2"], 0),
        (["x^^2", "--at", "1"], 2),
        (["x", "--at", "1", "--no-such"], 2),
        (["x*y", "--at", "1"], 2),
    ],
)
def test_exit_codes(streams: Streams, arguments: list[str], code: int) -> None:
    assert streams.run("diff", *arguments).code == code


def test_output_and_quiet(streams: Streams, tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    found = streams.run(
        "diff", "x", "--at", "1", "--truth", "none", "--json", "--output", str(file), "--quiet"
    )
    assert found == (0, "", "")
    assert json.loads(file.read_text())["input"] == "x"
    assert streams.run("diff", "x", "--at", "1", "--truth", "none", "--quiet") == (0, "", "")
    assert "E303" in streams.run("diff", "x*y", "--at", "1", "--truth", "none", "--quiet").err


def test_points_from_files(streams: Streams, tmp_path: Path) -> None:
    numpy.save(tmp_path / "w.npy", numpy.array([1.0, 2.0]))
    (tmp_path / "p.json").write_text('[{"x": 0.5, "y": 2}, {"x": "1/4", "y": 4}]')
    quick = ("--truth", "none", "--json", "--methods", "reverse-ad")
    report = json.loads(streams.run("diff", "sum(w^2)", "--at", f"{tmp_path}/w.npy", *quick).out)
    assert report["points"][0]["at"] == {"w": [1.0, 2.0]}
    report = json.loads(streams.run("diff", "x*y", "--at", f"{tmp_path}/p.json", *quick).out)
    assert [p["value"] for p in report["points"]] == [1.0, 1.0]


def test_a_product_that_may_be_meant_as_a_function_is_told_where_its_value_has_no_name(
    streams: Streams,
) -> None:
    told = streams.run("diff", "N(x)", "--at", "1", "--truth", "none")
    assert told.code == 2
    assert "`N(...)` is read as a product" in told.err


def test_repeated_at_adds_points(streams: Streams) -> None:
    found = streams.run("diff", "x", "--at", "1", "--at", "2", "--truth", "none", "--format", "jsonl")
    assert [json.loads(line)["points"][0]["at"]["x"] for line in found.out.splitlines()] == [1.0, 2.0]


def test_colors_follow_the_terminal_and_the_wishes(monkeypatch: pytest.MonkeyPatch, streams: Streams) -> None:
    quick = ("diff", "x", "--at", "1", "--truth", "none")
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" not in streams.run(*quick).out
    assert "\x1b[" in streams.run(*quick, "--color", "always").out
    terminal = Streams(monkeypatch, terminal=True)
    monkeypatch.setattr("os.get_terminal_size", lambda fd: (_ for _ in ()).throw(OSError))
    assert "\x1b[" in terminal.run(*quick).out
    assert "\x1b[" not in terminal.run(*quick, "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in terminal.run(*quick).out


def test_ascii_where_the_encoding_needs_it(monkeypatch: pytest.MonkeyPatch, streams: Streams) -> None:
    ascii = Streams(monkeypatch, encoding="ascii")
    found = ascii.run("diff", "x*y", "--at", "x=1,y=2", "--truth", "none")
    assert "df/dx" in found.out
    found = ascii.run("diff", "θ^2 + é", "--json")
    assert json.loads(found.out)["error"]["code"].startswith("E")


def test_a_lone_surrogate_in_the_arguments_is_an_error_and_not_a_crash(streams: Streams) -> None:
    found = streams.run("diff", "x\udcff", "--json")
    assert found.code == 2
    jsonschema.validate(json.loads(found.out), validator("error").schema)


def test_an_unexpected_exception_is_a_bug_of_ours(monkeypatch: pytest.MonkeyPatch, streams: Streams) -> None:
    def broken(request: object) -> object:
        raise RuntimeError("boom")

    monkeypatch.setattr("calcgrad.cli.live.compute", broken)
    found = streams.run("diff", "x", "--truth", "none")
    assert found.code == 70
    assert "this is a bug of calcgrad: RuntimeError: boom" in found.err
    assert "report" in found.err
    assert "Traceback" not in found.err
    found = streams.run("diff", "x", "--truth", "none", "--json")
    assert json.loads(found.out)["error"]["code"] == "E700"
    monkeypatch.setenv("CALCGRAD_DEBUG", "1")
    with pytest.raises(RuntimeError):
        streams.run("diff", "x", "--truth", "none")


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch, streams: Streams) -> None:
    def interrupted(request: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("calcgrad.cli.live.compute", interrupted)
    assert streams.run("diff", "x", "--truth", "none").code == 130


def test_csv_columns(streams: Streams) -> None:
    found = streams.run("diff", "x*y", "--at", "x=1,y=2", "--format", "csv", "--truth", "none")
    rows = list(csv.DictReader(io.StringIO(found.out)))
    assert {row["wrt"] for row in rows} == {"x", "y"}
