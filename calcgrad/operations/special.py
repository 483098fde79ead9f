"""Special functions: the error function's family, elliptic and other integrals, Lambert's W. Others have files beside this one.

Rows whose name ends in ``_derivative`` give the k-th derivative of another row; they close the table under
differentiation where a formula in elementary terms would cancel, or does not exist. Their order k is a whole number.
"""

from __future__ import annotations

from functools import partial

from calcgrad.operations import special_bessel, special_gamma, special_zeta
from calcgrad.operations.row import Elementwise, Range, Row, Singular

# Values are rounded from balls, so none is further off than this.
_row = partial(Elementwise, ulps=0.51)

ERROR_FUNCTIONS: tuple[Row, ...] = (
    _row(
        name="erf",
        partials=("2/sqrt(pi)*exp(-a^2)",),
        help="the error function, 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x",
        sample=(Range(-5.0, 5.0),),
        latex=r"\operatorname{{erf}}\left({0}\right)",
        group="error functions",
        scipy=("erf",),
    ),
    _row(
        name="erfc",
        partials=("-2/sqrt(pi)*exp(-a^2)",),
        help="the complementary error function 1 - erf(x), accurate in its tail",
        sample=(Range(-5.0, 20.0),),
        latex=r"\operatorname{{erfc}}\left({0}\right)",
        group="error functions",
        scipy=("erfc",),
    ),
    _row(
        name="erfcx",
        partials=("erfcx_derivative(1, a)",),
        help="the scaled complementary error function exp(x^2) erfc(x)",
        convention="its derivative is 2 x erfcx(x) - 2/sqrt(pi), computed without the cancellation",
        sample=(Range(-5.0, 50.0),),
        latex=r"\operatorname{{erfcx}}\left({0}\right)",
        group="error functions",
        scipy=("erfcx",),
    ),
    _row(
        name="erfcx_derivative",
        partials=(None, "erfcx_derivative(a + 1, b)"),
        help="the k-th derivative of erfcx: erfcx_derivative(k, x)",
        domain="a >= 0 and floor(a) == a",
        sample=(Range(0, 4, whole=True), Range(-4.0, 30.0)),
        latex=r"\operatorname{{erfcx}}^{{({0})}}\left({1}\right)",
        group="error functions",
    ),
    _row(
        name="erfi",
        partials=("2/sqrt(pi)*exp(a^2)",),
        help="the imaginary error function, 2/sqrt(pi) times the integral of exp(t^2) from 0 to x",
        sample=(Range(-5.0, 5.0),),
        latex=r"\operatorname{{erfi}}\left({0}\right)",
        group="error functions",
        scipy=("erfi",),
    ),
    _row(
        name="erfinv",
        partials=("sqrt(pi)/2*exp(y^2)",),
        help="the inverse of the error function",
        domain="-1 < a and a < 1",
        singular=(Singular("pole", "a - 1"), Singular("pole", "a + 1")),
        sample=(Range(-0.999, 0.999),),
        latex=r"\operatorname{{erf}}^{{-1}}\left({0}\right)",
        group="error functions",
        scipy=("erfinv",),
    ),
    _row(
        name="erfcinv",
        written=("-sqrt(pi)/2*exp(y^2)",),
        # exp(y^2) as erfcx(y)/a: the square of y would lose the digits that its exponential needs.
        partials=("where(a < 1, -sqrt(pi)/2*erfcx(y)/a, -sqrt(pi)/2*erfcx(-y)/(2 - a))",),
        help="the inverse of the complementary error function",
        domain="0 < a and a < 2",
        singular=(Singular("pole", "a"), Singular("pole", "a - 2")),
        sample=(Range(0.0001, 1.999),),
        latex=r"\operatorname{{erfc}}^{{-1}}\left({0}\right)",
        group="error functions",
        scipy=("erfcinv",),
    ),
    _row(
        name="dawson",
        partials=("dawson_derivative(1, a)",),
        help="Dawson's integral, exp(-x^2) times the integral of exp(t^2) from 0 to x",
        convention="its derivative is 1 - 2 x dawson(x), computed without the cancellation",
        sample=(Range(-20.0, 20.0),),
        latex=r"D\left({0}\right)",
        words=("dawson", "dawsn"),
        group="error functions",
        scipy=("dawsn",),
    ),
    _row(
        name="dawson_derivative",
        partials=(None, "dawson_derivative(a + 1, b)"),
        help="the k-th derivative of Dawson's integral: dawson_derivative(k, x)",
        domain="a >= 0 and floor(a) == a",
        sample=(Range(0, 4, whole=True), Range(-20.0, 20.0)),
        latex=r"D^{{({0})}}\left({1}\right)",
        group="error functions",
    ),
)

