"""Command lines that a fuzzer found: each ends with a code of the contract, and is no bug of ours."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pytest

from calcgrad.cli import run
from tests.cli.running import Streams

MODEL = "def f(x):\n    return (x * x) if not hasattr(x, 'sum') else (x * x).sum()\n"
#: The header of a .npy file that is nothing Python could read: a brace that closes too early.
_HEADER = b"{'descr': '<f8', 'fortran_order': False} 'shape': (1, 1), }".ljust(117) + b"\n"
_BAD = b"\x93NUMPY\x01\x00" + len(_HEADER).to_bytes(2, "little") + _HEADER + bytes(8)
#: A command line, its exit code, and a word of what it says.
FOUND = [
    (("diff", "x^3", "--at", "1e300", "--order", "2"), 3, "6e300"),
    (("diff", "sin(x^2)", "--at", "x=1e300", "--timeout", "3"), None, "f"),
    (("plot", "1/x", "--at", "x=0:2:5"), 2, "E641"),
    (("trace", "model.py:f", "--at", "x=0:2:5"), 2, "E424"),
    (("nudge", "model.py:f", "--at", "x=0:2:5"), 2, "E424"),
    (("compare-modes", "floor(x)/x", "--at", "x=0", "--json"), 0, '"nan"'),
    (("descend", "model.py:f", "--at", "x=0:2:5"), 2, "E424"),
    (("plot", "sum(v^2)"), 0, "v"),
    (("plot", "sum(v^2)", "--at", "2"), 0, "v = 2"),
    (("diff", "-A^2", "--at", "A=[[1,2],[3,4]]"), 0, "agree"),
    (("diff", "[[x, 2], [x^2, 3*x]]", "--at", "x=2"), 0, "agree"),
    (("descend", "model.py:f", "--at", "whole.npy"), 2, "E633"),
    (("steps", "x^2", "--at", "bad.npy"), 2, "E327"),
    (("steps", "x^2", "--at", "short.npz"), 2, "it ends too early"),
    (("diff", "x^2", "--at", "empty.npy"), 2, "the array is empty"),
    (("diff", "sum(x^2)", "--at", "empty.npy"), 2, "the array is empty"),
]


def _short(folder: Path) -> bytes:
    """An archive whose array begins beyond its end: the length of further fields is too large (PKWARE's APPNOTE, 4.3.7)."""
    file = folder / "whole.npz"
    numpy.savez(file, x=numpy.arange(3.0))
    whole = bytearray(file.read_bytes())
    whole[28:30] = b"\xff\xff"
    return bytes(whole)


@pytest.mark.parametrize(("arguments", "code", "said"), FOUND, ids=[" ".join(a) for a, _, _ in FOUND])
def test_it_is_answered(
    arguments: tuple[str, ...],
    code: int | None,
    said: str,
    streams: Streams,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    (tmp_path / "bad.npy").write_bytes(_BAD)
    numpy.save(tmp_path / "whole.npy", numpy.zeros(1, "u1"))
    numpy.save(tmp_path / "empty.npy", numpy.zeros(0, "<f2"))
    (tmp_path / "short.npz").write_bytes(_short(tmp_path))
    monkeypatch.chdir(tmp_path)
    done = streams.run(*arguments)
    assert "E700" not in done.out + done.err
    assert done.code == code or (code is None and done.code in (0, 1, 3, 5))
    assert said in done.out + done.err


def test_a_matrix_has_a_truth_for_each_of_its_entries(streams: Streams) -> None:
    done = streams.run("diff", "A^2", "--at", "A=[[1,2],[3,4]]", "--json")
    rows = [r for r in json.loads(done.out)["points"][0]["truth"] if r["output"] == r["index"]]
    assert [(r["index"], r["exact"]) for r in rows] == [
        ([0, 0], "2"),
        ([0, 1], "4"),
        ([1, 0], "6"),
        ([1, 1], "8"),
    ]


def test_steps_whose_points_are_not_judged_in_time_show_no_values(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calcgrad.explaining.steps._judged", lambda reading, deadline: ())
    done = streams.run("steps", "x^2", "--at", "3")
    assert done.code == 0
    assert "2*x" in done.out
    assert "6" not in done.out


def test_practice_without_a_standard_input_says_so(
    streams: Streams, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert run(["practice"]) == 2
    assert "E357" in capsys.readouterr().err


@pytest.mark.parametrize("place", [60, 200, 500])
def test_an_archive_that_is_damaged_is_no_file_of_numbers(
    place: int, streams: Streams, tmp_path: Path
) -> None:
    file = tmp_path / "damaged.npz"
    numpy.savez_compressed(file, x=numpy.sin(numpy.arange(100.0)))
    whole = bytearray(file.read_bytes())
    whole[place : place + 8] = b"\xff" * 8
    file.write_bytes(whole)
    done = streams.run("diff", "sum(x)", "--at", str(file), "--truth", "none")
    assert (done.code, "E327" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (6, 99),  # the version of the format that is needed to read it
        (8, 1),  # a password
        (10, 77),  # how it is compressed
    ],
)
def test_an_archive_of_another_kind_is_no_file_of_numbers(
    offset: int, value: int, streams: Streams, tmp_path: Path
) -> None:
    """The offsets are those of the central directory, PKWARE's APPNOTE 4.3.12."""
    file = tmp_path / "other.npz"
    numpy.savez_compressed(file, x=numpy.arange(3.0))
    whole = bytearray(file.read_bytes())
    directory = whole.index(b"PK\x01\x02")
    for place in (directory + offset, offset - 2):  # the entry's own header has the same two bytes earlier
        whole[place] = value
    file.write_bytes(whole)
    done = streams.run("diff", "sum(x)", "--at", str(file), "--truth", "none")
    assert (done.code, "E327" in done.err) == (2, True)


@pytest.mark.parametrize("command", ["diff", "trace", "steps", "nudge", "plot", "descend"])
def test_a_closed_standard_input_is_said(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert run([command, "-", "--at", "1"]) == 2
    assert "E357" in capsys.readouterr().err
