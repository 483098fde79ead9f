"""Lowering: what is shared, what is written out, and that length and depth do no harm."""

from __future__ import annotations

import math

import pytest

from calcgrad.autodiff.tape import run
from calcgrad.errors import UsageError
from calcgrad.expression import parse
from calcgrad.expression.nodes import Call, Name, Node
from calcgrad.functions.expression import Expression
from calcgrad.functions.lowering import lower
from calcgrad.methods import method
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.report.estimates import Estimate
from calcgrad.systems.base import FLOAT64

pytestmark = pytest.mark.slow


def nested(depth: int) -> Node:
    node: Node = Call("mul", (Name("x"), Name("y")))
    for _ in range(depth):
        node = Call("atan", (node,))
    return node


@pytest.mark.parametrize("wrt", [(0,), (0, 0), (0, 1)])
@pytest.mark.parametrize("name", ["forward-ad", "reverse-ad"])
def test_thousands_of_nested_calls(name: str, wrt: tuple[int, ...]) -> None:
    """With x = 0 at order 1 each atan passes the slope on; every even derivative at 0 but f_xy = 1 is 0."""
    depth = 10_000 if len(wrt) == 1 else 3_000
    function = Expression(nested(depth), ["x", "y"])
    found = method(name).derivatives(Problem(function, [0.0, 2.0], [wrt]))
    assert isinstance(found, Estimate)
    assert found.value == [[{(0,): 2.0, (0, 0): 0.0, (0, 1): 1.0}[wrt]]]


def test_a_hundred_thousand_terms() -> None:
    node: Node = Name("x")
    for _ in range(100_000):
        node = Call("add", (node, Name("x")))
    function = Expression(node, ["x"])
    for name in ("forward-ad", "reverse-ad"):
        found = method(name).derivatives(Problem(function, [0.5], [(0,)]))
        assert isinstance(found, Estimate)
        assert found.value == [[100_001.0]]


def test_equal_subexpressions_and_constants_are_one_slot() -> None:
    tape = lower(parse("2*sin(x) + sin(x)*2 + sin(x)^2", VOCABULARY).root, ["x"])
    assert [step.op for step in tape.steps].count("sin") == 1
    assert len(tape.constants) == 1


def test_a_vector_has_several_outputs() -> None:
    tape = lower(parse("[x, [x*y, 3]]", VOCABULARY).root, ["x", "y"])
    values = run(tape, [2.0, 5.0], FLOAT64)
    assert [float(values[slot]) for slot in tape.outputs] == [2.0, 10.0, 3.0]


def test_a_step_knows_its_place_in_the_text() -> None:
    (step,) = lower(parse("  sin(x)", VOCABULARY).root, ["x"]).steps
    assert (step.where.start, step.where.end) == (2, 8)


def test_a_variable_without_value_is_an_error_with_its_place() -> None:
    with pytest.raises(UsageError) as caught:
        lower(parse("x*y", VOCABULARY).root, ["x"])
    assert caught.value.diagnostic.code == "E301"
    assert caught.value.diagnostic.span is not None
    assert caught.value.diagnostic.span.start == 2


def test_constants_lie_at_the_end_of_the_values_in_reverse() -> None:
    tape = lower(parse("2*x + pi", VOCABULARY).root, ["x"])
    values = run(tape, [1.5], FLOAT64)
    assert len(values) == tape.places()
    assert [values[-1 - c] for c in range(2)] == [2.0, math.pi]
