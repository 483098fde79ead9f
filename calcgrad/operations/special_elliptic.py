"""Incomplete elliptic integrals in Legendre's forms, with the amplitude first and the parameter m = k^2 last.

With D = sqrt(1 - m sin(phi)^2) they are the integrals from 0 to phi of 1/D, of D, and of 1/((1 - n sin^2) D). Derivatives by m go
under the integral: rows of their own, for in terms of the integrals themselves (DLMF 19.4) they cancel near m = 0 and m = 1.
"""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Composite, Elementwise, Range, Row, Singular

# Values are rounded from balls, so none is further off than this.
_row = partial(Elementwise, ulps=0.51, group="integrals")

_CONVENTION = "the amplitude comes first, the last argument is the parameter m = k^2; continued beyond -pi/2..pi/2 by its period"
_DELTA = "sqrt(1 - b*sin(a)^2)"
#: Below m = 1 every amplitude has a value; from there on the root ends, before a quarter of a period.
_INSIDE = "b < 1 or abs(a) < pi/2 and (b*sin(a)^2 < 1 or b > 1 and b*sin(a)^2 == 1)"
_OUTSIDE = "the root under the integral ends before that amplitude"
_END = "1 - b*sin(a)^2"
_ENDS = (
    Singular("edge", f"where(b > 1, {_END}, 1)"),
    Singular("pole", f"where(b > 1, 1, {_END})"),
)
_LATER = "(c < 1 or abs(b) < pi/2 and c*sin(b)^2 < 1)"
_LATER_SAMPLE = (Range(0, 3, whole=True), Range(-3.0, 3.0), Range(-4.0, 0.9))
_SAMPLE = (Range(-3.0, 3.0), Range(-4.0, 0.9))

ROWS: tuple[Row, ...] = (
    _row(
        name="ellipf",
        partials=(f"1/{_DELTA}", "ellipf_derivative(1, a, b)"),
        written=(
            f"1/{_DELTA}",
            f"(ellipeinc(a, b) - (1 - b)*y)/(2*b*(1 - b)) - sin(2*a)/(4*(1 - b)*{_DELTA})",
        ),
        help="the incomplete elliptic integral of the first kind: elliptic_f(phi, m)",
        convention=_CONVENTION,
        domain=_INSIDE,
        undefined=_OUTSIDE,
        singular=_ENDS,
        sample=_SAMPLE,
        scipy=("ellipkinc",),
        of_reals=True,
        latex=r"F\left({0} \mid {1}\right)",
        words=("ellipf", "elliptic_f", "EllipticF", "ellipticF", "ellipticf", "ellipkinc"),
    ),
    _row(
        name="ellipeinc",
        partials=(_DELTA, "ellipeinc_derivative(1, a, b)"),
        written=(_DELTA, "(y - ellipf(a, b))/(2*b)"),
        help="the incomplete elliptic integral of the second kind: elliptic_e(phi, m)",
        convention=_CONVENTION,
        domain="b <= 1 or abs(a) < pi/2 and b*sin(a)^2 <= 1",
        undefined=_OUTSIDE,
        singular=(Singular("edge", _END),),
        sample=_SAMPLE,
        scipy=("ellipeinc",),
        of_reals=True,
        latex=r"E\left({0} \mid {1}\right)",
        words=(
            "ellipeinc",
            *(
                (name, Word("ellipeinc", 2))
                for name in ("elliptic_e", "ellipe", "EllipticE", "ellipticE", "elliptice")
            ),
        ),
    ),
    _row(
        name="ellipf_derivative",
        partials=(
            None,
            "gamma(a + 1/2)/sqrt(pi)*(sin(b)^2)^a/sqrt(1 - c*sin(b)^2)^(2*a + 1)",
            "ellipf_derivative(a + 1, b, c)",
        ),
        help="the k-th derivative of elliptic_f by its parameter: ellipf_derivative(k, phi, m)",
        domain=f"a >= 0 and floor(a) == a and {_LATER}",
        singular=(Singular("pole", "1 - c*sin(b)^2"),),
        sample=_LATER_SAMPLE,
        latex=r"F^{{({0})}}\left({1} \mid {2}\right)",
    ),
    _row(
        name="ellipeinc_derivative",
        partials=(
            None,
            "-gamma(a - 1/2)/(2*sqrt(pi))*(sin(b)^2)^a/sqrt(1 - c*sin(b)^2)^(2*a - 1)",
            "ellipeinc_derivative(a + 1, b, c)",
        ),
        help="the k-th derivative of elliptic_e by its parameter: ellipeinc_derivative(k, phi, m)",
        domain=f"a >= 0 and floor(a) == a and {_LATER}",
        singular=(Singular("pole", "1 - c*sin(b)^2"),),
        sample=_LATER_SAMPLE,
        latex=r"E^{{({0})}}\left({1} \mid {2}\right)",
    ),
    _row(
        name="ellippi",
        partials=(None, "1/((1 - a*sin(b)^2)*sqrt(1 - c*sin(b)^2))", None),
        help="the incomplete elliptic integral of the third kind: elliptic_pi(n, phi, m)",
        convention="the characteristic n comes first, then the amplitude, and last the parameter m = k^2",
        domain="(a < 1 or abs(b) < pi/2 and a*sin(b)^2 < 1) and (c < 1 or abs(b) < pi/2 and c*sin(b)^2 < 1)",
        singular=(
            Singular("pole", "1 - a*sin(b)^2"),
            Singular("edge", "where(c > 1, 1 - c*sin(b)^2, 1)"),
            Singular("pole", "where(c > 1, 1, 1 - c*sin(b)^2)"),
        ),
        sample=(Range(-3.0, 0.8), Range(-3.0, 3.0), Range(-4.0, 0.9)),
        latex=r"\Pi\left({0}; {1} \mid {2}\right)",
        words=("ellippi", "elliptic_pi", "EllipticPi", "ellipticPi", "ellipticpi"),
    ),
)

COMPOSITES: tuple[Composite, ...] = (
    Composite(
        name="ellippi_complete",
        help="the complete elliptic integral of the third kind: elliptic_pi(n, m)",
        arity=2,
        definition="ellippi(a, pi/2, b)",
        latex=r"\Pi\left({0} \mid {1}\right)",
        words=tuple(
            (name, Word("ellippi_complete", 2))
            for name in ("elliptic_pi", "EllipticPi", "ellipticPi", "ellipticpi", "ellippi")
        ),
        group="integrals",
    ),
)
