"""The normal distribution: its density, its distribution function and the inverse of that, in their textbook and program names."""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Composite, Elementwise, Range, Row, Singular

# Values are rounded from balls, so none is further off than this.
_row = partial(Elementwise, ulps=0.51, group="normal distribution")

ROWS: tuple[Row, ...] = (
    _row(
        name="normcdf",
        partials=("normpdf(a)",),
        help="the distribution function of the standard normal distribution, accurate in its lower tail",
        definition="erfc(-a/sqrt(2))/2",
        sample=(Range(-20.0, 5.0),),
        scipy=("ndtr",),
        latex=r"\Phi\left({0}\right)",
        words=("normcdf", "Phi", "ncdf", "pnorm", "NORMSDIST", "ndtr"),
    ),
    _row(
        name="normpdf",
        partials=("-a*y",),
        help="the density of the standard normal distribution, exp(-x^2/2)/sqrt(2 pi)",
        definition="exp(-a^2/2)/sqrt(2*pi)",
        sample=(Range(-8.0, 8.0),),
        latex=r"\varphi\left({0}\right)",
        words=("normpdf", "npdf", "dnorm"),
    ),
    _row(
        name="norminv",
        # exp(y^2/2) by erfcx: the square of y would lose the digits that its exponential needs.
        partials=(
            "where(a < 1/2, sqrt(2*pi)*erfcx(-y/sqrt(2))/(2*a), sqrt(2*pi)*erfcx(y/sqrt(2))/(2*(1 - a)))",
        ),
        help="the inverse of normcdf: the quantile of the standard normal distribution",
        domain="0 < a and a < 1",
        singular=(Singular("pole", "a"), Singular("pole", "a - 1")),
        definition="-sqrt(2)*erfcinv(2*a)",
        sample=(Range(0.0001, 0.9999),),
        scipy=("ndtri",),
        latex=r"\Phi^{{-1}}\left({0}\right)",
        words=("norminv", "probit", "qnorm", "NORMSINV", "ndtri"),
    ),
)

_composite = partial(Composite, arity=3, group="normal distribution")


def _words(op: str, *names: str) -> tuple[tuple[str, Word], ...]:
    return tuple((name, Word(op, 3)) for name in names)


COMPOSITES: tuple[Composite, ...] = (
    _composite(
        name="normal_cdf",
        help="the normal distribution function of x, with a mean and a standard deviation",
        definition="normcdf((a - b)/c)",
        words=_words("normal_cdf", "normcdf", "pnorm"),
    ),
    _composite(
        name="normal_pdf",
        help="the normal density of x, with a mean and a standard deviation",
        definition="normpdf((a - b)/c)/c",
        words=_words("normal_pdf", "normpdf", "dnorm"),
    ),
    _composite(
        name="normal_inv",
        help="the normal quantile of p, with a mean and a standard deviation",
        definition="b + c*norminv(a)",
        words=_words("normal_inv", "norminv", "qnorm", "NORMINV"),
    ),
)
