"""Poles, ends of the domain, infinities, and arguments so large that a careless evaluation never comes back."""

from __future__ import annotations

import itertools
import math
from math import inf, nan, pi

import mpmath
import numpy
import pytest

from calcgrad.operations.row import Elementwise
from calcgrad.systems.base import FLOAT64, system

from .test_special_values import ROWS, every_row

EDGES = [
    ("erf", (inf,), 1.0),
    ("erf", (-inf,), -1.0),
    ("erfc", (30.0,), 0.0),
    ("erfcx", (inf,), 0.0),
    ("erfcx", (-30.0,), inf),
    ("erfinv", (1.0,), inf),
    ("erfinv", (-1.0,), -inf),
    ("erfinv", (1.5,), nan),
    ("erfcinv", (0.0,), inf),
    ("erfcinv", (1.0,), 0.0),
    ("gamma", (0.0,), inf),
    ("gamma", (-0.0,), -inf),
    ("gamma", (-1.0,), nan),
    ("gamma", (-1e300,), nan),
    ("gamma", (-inf,), nan),
    ("gamma", (171.7,), inf),
    ("gamma", (1e300,), inf),
    ("gamma", (-200.5,), 0.0),
    ("rgamma", (-4.0,), 0.0),
    ("rgamma", (1e300,), 0.0),
    ("factorial", (-1.0,), nan),
    ("factorial", (5.0,), 120.0),
    ("factorial", (1e9,), inf),
    ("lgamma", (-3.0,), inf),
    ("lgamma", (1.0,), 0.0),
    ("lgamma", (2.0,), 0.0),
    ("lgamma", (inf,), inf),
    ("digamma", (0.0,), -inf),
    ("digamma", (-2.0,), nan),
    ("polygamma", (1.0, -2.0), inf),
    ("polygamma", (2.0, 0.0), -inf),
    ("polygamma", (2.0, -2.0), nan),
    ("polygamma", (0.5, 1.0), nan),
    ("polygamma", (1e6, 1.0), -inf),
    ("polygamma", (inf, 1.0), nan),
    ("beta", (0.0, 1.0), inf),
    ("beta", (-1.0, 0.5), nan),
    ("lbeta", (0.0, 2.0), inf),
    ("binomial", (2.0, 3.0), 0.0),
    ("binomial", (-2.0, 3.0), -4.0),
    ("binomial", (-2.0, 0.5), nan),
    ("binomial", (1e300, 1.0), 1e300),
    ("zeta", (1.0,), inf),
    ("zeta", (-2.0,), 0.0),
    ("zeta", (1e300,), 1.0),
    ("zeta", (-100000.5,), -inf),
    ("hurwitz_zeta", (2.0, -1.0), nan),
    ("hurwitz_zeta", (1.0, 2.0), inf),
    ("lambertw", (-0.5,), nan),
    ("lambertw", (0.0,), 0.0),
    ("lambertw", (inf,), inf),
    ("besselj", (0.0, 0.0), 1.0),
    ("besselj", (2.5, 0.0), 0.0),
    ("besselj", (-1.5, 0.0), -inf),
    ("besselj", (0.5, -1.0), nan),
    ("besselj", (1.0, -inf), -0.0),
    ("besselj", (1e12, 3.0), 0.0),
    ("bessely", (0.0, 0.0), -inf),
    ("bessely", (1.0, -1.0), nan),
    ("bessely", (1e9, 3.0), -inf),
    ("besseli", (1.0, -inf), -inf),
    ("besseli", (1e12, 3.0), 0.0),
    ("besseli", (0.0, 1e4), inf),
    ("besselk", (2.0, 0.0), inf),
    ("besselk", (2.0, 1e4), 0.0),
    ("besselk", (1e16, 0.5), inf),
    ("airyai", (1e300,), 0.0),
    ("airybi", (200.0,), inf),
    ("Si", (inf,), pi / 2),
    ("Ci", (0.0,), -inf),
    ("Ci", (-1.0,), nan),
    ("Ei", (0.0,), -inf),
    ("Ei", (-inf,), 0.0),
    ("li", (0.0,), 0.0),
    ("li", (1.0,), -inf),
    ("li", (-1.0,), nan),
    ("fresnels", (-inf,), -0.5),
    ("fresnelc", (1e300,), 0.5),
    ("normcdf", (-inf,), 0.0),
    ("normcdf", (-40.0,), 0.0),
    ("normcdf", (inf,), 1.0),
    ("normpdf", (inf,), 0.0),
    ("norminv", (0.0,), -inf),
    ("norminv", (0.5,), 0.0),
    ("norminv", (1.0,), inf),
    ("norminv", (1.5,), nan),
    ("lowergamma", (2.5, 0.0), 0.0),
    ("lowergamma", (5.0, inf), 24.0),
    ("lowergamma", (-1.0, 1.0), nan),
    ("uppergamma", (5.0, 0.0), 24.0),
    ("uppergamma", (-1.0, 0.0), inf),
    ("gammainc", (2.0, inf), 1.0),
    ("gammainc", (2.0, -1.0), nan),
    ("gammaincc", (2.0, 0.0), 1.0),
    ("gammaincc", (2.0, 1e4), 0.0),
    ("betainc", (2.0, 3.0, 0.0), 0.0),
    ("betainc", (2.0, 3.0, 1.0), 1.0),
    ("betainc", (2.0, 3.0, 1.5), nan),
    ("expint", (3.0, 0.0), 0.5),
    ("expint", (1.0, 0.0), inf),
    ("expint", (1.0, -1.0), nan),
    ("expint", (1.0, inf), 0.0),
    ("legendre", (2.5, 0.5), nan),
    ("legendre", (-1.0, 0.5), nan),
    ("legendre", (0.0, inf), 1.0),
    ("legendre", (3.0, -inf), -inf),
    ("legendre", (7.0, 1.0), 1.0),
    ("chebyt", (1000.0, -1.0), 1.0),
    ("chebyu", (4.0, 1.0), 5.0),
    ("hermite", (0.0, inf), 1.0),
    ("laguerre", (2.0, 0.0), 1.0),
    ("laguerre", (3.0, inf), -inf),
    ("gegenbauer", (2.0, 1.0, 1.0), 3.0),
    ("jacobi", (1.0, 1.0, 1.0, 0.5), 1.0),
    ("hyp0f1", (-1.0, 2.0), nan),
    ("hyp1f1", (1.0, -2.0, 2.0), nan),
    ("hyp1f1", (2.0, 2.0, 0.0), 1.0),
    ("hyp2f1", (1.0, 2.0, 3.0, 1.5), nan),
    ("hyp2f1", (1.0, 1.0, 3.0, 1.0), 2.0),
    ("polylog", (2.0, 1.0), pi**2 / 6),
    ("polylog", (1.0, 1.0), inf),
    ("polylog", (2.0, 1.5), nan),
    ("polylog", (5000.0, 0.25), 0.25),
    ("Shi", (-inf,), -inf),
    ("Chi", (0.0,), -inf),
    ("Chi", (-1.0,), nan),
    ("ellipk", (1.0,), inf),
    ("ellipk", (2.0,), nan),
    ("ellipe", (1.0,), 1.0),
    ("ellipe", (2.0,), nan),
]


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


