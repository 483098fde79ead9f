"""Tracing: sweeps written down as tapes, and those tapes differentiated again."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.recorder import RecordedValue, Recorder
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import Tape, run
from calcgrad.expression import parse
from calcgrad.functions.lowering import lower
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import FLOAT64

AT = [0.75, 1.25]


def f(x: Any, y: Any) -> Any:
    return mpmath.exp(x * y) / (1 + x**2) + mpmath.sin(y)


def gradient_tape() -> tuple[Tape, list[Any]]:
    """Reverse mode over traced values: the gradient as a tape of two outputs."""
    tape = lower(parse("exp(x*y)/(1 + x^2) + sin(y)", VOCABULARY).root, ["x", "y"])
    recorder = Recorder(FLOAT64, tape.inputs, AT)
    values = run(tape, recorder.inputs, recorder)
    adjoints = pullback(tape, values, {tape.outputs[0]: 1.0}, recorder)
    return recorder.finish(adjoints[:2])


def truth(*orders: int) -> float:
    with mpmath.workdps(50):
        return float(mpmath.diff(f, tuple(map(mpmath.mpf, AT)), orders))


def test_the_tape_of_the_gradient_holds_the_gradient() -> None:
    tape, values = gradient_tape()
    assert [values[slot] for slot in tape.outputs] == pytest.approx([truth(1, 0), truth(0, 1)], rel=1e-14)
    assert run(tape, AT, FLOAT64) == values


def test_hessian_by_forward_over_reverse() -> None:
    tape, values = gradient_tape()
    hessian = []
    for seed in ([1.0, None], [None, 1.0]):
        tangents = pushforward(tape, values, seed, FLOAT64)
        hessian.append([tangents[slot] for slot in tape.outputs])
    assert hessian[0] == pytest.approx([truth(2, 0), truth(1, 1)], rel=1e-13)
    assert hessian[1] == pytest.approx([truth(1, 1), truth(0, 2)], rel=1e-13)


def test_a_third_derivative_by_tracing_twice() -> None:
    tape, _ = gradient_tape()
    recorder = Recorder(FLOAT64, tape.inputs, AT)
    values = run(tape, recorder.inputs, recorder)
    again, second = recorder.finish([pullback(tape, values, {tape.outputs[0]: 1.0}, recorder)[1]])
    assert pullback(again, second, {again.outputs[0]: 1.0}, FLOAT64)[0] == pytest.approx(
        truth(2, 1), rel=1e-13
    )


def test_only_the_branch_at_the_primal_is_written() -> None:
    recorder = Recorder(FLOAT64, ["x"], [-1.0])
    (x,) = recorder.inputs
    tape = lower(parse("where(x > 0, log(x), x*x)", VOCABULARY).root, ["x"])
    out = run(tape, [x], recorder)[tape.outputs[0]]
    assert isinstance(out, RecordedValue)
    assert out.primal == 1.0


def test_what_is_not_traced_is_not_written() -> None:
    recorder = Recorder(FLOAT64, ["x"], [3.0])
    assert recorder.function("sin")(0.0) == 0.0
    tape, values = recorder.finish([7.0])
    assert (tape.steps, values[tape.outputs[0]]) == ((), 7.0)
