"""Values as truncated power series over Arb's real balls: a function of t near 0, every coefficient with its radius.

Each function takes series (``arb_series``) or, where an argument does not move, balls (``arb``), and gives a series whose
coefficients enclose the true ones, whatever true function the arguments' coefficients enclose. None of them uses the
table's partials. ``flint.ctx.cap`` is the count of coefficients that are kept and ``flint.ctx.prec`` the bits of the balls.

Where the balls do not decide a branch, or the function has no power series at the point (``sqrt`` at 0), the result is a
ball that holds no information (nan), which spreads to everything computed from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import add, mul, neg, sub
from typing import Any

from flint import arb, arb_series, ctx

from calcgrad.systems.values import balls
from calcgrad.systems.values.balls import logical_and, logical_not, logical_or, unknown
from calcgrad.systems.values.lengths import longer

__all__ = ["add", "logical_and", "logical_not", "logical_or", "mul", "neg", "sub", "unknown"]

Series = Any  # arb or arb_series: flint has no types of its own that mypy reads


# Tools: what the functions here, and those in the files beside this one, are made of.


def lead(a: Series) -> Any:
    """The value at t = 0."""
    return a[0] if isinstance(a, arb_series) else a


def moves(a: Series) -> bool:
    """Whether the argument is a series; a ball stays what it is."""
    return isinstance(a, arb_series)


def whole(a: Series) -> int | None:
    """The whole number that an argument is exactly and stays; ``None`` for any other."""
    return int(a.unique_fmpz()) if isinstance(a, arb) and a.is_integer() else None


def series_of(a: Series) -> Any:
    """The argument as a series, also where it is a ball."""
    return a if isinstance(a, arb_series) else arb_series([a])


def variable(value: Any, extra: int = 0) -> Any:
    """The series ``value + t``, with ``extra`` coefficients beyond those kept (see ``longer``)."""
    return arb_series([value, 1], prec=ctx.cap + extra)


def differentiated(a: Any, times: int) -> Any:
    """The derivative of a series by t, some times; unknown where the series is, whose nan it must not drop."""
    if times and not known(a.coeffs()):
        return series_of(unknown())
    for _ in range(times):
        a = a.derivative()
    return a


def known(coefficients: Sequence[Any]) -> bool:
    """Whether every coefficient is a number: flint writes an unknown series as a nan with zeros after it."""
    return all(c.is_finite() for c in coefficients)


def shift(a: Series) -> Any:
    """The series without its value: a(t) - a(0)."""
    return arb_series([arb(0), *series_of(a).coeffs()[1:]])


def compose(a: Series, coefficients: Sequence[Any]) -> Any:
    """f(a(t)) from the Taylor coefficients of f at a(0): those of a ball enclose those of every number in it."""
    if not known(coefficients):
        return unknown()
    rest = shift(a)
    return arb_series(coefficients)(rest) if rest.length() else series_of(coefficients[0])


def through(a: Series, function: Callable[[Any], Any], times: int = 0) -> Any:
    """The ``times``-th derivative of a function of one argument, that function being known on series."""
    with longer(times):
        outer = differentiated(series_of(function(variable(lead(a)))), times)
    return compose(a, outer.coeffs())


def integrated(value: Any, slope: Any) -> Any:
    """The series with this value and this derivative by t."""
    return with_value(slope.integral(), value) if known(slope.coeffs()) else unknown()


def with_value(a: Any, value: Any) -> Any:
    """The series with another enclosure of its value."""
    return arb_series([value, *a.coeffs()[1:]]) if moves(a) and known(a.coeffs()) else unknown()


def apart(a: Series) -> bool:
    """Whether the value is certainly not 0."""
    return bool(lead(a) != 0)


# Comparisons: for all t near 0, which values that are apart decide. A tie of two series, even of all the coefficients that
# are kept, is none for all t, unless both are the same.


def less(a: Series, b: Series) -> bool | None:
    """Whether a is less; None where the values touch."""
    if not moves(a) and not moves(b):
        return balls.less(a, b)
    return False if a is b else True if lead(a) < lead(b) else False if lead(a) > lead(b) else None


def less_equal(a: Series, b: Series) -> bool | None:
    """Whether a is at most b."""
    return logical_not(less(b, a))


def greater(a: Series, b: Series) -> bool | None:
    """Whether a is greater."""
    return less(b, a)


def greater_equal(a: Series, b: Series) -> bool | None:
    """Whether a is at least b."""
    return less_equal(b, a)


def equal(a: Series, b: Series) -> bool | None:
    """Whether the two are equal."""
    if not moves(a) and not moves(b):
        return balls.equal(a, b)
    return True if a is b else False if lead(a) != lead(b) else None


def not_equal(a: Series, b: Series) -> bool | None:
    """Whether the two differ."""
    return logical_not(equal(a, b))


def where(a: Any, b: Series, c: Series) -> Series:
    """The branch of a decided condition."""
    if isinstance(a, arb | arb_series):
        a = not_equal(a, arb(0))
    return unknown() if a is None else b if a else c


# Arithmetic and powers.


def div(a: Series, b: Series) -> Series:
    """The quotient, where the divisor is not 0."""
    return a / b if apart(b) else unknown()


def floordiv(a: Series, b: Series) -> Series:
    """The quotient rounded down."""
    return floor(div(a, b))


def mod(a: Series, b: Series) -> Series:
    """The remainder with the sign of the divisor."""
    return a - b * floordiv(a, b)


def pow(a: Series, b: Series) -> Series:
    """The real power: by squaring for whole exponents, else for a base above 0."""
    n = whole(b)
    if n is not None:
        return arb(1) if n == 0 else _repeated(a, n) if n > 0 else div(arb(1), _repeated(a, -n))
    if isinstance(a, arb) and a.is_zero():
        return arb(0) if lead(b) > 0 else unknown()
    return exp(b * log(a))


def _repeated(a: Series, n: int) -> Series:
    """a^n for n > 0, by squaring."""
    power: Series = series_of(arb(1))
    while n:
        if n & 1:
            power = power * a
        n >>= 1
        if n:
            a = a * a
    return power


def sqrt(a: Series) -> Series:
    """The square root, above 0."""
    return a.sqrt() if lead(a) > 0 else unknown()


def cbrt(a: Series) -> Series:
    """The real cube root."""
    return root(a, arb(3))


def root(a: Series, b: Series) -> Series:
    """The real root; of a number below 0 where the exponent is odd."""
    n = whole(b)
    if lead(a) < 0 and n is not None and n % 2:
        return -root(-a, b)
    return exp(div(log(a), b))


def hypot(a: Series, b: Series) -> Series:
    """sqrt(a^2 + b^2); the absolute value of one where the other stays 0."""
    for one, other in ((a, b), (b, a)):
        if isinstance(other, arb) and other.is_zero():
            return abs(one)
    return sqrt(a * a + b * b)


# Exponentials and logarithms. Of a constant beside a series, flint takes neither.


def exp(a: Series) -> Series:
    """e to the power a."""
    return a.exp()


def exp2(a: Series) -> Series:
    """2 to the power a."""
    return with_value((a * arb(2).log()).exp(), arb(2) ** lead(a))


def expm1(a: Series) -> Series:
    """exp(a) - 1."""
    return with_value(a.exp(), lead(a).expm1())


def log(a: Series) -> Series:
    """The natural logarithm, above 0."""
    return a.log() if lead(a) > 0 else unknown()


def log2(a: Series) -> Series:
    """The logarithm with base 2."""
    return log(a) / arb(2).log()


def log10(a: Series) -> Series:
    """The logarithm with base 10."""
    return log(a) / arb(10).log()


def log1p(a: Series) -> Series:
    """log(1 + a)."""
    return with_value(log(1 + a), lead(a).log1p()) if lead(a) > -1 else unknown()


# Activations: the form whose exponential is small.


def sigmoid(a: Series) -> Series:
    """The logistic function."""
    if lead(a) > 0:
        return 1 / (1 + (-a).exp())
    power = a.exp()
    return power / (1 + power)


def softplus(a: Series) -> Series:
    """log(1 + exp(a))."""
    return a + log1p((-a).exp()) if lead(a) > 0 else log1p(a.exp())


def logaddexp(a: Series, b: Series) -> Series:
    """log(exp(a) + exp(b)), from the larger of the two; where they meet, either does, which a maximum does not say."""
    return a + softplus(b - a) if lead(a) > lead(b) else b + softplus(a - b)


# Functions with kinks and jumps: a branch only where the balls decide it.


def abs(a: Series) -> Series:
    """The absolute value."""
    return a if lead(a) > 0 else -a if lead(a) < 0 else unknown()


def sign(a: Series) -> Series:
    """-1 or 1."""
    return arb(1) if lead(a) > 0 else arb(-1) if lead(a) < 0 else unknown()


def heaviside(a: Series) -> Series:
    """0 or 1."""
    return (1 + sign(a)) / 2


def floor(a: Series) -> Series:
    """The greatest whole number that is not above a: the same on both sides of a value that is not whole."""
    if not moves(a):
        return balls.floor(a)
    down = balls.floor(lead(a))
    return down if lead(a) > down else unknown()


def ceil(a: Series) -> Series:
    """The least whole number that is not below a."""
    return -floor(-a)


def round(a: Series) -> Series:
    """The nearest whole number; at halves it jumps."""
    return floor(a + arb(0.5))


def maximum(a: Series, b: Series) -> Series:
    """The greater of two."""
    return a if a is b else where(greater(a, b), a, b)


def minimum(a: Series, b: Series) -> Series:
    """The lesser of two."""
    return a if a is b else where(less(a, b), a, b)
