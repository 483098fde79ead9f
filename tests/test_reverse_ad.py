"""Reverse mode: the worked graph of the lesson, the laws that tie it to forward mode, the edges."""

from __future__ import annotations

import math

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.reverse import active_slots, pullback
from calcgrad.autodiff.tape import Tape, run
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.functions.lowering import lower
from calcgrad.methods import method
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.report.estimates import Estimate
from calcgrad.systems.base import FLOAT64

SMOOTH = [
    "x*y + sin(x)",
    "exp(x*y)/(1 + x^2)",
    "tanh(x - y)*cos(x*y)",
    "sqrt(x^2 + y^2 + 1)",
    "log(2 + cos(x))*y^3",
    "x^y + y^x",
    "atan2(x, y + 3)",
    "sin(x)^2*cos(y)^2 + x/(y + 2)",
    "hypot(x, y)*sigmoid(x - y)",
    "where(x > y, x^2*y, x*y^2)",
]
POINT = st.floats(0.1, 2.0, allow_nan=False)


def tape_of(text: str, *variables: str) -> Tape:
    return lower(parse(text, VOCABULARY, declared=variables).root, variables)


def gradient(text: str, **point: float) -> list[float]:
    """The gradient by the method ``reverse-ad``."""
    function = Expression(parse(text, VOCABULARY, declared=tuple(point)).root, tuple(point))
    wrts = [(i,) for i in range(len(point))]
    outcome = method("reverse-ad").derivatives(Problem(function, list(point.values()), wrts))
    assert isinstance(outcome, Estimate)
    return [row[0] for row in outcome.value]


class TestBackprop:
    """f(x, y) = x·y + sin(x): five slots forward, five adjoints back, one pass."""

    def test_slots_of_the_worked_graph(self) -> None:
        tape = tape_of("x*y + sin(x)", "x", "y")
        assert tape.inputs == ("x", "y")
        assert [(step.op, step.args) for step in tape.steps] == [
            ("mul", (0, 1)),
            ("sin", (0,)),
            ("add", (2, 3)),
        ]
        x, y = 1.25, 2.5
        assert run(tape, [x, y], FLOAT64) == [x, y, x * y, math.sin(x), x * y + math.sin(x)]

    def test_adjoints_of_the_worked_graph(self) -> None:
        tape = tape_of("x*y + sin(x)", "x", "y")
        x, y = 1.25, 2.5
        adjoints = pullback(tape, run(tape, [x, y], FLOAT64), {4: 1.0}, FLOAT64)
        assert adjoints == pytest.approx([y + math.cos(x), x, 1.0, 1.0, 1.0], rel=1e-15)

    def test_two_forward_passes_but_one_backward_pass(self) -> None:
        function = Expression(parse("x*y + sin(x)", VOCABULARY).root, ("x", "y"))
        problem = Problem(function, [1.25, 2.5], [(0,), (1,)])
        forward, reverse = [method(name).derivatives(problem) for name in ("forward-ad", "reverse-ad")]
        assert isinstance(forward, Estimate)
        assert isinstance(reverse, Estimate)
        assert (forward.passes, reverse.passes) == (2, 1)
        assert forward.value == reverse.value

    def test_chain_rule(self) -> None:
        x = 1.3
        assert gradient("sin(x^2)", x=x) == pytest.approx([math.cos(x**2) * 2 * x], rel=1e-15)

    def test_a_shared_subexpression_is_one_slot(self) -> None:
        tape = tape_of("sin(x*y) + cos(x*y)", "x", "y")
        assert [step.op for step in tape.steps] == ["mul", "sin", "cos", "add"]

    def test_gradients_do_not_pile_up_over_calls(self) -> None:
        tape = tape_of("x^2", "x")
        values = run(tape, [3.0], FLOAT64)
        assert pullback(tape, values, {1: 1.0}, FLOAT64) == pullback(tape, values, {1: 1.0}, FLOAT64)


