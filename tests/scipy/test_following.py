"""Functions that say ``from scipy import …`` are followed as they are, where their source is to be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy
import scipy.integrate
import scipy.linalg as sla
import scipy.optimize
import scipy.signal
import scipy.special as sp
import scipy.stats as st
from scipy import linalg
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.stats import multivariate_normal as mvn
from scipy.stats import norm

import calcgrad

DATA = np.array([0.3, 1.2, -0.5])
PRIOR = st.norm(0.5, 2.0)
JOINT = st.gamma(2.0, scale=3.0)
SHARES = st.dirichlet([2.0, 3.0])
SPREAD = np.array([[2.0, 0.3], [0.3, 1.0]])


def likelihood(x: Any) -> Any:
    return st.norm.logpdf(DATA, x[0], np.exp(x[1])).sum()


def with_priors(x: Any) -> Any:
    return PRIOR.logpdf(x[0]) + JOINT.logpdf(np.exp(x[1])) + np.log(JOINT.sf(2.0 + x[1]))


def frozen_inside(x: Any) -> Any:
    return norm(loc=x[0], scale=1.5).logcdf(x[1])


def gaussian_process(x: Any) -> Any:
    k = np.exp(-0.5 * (DATA[:, None] - DATA) ** 2 / np.exp(x[0])) + 0.1 * np.eye(3)
    factor = linalg.cho_factor(k, lower=True)
    return 0.5 * DATA @ linalg.cho_solve(factor, DATA) + np.log(np.diag(factor[0])).sum() + x[1]


def triangular(x: Any) -> Any:
    lower = sla.cholesky(SPREAD * np.exp(x[0]), lower=True)
    return sla.solve_triangular(lower, DATA[:2] * x[1], lower=True) @ np.ones(2)


def several(x: Any) -> Any:
    return mvn.logpdf(DATA[:2], mean=x, cov=SPREAD) + mvn(x, SPREAD).pdf(DATA[1:])


CLOUD = mvn([0.1, -0.2], SPREAD)


def frozen_vectors(x: Any) -> Any:
    return CLOUD.logpdf(x) + SHARES.logpdf(np.stack([x[0], 1.0 - x[0]]))


def in_a_loop(x: Any) -> Any:
    out = np.zeros(3)
    for i in range(3):
        out[i] = st.expon.logpdf(abs(DATA[i]), scale=np.exp(x[0])) + sp.logsumexp(x * i)
    return out.sum()


def by_full_path(x: Any) -> Any:
    return scipy.linalg.expm(SPREAD * x[0])[0, 1] + scipy.special.softmax(x)[0] * x[1]


def counted(x: Any) -> Any:
    return sum(st.poisson.logpmf(k, np.exp(x[0])) for k in (1, 4)) + st.binom(5, sp.expit(x[1])).logpmf(2)


def through_a_list(x: Any) -> Any:
    return np.sum([st.cauchy.logpdf(v, x[0]) for v in DATA]) * x[1]


def helper(density: Callable[..., Any], x: Any) -> Any:
    return density(DATA, x[0], np.exp(x[1])).sum()


def given_a_method(x: Any) -> Any:
    return helper(st.laplace.logpdf, x)


def interpolated(x: Any) -> Any:
    heights = np.concatenate([x, x**2, x + 1.0])
    return CubicSpline(np.arange(6.0), heights)(2.3) + PchipInterpolator(np.arange(6.0), heights)(1.7)


def integrated(x: Any) -> Any:
    samples = np.exp(-x[0] * np.arange(5.0))
    return scipy.integrate.simpson(samples, dx=x[1]) + scipy.integrate.quad(lambda t: t * x[1], 0.0, x[0])[0]


def solved(x: Any) -> Any:
    return scipy.optimize.root(lambda z: [z[0] ** 3 - np.exp(x[0]), z[1] - z[0] * x[1]], np.ones(2)).x[1]


def filtered(x: Any) -> Any:
    signal = np.concatenate([x, DATA])
    return scipy.signal.lfilter([1.0], [1.0, -0.5], scipy.signal.fftconvolve(signal, DATA, "same"))[-1]


FUNCTIONS: list[Callable[..., Any]] = [
    *(
        likelihood,
        with_priors,
        frozen_inside,
        gaussian_process,
        triangular,
        several,
        frozen_vectors,
        in_a_loop,
    ),
    *(by_full_path, counted, through_a_list, given_a_method, interpolated, integrated, solved, filtered),
]
X = np.array([0.2, 0.4])
U = np.array([0.7, -0.4])


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_it_is_followed_in_both_modes_and_compiled(f: Callable[..., Any]) -> None:
    h = 1e-3
    near = [f(X + k * h * U) for k in (-2, -1, 0, 1, 2)]
    slope = (near[0] - 8 * near[1] + 8 * near[3] - near[4]) / (12 * h)
    bend = (-near[0] + 16 * near[1] - 30 * near[2] + 16 * near[3] - near[4]) / (12 * h * h)
    gradient = calcgrad.grad(f)
    assert gradient(X) @ U == pytest.approx(slope, rel=1e-8)
    value, tangent = calcgrad.jvp(f, (X,), (U,))
    assert (value, tangent) == (pytest.approx(near[2], rel=1e-13), pytest.approx(slope, rel=1e-8))
    assert U @ calcgrad.hessian(f)(X) @ U == pytest.approx(bend, rel=1e-6, abs=1e-7)
    np.testing.assert_allclose(calcgrad.compile(gradient)(X), gradient(X), rtol=1e-12, atol=1e-14)


def test_without_source_the_way_out_is_named() -> None:
    space: dict[str, Any] = {"st": st, "sla": sla}
    exec("f = lambda x: st.norm.logpdf(x)\ng = lambda x: sla.cholesky(x).sum()", space)
    with pytest.raises(calcgrad.CalcgradError) as caught:
        calcgrad.grad(space["f"])(1.0)
    assert "scipy.stats.norm.logpdf" in caught.value.diagnostic.message
    assert "calcgrad.scipy.stats.norm.logpdf is the same for traced ones" in caught.value.diagnostic.hints
    with pytest.raises(calcgrad.CalcgradError, match=r"scipy\.linalg\.cholesky"):
        calcgrad.grad(space["g"])(np.eye(2))


@pytest.mark.parametrize(
    ("f", "named"),
    [
        (lambda x: st.nakagami.cdf(x[0], 2.0), r"scipy\.stats\.nakagami\.cdf has no derivative"),
        (lambda x: st.norm.fit(x)[0], r"scipy\.stats\.norm\.fit has no derivative"),
        (lambda x: sla.schur(np.outer(x, x))[0].sum(), r"scipy\.linalg\.schur has no derivative"),
        (
            lambda x: mvn.cdf(x, np.zeros(2), SPREAD),
            r"scipy\.stats\.multivariate_normal\.cdf has no derivative",
        ),
        (lambda x: st.gamma.cdf(1.0, x[0]), r"scipy\.stats\.gamma\.cdf by a"),
    ],
    ids=["nakagami", "fit", "schur", "mvn", "gamma"],
)
def test_what_is_not_followed_is_refused_by_its_name(f: Callable[..., Any], named: str) -> None:
    with pytest.raises(calcgrad.CalcgradError, match=named):
        calcgrad.grad(f)(X)
