"""The tails of every row: values and partials from 1e-300 to 1e300 and beside the edges of the ranges, against Arb's balls.

A sample of what ``scripts/bench tails`` walks. Truth is a difference quotient of balls of the value, not a partial of the table.
"""

from __future__ import annotations

import importlib.util
import math
import random
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from calcgrad.systems.base import system

BENCH = Path(__file__).parents[2] / "scripts" / "bench" / "_tails.py"
COUNT = 14
#: Rows whose partials are known to lose digits, or the number itself, at some points far out, and where.
WEAK = {
    "binomial": "gamma functions at n - k + 1, which rounds beside their poles",
    "beta": "products that leave the doubles",
    "bessely": "differences of two infinities, where the order is large and x tiny",
    "besselj": "orders beside the negative whole numbers",
    "betainc": "flint takes minutes where an order is tiny",
    "besselk": "x to the power of a rounded order",
}
ULPS = 8.0


def _bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("_tails", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["_tails"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


tails: Any = _bench()


@pytest.mark.slow
@pytest.mark.parametrize("row", [r for r in tails.rows() if r.name not in WEAK], ids=lambda r: r.name)
def test_a_row_keeps_its_digits_far_out(row: Any) -> None:
    points = tails.points(row, step=30)
    chosen = random.Random(row.name).sample(points, min(COUNT, len(points)))
    found = list(tails.misses(row, chosen))
    known = [m for m in found if m is not None]
    assert len(known) > len(chosen) / 3
    worst = max(known, key=lambda m: m.ulps)
    assert worst.ulps <= ULPS, worst


@pytest.mark.parametrize(
    ("name", "point", "argument", "true"),
    [
        # Each from mpmath at 60 digits.
        ("lambertw", (1e250,), 0, 9.9824654263670192579e-251),
        ("fresnelc", (1e300,), 0, 1.0),
        ("fresnelc", (100000.0,), 0, 1.0),
        ("fresnels", (1e50,), 0, 0.0),
        ("erfcinv", (1e-240,), 0, -2.1322168351687624e238),
        ("pow", (-1.0, 1e17), 0, -1e17),
        ("pow", (1e200, -0.03), 0, -3.0000000000000015e-208),
        ("besselj", (1e-5, 0.09375), 1, -0.04671546005795812),
        ("besselj", (-1e-250, 1e-200), 1, -1e-50),
        ("zeta", (1e107,), 0, 0.0),
        ("hurwitz_deflated", (0.0, 0.25, 1e240), 2, -1e-60),
        ("binomial", (300.0, -1.0), 0, 0.0),
    ],
)
def test_what_was_lost_once(name: str, point: tuple[float, ...], argument: int, true: float) -> None:
    assert tails.partial(name, argument, point) == pytest.approx(true, rel=1e-14, abs=0)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("hyp0f1", (-math.inf, 0.5)), ("hyp1f1", (1.0, -math.inf, 0.5)), ("hyp2f1", (1.0, 2.0, -math.inf, 0.5))],
)
def test_a_parameter_that_overflowed_is_no_number_and_no_crash(
    name: str, arguments: tuple[float, ...]
) -> None:
    assert math.isnan(system("float64").function(name)(*arguments))


@pytest.mark.parametrize("parameters", [(1e308, 1e308), (math.inf, -math.inf), (math.nan, 1.0)])
def test_parameters_of_polynomials_may_be_anything(parameters: tuple[float, float]) -> None:
    assert isinstance(system("float64").function("jacobi")(2.0, *parameters, 1e308), float)


@pytest.mark.parametrize(
    ("s", "x", "truth"),  # mpmath, from x^s times the integral of exp(-x u) u^(s - 1) from 1 on
    [
        (-1e4, 1.0, 3.6784265322769309359e-05),
        (-1500.25, 0.7, 8.1525406148986953405e228),
        (-6.34e15, 1.0, 5.8025148449754278e-17),
        (-1e300, 1.0, 3.6787944117144232e-301),
    ],
)
def test_an_incomplete_gamma_function_of_a_far_negative_order_ends(s: float, x: float, truth: float) -> None:
    assert system("float64").function("uppergamma")(s, x) == pytest.approx(truth, rel=4e-16)
