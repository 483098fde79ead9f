"""The value of every special row in every number system, against mpmath, SymPy and SciPy's own accuracy."""

from __future__ import annotations

import warnings

import mpmath
import numpy
import pytest
from flint import arb, ctx

from calcgrad.operations import special
from calcgrad.operations.row import Elementwise
from calcgrad.systems.base import FLOAT64, system

from .measuring import condition, ordinary, ulps
from .special_truth import TRUTH, exact

ROWS: dict[str, Elementwise] = {row.name: row for row in special.ROWS if isinstance(row, Elementwise)}
every_row = pytest.mark.parametrize("name", ROWS)
# SciPy's worst, measured here, in ulps over the condition; 32 covers every other row.
SCIPY = {"airyai": 400, "airyaiprime": 400, "airybi": 400, "airybiprime": 400}
SCIPY |= {"besselj": 2000, "bessely": 2000, "besselk": 2000, "beta": 200, "lbeta": 400, "binomial": 200}


def test_every_row_has_a_truth() -> None:
    assert set(TRUTH) == set(ROWS)


@pytest.mark.slow
@every_row
def test_scalars_are_the_nearest_doubles(name: str) -> None:
    row = ROWS[name]
    assert row.ulps < 0.6
    with mpmath.workdps(50):
        for p in ordinary(row, 12):
            value = FLOAT64.function(name)(*p)
            assert isinstance(value, float)
            assert ulps(value, exact(name, p)) <= row.ulps, p


@pytest.mark.slow
@every_row
def test_arrays_follow_the_scalars_as_well_as_scipy_can(name: str) -> None:
    row = ROWS[name]
    at = list(ordinary(row, 12))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        array = system("numpy").function(name)(*[numpy.array(column) for column in zip(*at, strict=True)])
    assert array.dtype == float
    for p, entry in zip(at, array, strict=True):
        with mpmath.workdps(50):
            value = exact(name, p)
            allowed = condition(lambda *a: exact(name, a), p, value) if row.partials[0] else 8
        assert ulps(float(entry), value, allowed) <= SCIPY.get(name, 32), p


def test_arrays_are_right_where_scipy_is_not() -> None:
    arrays = system("numpy")
    for name, p in [
        ("zeta", (-61.6,)),
        ("zeta", (-150.3,)),
        ("polygamma", (2.0, -3.7)),
        ("polygamma_step", (0.0, 1e8, 3.0)),
        ("fresnels", (93631.7,)),
        ("fresnelc", (1e12,)),
        ("beta", (1e9, 2.0)),
        ("lambertw", (-0.3678,)),
        ("besselj", (2.5, 1e8)),
        ("hurwitz_zeta", (-2.5, 0.5)),
    ]:
        entry = arrays.function(name)(*[numpy.array([a]) for a in p])[0]
        assert entry == FLOAT64.function(name)(*p), name
        with mpmath.workdps(50):
            assert ulps(float(entry), exact(name, p)) <= 0.51, (name, p)


@every_row
def test_the_complex_step_gives_the_slope(name: str) -> None:
    row, function = ROWS[name], system("complex128").function(name)
    for p in ordinary(row, 3):
        value = FLOAT64.function(name)(*p)
        for j, text in enumerate(row.partials):
            if text is None:
                continue
            slope = FLOAT64.push(name, j)(value, *p, 1.0) or 0.0
            for h in (1e-30, 1e-100, 1e-250):
                moved = function(*[complex(a, h if i == j else 0.0) for i, a in enumerate(p)])
                assert moved.real == pytest.approx(value, rel=2e-16)
                assert moved.imag / h == pytest.approx(slope, rel=1e-12), (p, j, h)


@every_row
def test_balls_hold_the_truth(name: str) -> None:
    row, saved = ROWS[name], ctx.prec
    try:
        ctx.prec = 150
        for p in ordinary(row, 3):
            ball = system("arb").function(name)(*map(arb, p))
            with mpmath.workdps(60):
                value = mpmath.nstr(exact(name, p), 45)
            assert ball.rel_accuracy_bits() > 60
            assert abs(ball - arb(value)) < abs(arb(value)) * arb(2) ** -60, p
    finally:
        ctx.prec = saved


