"""The gamma function and its quotients of germs: at their poles by recurrence, so that what stands over what cancels by form.

Gamma and its reciprocal at -n are those at 1 over, or times, the factors between: all of their coefficients are told in the
same few numbers, the derivatives at 1.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import Any

from calcgrad.verdicts.germs import functions
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import Gap, Germ
from calcgrad.verdicts.germs.system import Germs, Rule

#: So many steps are taken from a pole to the right of all poles; further out it is looked at where it is.
_STEPS = 40
#: The highest degree of a binomial coefficient that is multiplied out.
_HIGHEST_DEGREE = 100


def whole_pole(a: Germ) -> int | None:
    """The whole number n >= 0 where the argument goes to -n."""
    limit = a.limit()
    q = limit.rational if isinstance(limit, Coefficient) else None
    return -int(q) if q is not None and q.denominator == 1 and -10_000 < q <= 0 else None


def _rising(s: Germs, a: Germ, count: int) -> Germ:
    """a(a + 1)… of so many factors."""
    product: Germ = s.rational(1)
    for k in range(count):
        product = product * (a + s.rational(k))
    return product


def _gamma(s: Germs, a: Germ) -> Any:
    last = whole_pole(a)
    if last is None:
        return s.analytic("gamma", a)
    if a.constant:
        return Gap("gamma", (a,))
    if last > _STEPS:
        return functions.reciprocal(s.analytic("rgamma", a))
    return s.analytic("gamma", a + s.rational(last + 1)) * functions.reciprocal(_rising(s, a, last + 1))


def _rgamma(s: Germs, a: Germ) -> Any:
    """One over gamma, whose derivatives are told in the same numbers as gamma's."""
    last = whole_pole(a)
    if a.constant or (last is not None and last > _STEPS):
        return s.analytic("rgamma", a)
    if last is not None:
        return _rising(s, a, last + 1) * functions.reciprocal(s.analytic("gamma", a + s.rational(last + 1)))
    limit = a.limit()
    near = isinstance(limit, Coefficient) and abs(limit.ball) < _STEPS
    return functions.reciprocal(s.analytic("gamma", a)) if near else s.analytic("rgamma", a)


def _factorial(s: Germs, a: Germ) -> Any:
    found = _gamma(s, a + s.rational(1))
    return Gap("factorial", (a,)) if isinstance(found, Gap) else found


def _beta(s: Germs, a: Germ, b: Germ) -> Any:
    if whole_pole(a) is None and whole_pole(b) is None:
        return s.analytic("beta", a, b)
    if (a.constant and whole_pole(a) is not None) or (b.constant and whole_pole(b) is not None):
        return Gap("beta", (a, b))
    return _gamma(s, a) * _gamma(s, b) * _rgamma(s, a + b)


def _binomial(s: Germs, n: Germ, k: Germ) -> Any:
    """A polynomial in n where k, or n - k, is a whole number by form; at poles the quotient of gamma functions."""
    if n.constant and k.constant:
        return s.analytic("binomial", n, k)
    for below in (k, n - k):
        q = below.value.rational if below.constant else None
        if q is not None and q.denominator == 1 and 0 <= q <= _HIGHEST_DEGREE and not n.constant:
            return _rising(s, n - s.rational(int(q) - 1), int(q)).times(
                s.scope.field.rational(Fraction(1, factorial(int(q))))
            )
    one = s.rational(1)
    parts = (n + one, k + one, n - k + one)
    if all(whole_pole(part) is None for part in parts):
        return s.analytic("binomial", n, k)
    if n.constant and whole_pole(parts[0]) is not None:
        return Gap("binomial", (n, k))
    return _gamma(s, parts[0]) * _rgamma(s, parts[1]) * _rgamma(s, parts[2])


RULES: dict[str, Rule] = {
    "gamma": _gamma,
    "rgamma": _rgamma,
    "factorial": _factorial,
    "beta": _beta,
    "binomial": _binomial,
}
