"""Points where calculus needs care, collected from textbooks, handbooks and the trackers of other systems.

``left`` and ``right`` are one-sided derivatives (values at a jump), ``limit`` and ``value`` those of the extension over a hole, or the
derivative itself where the verdict is ``agree``. The test of this table finds each of them again by limits in 200 digits.
"""

from __future__ import annotations

from math import e, inf, log, pi, sqrt
from typing import NamedTuple


class Row(NamedTuple):
    """A function of x, a point, and what stands there."""

    expr: str
    at: str
    verdict: str
    left: float | None = None
    right: float | None = None
    limit: float | None = None
    value: float | None = None
    order: int = 1
    origin: str = ""


def agree(expr: str, at: str, value: float, order: int = 1, origin: str = "") -> Row:
    return Row(expr, at, "agree", value=value, order=order, origin=origin)


def hole(expr: str, at: str, limit: float, value: float, order: int = 1, origin: str = "") -> Row:
    return Row(expr, at, "removable", limit=limit, value=value, order=order, origin=origin)


def sides(
    verdict: str,
    expr: str,
    at: str,
    left: float | None,
    right: float | None,
    order: int = 1,
    origin: str = "",
) -> Row:
    return Row(expr, at, verdict, left, right, order=order, origin=origin)


def undefined(expr: str, at: str, origin: str = "") -> Row:
    return Row(expr, at, "undefined", origin=origin)


_TEXT = "any first course in calculus"
_SPIVAK = "Spivak, Calculus, on differentiation"
_HARDY = "Hardy, A Course of Pure Mathematics, on derivatives"
_LHOPITAL = "the exercises on l'Hopital's rule of any calculus course"
_DLMF = "NIST Digital Library of Mathematical Functions"
_ISSUE = "https://github.com/"

