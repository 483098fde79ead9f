"""Taylor series: several variables nested, over mpmath's numbers, against mpmath's own derivatives."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from calcgrad.autodiff.jets import Jets, Series, run_series, taylor
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import Step, Tape
from calcgrad.expression import parse
from calcgrad.expression.nodes import Number
from calcgrad.functions.lowering import lower
from calcgrad.methods.forward_ad import nest, peel
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import FLOAT64, system

ARRAYS = system("numpy")


def tape_of(text: str, *variables: str) -> Tape:
    return lower(parse(text, VOCABULARY, declared=variables).root, variables)


@pytest.mark.parametrize("orders", [(1, 1, 1), (2, 1, 1), (2, 0, 3), (0, 2, 2)])
def test_three_nested_variables(orders: tuple[int, int, int]) -> None:
    tape = tape_of("exp(x*y)*sin(y*z) + x^3/z", "x", "y", "z")
    wanted = [(i, k) for i, k in enumerate(orders) if k]
    inputs, level = nest([0.75, 1.25, 2.0], wanted, FLOAT64)
    assert isinstance(level, Jets)
    found = peel(run_series(tape, inputs, level, wanted[-1][1])[tape.outputs[0]], wanted)

    def f(x: Any, y: Any, z: Any) -> Any:
        return mpmath.exp(x * y) * mpmath.sin(y * z) + x**3 / z

    with mpmath.workdps(60):
        truth = mpmath.diff(f, tuple(map(mpmath.mpf, (0.75, 1.25, 2.0))), orders)
    assert found == pytest.approx(float(truth), rel=1e-13)


def test_over_mpmath_in_fifty_digits() -> None:
    with mpmath.workdps(50):
        x = mpmath.mpf(3) / 4
        ours = taylor(tape_of("atan(x)/x", "x"), [x], {0: mpmath.mpf(1)}, 8, system("mpmath"))[0]
        with mpmath.workdps(90):
            truth = mpmath.taylor(lambda v: mpmath.atan(v) / v, mpmath.mpf(3) / 4, 8)
        for a, b in zip(ours, truth, strict=True):
            assert abs(a - b) < mpmath.mpf(10) ** -45


def test_along_a_direction() -> None:
    """x y along (1, 2): (x + t)(y + 2t)."""
    assert taylor(tape_of("x*y", "x", "y"), [3.0, 5.0], {0: 1.0, 1: 2.0}, 3, FLOAT64) == [
        [15.0, 11.0, 2.0, 0.0]
    ]


def test_equal_operations_are_one_series() -> None:
    jets = Jets(FLOAT64)
    x = jets.variable(0.5, 1.0)
    assert jets.combine("sin", x) is jets.combine("sin", x)
    assert jets.combine("sin", x) is not jets.combine("cos", x)


def test_reverse_mode_over_series_goes_as_deep_as_the_tape() -> None:
    """x^n by n - 1 products: no series waits for all that came before it, on the way there and back."""
    n = 3000
    steps = [Step("mul", (0, 0)), *(Step("mul", (k, 0)) for k in range(1, n - 1))]
    tape = Tape(("x",), (), tuple(steps), (len(steps),))
    jets = Jets(FLOAT64, 1)
    values = run_series(tape, [jets.variable(1.0, 1.0)], jets, 1)
    adjoint = pullback(tape, values, {tape.outputs[0]: jets.constant(Number(1))}, jets)[0]
    assert [adjoint.coefficient(k) for k in range(2)] == [n, n * (n - 1)]


def test_settled_series_have_their_coefficients_at_every_level() -> None:
    inner = Jets(FLOAT64, 2)
    outer = Jets(inner, 1)
    x = outer.variable(inner.variable(0.5, 1.0), inner.lift(1.0))
    found = outer.function("exp")(x)
    outer.settle(found)
    assert len(found.coefficients) == 2
    assert [len(each.coefficients) for each in found.coefficients] == [3, 3]
    with mpmath.workdps(30):
        e = mpmath.exp(0.5)
        for k, each in enumerate(found.coefficients):
            expected = [float(e / mpmath.factorial(j)) for j in range(3)]
            assert each.coefficients == pytest.approx(expected, rel=1e-14), k


def test_operations_with_plain_numbers_on_either_side() -> None:
    """What Python writes is what is computed."""
    jets = Jets(FLOAT64)
    x = jets.variable(0.5, 1.0)
    for made, expected in (
        (2.0 - x, [1.5, -1.0, 0.0]),
        (x - 2.0, [-1.5, 1.0, 0.0]),
        (1.0 + x, [1.5, 1.0, 0.0]),
        (x + 1.0, [1.5, 1.0, 0.0]),
        (3.0 * x, [1.5, 3.0, 0.0]),
        (x * 3.0, [1.5, 3.0, 0.0]),
        (-x, [-0.5, -1.0, 0.0]),
        (x * x - x, [-0.25, 0.0, 1.0]),
        (x - x * x, [0.25, 0.0, -1.0]),
    ):
        assert [made.coefficient(k) or 0.0 for k in range(3)] == expected


@pytest.mark.parametrize(
    ("text", "orders"),
    [("x^3", [1.0, 3.0, 3.0, 1.0, 0.0]), ("1/x", [1.0, -1.0, 1.0, -1.0, 1.0]), ("2", [2.0, 0, 0, 0, 0])],
)
def test_series_end_where_they_end(text: str, orders: list[float]) -> None:
    tape = tape_of(text, "x") if "x" in text else Tape(("x",), (Number(2),), (), (-1,))
    assert taylor(tape, [1.0], {0: 1.0}, 4, FLOAT64) == [orders]


def test_a_derivative_of_a_series_and_of_a_constant() -> None:
    jets = Jets(FLOAT64)
    x = jets.variable(2.0, 1.0)
    square = x * x
    slope = square.derivative()
    assert slope is square.derivative()
    assert [slope.coefficient(k) for k in range(3)] == [4.0, 2.0, None]
    assert jets.lift(3.0).derivative().coefficient(0) is None
    assert jets.variable(3.0, None).constant
    assert not x.constant
    assert jets.truth(x)
    assert not jets.truth(jets.lift(0.0))


def test_a_series_of_other_jets_is_a_number_here() -> None:
    first, second = Jets(FLOAT64), Jets(Jets(FLOAT64))
    x = first.variable(2.0, 1.0)
    assert first.lift(x) is x
    assert second.lift(x) is not x
    assert second.lift(x).coefficient(0) is x


def test_nothing_over_something_is_nothing() -> None:
    jets = Jets(FLOAT64)
    x, none = jets.variable(2.0, 1.0), jets.lift(3.0).derivative()
    for op in ("div", "mul"):
        found = jets.function(op)(none, x)
        assert [found.coefficient(k) for k in range(3)] == [None, None, None]
    assert [(x + none).coefficient(k) for k in range(3)] == [2.0, 1.0, None]
    assert [(none - x).coefficient(k) for k in range(3)] == [-2.0, -1.0, None]
    assert (-none).coefficient(0) is None


# Series of arrays


def _coefficients(series: Series, count: int = 3) -> list[Any]:
    return [series.coefficient(k) for k in range(count)]


@pytest.mark.parametrize("op", ["add", "sub", "mul", "div", "atan2"])
@pytest.mark.parametrize("turned", [False, True])
def test_every_coefficient_has_the_shape_of_the_value(op: str, turned: bool) -> None:
    """A number that moves beside a row that does not: each entry moves."""
    jets = Jets(ARRAYS, 2)
    number, row = jets.variable(np.float64(2.0), np.float64(1.0)), jets.lift(np.array([1.0, 2.0, 4.0]))
    found = jets.function(op)(*((row, number) if turned else (number, row)))
    assert found.shape == (3,)
    exact: dict[str, Any] = {
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "div": lambda a, b: a / b,
        "atan2": mpmath.atan2,
    }
    for j, c in enumerate((1.0, 2.0, 4.0)):

        def along(t: Any, c: float = c) -> Any:
            return exact[op](c, t) if turned else exact[op](t, c)

        with mpmath.workdps(30):
            truth = [float(each) for each in mpmath.taylor(along, 2, 2)]
        for k, each in enumerate(_coefficients(found)):
            assert each is None or each.shape == (3,)
            assert (0.0 if each is None else each[j]) == pytest.approx(truth[k], rel=1e-13, abs=1e-13)


def test_rows_of_numbers_move_entry_by_entry() -> None:
    jets = Jets(ARRAYS, 2)
    x = jets.variable(np.array([[1.0, -2.0, 3.0]]), np.array([[0.5, 1.0, -1.0]]))
    still = jets.lift(np.array([[7.0, 8.0, 9.0]]))
    both = jets.function("concatenate")(x, still, 0)
    assert [c if c is None else c.tolist() for c in _coefficients(both)] == [
        [[1.0, -2.0, 3.0], [7.0, 8.0, 9.0]],
        [[0.5, 1.0, -1.0], [0.0, 0.0, 0.0]],
        None,
    ]


def test_what_only_moves_numbers_is_done_to_each_coefficient() -> None:
    jets = Jets(ARRAYS, 1)
    value, direction = np.array([3.0, 1.0, 2.0]), np.array([0.5, -1.0, 4.0])
    x = jets.variable(value, direction)
    for op, by_hand in (
        ("rfft", np.fft.rfft),
        ("stop_gradient", lambda v: v),
        ("argsort", np.argsort),
        ("size", np.size),
    ):
        params = {"rfft": (0,), "argsort": (-1,), "size": (), "stop_gradient": ()}[op]
        found = jets.function(op)(x, *params)
        assert np.allclose(found.coefficient(0), by_hand(value))
        if op == "rfft":
            assert np.allclose(found.coefficient(1), by_hand(direction))
        else:
            assert found.constant
            assert found.coefficient(1) is None


def test_a_linear_operation_on_nothing_is_nothing() -> None:
    jets = Jets(ARRAYS, 2)
    matrix = jets.lift(np.array([[2.0, 1.0], [1.0, 3.0]]))
    x = jets.variable(np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]]))
    found = jets.function("solve")(matrix, x.derivative().derivative())
    assert _coefficients(found) == [None, None, None]
    moving = _coefficients(jets.function("solve")(matrix, x))
    assert moving[0] == pytest.approx(np.array([[0.2], [0.6]]))
    assert moving[1] == pytest.approx(np.array([[1.0], [1.0]]))
    assert moving[2] is None


def test_a_branch_is_chosen_by_the_value_and_repeated_to_its_shape() -> None:
    plain = Jets(FLOAT64)
    assert plain.order == 0
    assert not plain.truth(plain.variable(0.0, 1.0))
    jets = Jets(ARRAYS, 1)
    mask = jets.lift(np.array([True, False, True]))
    row, number = (
        jets.variable(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])),
        jets.variable(np.float64(7.0), None),
    )
    moving = jets.variable(np.float64(7.0), np.float64(8.0))
    for taken, other, expected in (
        (row, number, [[1.0, 7.0, 3.0], [4.0, 0.0, 6.0]]),
        (number, row, [[7.0, 2.0, 7.0], [0.0, 5.0, 0.0]]),
        (moving, row, [[7.0, 2.0, 7.0], [8.0, 5.0, 8.0]]),
        (moving, number, [[7.0, 7.0, 7.0], [8.0, 0.0, 8.0]]),
    ):
        found = jets.function("where")(mask, taken, other)
        assert [ARRAYS.filled(c).tolist() for c in _coefficients(found, 2)] == expected


def test_parts_of_series() -> None:
    """Slices cannot be hashed before Python 3.12: two of one kind are two operations."""
    jets = Jets(ARRAYS, 1)
    x = jets.variable(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0]))
    for key in (slice(0, 2), slice(1, 3), slice(None, None, 2)):
        found = jets.combine("getitem", x, params=(key,))
        assert [c.tolist() for c in _coefficients(found, 2)] == [[1.0, 2.0, 3.0][key], [4.0, 5.0, 6.0][key]]