@pytest.mark.parametrize(("name", "p", "value"), EDGES)
def test_edges(name: str, p: tuple[float, ...], value: float) -> None:
    assert same(FLOAT64.function(name)(*p), value)
    assert same(system("complex128").function(name)(*map(complex, p)).real, value)


@pytest.mark.parametrize(("name", "p", "value"), EDGES)
def test_arrays_have_the_same_edges(name: str, p: tuple[float, ...], value: float) -> None:
    entry = system("numpy").function(name)(*[numpy.array([a]) for a in p])[0]
    assert same(float(entry), value)


SIZES = [0.0, 5e-324, 1e-300, 0.5, 1.0, 10.5, 1000.5, 1e6, 1e16, 1e300, inf]
SIZES = [*SIZES, *(-s for s in SIZES), nan]
ORDERS = [0.0, 3.0, 1e6, 1e300, 0.5, -1.0, inf, nan]


def extremes(row: Elementwise) -> list[tuple[float, ...]]:
    """Sizes of every kind, all pairs of them for two arguments, fewer for three."""
    first = ORDERS if row.partials[0] is None and row.group != "Bessel functions" else SIZES
    few = [-1000.5, -2.0, 0.0, 1e-300, 0.5, 1e10, inf]
    if row.arity == 3:
        return list(itertools.product(first, few, few))
    if row.arity == 4:
        return list(itertools.product([0.0, 3.0, 1e6, 0.5], [-2.0, 0.5, 1e10], [-2.0, 0.5, inf], few))
    return list(itertools.product(*[first, SIZES][: row.arity]))


@pytest.mark.slow
@every_row
def test_no_argument_makes_a_value_raise_or_hang(name: str) -> None:
    function = FLOAT64.function(name)
    for p in extremes(ROWS[name]):
        value = function(*p)
        assert isinstance(value, float), p
        assert math.isnan(value) or not any(map(math.isnan, p)), p


@pytest.mark.parametrize(
    ("name", "p"),
    [
        ("besselj", (0.0, 1e16)),
        ("airyai", (-1e8,)),
        ("zeta", (-99.5,)),
        ("gamma", (-150.7,)),
        ("erfc", (26.5,)),
        ("erfcx", (1e10,)),
        ("lambertw", (1e300,)),
        ("lambertw", (-0.36787944117144228,)),
        ("lgamma", (-2.4570247382208006,)),
        ("lgamma", (1e300,)),
        ("digamma", (1.4616321449683623,)),
        ("Ci", (1e12,)),
        ("li", (1.4513692348833810,)),
        ("besselk", (50.0, 0.001)),
        ("hurwitz_zeta", (3.0, 1e8)),
        ("beta", (1e15, 1.5)),
        ("binomial", (1e15, 3.0)),
        ("ellipk", (1 - 2.0**-52,)),
        ("expint", (1001.5, 1e-300)),
        ("expint", (1001.5, 0.5)),
        ("expint", (1500.25, 374.0)),
        ("expint", (1500.25, 376.0)),
        ("expint", (1200.0, 400.0)),
    ],
)
def test_far_out_and_beside_zeros_the_value_is_the_nearest_double(name: str, p: tuple[float, ...]) -> None:
    from .measuring import ulps
    from .special_truth import exact

    with mpmath.workdps(120):
        assert ulps(FLOAT64.function(name)(*p), exact(name, p)) <= 0.51


@pytest.mark.parametrize(("order", "x"), [(1e9, 300.0), (1e17, 3.0), (1e12, 1e-8), (1e300, 40.0)])
def test_exponential_integrals_of_large_orders_lie_within_their_bounds(order: float, x: float) -> None:
    """exp(-x)/(x + n) < E_n(x) < exp(-x)/(x + n - 1) (DLMF 8.19.21)."""
    with mpmath.workdps(320):
        low, high = (mpmath.exp(-x) / (x + mpmath.mpf(order) - k) for k in (0, 1))
        assert float(low) * (1 - 2.0**-52) <= FLOAT64.function("expint")(order, x) <= float(high)
