"""What flows through a graph of numbers, by certified arithmetic: the same two sweeps over Arb's balls at the point as written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import Tape, run
from calcgrad.expression.nodes import Node
from calcgrad.systems.base import NoClosedForm, system
from calcgrad.systems.decimals import enclosure
from calcgrad.systems.series import constant_ball

#: Bits of the balls, the radius beyond which a ball proves nothing, the most steps that are gone through.
_BITS, _SURE, MOST_STEPS = 300, 1e-20, 2000
#: A double this near to the exact number, relatively, has all the digits that are ever shown of it.
_NEAR = 1e-9
#: Digits that are shown where a double has lost them.
_DIGITS = 7

#: What balls may raise where they leave a condition open, or where an operation has none.
_OPEN = (ArithmeticError, ValueError, TypeError, KeyError, AttributeError, NoClosedForm)


class Flow(NamedTuple):
    """The balls at every slot: values, and a list for each pass; empty where balls have no answer."""

    values: Sequence[Any] = ()
    tangents: Sequence[Sequence[Any]] = ()
    adjoints: Sequence[Sequence[Any]] = ()


def flow(
    tape: Tape, point: Sequence[float | Node], seeds: Sequence[Sequence[Any]], outputs: Sequence[int]
) -> Flow:
    """The values, the tangents of each seed and the adjoints of each output slot."""
    from flint import arb, ctx

    if len(tape.steps) > MOST_STEPS:
        return Flow()
    balls = system("arb")
    with ctx.workprec(_BITS):
        try:
            values = run(tape, [constant_ball(x) if isinstance(x, Node) else arb(x) for x in point], balls)
            one = [[None if d is None else arb(d) for d in seed] for seed in seeds]
            tangents = [pushforward(tape, values, seed, balls) for seed in one]
            adjoints = [pullback(tape, values, {slot: arb(1)}, balls) for slot in outputs]
        except _OPEN:
            return Flow()
    return Flow(values, tangents, adjoints)


class Lost(NamedTuple):
    """What balls say of a double: the digits that it has lost (``None`` where it has them), 0 within a radius, or nothing."""

    digits: str | None = None
    radius: str | None = None
    proved: bool = False


def lost_digits(double: float, ball: Any) -> Lost:
    """The proved digits of a number where a double's own are others, and whether anything is proved.

    >>> from flint import arb
    >>> lost_digits(0.5, arb(0.5)), lost_digits(0.0, arb(5e-17))
    (Lost(digits=None, radius=None, proved=True), Lost(digits='5e-17', radius=None, proved=True))
    >>> lost_digits(1e-16, arb(0, 1e-90)), lost_digits(1.0, arb("nan"))
    (Lost(digits='0', radius='1.1e-90', proved=True), Lost(digits=None, radius=None, proved=False))
    """
    from flint import ctx

    if isinstance(ball, bool):
        return Lost(proved=double == float(ball))
    with ctx.workprec(_BITS):
        if not hasattr(ball, "is_finite") or not ball.is_finite():
            return Lost()
        finite = math.isfinite(double)
        if finite and (bool(abs(ball - double) <= _NEAR * abs(ball)) or (ball.is_zero() and double == 0.0)):
            return Lost(proved=True)
        sure = float(ball.rad()) <= _SURE * max(abs(float(ball.mid())), abs(double) if finite else 0.0)
        if not sure or (ball.contains(0) and not ball.is_zero() and double == 0.0):
            return Lost()
        found = enclosure(ball, _DIGITS)
        return Lost(found.value, found.radius if found.value == "0" and not ball.is_zero() else None, True)
