"""Points in tables: what parts the cells, decimal commas, labels; and what is refused, with its place."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from calcgrad.errors import CalcgradError
from calcgrad.inputs.points import bind, read_points
from calcgrad.operations import VOCABULARY


def read(folder: Path, name: str, text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The points in a file, and the codes of what is said of it."""
    (folder / name).write_text(text, encoding="utf-8")
    points = read_points([str(folder / name)], VOCABULARY)
    return [point.at() for point in points], sorted({w.code for point in points for w in point.warnings})


@pytest.mark.parametrize(
    ("name", "text", "points"),
    [
        ("p.csv", "x,y\n1,2\n0.5,pi/2\n", [{"x": 1, "y": 2}, {"x": 0.5, "y": math.pi / 2}]),
        ("p.csv", "x;y\n1,5;2\n0,25;3\n", [{"x": 1.5, "y": 2}, {"x": 0.25, "y": 3}]),
        ("p.csv", "x;y\n1.5;2\n", [{"x": 1.5, "y": 2}]),
        (
            "p.csv",
            "x;y\n1,234;0,5\n",
            [{"x": 1.234, "y": 0.5}],
        ),  # the other comma tells that it is a decimal one
        ("p.tsv", "x\ty\n1,5\t2\n", [{"x": 1.5, "y": 2}]),
        ("p.tsv", "x\ty\n1/3\t-2e-3\n", [{"x": 1 / 3, "y": -0.002}]),
        ("p.txt", "x y\n1 2\n3 4\n", [{"x": 1, "y": 2}, {"x": 3, "y": 4}]),
        ("p.txt", "# x y\n1 2\n# a remark\n3 4\n", [{"x": 1, "y": 2}, {"x": 3, "y": 4}]),
        ("p.txt", "1 2 3\n", [{"": [1, 2, 3]}]),
        ("p.csv", '"x","y"\n"1","2"\n', [{"x": 1, "y": 2}]),
        ("p.csv", "θ,x₁\n1,2\n", [{"theta": 1, "x_1": 2}]),
        ("p.csv", "1,2\n3,4\n", [{"": [[1, 2], [3, 4]]}]),
    ],
)
def test_what_is_read(tmp_path: Path, name: str, text: str, points: list[dict[str, Any]]) -> None:
    assert read(tmp_path, name, text) == (points, [])


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("name,x,y\nA,1,2\nB b,3,4\n", [{"x": 1, "y": 2}, {"x": 3, "y": 4}]),
        ("x,remark\n1,first\n2,second\n", [{"x": 1}, {"x": 2}]),
        (",x\n0,1.5\n1,2.5\n", [{"x": 1.5}, {"x": 2.5}]),
        ("A;1,5\nB;2,5\n", [{"": [1.5, 2.5]}]),
    ],
)
def test_labels_are_left_out_with_a_warning(tmp_path: Path, text: str, points: list[dict[str, Any]]) -> None:
    assert read(tmp_path, "p.csv", text) == (points, ["W205"])


@pytest.mark.parametrize(
    ("name", "text", "code", "place"),
    [
        ("p.csv", "x,y\n1,2\n3,\n", "E338", "p.csv:3:3"),
        ("p.csv", "x,y\n1,2\n,4\n", "E338", "p.csv:3:1"),
        ("p.csv", "x;y\n1,234;2\n", "E339", "p.csv:2:1"),
        ("p.csv", "x;y\n12,5;1.234,5\n", "E339", "p.csv:2:6"),
        ("p.csv", 'x,y\n"1,234",2\n', "E339", "p.csv:2:2"),
        ("p.csv", "x;y\n1 234;2\n", "E339", "p.csv:2:1"),
        ("p.csv", "x;y\n0,5;1.5\n", "E339", "p.csv:2:5"),
        ("p.tsv", "x\ty\n1.5\t1'000\n", "E339", "p.tsv:2:5"),
        ("p.csv", "x,y\n1,2,3\n", "E327", "p.csv:2:5"),
        ("p.csv", "x,x\n1,2\n", "E308", "p.csv:1:3"),
        ("p.csv", "x,y\n1,2\n3,foo\n", "E102", "p.csv:3:3"),
        ("p.csv", "x,y\n1,1/0\n", "E314", "p.csv:2:3"),
        ("p.csv", "x\n1\ny\n", "E313", "p.csv:3:1"),
        ("p.csv", "1,2\n3,a\n", "E338", "p.csv:2:3"),
        ("p.txt", "1,5\n2,5\n", "E339", "p.txt:1:1"),
        ("p.txt", "1\n2,5\n", "E327", "p.txt:2:3"),
    ],
)
def test_what_is_refused_says_where(tmp_path: Path, name: str, text: str, code: str, place: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        read(tmp_path, name, text)
    assert caught.value.diagnostic.code == code
    assert caught.value.diagnostic.message.startswith(f"{place}: ")


def test_a_variable_whose_column_was_left_out_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("x,y\n1,abc\n", encoding="utf-8")
    (point,) = read_points([str(tmp_path / "p.csv")], VOCABULARY)
    with pytest.raises(CalcgradError) as caught:
        bind(point, ["x", "y"])
    assert caught.value.diagnostic.code == "E301"
    assert caught.value.diagnostic.hints[0].endswith("p.csv: y holds no numbers, and is left out")
