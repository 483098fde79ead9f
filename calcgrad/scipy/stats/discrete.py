"""The discrete distributions that are followed: by their parameters, at counts that are constants.

By the count there is no derivative: a mass function is 0 between whole numbers. One is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from calcgrad.numpy_names.registry import refusal
from calcgrad.scipy import special as sp
from calcgrad.scipy.following import any_traced, everywhere, in_double
from calcgrad.scipy.stats.distribution import Distribution, Of, counted, fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Mass:
    """What is known of a discrete distribution: functions of the count and the shapes, as of a ``Law``.

    ``counts`` names the shapes that count as well: no derivative is taken by them.
    """

    logpmf: Of
    cdf: Of | None = None
    sf: Of | None = None
    mean: Of | None = None
    var: Of | None = None
    support: Of = lambda *shapes: (0.0, np.inf)
    valid: Of
    counts: tuple[str, ...] = ()
    constant: tuple[str, ...] = ()


class Discrete(Distribution):
    """A discrete distribution: its mass function, its distribution function, their logarithms, mean and variance."""

    def __init__(self, name: str, mass: Mass) -> None:
        super().__init__(name)
        self.mass = mass
        self._of_k = self.signature("k", "loc")
        self._of_none = self.signature(None, "loc")

    def logpmf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """The logarithm of the probability of a count."""
        return self._at("logpmf", k, args, kwds, self._masses(np.asarray, -np.inf))

    def pmf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """The probability of a count."""
        return self._at("pmf", k, args, kwds, self._masses(np.exp, 0.0))

    def cdf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """The probability of a count and all below."""
        return self._at("cdf", k, args, kwds, self._sums("cdf"))

    def sf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """The probability of all counts above."""
        return self._at("sf", k, args, kwds, self._sums("sf"))

    def logcdf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """The logarithm of the distribution function."""
        return self._at("logcdf", k, args, kwds, self._sums("cdf", np.log))

    def logsf(self, k: Any, *args: Any, **kwds: Any) -> Any:
        """The logarithm of the upper tail."""
        return self._at("logsf", k, args, kwds, self._sums("sf", np.log))

    def mean(self, *args: Any, **kwds: Any) -> Any:
        """The mean."""
        return self._moment("mean", args, kwds)

    def var(self, *args: Any, **kwds: Any) -> Any:
        """The variance."""
        return self._moment("var", args, kwds)

    def std(self, *args: Any, **kwds: Any) -> Any:
        """The standard deviation."""
        if not any_traced(*args, *kwds.values()):
            return self.original.std(*args, **kwds)
        return np.sqrt(self._moment("var", args, kwds))

    def _at(self, method: str, k: Any, args: Any, kwds: Any, value: Callable[..., Any]) -> Any:
        if not any_traced(k, *args, *kwds.values()):
            return getattr(self.original, method)(k, *args, **kwds)
        bound = self._of_k.bind(k, *args, **kwds)
        bound.apply_defaults()
        k, *shapes, loc = map(in_double, bound.arguments.values())
        shapes = self._accepted(method, shapes)
        count = counted(k - loc, self.subject(method, "k"))
        found = value(count, shapes)
        valid = self.mass.valid(*shapes)
        return found if everywhere(valid) else np.where(valid, found, np.nan)

    def _accepted(self, method: str, shapes: list[Any]) -> list[Any]:
        """The shapes; those that no derivative is taken by are refused where one is."""
        tail = method.endswith(("cdf", "sf"))
        found = []
        for name, shape in zip(self._names, shapes, strict=True):
            accepted = counted(shape, self.subject(method, name)) if name in self.mass.counts else shape
            if tail and name in self.mass.constant:
                accepted = fixed(shape, self.subject(method, name))
            found.append(accepted)
        return found

    def _masses(self, outer: Callable[[Any], Any], nothing: float) -> Callable[..., Any]:
        """The mass at whole numbers of the support, and nothing elsewhere."""

        def value(k: Any, shapes: list[Any]) -> Any:
            low, high = self.mass.support(*shapes)
            inside = (low <= k) & (k <= high) & (k == np.floor(k))
            if everywhere(inside):
                logarithm = self.mass.logpmf(k, *shapes)
                return logarithm if outer is np.asarray else outer(logarithm)
            start = 0.0 if type(low) is float and low == -np.inf else low
            logarithm = self.mass.logpmf(np.where(inside, k, start), *shapes)
            found = logarithm if outer is np.asarray else outer(logarithm)
            return np.where(inside, found, np.where(k == k, nothing, np.nan))

        return value

    def _sums(self, method: str, outer: Callable[[Any], Any] | None = None) -> Callable[..., Any]:
        """A tail within the support, and 0 or 1 outside."""
        function = getattr(self.mass, method)
        if function is None:

            def refused(k: Any, shapes: list[Any]) -> Any:
                raise refusal(f"scipy.stats.{self.name}.{method}")

            return refused

        def value(k: Any, shapes: list[Any]) -> Any:
            low, high = self.mass.support(*shapes)
            whole = np.floor(k)
            inside = (low <= whole) & (whole < high)
            below, above = (0.0, 1.0) if method == "cdf" else (1.0, 0.0)
            if outer is not None:
                below, above = (-np.inf, 0.0) if below == 0.0 else (0.0, -np.inf)
            found = function(np.where(inside, whole, low), *shapes)
            found = found if outer is None else outer(found)
            if everywhere(inside):
                return found
            return np.where(inside, found, np.where(whole >= high, above, np.where(k == k, below, np.nan)))

        return value

    def _moment(self, method: str, args: Any, kwds: Any) -> Any:
        if not any_traced(*args, *kwds.values()):
            return getattr(self.original, method)(*args, **kwds)
        function = getattr(self.mass, method)
        if function is None:
            raise refusal(f"scipy.stats.{self.name}.{method}")
        bound = self._of_none.bind(*args, **kwds)
        bound.apply_defaults()
        *shapes, loc = map(in_double, bound.arguments.values())
        found = function(*self._accepted(method, shapes))
        found = found + loc if method == "mean" else found
        valid = self.mass.valid(*shapes)
        return found if everywhere(valid) else np.where(valid, found, np.nan)


def _choices(n: Any, k: Any) -> Any:
    """The logarithm of the number of subsets."""
    return sp.gammaln(n + 1.0) - sp.gammaln(k + 1.0) - sp.gammaln(n - k + 1.0)


poisson = Discrete(
    "poisson",
    Mass(
        logpmf=lambda k, mu: sp.xlogy(k, mu) - sp.gammaln(k + 1.0) - mu,
        cdf=lambda k, mu: sp.gammaincc(k + 1.0, mu),
        sf=lambda k, mu: sp.gammainc(k + 1.0, mu),
        mean=lambda mu: mu,
        var=lambda mu: mu,
        valid=lambda mu: mu >= 0,
    ),
)

binom = Discrete(
    "binom",
    Mass(
        logpmf=lambda k, n, p: _choices(n, k) + sp.xlogy(k, p) + sp.xlog1py(n - k, -p),
        cdf=lambda k, n, p: sp.betainc(n - k, k + 1.0, 1.0 - p),
        sf=lambda k, n, p: sp.betainc(k + 1.0, n - k, p),
        mean=lambda n, p: n * p,
        var=lambda n, p: n * p * (1.0 - p),
        support=lambda n, p: (0.0, n),
        valid=lambda n, p: (n >= 0) & (n == np.floor(n)) & (p >= 0) & (p <= 1),
        counts=("n",),
    ),
)

bernoulli = Discrete(
    "bernoulli",
    Mass(
        logpmf=lambda k, p: sp.xlogy(k, p) + sp.xlog1py(1.0 - k, -p),
        cdf=lambda k, p: 1.0 - p + 0.0 * k,
        sf=lambda k, p: p + 0.0 * k,
        mean=lambda p: p,
        var=lambda p: p * (1.0 - p),
        support=lambda p: (0.0, 1.0),
        valid=lambda p: (p >= 0) & (p <= 1),
    ),
)

nbinom = Discrete(
    "nbinom",
    Mass(
        logpmf=lambda k, n, p: (
            sp.gammaln(n + k) - sp.gammaln(k + 1.0) - sp.gammaln(n) + n * np.log(p) + sp.xlog1py(k, -p)
        ),
        cdf=lambda k, n, p: sp.betainc(n, k + 1.0, p),
        sf=lambda k, n, p: sp.betainc(k + 1.0, n, 1.0 - p),
        mean=lambda n, p: n * (1.0 - p) / p,
        var=lambda n, p: n * (1.0 - p) / p**2,
        valid=lambda n, p: (n > 0) & (p > 0) & (p <= 1),
        constant=("n",),
    ),
)

geom = Discrete(
    "geom",
    Mass(
        logpmf=lambda k, p: sp.xlog1py(k - 1.0, -p) + np.log(p),
        cdf=lambda k, p: -np.expm1(k * np.log1p(-p)),
        sf=lambda k, p: np.exp(k * np.log1p(-p)),
        mean=lambda p: 1.0 / p,
        var=lambda p: (1.0 - p) / p**2,
        support=lambda p: (1.0, np.inf),
        valid=lambda p: (p > 0) & (p <= 1),
    ),
)

betabinom = Discrete(
    "betabinom",
    Mass(
        logpmf=lambda k, n, a, b: (
            -np.log(n + 1.0) - sp.betaln(n - k + 1.0, k + 1.0) + sp.betaln(k + a, n - k + b) - sp.betaln(a, b)
        ),
        mean=lambda n, a, b: n * a / (a + b),
        var=lambda n, a, b: n * (a + b + n) * a * b / ((a + b) ** 2 * (a + b + 1.0)),
        support=lambda n, a, b: (0.0, n),
        valid=lambda n, a, b: (n >= 0) & (n == np.floor(n)) & (a > 0) & (b > 0),
        counts=("n",),
    ),
)

logser = Discrete(
    "logser",
    Mass(
        logpmf=lambda k, p: k * np.log(p) - np.log(k) - np.log(-np.log1p(-p)),
        support=lambda p: (1.0, np.inf),
        valid=lambda p: (p > 0) & (p < 1),
    ),
)

zipf = Discrete(
    "zipf",
    Mass(
        logpmf=lambda k, a: -a * np.log(k) - np.log(sp.zeta(a)),
        support=lambda a: (1.0, np.inf),
        valid=lambda a: a > 1,
    ),
)

dlaplace = Discrete(
    "dlaplace",
    Mass(
        logpmf=lambda k, a: np.log(np.tanh(0.5 * a)) - a * np.abs(k),
        support=lambda a: (-np.inf, np.inf),
        valid=lambda a: a > 0,
    ),
)
