"""Hypergeometric functions, polylogarithms, and the hyperbolic integrals. Their parameters have no partial in a closed form."""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import Elementwise, Range, Row, Singular

# Values are rounded from balls, so none is further off than this.
_row = partial(Elementwise, ulps=0.51)
_hypergeometric = partial(_row, group="hypergeometric functions")

_UPPER = Range(-3.0, 4.0)
_LOWER = Range(0.3, 5.0)


def _poles(argument: str) -> Singular:
    """Where a lower parameter is 0, -1, -2, …: whole numbers, once what is positive is out of the way."""
    return Singular("pole", f"where({argument} > 0, 1/2, {argument})", period=1.0)


ROWS: tuple[Row, ...] = (
    _hypergeometric(
        name="hyp0f1",
        partials=(None, "hyp0f1(a + 1, b)/a"),
        help="the confluent hypergeometric limit function 0F1: hyp0f1(b, x)",
        domain="a > 0 or floor(a) != a",
        singular=(_poles("a"),),
        sample=(_LOWER, Range(-20.0, 20.0)),
        scipy=("hyp0f1",),
        of_reals=True,
        latex=r"{{}}_{{0}}F_{{1}}\left({0}; {1}\right)",
        words=("hyp0f1", "hypergeom0F1"),
    ),
    _hypergeometric(
        name="hyp1f1",
        partials=(None, None, "a/b*hyp1f1(a + 1, b + 1, c)"),
        help="Kummer's confluent hypergeometric function 1F1: hyp1f1(a, b, x)",
        domain="b > 0 or floor(b) != b",
        singular=(_poles("b"),),
        sample=(_UPPER, _LOWER, Range(-10.0, 10.0)),
        scipy=("hyp1f1",),
        of_reals=True,
        latex=r"{{}}_{{1}}F_{{1}}\left({0}; {1}; {2}\right)",
        words=("hyp1f1", "hypergeom1F1"),
    ),
    _hypergeometric(
        name="hyp2f1",
        partials=(None, None, None, "a*b/c*hyp2f1(a + 1, b + 1, c + 1, h)"),
        help="Gauss' hypergeometric function 2F1: hyp2f1(a, b, c, x)",
        domain="(c > 0 or floor(c) != c) and (h < 1 or h == 1 and c > a + b)",
        singular=(
            _poles("c"),
            Singular("edge", "where(c > a + b, 1 - h, 1)"),
            Singular("pole", "where(c > a + b, 1, 1 - h)"),
        ),
        sample=(_UPPER, _UPPER, _LOWER, Range(-3.0, 0.9)),
        scipy=("hyp2f1",),
        of_reals=True,
        latex=r"{{}}_{{2}}F_{{1}}\left({0}, {1}; {2}; {3}\right)",
        words=("hyp2f1", "hypergeom2F1"),
    ),
    _row(
        name="polylog",
        partials=(None, "polylog_derivative(1, a, b)"),
        written=(None, "polylog(a - 1, b)/b"),
        help="the polylogarithm of an order, the sum of x^n/n^s: polylog(s, x)",
        domain="b < 1 or b == 1 and a > 1",
        singular=(Singular("edge", "where(a > 1, b - 1, 1)"), Singular("pole", "where(a > 1, 1, b - 1)")),
        sample=(Range(-2.0, 5.0), Range(-0.7, 0.7)),
        latex=r"\operatorname{{Li}}_{{{0}}}\left({1}\right)",
        words=("polylog", "PolyLog"),
        group="zeta functions",
    ),
    _row(
        name="polylog_derivative",
        partials=(None, None, "polylog_derivative(a + 1, b, c)"),
        help="the k-th derivative of polylog: polylog_derivative(k, s, x)",
        convention="that of the first order is polylog(s - 1, x)/x, computed without the hole at 0",
        domain="a >= 0 and floor(a) == a and c < 1",
        singular=(Singular("pole", "c - 1"),),
        sample=(Range(0, 3, whole=True), Range(-2.0, 5.0), Range(-0.7, 0.7)),
        latex=r"\operatorname{{Li}}_{{{1}}}^{{({0})}}\left({2}\right)",
        group="zeta functions",
    ),
    _row(
        name="Shi",
        # sinh(x)/x as a function without a hole at 0.
        partials=("hyp0f1(3/2, a^2/4)",),
        help="the hyperbolic sine integral, the integral of sinh(t)/t from 0 to x",
        sample=(Range(-20.0, 20.0),),
        latex=r"\operatorname{{Shi}}\left({0}\right)",
        group="integrals",
    ),
    _row(
        name="Chi",
        partials=("cosh(a)/a",),
        help="the hyperbolic cosine integral: Euler's constant, log(x), and the integral of (cosh(t) - 1)/t from 0 to x",
        domain="a > 0",
        singular=(Singular("pole", "a"),),
        sample=(Range(0.1, 20.0),),
        latex=r"\operatorname{{Chi}}\left({0}\right)",
        group="integrals",
    ),
)
