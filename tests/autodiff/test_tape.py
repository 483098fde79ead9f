"""The tape and what writes one: its layout, its picture, arithmetic that is recorded, and sums as balanced trees."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from calcgrad.autodiff.balancing import balanced
from calcgrad.autodiff.recorder import RecordedValue, Recorder
from calcgrad.autodiff.tape import Slot, Step, Tape, run
from calcgrad.expression import parse
from calcgrad.expression.nodes import NOWHERE
from calcgrad.functions.lowering import lower
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import FLOAT64, system

ARRAYS = system("numpy")


def test_the_layout_of_the_values() -> None:
    """Inputs, steps, and the constants from the end: a slot of either sign is an index."""
    tape = Tape(
        ("x", "y"), (2.0, 5.0), (Step("mul", (0, -1)), Step("sub", (2, -2)), Step("add", (3, 1))), (4, 2)
    )
    values = run(tape, [3.0, 7.0], FLOAT64)
    assert values == [3.0, 7.0, 6.0, 1.0, 8.0, 5.0, 2.0]
    assert len(values) == tape.places() == 7
    assert (values[-1], values[-2]) == (2.0, 5.0)
    assert (
        str(tape) == "v0 = x\nv1 = y\nv2 = mul(v0, 2.0)\nv3 = sub(v2, 5.0)\nv4 = add(v3, v1)\noutput v4, v2"
    )
    with_parameters = Tape(("a",), (), (Step("cumprod", (0,), (1,)),), (1,))
    assert str(with_parameters) == "v0 = a\nv1 = cumprod(v0, 1)\noutput v1"


def test_arithmetic_is_recorded_with_a_number_on_either_side() -> None:
    def everything(x: Any, y: Any) -> list[Any]:
        return [x + y, x + 2.0, 2.0 + x, x - y, x - 2.0, 2.0 - x, x * y, x * 2.0, 2.0 * x, -x]

    recorder = Recorder(FLOAT64, ["x", "y"], [3.0, 7.0])
    made = everything(*recorder.inputs)
    assert [each.primal for each in made] == everything(3.0, 7.0)
    tape, values = recorder.finish(made)
    assert [values[slot] for slot in tape.outputs] == everything(3.0, 7.0)
    again = run(tape, [1.5, -2.0], FLOAT64)
    assert [again[slot] for slot in tape.outputs] == everything(1.5, -2.0)
    assert tape.inputs == ("x", "y")
    assert {step.op for step in tape.steps} == {"add", "sub", "mul", "neg"}


def test_an_array_leaves_arithmetic_to_what_is_recorded() -> None:
    recorder = Recorder(ARRAYS, ["x"], [np.array([1.0, 2.0])])
    (x,) = recorder.inputs
    row = np.array([3.0, 5.0])
    made = row + x
    assert isinstance(made, RecordedValue)
    assert np.array_equal(made.primal, [4.0, 7.0])
    assert made.shape == (2,)
    assert recorder.shaped


def test_a_branch_by_entries_is_one_step_and_a_branch_of_numbers_is_none() -> None:
    recorder = Recorder(ARRAYS, ["x"], [np.array([1.0, -2.0])])
    (x,) = recorder.inputs
    chosen = recorder.select(np.array([True, False]), lambda: x, lambda: 2.0 * x)
    assert np.array_equal(chosen.primal, [1.0, -4.0])
    nothing = recorder.select(np.array([True, False]), lambda: None, lambda: None)
    assert nothing is None
    half = recorder.select(np.array([True, False]), lambda: x, lambda: None)
    assert np.array_equal(ARRAYS.filled(half.primal), [1.0, 0.0])
    other = recorder.select(np.array([True, False]), lambda: None, lambda: x)
    assert np.array_equal(ARRAYS.filled(other.primal), [0.0, -2.0])
    tape, _ = recorder.finish([chosen])
    assert [step.op for step in tape.steps].count("where") == 3
    again, _ = recorder.finish([chosen, half, other])
    values = run(again, [np.array([3.0, 5.0])], ARRAYS)
    assert [values[slot].tolist() for slot in again.outputs] == [[3.0, 10.0], [3.0, 0.0], [0.0, 5.0]]
    numbers = Recorder(FLOAT64, ["x"], [3.0])
    (x,) = numbers.inputs
    assert numbers.select(x, lambda: "taken", lambda: "other") == "taken"
    assert numbers.select(0.0, lambda: "taken", lambda: "other") == "other"
    assert numbers.truth(x)
    assert not numbers.truth(0.0)
    assert numbers.finish([])[0].steps == ()


def test_any_number_of_arrays_and_their_parameters_are_recorded() -> None:
    recorder = Recorder(ARRAYS, ["x"], [np.array([[1.0, -2.0]])])
    (x,) = recorder.inputs
    side, above = (
        recorder.function("concatenate")(x, np.array([[5.0, 6.0]]), 2.0 * x, axis) for axis in (1, 0)
    )
    running = recorder.function("cumsum")(x, 1)
    assert side.primal.tolist() == [[1.0, -2.0, 5.0, 6.0, 2.0, -4.0]]
    assert above.primal.tolist() == [[1.0, -2.0], [5.0, 6.0], [2.0, -4.0]]
    tape, _ = recorder.finish([side, above, running])
    values = run(tape, [np.array([[3.0, 4.0]])], ARRAYS)
    assert [values[slot].tolist() for slot in tape.outputs] == [
        [[3.0, 4.0, 5.0, 6.0, 6.0, 8.0]],
        [[3.0, 4.0], [5.0, 6.0], [6.0, 8.0]],
        [[3.0, 7.0]],
    ]
    assert [step.params for step in tape.steps if step.op == "concatenate"] == [(1,), (0,)]
    assert all(step.where == NOWHERE for step in tape.steps)
    assert Step("add", (0, 0)).where == NOWHERE
    assert recorder.function("concatenate")(np.ones(1), np.ones(2), 0).tolist() == [1.0, 1.0, 1.0]


def test_what_is_recorded_is_filled_in_its_place() -> None:
    recorder = Recorder(ARRAYS, ["x"], [np.array([1.0, -2.0])])
    (x,) = recorder.inputs
    half = recorder.select(np.array([True, False]), lambda: x, lambda: None)
    filled = recorder.filled(half)
    assert isinstance(filled, RecordedValue)
    assert filled.slot == half.slot
    assert np.array_equal(filled.primal, [1.0, 0.0])
    assert np.array_equal((filled + 1.0).primal, [2.0, 1.0])
    assert np.array_equal(recorder.filled(np.array([3.0])), [3.0])


def test_outputs_that_are_inputs_or_constants() -> None:
    recorder = Recorder(FLOAT64, ["x"], [3.0])
    (x,) = recorder.inputs
    y = 2.0 * x
    tape, values = recorder.finish([5.0, x, y, 7.0])
    assert [values[slot] for slot in tape.outputs] == [5.0, 3.0, 6.0, 7.0]
    assert tape.outputs[1] == 0
    assert tape.constants == (2.0, 5.0, 7.0)
    assert recorder.constant(parse("3/4", VOCABULARY).root.args[0]) == 3.0


def _value(tape: Tape, inputs: list[Fraction]) -> list[Fraction]:
    """The outputs in exact arithmetic: another order of additions is the same number."""
    values: dict[Slot, Any] = dict(enumerate(inputs))
    values.update({-1 - k: Fraction(c) for k, c in enumerate(tape.constants)})
    for slot, step in enumerate(tape.steps, len(inputs)):
        a, b = (values[i] for i in step.args)
        values[slot] = a + b if step.op == "add" else a * b
    return [values[slot] for slot in tape.outputs]


def _depth(tape: Tape) -> int:
    """The most additions one after another."""
    deep: dict[Slot, int] = {}
    for slot, step in enumerate(tape.steps, len(tape.inputs)):
        deep[slot] = max(deep.get(i, 0) for i in step.args) + (step.op == "add")
    return max(deep.values(), default=0)


@pytest.mark.parametrize("n", [2, 7, 8, 9, 100, 1000])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_long_sum_is_a_shallow_tree(n: int, backwards: bool) -> None:
    names = tuple(f"x{i}" for i in range(n))
    pairs = [(0, 1), *((k, n + k - 2) if backwards else (n + k - 2, k) for k in range(2, n))]
    steps = [Step("add", pair) for pair in pairs]
    tape = Tape(names, (), tuple(steps), (n + len(steps) - 1,))
    inputs = [Fraction(i * i + 1, i + 2) for i in range(n)]
    found = balanced(tape)
    assert _value(found, inputs) == _value(tape, inputs)
    assert len(found.steps) == n - 1
    assert _depth(found) == ((n - 1).bit_length() if n >= 8 else n - 1)
    assert found.inputs == names


def test_random_sums_and_products_keep_their_values_and_their_size() -> None:
    random = Random(3)
    for _ in range(60):
        inputs = random.randint(1, 5)
        steps: list[Step] = []
        for k in range(random.randint(1, 60)):
            op = "add" if random.random() < 0.9 else "mul"
            recent = inputs + k - 1 if random.random() < 0.8 else random.randrange(-2, inputs + k)
            pair = [recent, random.randrange(-2, inputs + k)]
            random.shuffle(pair)
            steps.append(Step(op, (pair[0], pair[1])))
        last = inputs + len(steps) - 1
        outputs = tuple({last, random.randrange(0, last + 1), -1})
        tape = Tape(tuple("abcde"[:inputs]), (3, 5), tuple(steps), outputs)
        numbers = [Fraction(random.randint(-3, 3)) for _ in range(inputs)]
        found = balanced(tape)
        assert _value(found, numbers) == _value(tape, numbers)
        assert len(found.steps) == len(tape.steps)
        assert found.constants == tape.constants


def test_what_is_no_sum_stays_as_it_is() -> None:
    names = tuple("abcdefghij")
    tape = Tape(names, (), (Step("concatenate", tuple(range(10)), (0,)), Step("add", (10, 0))), (11,))
    assert balanced(tape) == tape


def test_places_and_parameters_are_kept() -> None:
    tape = lower(parse("(x + 1 + x + 2 + x + 3 + x + 4 + x + 5)*sin(x)", VOCABULARY).root, ["x"])
    found = balanced(tape)
    assert [step.op for step in found.steps].count("sin") == 1
    spans = {(step.op, step.where) for step in tape.steps if step.op != "add"}
    assert {(step.op, step.where) for step in found.steps if step.op != "add"} == spans
    assert run(found, [0.5], FLOAT64)[found.outputs[0]] == pytest.approx(17.5 * np.sin(0.5))
