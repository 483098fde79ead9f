"""Forward mode: seeds, blocks, jets of any order, and agreement with mpmath's Taylor coefficients."""

from __future__ import annotations

import math

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.jets import taylor
from calcgrad.autodiff.tape import Tape, run
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.functions.lowering import lower
from calcgrad.methods import method
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.report.estimates import Estimate, Skipped
from calcgrad.systems.base import FLOAT64


def tape_of(text: str, *variables: str) -> Tape:
    return lower(parse(text, VOCABULARY, declared=variables).root, variables)


def derivative(text: str, wrt: tuple[int, ...], **point: float) -> float:
    """One derivative by the method ``forward-ad``."""
    function = Expression(parse(text, VOCABULARY, declared=tuple(point)).root, tuple(point))
    outcome = method("forward-ad").derivatives(Problem(function, list(point.values()), [wrt]))
    assert isinstance(outcome, Estimate)
    value: float = outcome.value[0][0]
    return value


class TestSeeds:
    """f(x1, x2) = x1·x2 + sin(x1): one pass a seed."""

    def test_a_seed_in_each_input(self) -> None:
        tape = tape_of("x1*x2 + sin(x1)", "x1", "x2")
        values = run(tape, [1.25, 2.5], FLOAT64)
        first = pushforward(tape, values, [1.0, None], FLOAT64)
        second = pushforward(tape, values, [None, 1.0], FLOAT64)
        assert first[-1] == 2.5 + math.cos(1.25)
        assert second[-1] == 1.25
        assert second[3] is None, "sin(x1) does not move with x2"

    def test_the_tangent_is_linear_in_the_seed(self) -> None:
        tape = tape_of("exp(x)*y", "x", "y")
        values = run(tape, [0.5, 2.0], FLOAT64)
        whole = pushforward(tape, values, [1.0, 1.0], FLOAT64)[-1]
        parts = [pushforward(tape, values, seed, FLOAT64)[-1] for seed in ([1.0, None], [None, 1.0])]
        assert whole == sum(parts)


class TestOrders:
    """Derivatives above the first come from Taylor series."""

    def test_order_ten_of_exp_sin_square(self) -> None:
        with mpmath.workdps(60):
            x = mpmath.mpf(1.3)
            truth = mpmath.diff(lambda v: mpmath.exp(mpmath.sin(v**2)), x, 10)
            assert abs(derivative("exp(sin(x^2))", (0,) * 10, x=1.3) / truth - 1) < 1e-12

    @pytest.mark.parametrize(
        ("text", "f"),
        [
            ("sin(x)", mpmath.sin),
            ("tan(x)", mpmath.tan),
            ("exp(x)*log(x)", lambda v: mpmath.exp(v) * mpmath.log(v)),
            ("1/(1 + x^2)", lambda v: 1 / (1 + v**2)),
            ("sqrt(x)", mpmath.sqrt),
            ("x^x", lambda v: v**v),
            ("atan(x)", mpmath.atan),
            ("erf(x)", mpmath.erf),
            ("gamma(x)", mpmath.gamma),
            ("besselj(0, x)", lambda v: mpmath.besselj(0, v)),
            ("tanh(x)/x", lambda v: mpmath.tanh(v) / v),
        ],
    )
    def test_taylor_coefficients_against_mpmath(self, text: str, f: object) -> None:
        x = 0.75
        ours = taylor(tape_of(text, "x"), [x], {0: 1.0}, 6, FLOAT64)[0]
        with mpmath.workdps(60):
            truth = mpmath.taylor(f, mpmath.mpf(x), 6)
        for k, (a, b) in enumerate(zip(ours, truth, strict=True)):
            assert a == pytest.approx(float(b), rel=1e-11, abs=1e-13), f"coefficient {k}"

    def test_polynomials_are_exact_at_zero(self) -> None:
        assert taylor(tape_of("x^5 - 3*x^2", "x"), [0.0], {0: 1.0}, 6, FLOAT64) == [[0, 0, -3, 0, 0, 1, 0]]

    def test_mixed_partials_of_any_order(self) -> None:
        with mpmath.workdps(60):
            at = (mpmath.mpf(1.25), mpmath.mpf(0.75))
            truth = mpmath.diff(lambda x, y: mpmath.exp(x * y) * x**3, at, (2, 3))
        assert derivative("exp(x*y)*x^3", (0, 0, 1, 1, 1), x=1.25, y=0.75) == pytest.approx(
            float(truth), rel=1e-13
        )

    def test_perturbations_of_different_variables_stay_apart(self) -> None:
        assert derivative("x*(x*(x + y))", (0, 1), x=2.0, y=3.0) == 4.0


@settings(max_examples=50, derandomize=True, deadline=None)
@given(x=st.floats(-3, 3), y=st.floats(-3, 3))
def test_forward_equals_reverse(x: float, y: float) -> None:
    function = Expression(parse("sin(x*y) + exp(x - y)/(1 + y^2)", VOCABULARY).root, ("x", "y"))
    problem = Problem(function, [x, y], [(0,), (1,)])
    forward, reverse = [method(name).derivatives(problem) for name in ("forward-ad", "reverse-ad")]
    assert isinstance(forward, Estimate)
    assert isinstance(reverse, Estimate)
    for a, b in zip(forward.value, reverse.value, strict=True):
        assert a == pytest.approx(b, rel=1e-13, abs=1e-13)


def test_an_order_without_closed_form_is_skipped_with_the_reason() -> None:
    function = Expression(parse("besselj(n, x)", VOCABULARY, declared=("n", "x")).root, ("n", "x"))
    outcome = method("forward-ad").derivatives(Problem(function, [1.0, 2.0], [(0,)]))
    assert isinstance(outcome, Skipped)
    assert "no closed form" in outcome.reason


def test_a_planted_bug_in_lowering_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Differences call the raw function, so a wrong tape disagrees with them and with the truth."""
    import calcgrad
    import calcgrad.functions.expression
    from calcgrad.expression.nodes import Node

    real = calcgrad.functions.expression.lower

    def wrong(root: Node, inputs: tuple[str, ...]) -> Tape:
        tape = real(root, inputs)
        first = tape.steps[0]
        steps = (type(first)("cos", first.args, first.params, first.where), *tape.steps[1:])
        return Tape(tape.inputs, tape.constants, steps, tape.outputs)

    assert calcgrad.diff("sin(x)*3", at=0.5).points[0].verdict == "agree"
    monkeypatch.setattr(calcgrad.functions.expression, "lower", wrong)
    report = calcgrad.diff("sin(x)*3", at=0.5)
    assert report.points[0].verdict == "disagree"
    central = next(r for r in report.points[0].results if r.method == "central-difference")
    assert central.rel_error is not None
    assert central.rel_error < 1e-8
