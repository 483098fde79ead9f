"""Functions with kinks and jumps: absolute value, rounding, maximum and minimum."""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import FLAT, OWN_SIDE, Elementwise, Range, Row, Singular

_row = partial(Elementwise, group="piecewise", analytic=False)

_ANY = Range(-5.0, 5.0)
_STEPS = (Singular("jump", "a", 1.0),)


def _folding(op: str, *names: str) -> tuple[tuple[str, Word], ...]:
    return tuple((name, Word(op, 2, fold=True)) for name in names)


ROWS: tuple[Row, ...] = (
    _row(
        name="abs",
        partials=("sign(a)",),
        help="the absolute value",
        ulps=0.0,
        convention="at 0, a kink, the derivative is taken as 0",
        singular=(Singular("kink", "a"),),
        numpy="absolute",
        sympy="Abs",
        sample=(_ANY,),
        words=("abs", "Abs", "fabs"),
    ),
    _row(
        name="sign",
        partials=("0",),
        help="-1, 0 or 1",
        ulps=0.0,
        convention="sign(0) = 0; its derivative is 0 on either side of the jump",
        singular=(Singular("jump", "a"),),
        sample=(_ANY,),
        words=("sign", "sgn", "signum"),
        tie=FLAT,
    ),
    _row(
        name="floor",
        partials=("0",),
        help="the greatest whole number that is not above a",
        ulps=0.0,
        singular=_STEPS,
        latex=r"\left\lfloor {0} \right\rfloor",
        sample=(_ANY,),
        ufuncs=("floor",),
        tie=FLAT,
    ),
    _row(
        name="ceil",
        partials=("0",),
        help="the least whole number that is not below a",
        ulps=0.0,
        singular=_STEPS,
        sympy="ceiling",
        latex=r"\left\lceil {0} \right\rceil",
        sample=(_ANY,),
        words=("ceil", "ceiling"),
        ufuncs=("ceil",),
        tie=FLAT,
    ),
    _row(
        name="round",
        partials=("0",),
        help="the nearest whole number",
        ulps=0.0,
        convention="halves go to the even neighbour: round(2.5) = 2",
        singular=(Singular("jump", "a - 0.5", 1.0),),
        sample=(_ANY,),
        words=("round", "rint"),
        ufuncs=("rint",),
        tie=FLAT,
    ),
    _row(
        name="trunc",
        partials=("0",),
        help="a without its fractional part, rounded towards 0",
        ulps=0.0,
        singular=(Singular("jump", "where(abs(a) < 1/2, 1/2, a)", 1.0),),
        definition="where(a > -1 and a < 1, 0, where(a > 0, floor(a), ceil(a)))",
        formula="where(a > 0, floor(a), ceil(a))",
        ufuncs=("trunc", "fix"),
        tie=FLAT,
        sample=(_ANY,),
        words=("trunc", "fix"),
    ),
    _row(
        name="frac",
        partials=("1",),
        help="the fractional part",
        ulps=0.3,
        convention="frac(x) = x - floor(x), never negative: frac(-0.25) = 0.75",
        singular=_STEPS,
        definition="a - floor(a)",
        sample=(_ANY,),
        tie=OWN_SIDE,
        words=("frac", ("frac", Word("div", 2))),  # Typst's fraction has two arguments
    ),
    _row(
        name="maximum",
        written=("where(a > b, 1, 0)", "where(a > b, 0, 1)"),
        partials=("where(a < b, 0, where(a == b, 0.5, 1))", "where(b < a, 0, where(a == b, 0.5, 1))"),
        help="the greater of two numbers, or of several",
        ulps=0.0,
        convention="where two are equal, each has half of the derivative",
        singular=(Singular("kink", "a - b"),),
        sympy="Max",
        latex=r"\max\left({0}, {1}\right)",
        sample=(_ANY, _ANY),
        words=_folding("maximum", "max", "Max", "maximum"),
        ufuncs=("maximum",),
    ),
    _row(
        name="minimum",
        written=("where(a < b, 1, 0)", "where(a < b, 0, 1)"),
        partials=("where(b < a, 0, where(a == b, 0.5, 1))", "where(a < b, 0, where(a == b, 0.5, 1))"),
        help="the lesser of two numbers, or of several",
        ulps=0.0,
        convention="where two are equal, each has half of the derivative",
        singular=(Singular("kink", "a - b"),),
        sympy="Min",
        latex=r"\min\left({0}, {1}\right)",
        sample=(_ANY, _ANY),
        words=_folding("minimum", "min", "Min", "minimum"),
        ufuncs=("minimum",),
    ),
    _row(
        name="clip",
        written=(
            "where(b < a and a < c, 1, 0)",
            "where(a <= b and b < c, 1, 0)",
            "where(max(a, b) < c, 0, 1)",
        ),
        partials=(
            "where(a < b or c < a or c <= b, 0, where(a == b or a == c, 0.5, 1))",
            "where(b < a or c < b, 0, where(a == b or b == c, 0.5, 1))",
            "where(max(a, b) < c, 0, where(max(a, b) == c, 0.5, 1))",
        ),
        help="a kept between b and c",
        ulps=0.0,
        convention="clip(x, low, high) = min(max(x, low), high), with its halves at the kinks",
        singular=(
            Singular("kink", "where(b < c, a - b, 1)"),
            Singular("kink", "where(b < c, a - c, 1)"),
            Singular("kink", "where(a <= b, b - c, 1)"),
        ),
        definition="min(max(a, b), c)",
        sample=(_ANY, Range(-3.0, -1.0), Range(1.0, 3.0)),
        words=("clip", "clamp"),
    ),
    _row(
        name="heaviside",
        partials=("0",),
        help="the unit step: 0 for negative numbers, 1 for positive ones",
        ulps=0.0,
        convention="heaviside(0) = 1/2; its derivative is 0 on either side of the jump",
        singular=(Singular("jump", "a"),),
        sympy="Heaviside",
        latex=r"\operatorname{{H}}\left({0}\right)",
        sample=(_ANY,),
        words=("heaviside", "Heaviside"),
        tie=FLAT,
    ),
)