INTEGRALS: tuple[Row, ...] = (
    _row(
        name="Si",
        partials=("sinc(a)",),
        help="the sine integral, the integral of sin(t)/t from 0 to x",
        sample=(Range(-30.0, 30.0),),
        mpmath="si",
        latex=r"\operatorname{{Si}}\left({0}\right)",
        group="integrals",
    ),
    _row(
        name="Ci",
        partials=("cos(a)/a",),
        help="the cosine integral, minus the integral of cos(t)/t from x to infinity",
        domain="a > 0",
        singular=(Singular("pole", "a"),),
        sample=(Range(0.1, 30.0),),
        mpmath="ci",
        latex=r"\operatorname{{Ci}}\left({0}\right)",
        group="integrals",
    ),
    _row(
        name="Ei",
        partials=("exp(a)/a",),
        help="the exponential integral, the integral of exp(t)/t from minus infinity to x (principal value)",
        domain="a != 0",
        singular=(Singular("pole", "a"),),
        sample=(Range(-20.0, 20.0),),
        mpmath="ei",
        latex=r"\operatorname{{Ei}}\left({0}\right)",
        words=("Ei", "expi"),
        group="integrals",
    ),
    _row(
        name="li",
        partials=("1/log(a)",),
        help="the logarithmic integral, the integral of 1/log(t) from 0 to x (principal value)",
        domain="a >= 0 and a != 1",
        singular=(Singular("pole", "a - 1"), Singular("edge", "a")),
        sample=(Range(0.01, 50.0),),
        latex=r"\operatorname{{li}}\left({0}\right)",
        words=("li", "logint"),
        group="integrals",
    ),
    _row(
        name="fresnels",
        written=("sin(pi*a^2/2)",),
        # a^2/2 without its whole multiples of 2, which would take the digits: with n = 2 round(a/2) it is n (a - n) + (a - n)^2/2.
        partials=(
            "where(abs(a) < 2, sin(pi*a^2/2), sin(pi*(2*round(a/2)*(a - 2*round(a/2)) + (a - 2*round(a/2))^2/2)))",
        ),
        help="Fresnel's sine integral, the integral of sin(pi t^2/2) from 0 to x",
        convention="with pi t^2/2 under the sine",
        sample=(Range(-6.0, 6.0),),
        latex=r"S\left({0}\right)",
        words=("fresnels", "fresnelS"),
        group="integrals",
    ),
    _row(
        name="fresnelc",
        written=("cos(pi*a^2/2)",),
        # a^2/2 without its whole multiples of 2, which would take the digits: with n = 2 round(a/2) it is n (a - n) + (a - n)^2/2.
        partials=(
            "where(abs(a) < 2, cos(pi*a^2/2), cos(pi*(2*round(a/2)*(a - 2*round(a/2)) + (a - 2*round(a/2))^2/2)))",
        ),
        help="Fresnel's cosine integral, the integral of cos(pi t^2/2) from 0 to x",
        convention="with pi t^2/2 under the cosine",
        sample=(Range(-6.0, 6.0),),
        latex=r"C\left({0}\right)",
        words=("fresnelc", "fresnelC"),
        group="integrals",
    ),
    _row(
        name="ellipk",
        written=("(ellipe(a)/(1 - a) - y)/(2*a)",),
        partials=("where(abs(a) < 1/2, ellipk_derivative(1, a), (ellipe(a)/(1 - a) - y)/(2*a))",),
        help="the complete elliptic integral of the first kind",
        convention="the argument is the parameter m = k^2",
        domain="a < 1",
        singular=(Singular("pole", "a - 1"),),
        sample=(Range(-10.0, 0.99),),
        sympy="elliptic_k",
        latex=r"K\left({0}\right)",
        words=("ellipk", "elliptic_k"),
        group="integrals",
        scipy=("ellipk",),
    ),
    _row(
        name="ellipe",
        written=("(y - ellipk(a))/(2*a)",),
        partials=("where(abs(a) < 1/2, ellipe_derivative(1, a), (y - ellipk(a))/(2*a))",),
        help="the complete elliptic integral of the second kind",
        convention="the argument is the parameter m = k^2",
        domain="a <= 1",
        singular=(Singular("edge", "a - 1"),),
        sample=(Range(-10.0, 0.99),),
        sympy="elliptic_e",
        latex=r"E\left({0}\right)",
        words=("ellipe", "elliptic_e"),
        group="integrals",
        scipy=("ellipe",),
    ),
    _row(
        name="ellipk_derivative",
        partials=(None, "ellipk_derivative(a + 1, b)"),
        help="the k-th derivative of ellipk: ellipk_derivative(k, m)",
        domain="a >= 0 and floor(a) == a and b < 1",
        singular=(Singular("pole", "b - 1"),),
        sample=(Range(0, 4, whole=True), Range(-10.0, 0.9)),
        latex=r"K^{{({0})}}\left({1}\right)",
        group="integrals",
    ),
    _row(
        name="ellipe_derivative",
        partials=(None, "ellipe_derivative(a + 1, b)"),
        help="the k-th derivative of ellipe: ellipe_derivative(k, m)",
        domain="a >= 0 and floor(a) == a and (b < 1 or b == 1 and a == 0)",
        singular=(Singular("pole", "b - 1"),),
        sample=(Range(0, 4, whole=True), Range(-10.0, 0.9)),
        latex=r"E^{{({0})}}\left({1}\right)",
        group="integrals",
    ),
    _row(
        name="lambertw",
        written=("exp(-y)/(1 + y)",),
        # The same twice: far out the exponential would lose digits, at 0 the quotient is 0/0.
        partials=("where(abs(a) < 1, exp(-y)/(1 + y), y/(a*(1 + y)))",),
        help="Lambert's W, the solution w of w exp(w) = x",
        convention="the principal branch, w >= -1",
        domain="a >= -exp(-1)",
        singular=(Singular("edge", "a + exp(-1)"),),
        sample=(Range(-0.36, 100.0),),
        latex=r"W\left({0}\right)",
        words=("lambertw", "LambertW", "productlog"),
        group="integrals",
    ),
)

ROWS: tuple[Row, ...] = (
    *ERROR_FUNCTIONS,
    *special_gamma.ROWS,
    *special_zeta.ROWS,
    *special_bessel.ROWS,
    *INTEGRALS,
)