SPECIAL_POINTS: tuple[Row, ...] = (
    # Kinks.
    sides("kink", "abs(x)", "0", -1, 1, origin=_TEXT),
    sides("kink", "abs(x - 1)", "1", -1, 1, origin=_TEXT),
    sides("kink", "abs(x^2 - 4)", "2", -4, 4, origin=_TEXT),
    sides("kink", "abs(x^2 - 4)", "-2", -4, 4, origin=_TEXT),
    sides("kink", "abs(x^3 - 8)", "2", -12, 12, origin=_TEXT),
    sides("kink", "abs(x) + x", "0", 0, 2, origin=_SPIVAK),
    sides("kink", "sqrt(x^2)", "0", -1, 1, origin=_TEXT),
    sides("kink", "sqrt((x - 1)^2)", "1", -1, 1, origin=_ISSUE + "pytorch/pytorch/issues/6394"),
    sides("kink", "abs(sin(x))", "pi", -1, 1, origin=_TEXT),
    sides("kink", "abs(sin(x))", "0", -1, 1, origin=_TEXT),
    sides("kink", "abs(cos(x))", "pi/2", -1, 1, origin=_TEXT),
    sides("kink", "abs(log(x))", "1", -1, 1, origin=_TEXT),
    sides("kink", "exp(-abs(x))", "0", 1, -1, origin="the density of Laplace's distribution"),
    sides("kink", "asin(sin(x))", "pi/2", 1, -1, origin=_HARDY),
    sides("kink", "acos(cos(x))", "0", -1, 1, origin=_HARDY),
    sides("kink", "acos(cos(x))", "pi", 1, -1, origin=_HARDY),
    sides("kink", "acos(1 - x^2)", "0", -sqrt(2), sqrt(2), origin=_HARDY),
    sides("kink", "sqrt(1 - cos(x))", "0", -1 / sqrt(2), 1 / sqrt(2), origin=_TEXT),
    sides("kink", "sqrt(x^2 + x^4)", "0", -1, 1, origin=_TEXT),
    sides("kink", "max(x, 0)", "0", 0, 1, origin="the rectifier"),
    sides("kink", "max(x, -x)", "0", -1, 1, origin=_TEXT),
    sides("kink", "max(sin(x), 0)", "0", 0, 1, origin="the half-wave rectifier"),
    sides("kink", "min(x, 2 - x)", "1", 1, -1, origin="the tent map"),
    sides("kink", "max(x, x^2)", "1", 1, 2, origin=_TEXT),
    sides("kink", "max(exp(x), 1 + 2x)", "0", 1, 2, origin=_TEXT),
    sides("kink", "relu(x)", "0", 0, 1, origin="the rectifier"),
    sides(
        "kink",
        "relu(relu(x))",
        "0",
        0,
        1,
        origin="Kakade and Lee, Provably correct automatic subdifferentiation",
    ),
    sides(
        "kink",
        "relu(x) + relu(-x)",
        "0",
        -1,
        1,
        origin="Kakade and Lee, Provably correct automatic subdifferentiation",
    ),
    sides("kink", "leaky_relu(x)", "0", 0.01, 1, origin="Maas, Hannun and Ng, Rectifier nonlinearities"),
    sides("kink", "clip(x, -1, 1)", "1", 1, 0, origin="the hard tanh"),
    sides("kink", "clip(x, -1, 1)", "-1", 0, 1, origin="the hard tanh"),
    sides("kink", "min(exp(x), 1)", "0", 1, 0, origin=_ISSUE + "pytorch/pytorch/issues/10729"),
    sides("kink", "where(x > 0, x, x^2)", "0", 0, 1, origin=_SPIVAK),
    sides("kink", "where(x < 0, sin(x), x/2)", "0", 1, 0.5, origin=_SPIVAK),
    sides("kink", "where(x < 3, x, 3x - 6)", "3", 1, 3, origin="a tariff with two rates"),
    sides("kink", "where(x < 1, x, sqrt(x))", "1", 1, 0.5, origin=_ISSUE + "jax-ml/jax/issues/5798"),
    sides("kink", "abs(x - 0.1*3)", "0.3", -1, 1, origin="0.1*3 in binary arithmetic"),
    sides("kink", "abs(x - 1/3)", "1/3", -1, 1, origin="1/3 in binary arithmetic"),
    sides("kink", "abs(x^2 - 2)", "sqrt(2)", -2 * sqrt(2), 2 * sqrt(2), origin=_TEXT),
    sides("kink", "abs(exp(x) - 2)", "log(2)", -2, 2, origin=_TEXT),
    sides("kink", "norm([x, 0])", "0", -1, 1, origin=_ISSUE + "pytorch/pytorch/issues/2421"),
    sides("kink", "hypot(x, 0)", "0", -1, 1, origin=_ISSUE + "HIPS/autograd/issues/151"),
    sides("kink", "hypot(x, 2x)", "0", -sqrt(5), sqrt(5), origin=_ISSUE + "HIPS/autograd/issues/151"),
    sides("kink", "x*abs(x)", "0", -2, 2, order=2, origin=_SPIVAK),
    sides("kink", "max(x, 0)^2", "0", 0, 2, order=2, origin="the truncated power of splines"),
    sides("kink", "max(x, 0)^3", "0", 0, 6, order=3, origin="the truncated power of splines"),
    sides("kink", "abs(x)^3", "0", -6, 6, order=3, origin=_TEXT),
    sides("kink", "elu(x)", "0", 1, 0, order=2, origin="Clevert, Unterthiner and Hochreiter, ELUs"),
    sides("kink", "where(x > 0, x^2, x^3)", "0", 0, 2, order=2, origin=_SPIVAK),
    # Differentiable in spite of an operation that is not.
    agree("x*abs(x)", "0", 0, origin=_SPIVAK),
    agree("abs(x)^3", "0", 0, origin=_TEXT),
    agree("abs(x)^3", "0", 0, order=2, origin=_TEXT),
    agree("abs(x)^2", "0", 2, order=2, origin=_TEXT),
    agree("max(x, 0)^2", "0", 0, origin="the truncated power of splines"),
    agree("max(x, x)", "1", 1, origin="ties of the maximum"),
    agree("max(x - 1, 0)^2 + x", "1", 1, origin="the truncated power of splines"),
    agree("abs(x)*sin(x)", "0", 0, origin=_TEXT),
    agree("sqrt(x^4)", "0", 0, origin=_TEXT),
    agree("sqrt(x - x)", "1", 0, origin="pytorch/pytorch's nan from sqrt of a sum of zeros"),
    agree("hypot(x, 0)^2", "0", 0, origin=_ISSUE + "jax-ml/jax/issues/21723"),
    agree("norm([x, 0])^2", "0", 0, origin=_ISSUE + "HIPS/autograd/issues/570"),
    agree("where(x > 0, x^2, x^3)", "0", 0, origin=_SPIVAK),
    agree("where(x < 1, x^2, 2x - 1)", "1", 2, origin="a parabola and its tangent"),
    agree("where(x < 2, x^3, 12x - 16)", "2", 12, origin="a cubic and its tangent"),
    agree("elu(x)", "0", 1, origin="Clevert, Unterthiner and Hochreiter, ELUs"),
    agree("where(x == 0, 1, sin(x)/x)", "0", 0, origin=_ISSUE + "sympy/sympy/issues/11402"),
    agree("where(x == 0, 1, sin(x)/x)", "0", -1 / 3, order=2, origin=_ISSUE + "sympy/sympy/issues/11402"),
    agree("where(x == 0, 0, exp(-1/x^2))", "0", 0, origin="Cauchy's function"),
    agree("where(x == 0, 0, exp(-1/x^2))", "0", 0, order=4, origin="Cauchy's function"),
    agree("where(x > 0, exp(-1/x), 0)", "0", 0, origin="the smooth step of partitions of unity"),
    agree("where(x == 0, 0, x^2*sin(1/x))", "0", 0, origin=_SPIVAK),
    agree(
        "relu(x) - relu(-x)", "0", 1, origin="Kakade and Lee, Provably correct automatic subdifferentiation"
    ),
    sides("infinite", "where(x == 0, 0, 1)*cbrt(x)", "0", inf, inf, origin="a vertical tangent"),
    agree("x*where(x == 0, 0, x*atan(1/x))", "0", 0, origin="a bounded jump under a square"),
    agree("cbrt(x)^3", "0", 1, origin="the chain rule through a vertical tangent"),
    # Jumps.
    sides("jump", "sign(x)", "0", -1, 1, origin=_TEXT),
    sides("jump", "sign(x - 1)*x", "1", -1, 1, origin=_TEXT),
    sides("jump", "sign(log(x))", "1", -1, 1, origin=_ISSUE + "diofant/diofant/issues/74"),
    sides("jump", "sign(cos(x))", "pi/2", 1, -1, origin=_ISSUE + "diofant/diofant/issues/74"),
    sides("jump", "floor(x)", "2", 1, 2, origin=_TEXT),
    sides("jump", "floor(x)", "0", -1, 0, origin=_TEXT),
    sides("jump", "ceil(x)", "3", 3, 4, origin=_TEXT),
    sides("jump", "round(x)", "0.5", 0, 1, origin="halves to the even neighbour"),
    sides("jump", "round(x)", "1.5", 1, 2, origin="halves to the even neighbour"),
    sides("jump", "round(x)", "2.5", 2, 3, origin="halves to the even neighbour"),
    sides("jump", "frac(x)", "3", 1, 0, origin="the sawtooth"),
    sides("jump", "x % 1", "2", 1, 0, origin="the sawtooth"),
    sides("jump", "x // 2", "4", 1, 2, origin=_TEXT),
    sides("jump", "floor(10x)/10", "0.5", 0.4, 0.5, origin="rounding to one decimal"),
    sides("jump", "floor(-x^2)", "0", -1, -1, origin=_SPIVAK),
    sides("jump", "x^2 % 1", "sqrt(2)", 1, 0, origin="a whole number that doubles do not reach"),
    sides("jump", "floor(log(x)/log(10))", "1000", 2, 3, origin="counting digits by logarithms"),
    sides("jump", "heaviside(x)", "0", 0, 1, origin="Heaviside's step"),
    sides("jump", "where(x > 0, 1, 0)", "0", 0, 1, origin="Heaviside's step"),
    sides("jump", "where(x < 0, sin(x), 1/2)", "0", 0, 0.5, origin=_ISSUE + "sympy/sympy/issues/24127"),
    sides("jump", "where(x == 2, 7, x)", "2", 2, 2, origin=_SPIVAK),
    sides("jump", "where(x < 1, x, x + 1)", "1", 1, 2, origin=_SPIVAK),
    sides("jump", "atan2(x, -1)", "0", -pi, pi, origin="the cut of the angle"),
    sides("jump", "0^x", "0", None, 0, origin=_ISSUE + "HIPS/autograd/issues/149"),
    sides("jump", "abs(x)", "0", -1, 1, order=2, origin=_TEXT),
    # Vertical tangents.
    sides("infinite", "cbrt(x)", "0", inf, inf, origin=_TEXT),
    sides("infinite", "cbrt(x - 1)", "1", inf, inf, origin=_TEXT),
    sides("infinite", "root(x, 5)", "0", inf, inf, origin=_TEXT),
    sides("infinite", "sqrt(abs(x))", "0", -inf, inf, origin=_TEXT),
    sides("infinite", "abs(x - 1)^0.25", "1", -inf, inf, origin=_TEXT),
    sides("infinite", "cbrt(x^2)", "0", -inf, inf, origin="the cusp"),
    sides("infinite", "cbrt(x)^2", "0", -inf, inf, origin="the cusp"),
    sides("infinite", "where(x == 0, 0, x*log(abs(x)))", "0", -inf, -inf, origin=_HARDY),
    # Edges of the domain.
    sides("boundary", "sqrt(x)", "0", None, inf, origin=_TEXT),
    sides("boundary", "sqrt(x - 5)", "5", None, inf, origin=_TEXT),
    sides("boundary", "x^(2/3)", "0", None, inf, origin=_TEXT),
    sides("boundary", "x^(1/3)", "0", None, inf, origin=_TEXT),
    sides("boundary", "x^1.5", "0", None, 0, origin=_ISSUE + "HIPS/autograd/issues/581"),
    sides("boundary", "x*x^0.5", "0", None, 0, origin=_ISSUE + "HIPS/autograd/issues/581"),
    sides("boundary", "x^2.5", "0", None, inf, order=3, origin=_TEXT),
    sides("boundary", "x^pi", "0", None, 0, origin=_TEXT),
    sides("boundary", "sqrt(x)^2", "0", None, 1, origin=_ISSUE + "HIPS/autograd/issues/570"),
    sides("boundary", "sin(sqrt(x))^2", "0", None, 1, origin=_TEXT),
    sides("boundary", "cos(sqrt(x))", "0", None, -0.5, origin="a power series in x"),
    sides("boundary", "sqrt(1 - x^2)", "1", -inf, None, origin="the circle"),
    sides("boundary", "asin(x)", "1", inf, None, origin=_TEXT),
    sides("boundary", "asin(x)", "-1", None, inf, origin=_TEXT),
    sides("boundary", "acos(x)", "1", -inf, None, origin=_TEXT),
    sides("boundary", "acos(x)", "-1", None, -inf, origin=_TEXT),
    sides("boundary", "acos(x)^2", "1", -2, None, origin=_TEXT),
    sides("boundary", "acosh(x)", "1", None, inf, origin=_TEXT),
    sides("boundary", "asec(x)", "1", None, inf, origin=_TEXT),
    sides("boundary", "asech(x)", "1", -inf, None, origin=_TEXT),
    sides("boundary", "x^x", "0", None, -inf, origin=_HARDY),
    sides("boundary", "lambertw(x)", "-exp(-1)", None, inf, origin=_DLMF + ", 4.13"),
    sides("boundary", "besselj(1/2, x)", "0", None, inf, origin=_DLMF + ", 10.16.1"),
    sides("boundary", "besselj(3/2, x)", "0", None, 0, origin=_DLMF + ", 10.2.2"),
    sides("boundary", "ellipe(x)", "1", -inf, None, origin=_DLMF + ", 19.12.2"),
    sides("boundary", "li(x)", "0", None, 0, origin=_DLMF + ", 6.2.8"),
    Row("x*log(x)", "0", "boundary", None, -inf, 0, origin=_HARDY),
    # Holes.
    hole("sin(x)/x", "0", 1, 0, origin=_LHOPITAL),
    hole("sin(x)/x", "0", 1, -1 / 3, order=2, origin=_ISSUE + "sympy/sympy/issues/11402"),
    hole("(1 - cos(x))/x^2", "0", 0.5, 0, origin=_LHOPITAL),
    hole("(1 - cos(x))/x", "0", 0, 0.5, origin=_LHOPITAL),
    hole("(x^2 - 1)/(x - 1)", "1", 2, 1, origin=_TEXT),
    hole("(x^2 - 4)/(x - 2)", "2", 4, 1, origin=_TEXT),
    hole("(x^3 - 1)/(x - 1)", "1", 3, 3, origin=_TEXT),
    hole("(exp(x) - 1)/x", "0", 1, 0.5, origin=_LHOPITAL),
    hole("(exp(x) - exp(1))/(x - 1)", "1", e, e / 2, origin=_LHOPITAL),
    hole("x/(exp(x) - 1)", "0", 1, -0.5, origin="the generating function of Bernoulli's numbers"),
    hole("log(1 + x)/x", "0", 1, -0.5, origin=_LHOPITAL),
    hole("log(x)/(x - 1)", "1", 1, -0.5, origin=_LHOPITAL),
    hole("(sqrt(x + 1) - 1)/x", "0", 0.5, -0.125, origin=_LHOPITAL),
    hole("(x - sin(x))/x^3", "0", 1 / 6, 0, origin=_LHOPITAL),
    hole("(tan(x) - x)/x^3", "0", 1 / 3, 0, origin=_LHOPITAL),
    hole("tan(x)/x", "0", 1, 0, origin=_LHOPITAL),
    hole("(2^x - 1)/x", "0", log(2), log(2) ** 2 / 2, origin=_LHOPITAL),
    hole("(1 + x)^(1/x)", "0", e, -e / 2, origin="Euler's number as a limit; sympy/sympy/issues/21724"),
    hole("1/x - 1/sin(x)", "0", 0, -1 / 6, origin=_LHOPITAL),
    hole("x*cot(x)", "0", 1, 0, origin=_LHOPITAL),
    hole("1/(1/x)", "0", 0, 1, origin=_ISSUE + "HIPS/autograd/issues/570"),
    hole("exp(-1/x^2)", "0", 0, 0, origin="Cauchy's function"),
    hole("x^2*sin(1/x)", "0", 0, 0, origin=_SPIVAK),
    hole("x^2*floor(1/x)", "0", 0, 1, origin=_ISSUE + "sympy/sympy/issues/14478"),
    hole("x^3*floor(1/x)", "0", 0, 0, origin=_ISSUE + "sympy/sympy/issues/14478"),
    hole("x*gamma(x)", "0", 1, -0.5772156649015329, origin=_DLMF + ", 5.7"),
    hole(
        "gamma(x)/(gamma(x - 1)*gamma(x + 2))",
        "0",
        -1,
        1.4227843350984671,
        origin=_ISSUE + "sympy/sympy/issues/19067",
    ),
    hole("(x - 1)*zeta(x)", "1", 1, 0.5772156649015329, origin=_DLMF + ", 25.2.4"),
    hole("erf(x)/x", "0", 2 / sqrt(pi), 0, origin=_DLMF + ", 7.6.1"),
    hole("besselj(1, x)/x", "0", 0.5, 0, origin="the diffraction at a round hole"),
    hole("digamma(x) + 1/x", "0", -0.5772156649015329, pi**2 / 6, origin=_DLMF + ", 5.7.6"),
    hole("(x - pi)/sin(x)", "pi", -1, 0, origin=_LHOPITAL),
    hole("cos(x)/(x - pi/2)", "pi/2", -1, 0, origin=_LHOPITAL),
    hole("floor(sin(x)/x)", "0", 0, 0, origin=_ISSUE + "sympy/sympy/issues/14355"),
    Row("x^2*log(x)", "0", "removable", None, 0, 0, 0, origin=_HARDY),
    Row("abs(x)*x/x", "0", "kink", -1, 1, 0, origin="a hole in a kink"),
    # No value at all.
    undefined("1/x", "0", _TEXT),
    undefined("1/x^2", "0", _TEXT),
    undefined("1/(x - 3)^2", "3", _TEXT),
    undefined("abs(x)/x", "0", _TEXT),
    undefined("tan(x)", "pi/2", _TEXT),
    undefined("sec(x)", "3*pi/2", _TEXT),
    undefined("cot(x)", "pi", _TEXT),
    undefined("csc(x)", "-pi", _TEXT),
    undefined("tand(x)", "90", _TEXT),
    undefined("log(x)", "0", _TEXT),
    undefined("log(x)", "-1", _TEXT),
    undefined("log(abs(x))", "0", _TEXT),
    undefined("log10(x)", "0", _TEXT),
    undefined("sqrt(x)", "-2", _TEXT),
    undefined("sqrt(-x^2 - 1)", "0", _TEXT),
    undefined("x^(1/3)", "-8", "principal roots of negative numbers"),
    undefined("x^-1", "0", _TEXT),
    undefined("asin(x)", "2", _TEXT),
    undefined("acosh(x)", "0", _TEXT),
    undefined("atanh(x)", "1", _TEXT),
    undefined("atanh(x)", "-1", _TEXT),
    undefined("acot(x)", "0", "the jump of atan(1/x)"),
    undefined("tanh(1/x)", "0", _HARDY),
    undefined("1/(1 + exp(1/x))", "0", _HARDY),
    undefined("sin(1/x)", "0", _SPIVAK),
    undefined("x*sin(1/x)", "0", _SPIVAK),
    undefined("gamma(x)", "0", _DLMF + ", 5.2"),
    undefined("gamma(x)", "-3", _DLMF + ", 5.2"),
    undefined("digamma(x)", "-1", _DLMF + ", 5.2"),
    undefined("factorial(x)", "-1", _DLMF + ", 5.2"),
    undefined("lgamma(x)", "0", _DLMF + ", 5.2"),
    undefined("zeta(x)", "1", _DLMF + ", 25.2"),
    undefined("bessely(0, x)", "0", _DLMF + ", 10.7"),
    undefined("besselk(0, x)", "0", _DLMF + ", 10.30"),
    undefined("Ei(x)", "0", _DLMF + ", 6.6"),
    undefined("Ci(x)", "0", _DLMF + ", 6.6"),
    undefined("li(x)", "1", _DLMF + ", 6.2"),
    undefined("ellipk(x)", "1", _DLMF + ", 19.12"),
    undefined("erfinv(x)", "1", _DLMF + ", 7.17"),
    undefined("logit(x)", "0", _TEXT),
    undefined("(-2)^x", "2", "defined at whole numbers alone"),
)

