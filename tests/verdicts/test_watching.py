"""The quick look lets no point through that is near a break, and little else; arrays are looked at as their entries are."""

from __future__ import annotations

import math
from typing import Any

import pytest

from calcgrad.autodiff.tape import Step, Tape, run
from calcgrad.functions.expression import Expression
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.systems.base import FLOAT64, system
from calcgrad.verdicts.watching import (
    AMPLE,
    NEAR,
    answers,
    asked,
    domain_varies,
    smooth,
    suspicious,
    suspicious_arrays,
    watches,
)

from .test_special_points import reading

A = 0.9 * NEAR
B = 1.1 * NEAR
#: Expression, x, and whether that is near enough to a break; ``A`` is a little less than counts as near, ``B`` a little more.
LOOKS: tuple[tuple[str, float, bool], ...] = (
    ("abs(x)", 0.0, True), ("abs(x)", A, True), ("abs(x)", -A, True), ("abs(x)", B, False), ("abs(x)", -B, False),
    ("abs(x) + 1000", A, True), ("abs(x) + 1000", 999 * NEAR, True), ("abs(x) + 1000", 1002 * NEAR, False),
    ("abs(x/4) + 1/2", 15 * NEAR, True), ("abs(x/4) + 1/2", 17 * NEAR, False), ("max(x, 1)", 1.0 + A, True),
    ("max(x, 1)", 1.0 + 3 * B, False), ("min(x, 1)", 1.0 - A, True), ("min(x, 1)", 0.5, False), ("floor(x)", 1.0 + A, True),
    ("floor(x)", 1.0 - A, True), ("floor(x)", 1.5, False), ("floor(x)", 3.0 + 2.5 * NEAR, True),
    ("floor(x)", 3.0 - 4 * NEAR, False), ("floor(x)", -7.0, True), ("ceil(x)", 2.0, True), ("ceil(x)", 2.25, False),
    ("round(x)", 0.5, True), ("round(x)", 2.5, True), ("round(x)", 1.0, False), ("x % 3", 6.0, True), ("x % 3", 7.0, False),
    ("x // 3", 9.0, True), ("1/x", 0.0, True), ("1/x", 1e-300, True), ("1/x", 0.5, False), ("log(x)", 0.0, True),
    ("log(x)", -1.0, True), ("log(x)", 2.0, False), ("sqrt(x)", 0.0, True), ("sqrt(x)", 1e-4, False),
    ("tan(x)", math.pi / 2, True), ("tan(x)", 1.0, False), ("exp(x)", 800.0, True), ("exp(x)", 700.0, False),
    ("asin(x)", 1.0, True), ("asin(x)", 0.5, False), ("gamma(x)", -2.0, True), ("gamma(x)", 2.0, False),
    ("where(x, 1, 0)", 0.0, True), ("where(x, 1, 0)", A, True), ("where(x, 1, 0)", 1.0, False),
    ("where(not x, 1, x)", 0.0, True), ("where(x and 1, 2, x)", 0.0, True), ("where(x > 1, x, 0)", 1.0, True),
    ("where(x > 1, x, 0)", 1.5, False), ("where(x > 1, x, 0)", 0.0, False), ("x^x", 0.0, True), ("x^x", A, True),
    ("x^x", 1.0, False), ("(-2 - x)^x", 1.0, True), ("2^x", 0.0, False), ("x^2", 0.0, False), ("x^0.5", 0.0, True),
    ("x^-1", 0.0, True), ("sign(x)", 0.0, True), ("sign(x)", -1.0, False), ("heaviside(x)", 0.0, True),
    ("x^3 + sin(x)", 0.0, False), ("abs((x - 3)*1e12)", 3.0, True), ("abs((x - 0.3)*1e12)", 0.3, True),
    ("abs(x - 0.3)", 0.5, False), ("abs(sin(x)*1e10)", math.pi, True),
)  # fmt: skip


def look(expr: str, x: float) -> tuple[Tape, list[Any]]:
    read = reading(expr, f"x={x!r}")
    function: Expression = read.function
    return function.tape, run(function.tape, [x], FLOAT64)


@pytest.mark.parametrize(("expr", "x", "near"), LOOKS)
def test_what_is_near(expr: str, x: float, near: bool) -> None:
    tape, values = look(expr, x)
    assert suspicious(tape, values) is near


@pytest.mark.parametrize(("expr", "x", "near"), LOOKS)
def test_arrays_are_looked_at_as_their_entries_are(expr: str, x: float, near: bool) -> None:
    import numpy

    tape, _ = look(expr, x)
    if "1e1" in expr:  # rounding is not followed there
        return
    with numpy.errstate(all="ignore"):
        for entries in ([x], [x, 0.71], [0.71, x]):
            values = run(tape, [numpy.array(entries)], system("numpy"))
            far = len(entries) == 1 or not suspicious(*look(expr, 0.71))
            assert suspicious_arrays(tape, values) is (near or not far)


