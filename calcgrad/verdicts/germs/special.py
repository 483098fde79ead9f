"""Special functions of germs: at their poles, branch points and logarithms, and at infinity."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial
from typing import Any

from calcgrad.verdicts.germs import functions
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.gammas import whole_pole
from calcgrad.verdicts.germs.germ import FLAT, UNIT, Gap, Germ, LostError
from calcgrad.verdicts.germs.system import Germs, Rule


def _lgamma(s: Germs, a: Germ) -> Any:
    if whole_pole(a) is None:
        return s.analytic("lgamma", a)
    if a.constant:
        return Gap("lgamma", (a,))
    return -functions.log(s.call("abs", s.call("rgamma", a)))


def _lbeta(s: Germs, a: Germ, b: Germ) -> Any:
    parts = (a, b, a + b)
    if all(whole_pole(part) is None for part in parts):
        return s.analytic("lbeta", a, b)
    if any(part.constant and whole_pole(part) is not None for part in parts):
        return Gap("lbeta", (a, b))
    return _lgamma(s, a) + _lgamma(s, b) - _lgamma(s, a + b)


def _digamma(s: Germs, a: Germ) -> Any:
    return _polygamma_at("digamma", s, s.rational(0), a, (a,))


def _polygamma(s: Germs, n: Germ, a: Germ) -> Any:
    return _polygamma_at("polygamma", s, n, a, (n, a))


def _polygamma_at(op: str, s: Germs, n: Germ, a: Germ, args: tuple[Germ, ...]) -> Any:
    """By recurrence to the right of all poles (DLMF 5.15.5)."""
    last = whole_pole(a)
    if last is None or last > 40:
        return s.analytic(op, *args)
    if a.constant:
        return Gap(op, args)
    order = n.value.rational if n.constant else None
    if order is None or order.denominator != 1 or order < 0:
        raise LostError("the order of polygamma is not a whole number")
    k = int(order)
    shifted = a + s.rational(last + 1)
    total = s.analytic("polygamma", n, shifted) if k else s.analytic("digamma", shifted)
    weight = s.rational((-1) ** k * factorial(k))
    for j in range(last + 1):
        total = total - weight * functions.power(a + s.rational(j), s.scope.field.rational(-k - 1))
    return total


def _polygamma_step(s: Germs, n: Germ, a: Germ, d: Germ) -> Any:
    """Beside a pole of either end the difference that it is."""
    ends = (a + d, a)
    if all(whole_pole(end) is None for end in ends):
        return s.analytic("polygamma_step", n, a, d)
    if any(end.constant and whole_pole(end) is not None for end in ends):
        return Gap("polygamma_step", (n, a, d))
    there, here = [_polygamma(s, n, end) for end in ends]
    return there - here


def _zeta(s: Germs, a: Germ) -> Any:
    """1/(s - 1) and a part without a pole."""
    rest = a - s.rational(1)
    if rest.zero:
        return Gap("zeta", (a,))
    limit = a.limit()
    if isinstance(limit, Coefficient) and not (limit - s.scope.field.one).sign():
        return functions.reciprocal(rest) + s.analytic("hurwitz_deflated", s.rational(0), a, s.rational(1))
    return s.analytic("zeta", a)


def _hurwitz_zeta(s: Germs, order: Germ, a: Germ) -> Any:
    """At a = 0 its first term apart; at its pole 1/(s - 1) and a part without one."""
    limit = a.limit()
    if isinstance(limit, float):
        raise LostError("the argument of hurwitz_zeta goes to infinity")
    if limit.sign():
        at, beyond = order.limit(), order - s.rational(1)
        if order.constant or limit.sign() < 0 or isinstance(at, float) or (at - s.scope.field.one).sign():
            return s.analytic("hurwitz_zeta", order, a)
        return functions.reciprocal(beyond) + s.analytic("hurwitz_deflated", s.rational(0), order, a)
    if a.sign() <= 0:
        return Gap("hurwitz_zeta", (order, a))
    first = functions.power(a, -order.value) if order.constant else functions.exp(-(order * functions.log(a)))
    rest = s.analytic("hurwitz_zeta", order, a + s.rational(1))
    return rest if isinstance(rest, Gap) else first + rest


def _lambertw(s: Germs, a: Germ) -> Any:
    """At -1/e a series in p = sqrt(2(e a + 1)), from p^2/2 = 1 + (v - 1) e^v with w = v - 1 (DLMF 4.13.6)."""
    shifted = s.rational(1) + a * functions.exp(s.rational(1))
    limit = a.limit()
    if not isinstance(limit, Coefficient) or shifted.limit().sign():
        return s.analytic("lambertw", a)
    if shifted.sign() < 0:
        return Gap("lambertw", (a,))
    p = s.call("sqrt", shifted + shifted)
    field = s.scope.field
    return functions.series([field.rational(q) for q in _branch_point(functions.count(p))], p)


def _branch_point(length: int) -> list[Fraction]:
    from flint import fmpq, fmpq_series

    from calcgrad.systems.values.lengths import keeping

    squared = [fmpq(2 * (k + 1), factorial(k + 2)) for k in range(length + 1)]
    with keeping(length + 2):
        root = fmpq_series(squared, prec=length + 1).sqrt()
        v = (root * fmpq_series([0, 1], prec=length + 2)).reversion()
    found = [Fraction(int(v[k].p), int(v[k].q)) for k in range(length)]
    return [Fraction(-1), *found[1:]]


def _euler(s: Germs) -> Germ:
    from flint import arb

    return s.scope.germ(s.scope.field.atom(("euler",), arb.const_euler))


def logarithmic(s: Germs, a: Germ, coefficients: list[Fraction]) -> Any:
    """Euler's constant, log|a|, and a power series: what Ci and Ei are at 0."""
    series = functions.series([s.scope.field.rational(q) for q in coefficients], a)
    return _euler(s) + functions.log(s.call("abs", a)) + series