@pytest.mark.parametrize("text", SMOOTH)
@settings(max_examples=20, derandomize=True, deadline=None)
@given(x=POINT, y=POINT, u=st.tuples(POINT, POINT))
def test_dot_product_identity(text: str, x: float, y: float, u: tuple[float, float]) -> None:
    """⟨1, J u⟩ = ⟨Jᵀ 1, u⟩."""
    tape = tape_of(text, "x", "y")
    values = run(tape, [x, y], FLOAT64)
    pushed = pushforward(tape, values, u, FLOAT64)[tape.outputs[0]]
    pulled = pullback(tape, values, {tape.outputs[0]: 1.0}, FLOAT64)[:2]
    size = sum(abs(g * v) for g, v in zip(pulled, u, strict=True)) + 1
    assert abs(pushed - sum(g * v for g, v in zip(pulled, u, strict=True))) <= 1e-13 * size


@pytest.mark.parametrize("text", SMOOTH)
def test_against_numerical_derivatives_in_high_precision(text: str) -> None:
    """The truth comes from mpmath's own differences of the expression in Python's spelling."""
    python = text.replace("^", "**").replace("where(x > y, x**2*y, x*y**2)", "(x**2*y if x > y else x*y**2)")
    names = {n: getattr(mpmath, n) for n in ("sin", "cos", "tanh", "exp", "sqrt", "log", "atan2", "hypot")}
    names["sigmoid"] = lambda v: 1 / (1 + mpmath.exp(-v))

    def f(x: object, y: object) -> object:
        return eval(python, {**names, "x": x, "y": y})

    with mpmath.workdps(50):
        at = (mpmath.mpf(1.25), mpmath.mpf(0.75))
        truth = [float(mpmath.diff(f, at, n)) for n in ((1, 0), (0, 1))]
    assert gradient(text, x=1.25, y=0.75) == pytest.approx(truth, rel=1e-13)


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("x^0", {"x": 0.0}, [0.0]),
        ("x^3", {"x": 0.0}, [0.0]),
        ("x^3", {"x": -2.0}, [12.0]),
        ("max(x, x)", {"x": 1.5}, [1.0]),
        ("sqrt(x)", {"x": 0.0}, [math.inf]),
        ("hypot(x, y)", {"x": 0.0, "y": 0.0}, [0.0, 0.0]),
        ("abs(x)", {"x": 0.0}, [0.0]),
        ("max(x, y)", {"x": 2.0, "y": 2.0}, [0.5, 0.5]),
        ("where(x > 0, log(x), 0)", {"x": -1.0}, [0.0]),
        ("where(x > 0, sqrt(x), 0)", {"x": 0.0}, [0.0]),
        ("max(1, sqrt(x))", {"x": 0.0}, [0.0]),
        ("7 + 0*x", {"x": 3.0}, [0.0]),
    ],
)
def test_edges(text: str, point: dict[str, float], expected: list[float]) -> None:
    assert gradient(text, **point) == expected


def test_only_active_steps_are_visited() -> None:
    tape = tape_of("x*log(y)", "x", "y")
    assert active_slots(tape, [0]) == [True, False, False, True]
    values = run(tape, [2.0, 0.0], FLOAT64)
    adjoints = pullback(tape, values, {3: 1.0}, FLOAT64, wrt=[0])
    assert adjoints[0] == -math.inf
    assert adjoints[1] is None


@pytest.mark.slow
def test_a_deep_chain_needs_no_recursion() -> None:
    tape = tape_of("+".join(["x"] * 50_000), "x")
    values = run(tape, [1.0], FLOAT64)
    assert pullback(tape, values, {tape.outputs[0]: 1.0}, FLOAT64)[0] == 50_000.0


def test_higher_orders_are_reverse_over_series() -> None:
    function = Expression(parse("x^3*y^2", VOCABULARY).root, ("x", "y"))
    outcome = method("reverse-ad").derivatives(Problem(function, [2.0, 3.0], [(0, 0), (0, 1), (1, 1)]))
    assert isinstance(outcome, Estimate)
    assert outcome.value == [[6 * 2.0 * 9.0], [3 * 4.0 * 2 * 3.0], [2 * 8.0]]
