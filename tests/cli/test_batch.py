"""Many expressions at once: order, errors in their places, streaming, interruption."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from calcgrad.cli import batch
from calcgrad.cli.progress import Progress
from calcgrad.comparing.compute import compute
from tests.cli.running import Streams
from tests.cli.screens import screen
from tests.render.test_render import validator

QUICK = ("--truth", "none", "--methods", "reverse-ad")
LINES = """x^2
{"id": "a7", "expr": "x^2*y", "at": {"x": "0.5", "y": "1/3"}, "wrt": ["x", "y"], "methods": ["forward-ad"]}

{"id": 8, "expr": "x^", "at": {"x": 1}}
sin(
{"id": 9, "exp": "x"}
{"id": 10, "expr": "x", "at": {"x": 1}, "ordre": 2}
{"id": 11, "expr": "x", "order": "two"}
{bad
{"id": 12, "expr": "x^3", "at": 2.0, "order": 2}
x"""


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_jsonl_keeps_the_order_and_echoes_ids(streams: Streams, tmp_path: Path) -> None:
    file = tmp_path / "in.txt"
    file.write_text(LINES)
    for where, given in ((str(file), ""), ("-", LINES)):
        found = streams.run("diff", "--input", where, "--at", "3", "--format", "jsonl", *QUICK, stdin=given)
        answers = objects(found.out)
        assert [a.get("id") for a in answers] == [None, "a7", 8, None, 9, 10, 11, None, 12, None]
        codes = [a["error"]["code"] if "error" in a else "" for a in answers]
        assert codes == ["", "", "E106", "E106", "E397", "E398", "E399", "E396", "", ""]
        assert answers[0]["points"][0]["value"] == 9.0
        assert answers[1]["points"][0]["at_exact"] == {"y": "1/3"}
        assert [r["method"] for r in answers[1]["points"][0]["results"]] == ["forward-ad"] * 2
        assert answers[8]["points"][0]["results"][0]["value"] == 12.0
        assert found.code == 2
        for answer in answers:
            validator("error" if "error" in answer else "report").validate(answer)


def test_json_is_a_list(streams: Streams) -> None:
    found = streams.run("diff", "--input", "-", "--at", "3", "--json", *QUICK, stdin=LINES)
    assert len(json.loads(found.out)) == 10
    assert json.loads(streams.run("diff", "--input", "-", "--json", stdin="").out) == []


def test_csv_has_one_header(streams: Streams) -> None:
    found = streams.run("diff", "--input", "-", "--at", "3", "--format", "csv", *QUICK, stdin=LINES)
    rows = list(csv.DictReader(io.StringIO(found.out)))
    assert [row["status"] for row in rows].count("failed") == 6
    assert [row["derivative"] for row in rows if row["input"] == "x^2"] == ["6.0"]


def test_tables_and_drawn_errors(streams: Streams) -> None:
    found = streams.run("diff", "--input", "-", "--at", "3", *QUICK, stdin="x^2\nx^\nx\n")
    assert found.out.count("method ") == 2
    assert found.err.startswith("<stdin>:2:2: error[E106]")


def test_an_error_says_its_file_line_and_column(streams: Streams, tmp_path: Path) -> None:
    file = tmp_path / "many.txt"
    file.write_text(
        'x\n\n  sin(x\n{"id": 1, "expr": "2 + sn(x)"}\n{"expr": "x", "at": "1/("}\n{"expr" "x"}\n'
    )
    found = streams.run("diff", "--input", str(file), "--at", "3", *QUICK)
    places = [line.partition(": error[")[0] for line in found.err.splitlines() if ": error[" in line]
    assert places == [f"{file}:{place}" for place in ("3:6", "4:24", "5:24", "6:9")]


def test_the_exit_code_is_the_worst(streams: Streams) -> None:
    run = ("diff", "--input", "-", "--at", "3", "--format", "jsonl", *QUICK)
    assert streams.run(*run, stdin="x\nx^2\n").code == 0
    assert streams.run(*run, stdin="x\nx^\n").code == 2


def test_a_group_is_answered_before_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch, streams: Streams
) -> None:
    written: list[int] = []

    def arriving(file: object) -> Iterator[list[str]]:
        for text in ("x", "x^2"):
            yield [text]
            written.append(len(__import__("sys").stdout.buffer.getvalue().splitlines()))

    monkeypatch.setattr(batch, "_arrived", arriving)
    streams.run("diff", "--input", "-", "--at", "3", "--format", "jsonl", *QUICK)
    assert written == [1, 2]


def test_lines_are_split_from_any_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x^2\nx + é\nlast".encode()
    for size in (1, 3, 100):
        monkeypatch.setattr(batch, "_CHUNK", size)
        lines = [line for group in batch._arrived(io.BytesIO(text)) for line in group]
        assert lines == ["x^2", "x + é", "last"]


def test_a_bug_in_one_line_leaves_the_others(monkeypatch: pytest.MonkeyPatch, streams: Streams) -> None:
    def begin(requests: list[Any], **options: Any) -> Iterator[Any]:
        for request in requests:
            if request.text == "y":
                raise RuntimeError("boom")
            yield compute(request)

    def alone(request: Any) -> Any:
        if request.text == "y":
            raise RuntimeError("boom")
        return compute(request)

    monkeypatch.setattr(batch, "compute_many", begin)
    monkeypatch.setattr(batch, "compute", alone)
    found = streams.run("diff", "--input", "-", "--format", "jsonl", *QUICK, stdin="x\ny\nx^2\n")
    answers = objects(found.out)
    assert [a.get("input", a.get("error", {}).get("code")) for a in answers] == ["x", "E700", "x^2"]
    assert found.code == 70


def test_an_interrupt_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch, streams: Streams) -> None:
    def interrupted(requests: list[Any], **options: Any) -> Iterator[Any]:
        yield compute(requests[0])
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "compute_many", interrupted)
    found = streams.run("diff", "--input", "-", "--json", *QUICK, stdin="x\nx^2\nx^3\n")
    assert found.code == 130
    assert [a["input"] for a in json.loads(found.out)] == ["x"]
    assert found.err == "interrupted after 1 expression, whose result is written\n"


def test_an_interrupted_file_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, streams: Streams, tmp_path: Path
) -> None:
    def interrupted(requests: list[Any], **options: Any) -> Iterator[Any]:
        yield compute(requests[0])
        raise KeyboardInterrupt

    file = tmp_path / "many.txt"
    file.write_text("\nx\nx^2\nx^3\n", encoding="utf-8")
    monkeypatch.setattr(batch, "compute_many", interrupted)
    found = streams.run("diff", "--input", str(file), "--format", "jsonl", *QUICK)
    assert found.code == 130
    assert found.err.endswith(f"the rest: tail -n +3 {file} | calcgrad diff --input -\n")


def test_a_file_that_is_not_there(streams: Streams) -> None:
    found = streams.run("diff", "--input", "no-such-file")
    assert found.code == 2
    assert "E352" in found.err


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    quiet = Progress(2)
    quiet.tick()
    quiet.close()
    assert stream.getvalue() == ""
    monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    shown = Progress(2)
    monkeypatch.setattr("calcgrad.cli.progress.PATIENCE", -1.0)
    monkeypatch.setattr("calcgrad.cli.progress._EVERY", -1.0)
    shown.tick()
    assert screen(stream.getvalue()).strip().endswith(" 1/2")
    shown.close()
    assert screen(stream.getvalue()).strip() == ""


def test_numbers_without_truth_have_no_formula_unless_it_is_asked_for(streams: Streams) -> None:
    quick = ("diff", "--input", "-", "--at", "3", "--truth", "none")
    for format, methods, known in (
        ("jsonl", "reverse-ad", None),
        ("jsonl", "reverse-ad,symbolic", "2*x"),
        ("json", "forward-ad", None),
    ):
        out = streams.run(*quick, "--methods", methods, "--format", format, stdin="x^2\n").out
        found = json.loads(out)
        (derivative,) = (found[0] if format == "json" else found)["derivatives"]
        assert derivative["formula"] == known
        assert known or derivative["note"] == "without truth a formula comes with the row symbolic"
    assert "2*x" in streams.run(*quick, "--methods", "reverse-ad", stdin="x^2\n").out


def test_several_processes_answer_in_order(streams: Streams) -> None:
    lines = "".join(f"x^{k % 7} + {k}\n" if k % 10 else f"sin(x + {k}\n" for k in range(90))
    arguments = (
        "diff",
        "--input",
        "-",
        "--at",
        "3",
        "--format",
        "jsonl",
        "--truth",
        "none",
        "--methods",
        "forward-ad",
    )
    one, three = (streams.run(*arguments, "--workers", n, stdin=lines) for n in ("1", "3"))
    assert one.code == three.code == 2
    told = [
        [
            (a.get("input"), a.get("error"), a["points"][0]["results"][0]["value"] if "points" in a else None)
            for a in objects(run.out)
        ]
        for run in (one, three)
    ]
    assert told[0] == told[1]
    assert len(told[0]) == 90


@pytest.mark.slow
def test_a_process_that_dies_leaves_the_other_lines(
    monkeypatch: pytest.MonkeyPatch, streams: Streams
) -> None:
    plain = batch.compute_many

    def deadly(requests: Any, **options: Any) -> Iterator[Any]:
        for request in requests:
            if request.text == "x + 66":
                os._exit(1)
            yield from plain([request], **options)

    monkeypatch.setattr(batch, "compute_many", deadly)
    lines = "".join(f"x + {k}\n" for k in range(100))
    found = streams.run(
        "diff", "--input", "-", "--at", "3", "--format", "jsonl", *QUICK, "--workers", "2", stdin=lines
    )
    answers = objects(found.out)
    assert len(answers) == 100
    dead = [k for k, a in enumerate(answers) if "error" in a]
    assert dead == list(range(64, 96))
    assert answers[66]["error"]["code"] == "E700"


def test_workers_without_lines_or_without_end(streams: Streams) -> None:
    assert "E366" in streams.run("diff", "x", "--workers", "2").err
    assert "E378" in streams.run("diff", "--input", "-", "--workers", "0", stdin="").err
