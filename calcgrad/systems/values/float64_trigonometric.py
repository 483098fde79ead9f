"""Scalar values: angles in degrees, reduced exactly; sinc and the spherical Bessel functions."""

from __future__ import annotations

import math
from itertools import count

RADIAN = math.pi / 180
HIGHEST_ORDER = 1000  # of a spherical Bessel function: its recurrences are as long


def _first_quadrant(a: float) -> tuple[float, float]:
    """An angle in degrees brought to [0, 180], then to [0, 90], without rounding; nan for inf."""
    if not math.isfinite(a):
        return math.nan, math.nan
    half = math.fmod(math.fabs(a), 360.0)
    if half > 180:
        half = 360 - half
    return half, 180 - half if half > 90 else half


def _turned(a: float) -> bool:
    """Whether the angle is beyond a half turn."""
    return math.isfinite(a) and math.fmod(math.fabs(a), 360.0) > 180


def _sine(r: float) -> float:
    """The sine of 0 to 90 degrees; exact where the value is a half."""
    if r == 30:
        return 0.5
    return math.sin(r * RADIAN) if r <= 45 else math.cos((90 - r) * RADIAN)


def coversin(a: float) -> float:
    """1 - sin(a), as cos(a)^2/(1 + sin(a)) where the difference would cancel: the argument is never rounded on the way.

    >>> coversin(math.pi / 2), coversin(-math.pi / 2)
    (1.874699728327322e-33, 2.0)
    """
    if not math.isfinite(a):
        return math.nan
    s = math.sin(a)
    return math.cos(a) ** 2 / (1 + s) if s > 0.5 else 1 - s


def sind(a: float) -> float:
    """The sine of an angle in degrees.

    >>> sind(180.0), sind(30.0), sind(270.0)
    (0.0, 0.5, -1.0)
    """
    _, r = _first_quadrant(a)
    s = _sine(r)
    return math.copysign(s, -a if _turned(a) else a)


def cosd(a: float) -> float:
    """The cosine of an angle in degrees.

    >>> cosd(90.0), cosd(60.0), cosd(-180.0)
    (0.0, 0.5, -1.0)
    """
    half, r = _first_quadrant(a)
    return -_sine(90 - r) if half > 90 else _sine(90 - r)


def tand(a: float) -> float:
    """The tangent of an angle in degrees.

    >>> tand(45.0), tand(90.0), tand(-135.0)
    (1.0, inf, 1.0)
    """
    half, r = _first_quadrant(a)
    if r == 90:
        return math.copysign(math.inf, sind(a))
    t = 1.0 if r == 45 else math.tan(r * RADIAN) if r < 45 else 1 / math.tan((90 - r) * RADIAN)
    return math.copysign(t, a) * (-1 if (half > 90) != _turned(a) else 1)


def rad2deg(a: float) -> float:
    """An angle in radians, turned into degrees."""
    return a / RADIAN


def sinc(a: float) -> float:
    """sin(a)/a, and 1 at 0; nan at an infinity, as in NumPy."""
    if math.isinf(a):
        return math.nan
    return math.sin(a) / a if a else 1.0


def sphericalj(a: float, b: float) -> float:
    """The spherical Bessel function of the first kind, of whole order a up to 1000; else nan.

    Its power series (DLMF 10.53.1) where no term is greater than the first, the recurrence (DLMF 10.51.1)
    upward where the argument is beyond the order, and downward between the two, as Miller proposed.

    >>> sphericalj(0.0, 0.0), sphericalj(1.0, 3e-200)
    (1.0, 1e-200)
    """
    if not 0 <= a <= HIGHEST_ORDER or not a.is_integer() or math.isnan(b):
        return math.nan
    n, x = int(a), math.fabs(b)
    sign = -1.0 if b < 0 and n % 2 else 1.0
    if math.isinf(x):
        return 0.0
    if n == 0:
        return sinc(x)
    if x * x < 2 * n + 3:
        return sign * _power_series(n, x)
    return sign * (_upward(n, x) if x > n else _downward(n, x))


def _power_series(n: int, x: float) -> float:
    lead = 1.0
    for k in range(1, n + 1):
        lead *= x / (2 * k + 1)
    term = total = 1.0
    for k in count(1):
        term *= -x * x / (2 * k * (2 * n + 2 * k + 1))
        total += term
        if math.fabs(term) < 1e-17:
            break
    return lead * total


def _upward(n: int, x: float) -> float:
    below, here = math.sin(x) / x, (math.sin(x) / x - math.cos(x)) / x
    for k in range(1, n):
        below, here = here, (2 * k + 1) / x * here - below
    return here


def _downward(n: int, x: float) -> float:
    above, here, wanted = 0.0, 1e-250, 0.0
    for k in range(n + 30 + int(x), 0, -1):
        above, here = here, (2 * k + 1) / x * here - above
        if k - 1 == n:
            wanted = here
        if math.fabs(here) > 1e200:
            above, here, wanted = above * 1e-200, here * 1e-200, wanted * 1e-200
    zeroth, first = math.sin(x) / x, (math.sin(x) / x - math.cos(x)) / x
    if math.fabs(zeroth) > math.fabs(first):
        return wanted * (zeroth / here)
    return wanted * (first / above)
