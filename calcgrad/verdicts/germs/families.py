"""Incomplete functions, polylogarithms and orthogonal polynomials of germs: at the ends of their domains, and at infinity."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial
from typing import Any

from calcgrad.systems.values import recurrences
from calcgrad.verdicts.germs import functions
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import FLAT, Gap, Germ, LostError
from calcgrad.verdicts.germs.special import logarithmic
from calcgrad.verdicts.germs.system import Germs

#: The highest degree that is multiplied out.
_HIGHEST_DEGREE = 100


def _fraction(a: Germ) -> Fraction | None:
    return a.value.rational if a.constant else None


def _whole(a: Germ) -> int | None:
    q = _fraction(a)
    return int(q) if q is not None and q.denominator == 1 else None


def _polynomial(op: str) -> Callable[..., Any]:
    """By its recurrence, with exact coefficients: so it is known everywhere, and zeros are zeros by form."""
    recurrence = getattr(recurrences, op)

    def rule(s: Germs, n: Germ, *args: Germ) -> Any:
        degree = _whole(n)
        if degree is not None and 0 <= degree <= _HIGHEST_DEGREE:
            return recurrence(s.scope.germ, degree, *args)
        return s.analytic(op, n, *args)

    return rule


def _settled(s: Germs, a: Germ, value: int) -> Germ:
    """What goes to a constant faster than any power of 1/a."""
    if not a.bound()[0] < 0:
        raise LostError("a logarithm goes to infinity in an incomplete integral")
    found: Germ = s.rational(value) + s.scope.order(FLAT)
    return found


def _start(s: Germs, order: Fraction, a: Germ) -> Germ:
    """The integral of t^(s - 1) exp(-t) from 0: a^s times the sum of (-a)^k/(k! (s + k)), DLMF 8.7.1."""
    field = s.scope.field
    terms = [Fraction((-1) ** k, factorial(k)) / (order + k) for k in range(functions.count(a) + 1)]
    series = functions.series([field.rational(q) for q in terms], a)
    found: Germ = functions.power(a, field.rational(order)) * series
    return found


def _incomplete(op: str) -> Callable[..., Any]:
    """The four incomplete gamma functions, by the lower one at 0 and by their limits at infinity."""
    upper = op in ("uppergamma", "gammaincc")
    regular = op.startswith("gammainc")

    def rule(s: Germs, order: Germ, a: Germ) -> Any:
        limit = a.limit()
        if isinstance(limit, Coefficient) and limit.sign() > 0:
            return s.analytic(op, order, a)
        if not isinstance(limit, Coefficient):
            if limit < 0:
                return Gap(op, (order, a))
            if upper or regular:
                return _settled(s, a, 0 if upper else 1)
            return s.call("gamma", order) + s.scope.order(FLAT)
        q = _fraction(order)
        if a.sign() < 0:
            return Gap(op, (order, a))
        if q is None or q <= 0:
            raise LostError(f"the order of {op} is not a fraction above 0")
        start = s.rational(0) if a.zero else _start(s, q, a)
        if regular:
            start = start * s.call("rgamma", order)
        whole = s.rational(1) if regular else s.call("gamma", order)
        return whole - start if upper else start

    return rule


def _betainc(s: Germs, a: Germ, b: Germ, x: Germ) -> Any:
    """From either end, x^a times the sum of (1 - b)_k x^k/(k! (a + k)), over beta(a, b); DLMF 8.17.7."""
    rest = s.rational(1) - x
    if x.sign() < 0 or rest.sign() < 0:
        return Gap("betainc", (a, b, x))
    limit, p, q = x.limit(), _fraction(a), _fraction(b)
    assert isinstance(limit, Coefficient)
    if limit.sign() and rest.limit().sign():
        return s.analytic("betainc", a, b, x)
    if p is None or q is None or p <= 0 or q <= 0:
        raise LostError("the orders of betainc are not fractions above 0")
    if limit.sign():
        return s.rational(1) - _betainc(s, b, a, rest)
    if x.zero:
        return x
    field, terms, rising = s.scope.field, [], Fraction(1)
    for k in range(functions.count(x) + 1):
        terms.append(field.rational(rising / factorial(k) / (p + k)))
        rising *= 1 - q + k
    found = functions.power(x, field.rational(p)) * functions.series(terms, x)
    return found * functions.reciprocal(s.call("beta", a, b))


def _expint(s: Germs, n: Germ, a: Germ) -> Any:
    """At 0 for whole orders by DLMF 8.19.8, with its one logarithm."""
    limit, order = a.limit(), _whole(n)
    if isinstance(limit, Coefficient) and limit.sign() > 0:
        return s.analytic("expint", n, a)
    if not isinstance(limit, Coefficient):
        return _settled(s, a, 0) if limit > 0 else Gap("expint", (n, a))
    if a.zero:  # DLMF 8.19.6, for every order above 1
        above = n - s.rational(1)
        return functions.reciprocal(above) if above.sign() > 0 else Gap("expint", (n, a))
    if a.sign() < 0:
        return Gap("expint", (n, a))
    if order is None or order < 1:
        raise LostError("the order of expint is not a whole number from 1")
    field = s.scope.field
    terms = [
        field.zero if k == order - 1 else field.rational(-Fraction((-1) ** k, (k - order + 1) * factorial(k)))
        for k in range(functions.count(a) + order)
    ]
    factor = s.scope.germ(Fraction((-1) ** (order - 1), factorial(order - 1)))
    power = functions.power(a, field.rational(order - 1)) if order > 1 else s.rational(1)
    logarithm = s.call("digamma", s.rational(order)) - functions.log(a)
    return factor * power * logarithm + functions.series(terms, a)


def _polylog(s: Germs, order: Germ, x: Germ) -> Any:
    """At 1 for whole orders, with mu = log(x): DLMF 25.12.12's limit, whose one logarithm stands at mu^(n - 1)."""
    limit = x.limit()
    if not isinstance(limit, Coefficient):
        raise LostError("the argument of polylog goes to infinity")
    rest = s.rational(1) - x
    if rest.limit().sign():
        return s.analytic("polylog", order, x) if rest.sign() > 0 else Gap("polylog", (order, x))
    n = _whole(order)
    if rest.sign() < 0:
        return Gap("polylog", (order, x))
    if n is None or n < 1:
        raise LostError("the order of polylog is not a whole number from 1")
    if rest.zero:
        return s.call("zeta", order) if n > 1 else Gap("polylog", (order, x))
    mu = functions.log(x)
    field = s.scope.field
    terms = [
        field.zero
        if k == n - 1
        else s.call("zeta", s.rational(n - k)).value.scaled(Fraction(1, factorial(k)))
        for k in range(functions.count(mu) + n)
    ]
    harmonic = s.scope.germ(sum((Fraction(1, k) for k in range(1, n)), Fraction(0)))
    factor = s.scope.germ(Fraction(1, factorial(n - 1)))
    power = functions.power(mu, field.rational(n - 1)) if n > 1 else s.rational(1)
    return factor * power * (harmonic - functions.log(-mu)) + functions.series(terms, mu)


def _Chi(s: Germs, a: Germ) -> Any:  # noqa: N802
    if a.sign() <= 0:
        return Gap("Chi", (a,))
    limit = a.limit()
    if not isinstance(limit, Coefficient):
        raise LostError("the argument of Chi goes to infinity")
    if limit.sign():
        return s.analytic("Chi", a)
    terms = [Fraction(0)] * (functions.count(a) + 1)
    for k in range(2, len(terms), 2):
        terms[k] = Fraction(1, k * factorial(k))
    return logarithmic(s, a, terms)


RULES: dict[str, Callable[..., Any]] = {
    **{name: _polynomial(name) for name in recurrences.NAMES},
    **{name: _incomplete(name) for name in ("lowergamma", "uppergamma", "gammainc", "gammaincc")},
    "betainc": _betainc,
    "expint": _expint,
    "polylog": _polylog,
    "Chi": _Chi,
}
