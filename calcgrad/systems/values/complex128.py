"""Complex values for the complex step: at x + ih with a tiny h, the imaginary part is right too.

Where the real function is not defined the value is nan, not what a branch of the complex function says there.
Functions with kinks choose their piece by the real part.
"""

from __future__ import annotations

import cmath
import math
from operator import add, mul, neg, sub

from calcgrad.systems.values import float64, float64_piecewise, float64_trigonometric

__all__ = ["add", "mul", "neg", "sub"]

NAN = complex(math.nan, math.nan)
_LN2, _LN10 = math.log(2), math.log(10)


def less(a: complex, b: complex) -> bool:
    """Whether the real part is less."""
    return a.real < b.real


def less_equal(a: complex, b: complex) -> bool:
    """Whether the real part is at most the other."""
    return a.real <= b.real


def greater(a: complex, b: complex) -> bool:
    """Whether the real part is greater."""
    return a.real > b.real


def greater_equal(a: complex, b: complex) -> bool:
    """Whether the real part is at least the other."""
    return a.real >= b.real


def equal(a: complex, b: complex) -> bool:
    """Whether the real parts are equal."""
    return a.real == b.real


def not_equal(a: complex, b: complex) -> bool:
    """Whether the real parts differ."""
    return a.real != b.real


def logical_and(a: complex, b: complex) -> bool:
    """Whether both are true."""
    return bool(a.real) and bool(b.real)


def logical_or(a: complex, b: complex) -> bool:
    """Whether one of the two is true."""
    return bool(a.real) or bool(b.real)


def logical_not(a: complex) -> bool:
    """Whether it is not true."""
    return not a.real


def where(a: complex, b: complex, c: complex) -> complex:
    """The branch that the real part of the condition takes."""
    return b if a.real else c


def div(a: complex, b: complex) -> complex:
    """The quotient; nan over 0, for there is no derivative to find."""
    return a / b if b else NAN


def pow(a: complex, b: complex) -> complex:
    """The power whose real part is the real power; nan for a negative base and a fractional exponent.

    >>> pow(-2 + 1e-200j, 3 + 0j), pow(-8 + 1e-200j, 1 / 3 + 0j)
    ((-8+1.2e-199j), (nan+nanj))
    """
    whole = b.imag == 0 and b.real == math.floor(b.real)
    if a.real < 0:
        if not whole:
            return NAN
        power = (-a) ** b
        return -power if b.real % 2 else power
    if a.real == 0 and (b.real < 0 or not whole):
        return NAN
    try:
        return a**b
    except ZeroDivisionError:  # an infinite base: Python takes 1/a for 0
        return cmath.exp(b * cmath.log(a))


def sqrt(a: complex) -> complex:
    """The square root of a positive number."""
    return cmath.sqrt(a) if a.real >= 0 else NAN


def cbrt(a: complex) -> complex:
    """The real cube root, continued."""
    return root(a, 3 + 0j)


def root(a: complex, b: complex) -> complex:
    """The real root, continued; a factor makes up for the rounding of 1/b."""
    if a.real < 0:
        return -root(-a, b) if b.imag == 0 and b.real % 2 == 1 else NAN
    if a.real == 0 or b == 0:
        return NAN
    rounded = float64.pow(a.real, 1 / b.real)
    return a ** (1 / b) * div(float64.root(a.real, b.real) + 0j, rounded + 0j)


def exp2(a: complex) -> complex:
    """2 to the power a."""
    return math.exp2(a.real) * complex(math.cos(a.imag * _LN2), math.sin(a.imag * _LN2))


def expm1(a: complex) -> complex:
    """exp(a) - 1."""
    half = math.sin(a.imag / 2)
    real = math.expm1(a.real) * math.cos(a.imag) - 2 * half * half
    return complex(real, math.exp(a.real) * math.sin(a.imag))


def log(a: complex) -> complex:
    """The natural logarithm of a positive number."""
    return cmath.log(a) if a.real > 0 else NAN


def log2(a: complex) -> complex:
    """The logarithm with base 2."""
    return (
        complex(math.log2(math.hypot(a.real, a.imag)), math.atan2(a.imag, a.real) / _LN2)
        if a.real > 0
        else NAN
    )


def log10(a: complex) -> complex:
    """The logarithm with base 10."""
    return (
        complex(math.log10(math.hypot(a.real, a.imag)), math.atan2(a.imag, a.real) / _LN10)
        if a.real > 0
        else NAN
    )


def log1p(a: complex) -> complex:
    """log(1 + a), for a > -1."""
    if a.real <= -1:
        return NAN
    x, h = a.real, a.imag
    return complex(math.log1p(x) + math.log1p((h / (1 + x)) ** 2) / 2, math.atan2(h, 1 + x))


def asin(a: complex) -> complex:
    """The inverse sine, between -1 and 1."""
    return cmath.asin(a) if math.fabs(a.real) <= 1 else NAN


def acos(a: complex) -> complex:
    """The inverse cosine, between -1 and 1."""
    return cmath.acos(a) if math.fabs(a.real) <= 1 else NAN


def acosh(a: complex) -> complex:
    """The inverse hyperbolic cosine, from 1."""
    return cmath.acosh(a) if a.real >= 1 else NAN