def test_an_empty_array_is_near_nothing() -> None:
    import numpy

    tape, _ = look("abs(x) + floor(x)", 1.0)
    assert suspicious_arrays(tape, run(tape, [numpy.zeros(0)], system("numpy"))) is False


@pytest.mark.parametrize("op", ["amax", "amin", "norm"])
def test_entries_that_are_chosen(op: str) -> None:
    import numpy

    tape = Tape(("v",), (), (Step(op, (0,)),), (1,))
    numbers = system("numpy")

    def near(*entries: float) -> bool:
        with numpy.errstate(all="ignore"):
            return suspicious_arrays(tape, run(tape, [numpy.array(entries)], numbers))

    if op == "norm":
        assert near(0.0, 0.0)
        assert near(A / 2, A / 2)
        assert not near(0.0, B)
    else:
        sign = 1 if op == "amax" else -1
        assert near(0.5 * sign, 0.5 * sign, -0.7 * sign)
        assert near(0.5 * sign, (0.5 - A) * sign)
        assert not near(0.5 * sign, (0.5 - 2 * B) * sign, -0.7 * sign)
        assert not near(0.5)
        assert not near(0.0)


def test_truth_values_that_are_chosen_are_watched_where_they_are_made() -> None:
    import numpy

    tape = Tape(("v",), (), (Step("amax", (0,)),), (1,))
    assert suspicious_arrays(tape, [numpy.array([True, True]), numpy.array(True)]) is False


def test_what_is_smooth_has_no_place_to_be_near_to() -> None:
    for op, row in OPERATIONS.items():
        if isinstance(row, Elementwise):
            places = len(row.singular) + len(row.later)
            assert len(watches(op)) == places
            assert smooth(op) is not (places > 0 or bool(row.asks) or row.varying_domain)
        else:
            assert watches(op) == ()
            assert smooth(op)


def test_what_a_step_asks() -> None:
    """``where(x, …)`` asks whether x is 0; ``where(x > 1, …)`` asks nothing of the comparison, which is watched itself."""
    for expr, expected in (
        ("where(x, 1, 0)", [0]),
        ("where(x > 1, x, 0)", []),
        ("x + 1", []),
        ("where(x and 1, 2, x)", [0]),
    ):
        tape, _ = look(expr, 1.0)
        found = [i for slot in range(1, 1 + len(tape.steps)) for i in asked(tape, slot)]
        assert found == expected
    assert answers("greater")
    assert answers("logical_and")
    assert not answers("add")
    assert not answers("where")


def test_whose_domain_varies() -> None:
    for expr, expected in (("x^x", True), ("x^2", False), ("2^x", True), ("x*x", False)):
        tape, _ = look(expr, 1.0)
        assert any(domain_varies(step) for step in tape.steps) is expected


def test_a_zero_blurred_by_rounding() -> None:
    """x - 1 is off by a unit of x and one of 1; divided by 1e-8 it is large, and may yet be 0 up to AMPLE times that."""
    tape, _ = look("abs((x - 1)/1e-8)", 1.0)
    for units, near in (
        (0, True),
        (1, True),
        (AMPLE, True),
        (2 * AMPLE - 1, True),
        (2 * AMPLE + 2, False),
        (1e4, False),
    ):
        assert suspicious(tape, run(tape, [1.0 + units * 2.0**-52], FLOAT64)) is near
        assert suspicious(tape, run(tape, [1.0 - units * 2.0**-52], FLOAT64)) is near


def test_nan_counts_where_it_gets_out() -> None:
    """What a mask leaves out may be nan: the logarithm of what is negative, which ``where`` does not take."""
    import numpy

    log = Step("log", (0,))
    with numpy.errstate(all="ignore"):
        for entries, outputs, near in (
            ([2.0, 3.0], (1,), False), ([2.0, -3.0], (1,), True), ([2.0, math.nan], (1,), True), ([2.0, 0.0], (1,), True)
        ):  # fmt: skip
            tape = Tape(("v",), (), (log,), outputs)
            assert suspicious_arrays(tape, run(tape, [numpy.array(entries)], system("numpy"))) is near
        steps = (Step("greater", (0, -1)), Step("log", (0,)), Step("where", (1, 2, 0)))
        masked = Tape(("v",), (0.0,), steps, (3,))
        values = run(masked, [numpy.array([2.0, -3.0])], system("numpy"))
        assert suspicious_arrays(masked, values) is False
