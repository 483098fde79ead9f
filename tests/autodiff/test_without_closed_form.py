"""A partial that the table does not have: refused where it reaches what was asked for, and nowhere else."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.reverse import active_slots, pullback
from calcgrad.autodiff.tape import Step, Tape, run
from calcgrad.expression import parse
from calcgrad.functions.lowering import lower
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import FLOAT64, NoClosedForm, system

AT = [1.5, 2.5]


def _by_x(a: float) -> float:
    """The partial of the lower incomplete gamma function by x: x^(a - 1) exp(-x)."""
    return float(mpmath.mpf(AT[1]) ** (mpmath.mpf(a) - 1) * mpmath.exp(-mpmath.mpf(AT[1])))


WITH_X = _by_x(AT[0])

#: The text, its derivatives by a and by x at (1.5, 2.5); None where the partial by a is wanted.
CASES: dict[str, tuple[float | None, float | None]] = {
    "lowergamma(a, x)": (None, WITH_X),
    "lowergamma(a, x)*x": (None, AT[1] * WITH_X + float(mpmath.gammainc(AT[0], 0, AT[1]))),
    "sin(exp(lowergamma(a, 2)))": (None, 0.0),
    "a*lowergamma(2, x)": (float(mpmath.gammainc(2, 0, AT[1])), AT[0] * AT[1] * float(mpmath.exp(-AT[1]))),
    "where(a > 0, a^2, lowergamma(a, x))": (3.0, 0.0),
    "where(lowergamma(a, x) > 0, 3*a, 2*x)": (3.0, 0.0),
    "where(lowergamma(a, x) < 0, 3*a, 2*x)": (0.0, 2.0),
    "floor(lowergamma(a, x)) + a*x": (AT[1], AT[0]),
    "a*x + 0*lowergamma(a, x)": (None, AT[0]),
    "(lowergamma(a, x) > 0)*x": (0.0, 1.0),
    # What is missing is wanted by a step, and by an input only where that step hands it on.
    "lowergamma(a^2, x)": (None, _by_x(AT[0] ** 2)),
    "lowergamma(exp(sin(a)) + x, 2)": (None, None),
    "lowergamma(2*x, a)": (float(mpmath.mpf(AT[0]) ** (2 * AT[1] - 1) * mpmath.exp(-AT[0])), None),
    "lowergamma(floor(a), x)": (0.0, _by_x(1.0)),
    "lowergamma(floor(a) + 1, x)*a": (float(mpmath.gammainc(2, 0, AT[1])), AT[0] * _by_x(2.0)),
    "lowergamma(where(x > 0, 2, a^2), x)": (0.0, _by_x(2.0)),
    "lowergamma(where(x < 0, 2, a^2), x)": (None, _by_x(AT[0] ** 2)),
    "lowergamma((a > 1) + 1, x)": (0.0, _by_x(2.0)),
    "lowergamma(lowergamma(a, 3), x)": (None, _by_x(float(mpmath.gammainc(AT[0], 0, 3)))),
}


def tape_of(text: str) -> Tape:
    return lower(parse(text, VOCABULARY, declared=("a", "x")).root, ("a", "x"))


def number(value: Any) -> float:
    return 0.0 if value is None else float(value)


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("place", [0, 1])
def test_a_derivative_that_wants_what_there_is_not_is_refused_in_both_modes(text: str, place: int) -> None:
    tape, wanted = tape_of(text), CASES[text][place]
    values = run(tape, AT, FLOAT64)
    (output,) = tape.outputs
    seed: list[Any] = [None, None]
    seed[place] = 1.0
    if wanted is None:
        with pytest.raises(NoClosedForm):
            pushforward(tape, values, seed, FLOAT64)
        with pytest.raises(NoClosedForm):
            pullback(tape, values, {output: 1.0}, FLOAT64, wrt=[place])
        return
    assert number(pushforward(tape, values, seed, FLOAT64)[output]) == pytest.approx(wanted, rel=1e-12)
    adjoints = pullback(tape, values, {output: 1.0}, FLOAT64, wrt=[place])
    assert number(adjoints[place]) == pytest.approx(wanted, rel=1e-12)


def test_all_inputs_at_once_are_refused_for_one_of_them() -> None:
    tape = tape_of("lowergamma(a, x)")
    with pytest.raises(NoClosedForm):
        pullback(tape, run(tape, AT, FLOAT64), {2: 1.0}, FLOAT64)


def test_an_output_beside_the_one_that_is_refused() -> None:
    """Only what reaches an output counts; a slot that nothing asks for may be anything."""
    steps = (Step("lowergamma", (0, 1)), Step("mul", (0, 1)))
    for outputs, refused in (((3,), False), ((2,), True), ((2, 3), True)):
        tape = Tape(("a", "x"), (), steps, outputs)
        values = run(tape, AT, FLOAT64)
        if refused:
            with pytest.raises(NoClosedForm):
                pushforward(tape, values, [1.0, None], FLOAT64)
        else:
            assert pushforward(tape, values, [1.0, None], FLOAT64)[3] == AT[1]
    assert pullback(Tape(("a", "x"), (), steps, (3,)), values, {3: 1.0}, FLOAT64)[:2] == [AT[1], AT[0]]


def test_over_arrays_it_is_refused_at_once() -> None:
    tape = tape_of("where(a > 0, a^2, lowergamma(a, x))")
    arrays = system("numpy")
    values = run(tape, [np.array([1.5, 2.0]), np.array([2.5, 1.0])], arrays)
    with pytest.raises(NoClosedForm):
        pushforward(tape, values, [np.ones(2), None], arrays)


def test_cotangents_of_constants_are_nothing_and_of_inputs_are_theirs() -> None:
    tape = Tape(("x",), (2.0,), (Step("mul", (0, -1)),), (1, -1, 0))
    values = run(tape, [3.0], FLOAT64)
    assert pullback(tape, values, {1: 1.0, -1: 5.0, 0: 10.0}, FLOAT64) == [12.0, 1.0]


def test_what_is_active_is_what_an_input_reaches() -> None:
    tape = tape_of("sin(x)*a + exp(a) + 2^3*x")
    by_x = active_slots(tape, wrt=[1])
    assert by_x[:2] == [False, True]
    for slot, step in enumerate(tape.steps, 2):
        assert by_x[slot] == any(i >= 0 and by_x[i] for i in step.args)
    assert active_slots(tape)[:2] == [True, True]
    assert not any(active_slots(tape, wrt=[]))


@pytest.mark.parametrize(
    "text", ["sin(a)*exp(x)", "exp(x)*sin(a)", "2*(sin(a)*exp(x)*3)", "exp(x)*cos(x)*sin(a)"]
)
def test_what_is_inactive_stands_in_nobodys_way(text: str) -> None:
    tape = tape_of(text)
    factor = {"2*(sin(a)*exp(x)*3)": 6.0, "exp(x)*cos(x)*sin(a)": float(mpmath.cos(AT[1]))}.get(text, 1.0)
    adjoints = pullback(tape, run(tape, AT, FLOAT64), {tape.outputs[0]: 1.0}, FLOAT64, wrt=[0])
    assert adjoints[0] == pytest.approx(factor * float(mpmath.cos(AT[0]) * mpmath.exp(AT[1])), rel=1e-14)
    assert adjoints[1] is None


def test_beside_what_is_missing_all_else_is_there() -> None:
    tape = tape_of("lowergamma(floor(a), x)")
    adjoints = pullback(tape, run(tape, AT, FLOAT64), {tape.outputs[0]: 1.0}, FLOAT64)
    assert number(adjoints[0]) == 0.0
    assert adjoints[1] == pytest.approx(_by_x(1.0), rel=1e-14)
