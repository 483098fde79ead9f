"""Incomplete gamma and beta functions, and the exponential integrals of every order.

The orders are parameters: no closed form is known for those partials. The densities, which are the other partials, are rows of
their own: written out in powers and exponentials they would overflow, or lose their digits, long before their value does.
"""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Elementwise, Range, Row, Singular

# Values are rounded from balls, so none is further off than this.
_row = partial(Elementwise, ulps=0.51, group="incomplete functions")

_ORDER = Range(0.1, 20.0)
_FROM_0 = Range(0.05, 30.0)
_INNER = Range(0.02, 0.98)
_REGULAR = "a > 0 and b >= 0"
_START = (Singular("edge", "b"),)
_ENDS = (Singular("edge", "c"), Singular("edge", "1 - c"))
_ORDER_FIRST = "the order comes first, as in SciPy and SymPy; MATLAB has it last"

ROWS: tuple[Row, ...] = (
    _row(
        name="lowergamma",
        partials=(None, "gamma_integrand(a, b)"),
        help="the lower incomplete gamma function, the integral of t^(s - 1) exp(-t) from 0 to x: lowergamma(s, x)",
        domain=_REGULAR,
        singular=_START,
        sample=(_ORDER, _FROM_0),
        latex=r"\gamma\left({0}, {1}\right)",
    ),
    _row(
        name="uppergamma",
        partials=(None, "-gamma_integrand(a, b)"),
        help="the upper incomplete gamma function, the integral of t^(s - 1) exp(-t) from x to infinity: uppergamma(s, x)",
        domain="b > 0 or b == 0 and a > 0",
        singular=(Singular("edge", "where(a > 0, b, 1)"), Singular("pole", "where(a > 0, 1, b)")),
        sample=(Range(-3.0, 20.0), _FROM_0),
        latex=r"\Gamma\left({0}, {1}\right)",
    ),
    _row(
        name="gammainc",
        partials=(None, "gamma_density(a, b)"),
        help="the lower incomplete gamma function over gamma(s): gammainc(s, x), the gamma distribution function",
        convention=_ORDER_FIRST,
        domain=_REGULAR,
        singular=_START,
        sample=(_ORDER, _FROM_0),
        words=("gammainc", "gamma_p"),
        scipy=("gammainc",),
        latex=r"P\left({0}, {1}\right)",
    ),
    _row(
        name="gammaincc",
        partials=(None, "-gamma_density(a, b)"),
        help="the upper incomplete gamma function over gamma(s): gammaincc(s, x), accurate in its tail",
        convention=_ORDER_FIRST,
        domain=_REGULAR,
        singular=_START,
        sample=(_ORDER, _FROM_0),
        words=("gammaincc", "gamma_q"),
        scipy=("gammaincc",),
        latex=r"Q\left({0}, {1}\right)",
    ),
    _row(
        name="gamma_integrand",
        partials=(
            "where(b == 0 and a > 1, 0, y*log(b))",
            "where(a == 1 and b == 0, 0, (a - 1)*gamma_integrand(a - 1, b)) - y",
        ),
        help="x^(s - 1) exp(-x), the integrand of the gamma functions: gamma_integrand(s, x)",
        domain="b > 0 or b == 0 and a >= 1",
        singular=(Singular("edge", "where(a >= 1, b, 1)"), Singular("pole", "where(a >= 1, 1, b)")),
        definition="exp(-b)*b^(a - 1)",
        sample=(Range(-3.0, 20.0), _FROM_0),
        latex=r"\left({1}\right)^{{{0} - 1}} e^{{-{1}}}",
    ),
    _row(
        name="gamma_density",
        # Left of 0 the zeros of 1/gamma meet the poles of digamma. A small a is lost in a - 1.
        partials=(
            "where(b == 0 and a > 1, 0,"
            " where(a > 0, y*(log(b) - digamma(a)), y*log(b) + gamma_integrand(a, b)*rgamma_derivative(1, a)))",
            "where(a < 1, y*((a - 1)/b - 1), where(a == 1 and b == 0, 0, gamma_density(a - 1, b)) - y)",
        ),
        help="x^(s - 1) exp(-x)/gamma(s), the density of the gamma distribution: gamma_density(s, x)",
        domain="a > -100 and (b > 0 or b == 0 and a >= 1)",
        singular=(Singular("edge", "where(a >= 1, b, 1)"), Singular("pole", "where(a >= 1, 1, b)")),
        definition="exp(-b)*b^(a - 1)*rgamma(a)",
        sample=(_ORDER, _FROM_0),
        latex=r"\frac{{\left({1}\right)^{{{0} - 1}} e^{{-{1}}}}}{{\Gamma\left({0}\right)}}",
    ),
    _row(
        name="betainc",
        partials=(None, None, "beta_density(a, b, c)"),
        help="the regularised incomplete beta function, the beta distribution function: betainc(a, b, x)",
        convention="the two orders come first, as in SciPy; MATLAB has them last",
        domain="a > 0 and b > 0 and c >= 0 and c <= 1",
        singular=_ENDS,
        sample=(Range(0.2, 10.0), Range(0.2, 10.0), _INNER),
        scipy=("betainc",),
        latex=r"I_{{{2}}}\left({0}, {1}\right)",
    ),
    _row(
        name="beta_density",
        partials=(
            "where(c == 0 and a > 1, 0, y*(log(c) + polygamma_step(0, a, b)))",
            "where(c == 1 and b > 1, 0, y*(log1p(-c) + polygamma_step(0, b, a)))",
            "y*(where(a == 1 and c == 0, 0, (a - 1)/c) - where(b == 1 and c == 1, 0, (b - 1)/(1 - c)))",
        ),
        help="x^(a - 1) (1 - x)^(b - 1)/beta(a, b), the density of the beta distribution: beta_density(a, b, x)",
        domain="a > 0 and b > 0 and (c > 0 or c == 0 and a >= 1) and (c < 1 or c == 1 and b >= 1)",
        singular=_ENDS,
        definition="c^(a - 1)*(1 - c)^(b - 1)*gamma(a + b)*rgamma(a)*rgamma(b)",
        sample=(Range(0.2, 10.0), Range(0.2, 10.0), _INNER),
        latex=r"\frac{{\left({2}\right)^{{{0} - 1}} \left(1 - {2}\right)^{{{1} - 1}}}}{{B\left({0}, {1}\right)}}",
    ),
    _row(
        name="expint",
        partials=(None, "-expint(a - 1, b)"),
        help="the exponential integral of an order, the integral of exp(-x t)/t^n from 1 to infinity: expint(n, x)",
        convention="expint(x) is that of order 1, as in MATLAB; Ei is another function",
        domain="b > 0 or b == 0 and a > 1",
        singular=(Singular("edge", "where(a > 1, b, 1)"), Singular("pole", "where(a > 1, 1, b)")),
        sample=(Range(-2.0, 6.0), Range(0.05, 20.0)),
        scipy=("expn",),
        latex=r"E_{{{0}}}\left({1}\right)",
        words=(
            "expint",
            "expn",
            ("expint", Word("expint", 1, leading=(1,))),
            ("exp1", Word("expint", 1, leading=(1,))),
        ),
    ),
)
