"""Values as Arb's real balls (python-flint): every result encloses the true value.

A choice is made only where the balls decide it. Where they do not, the result is a ball that holds no
information (nan), and whoever wants more raises the precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import add, mul, neg, sub
from typing import Any

from flint import arb, arb_series

__all__ = ["add", "mul", "neg", "sub"]


def unknown() -> Any:
    """The ball that says nothing."""
    return arb("nan")


def less(a: Any, b: Any) -> bool | None:
    """Whether a is less; None where the balls overlap."""
    return True if a < b else False if a >= b else None


def less_equal(a: Any, b: Any) -> bool | None:
    """Whether a is at most b."""
    return True if a <= b else False if a > b else None


def greater(a: Any, b: Any) -> bool | None:
    """Whether a is greater."""
    return less(b, a)


def greater_equal(a: Any, b: Any) -> bool | None:
    """Whether a is at least b."""
    return less_equal(b, a)


def equal(a: Any, b: Any) -> bool | None:
    """Whether the two are equal: decided for exact balls and for balls apart."""
    return True if a == b else False if a != b else None


def not_equal(a: Any, b: Any) -> bool | None:
    """Whether the two differ."""
    return logical_not(equal(a, b))


def logical_and(a: bool | None, b: bool | None) -> bool | None:
    """Both, in three-valued logic."""
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def logical_or(a: bool | None, b: bool | None) -> bool | None:
    """One of two, in three-valued logic."""
    return logical_not(logical_and(logical_not(a), logical_not(b)))


def logical_not(a: bool | None) -> bool | None:
    """Not, in three-valued logic."""
    return None if a is None else not a


def decided(a: Any) -> bool | None:
    """Whether a condition holds: a truth value, or a number, which does where it is not 0.

    >>> decided(True), decided(arb(0)), decided(arb(2)), decided(arb(0, 1)), decided(None)
    (True, False, True, None, None)
    """
    if isinstance(a, arb_series):
        a = a[0]
    return not_equal(a, arb(0)) if isinstance(a, arb) else None if a is None else bool(a)


def where(a: Any, b: Any, c: Any) -> Any:
    """The branch of a decided condition."""
    taken = decided(a)
    return unknown() if taken is None else b if taken else c


def div(a: Any, b: Any) -> Any:
    """The quotient."""
    return a / b


def floordiv(a: Any, b: Any) -> Any:
    """The quotient rounded down."""
    return floor(a / b)


def mod(a: Any, b: Any) -> Any:
    """The remainder with the sign of the divisor."""
    return a - b * floor(a / b)


def pow(a: Any, b: Any) -> Any:
    """The real power, with 0^0 = 1."""
    if a == 0:
        return a * 0 + 1 if b == 0 else a * 0 if getattr(b, "real", b) > 0 else unknown()
    return a**b


def sqrt(a: Any) -> Any:
    """The square root."""
    return a.sqrt()


def cbrt(a: Any) -> Any:
    """The real cube root."""
    return root(a, arb(3))


def root(a: Any, b: Any) -> Any:
    """The real root."""
    if a == 0:
        return arb(0) if b > 0 else unknown()
    if a < 0:
        return -root(-a, b) if (b + 1) / 2 == ((b + 1) / 2).floor() else unknown()
    return (a.log() / b).exp() if a > 0 else unknown()


def exp(a: Any) -> Any:
    """e to the power a."""
    return a.exp()


def exp2(a: Any) -> Any:
    """2 to the power a."""
    return arb(2) ** a


def expm1(a: Any) -> Any:
    """exp(a) - 1."""
    return a.expm1()


def log(a: Any) -> Any:
    """The natural logarithm."""
    return a.log()


def log2(a: Any) -> Any:
    """The logarithm with base 2."""
    return a.log() / arb(2).log()


def log10(a: Any) -> Any:
    """The logarithm with base 10."""
    return a.log() / arb(10).log()


def log1p(a: Any) -> Any:
    """log(1 + a)."""
    return a.log1p()


def hypot(a: Any, b: Any) -> Any:
    """sqrt(a^2 + b^2)."""
    return (a * a + b * b).sqrt()


def sigmoid(a: Any) -> Any:
    """The logistic function; the form whose exponential is small."""
    return 1 / (1 + (-a).exp()) if a > 0 else a.exp() / (1 + a.exp())


def softplus(a: Any) -> Any:
    """log(1 + exp(a))."""
    return a + (-a).exp().log1p() if a > 0 else a.exp().log1p()


def logaddexp(a: Any, b: Any) -> Any:
    """log(exp(a) + exp(b)), from the larger of the two."""
    return a + softplus(b - a) if a > b else b + softplus(a - b)


def abs(a: Any) -> Any:
    """The absolute value."""
    return a if a >= 0 else -a if a < 0 else unknown()


def sign(a: Any) -> Any:
    """-1, 0 or 1."""
    return arb(1) if a > 0 else arb(-1) if a < 0 else arb(0) if a == 0 else unknown()


def floor(a: Any) -> Any:
    """The greatest whole number that is not above a."""
    whole = a.floor()
    return whole if whole.is_exact() else unknown()


def ceil(a: Any) -> Any:
    """The least whole number that is not below a."""
    return -floor(-a)


def round(a: Any) -> Any:
    """The nearest whole number, halves to the even one."""
    shifted = a + arb(0.5)
    whole = floor(shifted)
    odd_half = shifted == whole and whole / 2 != floor(whole / 2)
    return whole - 1 if odd_half else whole


def maximum(a: Any, b: Any) -> Any:
    """The greater of two."""
    return a if a is b or a >= b else b if a < b else unknown()


def minimum(a: Any, b: Any) -> Any:
    """The lesser of two."""
    return a if a is b or a <= b else b if a > b else unknown()


def heaviside(a: Any) -> Any:
    """0, 1/2 or 1."""
    return (1 + sign(a)) / 2


def number(a: Any) -> Any:
    """A comparison that is computed with, as the ball of 1 or 0; one that is not decided as the ball that says nothing."""
    return arb(int(a)) if isinstance(a, bool) else arb("nan") if a is None else a


def condition(a: Any) -> bool | None:
    """What a number says as a condition: no for 0, yes for what is proved to be another; None where that is not known."""
    if a is None or isinstance(a, bool):
        return a
    value = a[0] if not hasattr(a, "is_nan") else a
    return None if value.is_nan() or (value.contains(0) and not value.is_zero()) else not value.is_zero()


def of_kind(op: str, args: Sequence[Any]) -> tuple[Any, ...]:
    """The arguments as the operation takes them: conditions in logic, numbers everywhere else."""
    if op == "where":
        return (condition(args[0]), *map(number, args[1:]))
    return tuple(map(condition if op.startswith("logical_") else number, args))