#: Ordinary points: untaken branches, points beside a break, smooth functions at places that look special.
ORDINARY: tuple[tuple[str, str], ...] = (
    ("abs(x)", "1e-300"),
    ("abs(x - 1/3)", "0.3333333333333333"),
    ("abs(sin(x))", "3.141592653589793"),
    ("sqrt(x)", "1e-300"),
    ("floor(x)", "2.0000000000000004"),
    ("floor(x)", "1.9999999999999998"),
    ("max(x, 0)", "-1e-320"),
    ("1/x", "1e-100"),
    ("tan(x)", "1.5707963267948966"),
    ("log(x)", "5e-324"),
    ("cbrt(x)", "1e-200"),
    ("round(x)", "0.50000000001"),
    ("where(x > 0, log(x), 0)", "-1"),
    ("where(x > 0, sqrt(x), x)", "-1"),
    ("where(x > 2, log2(x), 2x)", "0"),
    ("where(x < 1, cos(x), 1/(x - 3))", "0"),
    ("where(x > 0, 0*x, 1/(1 - x))", "1"),
    ("sinc(x)", "0"),
    ("softplus(100x)", "0"),
    ("tanh(x)", "400"),
    ("sigmoid(x)", "-800"),
    ("exp(x)", "-800"),
    ("erfc(x)", "30"),
    ("log1p(x)", "1e-300"),
    ("expm1(x)", "1e-300"),
    ("1e308*x", "1"),
    ("x^2", "1e-320"),
    ("x^0", "0"),
    ("x^3", "0"),
    ("x^100", "0"),
    ("sin(x)", "pi"),
    ("cos(x)", "1e22"),
    ("exp(-1/x^2)", "1"),
    ("atan2(x, 1)", "0"),
    ("erf(x)", "0"),
    ("besselj(0, x)", "0"),
    ("zeta(x)", "0"),
    ("gamma(x)", "1"),
    ("ellipk(x)", "0"),
)
