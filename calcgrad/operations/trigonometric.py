"""The six trigonometric functions, their inverses, sinc, atan2 and hypot."""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Elementwise, Range, Row, Singular

_row = partial(Elementwise, group="trigonometric", latex_power=True)
_inverse = partial(Elementwise, group="inverse trigonometric")

_TURN = (Range(-10.0, 10.0),)
_INNER = (Range(-0.95, 0.95),)
_OUTER = (Range(1.05, 10.0),)
_ENDS = (Singular("edge", "(1 - a)*(1 + a)"),)

ROWS: tuple[Row, ...] = (
    _row(
        name="sin",
        partials=("cos(a)",),
        help="the sine of an angle in radians",
        latex=r"\sin\left({0}\right)",
        sample=_TURN,
    ),
    _row(
        name="cos",
        partials=("-sin(a)",),
        help="the cosine of an angle in radians",
        latex=r"\cos\left({0}\right)",
        sample=_TURN,
    ),
    _row(
        name="tan",
        partials=("1 + y^2",),
        help="the tangent of an angle in radians",
        domain="cos(a) != 0",
        singular=(Singular("pole", "cos(a)"),),
        latex=r"\tan\left({0}\right)",
        sample=(Range(-1.4, 1.4),),
        words=("tan", "tg"),
    ),
    _row(
        name="sec",
        partials=("y*tan(a)",),
        help="the secant, 1/cos",
        domain="cos(a) != 0",
        singular=(Singular("pole", "cos(a)"),),
        definition="1/cos(a)",
        latex=r"\sec\left({0}\right)",
        sample=(Range(-1.4, 1.4),),
    ),
    _row(
        name="csc",
        partials=("-y*cot(a)",),
        help="the cosecant, 1/sin",
        domain="sin(a) != 0",
        singular=(Singular("pole", "sin(a)"),),
        definition="1/sin(a)",
        latex=r"\csc\left({0}\right)",
        sample=(Range(0.1, 3.0),),
        words=("csc", "cosec"),
    ),
    _row(
        name="cot",
        partials=("-(1 + y^2)",),
        help="the cotangent, 1/tan",
        domain="sin(a) != 0",
        singular=(Singular("pole", "sin(a)"),),
        definition="1/tan(a)",
        latex=r"\cot\left({0}\right)",
        sample=(Range(0.1, 3.0),),
        words=("cot", "ctg", "cotg", "cotan"),
    ),
    _inverse(
        name="asin",
        partials=("1/sqrt((1 - a)*(1 + a))",),
        help="the inverse sine, between -pi/2 and pi/2",
        domain="abs(a) <= 1",
        singular=_ENDS,
        numpy="arcsin",
        latex=r"\arcsin\left({0}\right)",
        sample=_INNER,
        words=("asin", "arcsin"),
    ),
    _inverse(
        name="acos",
        partials=("-1/sqrt((1 - a)*(1 + a))",),
        help="the inverse cosine, between 0 and pi",
        domain="abs(a) <= 1",
        singular=_ENDS,
        numpy="arccos",
        latex=r"\arccos\left({0}\right)",
        sample=_INNER,
        words=("acos", "arccos"),
    ),
    _inverse(
        name="atan",
        partials=("1/(1 + a^2)",),
        help="the inverse tangent, between -pi/2 and pi/2",
        numpy="arctan",
        latex=r"\arctan\left({0}\right)",
        sample=(Range(-10.0, 10.0),),
        words=("atan", "arctan", "arctg"),
    ),
    _inverse(
        name="asec",
        partials=("1/(abs(a)*sqrt((a - 1)*(a + 1)))",),
        help="the inverse secant",
        convention="asec(x) = acos(1/x)",
        domain="abs(a) >= 1",
        singular=_ENDS,
        definition="acos(1/a)",
        latex=r"\operatorname{{arcsec}}\left({0}\right)",
        sample=_OUTER,
        words=("asec", "arcsec"),
    ),
    _inverse(
        name="acsc",
        partials=("-1/(abs(a)*sqrt((a - 1)*(a + 1)))",),
        help="the inverse cosecant",
        convention="acsc(x) = asin(1/x)",
        domain="abs(a) >= 1",
        singular=_ENDS,
        definition="asin(1/a)",
        latex=r"\operatorname{{arccsc}}\left({0}\right)",
        sample=_OUTER,
        words=("acsc", "arccsc", "acosec", "arccosec"),
    ),
    _inverse(
        name="acot",
        partials=("-1/(1 + a^2)",),
        help="the inverse cotangent",
        convention="acot(x) = atan(1/x), which jumps at 0; some books make it continuous, between 0 and pi",
        domain="a != 0",
        singular=(Singular("jump", "a"),),
        definition="atan(1/a)",
        latex=r"\operatorname{{arccot}}\left({0}\right)",
        sample=(Range(0.1, 10.0),),
        words=("acot", "arccot", "arcctg", "actg"),
    ),
    _inverse(
        name="atan2",
        # Two quotients: a^2 + b^2 would overflow, and underflow, long before the derivative does.
        partials=("b/hypot(a, b)/hypot(a, b)", "-a/hypot(a, b)/hypot(a, b)"),
        help="the angle of the point (b, a), between -pi and pi",
        convention="atan2(y, x): the ordinate comes first; it jumps where y = 0 and x < 0",
        domain="a != 0 or b != 0",
        singular=(Singular("jump", "where(b <= 0, a, 1)"),),
        numpy="arctan2",
        sample=(Range(0.1, 5.0), Range(-5.0, 5.0)),
        words=("atan2", "arctan2"),
    ),
    Elementwise(
        name="hypot",
        partials=("where(y == 0, 0, a/y)", "where(y == 0, 0, b/y)"),
        help="sqrt(a^2 + b^2) without overflow",
        convention="at the origin, a kink, the derivative is taken as 0",
        singular=(Singular("kink", "hypot(a, b)"),),
        sample=(Range(-5.0, 5.0), Range(0.1, 5.0)),
        words=(("hypot", Word("hypot", 2, fold=True)),),
        group="powers and roots",
    ),
    Elementwise(
        name="sinc",
        # (cos(a) - y)/a would lose every digit near 0.
        partials=("-sphericalj(1, a)",),
        help="the cardinal sine, sin(a)/a, and 1 at 0",
        convention="sinc(x) = sin(x)/x, without pi",
        latex=r"\operatorname{{sinc}}\left({0}\right)",
        sample=(Range(-10.0, 10.0),),
        group="trigonometric",
    ),
    Elementwise(
        name="sphericalj",
        partials=(
            None,
            "where(a == 0, -sphericalj(1, b),"
            " (a*sphericalj(a - 1, b) - (a + 1)*sphericalj(a + 1, b))/(2*a + 1))",
        ),
        help="the spherical Bessel function of the first kind, of whole order a; the derivatives of sinc",
        convention="sphericalj(0, x) = sinc(x); DLMF 10.47.3, its derivative 10.51.2",
        domain="a >= 0 and a == floor(a)",
        latex=r"j_{{{0}}}\left({1}\right)",
        sample=(Range(0.0, 5.0, whole=True), Range(-10.0, 10.0)),
        group="trigonometric",
    ),
)
