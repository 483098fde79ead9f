"""Taylor series: several variables nested, over mpmath's numbers, against mpmath's own derivatives."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest

from calcgrad.autodiff.jets import Jets, run_series, taylor
from calcgrad.autodiff.tape import Tape
from calcgrad.expression import parse
from calcgrad.functions.lowering import lower
from calcgrad.methods.forward_ad import nest, peel
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import FLOAT64, system


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
