"""``scipy.stats``: distributions with SciPy's methods, of traced parameters and variables.

A distribution has ``pdf``, ``logpdf`` (``pmf``, ``logpmf``), ``cdf``, ``logcdf``, ``sf``, ``logsf``, ``ppf``, ``isf``, ``mean``,
``var``, ``std``, ``entropy``, ``median``, ``interval`` and ``rvs``, as far as a formula is known; ``norm(mu, sigma)`` is frozen. A
derivative for which there is none (``gamma.cdf`` by its shape, a mass function by the count) is refused by name.

>>> import calcgrad
>>> from calcgrad.scipy import stats
>>> calcgrad.grad(stats.norm.logcdf)(-40.0)
40.02496884720726
>>> calcgrad.grad(lambda mu, k: stats.poisson(mu).logpmf(k))(2.0, 5)
1.5
"""

from __future__ import annotations

from typing import Any

from calcgrad.scipy.following import missing
from calcgrad.scipy.stats import continuous, discrete, extremes, half_lines, lifetimes, multivariate, shaped
from calcgrad.scipy.stats.distribution import Distribution
from calcgrad.scipy.stats.multivariate import Multivariate

_FOUND = {
    name: value
    for home in (continuous, half_lines, lifetimes, extremes, shaped, discrete, multivariate)
    for name, value in vars(home).items()
    if isinstance(value, Distribution | Multivariate)
}
globals().update(_FOUND)

__all__ = sorted(_FOUND)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    raise missing(__name__, name)
