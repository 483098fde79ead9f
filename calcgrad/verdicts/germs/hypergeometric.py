"""Hypergeometric functions of germs whose lower parameter moves: where an upper one cancels it, where the series ends, and at 0."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from calcgrad.verdicts.germs import functions
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.gammas import whole_pole
from calcgrad.verdicts.germs.germ import Germ
from calcgrad.verdicts.germs.system import Germs, Rule

#: The highest degree of a series that ends which is added up.
_HIGHEST_DEGREE = 60


def _degree(a: Germ) -> int | None:
    """The degree of the polynomial that an upper parameter makes of the series."""
    q = a.value.rational if a.constant else None
    return -int(q) if q is not None and q.denominator == 1 and -_HIGHEST_DEGREE <= q <= 0 else None


def _polynomial(s: Germs, degree: int, uppers: tuple[Germ, ...], lower: Germ, x: Germ) -> Germ:
    """The terms of the series up to a degree (DLMF 16.2.1)."""
    total = term = s.rational(1)
    for k in range(degree):
        for upper in uppers:
            term = term * (upper + s.rational(k))
        term = (term * x * functions.reciprocal(lower + s.rational(k))).times(
            s.scope.field.rational(Fraction(1, k + 1))
        )
        total = total + term
    found: Germ = total
    return found


def _around_0(s: Germs, uppers: tuple[Germ, ...], lower: Germ, x: Germ) -> Germ:
    """The series for an x that goes to 0: past the pole of the lower parameter each term is smaller than the one before."""
    terms = functions.count(x) + (whole_pole(lower) or 0) + 1
    total = _polynomial(s, terms, uppers, lower, x)
    following = _polynomial(s, terms + 1, uppers, lower, x) - total
    found: Germ = total if x.zero else total + s.scope.order(following.bound())
    return found


def _cancelled(s: Germs, op: str, uppers: tuple[Germ, ...], lower: Germ, x: Germ) -> Any:
    """The function without an upper parameter that is the lower one; ``None`` where none is."""
    for i, upper in enumerate(uppers):
        if not (upper - lower).zero:
            continue
        if op == "hyp1f1":
            return functions.exp(x)
        base = s.rational(1) - x
        if isinstance(base.limit(), Coefficient) and base.limit().sign() > 0:
            return functions.exp(-(uppers[1 - i] * functions.log(base)))
    return None


def _with_uppers(op: str) -> Callable[..., Any]:
    def rule(s: Germs, *args: Germ) -> Any:
        *above, lower, x = args
        uppers = tuple(above)
        if lower.constant:  # a parameter at a pole is none
            return s.analytic(op, *args)
        found = _cancelled(s, op, uppers, lower, x)
        if found is not None:
            return found
        limit = x.limit()
        if (
            isinstance(limit, Coefficient)
            and not limit.sign()
            and (whole_pole(lower) or 0) <= _HIGHEST_DEGREE
        ):
            return _around_0(s, uppers, lower, x)
        degree = min((d for d in map(_degree, uppers) if d is not None), default=None)
        return s.analytic(op, *args) if degree is None else _polynomial(s, degree, uppers, lower, x)

    return rule


RULES: dict[str, Rule] = {op: _with_uppers(op) for op in ("hyp0f1", "hyp1f1", "hyp2f1")}
