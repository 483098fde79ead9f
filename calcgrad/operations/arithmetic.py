"""Arithmetic: what the infix operators mean."""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import FLAT, OWN_SIDE, Elementwise, Range, Row, Singular

_ANY = Range(-10.0, 10.0)
_row = partial(Elementwise, group="arithmetic")
_WHOLE_QUOTIENT = Singular("jump", "a/b", 1.0)

ROWS: tuple[Row, ...] = (
    _row(
        name="add",
        partials=("1", "1"),
        help="the sum",
        ulps=0.5,
        numpy="add",
        sample=(_ANY, _ANY),
        ufuncs=("add",),
        infix="+",
    ),
    _row(
        name="sub",
        partials=("1", "-1"),
        help="the difference",
        ulps=0.5,
        numpy="subtract",
        sample=(_ANY, _ANY),
        ufuncs=("subtract",),
        infix="-",
    ),
    _row(
        name="mul",
        partials=("b", "a"),
        help="the product",
        ulps=0.3,
        numpy="multiply",
        sample=(_ANY, _ANY),
        ufuncs=("multiply",),
        infix="*",
    ),
    _row(
        name="div",
        partials=("1/b", "-y/b"),
        help="the quotient",
        ulps=0.3,
        domain="b != 0",
        singular=(Singular("pole", "b"),),
        numpy="divide",
        sample=(_ANY, Range(0.1, 10.0)),
        ufuncs=("divide",),
    ),
    _row(
        name="neg",
        partials=("-1",),
        help="the opposite",
        ulps=0.0,
        numpy="negative",
        sample=(_ANY,),
        ufuncs=("negative",),
    ),
    _row(
        name="mod",
        partials=("1", "-(a // b)"),
        help="the remainder of a division",
        ulps=0.5,
        convention="a % b = a - b*floor(a/b) has the sign of the divisor b, as in Python",
        domain="b != 0",
        singular=(_WHOLE_QUOTIENT, Singular("pole", "b")),
        analytic=False,
        sympy="Mod",
        sample=(_ANY, Range(0.5, 5.0)),
        ufuncs=("remainder",),
        tie=OWN_SIDE,
    ),
    _row(
        name="floordiv",
        partials=("0", "0"),
        help="the quotient, rounded down",
        ulps=0.0,
        convention="a // b = floor(a/b); its derivative is 0 between the jumps",
        domain="b != 0",
        singular=(_WHOLE_QUOTIENT, Singular("pole", "b")),
        analytic=False,
        numpy="floor_divide",
        sample=(_ANY, Range(0.5, 5.0)),
        ufuncs=("floor_divide",),
        tie=FLAT,
    ),
    _row(
        name="pow",
        # b - 1 rounds: for a small b that costs digits far from a = 1, for a huge one it has the wrong parity. For a negative b
        # the quotient stays in range where a^(b - 1) underflows.
        # A zero by structure at b = 0 would have no slope in b, which is 1/a: only where 1/a is no number.
        partials=(
            "where(b == 0, where(a == 0, 0, b*(y/a)),"
            " where(a != 0 and (b < 1 or b > 2^53), b*y/a, b*a^(b - 1)))",
            "where(a == 0 and b > 0, 0, y*log(a))",
        ),
        help="a power",
        ulps=0.5,
        convention="real: 0^0 = 1, and a negative base needs a whole exponent; x^0 at 0 has derivative 0",
        domain="a > 0 or a == 0 and b >= 0 or a < 0 and b == floor(b)",
        singular=(
            Singular("pole", "where(b < 0, a, 1)"),
            Singular("edge", "where(b > 0 and b != floor(b), a, 1)"),
        ),
        numpy="power",
        sample=(Range(0.1, 5.0), Range(-4.0, 4.0)),
        words=("pow", "power"),
        varying_domain=True,
    ),
)
