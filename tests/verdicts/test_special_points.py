"""Every special point has its verdict, and the verdict's numbers are limits that mpmath finds too."""

from __future__ import annotations

import itertools
import math
from typing import Any

import mpmath
import pytest

from calcgrad.comparing.cases import cases_of
from calcgrad.comparing.request import Reading, Request, read
from calcgrad.functions.expression import Expression
from calcgrad.functions.scalars import scalarise
from calcgrad.inputs.constants import _walk
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import system
from calcgrad.verdicts import Finding, examine

from .special_points import FAMILY_POINTS, ORDINARY, SPECIAL_POINTS, Row
from .tracker_points import TRACKER_POINTS

ALL_POINTS = SPECIAL_POINTS + TRACKER_POINTS


def reading(expr: str, at: str, order: int = 1) -> Reading:
    return read(Request(expr, at=read_points([at], VOCABULARY), order=order))


def find(expr: str, at: str, order: int = 1) -> list[list[Finding | None]]:
    found = reading(expr, at, order)
    (case,) = cases_of(found.function, found.points)
    return examine(found.function, case.written, case.flat, found.wrts)


def _name(row: Row) -> str:
    return f"{row.expr} at {row.at}" + (f" order {row.order}" if row.order > 1 else "")


def _close(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return found == expected or math.isclose(found, expected, rel_tol=1e-14, abs_tol=1e-300)


@pytest.mark.parametrize("row", ALL_POINTS + FAMILY_POINTS, ids=_name)
def test_special_point(row: Row) -> None:
    found = find(row.expr, row.at, row.order)[0][0]
    assert found is not None
    assert found.verdict == row.verdict, found.note
    if row.verdict != "undefined":
        assert _close(found.left, row.left), found
        assert _close(found.right, row.right), found
        assert _close(found.limit, row.limit), found
        assert _close(None if found.value is None else float(found.value), row.value), found
    assert bool(found.note) is (row.verdict != "agree")


def test_there_are_many_and_each_has_its_origin() -> None:
    assert len(ALL_POINTS) >= 200
    assert all(row.origin for row in ALL_POINTS)
    assert len({_name(row) for row in ALL_POINTS}) == len(ALL_POINTS)


class Witness:
    """The function in multiprecision arithmetic, near the exact point: it knows nothing of expansions."""

    def __init__(self, row: Row) -> None:
        read_row = reading(row.expr, row.at, row.order)
        (coordinate,) = read_row.points[0].coordinates.values()
        function = read_row.function
        self.function = Expression(scalarise(function.root, {}), ["x"]) if function.arrays else function
        self.point = _walk(coordinate.exact, system("mpmath"))
        self.order = row.order

    def value(self, x: Any) -> Any:
        found = self.function.values([x], "mpmath")[0]
        return mpmath.nan if isinstance(found, mpmath.mpc) else mpmath.mpf(found)

    def beside(self, side: int, h: Any) -> Any:
        return self.value(self.point + side * h)

    def quotient(self, side: int, h: Any, start: Any) -> Any:
        """The forward difference of the row's order on one side, from the value ``start`` at the point."""
        total = (-1) ** self.order * start
        for k in range(1, self.order + 1):
            sign = (-1) ** (self.order - k)
            total += sign * mpmath.binomial(self.order, k) * self.beside(side, k * h)
        return total / (side * h) ** self.order


def _approaches(values: list[Any], limit: float) -> bool:
    """Whether values from nearer and nearer come to a limit, or grow without bound towards an infinite one."""
    if math.isinf(limit):
        sign = 1 if limit > 0 else -1
        sizes = [sign * v for v in values]
        return sizes[0] > 0 and all(b > a * 1.1 for a, b in itertools.pairwise(sizes))
    return bool(abs(values[-1] - limit) <= 1e-13 * max(1, abs(limit)) or _slowly(values, limit))


def _slowly(values: list[Any], limit: float) -> bool:
    """Logarithms come in only as 1/log h: each distance is clearly smaller than the one before."""
    distances = [abs(v - limit) for v in values]
    return all(b < 0.8 * a for a, b in itertools.pairwise(distances))


STEPS = (8, 12, 16)


@pytest.mark.slow
@pytest.mark.parametrize("row", [r for r in ALL_POINTS if r.verdict != "undefined"], ids=_name)
def test_numbers_are_limits(row: Row) -> None:
    with mpmath.workdps(260):
        witness = Witness(row)
        whole = row.left is None and row.right is None
        for side, of_side in ((-1, row.left), (1, row.right)):
            _check_side(row, witness, side, row.value if whole else of_side)


def _check_side(row: Row, witness: Witness, side: int, expected: float | None) -> None:
    steps = [mpmath.mpf(10) ** -k for k in STEPS]
    nearby = [witness.beside(side, h) for h in steps]
    if expected is None:
        assert not any(mpmath.isfinite(v) for v in nearby)
        return
    if row.limit is not None:
        assert _approaches(nearby, row.limit)
    if row.verdict == "jump" and row.order == 2:
        nearby = [
            (v - witness.beside(side, h / 2)) / (side * h / 2) for v, h in zip(nearby, steps, strict=True)
        ]
    if row.verdict != "jump":
        start = mpmath.nan if row.limit is not None else witness.value(witness.point)
        if not mpmath.isfinite(start):  # a hole, or an edge that a binary number does not reach
            start = witness.beside(side, mpmath.mpf(10) ** -60)
        nearby = [witness.quotient(side, h, start) for h in steps]
    assert _approaches(nearby, expected)


@pytest.mark.parametrize(("expr", "at"), ORDINARY, ids=[f"{e} at {a}" for e, a in ORDINARY])
def test_ordinary_point(expr: str, at: str) -> None:
    found = find(expr, at)[0][0]
    assert found is None or (found.verdict == "agree" and found.value is not None)
