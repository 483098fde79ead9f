"""Riemann's and Hurwitz's zeta functions, with their derivatives of every order."""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Elementwise, Range, Row, Singular

# Values are rounded from balls, so none is further off than this.
_row = partial(Elementwise, ulps=0.51)

_ORDER = Range(0, 3, whole=True)

ROWS: tuple[Row, ...] = (
    _row(
        name="zeta",
        partials=("zeta_derivative(1, a)",),
        help="Riemann's zeta function, the sum of 1/n^s, continued to all s but 1",
        domain="a != 1",
        singular=(Singular("pole", "a - 1"),),
        sample=(Range(-10.0, 20.0),),
        latex=r"\zeta\left({0}\right)",
        group="zeta functions",
        scipy=("_riemann_zeta",),
        of_reals=True,
    ),
    _row(
        name="zeta_derivative",
        partials=(None, "zeta_derivative(a + 1, b)"),
        help="the k-th derivative of zeta: zeta_derivative(k, s)",
        domain="a >= 0 and floor(a) == a and b != 1",
        singular=(Singular("pole", "b - 1"),),
        sample=(_ORDER, Range(-10.0, 20.0)),
        latex=r"\zeta^{{({0})}}\left({1}\right)",
        group="zeta functions",
    ),
    _row(
        name="hurwitz_zeta",
        written=("hurwitz_derivative(1, a, b)", "-a*hurwitz_zeta(a + 1, b)"),
        # At s = 0 the zero of s meets the pole of zeta(s + 1, a); without its pole the product is smooth there, but
        # cancels where a is far from 1.
        partials=(
            "hurwitz_derivative(1, a, b)",
            "where(abs(a) < 1/2 and abs(a*log(b)) < 3, -1 - a*hurwitz_deflated(0, a + 1, b), -a*hurwitz_zeta(a + 1, b))",
        ),
        help="Hurwitz's zeta function, the sum of 1/(n + a)^s from n = 0, continued to all s but 1",
        convention="zeta(s, a) is Hurwitz's, with a > 0",
        domain="a != 1 and b > 0",
        singular=(Singular("pole", "a - 1"), Singular("pole", "b")),
        sample=(Range(1.5, 10.0), Range(0.2, 10.0)),
        latex=r"\zeta\left({0}, {1}\right)",
        words=(("zeta", Word("hurwitz_zeta", 2)), "hurwitz_zeta", "hurwitz"),
        group="zeta functions",
        scipy=("_zeta",),
    ),
    _row(
        name="hurwitz_derivative",
        partials=(
            None,
            "hurwitz_derivative(a + 1, b, c)",
            "where(abs(b) < 1/2 and abs(b*log(c)) < 3,"
            " where(a == 0, -1 - b*hurwitz_deflated(0, b + 1, c),"
            " -b*hurwitz_deflated(a, b + 1, c) - a*hurwitz_deflated(a - 1, b + 1, c)),"
            " where(a == 0, -b*hurwitz_zeta(b + 1, c),"
            " -b*hurwitz_derivative(a, b + 1, c) - a*hurwitz_derivative(a - 1, b + 1, c)))",
        ),
        help="the k-th derivative of Hurwitz's zeta in s: hurwitz_derivative(k, s, a)",
        domain="a >= 0 and floor(a) == a and b != 1 and c > 0",
        singular=(Singular("pole", "b - 1"), Singular("pole", "c")),
        sample=(_ORDER, Range(1.5, 10.0), Range(0.2, 10.0)),
        latex=r"\partial_s^{{{0}}}\zeta\left({1}, {2}\right)",
        group="zeta functions",
    ),
    _row(
        name="hurwitz_deflated",
        partials=(
            None,
            "hurwitz_deflated(a + 1, b, c)",
            "where(abs(b) < 1/2 and abs(b*log(c)) < 3,"
            " where(a == 0, -1 - b*hurwitz_deflated(0, b + 1, c),"
            " -b*hurwitz_deflated(a, b + 1, c) - a*hurwitz_deflated(a - 1, b + 1, c)),"
            " where(a == 0, -b*hurwitz_zeta(b + 1, c),"
            " -b*hurwitz_derivative(a, b + 1, c) - a*hurwitz_derivative(a - 1, b + 1, c)))",
        ),
        help="the k-th derivative in s of zeta(s, a) - 1/(s - 1), which has no pole: hurwitz_deflated(k, s, a)",
        domain="a >= 0 and floor(a) == a and c > 0",
        singular=(Singular("pole", "c"),),
        sample=(_ORDER, Range(-1.5, 5.0), Range(0.2, 10.0)),
        latex=r"\partial_s^{{{0}}}\left(\zeta\left({1}, {2}\right) - 1/({1} - 1)\right)",
        group="zeta functions",
    ),
)
