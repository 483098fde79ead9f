"""The number system of germs: every operation of the table on functions of t just right of 0.

An operation that is analytic at the limits of its arguments is a Taylor series from its partials (see
:mod:`calcgrad.autodiff.jets`); at its kinks, jumps, poles, edges, and at infinity it has a rule of its own, handed in, or the
definition that its row has. A value that does not exist is a :class:`Gap`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from calcgrad.autodiff.jets import Jets
from calcgrad.expression.nodes import Constant, Number
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS, Singular
from calcgrad.systems.base import System
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.functions import count, series
from calcgrad.verdicts.germs.germ import EXACT, FLAT, Gap, Germ, LostError, NeedDepthError, Scope

#: An operation on germs: a function of the system and the arguments.
Rule: TypeAlias = Callable[..., Any]


class Germs(System):
    """Germs of one scope; ``rules`` are the operations that have a function of their own, all others are Taylor series.

    The rules are handed in, since they are written in terms of this system (:func:`calcgrad.verdicts.germs.rules.germs_of`).
    """

    name = "germs"

    def __init__(self, scope: Scope, rules: Mapping[str, Rule]) -> None:
        super().__init__()
        self.scope = scope
        self.rules = rules

    def constant(self, exact: Any) -> Any:
        field = self.scope.field
        if isinstance(exact, Number):
            return self.scope.germ(exact.value)
        if isinstance(exact, Constant):
            if exact.name == "e":
                return self.scope.germ(field.apply("exp", field.one))
            if exact.name in ("pi", "tau"):
                return self.scope.germ(field.pi.scaled(Fraction(1 if exact.name == "pi" else 2)))
        raise LostError("it holds a constant that is not a finite number")

    def truth(self, condition: Any) -> bool:
        if isinstance(condition, Gap):
            raise LostError("a condition has no value")
        return bool(condition.sign())

    def rational(self, value: int) -> Germ:
        """A whole number."""
        return self.scope.germ(value)

    def call(self, op: str, *args: Any) -> Any:
        """An operation by name."""
        return self.function(op)(*args)

    def _find(self, op: str) -> Callable[..., Any]:
        row = OPERATIONS[op]
        if not isinstance(row, Elementwise):
            raise LostError(f"{op} works on arrays")
        rule = self.rules.get(op)
        if rule is None and row.definition:
            rule = self._defined(row)

        def apply(*args: Any) -> Any:
            self.scope.check()
            if op == "where":
                return _choice(*args)
            for a in args:
                if isinstance(a, Gap):
                    return a
            if rule is not None:
                return rule(self, *args)
            return self.analytic(op, *args)

        return apply

    def _defined(self, row: Elementwise) -> Callable[..., Any]:
        """The row's definition; where that has no value, or the row's domain has ended, the gap is that of the operation itself."""
        definition = self._bind_definition(row)

        def rule(_: Germs, *args: Germ) -> Any:
            if self._outside(row, args):
                return Gap(row.name, args)
            found = definition(*args)
            return Gap(row.name, args) if isinstance(found, Gap) else found

        return rule

    def _outside(self, row: Elementwise, args: tuple[Germ, ...]) -> bool:
        """Whether the arguments have left a row's domain: a power in its definition goes on where the row ends."""
        try:
            return not self.holds(row.domain, list(args))
        except LostError:
            return False

    def analytic(self, op: str, *args: Germ) -> Any:
        """An operation without a rule of its own: a Taylor series at the limits of its arguments."""
        limits = [a.limit() for a in args]
        if not all(isinstance(c, Coefficient) for c in limits):
            raise LostError(f"the argument of {op} goes to infinity")
        constants = [self.scope.germ(c) for c in limits if isinstance(c, Coefficient)]
        row = OPERATIONS[op]
        assert isinstance(row, Elementwise)
        if any(self.singular(s, constants) for s in row.singular):
            if all(a.constant for a in args) and not self.holds(row.domain, constants):
                return Gap(op, args)
            raise LostError(f"calcgrad knows no expansion of {op} there")
        if not self.holds(row.domain, constants):
            return Gap(op, args)
        if all(a.constant for a in args):
            found = self.scope.field.apply(op, *[a.value for a in args])
            return Gap(op, args) if isinstance(found, Gap) else self.scope.germ(found)
        return self.taylor(op, args, constants)

    def taylor(self, op: str, args: tuple[Germ, ...], constants: list[Germ]) -> Germ:
        """The series of an analytic operation: in its one argument that varies, or in t where several do."""
        varying = [j for j, a in enumerate(args) if not a.constant]
        jets = Jets(self)
        if len(varying) == 1:
            j = varying[0]
            h = args[j] - constants[j]
            starts = [
                jets.variable(c, self.scope.germ(1)) if i == j else jets.lift(c)
                for i, c in enumerate(constants)
            ]
            made = jets.combine(op, *starts)
            return series([_value(made.coefficient(k)) or self.scope.field.zero for k in range(count(h))], h)
        return _along(self, jets, op, args)

    def holds(self, condition: str, args: list[Germ]) -> bool:
        """Whether a row's condition holds for constants."""
        return not condition or self.truth(self.expression(parsed(condition), ARGUMENTS[: len(args)])(*args))

    def singular(self, place: Singular, args: list[Germ]) -> bool:
        """Whether a row's singular place is met by constants."""
        found = self.expression(parsed(place.where), ARGUMENTS[: len(args)])(*args)
        if isinstance(found, Gap):
            return True
        if place.period is None:
            return not found.sign()
        ratio = found.times(self.scope.field.rational(1 / Fraction(place.period)))
        return not (ratio - self.call("floor", ratio)).sign()


def _value(coefficient: Any) -> Coefficient | None:
    if coefficient is None:
        return None
    if isinstance(coefficient, Gap):
        raise LostError(f"a derivative of {coefficient.op} has no value there")
    value: Coefficient = coefficient.value
    return value


def _choice(condition: Any, taken: Any, other: Any) -> Any:
    if isinstance(condition, Gap):
        return condition
    return taken if condition.sign() else other


def _along(germs: Germs, jets: Jets, op: str, args: tuple[Germ, ...]) -> Germ:
    """A Taylor series in t itself, of arguments that are such series."""
    length = germs.scope.depth + 1
    starts = []
    for a in args:
        whole = all(n == 0 and e.denominator == 1 for e, n in a.terms) and not a.wild and a.scale is None
        if not whole or a.key == FLAT:
            raise LostError(f"several arguments of {op} change at once")
        if a.key != EXACT:
            length = min(length, math.ceil(a.key[0]))
        coefficients = [None] * (1 + max([int(e) for e, _ in a.terms], default=0))
        for (e, _), c in a.terms.items():
            coefficients[int(e)] = germs.scope.germ(c)  # type: ignore[call-overload]
        coefficients[0] = coefficients[0] or germs.scope.germ(0)  # type: ignore[call-overload]
        starts.append(_series(jets, coefficients))
    if length < 1:
        raise NeedDepthError
    made = jets.combine(op, *starts)
    total = germs.scope.order((length, 0))
    for k in range(length):
        coefficient = _value(made.coefficient(k))
        if coefficient is not None and coefficient.terms:
            total = total + germs.scope.power(k, coefficient)
    result: Germ = total
    return result


def _series(jets: Jets, coefficients: list[Any]) -> Any:
    from calcgrad.autodiff.jets import Series

    return Series(jets, coefficients)
