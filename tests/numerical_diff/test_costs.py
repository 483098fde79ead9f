"""What a derivative may cost: the truth within the bound, a bound of so much at most, and so many values of f at most.

The figures are those of one machine; another one's last digits of `exp` may cost a tenth more.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import mpmath
import pytest

from calcgrad.numerical_diff import derivative

SMOOTH: dict[str, tuple[Callable[[float], float], Callable[[mpmath.mpf], mpmath.mpf], float]] = {
    "exp": (math.exp, mpmath.exp, 1.0),
    "exp far": (math.exp, mpmath.exp, 40.0),
    "sin": (math.sin, mpmath.sin, 0.1),
    "wave": (lambda t: math.sin(300 * t), lambda t: mpmath.sin(300 * t), 0.7),
    "quick wave": (lambda t: math.sin(1e5 * t), lambda t: mpmath.sin(100000 * t), 0.7),
    "log": (math.log, mpmath.log, 1e-5),
    "root": (math.sqrt, mpmath.sqrt, 3e4),
    "steep": (lambda t: 1 / (t * t + 1e-6), lambda t: 1 / (t * t + mpmath.mpf(1e-6)), 0.1),
    "pole": (lambda t: 1 / t, lambda t: 1 / t, 1e-3),
    "two scales": (
        lambda t: t + 1e-3 * math.sin(1e3 * t),
        lambda t: t + mpmath.mpf(1e-3) * mpmath.sin(1000 * t),
        0.3,
    ),
    "polynomial": (lambda t: t**5 - 3 * t**2 + 1, lambda t: t**5 - 3 * t**2 + 1, 1.5),
    "cosine of a large number": (math.cos, mpmath.cos, 1e6),
    "tail": (math.erfc, mpmath.erfc, 5.0),
    "cancelling": (lambda t: 1e8 + math.sin(t), mpmath.sin, 1.0),
    "gauss": (lambda t: math.exp(-50 * t * t), lambda t: mpmath.exp(-50 * t * t), 0.2),
    "tanh": (lambda t: math.tanh(20 * t), lambda t: mpmath.tanh(20 * t), 0.03),
    "small x": (lambda t: math.sin(1e6 * t), lambda t: mpmath.sin(1000000 * t), 1e-7),
}

#: For the orders 1, 2 and 3: the largest bound, relative to the truth, and the values of f.
MOST: dict[str, tuple[tuple[float, int], ...]] = {
    "exp": ((8.2e-15, 21), (1.4e-13, 31), (1.9e-12, 31)),
    "exp far": ((1.0e-14, 23), (3.4e-13, 23), (6.7e-13, 21)),
    "sin": ((7.2e-16, 21), (1.9e-12, 31), (4.1e-13, 31)),
    "wave": ((4.1e-13, 67), (1.2e-11, 53), (4.0e-11, 67)),
    "quick wave": ((7.8e-12, 135), (5.8e-11, 131), (4.3e-10, 131)),
    "log": ((1.2e-12, 252), (4.4e-10, 252), (2.7e-08, 252)),
    "root": ((5.9e-14, 29), (1.4e-11, 21), (4.9e-10, 29)),
    "steep": ((6.4e-14, 37), (2.4e-12, 37), (3.2e-11, 37)),
    "pole": ((6.6e-14, 37), (6.9e-12, 39), (1.4e-10, 39)),
    "two scales": ((1.4e-12, 137), (2.4e-11, 149)),
    "polynomial": ((1.2e-14, 23), (1.1e-14, 21), (1.5e-14, 39)),
    "cosine of a large number": ((2.9e-14, 35), (3.9e-13, 33), (1.4e-11, 47)),
    "tail": ((1.0e-14, 23), (2.7e-13, 23), (5.1e-13, 21)),
    "cancelling": ((2.3e-06, 73), (1.1e-04, 73), (3.0e-03, 73)),
    "gauss": ((3.0e-14, 35), (4.4e-12, 35), (4.7e-10, 35)),
    "tanh": ((2.5e-14, 33), (2.5e-12, 33), (3.1e-10, 41)),
    "small x": ((2.8e-15, 35), (3.5e-13, 143), (5.8e-13, 47)),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth_functions(name: str) -> None:
    f, exact, x = SMOOTH[name]
    for order, (bound, evaluations) in enumerate(MOST[name], 1):
        with mpmath.workdps(60):
            truth = float(mpmath.diff(exact, mpmath.mpf(x), order))
        found = derivative(f, x, order=order)
        assert abs(found.value - truth) <= found.error_bound <= 1.4 * bound * abs(truth), (order, found)
        assert found.evaluations <= 1.1 * evaluations + 2, (order, found)


C, S, E = math.cos(0.75), math.sin(0.75), math.exp(0.75)
#: A function, what there is at 0.75, its slope (or slopes or limits from left and right), and the most that it may cost.
BREAKS: dict[str, tuple[Callable[[float], float], str, tuple[float, ...], float, int]] = {
    "kink": (lambda t: abs(t - 0.75) + math.sin(t), "kink", (C - 1, C + 1), 1.9e-12, 169),
    "kink in a curve": (lambda t: math.exp(abs(math.sin(t - 0.75))), "kink", (-1.0, 1.0), 1.1e-12, 151),
    "kink near by": (lambda t: abs(t - 0.76), "ok", (-1.0,), 4.2e-15, 34),
    "kink a grid away": (lambda t: max(t - 0.85, 0.0) + math.exp(t), "ok", (E,), 2.9e-13, 75),
    "seam a grid away": (lambda t: max(t - 0.85, 0.0) ** 2 + math.exp(t), "ok", (E,), 2.9e-13, 117),
    "kink nearer": (lambda t: abs(t - 0.7501), "ok", (-1.0,), 6.2e-15, 38),
    "kink very near": (lambda t: math.sin(t) + abs(t - 0.75000001), "ok", (C - 1,), 5.6e-07, 258),
    "jump near by": (lambda t: math.sin(t) + (t > 0.76), "ok", (C,), 2.0e-13, 175),
    "jump": (lambda t: math.sin(t) + (t >= 0.75), "jump", (S, S + 1), 9.7e-16, 489),
    "seam": (lambda t: math.exp(t) + max(t - 0.75, 0.0) ** 2, "ok", (E,), 3.3e-12, 225),
    "seam near by": (lambda t: math.exp(t) + max(t - 0.7501, 0.0) ** 2, "ok", (E,), 2.6e-10, 358),
    "vertical": (
        lambda t: math.copysign(math.sqrt(abs(t - 0.75)), t - 0.75),
        "undefined",
        (math.inf, math.inf),
        math.inf,
        353,
    ),
    "edge near by": (lambda t: math.sqrt(t - 0.7499), "ok", (0.5 / math.sqrt(0.75 - 0.7499),), 2.1e-12, 30),
    "hole": (lambda t: math.sin(t) if t != 0.75 else math.nan, "undefined", (C, C), 7.3e-13, 143),
    "power": (lambda t: t + abs(t - 0.75) ** 1.5, "ok", (1.0,), 4.7e-05, 325),
    "staircase": (lambda t: math.floor(1024 * t) / 1024, "noisy", (1.0,), 1.3e-06, 147),
    "rounded": (lambda t: round(math.exp(t), 6), "noisy", (E,), 2.0e-05, 103),
}


@pytest.mark.parametrize("name", BREAKS)
def test_breaks(name: str) -> None:
    f, status, wanted, bound, evaluations = BREAKS[name]
    found = derivative(f, 0.75)
    assert found.status == status
    assert found.evaluations <= 1.1 * evaluations + 2
    assert found.error_bound <= 1.4 * bound
    for have, want in zip(
        (found.value,) if len(wanted) == 1 else (found.left, found.right), wanted, strict=True
    ):
        assert have == want or abs(have - want) <= found.error_bound


WISHES: dict[float, tuple[int, ...]] = {
    0.01: (11, 17, 21, 15, 13),
    1e-08: (11, 17, 21, 15, 13),
    1e-10: (11, 17, 29, 15, 21),
    1e-12: (19, 17, 252, 15, 21),
}


@pytest.mark.parametrize("rtol", WISHES)
def test_less_is_wished_for_and_asked(rtol: float) -> None:
    slopes = (
        (math.exp, 1.0, math.e),
        (lambda t: math.sin(300.0 * t), 0.7, 300.0 * math.cos(300.0 * 0.7)),
        (math.log, 1e-5, 1e5),
        (lambda t: abs(t - 0.76), 0.75, -1.0),
        (lambda t: 1.0 / (t * t + 0.1), 0.1, -0.2 / 0.11**2),
    )
    for (f, x, slope), evaluations in zip(slopes, WISHES[rtol], strict=True):
        found = derivative(f, x, rtol=rtol)
        assert abs(found.value - slope) <= found.error_bound <= max(rtol, 1e-11) * abs(slope)
        assert found.evaluations <= 1.1 * evaluations + 2
