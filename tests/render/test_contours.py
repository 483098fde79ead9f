"""Lines of equal height lie at their height: held against functions whose level sets are known."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest

from calcgrad.render.charts import Contours
from calcgrad.render.contours import levels, segments

SIDE = 41


def grid(f: Callable[[float, float], float], half: float = 2.0) -> Contours:
    xs = tuple([-half + 2 * half * k / (SIDE - 1) for k in range(SIDE)])
    return Contours(xs, xs, tuple([tuple([f(x, y) for x in xs]) for y in xs]))


def test_a_circle_is_a_circle() -> None:
    found = list(segments(grid(lambda x, y: x * x + y * y), 1.0))
    assert max(abs(math.hypot(*end) - 1.0) for pair in found for end in pair) < 0.003
    around = sum(math.dist(a, b) for a, b in found)
    assert around == pytest.approx(2 * math.pi, rel=0.003)


def test_a_saddle_is_two_branches_that_do_not_cross() -> None:
    found = list(segments(grid(lambda x, y: x * y), 0.25))
    assert all(abs(x * y - 0.25) < 0.01 for pair in found for x, y in pair)
    assert all(math.copysign(1, a[0]) == math.copysign(1, b[0]) for a, b in found)


@pytest.mark.parametrize(
    ("level", "joined"), [(0.4, ((0.4, 0.0), (1.0, 0.6))), (0.6, ((0.6, 0.0), (0.0, 0.6)))]
)
def test_the_middle_of_a_saddle_cell_decides(level: float, joined: tuple[tuple[float, float], ...]) -> None:
    """One cell with 0, 1, 0, 1 around it: below the middle (1/2) the low corners are cut off, above it the high ones."""
    cell = Contours((0.0, 1.0), (0.0, 1.0), ((0.0, 1.0), (1.0, 0.0)))
    found = list(segments(cell, level))
    assert len(found) == 2
    corners = {(1.0, 0.0), (0.0, 1.0)} if level > 0.5 else {(0.0, 0.0), (1.0, 1.0)}
    for a, b in found:
        near = [c for c in corners if math.dist(a, c) < 0.9 and math.dist(b, c) < 0.9]
        assert len(near) == 1, "each line cuts off a corner of its own"


def test_where_there_is_no_height_there_is_no_line() -> None:
    found = list(segments(grid(lambda x, y: math.sqrt(x) if x >= 0 else math.nan), 1.0))
    assert found
    assert all(x == pytest.approx(1.0, abs=0.01) for pair in found for x, _ in pair)
    nowhere = grid(lambda x, y: math.nan)
    assert levels(nowhere) == []
    assert not list(segments(nowhere, 0.0))


def test_levels_share_out_the_places() -> None:
    chosen = levels(grid(lambda x, y: math.exp(3 * (x * x + y * y))))
    assert len(chosen) == 17
    flat = sorted(h for row in grid(lambda x, y: math.exp(3 * (x * x + y * y))).heights for h in row)
    counts = [sum(a <= h < b for h in flat) for a, b in pairwise(chosen)]
    assert max(counts) < 2 * min(counts)