@every_row
def test_sympy_and_mpmath_systems_have_the_same_digits(name: str) -> None:
    import sympy

    row = ROWS[name]
    for p in ordinary(row, 2):
        symbols = [sympy.Symbol(f"x{i}", real=True) for i in range(len(p))]
        held = [
            sympy.Integer(int(a)) if r.whole else s for a, r, s in zip(p, row.sample, symbols, strict=True)
        ]
        expression = system("sympy").function(name)(*held)
        points = {s: sympy.Float(a, precision=53) for s, a in zip(symbols, p, strict=True)}
        digits = expression.evalf(30, subs=points)
        with mpmath.workdps(50):
            value = exact(name, p)
            ours = mpmath.re(system("mpmath").function(name)(*map(mpmath.mpf, p)))
            assert abs(mpmath.mpf(str(sympy.re(digits))) - value) <= abs(value) * mpmath.mpf("1e-26"), p
            assert abs(ours - value) <= abs(value) * mpmath.mpf("1e-40"), p


@pytest.mark.parametrize("x", [-0.9, -1.5, -7.25, -1e3, -1e10])
def test_the_dilogarithm_beyond_its_series(x: float) -> None:
    """DLMF 25.12.4: Li2(x) + Li2(1/x) = -pi^2/6 - log(-x)^2/2, with the one that mpmath sums at once."""
    with mpmath.workdps(40):
        exactly = mpmath.mpf(x)
        sum_ = -(mpmath.pi**2) / 6 - mpmath.log(-exactly) ** 2 / 2
        true = sum_ - mpmath.polylog(2, 1 / exactly) if x < -1 else mpmath.polylog(2, exactly)
        assert ulps(FLOAT64.function("polylog")(2.0, x), true) <= 0.51
        slope = -mpmath.log(1 - exactly) / exactly
        assert ulps(FLOAT64.function("polylog_derivative")(1.0, 2.0, x), slope) <= 0.51


@pytest.mark.parametrize("n", [100, 500, 1000])
def test_polynomials_of_a_high_degree(n: int) -> None:
    """At cos(t), T_n is cos(n t) and U_n is sin((n + 1) t)/sin(t); the others at the end of their interval (DLMF 18.6(i))."""
    with mpmath.workdps(700):
        x = 0.3
        t = mpmath.acos(mpmath.mpf(x))
        true = {
            ("chebyt", (n, x)): mpmath.cos(n * t),
            ("chebyu", (n, x)): mpmath.sin((n + 1) * t) / mpmath.sin(t),
            ("gegenbauer", (n, 1.0, x)): mpmath.sin((n + 1) * t) / mpmath.sin(t),
            ("legendre", (n, 1.0)): mpmath.mpf(1),
            ("assoc_laguerre", (n, 2.0, 0.0)): mpmath.binomial(n + 2, n),
            ("jacobi", (n, 2.0, 0.5, 1.0)): mpmath.binomial(n + 2, n),
            ("hermite", (n, 0.0)): (-1) ** (n // 2) * mpmath.fac(n) / mpmath.fac(n // 2),
        }
        for (name, args), value in true.items():
            assert ulps(FLOAT64.function(name)(*map(float, args)), value) <= 0.51, name


@pytest.mark.parametrize(("s", "x"), [(100.0, 70.0), (1000.0, 1000.0), (1e5, 99_000.0), (1e6, 1_001_000.0)])
def test_incomplete_gamma_functions_of_a_large_order(s: float, x: float) -> None:
    """By the sum of DLMF 8.7.1, of positive terms."""
    with mpmath.workdps(50):
        a, z = mpmath.mpf(s), mpmath.mpf(x)
        term = total = 1 / a
        k = 0
        while abs(term) > total * mpmath.mpf(10) ** -45:
            k += 1
            term = term * z / (a + k)
            total += term
        lower = total * mpmath.exp(a * mpmath.log(z) - z - mpmath.loggamma(a))
        assert ulps(FLOAT64.function("gammainc")(s, x), lower) <= 0.51
        assert ulps(FLOAT64.function("gammaincc")(s, x), 1 - lower) <= 0.51
