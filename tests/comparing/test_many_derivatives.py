"""Long gradients: measured together what can be, with the same figures as one by one; and no run of its own for each entry."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import calcgrad
import calcgrad.comparing.compute as computing
import calcgrad.comparing.looks as looking
from calcgrad.autodiff.balancing import balanced
from calcgrad.autodiff.tape import run
from calcgrad.comparing.many_roundings import evaluation_conditions
from calcgrad.comparing.rounding import evaluation_condition
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import system

NAMES = ["x", "y", "z"]
WRTS = [(0,), (1,), (2,)]


def function(text: str) -> Expression:
    return Expression(parse(text, VOCABULARY).root, NAMES)


@pytest.mark.parametrize("point", [[1.1, 0.3, 2.7], [1e-4, 1e-3, 5.0], [3.0, 2.0, 1.0]])
@pytest.mark.parametrize(
    "text",
    [
        "x*y + sin(x)*z^2/(1 + y)",
        "exp(x)*log(y) + abs(z - x) + sqrt(x*y*z)",
        "[x*y, z/x]",
        "where(x > 1, x^2, y*z)",
        "(1 - cos(x))/x^2 + y*z",
        "0.1*x + pi*y^3 + z",
    ],
)
def test_together_as_one_by_one(text: str, point: list[float]) -> None:
    together = evaluation_conditions(function(text), point, WRTS)
    assert together is not None
    for rows, wrt in zip(together, WRTS, strict=True):
        for a, b in zip(rows, evaluation_condition(function(text), point, wrt), strict=True):
            assert a.condition == pytest.approx(b.condition, rel=0.3)  # sums in another order round elsewhere
            assert a.unit == pytest.approx(b.unit, rel=0.3, abs=1e-320)
            assert a.point == pytest.approx(b.point, rel=1e-6, abs=1e-320)


def test_what_leaves_the_doubles_is_measured_by_itself() -> None:
    rows = evaluation_conditions(function("exp(x)*exp(-x) + y^2 + z"), [800.0, 1.0, 2.0], WRTS)
    assert rows is not None
    alone = evaluation_condition(function("exp(x)*exp(-x) + y^2 + z"), [800.0, 1.0, 2.0], (0,))
    assert repr(rows[0]) == repr(alone)  # nan in both
    assert rows[0][0].left is not None


@pytest.mark.parametrize("terms", [2, 7, 8, 9, 31, 100])
def test_a_balanced_sum_is_the_same_sum(terms: int) -> None:
    names = [f"x{k}" for k in range(terms)]
    text = (
        " + ".join(f"sin({name})" if k % 3 else name for k, name in enumerate(names))
        + f" - {names[0]}*{names[-1]}"
    )
    tape = Expression(parse(text, VOCABULARY).root, names).tape
    short = balanced(tape)
    point = [seventh(k) for k in range(terms)]
    mpmath = system("mpmath")
    before, after = run(tape, point, mpmath), run(short, point, mpmath)
    assert abs(before[tape.outputs[0]] - after[short.outputs[0]]) < 1e-13 * terms
    assert depth(short.steps, len(names)) <= math.ceil(math.log2(terms)) + 3 or terms < 8


def seventh(k: int) -> Any:
    """A number of mpmath that is no double."""
    import mpmath

    return mpmath.mpf(k + 1) / 7


def depth(steps: Sequence[Any], inputs: int) -> int:
    """The longest way from an input to a step."""
    found = [0] * inputs
    for step in steps:
        found.append(1 + max((found[slot] for slot in step.args if slot >= 0), default=0))
    return max(found)


def loss(w: Any) -> Any:
    return np.sum(np.sin(w) * w**2)


def test_a_thousand_entries_take_one_sweep_and_one_tape(monkeypatch: pytest.MonkeyPatch) -> None:
    single: list[Any] = []

    def counting(*arguments: Any) -> Any:
        single.append(arguments)
        return evaluation_condition(*arguments)

    monkeypatch.setattr(looking, "evaluation_condition", counting)
    w = np.linspace(-1, 1, 200)
    report = calcgrad.diff(loss, {"w": w}, truth="certified", methods="reverse-ad")
    (point,) = report.points
    assert point.verdict == "agree"
    assert not single
    assert {r.passes for r in point.results} == {1}
    true = np.cos(w) * w**2 + 2 * w * np.sin(w)
    assert [float(t.value or "nan") for t in point.truth] == pytest.approx(
        true.tolist(), rel=1e-14, abs=1e-16
    )


def test_sympy_is_not_asked_for_hundreds_of_derivatives(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> Callable[[], Any]:
        raise AssertionError

    monkeypatch.setattr(computing, "ask", never)
    report = calcgrad.diff(loss, {"w": np.linspace(-1, 1, 201)}, methods="reverse-ad,symbolic")
    (row, *_) = (r for r in report.points[0].results if r.method == "symbolic")
    assert (row.status, row.note) == (
        "skipped",
        "SymPy is asked for at most 200 derivatives at once; --truth symbolic asks it for more",
    )


def test_a_formula_of_millions_of_characters_is_not_written() -> None:
    nested = "sin(" * 400 + "x" + ")" * 400
    (row,) = calcgrad.diff(nested, truth="none").derivatives
    assert row.formula is None
    assert row.note is not None
    assert row.note.startswith("it has some ")
    (short,) = calcgrad.diff("*".join(["(x + 1)"] * 300), truth="none").derivatives
    assert short.formula == "300*(x + 1)^299"
