"""The six hyperbolic functions and their inverses."""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import Elementwise, Range, Row, Singular

_row = partial(Elementwise, group="hyperbolic", latex_power=True)
_inverse = partial(Elementwise, group="inverse hyperbolic")

_ANY = (Range(-5.0, 5.0),)
_POLE = (Singular("pole", "a"),)
_ENDS = (Singular("pole", "(1 - a)*(1 + a)"),)

ROWS: tuple[Row, ...] = (
    _row(
        name="sinh",
        partials=("cosh(a)",),
        help="the hyperbolic sine",
        ulps=1.2,
        latex=r"\sinh\left({0}\right)",
        sample=_ANY,
        words=("sinh", "sh"),
        ufuncs=("sinh",),
        in_math="raises",
    ),
    _row(
        name="cosh",
        partials=("sinh(a)",),
        help="the hyperbolic cosine",
        ulps=1.0,
        latex=r"\cosh\left({0}\right)",
        sample=_ANY,
        words=("cosh", "ch"),
        ufuncs=("cosh",),
        in_math="raises",
    ),
    _row(
        name="tanh",
        # 1 - y^2 would lose its digits where y is near 1.
        partials=("sech(a)^2",),
        help="the hyperbolic tangent",
        ulps=1.6,
        latex=r"\tanh\left({0}\right)",
        sample=_ANY,
        words=("tanh", "th"),
        ufuncs=("tanh",),
        in_math="total",
    ),
    _row(
        name="sech",
        partials=("-y*tanh(a)",),
        help="the hyperbolic secant, 1/cosh",
        ulps=1.8,
        # cosh overflows before its reciprocal underflows.
        definition="2*exp(-abs(a))/(1 + exp(-2*abs(a)))",
        latex=r"\operatorname{{sech}}\left({0}\right)",
        sample=_ANY,
    ),
    _row(
        name="csch",
        partials=("-y*coth(a)",),
        help="the hyperbolic cosecant, 1/sinh",
        ulps=1.8,
        domain="a != 0",
        singular=_POLE,
        definition="where(abs(a) < 30, 1/sinh(a), 2*sign(a)*exp(-abs(a))/(1 - exp(-2*abs(a))))",
        latex=r"\operatorname{{csch}}\left({0}\right)",
        sample=(Range(0.1, 5.0),),
        words=("csch", "cosech"),
    ),
    _row(
        name="coth",
        partials=("-csch(a)^2",),
        help="the hyperbolic cotangent, 1/tanh",
        ulps=2.5,
        domain="a != 0",
        singular=_POLE,
        definition="1/tanh(a)",
        latex=r"\coth\left({0}\right)",
        sample=(Range(0.1, 5.0),),
        words=("coth", "cth", "ctgh"),
    ),
    _inverse(
        name="asinh",
        # hypot does not overflow where 1 + a^2 does.
        partials=("1/hypot(a, 1)",),
        help="the inverse hyperbolic sine",
        ulps=1.2,
        numpy="arcsinh",
        latex=r"\operatorname{{arsinh}}\left({0}\right)",
        sample=(Range(-10.0, 10.0),),
        words=("asinh", "arsinh", "arcsinh"),
        ufuncs=("arcsinh",),
        in_math="total",
    ),
    _inverse(
        name="acosh",
        partials=("1/(sqrt(a - 1)*sqrt(a + 1))",),
        help="the inverse hyperbolic cosine",
        ulps=0.9,
        domain="a >= 1",
        singular=(Singular("edge", "a - 1"),),
        numpy="arccosh",
        latex=r"\operatorname{{arcosh}}\left({0}\right)",
        sample=(Range(1.05, 10.0),),
        words=("acosh", "arcosh", "arccosh"),
        ufuncs=("arccosh",),
    ),
    _inverse(
        name="atanh",
        partials=("1/((1 - a)*(1 + a))",),
        help="the inverse hyperbolic tangent",
        ulps=1.4,
        domain="abs(a) < 1",
        singular=_ENDS,
        numpy="arctanh",
        latex=r"\operatorname{{artanh}}\left({0}\right)",
        sample=(Range(-0.95, 0.95),),
        words=("atanh", "artanh", "arctanh"),
        ufuncs=("arctanh",),
    ),
    _inverse(
        name="asech",
        partials=("-1/(a*sqrt((1 - a)*(1 + a)))",),
        help="the inverse hyperbolic secant",
        ulps=1.3,
        domain="a > 0 and a <= 1",
        singular=(Singular("edge", "a - 1"), Singular("pole", "a")),
        definition="acosh(1/a)",
        latex=r"\operatorname{{arsech}}\left({0}\right)",
        sample=(Range(0.05, 0.95),),
        words=("asech", "arsech", "arcsech"),
    ),
    _inverse(
        name="acsch",
        partials=("-1/(abs(a)*hypot(a, 1))",),
        help="the inverse hyperbolic cosecant",
        ulps=1.8,
        domain="a != 0",
        singular=_POLE,
        definition="asinh(1/a)",
        latex=r"\operatorname{{arcsch}}\left({0}\right)",
        sample=(Range(0.1, 10.0),),
        words=("acsch", "arcsch", "arccsch"),
    ),
    _inverse(
        name="acoth",
        partials=("1/((1 - a)*(1 + a))",),
        help="the inverse hyperbolic cotangent",
        ulps=1.7,
        domain="abs(a) > 1",
        singular=_ENDS,
        definition="atanh(1/a)",
        latex=r"\operatorname{{arcoth}}\left({0}\right)",
        sample=(Range(1.05, 10.0),),
        words=("acoth", "arcoth", "arccoth"),
    ),
)
