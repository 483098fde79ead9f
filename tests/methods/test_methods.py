"""Every method on a table of scenarios, against mpmath's derivatives in 50 digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest

from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.methods import OWN, method
from calcgrad.methods.differences import central_stencil, forward_stencil
from calcgrad.methods.protocol import Outcome, Problem
from calcgrad.operations import VOCABULARY
from calcgrad.report.estimates import Estimate, Skipped

#: What a method may be off by, relative to 1 + |truth|, at orders 1 and 2.
TOLERANCE = {
    "forward-difference": (1e-6, 1e-3),
    "central-difference": (1e-9, 1e-6),
    "adaptive": (1e-11, 1e-8),
    "complex-step": (1e-14, 0.0),
    "forward-ad": (1e-14, 1e-13),
    "reverse-ad": (1e-14, 1e-13),
}
SCENARIOS: list[tuple[str, list[Callable[..., Any]], list[float]]] = [
    ("exp(sin(x))", [lambda x: mpmath.exp(mpmath.sin(x))], [0.7]),
    ("x^y + x*y", [lambda x, y: x**y + x * y], [1.25, 2.5]),
    ("[x*y, atan(x/y)]", [lambda x, y: x * y, lambda x, y: mpmath.atan(x / y)], [0.5, 1.5]),
    ("x*y*z/(1 + z^2)", [lambda x, y, z: x * y * z / (1 + z**2)], [0.5, 1.5, -2.0]),
]


def ask(name: str, text: str, flat: list[float], wrts: list[tuple[int, ...]], **more: Any) -> Outcome:
    variables = ["x", "y", "z"][: len(flat)]
    function = Expression(parse(text, VOCABULARY, declared=variables).root, variables)
    return method(name).derivatives(Problem(function, flat, wrts, **more))


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(("text", "fs", "flat"), SCENARIOS, ids=[s[0] for s in SCENARIOS])
def test_scenarios(name: str, order: int, text: str, fs: list[Callable[..., Any]], flat: list[float]) -> None:
    n = len(flat)
    wrts: list[tuple[int, ...]] = [(i,) for i in range(n)]
    if order == 2:
        wrts = [(i, j) for i in range(n) for j in range(i, n)]
    found = ask(name, text, flat, wrts)
    if name == "complex-step" and order == 2:
        assert isinstance(found, Skipped)
        return
    assert isinstance(found, Estimate)
    for wrt, row in zip(wrts, found.value, strict=True):
        assert len(row) == len(fs)
        for value, f in zip(row, fs, strict=True):
            with mpmath.workdps(50):
                counts = tuple(wrt.count(i) for i in range(n))
                at = tuple(map(mpmath.mpf, flat))
                truth = float(mpmath.diff(f, at if n > 1 else at[0], counts if n > 1 else order))
            assert abs(value - truth) <= TOLERANCE[name][order - 1] * (1 + abs(truth)), (wrt, value, truth)


@pytest.mark.parametrize("name", OWN)
def test_array_variables(name: str) -> None:
    """The gradient of sum(w^2 v) is 2 w v and w^2."""
    function = Expression(
        parse("sum(w^2*v)", VOCABULARY, declared=["w", "v"]).root, ["v", "w"], {"v": (2,), "w": (2,)}
    )
    found = method(name).derivatives(Problem(function, [3.0, 4.0, 0.5, 2.0], [(i,) for i in range(4)]))
    if name == "complex-step":
        assert isinstance(found, Skipped)
        assert "arrays" in found.reason
        return
    assert isinstance(found, Estimate)
    assert [row[0] for row in found.value] == pytest.approx([0.25, 4.0, 3.0, 16.0], rel=1e-6)


def test_stencils_are_those_of_abramowitz_and_stegun() -> None:
    """25.3.21 (first), 25.3.23 (second), 25.3.24's third difference 1 -3 3 -1, 25.3.25: 1 -4 6 -4 1."""
    assert dict(central_stencil(1)) == {1: 0.5, -1: -0.5}
    assert dict(central_stencil(2)) == {1: 1, 0: -2, -1: 1}
    assert dict(central_stencil(4)) == {2: 1, 1: -4, 0: 6, -1: -4, -2: 1}
    assert dict(forward_stencil(3)) == {3: 1, 2: -3, 1: 3, 0: -1}
    assert dict(central_stencil(3)) == {3: 1 / 8, 1: -3 / 8, -1: 3 / 8, -3: -1 / 8}


@pytest.mark.parametrize("name", ["forward-difference", "central-difference"])
def test_the_users_step_is_taken(name: str) -> None:
    found = ask(name, "x^2", [1.0], [(0,)], step=0.25)
    assert isinstance(found, Estimate)
    assert (found.value, found.step) == ([[2.25 if name == "forward-difference" else 2.0]], [[0.25]])


class TestComplexStep:
    def test_skipped_with_the_reason(self) -> None:
        found = ask("complex-step", "|x|", [1.0], [(0,)])
        assert isinstance(found, Skipped)
        assert "abs" in found.reason
        assert "not analytic" in found.reason

    @pytest.mark.parametrize("x", [1e-200, 1e-290, -1e-120, 3e-85])
    def test_the_step_stays_small_beside_a_small_number(self, x: float) -> None:
        found = ask("complex-step", "1/x", [x * 1e10], [(0,)])
        assert isinstance(found, Estimate)
        if math.isfinite(1 / (x * 1e10) ** 2 if (x * 1e10) ** 2 else math.inf):
            assert found.value[0][0] == pytest.approx(-1 / (x * 1e10) ** 2, rel=1e-14)
        smooth = ask("complex-step", f"{abs(x)!r}/x", [x], [(0,)])
        assert isinstance(smooth, Estimate)
        assert smooth.value[0][0] == pytest.approx(-abs(x) / x / x, rel=1e-14)

    def test_nearer_to_zero_than_any_step_it_says_so(self) -> None:
        found = ask("complex-step", "sqrt(x)", [5e-324], [(0,)])
        assert (found.status[0][0], found.note[0][0]) == (
            "noisy",
            "no step is small beside so small a number",
        )

    def test_noisy_near_the_smallest_doubles(self) -> None:
        found = ask("complex-step", "x*1e-310", [3.0], [(0,)])
        assert isinstance(found, Estimate)
        assert found.status == [["noisy"]]
        assert "smallest doubles" in found.note[0][0]

    def test_undefined_where_the_function_is(self) -> None:
        found = ask("complex-step", "exp(x)", [800.0], [(0,)])
        assert isinstance(found, Estimate)
        assert found.status == [["undefined"]]


class TestAdaptive:
    def test_its_table(self) -> None:
        found = ask("adaptive", "[sin(x), |x|]", [0.0], [(0,)])
        assert isinstance(found, Estimate)
        assert found.status == [["ok", "kink"]]
        assert (found.left[0][1], found.right[0][1]) == pytest.approx((-1, 1))
        assert abs(found.value[0][0] - 1) <= found.error_bound[0][0] < 1e-10
        assert "kink" in found.note[0][1]

    def test_orders_that_it_has_not(self) -> None:
        for wrt in ((0,) * 7, (0, 0, 1)):
            assert isinstance(ask("adaptive", "x*y", [1.0, 2.0], [wrt]), Skipped)

    def test_a_slope_made_by_rounding_is_not_believed(self) -> None:
        found = ask("adaptive", "(1-cos(x))/x^2", [1e-5], [(0,)])
        assert isinstance(found, Estimate)
        assert abs(found.value[0][0] + 1e-5 / 12) <= found.error_bound[0][0]
        assert found.status == [["noisy"]]
