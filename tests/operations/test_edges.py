"""Conventions, edges of domains, words and forms of the elementary rows."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest

from calcgrad.expression import parse, to_latex, to_text
from calcgrad.operations import OPERATIONS, VOCABULARY, parsed
from calcgrad.operations.row import Elementwise
from calcgrad.systems.base import FLOAT64, system

from .measuring import inside
from .test_partials import partial
from .test_values import ROWS, every_row

INF = math.inf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mod(-7, 3)", 2.0),
        ("7 % -3", -2.0),
        ("-7 // 2", -4.0),
        ("frac(-0.25)", 0.75),
        ("round(2.5) + round(3.5) + round(-0.5)", 6.0),
        ("sign(0)", 0.0),
        ("heaviside(0)", 0.5),
        ("sinc(0)", 1.0),
        ("acot(-1)", -math.pi / 4),
        ("asec(-2)", 2 * math.pi / 3),
        ("acsc(-2)", -math.pi / 6),
        ("leaky_relu(-1)", -0.01),
        ("0^0", 1.0),
        ("cbrt(-27)", -3.0),
        ("root(-32, 5)", -2.0),
        ("log(8, 2) + log(1000, 10)", 6.0),
        ("max(1, 3, 2) - min(4, 2, 3)", 1.0),
        ("clip(5, 0, 1)", 1.0),
        ("sind(30) + cosd(60) + tand(45) + sind(180) + cosd(-90)", 2.0),
        ("where(1 < 2 and not 2 <= 1, 5, 1/0)", 5.0),
    ],
)
def test_conventions(text: str, expected: float) -> None:
    value = FLOAT64.expression(parse(text, VOCABULARY).root, ())()
    assert value == pytest.approx(expected, rel=4e-16)


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("div", (1.0, -0.0), -INF),
        ("pow", (0.0, -1.0), INF),
        ("pow", (-0.0, -1.0), -INF),
        ("pow", (-8.0, 1 / 3), math.nan),
        ("pow", (-10.0, 309.0), -INF),
        ("pow", (10.0, -400.0), 0.0),
        ("mod", (1.0, 0.0), math.nan),
        ("floordiv", (1.0, 0.0), INF),
        ("log", (0.0,), -INF),
        ("log", (-1.0,), math.nan),
        ("log2", (0.0,), -INF),
        ("log10", (0.0,), -INF),
        ("log1p", (-1.0,), -INF),
        ("sqrt", (-1.0,), math.nan),
        ("exp", (1000.0,), INF),
        ("sinh", (-1000.0,), -INF),
        ("cosh", (-1000.0,), INF),
        ("atanh", (-1.0,), -INF),
        ("atanh", (2.0,), math.nan),
        ("asin", (2.0,), math.nan),
        ("tand", (90.0,), INF),
        ("tand", (-90.0,), -INF),
        ("floor", (INF,), INF),
        ("round", (-INF,), -INF),
        ("maximum", (math.nan, 1.0), math.nan),
        ("maximum", (1.0, math.nan), math.nan),
        ("minimum", (1.0, math.nan), math.nan),
        ("hypot", (1e300, 1e300), math.sqrt(2) * 1e300),
        ("sech", (712.0,), 2 * math.exp(-712)),
        ("csch", (-712.0,), -2 * math.exp(-712)),
    ],
)
def test_ieee(name: str, args: tuple[float, ...], expected: float) -> None:
    value = FLOAT64.function(name)(*args)
    assert value == pytest.approx(expected, rel=1e-15, nan_ok=True)
    assert math.copysign(1.0, value) == math.copysign(1.0, expected) or math.isnan(expected)


@pytest.mark.parametrize(
    ("name", "j", "args", "expected"),
    [
        ("pow", 0, (0.0, 0.0), 0.0),
        ("pow", 0, (0.0, 1.0), 1.0),
        ("pow", 0, (0.0, 2.0), 0.0),
        ("pow", 0, (0.0, 0.5), INF),
        ("pow", 0, (-2.0, 3.0), 12.0),
        ("pow", 1, (0.0, 2.0), 0.0),
        ("pow", 1, (-2.0, 3.0), math.nan),
        ("sqrt", 0, (0.0,), INF),
        ("cbrt", 0, (0.0,), INF),
        ("root", 0, (0.0, 3.0), INF),
        ("root", 0, (0.0, 1.0), 1.0),
        ("hypot", 0, (0.0, 0.0), 0.0),
        ("hypot", 0, (3e300, 4e300), 0.6),
        ("hypot", 1, (3e-300, 4e-300), 0.8),
        ("atan2", 0, (1e300, 1e300), 5e-301),
        ("abs", 0, (0.0,), 0.0),
        ("relu", 0, (0.0,), 0.0),
        ("leaky_relu", 0, (0.0,), 0.01),
        ("elu", 0, (0.0,), 1.0),
        ("maximum", 0, (2.0, 2.0), 0.5),
        ("maximum", 1, (2.0, 2.0), 0.5),
        ("minimum", 1, (2.0, 2.0), 0.5),
        ("clip", 0, (1.0, 1.0, 1.0), 0.0),
        ("clip", 0, (0.0, 0.0, 1.0), 0.5),
        ("clip", 1, (0.0, 0.0, 1.0), 0.5),
        ("clip", 2, (2.0, 0.0, 1.0), 1.0),
        ("asin", 0, (1.0,), INF),
        ("acosh", 0, (1.0,), INF),
        ("tanh", 0, (300.0,), 4 * math.exp(-600)),
        ("sigmoid", 0, (-700.0,), math.exp(-700)),
        ("sigmoid", 0, (40.0,), math.exp(-40)),
        ("softplus", 0, (-700.0,), math.exp(-700)),
        ("expm1", 0, (-50.0,), math.exp(-50)),
        ("silu", 0, (1e300,), 1.0),
        ("gelu", 0, (1e300,), 1.0),
        ("gelu", 0, (-1e300,), 0.0),
        ("sinc", 0, (0.0,), 0.0),
        ("sinc", 0, (1e-9,), -1e-9 / 3),
        ("where", 1, (0.0, 1.0, 2.0), 0.0),
        ("where", 2, (0.0, 1.0, 2.0), 1.0),
    ],
)
def test_edge_rules(name: str, j: int, args: tuple[float, ...], expected: float) -> None:
    assert partial(name, j, args) == pytest.approx(expected, rel=4e-15, abs=0, nan_ok=True)


def test_undecided_balls_choose_no_branch() -> None:
    from flint import arb

    balls = system("arb")
    wide = arb(0, 1)
    for name in ("abs", "sign", "floor", "round", "heaviside", "relu", "leaky_relu", "elu", "cbrt"):
        assert not balls.function(name)(wide).is_finite(), name
    assert not balls.function("maximum")(wide, arb(0)).is_finite()
    assert not balls.select(balls.function("less")(wide, arb(0)), lambda: arb(1), lambda: arb(2)).is_finite()
    assert balls.function("less")(wide, arb(2)) is True
    assert balls.function("logical_and")(None, False) is False
    assert balls.function("logical_or")(None, True) is True
    assert balls.function("equal")(wide, wide) is None


def test_complex_values_are_nan_where_the_real_function_has_none() -> None:
    system_of_complex = system("complex128")
    for name, x in (
        ("sqrt", -1.0),
        ("log", -1.0),
        ("asin", 2.0),
        ("acosh", 0.5),
        ("atanh", 2.0),
        ("log1p", -2.0),
    ):
        assert math.isnan(system_of_complex.function(name)(complex(x, 1e-200)).real), name
    assert math.isnan(system_of_complex.function("pow")(-8 + 1e-200j, 1 / 3 + 0j).real)


@every_row
def test_the_ends_of_the_domain_are_singular(name: str) -> None:
    """Stepping out of the domain of a row of one argument passes a place that the row names."""
    row = ROWS[name]
    if row.arity > 1 or not row.domain:
        return
    grid = [k / 64 for k in range(-640, 641)]
    known = [(inside(row, (x,)), x) for x in grid]
    ends = [(x, z) for (here, x), (there, z) in pairwise(known) if here != there]
    assert ends or "cos" in row.domain
    for x, z in ends:
        assert any(_changes(s.where, x, z) for s in row.singular), (x, z)


def _changes(where: str, x: float, z: float) -> bool:
    function: Any = FLOAT64.expression(parsed(where), ("a",))
    return bool(function(x) * function(z) <= 0)


@every_row
def test_rows_print_and_read_back(name: str) -> None:
    row = ROWS[name]
    assert row.help
    assert row.group
    assert len(row.sample) == row.arity
    text = f"{VOCABULARY.forms[name].text}({', '.join('xyz'[: row.arity])})"
    infix = {"add": "x + y", "sub": "x - y", "mul": "x*y", "div": "x/y", "neg": "-x", "mod": "x % y",
             "floordiv": "x//y", "pow": "x^y"}  # fmt: skip
    tree = parse(infix.get(name, text), VOCABULARY).root
    assert getattr(tree, "op", None) == name
    assert parse(to_text(tree, VOCABULARY), VOCABULARY).root == tree
    latex = to_latex(tree, VOCABULARY)
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")


@pytest.mark.parametrize(
    ("alias", "op"),
    [
        *[(f"arc{f}", f"a{f}") for f in ("sin", "cos", "tan", "sec", "csc", "cot")],
        *[(f"ar{f}", f"a{f}") for f in ("sinh", "cosh", "tanh", "sech", "csch", "coth")],
        *[("ln", "log"), ("lg", "log10"), ("tg", "tan"), ("ctg", "cot"), ("Abs", "abs"), ("Heaviside", "heaviside")],
        *[("radians", "deg2rad"), ("degrees", "rad2deg"), ("expit", "sigmoid"), ("swish", "silu"), ("sgn", "sign")],
    ],
)  # fmt: skip
def test_aliases(alias: str, op: str) -> None:
    assert getattr(parse(f"{alias}(x)", VOCABULARY).root, "op", None) == op


def test_folding_words_and_two_meanings_of_log() -> None:
    assert parse("Max(x, y, z)", VOCABULARY).root == parse("max(max(x, y), z)", VOCABULARY).root
    assert getattr(parse("log(x, 2)", VOCABULARY).root, "op", None) == "logb"
    assert isinstance(OPERATIONS["logb"], Elementwise)
