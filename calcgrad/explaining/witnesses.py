"""Whether a line of a derivation holds: both sides by certified arithmetic, at points that are drawn.

The left side comes from power series over Arb's balls, which never use the rules: the derivative of every part, and the value
of every letter. The right side is the line's formula with these put in. So each line is judged by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from time import perf_counter
from typing import Any

from calcgrad.autodiff.tape import run
from calcgrad.deriving.letters import prime
from calcgrad.deriving.lines import Line, Told
from calcgrad.expression.nodes import Call, Node
from calcgrad.functions.expression import Expression
from calcgrad.systems.decimals import enclosure
from calcgrad.systems.series import ball_series, constant_ball

#: Points at which a line is looked at, and how many are drawn at most to find them.
POINTS, _DRAWN = 24, 600
#: Sizes of the coordinates that are drawn: functions have their domains near 0, between -1 and 1, or far out.
_SIZES = (0.9, 2.5, 0.3, 6.0, 0.1, 20.0)
#: Bits of the balls, and the radius beyond which a ball proves nothing.
_BITS, _SURE = 200, 1e-25
#: Digits that are shown of a value beside a line.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A point, and what every letter and every derivative is there: balls, by name."""

    coordinates: tuple[Any, ...]
    letters: dict[str, Any]


class Witnesses:
    """The points at which one derivation is judged; after the ``deadline`` no more are looked at."""

    def __init__(
        self, told: Told, variables: Sequence[str], seed: int = 1, deadline: float = math.inf
    ) -> None:
        self.told = told
        self.variables = tuple(variables)
        self.seed = seed
        self.deadline = deadline
        self.names = tuple(told.letters)
        self.expressions: dict[Node, Expression] = {}
        self.symbols = (*self.variables, *self.names, *[prime(name) for name in self.names])

    @cached_property
    def tape(self) -> Any:
        """All parts at once."""
        return Expression(Call("vector", tuple(self.told.letters.values())), self.variables).tape

    @cached_property
    def drawn(self) -> list[Place]:
        """Points at which the function and its derivative are known."""
        return list(self._draw())

    def _draw(self) -> Iterator[Place]:
        from flint import arb

        random = Random(self.seed)
        found = 0
        for k in range(_DRAWN):
            if perf_counter() > self.deadline:
                return
            point = [arb(self._coordinate(random, k)) for _ in self.variables]
            place = self.place(point)
            if _known(place.letters[self.told.name]) and _known(place.letters[prime(self.told.name)]):
                yield place
                found += 1
                if found == POINTS:
                    return

    @staticmethod
    def _coordinate(random: Random, k: int) -> float:
        value = random.uniform(-1.0, 1.0) * _SIZES[k % len(_SIZES)]
        return abs(value) if k % 4 < 2 else value

    def place(self, point: Sequence[Any]) -> Place:
        """What is known at a point, given as balls or constant expressions."""
        from flint import arb, arb_series, ctx

        from calcgrad.systems.values.lengths import keeping

        i = self.variables.index(self.told.variable)
        with ctx.workprec(_BITS), keeping(2):
            balls = [constant_ball(x) if isinstance(x, Node) else arb(x) for x in point]
            moving: list[Any] = list(balls)
            moving[i] = arb_series([balls[i], 1])
            values = run(self.tape, moving, ball_series())
            found = [_value_and_slope(values[slot]) for slot in self.tape.outputs]
        letters = dict(zip(self.names, [value for value, _ in found], strict=True))
        letters |= {prime(name): slope for name, (_, slope) in zip(self.names, found, strict=True)}
        return Place(tuple(balls), letters)

    def value(self, formula: Node, place: Place) -> Any:
        """A formula in letters at a place: a ball, or ``None`` where it has no value that says anything."""
        from flint import ctx

        with ctx.workprec(_BITS):
            try:
                [ball] = self._expression(formula).values(
                    [*place.coordinates, *place.letters.values()], "arb"
                )
            except (ArithmeticError, ValueError, TypeError):  # a condition that the balls leave open is None
                return None
        return ball if _known(ball) else None

    def _expression(self, formula: Node) -> Expression:
        """A formula as a function of the coordinates, the letters and their derivatives."""
        found = self.expressions.get(formula)
        if found is None:
            found = self.expressions[formula] = Expression(formula, self.symbols)
        return found

    def holds(self, line: Line) -> tuple[int, bool]:
        """At how many points both sides of a line are equal, and whether they differ at none."""
        agreed = 0
        for place in self.drawn:
            if perf_counter() > self.deadline:
                break
            left, right = self.value(line.left, place), self.value(line.right, place)
            if left is None or right is None:
                continue
            if not left.overlaps(right):
                return agreed, False
            agreed += 1
        return agreed, True

    def parts(self, line: Line, places: Sequence[Place]) -> tuple[tuple[str | None, ...], ...]:
        """The values of the parts of a line at places, in digits that are proved; of a part without a letter none."""
        return tuple([tuple([_digits(at.letters.get(part.name)) for at in places]) for part in line.parts])

    def shown(self, line: Line, place: Place) -> str | None:
        """The value of a line at a place, in digits that are proved; ``None`` where its left side has none (at a kink)."""
        left, right = self.value(line.left, place), self.value(line.right, place)
        if left is None or right is None or not left.overlaps(right):
            return None
        return enclosure(right, SHOWN).value


def _digits(ball: Any) -> str | None:
    """The decimals of what a letter is; none where it has no value that says anything."""
    return enclosure(ball, SHOWN).value if _known(ball) and not isinstance(ball, bool) else None


def _value_and_slope(value: Any) -> tuple[Any, Any]:
    """The two coefficients of a series; of what does not move the slope is 0."""
    from flint import arb, arb_series

    if value is None:  # a condition that the balls leave open
        return arb("nan"), arb("nan")
    if isinstance(value, bool):
        return arb(int(value)), arb(0)
    if isinstance(value, arb_series):
        return (value[0], value[1] if value.prec > 1 and value[0].is_finite() else arb("nan"))
    return value, arb(0) if value.is_finite() else arb("nan")


def _known(ball: Any) -> bool:
    """Whether a ball is finite and small."""
    if ball is None or isinstance(ball, bool):
        return ball is not None
    return bool(ball.is_finite() and float(ball.rad()) <= _SURE * max(1.0, abs(float(ball.mid()))))
