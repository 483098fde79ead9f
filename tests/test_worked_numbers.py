"""The worked numbers of the lesson: position and speed, the cube, the computation graph of x*y + sin(x)."""

from __future__ import annotations

import math

import pytest

import calcgrad
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.modes.slots import trace
from calcgrad.modes.stories import seed_story
from calcgrad.operations import VOCABULARY


def _value(text: str, at: float, method: str, step: float | None = None) -> float:
    report = calcgrad.diff(text, at=at, methods=method, step=step, truth="none")
    (row,) = report.points[0].results
    assert isinstance(row.value, float)
    return row.value


def test_position_and_speed() -> None:
    assert _value("t^2", 3, "forward-difference", 0.01) == pytest.approx(6.01, rel=1e-12)
    assert _value("t^2", 3, "reverse-ad") == 6.0


def test_the_cube_by_a_step_of_a_thousandth() -> None:
    assert _value("x**3", 2, "forward-difference", 0.001) == pytest.approx(12.006001, rel=1e-12)
    assert _value("x**3", 2, "forward-ad") == 12.0


def test_the_first_command() -> None:
    report = calcgrad.diff("x**3+2*x", at=2)
    assert report.derivatives[0].formula == "3*x^2 + 2"
    assert report.points[0].truth[0].value == "14"


def test_the_chain_rule() -> None:
    assert calcgrad.check("sin(x^2)", "cos(x^2)*2*x").verdict == "right"


def test_the_computation_graph() -> None:
    function = Expression(parse("x*y + sin(x)", VOCABULARY).root, ("x", "y"))
    rows = trace(function, [1.0, 2.0])
    assert [row.slot for row in rows] == ["v1", "v2", "v3", "v4", "v5"]
    assert [row.expression for row in rows] == ["x", "y", "x*y", "sin(x)", "x*y + sin(x)"]
    assert [row.adjoint for row in rows] == [2.0 + math.cos(1.0), 1.0, 1.0, 1.0, 1.0]
    assert [row.tangents[0] for row in rows][-1] == 2.0 + math.cos(1.0)
    assert [row.tangents[1] for row in rows][-1] == 1.0


def test_two_forward_passes_against_one_backward_pass() -> None:
    passes = {row.mode: row.passes for row in seed_story().rows}
    assert (passes["forward-ad"], passes["reverse-ad"]) == (2, 1)
