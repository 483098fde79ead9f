"""The names and the signatures of calcgrad.scipy are SciPy's own; what is not followed is refused by name."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import numpy as np
import pytest
import scipy.special
import scipy.stats

import calcgrad
import calcgrad.scipy
import calcgrad.special
from calcgrad.scipy import linalg, special, stats
from calcgrad.scipy.following import BY_NAME, WRITTEN, scipys
from calcgrad.scipy.stats.distribution import Distribution
from tests.numpy_names.measuring import SCIPY

for _module in calcgrad.scipy.MODULES:
    getattr(calcgrad.scipy, _module)
#: Parameters that came after the oldest SciPy that is supported.
SINCE = {("scipy.linalg.inv", "assume_a"): (1, 17), ("scipy.linalg.inv", "lower"): (1, 17)}
DISTRIBUTIONS = [d for d in BY_NAME.values() if isinstance(d, Distribution)]


@pytest.mark.parametrize("path", sorted(WRITTEN))
def test_a_function_has_scipys_signature(path: str) -> None:
    assert inspect.signature(BY_NAME[path]) == inspect.signature(scipys(path))
    written, theirs = inspect.signature(WRITTEN[path]).parameters, inspect.signature(scipys(path)).parameters
    known = [name for name in written if SINCE.get((path, name), (1, 15)) <= SCIPY]
    assert [n for n in theirs if n in written] == known
    for name, parameter in ((name, written[name]) for name in known):
        assert parameter.default is parameter.empty or parameter.default == theirs[name].default


@pytest.mark.parametrize("dist", DISTRIBUTIONS, ids=repr)
def test_a_distribution_has_scipys_shapes_and_methods(dist: Any) -> None:
    theirs = getattr(scipy.stats, dist.name)
    assert dist.shapes == theirs.shapes
    assert dist.name == theirs.name
    for method in ("rvs", "fit", "expect", "support") if hasattr(theirs, "fit") else ("rvs", "support"):
        assert callable(getattr(dist, method))


def test_every_module_has_the_names_that_it_lists() -> None:
    for module in calcgrad.scipy.MODULES:
        ours = importlib.import_module(f"calcgrad.scipy.{module}")
        theirs = importlib.import_module(f"scipy.{module}")
        assert ours.__all__
        for name in ours.__all__:
            assert hasattr(theirs, name)
            assert getattr(ours, name) is BY_NAME[f"scipy.{module}.{name}"]


def test_the_special_functions_are_the_same_objects() -> None:
    assert special.logsumexp is calcgrad.special.logsumexp
    assert special.gammainc is calcgrad.special.gammainc is scipy.special.gammainc
    assert {name for name in calcgrad.special.__all__ if hasattr(scipy.special, name)} <= set(special.__all__)


def test_plain_arguments_are_scipys_own() -> None:
    a = np.array([[2.0, 0.5], [0.5, 1.0]])
    np.testing.assert_array_equal(linalg.cholesky(a), scipy.linalg.cholesky(a))
    assert stats.norm.fit([1.0, 2.0]) == scipy.stats.norm.fit([1.0, 2.0])
    assert stats.t(3.0).stats() == scipy.stats.t(3.0).stats()
    assert stats.poisson.pmf(2, 3.0) == scipy.stats.poisson.pmf(2, 3.0)


@pytest.mark.parametrize(
    ("function", "at", "named"),
    [
        (lambda a: stats.gamma.cdf(1.0, a), 2.0, "scipy.stats.gamma.cdf by a"),
        (lambda a: stats.beta.ppf(0.3, 2.0, a), 2.0, "scipy.stats.beta.ppf by b"),
        (lambda d: stats.t(d).sf(0.3), 2.0, "scipy.stats.t.sf by df"),
        (lambda d: stats.chi2.logcdf(0.3, d), 2.0, "scipy.stats.chi2.logcdf by df"),
        (lambda k: stats.poisson.logpmf(k, 2.0), 3.0, "scipy.stats.poisson.logpmf by k"),
        (lambda n: stats.binom.pmf(2.0, n, 0.3), 5.0, "scipy.stats.binom.pmf by n"),
        (lambda n: stats.nbinom.cdf(2.0, n, 0.3), 5.0, "scipy.stats.nbinom.cdf by n"),
        (lambda m: stats.norm.fit([m, 2.0]), 5.0, "scipy.stats.norm.fit has no derivative"),
        (lambda m: stats.nakagami.cdf(m, 2.0), 0.5, "scipy.stats.nakagami.cdf has no derivative"),
        (stats.gamma.rvs, 2.0, "scipy.stats.gamma.rvs with a shape"),
        (lambda a: special.gammainc(a, 2.0), 2.0, "gammainc.* in its argument 1"),
        (lambda a: special.betainc(2.0, a, 0.3), 2.0, "betainc.* in its argument 2"),
        (lambda v: special.jv(v, 0.3), 2.0, "in its argument 1"),
        (lambda v: special.ive(v, 0.3), 2.0, "scipy.special.ive by v"),
        (lambda a: special.gammaincinv(a, 0.3), 2.0, "scipy.special.gammaincinv by a"),
        (lambda a: special.betaincinv(a, 2.0, 0.3), 2.0, "scipy.special.betaincinv by a"),
        (lambda a: special.stdtrit(a, 0.3), 2.0, "scipy.special.stdtrit by df"),
    ],
)
@pytest.mark.parametrize("mode", ["reverse", "forward", "compiled"])
def test_what_has_no_formula_is_refused_by_name(function: Any, at: float, named: str, mode: str) -> None:
    ways: dict[str, Any] = {
        "reverse": lambda: calcgrad.grad(function)(at),
        "forward": lambda: calcgrad.jvp(function, (at,), (1.0,)),
        "compiled": lambda: calcgrad.compile(calcgrad.grad(function))(at),
    }
    with pytest.raises(Exception, match=named.replace("(", r"\(")):
        ways[mode]()


def test_a_parameter_without_formula_may_be_an_argument_of_a_program() -> None:
    def loss(x: Any, a: Any, k: Any) -> Any:
        return stats.gamma.cdf(x, a) + stats.poisson.pmf(k, x)

    gradient = calcgrad.grad(loss)
    assert calcgrad.compile(gradient)(1.3, 2.0, 3.0) == pytest.approx(gradient(1.3, 2.0, 3.0), rel=1e-14)
    assert calcgrad.compile(gradient)(1.3, 2.5, 1.0) == pytest.approx(gradient(1.3, 2.5, 1.0), rel=1e-14)


def test_options_that_are_not_followed_are_refused_by_name() -> None:
    a = np.array([[2.0, 0.5], [0.5, 1.0]])
    with pytest.raises(calcgrad.CalcgradError, match="pivoting=True"):
        calcgrad.grad(lambda a: linalg.qr(a, pivoting=True)[1].sum())(a)
    with pytest.raises(calcgrad.CalcgradError, match="mode='full'"):
        calcgrad.grad(lambda a: linalg.qr(a)[1].sum())(np.ones((3, 2)))
    with pytest.raises(calcgrad.CalcgradError, match="complex"):
        calcgrad.grad(lambda a: linalg.sqrtm(a).sum())(-a)
    with pytest.raises(AttributeError, match=r"scipy\.linalg\.schur has no derivative here"):
        linalg.schur
    with pytest.raises(AttributeError, match="linalg, "):
        calcgrad.scipy.nothing
