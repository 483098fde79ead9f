"""What SymPy is asked of: the expression of a number means that number, and what has no words is not asked."""

from __future__ import annotations

from types import SimpleNamespace

import mpmath
import pytest
from flint import arb, ctx

from calcgrad.expression.nodes import Node
from calcgrad.verdicts.exact import zeros
from calcgrad.verdicts.exact.functions import field
from calcgrad.verdicts.exact.zeros import proved_zero
from tests.verdicts.witness import value

from .test_numbers import ATOMS, BITS, _split, numbers, true


@pytest.mark.parametrize("text", [*(text for text in _split(ATOMS) if "0001" not in text), "1 - 1"])
def test_the_words_mean_the_number(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Node] = []
    monkeypatch.setattr(zeros, "_is_zero", lambda node: asked.append(node) is None)
    with ctx.workprec(BITS), mpmath.workdps(100):
        assert proved_zero(numbers(text)[0])
        assert abs(value(asked[0], {}) - true(text)) <= mpmath.mpf(10) ** -80 * (1 + abs(true(text)))


def test_what_has_no_words_is_not_proved() -> None:
    one = field()
    with ctx.workprec(BITS):
        assert not proved_zero(one.atom(("euler",), arb.const_euler))
        assert not proved_zero(one.atom(("sin", one.rational(3).terms, 7), lambda: arb(0)))
        assert not proved_zero(one.atom(("gamma", one.rational(2**510).terms), lambda: arb(1)))
        assert not proved_zero(one.atom(("cos", one.rational(2**510).terms, 0), lambda: arb(1)))


@pytest.mark.parametrize(("verdict", "zero"), [("equal", True), ("different", False), ("unknown", False)])
def test_sympy_s_word_is_taken(verdict: str, zero: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(first: Node, second: Node, seconds: float) -> SimpleNamespace:
        asked.append((first, second, seconds))
        return SimpleNamespace(verdict=verdict)

    monkeypatch.setattr("calcgrad.sympy_process.questions.prove_equal", answer)
    zeros._is_zero.cache_clear()
    with ctx.workprec(BITS):
        number = numbers("sin(1) - cos(2)")[0]
        assert proved_zero(number) is zero
        assert proved_zero(number) is zero
    zeros._is_zero.cache_clear()
    ((first, second, seconds),) = asked  # the second time it is known
    with mpmath.workdps(50):
        assert abs(value(first, {}) - mpmath.sin(1) + mpmath.cos(2)) < 1e-45
        assert value(second, {}) == 0
    assert seconds == zeros.SECONDS
