"""Laws that need no truth: values in other units, a function upside down, and one in a mirror."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calcgrad.numerical_diff import derivative
from calcgrad.report.estimates import Estimate


def _noisy(x: float) -> float:
    """Rounded to a format of 24 bits, which powers of two do not change."""
    return float(np.float32(math.sin(x)))


def _edge(x: float) -> float:
    return math.sqrt(x - 0.75)


#: A function, a point, and what is found there.
CASES: dict[str, tuple[Callable[[float], float], float, str]] = {
    "smooth": (lambda x: math.exp(math.sin(3 * x)), 0.75, "ok"),
    "steep": (lambda x: 1 / (x * x + 1e-6), 0.1, "ok"),
    "polynomial": (lambda x: x**5 - 3 * x**2 + 1, 1.5, "ok"),
    "constant": (lambda x: 3.0, 1.5, "ok"),
    "line": (lambda x: 3.0 * x, 1.5, "ok"),
    "optimum": (lambda x: (x - 0.5) ** 2, 0.5, "ok"),
    "cancelling": (lambda x: (1 - math.cos(1e-3 * x)) * 1e6, 1.25, "noisy"),
    "single precision": (_noisy, 0.75, "noisy"),
    "wave": (lambda x: math.sin(300 * x), 0.7, "ok"),
    "kink": (lambda x: abs(x - 0.75) + math.sin(x), 0.75, "kink"),
    "flat kink": (lambda x: max(x - 0.75, 0.0), 0.75, "kink"),
    "kink in a curve": (lambda x: math.exp(abs(math.sin(x - 0.75))), 0.75, "kink"),
    "kink near by": (lambda x: abs(x - 0.76), 0.75, "ok"),
    "jump": (lambda x: math.sin(x) + (1.0 if x >= 0.75 else 0.0), 0.75, "jump"),
    "jump of one value": (lambda x: math.sin(x) + (1.0 if x == 0.75 else 0.0), 0.75, "jump"),
    "edge": (lambda x: (x - 0.75) ** 2 if x >= 0.75 else math.nan, 0.75, "boundary"),
    "edge, steep": (_edge, 0.75, "boundary"),
    "nowhere": (lambda x: math.nan, 0.75, "undefined"),
    "hole": (lambda x: math.sin(x) if x != 0.75 else math.nan, 0.75, "undefined"),
    "staircase": (lambda x: math.floor(1024 * x) / 1024, 0.7, "noisy"),
    "bent twice": (lambda x: abs(x - 0.75) * (x - 0.75), 0.75, "ok"),
    "vertical": (lambda x: math.copysign(math.sqrt(abs(x - 0.75)), x - 0.75), 0.75, "undefined"),
}


def _told(found: Estimate, unit: float) -> Any:
    """What was found, in units of the values; numbers in notes are left out."""

    def scaled(number: Any) -> Any:
        return None if number is None else float(number) / unit

    note = None if found.note is None else re.sub(r"[-+]?[0-9][-+0-9.e]*|inf", "#", found.note)
    return (
        found.status,
        found.evaluations,
        repr(scaled(found.value)),
        f"{scaled(found.error_bound):.{1 if found.status == 'noisy' else 14}e}",  # noise is fitted by logarithms
        repr(scaled(found.left)),
        repr(scaled(found.right)),
        found.step,
        note,
    )


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", CASES)
def test_units_change_nothing(name: str, order: int) -> None:
    f, x, _ = CASES[name]
    plain = _told(derivative(f, x, order=order), 1.0)
    for value in (2.0**40, 2.0**-40):
        assert _told(derivative(lambda t, v=value: v * f(t), x, order=order), value) == plain


@pytest.mark.parametrize("name", CASES)
def test_upside_down_the_slope_is_the_other_way(name: str) -> None:
    f, x, _ = CASES[name]
    plain = derivative(f, x)
    turned = derivative(lambda t: -f(t), x)
    assert (turned.status, turned.evaluations) == (plain.status, plain.evaluations)
    assert repr(turned.error_bound) == repr(plain.error_bound)
    for one, other in ((plain.value, turned.value), (plain.left, turned.left), (plain.right, turned.right)):
        assert (one is None) == (other is None)
        if one is not None and not math.isnan(one):
            assert other == -one


@pytest.mark.parametrize("name", CASES)
def test_in_a_mirror_left_is_right(name: str) -> None:
    """Not to the digit: steps are to doubles beside the point, and those lie otherwise there."""
    f, x, status = CASES[name]
    plain, mirrored = derivative(f, x), derivative(lambda t: f(-t), -x)
    assert plain.status == mirrored.status == status
    assert mirrored.evaluations == pytest.approx(plain.evaluations, rel=0.1)
    bound = (plain.error_bound or 0.0) + (mirrored.error_bound or 0.0)
    if status in ("ok", "noisy"):
        assert abs(mirrored.value + plain.value) <= bound
    swap = 1.0 if status == "jump" else -1.0
    for one, other in ((plain.left, mirrored.right), (plain.right, mirrored.left)):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert other == swap * one or abs(other - swap * one) <= bound


#: Structure under what looks like noise, an edge and a gap beside the point, a zero that is one by scale alone.
FINER: dict[str, tuple[Callable[[float], float], float]] = {
    "fine wave": (lambda x: math.sin(x) + 1e-5 * math.sin(1e6 * x), 0.3),
    "finer wave": (lambda x: x * x + 1e-9 * math.sin(1e9 * x), 0.4),
    "gap": (lambda x: math.sin(x) if not 0.78 < x < 0.8 else math.nan, 0.75),
    "edge beside": (lambda x: math.log(x - 0.74), 0.75),
    "rounded": (lambda x: round(1e6 * math.sin(x)) / 1e6, 0.75),
    "spline": (lambda x: max(x - 0.75001, 0.0) ** 2 + math.sin(x), 0.75),
    "Huber": (lambda x: x * x if abs(x - 0.75) < 1e-3 else 2 * x - 1, 0.75),
}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", [*CASES, *FINER])
def test_units_of_the_argument_change_nothing(name: str, order: int) -> None:
    """Beyond 1 a point is its own scale: ten thousand times as far out, steps are as many times as long."""
    f, x = (CASES | FINER)[name][:2]
    found = [
        derivative(lambda t, unit=unit: f(t / unit - 1.0), (x + 1.0) * unit, order=order)
        for unit in (1.0, 2.0**14, 2.0**40)
    ]
    plain = _told(found[0], 1.0)
    for unit, other in zip((2.0**14, 2.0**40), found[1:], strict=True):
        told = _told(other, 1.0 / unit**order)
        if other.status == "jump":  # the two sides are values
            told = _told(other, 1.0)
        assert told[:2] == plain[:2]
        assert told[2:6] == plain[2:6]
        assert (other.step is None) == (found[0].step is None)
        assert other.step is None or other.step == unit * found[0].step
        assert other.step or other.status != "ok"
        assert told[7] == plain[7]
