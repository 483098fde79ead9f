"""Points are read exactly, and a wrong one says what is wrong and where."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy
import pytest

from calcgrad.errors import CalcgradError, UsageError
from calcgrad.expression import parse, to_text
from calcgrad.expression.nodes import Number
from calcgrad.inputs.constants import fraction_node, nearest, rational
from calcgrad.inputs.points import Point, bind, read_points, specs_of
from calcgrad.operations import VOCABULARY


def read(*specs: Any) -> tuple[Point, ...]:
    return read_points(specs, VOCABULARY)


def ats(*specs: Any) -> list[dict[str, Any]]:
    return [point.at() for point in read(*specs)]


@pytest.mark.parametrize(
    ("spec", "at"),
    [
        ("2", {"": 2.0}),
        ("  -2.5 ", {"": -2.5}),
        ("x=1, y=pi/2", {"x": 1.0, "y": math.pi / 2}),
        ("x = 1e-3,y=.5", {"x": 0.001, "y": 0.5}),
        ("θ=1", {"theta": 1.0}),
        ("x₁=1, x₂=2", {"x_1": 1.0, "x_2": 2.0}),
        ("w=[1,2,3], b=0.5", {"w": [1.0, 2.0, 3.0], "b": 0.5}),
        ("A=[[1, 2], [3, 1/4]]", {"A": [[1.0, 2.0], [3.0, 0.25]]}),
        ("x=max(1, 2)", {"x": 2.0}),
        (2, {"": 2.0}),
        (Fraction(1, 3), {"": 1 / 3}),
        (Decimal("0.1"), {"": 0.1}),
        (numpy.float32(0.5), {"": 0.5}),
        (numpy.array([1, 2]), {"": [1.0, 2.0]}),
        ([1, 2.5], {"": [1.0, 2.5]}),
        ({"x": 1, "y": "1/4"}, {"x": 1.0, "y": 0.25}),
        ({"w": [[1, 2]], "α": "[1, 2]"}, {"w": [[1.0, 2.0]], "alpha": [1.0, 2.0]}),
    ],
)
def test_a_point_is_read(spec: Any, at: dict[str, Any]) -> None:
    assert ats(spec) == [at]


def test_decimals_are_exact_and_python_floats_are_doubles() -> None:
    for spec, exact in (
        ("0.1", Fraction(1, 10)),
        (Decimal("0.1"), Fraction(1, 10)),
        ({"x": "0.1"}, Fraction(1, 10)),
        (0.1, Fraction(0.1)),
        ({"x": 0.1}, Fraction(0.1)),
    ):
        (point,) = read(spec)
        (coordinate,) = point.coordinates.values()
        assert coordinate.exact == Number(exact)


def test_a_written_array_is_exact_in_its_entries() -> None:
    (point,) = read("w=[[0.1, pi], [1/3, 2]]")
    w = point.coordinates["w"]
    assert w.entries is not None
    assert [to_text(entry, VOCABULARY) for entry in w.entries] == ["0.1", "pi", "1/3", "2"]


def test_at_exact_is_given_where_it_differs_from_the_double() -> None:
    assert [p.at_exact() for p in read("x=1/3, y=2", "x=pi/2", "x=0.5", "x=0.1")] == [
        {"x": "1/3"},
        {"x": "pi/2"},
        None,
        {"x": "0.1"},
    ]


def test_ranges_are_exact_include_their_ends_and_multiply() -> None:
    points = read("x=0:1:4")
    assert [rational(p.coordinates["x"].exact or Number(9)) for p in points] == [
        0,
        Fraction(1, 3),
        Fraction(2, 3),
        1,
    ]
    assert ats("x=0:2:41")[1] == {"x": 0.05}
    assert ats("x=0:1:2, y=5, z=1:2:2") == [
        {"x": x, "y": 5.0, "z": z} for x in (0.0, 1.0) for z in (1.0, 2.0)
    ]
    turn = [p.at()["x"] for p in read("x=-pi:pi:5")]
    assert turn == [-math.pi, -math.pi / 2, 0.0, math.pi / 2, math.pi]
    assert [a[""] for a in ats("1:2:3")] == [1.0, 1.5, 2.0]


def test_specs_add_up() -> None:
    assert ats("1", {"x": 2}, "x=3:4:2") == [{"": 1.0}, {"x": 2.0}, {"x": 3.0}, {"x": 4.0}]


@pytest.mark.parametrize(
    "text", ["pi/2", "2*pi+1", "sqrt(2)", "exp(1)", "e^2", "sin(1)", "pi-3.14159265358979", "1/3", "2^0.5/3"]
)
def test_a_constant_is_rounded_correctly(text: str) -> None:
    with mpmath.workdps(60):
        names = {"pi": mpmath.pi, "e": mpmath.e, "sqrt": mpmath.sqrt, "exp": mpmath.exp, "sin": mpmath.sin}
        exact = {
            "pi/2": lambda: mpmath.pi / 2,
            "2*pi+1": lambda: 2 * mpmath.pi + 1,
            "sqrt(2)": lambda: names["sqrt"](2),
            "exp(1)": lambda: names["exp"](1),
            "e^2": lambda: mpmath.e**2,
            "sin(1)": lambda: names["sin"](1),
            "pi-3.14159265358979": lambda: mpmath.pi - mpmath.mpf("3.14159265358979"),
            "1/3": lambda: mpmath.mpf(1) / 3,
            "2^0.5/3": lambda: mpmath.sqrt(2) / 3,
        }[text]()
        assert nearest(parse(text, VOCABULARY).root) == float(exact)


def test_a_cancelling_constant_keeps_its_digits() -> None:
    text = "3.14159265358979323846264338327950288419716939937510"
    with mpmath.workdps(120):
        expected = float(mpmath.pi - mpmath.mpf(text))
    assert nearest(parse(f"pi-{text}", VOCABULARY).root) == expected


def test_a_fraction_as_a_node() -> None:
    for value in (Fraction(1, 3), Fraction(-7, 40), Fraction(0), Fraction(-2, 7)):
        assert rational(fraction_node(value)) == value


def test_a_warning_of_the_point_points_into_its_own_text() -> None:
    (point,) = read("y=1, x=1/2pi")
    (warning,) = point.warnings
    assert warning.source == "y=1, x=1/2pi"
    assert warning.span is not None
    assert warning.span.start >= 7
    assert point.at() == {"y": 1.0, "x": math.pi / 2}


def test_files(tmp_path: Path) -> None:
    numpy.save(tmp_path / "w.npy", numpy.array([1.0, 2.0]))
    numpy.savez(tmp_path / "named.npz", x=numpy.array([1, 2]), y=numpy.float64(3))
    (tmp_path / "one.json").write_text('{"x": 0.1, "y": "pi", "w": [1, 2.5]}')
    (tmp_path / "many.json").write_text('[{"x": 1}, {"x": "1/4"}]')
    (tmp_path / "bare.json").write_text("[1, 2, 3]")
    (tmp_path / "points.csv").write_text("x,y\n1,2\n0.5,pi/2\n")
    (tmp_path / "vector.csv").write_text("1\n2\n3\n")
    (tmp_path / "matrix.csv").write_text("1,2\n3,4\n")
    assert ats(f"{tmp_path}/w.npy") == [{"": [1.0, 2.0]}]
    assert ats(f"w={tmp_path}/w.npy, b=1") == [{"w": [1.0, 2.0], "b": 1.0}]
    assert ats(f"{tmp_path}/named.npz") == [{"x": [1.0, 2.0], "y": 3.0}]
    assert ats(f"{tmp_path}/one.json") == [{"x": 0.1, "y": math.pi, "w": [1.0, 2.5]}]
    assert ats(f"{tmp_path}/many.json") == [{"x": 1.0}, {"x": 0.25}]
    assert ats(f"{tmp_path}/bare.json") == [{"": [1.0, 2.0, 3.0]}]
    assert ats(f"{tmp_path}/points.csv") == [{"x": 1.0, "y": 2.0}, {"x": 0.5, "y": math.pi / 2}]
    assert ats(f"{tmp_path}/vector.csv") == [{"": [1.0, 2.0, 3.0]}]
    assert ats(f"A={tmp_path}/matrix.csv") == [{"A": [[1.0, 2.0], [3.0, 4.0]]}]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("text.npy", b"no array", "E327"),
        ("list.csv", b"1,2\n3\n", "E327"),
        ("list.json", b"{", "E327"),
        ("latin.json", b"\xff\xfe\xff", "E327"),
        ("empty.csv", b"", "E328"),
        ("empty.json", b"[]", "E328"),
        ("words.json", b'{"x": true}', "E319"),
    ],
)
def test_a_wrong_file(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CalcgradError) as caught:
        read(f"{tmp_path}/{name}")
    assert caught.value.diagnostic.code == code


def test_an_array_of_objects_is_never_unpickled(tmp_path: Path) -> None:
    numpy.save(tmp_path / "o.npy", numpy.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UsageError, match="E327"):
        read(f"{tmp_path}/o.npy")


@pytest.mark.parametrize(
    ("text", "code", "span"),
    [
        ("", "E310", (0, 1)),
        ("x=1,", "E310", (4, 5)),
        ("x=1, x=2", "E305", (5, 8)),
        ("2, y=3", "E311", (3, 6)),
        ("x=1, 3", "E311", (5, 6)),
        ("3x=2", "E312", (0, 2)),
        ("x = 2 y", "E313", (6, 7)),
        ("x=1/0", "E314", (2, 5)),
        ("x=sqrt(-1)", "E314", (2, 10)),
        ("x=inf", "E314", (2, 5)),
        ("x=1e400", "E315", (2, 7)),
        ("x=0:1", "E316", (2, 5)),
        ("x=0:1:1", "E317", (6, 7)),
        ("x=0:1:2.5", "E317", (6, 9)),
        ("x=0:1:1000000", "E318", (6, 13)),
        ("x=0:1:1000, y=0:1:1000", "E318", (0, 22)),
        ("x=[1,2", "E320", (2, 6)),
        ("x=[[1,2],[3]]", "E321", (9, 12)),
        ("x=[1,[2]]", "E321", (5, 8)),
        ("x=no-such.npy", "E325", (2, 13)),
    ],
)
def test_a_wrong_point_says_where(text: str, code: str, span: tuple[int, int]) -> None:
    with pytest.raises(CalcgradError) as caught:
        read(text)
    found = caught.value.diagnostic
    assert (found.code, found.span, found.source) == (code, span, text)
    assert caught.value.exit_code == 2


def test_a_parse_error_in_a_value_points_into_the_whole_text() -> None:
    with pytest.raises(CalcgradError) as caught:
        read("x=1, y=(2")
    found = caught.value.diagnostic
    assert found.source == "x=1, y=(2"
    assert found.span is not None
    assert 7 <= found.span.start <= 9


@pytest.mark.parametrize("value", [True, None, 1j, math.nan, math.inf, object(), [[1], [2, 3]], "x"])
def test_a_value_that_is_no_number(value: Any) -> None:
    with pytest.raises(CalcgradError):
        read({"x": value})


def test_binding() -> None:
    (bare,), (named,) = read("2"), read("y=1, x=2")
    assert bind(bare, ["x"]).at() == {"x": 2.0}
    assert list(bind(named, ["x", "y"]).coordinates) == ["x", "y"]


@pytest.mark.parametrize(
    ("spec", "variables", "code", "hint"),
    [
        ("x=1", ["x", "y"], "E301", "add y=… to the point"),
        ("x=1, z=1", ["x", "y"], "E302", "did you mean y?"),
        ("sped=1", ["speed"], "E302", "did you mean speed?"),
        ("2", ["x", "y"], "E303", "--at 'x=…, y=…'"),
        ("2", [], "E304", "name it: --at x=2"),
    ],
)
def test_a_point_that_does_not_fit(spec: str, variables: list[str], code: str, hint: str) -> None:
    (point,) = read(spec)
    with pytest.raises(UsageError) as caught:
        bind(point, variables)
    assert caught.value.diagnostic.code == code
    assert caught.value.diagnostic.hints == (hint,)


def test_specs_of_a_python_value() -> None:
    assert specs_of({"x": 1}) == ({"x": 1},)
    assert specs_of(["x=1", "x=2"]) == ("x=1", "x=2")
    assert len(specs_of(numpy.array([1.0, 2.0]))) == 1


def test_a_long_list_is_read_quickly_and_nesting_needs_no_recursion() -> None:
    (point,) = read("w=[" + ",".join(["1"] * 20_000) + "]")
    assert len(point.at()["w"]) == 20_000
    with pytest.raises(CalcgradError):
        read("w=" + "[" * 3000 + "1" + "]" * 3000)


@pytest.mark.parametrize("spec", ["1, 2", "(1, 2)", " (1,2) ", "1, (2)"])
def test_values_without_names_are_in_the_variables_order(spec: str) -> None:
    (point,) = read(spec)
    assert point.names == ()
    assert bind(point, ["x", "y"]).at() == {"x": 1.0, "y": 2.0}
    assert bind(point, ["b", "a"]).at() == {"b": 1.0, "a": 2.0}


def test_positions_may_be_arrays_and_ranges() -> None:
    (point,) = read("[1, 2], 3")
    assert bind(point, ["w", "x"]).at() == {"w": [1.0, 2.0], "x": 3.0}
    assert [bind(p, ["x", "y"]).at() for p in read("0:1:2, 5")] == [
        {"x": 0.0, "y": 5.0},
        {"x": 1.0, "y": 5.0},
    ]
    (point,) = read("(1 + 1)/2")
    assert bind(point, ["x"]).at() == {"x": 1.0}


@pytest.mark.parametrize(("spec", "variables"), [("1, 2, 3", ["x", "y"]), ("1, 5", ["x"]), ("1, 2", [])])
def test_another_number_of_values_than_variables(spec: str, variables: list[str]) -> None:
    (point,) = read(spec)
    with pytest.raises(UsageError) as caught:
        bind(point, variables)
    assert caught.value.diagnostic.code in ("E303", "E304")


def test_a_table_without_names_is_told_of_them(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("1,2\n3,4\n", encoding="utf-8")
    (point,) = read_points((str(tmp_path / "p.csv"),), VOCABULARY)
    with pytest.raises(UsageError) as caught:
        bind(point, ["x", "y"])
    assert caught.value.diagnostic.hints[-1].startswith("2 x 2 numbers were given; in a file the line `x,y`")


def test_lists_in_files_are_exact(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text('{"w": [0.1, 2], "x": 0.30}', encoding="utf-8")
    (tmp_path / "w.csv").write_text("0.1,2\n0.25,1e-1\n", encoding="utf-8")
    (point,) = read(str(tmp_path / "w.json"))
    assert point.coordinates["x"].exact == Number(Fraction(3, 10))
    assert point.coordinates["w"].entries == (Number(Fraction(1, 10)), Number(2))
    (point,) = read(str(tmp_path / "w.csv"))
    entries = point.coordinates[None].entries
    assert entries == tuple(Number(Fraction(text)) for text in ("0.1", "2", "0.25", "0.1"))
