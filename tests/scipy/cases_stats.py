"""Distributions of ``scipy.stats``: every method that is followed, by the variable, the shapes, loc and scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from calcgrad.scipy import stats
from calcgrad.scipy.stats.distribution import Continuous
from tests.numpy_names.measuring import Case, case

S = "scipy.stats."
DENSITIES = ("pdf", "logpdf")
TAILS = ("cdf", "sf", "logcdf", "logsf")
QUANTILES = ("ppf", "isf")
MOMENTS = ("mean", "var", "std", "entropy")


class Given(NamedTuple):
    """Shapes made of numbers from 0.5 to 2.5, and where the variable of the standard form lies, of a number from 0 to 1."""

    shapes: Callable[..., tuple[Any, ...]] = tuple
    variable: Callable[[Any], Any] = lambda u: 0.2 + 2.0 * u
    count: int = 0


def _above(least: float) -> Callable[..., tuple[Any, ...]]:
    return lambda p: tuple(least + s for s in p)


_SHARE = lambda u: 0.05 + 0.9 * u  # noqa: E731
_ANY = lambda u: 4.0 * u - 2.0  # noqa: E731

CONTINUOUS: dict[str, Given] = {
    **{
        name: Given(variable=_ANY)
        for name in ("norm", "laplace", "logistic", "cauchy", "gumbel_r", "gumbel_l", "moyal")
    },
    **{
        name: Given()
        for name in ("expon", "halfnorm", "halfcauchy", "halflogistic", "rayleigh", "maxwell", "wald", "levy")
    },
    **{name: Given(variable=_SHARE) for name in ("uniform", "arcsine")},
    "semicircular": Given(variable=lambda u: 1.8 * u - 0.9),
    **{
        name: Given(_above(0.3), count=1)
        for name in (
            *("gamma", "erlang", "chi2", "chi", "lognorm", "weibull_min", "invgauss", "lomax", "fisk"),
            *("nakagami", "gompertz", "fatiguelife", "recipinvgauss"),
        )
    },
    "t": Given(_above(2.0), _ANY, 1),
    "invgamma": Given(_above(2.0), count=1),
    "weibull_max": Given(_above(0.3), lambda u: -0.2 - 2.0 * u, 1),
    "pareto": Given(_above(2.0), lambda u: 1.1 + 2.0 * u, 1),
    "powerlaw": Given(_above(0.3), _SHARE, 1),
    "beta": Given(_above(0.3), _SHARE, 2),
    "f": Given(_above(0.5), count=2),
    "betaprime": Given(_above(0.5), count=2),
    "gengamma": Given(_above(0.3), count=2),
    "loguniform": Given(lambda p: (0.1 * p[0], 1.0 + 2.0 * p[1]), lambda u: 0.3 + 1.6 * u, 2),
    "reciprocal": Given(lambda p: (0.1 * p[0], 1.0 + 2.0 * p[1]), lambda u: 0.3 + 1.6 * u, 2),
    "truncnorm": Given(lambda p: (-p[0], p[1]), lambda u: 0.8 * u - 0.4, 2),
    "triang": Given(lambda p: (0.2 + 0.2 * p[0],), _SHARE, 1),
    "vonmises": Given(_above(0.0), _ANY, 1),
    "skewnorm": Given(_above(0.0), _ANY, 1),
    "gennorm": Given(_above(0.5), _ANY, 1),
    "exponnorm": Given(_above(0.0), _ANY, 1),
    "loggamma": Given(_above(0.0), _ANY, 1),
    "genextreme": Given(lambda p: (0.1 * p[0],), lambda u: 1.5 * u, 1),
    "genpareto": Given(lambda p: (0.1 * p[0],), lambda u: 0.1 + 1.5 * u, 1),
    "johnsonsu": Given(_above(0.0), _ANY, 2),
}
#: Shapes and counts; the shapes that are no counts are drawn.
DISCRETE: dict[str, tuple[Callable[..., tuple[Any, ...]], int, float]] = {
    "poisson": (tuple, 1, 0.0),
    "bernoulli": (lambda p: (0.3 * p[0],), 1, 0.0),
    "geom": (lambda p: (0.3 * p[0],), 1, 0.0),
    "logser": (lambda p: (0.3 * p[0],), 1, 0.0),
    "zipf": (lambda p: (1.0 + p[0],), 1, 0.0),
    "dlaplace": (tuple, 1, 0.0),
    "binom": (lambda p: (6, 0.3 * p[0]), 1, 0.0),
    "nbinom": (lambda p: (p[1] + 1.0, 0.3 * p[0]), 2, 0.0),
    "betabinom": (lambda p: (6, p[0], p[1]), 2, 0.0),
}
COUNTS = np.array([0, 1, 2, 3, 6, 9, -1, 1.5])


def _known(dist: Any, method: str) -> bool:
    law = dist.law if isinstance(dist, Continuous) else dist.mass
    known = "var" if method == "std" else method
    if method in (*TAILS, *QUANTILES):
        return (law.ppf if method in QUANTILES else law.cdf) is not None
    return method in (*DENSITIES, "pmf", "logpmf") or getattr(law, known, None) is not None


def _continuous(name: str, given: Given) -> list[Case]:
    dist: Any = getattr(stats, name)
    constant = given.shapes([1.2, 1.7][: given.count])

    def call(method: str, fixed: bool) -> Callable[..., Any]:
        def called(u: Any, loc: Any, scale: Any, *p: Any) -> Any:
            z = given.variable((u - 0.5) / 2.0)
            shapes = constant if fixed else given.shapes(p)
            if method in MOMENTS:
                return getattr(dist, method)(*shapes, loc=loc + 0.0 * u, scale=scale)
            x = 0.1 + 0.4 * (u - 0.5) if method in QUANTILES else loc + scale * z + 0.0 * loc
            return getattr(dist, method)(x, *shapes, loc, scale=scale)

        return called

    found = []
    for method in (*DENSITIES, *TAILS, *QUANTILES, *MOMENTS):
        if not _known(dist, method):
            continue
        fixed = bool(dist.law.constant) and method in (*TAILS, *QUANTILES)
        shapes = [(), (), *[()] * (0 if fixed else given.count)]
        first = () if method in MOMENTS else (3,)
        found.append(case(f"{S}{name}", call(method, fixed), first, *shapes, single=False))
    return found


def _discrete(name: str) -> list[Case]:
    dist: Any = getattr(stats, name)
    shapes, count, _ = DISCRETE[name]
    held = "n" if name == "nbinom" else ""

    def call(method: str) -> Callable[..., Any]:
        def called(*p: Any) -> Any:
            given = shapes(p if not (held and method in TAILS) else (p[0], 1.2))
            if method in MOMENTS:
                return getattr(dist, method)(*given)
            return getattr(dist, method)(COUNTS, *given)

        return called

    methods = [m for m in ("pmf", "logpmf", *TAILS, "mean", "var", "std") if _known(dist, m)]
    return [
        case(f"{S}{name}", call(m), *[()] * (1 if held and m in TAILS else count), single=False)
        for m in methods
    ]


def _positive(a: Any) -> Any:
    return a @ np.swapaxes(a, -1, -2) + np.eye(a.shape[-1])


def _vectors() -> list[Case]:
    normal, student = stats.multivariate_normal, stats.multivariate_t
    simplex = np.array([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8]]).T
    counts = np.array([[1, 2, 3], [6, 0, 0], [1, 1, 1]])
    share = lambda p: p / np.sum(p)  # noqa: E731
    found = [
        (f"{S}multivariate_normal", lambda x, m, a: normal.logpdf(x, m, _positive(a)), (4, 3), (3,), (3, 3)),
        (f"{S}multivariate_normal", lambda x, m, a: normal(m, _positive(a)).pdf(x), (3,), (3,), (3, 3)),
        (f"{S}multivariate_normal", lambda x, m, s: normal.logpdf(x, mean=m, cov=s), (2, 3), (3,), ()),
        (f"{S}multivariate_normal", lambda x, s: normal.logpdf(x, np.zeros(3), s), (3,), (3,)),
        (f"{S}multivariate_normal", normal.logpdf, (), (), ()),
        (f"{S}multivariate_normal", normal.logpdf, (4,), (), ()),
        (f"{S}multivariate_normal", lambda m, a: normal.entropy(m, _positive(a)), (3,), (3, 3)),
        (f"{S}multivariate_t", lambda x, m, a, d: student.logpdf(x, m, _positive(a), d), (4, 3), (3,), (3, 3), ()),
        (f"{S}multivariate_t", lambda x, m, a: student(m, _positive(a), 3.0).pdf(x), (3,), (3,), (3, 3)),
        (f"{S}dirichlet", lambda a: stats.dirichlet.logpdf(simplex, a), (3,)),
        (f"{S}dirichlet", lambda x, a: stats.dirichlet.pdf(0.1 * x, a), (2,), (3,)),
        (f"{S}dirichlet", lambda x, a: stats.dirichlet(a).logpdf(share(x)), (3,), (3,)),
        (f"{S}dirichlet", lambda a: [getattr(stats.dirichlet, m)(a) for m in ("mean", "var", "entropy")], (3,)),
        (f"{S}multinomial", lambda p: stats.multinomial.logpmf(counts, 6, share(p)), (3,)),
        (f"{S}multinomial", lambda p: stats.multinomial(6, share(p)).pmf(counts[0]), (3,)),
        (f"{S}multinomial", lambda p: stats.multinomial.mean(6, share(p)), (3,)),
    ]  # fmt: skip
    return [case(name, call, *shapes, single=False) for name, call, *shapes in found]


def _ways_to_call() -> list[Case]:
    """Keywords, frozen distributions, broadcasting, edges of the support, parameters that are not valid."""
    edges = np.array([-1.0, 0.0, 0.5, 1.0, 3.0, np.nan, np.inf, -np.inf])
    found: list[tuple[Any, ...]] = [
        ("norm", lambda m, s: stats.norm(m, s).logpdf(np.arange(3.0)), (), ()),
        ("norm", lambda m, s: stats.norm(loc=m, scale=s).interval(0.9), (3,), ()),
        ("norm", lambda x, m: stats.norm.logpdf(x[:, None], m), (3,), (2,)),
        ("norm", lambda m: stats.norm.cdf([0.1, 0.2], loc=m), ()),
        ("norm", lambda s: stats.norm.pdf(0.3, scale=s - 1.5), (4,)),
        ("norm", lambda m, s: stats.norm.rvs(m, s, size=4, random_state=0), (), ()),
        ("norm", lambda m: stats.norm.logpdf(edges[:5], m), ()),
        ("norm", lambda m: stats.norm.median(m, 2.0), (3,)),
        ("gamma", lambda a, s: stats.gamma(a, scale=s).logpdf(np.arange(1.0, 5.0)), (), ()),
        ("gamma", lambda s: stats.gamma.cdf(edges, 2.0, scale=s), ()),
        ("beta", lambda a, b: stats.beta.logpdf(edges[[0, 2, 4, 5, 6, 7]], a + 1.0, b + 1.0), (), ()),
        ("beta", lambda loc: stats.beta.ppf(np.array([0.0, 0.3, 1.0, 2.0]), 2.0, 3.0, loc=loc), ()),
        ("uniform", lambda w: stats.uniform.pdf(edges, 0.2, w), ()),
        ("uniform", lambda w: stats.uniform(0.2, w).logcdf(edges), ()),
        ("expon", lambda s: stats.expon(scale=s).sf(edges), ()),
        ("poisson", lambda m: stats.poisson(m).logpmf(np.arange(3)), ()),
        ("poisson", lambda m: stats.poisson.pmf(np.arange(3)[:, None], m, loc=1), (2,)),
        ("binom", lambda p: stats.binom(5, 0.3 * p).pmf(2), ()),
        ("binom", lambda p: stats.binom.logpmf(2, 5, p), (3,)),
    ]
    return [case(f"{S}{name}", call, *shapes, single=False) for name, call, *shapes in found]


CASES: list[Case] = [
    *[c for name, given in CONTINUOUS.items() for c in _continuous(name, given)],
    *[c for name in DISCRETE for c in _discrete(name)],
    *_vectors(),
    *_ways_to_call(),
]
