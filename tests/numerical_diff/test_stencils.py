"""Stencils against exact rational arithmetic and published tables (Fornberg 1988, table 1 and 3)."""

from fractions import Fraction
from math import factorial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcgrad.errors import UsageError
from calcgrad.numerical_diff import stencil
from calcgrad.numerical_diff.stencils import MAX_POINTS, parse_offsets, symmetric_weights

PUBLISHED = [
    (1, "-1..1", "-1/2 0 1/2", 2),
    (1, "-2..2", "1/12 -2/3 0 2/3 -1/12", 4),
    (1, "-4..4", "1/280 -4/105 1/5 -4/5 0 4/5 -1/5 4/105 -1/280", 8),
    (2, "-2..2", "-1/12 4/3 -5/2 4/3 -1/12", 4),
    (3, "-2..2", "-1/2 1 0 -1 1/2", 2),
    (4, "-2..2", "1 -4 6 -4 1", 2),
    (4, "-3..3", "-1/6 2 -13/2 28/3 -13/2 2 -1/6", 4),
    (1, "0..1", "-1 1", 1),
    (1, "0..4", "-25/12 4 -3 4/3 -1/4", 4),
    (2, "0..3", "2 -5 4 -1", 2),
]


@pytest.mark.parametrize(("order", "points", "weights", "accuracy"), PUBLISHED)
def test_published_weights(order: int, points: str, weights: str, accuracy: int) -> None:
    found = stencil(order, points)
    assert [str(w) for w in found.weights] == weights.split()
    assert found.accuracy == accuracy


@settings(max_examples=40)
@given(
    st.lists(st.fractions(-9, 9, max_denominator=7), min_size=2, max_size=9, unique=True), st.integers(1, 6)
)
def test_exact_on_polynomials_and_no_further(offsets: list[Fraction], order: int) -> None:
    if len(offsets) <= order:
        with pytest.raises(UsageError):
            stencil(order, offsets)
        return
    found = stencil(order, offsets)
    pairs = list(zip(found.weights, found.offsets, strict=True))
    for power in range(order + found.accuracy):
        assert sum(w * o**power for w, o in pairs) == (factorial(order) if power == order else 0)
    power = order + found.accuracy
    assert found.accuracy >= len(offsets) - order
    assert sum(w * o**power for w, o in pairs) == found.error_coefficient * factorial(power) != 0


@pytest.mark.parametrize("order", range(1, 7))
@pytest.mark.parametrize("nodes", [(1, 2, 3), (1, 2, 4, 8), (8, 16, 27), tuple(range(1, 9))])
def test_symmetric_weights_are_the_exact_ones_rounded(order: int, nodes: tuple[int, ...]) -> None:
    offsets = [-n for n in reversed(nodes)] + [0, *nodes]
    exact = stencil(order, offsets).weights
    found = symmetric_weights(order, nodes)
    assert list(found.sides) == [float(w) for w in exact[len(nodes) + 1 :]]
    assert found.centre == pytest.approx(float(exact[len(nodes)]), rel=1e-15)


def test_the_text_says_all() -> None:
    text = str(stencil(2, "-1..1"))
    assert text.splitlines()[0] == "derivative 2 from 3 points, order of accuracy 2"
    assert "leading error: (1/12) * h^2 * f^(4)(x)" in text


def test_irregular_offsets_as_text() -> None:
    assert parse_offsets("0, 1, 5/2, -0.25") == (0, 1, Fraction(5, 2), Fraction(-1, 4))


@pytest.mark.parametrize(
    ("order", "points", "code", "words"),
    [
        (0, "-1..1", "E340", "cannot be 0"),
        (2, "0..1", "E342", "at least 3 points"),
        (1, "0,1,1", "E343", "the same"),
        (1, "a..b", "E344", "cannot read"),
        (1, "1/0,1", "E344", "cannot read"),
        (1, f"0..{MAX_POINTS + 5}", "E341", "may have"),
        (1, range(MAX_POINTS + 1), "E341", "may have"),
    ],
)
def test_what_cannot_be_a_stencil(order: int, points: Any, code: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as raised:
        stencil(order, points)
    assert raised.value.diagnostic.code == code
