"""Distributions of vectors: ``multivariate_normal``, ``multivariate_t``, ``dirichlet``, ``multinomial``.

Covariances are factored after Cholesky, of the lower triangle that SciPy reads too: the derivative is that by the entries which
count, and a singular covariance is refused.
"""

from __future__ import annotations

import inspect
from math import log, pi
from typing import Any

import numpy as np

from calcgrad.numpy_names.registry import refusal
from calcgrad.scipy import special as sp
from calcgrad.scipy.following import any_traced, in_double
from calcgrad.scipy.stats.distribution import OfSciPy, counted


class Multivariate(OfSciPy):
    """What distributions of vectors share."""

    parameters: tuple[str, ...] = ()

    def _call(self, method: str, args: tuple[Any, ...], kwds: dict[str, Any]) -> Any:
        """SciPy's own method of plain arguments, or the one written here, with SciPy's names of the arguments."""
        original = getattr(self.original, method)
        if not any_traced(*args, *kwds.values()):
            return original(*args, **kwds)
        bound = inspect.signature(original).bind(*args, **kwds)
        bound.apply_defaults()
        return getattr(self, f"_{method}")(**bound.arguments)


class _WithDensity(Multivariate):
    def logpdf(self, *args: Any, **kwds: Any) -> Any:
        """The logarithm of the density."""
        return self._call("logpdf", args, kwds)

    def pdf(self, *args: Any, **kwds: Any) -> Any:
        """The density."""
        if not any_traced(*args, *kwds.values()):
            return self.original.pdf(*args, **kwds)
        return np.exp(self._call("logpdf", args, kwds))

    def entropy(self, *args: Any, **kwds: Any) -> Any:
        """The differential entropy."""
        return self._call("entropy", args, kwds)


def _covariance(cov: Any, dim: int) -> Any:
    """A number or a vector of variances as a matrix, as SciPy takes them."""
    if np.ndim(cov) == 0:
        return cov * np.eye(dim)
    return np.diag(cov) if np.ndim(cov) == 1 else cov


def _dimension(mean: Any, cov: Any) -> int:
    if mean is not None:
        return int(np.size(mean))
    return int(np.shape(cov)[0]) if np.ndim(cov) == 2 else 1


def _in_rows(x: Any, dim: int) -> Any:
    """The points with their coordinates along the last axis."""
    if np.ndim(x) == 0:
        return np.reshape(x, (1,))
    return np.reshape(x, (-1, 1)) if np.ndim(x) == 1 and dim == 1 else x


def _whitened(x: Any, mean: Any, cov: Any, name: str) -> tuple[Any, Any, int]:
    """The square of the distance in standard deviations, the logarithm of the determinant, and the dimension."""
    if not hasattr(cov, "shape") and not np.isscalar(cov) and not isinstance(cov, list | tuple | float | int):
        raise refusal(f"scipy.stats.{name} with a Covariance object")
    mean = None if mean is None else np.reshape(in_double(mean), (-1,))
    cov = in_double(cov)
    dim = _dimension(mean, cov)
    points = _in_rows(in_double(x), dim)
    lower = np.linalg.cholesky(_covariance(cov, dim))
    apart = points if mean is None else points - mean
    rows = np.reshape(apart, (-1, dim))
    scaled = np.linalg.solve(lower, rows.T)
    distance = np.reshape(np.sum(scaled**2, axis=0), np.shape(points)[:-1])
    return distance, 2.0 * np.sum(np.log(np.diagonal(lower))), dim


def _squeezed(found: Any) -> Any:
    """Without axes of length 1, as SciPy gives it."""
    return np.squeeze(found) if 1 in np.shape(found) else found


class MultivariateNormal(_WithDensity):
    """The normal distribution of vectors."""

    def _logpdf(self, x: Any, mean: Any, cov: Any, allow_singular: bool) -> Any:
        distance, logdet, dim = _whitened(x, mean, cov, self.name)
        return _squeezed(-0.5 * (dim * log(2 * pi) + logdet + distance))

    def _entropy(self, mean: Any, cov: Any) -> Any:
        mean, cov = None if mean is None else in_double(mean), in_double(cov)
        dim = _dimension(mean, cov)
        lower = np.linalg.cholesky(_covariance(cov, dim))
        return 0.5 * dim * (log(2 * pi) + 1.0) + np.sum(np.log(np.diagonal(lower)))


