# ruff: noqa: E501 (a table of formulas)
"""Values and derivatives far out, against mpmath at hundreds of digits."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import pytest

import calcgrad
from calcgrad.scipy import stats

DIGITS = 700


def _t(x: Any, v: Any) -> Any:
    return (
        mp.loggamma((v + 1) / 2)
        - mp.loggamma(v / 2)
        - mp.log(mp.pi * v) / 2
        - (v + 1) / 2 * mp.log1p(x * x / v)
    )


def _norm_cdf(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _gamma_sf(x: Any, a: Any) -> Any:
    return mp.gammainc(a, x, mp.inf, regularized=True)


#: A function of calcgrad's, the same of mpmath's, and points; it is differentiated by every argument.
FAR: list[tuple[str, Any, Any, list[tuple[float, ...]]]] = [
    ("norm.logcdf", stats.norm.logcdf, lambda x: mp.log(_norm_cdf(x)), [(-40.0,), (-1e4,), (3.0,), (9.0,)]),
    ("norm.logsf", stats.norm.logsf, lambda x: mp.log(_norm_cdf(-x)), [(40.0,), (1e4,), (-3.0,)]),
    ("norm.sf", stats.norm.sf, lambda x: _norm_cdf(-x), [(30.0,), (-30.0,)]),
    ("norm.logpdf", stats.norm.logpdf, lambda x, m, s: -(((x - m) / s) ** 2) / 2 - mp.log(s) - mp.log(2 * mp.pi) / 2, [(1e8, 1.0, 2.0)]),
    ("t.logpdf", stats.t.logpdf, _t, [(1e100, 3.0), (1e20, 0.5), (2.0, 1e6), (0.0, 2.5), (1e-9, 4.0)]),
    ("cauchy.logpdf", stats.cauchy.logpdf, lambda x: -mp.log(mp.pi) - mp.log1p(x * x), [(1e120,), (1e-9,), (-3.0,)]),
    ("cauchy.sf", stats.cauchy.sf, lambda x: mp.atan2(1, x) / mp.pi, [(1e12,), (-3.0,)]),
    ("logistic.logcdf", stats.logistic.logcdf, lambda x: -mp.log1p(mp.exp(-x)), [(-700.0,), (40.0,), (700.0,)]),
    ("logistic.logpdf", stats.logistic.logpdf, lambda x: -x - 2 * mp.log1p(mp.exp(-x)), [(-700.0,), (0.0,), (700.0,)]),
    ("gamma.sf", lambda x: stats.gamma.sf(x, 2.5), lambda x: _gamma_sf(x, mp.mpf(2.5)), [(500.0,), (1e-8,)]),
    ("gamma.logpdf", stats.gamma.logpdf, lambda x, a: (a - 1) * mp.log(x) - x - mp.loggamma(a), [(700.0, 2.5), (1e-200, 0.1)]),
    ("expon.logcdf", stats.expon.logcdf, lambda x: mp.log(-mp.expm1(-x)), [(1e-12,), (50.0,), (700.0,)]),
    ("weibull_min.logcdf", stats.weibull_min.logcdf, lambda x, c: mp.log(-mp.expm1(-(x**c))), [(1e-8, 1.5), (9.0, 1.5)]),
    ("beta.logpdf", stats.beta.logpdf, lambda x, a, b: (a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x) - mp.log(mp.beta(a, b)), [(1e-150, 2.0, 3.0)]),
    ("truncnorm.logpdf", stats.truncnorm.logpdf, lambda x, a, b: -x * x / 2 - mp.log(2 * mp.pi) / 2 - mp.log(_norm_cdf(b) - _norm_cdf(a)), [(35.0, 30.0, 40.0), (-35.0, -40.0, -30.0)]),
    ("genpareto.logsf", stats.genpareto.logsf, lambda x, c: -mp.log1p(c * x) / c, [(3.0, 1e-9), (3.0, 0.4)]),
]  # fmt: skip
POINTS = [(name, ours, true, at) for name, ours, true, points in FAR for at in points]


@pytest.mark.parametrize(("name", "ours", "true", "at"), POINTS, ids=[f"{p[0]}{p[3]}" for p in POINTS])
def test_it_keeps_its_digits(name: str, ours: Any, true: Any, at: tuple[float, ...]) -> None:
    with calcgrad.trusted():  # a value of SciPy's own may be further off
        value, slopes = calcgrad.value_and_grad(ours, argnums=tuple(range(len(at))))(*at)
    with mp.workdps(DIGITS):
        _compare(true, [mp.mpf(x) for x in at], value, slopes)


def _compare(true: Any, exact: list[Any], value: Any, slopes: Any) -> None:
    assert value == pytest.approx(float(true(*exact)), rel=2e-12)
    for k, slope in enumerate(slopes):
        step = mp.mpf(10) ** -15 * (abs(exact[k]) or mp.mpf(10) ** -6)
        near = [true(*[x + s * step if i == k else x for i, x in enumerate(exact)]) for s in (-1, 1)]
        known = float((near[1] - near[0]) / (2 * step))
        assert slope == pytest.approx(known, rel=1e-10, abs=1e-13 * abs(float(value)))
