"""Deep, wide and long texts: read, printed, compared, hashed and pickled without recursion, or refused by name."""

import pickle
import tracemalloc

import pytest

from calcgrad.errors import LimitError, ParseError
from calcgrad.expression import parse, to_latex, to_text, to_unicode
from calcgrad.expression.nodes import Node
from calcgrad.operations import VOCABULARY
from calcgrad.render.diagnostic import draw

pytestmark = pytest.mark.slow

DEEP = 10_000
WIDE = 100_000


def whole_trip(text: str, *declared: str) -> Node:
    root = parse(text, VOCABULARY, declared=declared).root
    plain = to_text(root, VOCABULARY)
    again = parse(plain, VOCABULARY, declared=declared).root
    assert again == root
    assert hash(again) == hash(root)
    assert to_text(again, VOCABULARY) == plain
    to_latex(root, VOCABULARY)
    return root


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEP + "x" + ")" * DEEP,
        "[" * DEEP + "x" + "]" * DEEP,
        "-" * DEEP + "x",
        "sin(" * DEEP + "x" + ")" * DEEP,
        "sin " * DEEP + "x",
        "√" * DEEP + "x",
        "2^" * DEEP + "x",
        "x" + "!" * DEEP,
        "|x + " * DEEP + "1" + "|" * DEEP,
        "1 if x<0 else " * DEEP + "2",
        "not " * DEEP + "x",
        "exp(1 + " * DEEP + "x" + ")" * DEEP,
        "1^" * DEEP + "1",
    ],
    ids=lambda text: text[:12],
)
def test_ten_thousand_levels(text: str) -> None:
    whole_trip(text)


@pytest.mark.parametrize(
    "text",
    [
        "x" + "+x" * WIDE,
        "x" + "*y" * (WIDE // 5),
        "x" + " x" * (WIDE // 5),
        "|x|" + "+|x|" * (WIDE // 10),
        "[" + "x," * (WIDE // 5) + "x]",
        "x<" * (WIDE // 10) + "y",
    ],
    ids=lambda text: text[:12],
)
def test_many_terms(text: str) -> None:
    whole_trip(text)


def test_a_deep_tree_survives_pickling_and_unicode() -> None:
    root = parse("(1 + " * DEEP + "x" + ")" * DEEP, VOCABULARY).root
    assert pickle.loads(pickle.dumps(root)) == root
    assert parse(to_unicode(root, VOCABULARY), VOCABULARY).root == root


MILLION = 1_000_000
#: Long enough that anything quadratic would take minutes.
LONG = 50_000
HOSTILE = [
    "(" * MILLION,
    ")" * LONG,
    "|" * LONG,
    "x|" * (LONG // 2),
    "9" * MILLION,
    "1e" + "9" * LONG,
    "." * LONG,
    "a" * MILLION,
    "x_" * (MILLION // 2),
    " " * MILLION,
    "x" + " " * (MILLION - 2) + "y",
    "1/2x+" * (LONG // 5) + "1",
    "x^2x+" * (LONG // 5) + "1",
    "e2 + " * (LONG // 5) + "1",
    "sin x y+" * (LONG // 8) + "1",
    "sin " * (LONG // 4),
    "sin x " + "y " * (LONG // 2 - 5),
    "f(x)+" * (LONG // 5) + "1",
    "(" * 20_000 + "x" + "^1/2)" * 20_000,
    "x[" + "0," * (LONG // 2),
    "max(" + "x," * (LONG // 2 - 3) + "x)",
    "х" * MILLION,
    "\x00" * LONG,
    "\u0301" * LONG,
    "x\n" * (LONG // 2),
    "2^" * (LONG // 2) + "1",
    "1 if x else " * (LONG // 12),
    "x!" * (LONG // 2),
    "+-" * (LONG // 2) + "x",
    "x,y" * (LONG // 3),
    "0<(" * 30 + "x" + ")<1" * 30,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_a_long_text_is_answered(text: str) -> None:
    try:
        parsed = parse(text, VOCABULARY)
    except (ParseError, LimitError) as error:
        drawn = draw(error.diagnostic, width=80)
        assert len(drawn) < 5000
        return
    for warning in parsed.warnings:
        assert len(draw(warning, width=80)) < 5000
    assert len(parsed.warnings) <= 40


def test_memory_grows_by_less_than_a_kilobyte_a_character() -> None:
    text = "x+" * (LONG // 4) + "x"
    tracemalloc.start()
    root = parse(text, VOCABULARY).root
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert root.span == (0, len(text))
    assert peak < 1000 * len(text)


@pytest.mark.parametrize(
    "text", ["2^2000", "(10^100)^99", "3000!", "x^1e300", "1.0000001^(10^10)", "9^9^3", "0^0^0"]
)
def test_a_large_constant_within_the_limits_is_read(text: str) -> None:
    whole_trip(text)
