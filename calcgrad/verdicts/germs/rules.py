"""Operations on germs that have a rule of their own: arithmetic, powers, and all that turns on the sign of a germ."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from calcgrad.verdicts.germs import functions
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.families import RULES as FAMILIES
from calcgrad.verdicts.germs.gammas import RULES as GAMMAS
from calcgrad.verdicts.germs.germ import EXACT, UNIT, Gap, Germ, Scope
from calcgrad.verdicts.germs.hypergeometric import RULES as HYPERGEOMETRIC
from calcgrad.verdicts.germs.special import RULES as SPECIAL
from calcgrad.verdicts.germs.system import Germs, Rule
from calcgrad.verdicts.germs.trigonometric import RULES as TRIGONOMETRIC


def _div(s: Germs, a: Germ, b: Germ) -> Any:
    if b.zero:
        return Gap("div", (a, b))
    if a is b and b.sign():
        return s.rational(1)
    if b.one:
        return a
    return _multiple(s, a, b) or a * functions.reciprocal(b)


def _multiple(s: Germs, a: Germ, b: Germ) -> Germ | None:
    """The constant a/b where that is one by form (2x/x), so that no remainder blurs it."""
    if a.key != EXACT or b.key != EXACT or list(a.terms) != list(b.terms) or a.scale or b.scale:
        return None
    key = b.lead() if a.terms else UNIT
    ratio = a.terms[key] * b.terms[key].inverse() if a.terms else s.scope.field.zero
    exact = all(not (c - b.terms[k] * ratio).terms for k, c in a.terms.items())
    return s.scope.germ(ratio) if exact else None


def _pow(s: Germs, a: Germ, b: Germ) -> Any:
    if b.zero:
        return s.rational(1)
    if a.zero:
        return a if b.sign() > 0 else Gap("pow", (a, b))
    if b.constant:
        q = b.value.rational
        if a.sign() < 0 and (q is None or q.denominator != 1):
            return Gap("pow", (a, b))
        return functions.power(a, b.value)
    if a.sign() < 0:
        return Gap("pow", (a, b))
    return functions.exp(b * functions.log(a))


def _root(s: Germs, a: Germ, b: Germ) -> Any:
    if b.zero:
        return Gap("root", (a, b))
    if a.zero:
        return a if b.sign() > 0 else Gap("root", (a, b))
    if not b.constant:
        return functions.exp(_div(s, functions.log(a), b)) if a.sign() > 0 else Gap("root", (a, b))
    q = b.value.rational
    if a.sign() < 0:
        if q is None or q.denominator != 1 or q.numerator % 2 == 0:
            return Gap("root", (a, b))
        return -functions.power(-a, b.value.inverse())
    return functions.power(a, b.value.inverse())


def _sqrt(s: Germs, a: Germ) -> Any:
    if a.zero:
        return a
    return functions.power(a, s.scope.field.rational(Fraction(1, 2))) if a.sign() > 0 else Gap("sqrt", (a,))


def _cbrt(s: Germs, a: Germ) -> Any:
    return _root(s, a, s.rational(3))


def _log(s: Germs, a: Germ) -> Any:
    return functions.log(a) if a.sign() > 0 else Gap("log", (a,))


def _xlogy(s: Germs, a: Germ, b: Germ) -> Any:
    if a.zero:
        return a
    return a * functions.log(b) if b.sign() > 0 else Gap("xlogy", (a, b))


def _logarithm(base: int) -> Callable[[Germs, Germ], Any]:
    op = f"log{base}"

    def rule(s: Germs, a: Germ) -> Any:
        return _div(s, functions.log(a), functions.log(s.rational(base))) if a.sign() > 0 else Gap(op, (a,))

    return rule


def _log1p(s: Germs, a: Germ) -> Any:
    shifted = a + s.rational(1)
    return functions.log(shifted) if shifted.sign() > 0 else Gap("log1p", (a,))


def _small(a: Germ) -> bool:
    """Whether only the order of a germ is known; what turns on its sign is then known up to that order."""
    return not a.terms and not a.zero


def _abs(s: Germs, a: Germ) -> Any:
    return a if _small(a) else -a if a.sign() < 0 else a


def _sign(s: Germs, a: Germ) -> Any:
    return s.rational(a.sign())


def _heaviside(s: Germs, a: Germ) -> Any:
    return s.scope.germ(Fraction(1 + a.sign(), 2))


def _leaky_relu(s: Germs, a: Germ) -> Any:
    return a if _small(a) or a.sign() > 0 else a.times(s.scope.field.rational(Fraction(1, 100)))


def _maximum(s: Germs, a: Germ, b: Germ) -> Any:
    difference = a - b
    return b + difference if _small(difference) else a if difference.sign() >= 0 else b


def _minimum(s: Germs, a: Germ, b: Germ) -> Any:
    difference = a - b
    return b + difference if _small(difference) else a if difference.sign() <= 0 else b


def _floor(s: Germs, a: Germ) -> Any:
    """The floor: the limit decides, and at a whole number the side from which it is approached."""
    limit = a.limit()
    if not isinstance(limit, Coefficient):
        return a + s.scope.order(UNIT, wild=True)
    whole = limit.whole()
    below = (a - s.scope.germ(whole)).sign() < 0
    return s.rational(int(whole) - 1 if below else int(whole))


def _ceil(s: Germs, a: Germ) -> Any:
    return -_floor(s, -a)


def _round(s: Germs, a: Germ) -> Any:
    half = s.scope.germ(Fraction(1, 2))
    if a.constant:
        shifted = a.value + half.value
        whole = shifted.whole()
        tie = not (shifted - s.scope.field.rational(whole)).terms
        return s.rational(int(whole) - (1 if tie and whole % 2 else 0))
    return _floor(s, a + half)


def _floordiv(s: Germs, a: Germ, b: Germ) -> Any:
    return Gap("floordiv", (a, b)) if b.zero else _floor(s, _div(s, a, b))


def _mod(s: Germs, a: Germ, b: Germ) -> Any:
    return Gap("mod", (a, b)) if b.zero else a - b * _floor(s, _div(s, a, b))


def _comparison(test: Callable[[int], bool]) -> Callable[[Germs, Germ, Germ], Any]:
    return lambda s, a, b: s.rational(int(test((a - b).sign())))


def _both(s: Germs, a: Germ, b: Germ) -> Any:
    return s.rational(int(bool(a.sign() and b.sign())))


def _either(s: Germs, a: Germ, b: Germ) -> Any:
    return s.rational(int(bool(a.sign() or b.sign())))


RULES: dict[str, Rule] = {
    **TRIGONOMETRIC,
    **GAMMAS,
    **HYPERGEOMETRIC,
    **SPECIAL,
    **FAMILIES,
    "add": lambda s, a, b: a + b,
    "sub": lambda s, a, b: a - b,
    "mul": lambda s, a, b: a * b,
    "neg": lambda s, a: -a,
    "div": _div,
    "pow": _pow,
    "root": _root,
    "sqrt": _sqrt,
    "cbrt": _cbrt,
    "exp": lambda s, a: functions.exp(a),
    "exp2": lambda s, a: functions.exp(a * functions.log(s.rational(2))),
    "expm1": lambda s, a: functions.exp(a) - s.rational(1),
    "log": _log,
    "log2": _logarithm(2),
    "log10": _logarithm(10),
    "log1p": _log1p,
    "xlogy": _xlogy,
    "abs": _abs,
    "sign": _sign,
    "heaviside": _heaviside,
    "leaky_relu": _leaky_relu,
    "maximum": _maximum,
    "minimum": _minimum,
    "floor": _floor,
    "ceil": _ceil,
    "round": _round,
    "floordiv": _floordiv,
    "mod": _mod,
    "less": _comparison(lambda sign: sign < 0),
    "less_equal": _comparison(lambda sign: sign <= 0),
    "greater": _comparison(lambda sign: sign > 0),
    "greater_equal": _comparison(lambda sign: sign >= 0),
    "equal": _comparison(lambda sign: sign == 0),
    "not_equal": _comparison(lambda sign: sign != 0),
    "logical_and": _both,
    "logical_or": _either,
    "logical_not": lambda s, a: s.rational(int(not a.sign())),
}


def germs_of(scope: Scope) -> Germs:
    """The system of germs of a scope, with every rule that the table's operations need.

    >>> from calcgrad.verdicts.exact.functions import field
    >>> from calcgrad.verdicts.germs.germ import Deadline
    >>> scope = Scope(field(), depth=4, deadline=Deadline())
    >>> str(germs_of(scope).call("sqrt", scope.power(4)).lead())
    '(Fraction(2, 1), Fraction(0, 1))'
    """
    return Germs(scope, RULES)
