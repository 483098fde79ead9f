"""Trigonometric and hyperbolic functions of germs, and their inverses: at poles, at edges, and at infinity."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from calcgrad.verdicts.germs import functions
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import UNIT, Gap, Germ
from calcgrad.verdicts.germs.system import Germs, Rule

_HALF = Fraction(1, 2)


def _half_pi(s: Germs, sign: int = 1) -> Germ:
    return s.scope.germ(s.scope.field.pi.scaled(_HALF * sign))


def _oscillating(op: str) -> Callable[[Germs, Germ], Any]:
    """A bounded function that keeps oscillating where its argument goes to infinity."""

    def rule(s: Germs, a: Germ) -> Any:
        if isinstance(a.limit(), float):
            return s.scope.order(UNIT, wild=True)
        return s.analytic(op, a)

    return rule


def _sinc(s: Germs, a: Germ) -> Any:
    return (
        functions.reciprocal(a) * s.call("sin", a) if isinstance(a.limit(), float) else s.analytic("sinc", a)
    )


def _quotient(op: str, above: str, below: str) -> Callable[[Germs, Germ], Any]:
    """``tan`` as ``sin/cos``, and the like; 1 above where nothing is named."""

    def rule(s: Germs, a: Germ) -> Any:
        under = s.call(below, a)
        if under.zero:
            return Gap(op, (a,))
        over = s.call(above, a) if above else s.rational(1)
        return over * functions.reciprocal(under)

    return rule


def _sinh(s: Germs, a: Germ) -> Any:
    return (
        s.analytic("sinh", a)
        if isinstance(a.limit(), Coefficient)
        else _halved(s, functions.exp(a) - functions.exp(-a))
    )


def _cosh(s: Germs, a: Germ) -> Any:
    return (
        s.analytic("cosh", a)
        if isinstance(a.limit(), Coefficient)
        else _halved(s, functions.exp(a) + functions.exp(-a))
    )


def _halved(s: Germs, a: Germ) -> Germ:
    return a.times(s.scope.field.rational(_HALF))


def _tanh(s: Germs, a: Germ) -> Any:
    """tanh(a) = 1 - 2/(exp(2a) + 1), where a is large."""
    if isinstance(a.limit(), Coefficient):
        return s.analytic("tanh", a)
    return s.rational(1) - s.rational(2) * functions.reciprocal(functions.exp(a + a) + s.rational(1))


def _sech(s: Germs, a: Germ) -> Any:
    return s.analytic("sech", a) if isinstance(a.limit(), Coefficient) else functions.reciprocal(_cosh(s, a))


def _sigmoid(s: Germs, a: Germ) -> Any:
    if isinstance(a.limit(), Coefficient):
        return s.analytic("sigmoid", a)
    return functions.reciprocal(s.rational(1) + functions.exp(-a))


def _softplus(s: Germs, a: Germ) -> Any:
    limit = a.limit()
    if isinstance(limit, Coefficient):
        return s.analytic("softplus", a)
    return functions.log(s.rational(1) + functions.exp(a))


def _logaddexp(s: Germs, a: Germ, b: Germ) -> Any:
    return b + _softplus(s, a - b)


def _asin(op: str) -> Callable[[Germs, Germ], Any]:
    """At an end the arc sine is pi/2 - 2 asin(sqrt((1 - a)/2)), which is a series in the root."""

    def rule(s: Germs, a: Germ) -> Any:
        one = s.rational(1)
        limit = a.limit()
        if not isinstance(limit, Coefficient):
            return Gap(op, (a,))
        for sign in (1, -1):
            if not (limit.scaled(Fraction(sign)) - one.value).sign():
                rest = _halved(s, one - a if sign > 0 else one + a)
                if rest.sign() < 0:
                    return Gap(op, (a,))
                angle = s.analytic("asin", s.call("sqrt", rest))
                return (_half_pi(s) - angle - angle).times(s.scope.field.rational(sign))
        return s.analytic("asin", a) if s.holds("abs(a) <= 1", [s.scope.germ(limit)]) else Gap(op, (a,))

    return rule


def _acos(op: str) -> Callable[[Germs, Germ], Any]:
    inner = _asin(op)
    return lambda s, a: -(inner(s, a) - _half_pi(s))


def _atan(s: Germs, a: Germ) -> Any:
    limit = a.limit()
    if isinstance(limit, Coefficient):
        return s.analytic("atan", a)
    return _half_pi(s, 1 if limit > 0 else -1) - s.analytic("atan", functions.reciprocal(a))


def _atan2(s: Germs, y: Germ, x: Germ) -> Any:
    """The angle by the quotient that stays bounded."""
    up, right = y.sign(), x.sign()
    if not up and not right:
        return Gap("atan2", (y, x))
    steep = right == 0 or (up != 0 and (y - x).sign() * (y + x).sign() > 0)
    if steep:
        return _half_pi(s, up) - s.analytic("atan", s.call("div", x, y))
    angle = s.analytic("atan", s.call("div", y, x))
    if right > 0:
        return angle
    half_turn = _half_pi(s) + _half_pi(s)
    return angle + half_turn if up >= 0 else angle - half_turn


def _hypot(s: Germs, a: Germ, b: Germ) -> Any:
    return s.call("sqrt", a * a + b * b)


def _asinh(s: Germs, a: Germ) -> Any:
    limit = a.limit()
    if isinstance(limit, Coefficient):
        return s.analytic("asinh", a)
    size = a if limit > 0 else -a
    grown = functions.log(size + s.call("sqrt", a * a + s.rational(1)))
    return grown if limit > 0 else -grown


def _acosh(s: Germs, a: Germ) -> Any:
    """acosh(a) = 2 asinh(sqrt((a - 1)/2))."""
    rest = _halved(s, a - s.rational(1))
    if rest.sign() < 0:
        return Gap("acosh", (a,))
    half = _asinh(s, s.call("sqrt", rest))
    return half + half


def _atanh(s: Germs, a: Germ) -> Any:
    over, under = s.rational(1) + a, s.rational(1) - a
    if over.sign() <= 0 or under.sign() <= 0:
        return Gap("atanh", (a,))
    return _halved(s, functions.log(over) - functions.log(under))


RULES: dict[str, Rule] = {
    "sin": _oscillating("sin"),
    "cos": _oscillating("cos"),
    "sind": _oscillating("sind"),
    "cosd": _oscillating("cosd"),
    "sinc": _sinc,
    "tan": _quotient("tan", "sin", "cos"),
    "tand": _quotient("tand", "sind", "cosd"),
    "cot": _quotient("cot", "cos", "sin"),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "sech": _sech,
    "csch": _quotient("csch", "", "sinh"),
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "logaddexp": _logaddexp,
    "asin": _asin("asin"),
    "acos": _acos("acos"),
    "atan": _atan,
    "atan2": _atan2,
    "hypot": _hypot,
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
}
