"""Values over NumPy arrays that NumPy and SciPy do not have, or have by another convention."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy

from calcgrad.systems.values.float64_trigonometric import HIGHEST_ORDER, RADIAN
from calcgrad.systems.values.silence import restore, silence


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """IEEE's inf and nan are answers here, not occasions for a warning."""

    @wraps(function)
    def quietly(*args: Any) -> Any:
        token = silence()
        try:
            return function(*args)
        finally:
            restore(token)

    return quietly


@_quiet
def cbrt(a: Any) -> Any:
    """The real cube root, with the same step of Newton's method as for floats."""
    y = numpy.cbrt(a)
    back = y * y * y
    better = y - y * ((back - a) / back / 3)
    return numpy.where(numpy.isfinite(better) & (back != 0), better, y)


@_quiet
def sech(a: Any) -> Any:
    """2 e/(1 + e^2) for e = exp(-|a|): one exponential, in the buffer of the result."""
    if getattr(a, "dtype", None) != numpy.float64 and numpy.iscomplexobj(a):
        e = numpy.exp(numpy.where(numpy.real(a) < 0, a, numpy.negative(a)))
        return 2 * e / (1 + e * e)
    e = numpy.abs(a)
    if not numpy.ndim(e):
        e = numpy.exp(-e)
        return 2 * e / (1 + e * e)
    numpy.negative(e, e)
    numpy.exp(e, e)
    below = e * e
    below += 1
    e += e
    e /= below
    return e


@_quiet
def root(a: Any, b: Any) -> Any:
    """The real root; one step of Newton's method makes up for the rounding of 1/b."""
    a, b = numpy.broadcast_arrays(numpy.asarray(a, dtype=float), b)
    flip = (a < 0) & (numpy.mod(b, 2) == 1)
    x = numpy.where(flip, -a, a)
    y = numpy.where((b == 0) | numpy.isnan(b) | (x < 0), numpy.nan, numpy.power(x, numpy.divide(1.0, b)))
    back = numpy.power(y, b)
    better = y + y * ((x - back) / back / b)
    y = numpy.where(numpy.isfinite(better) & (y > 0), better, y)
    return numpy.where(flip, -y, y)


@_quiet
def coversin(a: Any) -> Any:
    """1 - sin(a), as for floats."""
    s = numpy.sin(a)
    return numpy.where(numpy.real(s) > 0.5, numpy.cos(a) ** 2 / (1 + s), 1 - s)


@_quiet
def sinc(a: Any) -> Any:
    """sin(a)/a, and 1 at 0: NumPy's own has a factor pi. As there, it is nan at an infinity, which is no number to have a sine."""
    return numpy.where(a == 0, 1.0, numpy.sin(a) / a)


@_quiet
def sphericalj(a: Any, b: Any) -> Any:
    """The spherical Bessel function of the first kind, of one whole order or an array of them."""
    from scipy.special import spherical_jn

    from calcgrad.systems.values.float64_trigonometric import sphericalj as scalar

    if numpy.ndim(a) == 0 and a == 1:
        return _first_order(
            b
            if getattr(b, "dtype", None) == numpy.float32 or numpy.iscomplexobj(b)
            else numpy.asarray(b, dtype=float)
        )
    if numpy.iscomplexobj(b):
        return spherical_jn(numpy.asarray(a, dtype=int), b)
    order, x = numpy.broadcast_arrays(numpy.asarray(a, dtype=float), b)
    small = numpy.abs(x) < 1e-3 * (order + 1)
    known = (order >= 0) & (order <= HIGHEST_ORDER)
    n = numpy.where(known, order, 0).astype(int)
    whole = known & (order == n)
    value = numpy.where(x < 0, (-1.0) ** n, 1.0) * spherical_jn(n, numpy.abs(x))
    if small.any():
        value[small] = [scalar(p, q) for p, q in zip(order[small], x[small], strict=True)]
    return numpy.where(whole, value, numpy.nan)


def _first_order(x: Any) -> Any:
    """sin(x)/x^2 - cos(x)/x, and near 0, where that cancels, its power series."""
    term = total = numpy.ones_like(x)
    small = numpy.abs(x) ** 2 < 5
    square = numpy.where(small, x * x, 5.0)
    for k in range(1, 15):
        term = term * (-square / (2 * k * (2 * k + 3)))
        total = total + term
    closed = numpy.where(numpy.isinf(x), 0.0, (numpy.sin(x) / x - numpy.cos(x)) / x)
    return numpy.where(small, total * x / 3, closed)


def _first_quadrant(a: Any) -> tuple[Any, Any]:
    """Angles in degrees brought to [0, 180] and then to [0, 90], without rounding."""
    half = numpy.fmod(numpy.abs(a), 360.0)
    half = numpy.where(half > 180, 360 - half, half)
    return half, numpy.where(half > 90, 180 - half, half)


def _sine(r: Any) -> Any:
    value = numpy.where(r <= 45, numpy.sin(r * RADIAN), numpy.cos((90 - r) * RADIAN))
    return numpy.where(r == 30, 0.5, value)


def _turned(a: Any) -> Any:
    return numpy.fmod(numpy.abs(a), 360.0) > 180


def _over_complex(real: Any, of_parts: Any) -> Any:
    """A function of angles in degrees, by those of both parts where they are complex."""

    def function(a: Any) -> Any:
        if not numpy.iscomplexobj(a):
            return real(a)
        return of_parts(numpy.real(a), numpy.imag(a) * RADIAN)

    return function


@_quiet
def _sind(a: Any) -> Any:
    _, r = _first_quadrant(a)
    return numpy.copysign(_sine(r), numpy.where(_turned(a), -a, a))


@_quiet
def _cosd(a: Any) -> Any:
    half, r = _first_quadrant(a)
    return numpy.where(half > 90, -_sine(90 - r), _sine(90 - r))


@_quiet
def _tand(a: Any) -> Any:
    half, r = _first_quadrant(a)
    value = numpy.where(r < 45, numpy.tan(r * RADIAN), 1 / numpy.tan((90 - r) * RADIAN))
    value = numpy.copysign(numpy.where(r == 45, 1.0, value), a)
    value = numpy.where((half > 90) != _turned(a), -value, value)
    return numpy.where(r == 90, numpy.copysign(numpy.inf, _sind(a)), value)


#: The sine, the cosine and the tangent of angles in degrees.
sind = _over_complex(_sind, lambda x, h: _sind(x) * numpy.cosh(h) + 1j * _cosd(x) * numpy.sinh(h))
cosd = _over_complex(_cosd, lambda x, h: _cosd(x) * numpy.cosh(h) - 1j * _sind(x) * numpy.sinh(h))
tand = _over_complex(_tand, lambda x, h: sind(x + 1j * (h / RADIAN)) / cosd(x + 1j * (h / RADIAN)))


def heaviside(a: Any) -> Any:
    """0, 1/2 or 1."""
    return numpy.heaviside(a, 0.5)
