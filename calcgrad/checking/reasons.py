"""Why a claimed derivative is wrong: the finder of mistakes, with values in doubles to sort out and Arb's balls to judge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

from calcgrad.comparing.holding import where_it_holds
from calcgrad.deriving import NoFormulaError
from calcgrad.deriving.finding import derivative, find_mistake
from calcgrad.deriving.telling import step_at
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Node
from calcgrad.functions.expression import Expression
from calcgrad.operations import VOCABULARY
from calcgrad.report.claims import Mistake
from calcgrad.systems.base import system

#: Sizes of the coordinates that are drawn: functions have their domains near 0, between -1 and 1, or far out.
_SIZES = (0.1, 0.3, 0.9, 2.5, 6.0)
_DRAWN, _FEW, _MANY = 160, 20, 60
#: Bits in which balls are compared, and the radius beyond which a ball proves nothing.
_BITS, _SURE = 300, 1e-40
#: What a function of the user's may raise at a point where it has no value.
_NO_VALUE = (ArithmeticError, ValueError)


class Points:
    """Points at which a function has a value: a few for sorting out, more for judging by certified arithmetic."""

    def __init__(self, function: Node, variables: Sequence[str], seed: int = 1) -> None:
        self.variables = tuple(variables)
        random = Random(seed)
        drawn = [[self._coordinate(random, k) for _ in self.variables] for k in range(_DRAWN)]
        good = [p for p, v in zip(drawn, self._values(function, drawn), strict=True) if math.isfinite(v)]
        self.few, self.many = good[:_FEW], good[_FEW : _FEW + _MANY]

    @staticmethod
    def _coordinate(random: Random, k: int) -> float:
        value = random.uniform(-1.0, 1.0) * _SIZES[k % len(_SIZES)]
        return abs(value) if k % 3 == 0 else value

    def values(self, node: Node) -> list[float]:
        """Values in doubles at the few points; nan where there is none."""
        return self._values(node, self.few)

    def _values(self, node: Node, points: Sequence[Sequence[float]]) -> list[float]:
        function = Expression(node, self.variables)
        found = []
        for point in points:
            try:
                found.append(float(function.values(list(point))[0]))
            except _NO_VALUE:
                found.append(math.nan)
        return found

    def agreeing(self, a: Node, b: Node) -> int:
        """At how many points the balls of both are tiny and meet; 0 where they are apart at one."""
        from flint import ctx

        agreed = 0
        with ctx.workprec(_BITS):
            for point in self.many:
                left, right = (self._ball(node, point) for node in (a, b))
                if left is None or right is None:
                    continue
                if not left.overlaps(right):
                    return 0
                agreed += 1
        return agreed

    def _ball(self, node: Node, point: Sequence[float]) -> Any:
        """A ball about the value, or ``None`` where it is too wide to say anything."""
        from flint import arb

        balls = system("arb")
        found = balls.expression(node, self.variables)(*[arb(x) for x in point])
        finite = found.is_finite()
        return found if finite and float(found.rad()) <= _SURE * max(1.0, abs(float(found.mid()))) else None


def reason(
    function: Expression, wrt: Sequence[str], claim: Node, variables: Sequence[str], seed: int = 1
) -> Mistake | None:
    """The mistake by which the claim comes out of the function, in the words of its rule; ``None`` where none does."""
    found = find_mistake(function.root, wrt, claim, Points(function.root, variables, seed))
    if found is None:
        return None
    place = (
        (found.place.start, found.place.end) if found.place and found.place.end > found.place.start else None
    )
    step = step_at(function.root, wrt[0], found.place) if place is not None and found.place else None
    several = len(function.variables) > 1
    return Mistake(wrt[0], found.mistake, found.sentence, place, found.known, found.points, step, several)


def answer(function: Expression, wrt: Sequence[str]) -> str | None:
    """The right derivative as a formula, with the places where it does not hold; ``None`` where the table has none."""
    try:
        formula = derivative(function.root, wrt)
    except NoFormulaError:
        return None
    where = where_it_holds(function, formula, [function.variables.index(name) for name in wrt], 0)
    text = to_text(formula, VOCABULARY)
    return f"{text}   ({where})" if where else text
