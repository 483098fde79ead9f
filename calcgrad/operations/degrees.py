"""Trigonometry with angles in degrees."""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import Elementwise, Range, Row, Singular

_row = partial(Elementwise, group="degrees")

_ANY = (Range(-400.0, 400.0),)
_INNER = (Range(-0.95, 0.95),)
_ENDS = (Singular("edge", "(1 - a)*(1 + a)"),)

ROWS: tuple[Row, ...] = (
    _row(
        name="deg2rad",
        partials=("pi/180",),
        help="an angle in degrees, turned into radians",
        ulps=0.7,
        definition="a*(pi/180)",
        sample=_ANY,
        words=("deg2rad", "radians"),
        ufuncs=("deg2rad", "radians"),
    ),
    _row(
        name="rad2deg",
        partials=("180/pi",),
        help="an angle in radians, turned into degrees",
        ulps=0.7,
        definition="a*(180/pi)",
        sample=(Range(-10.0, 10.0),),
        words=("rad2deg", "degrees"),
        ufuncs=("rad2deg", "degrees"),
    ),
    _row(
        name="sind",
        partials=("cosd(a)*(pi/180)",),
        help="the sine of an angle in degrees",
        formula="sin(pi*a/180)",
        ulps=1.1,
        sample=_ANY,
        scipy=("sindg",),
    ),
    _row(
        name="cosd",
        partials=("-sind(a)*(pi/180)",),
        help="the cosine of an angle in degrees",
        formula="cos(pi*a/180)",
        ulps=0.9,
        sample=_ANY,
        scipy=("cosdg",),
    ),
    _row(
        name="tand",
        partials=("(1 + y^2)*(pi/180)",),
        help="the tangent of an angle in degrees",
        formula="tan(pi*a/180)",
        ulps=1.1,
        domain="cosd(a) != 0",
        singular=(Singular("pole", "cosd(a)"),),
        sample=(Range(-85.0, 85.0),),
        scipy=("tandg",),
    ),
    _row(
        name="asind",
        written=("180/(pi*sqrt(1 - a^2))",),
        partials=("180/pi/sqrt((1 - a)*(1 + a))",),
        help="the inverse sine, in degrees",
        ulps=1.3,
        domain="abs(a) <= 1",
        singular=_ENDS,
        definition="rad2deg(asin(a))",
        sample=_INNER,
    ),
    _row(
        name="acosd",
        written=("-180/(pi*sqrt(1 - a^2))",),
        partials=("-180/pi/sqrt((1 - a)*(1 + a))",),
        help="the inverse cosine, in degrees",
        ulps=1.6,
        domain="abs(a) <= 1",
        singular=_ENDS,
        definition="rad2deg(acos(a))",
        sample=_INNER,
    ),
    _row(
        name="atand",
        written=("180/(pi*(1 + a^2))",),
        partials=("where(abs(a) < 1e150, 180/pi/(1 + a^2), 180/pi/a/a)",),  # a^2 overflows
        help="the inverse tangent, in degrees",
        ulps=1.5,
        definition="rad2deg(atan(a))",
        sample=(Range(-10.0, 10.0),),
    ),
)
