"""A native function that gives anything else than NumPy is found out and not used."""

from __future__ import annotations

import numpy as np
import pytest

from calcgrad import compile
from calcgrad.native import checking, lowering
from calcgrad.native.lowering import Lowering
from calcgrad.native.text import Text, double

X = np.linspace(0.5, 3.0, 17)


def _wrong(op, emit, monkeypatch):
    row = lowering.LOWERED[op]
    monkeypatch.setitem(
        lowering.LOWERED, op, Lowering(emit, row.cost, row.ulps, row.truths, row.answers, row.turns)
    )
    lowering.lowering.cache_clear()


@pytest.fixture(autouse=True)
def _forget():
    yield
    lowering.lowering.cache_clear()


PLANTED = {
    "mul": lambda t, a, b: t.mul(t.mul(a, b), double(1 + 2**-52)),
    "exp": lambda t, a: t.mul(lowering.functions.exp(t, a), double(1 + 1e-13)),
    "sqrt": lambda t, a: t.library("pow", a, double(0.5000001)),
    "less": lambda t, a, b: t.compare("ule", a, b),
}


@pytest.mark.parametrize("op", PLANTED)
def test_a_planted_fault_is_told(op, monkeypatch):
    _wrong(op, PLANTED[op], monkeypatch)
    function = lambda x: (np.where(x < 1.0, np.exp(x), np.sqrt(x)), x * 1.1)  # noqa: E731
    program = compile(function, backend="native")
    np.testing.assert_array_equal(program(X), compile(function, backend="numpy")(X))
    assert program.backend == "numpy"
    assert "did not give the same" in program.source


def test_without_a_fault_it_is_native(monkeypatch):
    program = compile(
        lambda x: np.sum(np.where(x < 1.0, np.exp(x * 1.1), np.sqrt(x)) * x, 0), backend="native"
    )
    program(X)
    assert program.backend == "native"


def test_too_long_a_function_is_numpys(monkeypatch):
    monkeypatch.setattr("calcgrad.native.text.LINES", 20)
    program = compile(lambda x: np.sum(np.exp(x) * np.sin(x)), backend="native")
    assert program(X) == pytest.approx(np.sum(np.exp(X) * np.sin(X)))
    assert program.backend == "numpy"
    assert "too long" in program.source


def test_a_fault_of_ours_is_told_and_the_program_is_numpys(monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("LLVM IR parsing error\n<string>:1:79: error")

    monkeypatch.setattr("calcgrad.native.machine.Machine.compiled", broken)
    program = compile(lambda x: np.exp(x) * x, backend="native")
    np.testing.assert_array_equal(program(X), np.exp(X) * X)
    assert program.source.startswith(
        "# NumPy's: native code could not be made, RuntimeError: LLVM IR parsing error\n"
    )


def test_texts_know_equal_values_once():
    text = Text()
    assert text.add("%a", "%b") == text.add("%a", "%b")
    with text.loop(0, 3):
        inner = text.mul("%a", "%b")
    assert text.mul("%a", "%b") != inner


def test_one_of_very_many_entries_where_chance_did_nothing():
    right = np.full(200_000, 2.0)
    mine, pushed = right.copy(), [right + 4e-16 * k for k in (-1, 1, 2)]
    for p in pushed:
        p[7] = 2.0
    mine[7] += 5 * 4.5e-16
    assert not checking._far(mine, right, pushed)
    mine[7] += 1e-12
    assert checking._far(mine, right, pushed)
    assert checking._far(mine[:100], right[:100], [p[:100] for p in pushed])
