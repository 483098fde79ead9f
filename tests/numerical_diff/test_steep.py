"""One steep place, narrower than any grid that begins at the size of x: it is a slope, and neither grain nor a vertical tangent."""

from __future__ import annotations

import math

import pytest

from calcgrad.numerical_diff import derivative

#: Heights, and how many times as narrow as 1 the place is.
STEEP = [(1e-3, 1e4), (1e-4, 1e6), (1e-6, 1e8), (1e-2, 1e6), (1e-1, 1e5), (1e-5, 1e9), (1e-3, 1e8)]
CENTRES = [0.0, 0.7, 1.3]


@pytest.mark.parametrize("off", [0.0, 0.5, -1.0])
@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize(("height", "narrow"), STEEP)
def test_a_steep_step(height: float, narrow: float, centre: float, off: float) -> None:
    """The slope of sin x + a·tanh(w(x - c)) is cos x + a·w/cosh²(w(x - c))."""
    x = centre + off / narrow
    found = derivative(lambda t: math.sin(t) + height * math.tanh(narrow * (t - centre)), x)
    true = math.cos(x) + height * narrow / math.cosh(narrow * (x - centre)) ** 2
    assert found.status in ("ok", "budget")
    assert abs(found.value - true) <= found.error_bound
    assert found.error_bound <= (1e-6 if found.status == "ok" else 1.05) * true


#: Heights, narrowness, and the relative bound that may be expected at the top and on the two flanks, with evaluations.
BUMPS = [
    (1e-3, 1e4, (1e-9, 2e-10, 5e-11), 420),
    (1e-2, 1e3, (1e-10, 5e-12, 6e-12), 270),
    (1e-1, 1e5, (6e-9, 4e-13, 5e-13), 220),
    (1e-5, 1e5, (6e-9, 5e-9, 2e-9), 290),
    (1e-4, 1e6, (1e-7, 2e-10, 7e-10), 290),
]


@pytest.mark.parametrize(("height", "narrow", "bounds", "most"), BUMPS)
def test_a_narrow_bump(height: float, narrow: float, bounds: tuple[float, ...], most: int) -> None:
    """The slope of sin x + a·exp(-t²), t = w(x - c), is cos x - 2·a·w·t·exp(-t²)."""
    for off, bound in zip((0.0, 0.5, -1.0), bounds, strict=True):
        x = 1.3 + off / narrow
        found = derivative(
            lambda t: math.sin(t) + height * math.exp(-min((narrow * (t - 1.3)) ** 2, 700.0)), x
        )
        at = narrow * (x - 1.3)
        true = math.cos(x) - 2.0 * height * narrow * at * math.exp(-at * at)
        assert found.status == "ok"
        assert abs(found.value - true) <= found.error_bound <= bound * abs(true)
        assert found.evaluations <= most


@pytest.mark.parametrize("centre", [0.0, 1.3])
@pytest.mark.parametrize(("height", "narrow"), [(1e-7, 1e10), (1e-6, 1e10), (1e-5, 1e11), (1e-4, 1e5)])
def test_a_fine_wave(height: float, narrow: float, centre: float) -> None:
    """Its quarter wave about the point is resolved, as far as the digits of the point reach."""
    found = derivative(lambda t: math.sin(t) + height * math.sin(narrow * (t - centre)), centre)
    true = math.cos(centre) + height * narrow
    assert abs(found.value - true) <= found.error_bound
    if not centre:
        assert found.status == "ok"
        assert found.error_bound <= 1e-12 * true


@pytest.mark.parametrize("far", [1e-2, 1e-3, 1e-4, 1e-6])
@pytest.mark.parametrize("sign", [1, -1])
def test_beside_an_edge_the_other_side_is_as_wide_as_ever(far: float, sign: int) -> None:
    """exp from 3/4 on: no grid about the point has room, but the side that has is as sharp as if there were no edge."""
    found = derivative(
        lambda t: math.exp(sign * t - 0.75) if sign * t >= 0.75 else math.nan, sign * (0.75 + far)
    )
    assert found.status == "ok"
    assert abs(found.value - sign * math.exp(far)) <= found.error_bound <= 1.6e-12
