"""Orthogonal polynomials. The degree is a whole number, and a parameter like the others: no derivative is taken through it.

The derivative of each is another of the family (DLMF 18.9(iii)), one degree lower; that of a constant is 0 by structure.
"""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Elementwise, Range, Row

_WHOLE = "a >= 0 and a <= 1000 and a == floor(a)"
# Values are rounded from balls, so none is further off than this.
_row = partial(Elementwise, ulps=0.51, group="orthogonal polynomials", domain=_WHOLE)

_DEGREE = Range(0.0, 8.0, whole=True)
_PARAMETER = Range(0.2, 4.0)
_TURN = Range(-1.5, 1.5)


def _lower(slope: str) -> str:
    return f"where(a == 0, 0, {slope})"


ROWS: tuple[Row, ...] = (
    _row(
        name="legendre",
        partials=(None, _lower("gegenbauer(a - 1, 3/2, b)")),
        help="the Legendre polynomial of a degree: legendre(n, x)",
        sample=(_DEGREE, _TURN),
        scipy=("eval_legendre",),
        of_reals=True,
        latex=r"P_{{{0}}}\left({1}\right)",
        words=("legendre", "legendreP", "LegendreP"),
    ),
    _row(
        name="chebyt",
        partials=(None, _lower("a*chebyu(a - 1, b)")),
        help="the Chebyshev polynomial of the first kind: chebyt(n, x), which is cos(n acos(x))",
        sample=(_DEGREE, _TURN),
        sympy="chebyshevt",
        scipy=("eval_chebyt",),
        of_reals=True,
        latex=r"T_{{{0}}}\left({1}\right)",
        words=("chebyt", "chebyshevt", "chebyshevT", "ChebyshevT"),
    ),
    _row(
        name="chebyu",
        partials=(None, _lower("2*gegenbauer(a - 1, 2, b)")),
        help="the Chebyshev polynomial of the second kind: chebyu(n, x)",
        sample=(_DEGREE, _TURN),
        sympy="chebyshevu",
        scipy=("eval_chebyu",),
        of_reals=True,
        latex=r"U_{{{0}}}\left({1}\right)",
        words=("chebyu", "chebyshevu", "chebyshevU", "ChebyshevU"),
    ),
    _row(
        name="hermite",
        partials=(None, _lower("2*a*hermite(a - 1, b)")),
        help="the Hermite polynomial of a degree: hermite(n, x)",
        convention="the physicists': hermite(2, x) is 4 x^2 - 2",
        sample=(_DEGREE, Range(-3.0, 3.0)),
        scipy=("eval_hermite",),
        latex=r"H_{{{0}}}\left({1}\right)",
        words=("hermite", "hermiteH", "HermiteH"),
    ),
    _row(
        name="laguerre",
        partials=(None, _lower("-assoc_laguerre(a - 1, 1, b)")),
        help="the Laguerre polynomial of a degree: laguerre(n, x)",
        sample=(_DEGREE, Range(-2.0, 10.0)),
        scipy=("eval_laguerre",),
        of_reals=True,
        latex=r"L_{{{0}}}\left({1}\right)",
        words=("laguerre", "laguerreL", "LaguerreL"),
    ),
    _row(
        name="assoc_laguerre",
        partials=(None, None, _lower("-assoc_laguerre(a - 1, b + 1, c)")),
        help="the generalised Laguerre polynomial of a degree, with a parameter: assoc_laguerre(n, alpha, x)",
        sample=(_DEGREE, _PARAMETER, Range(-2.0, 10.0)),
        scipy=("eval_genlaguerre",),
        of_reals=True,
        latex=r"L_{{{0}}}^{{\left({1}\right)}}\left({2}\right)",
        words=("assoc_laguerre", "genlaguerre", ("laguerre", Word("assoc_laguerre", 3))),
    ),
    _row(
        name="gegenbauer",
        partials=(None, None, _lower("2*b*gegenbauer(a - 1, b + 1, c)")),
        help="the Gegenbauer polynomial of a degree, with a parameter: gegenbauer(n, alpha, x)",
        sample=(_DEGREE, _PARAMETER, _TURN),
        scipy=("eval_gegenbauer",),
        of_reals=True,
        latex=r"C_{{{0}}}^{{\left({1}\right)}}\left({2}\right)",
        words=("gegenbauer", "gegenbauerC", "GegenbauerC"),
    ),
    _row(
        name="jacobi",
        partials=(None, None, None, _lower("(a + b + c + 1)/2*jacobi(a - 1, b + 1, c + 1, h)")),
        help="the Jacobi polynomial of a degree, with two parameters: jacobi(n, alpha, beta, x)",
        sample=(_DEGREE, _PARAMETER, _PARAMETER, _TURN),
        scipy=("eval_jacobi",),
        of_reals=True,
        latex=r"P_{{{0}}}^{{\left({1}, {2}\right)}}\left({3}\right)",
        words=("jacobi", "jacobiP", "JacobiP"),
    ),
)
