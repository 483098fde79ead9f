"""The gamma function and what is made of it."""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Elementwise, Range, Row, Singular

# Values are rounded from balls, so none is further off than this.
_row = partial(Elementwise, ulps=0.51)

_REGULAR = "a > 0 or floor(a) != a"


def _poles(argument: str) -> Singular:
    """Poles at 0, -1, -2, …: whole numbers, once what is positive is out of the way."""
    return Singular("pole", f"where({argument} > 0, 1/2, {argument})", period=1.0)


_ARGUMENT = Range(-4.9, 20.0)
_POSITIVE = Range(0.05, 20.0)

ROWS: tuple[Row, ...] = (
    _row(
        name="gamma",
        partials=("y*digamma(a)",),
        help="the gamma function; gamma(n) is (n - 1)!",
        domain=_REGULAR,
        singular=(_poles("a"),),
        sample=(_ARGUMENT,),
        latex=r"\Gamma\left({0}\right)",
        words=("gamma", "Gamma", "tgamma"),
        group="gamma functions",
        scipy=("gamma",),
        undefined="it has a pole at 0 and at every negative whole number",
    ),
    _row(
        name="lgamma",
        partials=("digamma(a)",),
        help="the logarithm of the absolute value of the gamma function",
        convention="log |gamma(x)|, real for negative x too",
        domain=_REGULAR,
        singular=(_poles("a"),),
        sample=(_ARGUMENT,),
        numpy="gammaln",
        latex=r"\log\left|\Gamma\left({0}\right)\right|",
        words=("lgamma", "loggamma", "gammaln", "lngamma"),
        group="gamma functions",
        scipy=("gammaln",),
        undefined="it has a pole at 0 and at every negative whole number",
    ),
    _row(
        name="rgamma",
        partials=("rgamma_derivative(1, a)",),
        help="the reciprocal 1/gamma(x), which has no poles",
        sample=(_ARGUMENT,),
        latex=r"\frac{{1}}{{\Gamma\left({0}\right)}}",
        group="gamma functions",
    ),
    _row(
        name="rgamma_derivative",
        partials=(None, "rgamma_derivative(a + 1, b)"),
        help="the k-th derivative of 1/gamma: rgamma_derivative(k, x)",
        domain="a >= 0 and floor(a) == a",
        sample=(Range(0, 4, whole=True), _ARGUMENT),
        group="gamma functions",
    ),
    _row(
        name="factorial",
        partials=("y*digamma(a + 1)",),
        help="the factorial x!, continued as gamma(x + 1)",
        domain="a > -1 or floor(a) != a",
        singular=(_poles("a + 1"),),
        sample=(Range(-0.9, 20.0),),
        latex=r"{0}!",
        words=("factorial", "fac"),
        group="gamma functions",
        undefined="it has a pole at every negative whole number",
    ),
    _row(
        name="digamma",
        partials=("polygamma(1, a)",),
        help="the digamma function, the derivative of log(gamma(x))",
        domain=_REGULAR,
        singular=(_poles("a"),),
        sample=(_ARGUMENT,),
        latex=r"\psi\left({0}\right)",
        words=("digamma", "psi"),
        group="gamma functions",
        scipy=("psi", "digamma"),
        of_reals=True,
        undefined="it has a pole at 0 and at every negative whole number",
    ),
    _row(
        name="polygamma",
        partials=(None, "polygamma(a + 1, b)"),
        help="polygamma(n, x), the n-th derivative of digamma(x)",
        domain="a >= 0 and floor(a) == a and (b > 0 or floor(b) != b)",
        singular=(_poles("b"),),
        sample=(Range(0, 4, whole=True), _ARGUMENT),
        latex=r"\psi^{{({0})}}\left({1}\right)",
        words=(
            "polygamma",
            ("psi", Word("polygamma", 2)),
            ("trigamma", Word("polygamma", 1, leading=(1,))),
            ("tetragamma", Word("polygamma", 1, leading=(2,))),
        ),
        group="gamma functions",
        scipy=("polygamma",),
        undefined="it has a pole at 0 and at every negative whole number",
    ),
    _row(
        name="polygamma_step",
        partials=(None, "polygamma_step(a + 1, b, c)", "polygamma(a + 1, b + c)"),
        help="polygamma_step(n, x, d), which is polygamma(n, x + d) - polygamma(n, x) without the cancellation",
        domain="a >= 0 and floor(a) == a and (b > 0 or floor(b) != b) and (b + c > 0 or floor(b + c) != b + c)",
        singular=(_poles("b"), _poles("b + c")),
        sample=(Range(0, 3, whole=True), _POSITIVE, _POSITIVE),
        latex=r"\left(\psi^{{({0})}}\left({1} + {2}\right) - \psi^{{({0})}}\left({1}\right)\right)",
        group="gamma functions",
    ),
    _row(
        name="beta",
        written=("y*(digamma(a) - digamma(a + b))", "y*(digamma(b) - digamma(a + b))"),
        # Its zeros are the poles of gamma(a + b): there 1/gamma has a slope. The term that is 0 there has a slope too.
        partials=(
            "where(a + b <= 0 and floor(a + b) == a + b,"
            " gamma(a)*gamma(b)*(digamma(a)*rgamma(a + b) + rgamma_derivative(1, a + b)),"
            " -y*polygamma_step(0, a, b))",
            "where(a + b <= 0 and floor(a + b) == a + b,"
            " gamma(a)*gamma(b)*(digamma(b)*rgamma(a + b) + rgamma_derivative(1, a + b)),"
            " -y*polygamma_step(0, b, a))",
        ),
        help="the beta function, gamma(a) gamma(b) / gamma(a + b)",
        domain="(a > 0 or floor(a) != a) and (b > 0 or floor(b) != b)",
        singular=(_poles("a"), _poles("b")),
        sample=(_POSITIVE, _POSITIVE),
        latex=r"B\left({0}, {1}\right)",
        words=("beta", "Beta"),
        group="gamma functions",
        scipy=("beta",),
        undefined="it has a pole at 0 and at every negative whole number",
    ),
    _row(
        name="lbeta",
        written=("digamma(a) - digamma(a + b)", "digamma(b) - digamma(a + b)"),
        partials=("-polygamma_step(0, a, b)", "-polygamma_step(0, b, a)"),
        help="the logarithm of the absolute value of the beta function",
        convention="log |beta(a, b)|",
        domain="(a > 0 or floor(a) != a) and (b > 0 or floor(b) != b) and (a + b > 0 or floor(a + b) != a + b)",
        singular=(_poles("a"), _poles("b"), _poles("a + b")),
        sample=(_POSITIVE, _POSITIVE),
        latex=r"\log\left|B\left({0}, {1}\right)\right|",
        words=("lbeta", "betaln", "logbeta"),
        group="gamma functions",
        scipy=("betaln",),
        undefined="it has a pole at 0 and at every negative whole number",
    ),
    _row(
        name="binomial",
        written=("y*(digamma(a + 1) - digamma(a - b + 1))", "y*(digamma(a - b + 1) - digamma(b + 1))"),
        # At the zeros of the value a digamma has its pole, and 1/gamma does not; left of 0 the value for whole k is a
        # polynomial in n, reflected: (-1)^k binomial(k - n - 1, k).
        partials=(
            "where(a <= -1, where(floor(b) == b, -y*polygamma_step(0, -a, b), y*polygamma_step(0, a - b + 1, b)),"
            " where(y != 0, y*polygamma_step(0, a - b + 1, b),"
            " y*digamma(a + 1) + where(a < 169, gamma(a + 1)*rgamma(b + 1), exp(lgamma(a + 1) - lgamma(b + 1)))"
            "*rgamma_derivative(1, a - b + 1)))",
            "where(y != 0, y*polygamma_step(0, b + 1, a - 2*b), gamma(a + 1)*"
            "(rgamma_derivative(1, b + 1)*rgamma(a - b + 1) - rgamma(b + 1)*rgamma_derivative(1, a - b + 1)))",
        ),
        help="the binomial coefficient, gamma(n + 1) / (gamma(k + 1) gamma(n - k + 1))",
        convention="for a negative whole n and a whole k >= 0 the polynomial in n: binomial(-2, 3) = -4",
        domain="a > -1 or floor(a) != a or (b >= 0 and floor(b) == b)",
        singular=(Singular("pole", "where(a > -1 or (b >= 0 and floor(b) == b), 1/2, a)", period=1.0),),
        sample=(Range(0.1, 20.0), Range(0.1, 15.0)),
        latex=r"\binom{{{0}}}{{{1}}}",
        words=("binomial", "binom", "choose", "comb", "nCr"),
        group="gamma functions",
        scipy=("binom",),
    ),
)
