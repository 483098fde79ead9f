"""Germs as coefficients of germs: a point that has moved a little in one variable, and may now move far less in another."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from calcgrad.verdicts.germs import functions
from calcgrad.verdicts.germs.coefficients import Coefficient, Numbers
from calcgrad.verdicts.germs.germ import Gap, Germ, LostError, Scope
from calcgrad.verdicts.germs.rules import germs_of


class Tower(Numbers):
    """The field of the germs of a scope: what is zero, or positive, is so for all small values of that scope's variable."""

    zero: Lifted
    one: Lifted

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.system = germs_of(scope)
        self.zero = self.rational(0)
        self.one = self.rational(1)

    def lift(self, germ: Germ) -> Lifted:
        """A germ as a coefficient."""
        return Lifted(self, germ)

    def rational(self, value: Fraction | int) -> Lifted:
        return Lifted(self, self.scope.germ(value))

    def atom(self, key: tuple[Any, ...], ball: Callable[[], Any]) -> Lifted:
        return Lifted(self, self.scope.germ(self.scope.field.atom(key, ball)))

    @property
    def pi(self) -> Lifted:
        return Lifted(self, self.scope.germ(self.scope.field.pi))

    def apply(self, op: str, *args: Any) -> Any:
        found = self.system.function(op)(*[a.germ for a in args])
        return found if isinstance(found, Gap) else Lifted(self, found)


class Lifted(Coefficient):
    """One germ of a lower scope, as a coefficient."""

    __slots__ = ("field", "germ")

    field: Tower

    def __init__(self, field: Tower, germ: Germ) -> None:
        self.field = field
        self.germ = germ

    @property
    def terms(self) -> tuple[Any, ...]:  # type: ignore[override]
        return () if self.germ.zero else (self.germ,)

    @property
    def ball(self) -> Any:
        return self._number().ball

    @property
    def rational(self) -> Fraction | None:
        return self.germ.value.rational if self.germ.constant else None

    def _number(self) -> Coefficient:
        if not self.germ.constant:
            raise LostError("an exponent, or a whole number, varies with another variable")
        return self.germ.value

    def sign(self) -> int:
        return self.germ.sign()

    def fraction(self) -> Fraction:
        return self._number().fraction()

    def whole(self) -> Fraction:
        found = self.field.apply("floor", self)
        return Fraction(found._number().fraction())

    def scaled(self, by: Fraction) -> Lifted:
        return Lifted(self.field, self.germ.times(self.field.scope.field.rational(by)))

    def inverse(self) -> Lifted:
        return Lifted(self.field, functions.reciprocal(self.germ))

    def power(self, p: Fraction) -> Lifted:
        if not p or self.germ.zero:
            return self if p else self.field.one
        return Lifted(self.field, functions.power(self.germ, self.field.scope.field.rational(p)))

    def __add__(self, other: Lifted) -> Lifted:
        return Lifted(self.field, self.germ + other.germ)

    def __sub__(self, other: Lifted) -> Lifted:
        return Lifted(self.field, self.germ - other.germ)

    def __mul__(self, other: Lifted) -> Lifted:
        return Lifted(self.field, self.germ * other.germ)

    def __neg__(self) -> Lifted:
        return Lifted(self.field, -self.germ)