class MultivariateT(_WithDensity):
    """Student's distribution of vectors."""

    def _logpdf(self, x: Any, loc: Any, shape: Any, df: Any) -> Any:
        df = in_double(df)
        distance, logdet, dim = _whitened(x, loc, shape, self.name)
        power = -0.5 * (df + dim) * np.log1p(distance / df)
        scale = sp.gammaln(0.5 * (df + dim)) - sp.gammaln(0.5 * df) - 0.5 * dim * (np.log(df) + log(pi))
        return _squeezed(scale - 0.5 * logdet + power)


class Dirichlet(_WithDensity):
    """The distribution of shares."""

    def _logpdf(self, x: Any, alpha: Any) -> Any:
        x, alpha = in_double(x), in_double(alpha)
        if np.shape(x)[0] + 1 == np.shape(alpha)[0]:
            x = np.concatenate([x, np.reshape(1.0 - np.sum(x, axis=0), (1, *np.shape(x)[1:]))])
        if np.shape(x)[0] != np.shape(alpha)[0]:
            raise ValueError(
                "Vector 'x' must have either the same number of entries as, or one entry fewer than, parameter vector "
                f"'a', but alpha.shape = {np.shape(alpha)} and x.shape = {np.shape(x)}."
            )
        if bool(np.any(np.abs(np.sum(x, axis=0) - 1.0) > 1e-9)) or bool(np.any(x < 0)):
            raise ValueError("The input vector 'x' must lie within the normal simplex.")
        if bool(np.any(alpha <= 0)):
            raise ValueError("All parameters must be greater than 0")
        powers = np.reshape(alpha - 1.0, (-1, *[1] * (np.ndim(x) - 1)))
        return np.sum(sp.xlogy(powers, x), axis=0) - _log_beta(alpha)

    def _entropy(self, alpha: Any) -> Any:
        alpha = in_double(alpha)
        total, count = np.sum(alpha), np.shape(alpha)[0]
        inner = np.sum((alpha - 1.0) * sp.psi(alpha))
        return _log_beta(alpha) + (total - count) * sp.psi(total) - inner

    def mean(self, alpha: Any) -> Any:
        """The mean of each share."""
        if not any_traced(alpha):
            return self.original.mean(alpha)
        alpha = in_double(alpha)
        return alpha / np.sum(alpha)

    def var(self, alpha: Any) -> Any:
        """The variance of each share."""
        if not any_traced(alpha):
            return self.original.var(alpha)
        alpha = in_double(alpha)
        total = np.sum(alpha)
        return alpha * (total - alpha) / (total**2 * (total + 1.0))


def _log_beta(alpha: Any) -> Any:
    return np.sum(sp.gammaln(alpha)) - sp.gammaln(np.sum(alpha))


class Multinomial(Multivariate):
    """Counts of outcomes. The last probability is what the others leave, as SciPy takes it."""

    def logpmf(self, *args: Any, **kwds: Any) -> Any:
        """The logarithm of the probability."""
        return self._call("logpmf", args, kwds)

    def pmf(self, *args: Any, **kwds: Any) -> Any:
        """The probability."""
        if not any_traced(*args, *kwds.values()):
            return self.original.pmf(*args, **kwds)
        return np.exp(self._call("logpmf", args, kwds))

    def _logpmf(self, x: Any, n: Any, p: Any) -> Any:
        x = counted(in_double(x), "scipy.stats.multinomial.logpmf by x")
        n = counted(in_double(n), "scipy.stats.multinomial.logpmf by n")
        p = in_double(p)
        rest = 1.0 - np.sum(p[..., :-1], axis=-1, keepdims=True)
        p = np.concatenate([p[..., :-1], rest], axis=-1)
        possible = (x >= 0) & (x == np.floor(x))
        safe = np.where(possible, x, 0.0)
        found = sp.gammaln(n + 1.0) + np.sum(sp.xlogy(safe, p) - sp.gammaln(safe + 1.0), axis=-1)
        possible = np.all(possible, axis=-1) & (np.sum(safe, axis=-1) == n)
        found = np.where(possible, found, -np.inf)
        valid = np.all((p >= 0) & (p <= 1), axis=-1) & (n >= 0)
        return np.where(valid, found, np.nan)

    def mean(self, n: Any, p: Any) -> Any:
        """The mean of each count."""
        if not any_traced(n, p):
            return self.original.mean(n, p)
        return in_double(n)[..., None] * in_double(p) if np.ndim(n) else in_double(n) * in_double(p)


multivariate_normal = MultivariateNormal("multivariate_normal")
multivariate_t = MultivariateT("multivariate_t")
dirichlet = Dirichlet("dirichlet")
multinomial = Multinomial("multinomial")