def _Ci(s: Germs, a: Germ) -> Any:  # noqa: N802
    if a.sign() <= 0:
        return Gap("Ci", (a,))
    limit = a.limit()
    if isinstance(limit, float):
        return functions.reciprocal(a) * s.scope.order(UNIT, wild=True)
    if limit.sign():
        return s.analytic("Ci", a)
    length = functions.count(a)
    terms = [Fraction(0)] * (length + 1)
    for k in range(2, length + 1, 2):
        terms[k] = Fraction((-1) ** (k // 2), k * factorial(k))
    return logarithmic(s, a, terms)


def _Ei(s: Germs, a: Germ) -> Any:  # noqa: N802
    if a.zero:
        return Gap("Ei", (a,))
    limit = a.limit()
    if isinstance(limit, float):
        inverse = functions.reciprocal(a)
        terms = [s.scope.field.rational(factorial(k)) for k in range(8)]
        return functions.exp(a) * inverse * functions.series(terms, inverse)
    if limit.sign():
        return s.analytic("Ei", a)
    terms_at_0 = [
        Fraction(0),
        *[Fraction(1, k * factorial(k)) for k in range(1, functions.count(a) + 1)],
    ]
    return logarithmic(s, a, terms_at_0)


def _li(s: Germs, a: Germ) -> Any:
    if a.zero:
        return a
    if a.sign() < 0:
        return Gap("li", (a,))
    limit = a.limit()
    if isinstance(limit, Coefficient) and limit.sign() and (limit - s.scope.field.one).sign():
        return s.analytic("li", a)
    found = _Ei(s, functions.log(a))
    return Gap("li", (a,)) if isinstance(found, Gap) else found


#: Bessel functions of a higher order are not expanded at 0: the factorial alone has thousands of digits.
_HIGHEST = 10_000


def _bessel(op: str, sign: int) -> Callable[[Germs, Germ, Germ], Any]:
    """At 0, (a/2)^n times a power series in a^2 (DLMF 10.2.2, 10.25.2)."""

    def rule(s: Germs, n: Germ, a: Germ) -> Any:
        limit = a.limit()
        order = n.value.rational if n.constant else None
        if isinstance(limit, float):
            if op == "besselj":
                return s.scope.order(UNIT, wild=True)
            raise LostError(f"the argument of {op} goes to infinity")
        if limit.sign():
            return s.analytic(op, n, a)
        if order is None:
            raise LostError(f"the order of {op} is not a fraction")
        if abs(order) > _HIGHEST:
            raise LostError(f"the order of {op} is too high")
        if order.denominator == 1:
            return _whole_bessel(s, int(order), a, sign)
        if a.zero:
            return a if order > 0 else Gap(op, (n, a))
        if a.sign() < 0:
            return Gap(op, (n, a))
        field, half = s.scope.field, a.times(s.scope.field.rational(Fraction(1, 2)))
        square = half * half
        first = s.analytic("rgamma", n + s.rational(1)).value
        terms = [first]
        for k in range(1, functions.count(square) + 1):
            terms.append(terms[-1].scaled(Fraction(sign, 1) / (k * (order + k))))
        return functions.power(half, field.rational(order)) * functions.series(terms, square)

    return rule


def _whole_bessel(s: Germs, order: int, a: Germ, sign: int) -> Any:
    """The same for a whole order, where it is a power series in a itself (DLMF 10.4.1 and 10.27.1 for a negative one)."""
    n, field = abs(order), s.scope.field
    if a.zero:
        return s.rational(0 if n else 1)
    half = a.times(field.rational(Fraction(1, 2)))
    square = half * half
    terms = [field.rational(Fraction(1, factorial(n)))]
    for k in range(1, functions.count(square) + 1):
        terms.append(terms[-1].scaled(Fraction(sign, k * (n + k))))
    found = functions.series(terms, square)
    if n:
        found = functions.power(half, field.rational(n)) * found
    return -found if order < 0 and sign < 0 and n % 2 else found


def _ellipe(s: Germs, a: Germ) -> Any:
    """At m = 1 the first terms, with m1 = 1 - m: 1 + m1 (log(16/m1) - 1)/4 + … (DLMF 19.12.2)."""
    rest = s.rational(1) - a
    if rest.sign() < 0:
        return Gap("ellipe", (a,))
    limit = rest.limit()
    if isinstance(limit, float) or limit.sign():
        return s.analytic("ellipe", a)
    if rest.zero:
        return s.rational(1)
    inner = functions.log(s.rational(16)) - functions.log(rest) - s.rational(1)
    quarter = s.scope.field.rational(Fraction(1, 4))
    e, n = rest.bound()
    return s.rational(1) + (rest * inner).times(quarter) + s.scope.order((2 * e, 2 * n - 1))


def _ellipk(s: Germs, a: Germ) -> Any:
    """At m = 1, with m1 = 1 - m: log(16/m1)/2 + O(m1 log m1) (DLMF 19.12.1)."""
    rest = s.rational(1) - a
    if rest.sign() <= 0:
        return Gap("ellipk", (a,))
    limit = rest.limit()
    if isinstance(limit, float) or limit.sign():
        return s.analytic("ellipk", a)
    half = s.scope.field.rational(Fraction(1, 2))
    e, n = rest.bound()
    return (functions.log(s.rational(16)) - functions.log(rest)).times(half) + s.scope.order((e, n - 1))


def _odd_series(s: Germs, a: Germ, sign: int) -> Germ:
    """The sum of sign^k (2k)!/k! (1/(2a))^(2k + 1), the asymptotic series at infinity of two integrals of exp (DLMF 7.12.1)."""
    half = functions.reciprocal(a + a)
    length = functions.count(half)
    terms = [Fraction(0)] * (length + length % 2)
    for k in range(len(terms) // 2):
        terms[2 * k + 1] = Fraction(sign**k * factorial(2 * k), factorial(k))
    found: Germ = functions.series([s.scope.field.rational(q) for q in terms], half)
    return found


def _dawson(s: Germs, a: Germ) -> Any:
    return _odd_series(s, a, 1) if isinstance(a.limit(), float) else s.analytic("dawson", a)


def _erfcx(s: Germs, a: Germ) -> Any:
    """To the left of all 2 exp(a^2) - erfcx(-a)."""
    limit = a.limit()
    if not isinstance(limit, float):
        return s.analytic("erfcx", a)
    if limit < 0:
        return s.rational(2) * functions.exp(a * a) - _erfcx(s, -a)
    scale = s.scope.field.pi.power(Fraction(-1, 2)).scaled(Fraction(2))
    return _odd_series(s, a, -1).times(scale)


def _settling(op: str, left: Fraction, right: Fraction, flat: bool) -> Callable[[Germs, Germ], Any]:
    """A function that goes to a constant at either infinity, faster than any power of 1/a where it is ``flat``."""

    def rule(s: Germs, a: Germ) -> Any:
        limit = a.limit()
        if isinstance(limit, Coefficient):
            return s.analytic(op, a)
        end = s.scope.germ(right if limit > 0 else left)
        if op == "Si":
            end = end * s.scope.germ(s.scope.field.pi)
        if flat and a.bound()[0] < 0:
            return end + s.scope.order(FLAT)
        key = functions.reciprocal(a).bound()
        return end + s.scope.order(key, wild=True)

    return rule


_HALF = Fraction(1, 2)
RULES: dict[str, Rule] = {
    "lgamma": _lgamma,
    "lbeta": _lbeta,
    "digamma": _digamma,
    "polygamma": _polygamma,
    "polygamma_step": _polygamma_step,
    "zeta": _zeta,
    "hurwitz_zeta": _hurwitz_zeta,
    "dawson": _dawson,
    "erfcx": _erfcx,
    "lambertw": _lambertw,
    "Ci": _Ci,
    "Ei": _Ei,
    "li": _li,
    "besselj": _bessel("besselj", -1),
    "besseli": _bessel("besseli", 1),
    "ellipe": _ellipe,
    "ellipk": _ellipk,
    "erf": _settling("erf", Fraction(-1), Fraction(1), flat=True),
    "erfc": _settling("erfc", Fraction(2), Fraction(0), flat=True),
    "Si": _settling("Si", -_HALF, _HALF, flat=False),
    "fresnels": _settling("fresnels", -_HALF, _HALF, flat=False),
    "fresnelc": _settling("fresnelc", -_HALF, _HALF, flat=False),
}
