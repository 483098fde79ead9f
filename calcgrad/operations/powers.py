"""Roots, exponentials and logarithms."""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Elementwise, Range, Row, Singular

_root = partial(Elementwise, group="powers and roots")
_exp = partial(Elementwise, group="exponentials and logarithms")

ROWS: tuple[Row, ...] = (
    _root(
        name="sqrt",
        partials=("1/(2*y)",),
        help="the square root",
        ulps=0.5,
        convention="at 0 the one-sided derivative is +inf",
        domain="a >= 0",
        singular=(Singular("edge", "a"),),
        sample=(Range(0.01, 10.0),),
    ),
    _root(
        name="cbrt",
        partials=("1/(3*y^2)",),
        help="the cube root, real for negative numbers too",
        ulps=1.0,
        singular=(Singular("vertical", "a"),),
        latex=r"\sqrt[3]{{{0}}}",
        sample=(Range(-10.0, 10.0),),
    ),
    _root(
        name="root",
        # y/(b*a) keeps the digits that y^(b-1) would lose for a large b; at 0 only the other form says inf.
        partials=(
            "where(a == 0, 1/(b*y^(b - 1)), y/(b*a))",
            "where(a == 0 and b > 0, 0, -y*log(a)/b^2)",
        ),
        help="the real root of a with the exponent b: root(x, 3) is the cube root",
        ulps=0.8,
        convention="real for a negative number where b is odd",
        domain="b != 0 and (a > 0 or a == 0 and b > 0 or a < 0 and mod(b, 2) == 1)",
        singular=(
            Singular("vertical", "where(mod(b, 2) == 1 and b > 1, a, 1)"),
            Singular("edge", "where(mod(b, 2) != 1 and b > 0, a, 1)"),
            Singular("pole", "where(b < 0, a, 1)"),
        ),
        latex=r"\sqrt[{1}]{{{0}}}",
        sample=(Range(0.1, 10.0), Range(2.0, 7.0, whole=True)),
        words=("root", "nthroot"),
    ),
    _root(
        name="square",
        partials=("2*a",),
        help="the square",
        ulps=0.3,
        definition="a*a",
        sample=(Range(-5.0, 5.0),),
    ),
    _exp(
        name="exp",
        partials=("y",),
        help="e to the power a",
        ulps=0.5,
        latex=r"\exp\left({0}\right)",
        sample=(Range(-10.0, 10.0),),
    ),
    _exp(
        name="exp2",
        partials=("y*log(2)",),
        help="2 to the power a",
        ulps=0.5,
        latex=r"\operatorname{{exp}}_{{2}}\left({0}\right)",
        sample=(Range(-10.0, 10.0),),
    ),
    _exp(
        name="expm1",
        partials=("exp(a)",),
        help="exp(a) - 1, without its loss of digits near 0",
        ulps=0.8,
        sample=(Range(-3.0, 3.0),),
    ),
    _exp(
        name="log",
        partials=("1/a",),
        help="the natural logarithm; log(x, b) has the base b",
        ulps=0.5,
        domain="a > 0",
        singular=(Singular("pole", "a"),),
        latex=r"\ln\left({0}\right)",
        sample=(Range(0.01, 10.0),),
        words=("ln", "log"),
    ),
    _exp(
        name="log2",
        partials=("1/log(2)/a",),
        help="the logarithm with base 2",
        ulps=0.5,
        domain="a > 0",
        singular=(Singular("pole", "a"),),
        latex=r"\log_{{2}}\left({0}\right)",
        sample=(Range(0.01, 10.0),),
        words=("log2", "lb"),
    ),
    _exp(
        name="log10",
        partials=("1/log(10)/a",),
        help="the logarithm with base 10",
        ulps=1.0,
        domain="a > 0",
        singular=(Singular("pole", "a"),),
        latex=r"\log_{{10}}\left({0}\right)",
        sample=(Range(0.01, 10.0),),
        words=("log10", "lg"),
    ),
    _exp(
        name="log1p",
        partials=("1/(1 + a)",),
        help="log(1 + a), without its loss of digits near 0",
        ulps=0.8,
        domain="a > -1",
        singular=(Singular("pole", "a + 1"),),
        sample=(Range(-0.9, 5.0),),
    ),
    _exp(
        name="logb",
        partials=("1/log(b)/a", "-y/(b*log(b))"),
        help="the logarithm of a with base b",
        ulps=1.6,
        domain="a > 0 and b > 0 and b != 1",
        singular=(Singular("pole", "a"), Singular("pole", "b"), Singular("pole", "b - 1")),
        definition="log(a)/log(b)",
        latex=r"\log_{{{1}}}\left({0}\right)",
        sample=(Range(0.1, 10.0), Range(1.5, 10.0)),
        words=(("log", Word("logb", 2)),),
    ),
    _exp(
        name="logaddexp",
        partials=("where(a == b, 0.5, sigmoid(a - b))", "where(a == b, 0.5, sigmoid(b - a))"),
        help="log(exp(a) + exp(b)), without overflow",
        definition="max(a, b) + softplus(-abs(a - b))",
        sample=(Range(-8.0, 8.0), Range(-8.0, 8.0)),
    ),
    _exp(
        name="xlogy",
        partials=("log(b)", "where(a == 0, 0, a/b)"),
        help="a*log(b), and 0 where a is 0",
        domain="a == 0 or b > 0",
        singular=(Singular("pole", "where(a == 0, 1, b)"),),
        definition="where(a == 0 and (b <= 0 or b == inf), 0, a*log(b))",
        sample=(Range(0.1, 10.0), Range(0.1, 10.0)),
    ),
)