def atanh(a: complex) -> complex:
    """The inverse hyperbolic tangent, between -1 and 1."""
    return cmath.atanh(a) if math.fabs(a.real) < 1 else NAN


def sech(a: complex) -> complex:
    """The hyperbolic secant, also where cosh overflows."""
    return 1 / cmath.cosh(a) if math.fabs(a.real) < 300 else 2 * cmath.exp(-a if a.real > 0 else a)


def hypot(a: complex, b: complex) -> complex:
    """sqrt(a^2 + b^2), scaled against overflow."""
    scale = max(math.fabs(a.real), math.fabs(b.real))
    if scale == 0 or math.isinf(scale):
        return complex(scale, math.nan)
    p, q = a / scale, b / scale
    return scale * cmath.sqrt(p * p + q * q)


def atan2(a: complex, b: complex) -> complex:
    """The angle of the point (b, a)."""
    if a.real == 0 and b.real == 0:
        return NAN
    if math.fabs(a.real) > math.fabs(b.real):
        return math.copysign(math.pi / 2, a.real) - cmath.atan(b / a)
    turn = 0.0 if b.real > 0 else math.copysign(math.pi, a.real)
    return turn + cmath.atan(a / b)


def sinc(a: complex) -> complex:
    """sin(a)/a; near 0 its power series, for the imaginary part of the quotient cancels there."""
    if math.fabs(a.real) > 2 or math.fabs(a.imag) > 1:
        return cmath.sin(a) / a
    term = total = 1 + 0j
    for k in range(1, 16):
        term *= -a * a / ((2 * k) * (2 * k + 1))
        total += term
    return total


def sphericalj(a: complex, b: complex) -> complex:
    """The spherical Bessel function of the first kind, of whole order a: DLMF 10.53.1, summed."""
    from flint import arb

    from calcgrad.systems.values.rounding import rounded_complex

    if a.imag or not 0 <= a.real <= float64_trigonometric.HIGHEST_ORDER or not a.real.is_integer():
        return NAN
    n = int(a.real)
    odd = math.prod(range(1, 2 * n + 2, 2))
    return rounded_complex(lambda z: (-z * z / 4).hypgeom_0f1(arb(n + 1.5)) * z**n / odd, b)


def sind(a: complex) -> complex:
    """The sine of an angle in degrees."""
    h = a.imag * float64_trigonometric.RADIAN
    x = a.real
    return complex(float64_trigonometric.sind(x) * math.cosh(h), float64_trigonometric.cosd(x) * math.sinh(h))


def cosd(a: complex) -> complex:
    """The cosine of an angle in degrees."""
    h = a.imag * float64_trigonometric.RADIAN
    x = a.real
    return complex(
        float64_trigonometric.cosd(x) * math.cosh(h), -float64_trigonometric.sind(x) * math.sinh(h)
    )


def tand(a: complex) -> complex:
    """The tangent of an angle in degrees."""
    return div(sind(a), cosd(a))


def sigmoid(a: complex) -> complex:
    """The logistic function; neither branch overflows."""
    if a.real >= 0:
        return 1 / (1 + cmath.exp(-a))
    e = cmath.exp(a)
    return e / (1 + e)


def softplus(a: complex) -> complex:
    """log(1 + exp(a)); neither branch overflows."""
    return a + log1p(cmath.exp(-a)) if a.real > 0 else log1p(cmath.exp(a))


def logaddexp(a: complex, b: complex) -> complex:
    """log(exp(a) + exp(b)), from the larger of the two."""
    return a + softplus(b - a) if a.real > b.real else b + softplus(a - b)


def xlogy(a: complex, b: complex) -> complex:
    """a log(b), and 0 where a is nothing at all."""
    return a * log(b) if a else 0j


def abs(a: complex) -> complex:
    """The absolute value of the real function: a or -a by the sign of the real part."""
    return a if a.real > 0 else -a


def sign(a: complex) -> complex:
    """The sign of the real part."""
    return complex(float64_piecewise.sign(a.real))


def floor(a: complex) -> complex:
    """The real part rounded down."""
    return complex(float64_piecewise.floor(a.real))


def ceil(a: complex) -> complex:
    """The real part rounded up."""
    return complex(float64_piecewise.ceil(a.real))


def round(a: complex) -> complex:
    """The real part rounded, halves to even."""
    return complex(float64_piecewise.round(a.real))


def heaviside(a: complex) -> complex:
    """The unit step of the real part."""
    return complex(float64_piecewise.heaviside(a.real))


def floordiv(a: complex, b: complex) -> complex:
    """The quotient of the real parts, rounded down."""
    return complex(float64.floordiv(a.real, b.real))


def mod(a: complex, b: complex) -> complex:
    """The remainder: a less a whole multiple of b."""
    turns = float64.floordiv(a.real, b.real)
    return complex(float64.mod(a.real, b.real), a.imag - turns * b.imag)


def maximum(a: complex, b: complex) -> complex:
    """The one with the greater real part."""
    return a if a.real > b.real or cmath.isnan(a) else b


def minimum(a: complex, b: complex) -> complex:
    """The one with the lesser real part."""
    return a if a.real < b.real or cmath.isnan(a) else b


def coversin(a: complex) -> complex:
    """1 - sin(a), as for floats."""
    s = cmath.sin(a)
    return cmath.cos(a) ** 2 / (1 + s) if s.real > 0.5 else 1 - s
