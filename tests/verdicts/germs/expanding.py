"""Germs of expressions beside a point, and what multiprecision arithmetic, which knows no expansions, says of them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
from flint import ctx

from calcgrad.autodiff.tape import Tape
from calcgrad.comparing.cases import cases_of
from calcgrad.comparing.request import Request, read
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.verdicts.exact.functions import field
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import EXACT, FLAT, Deadline, Gap, Germ, Scope
from calcgrad.verdicts.sides import Place, constants
from tests.verdicts.witness import tree, value

BITS = 400
#: How many powers of t are asked for beyond the first.
DEPTH = 4
#: What is left out is of the order of the remainder's key: at most so many times it. In logarithms series are asymptotic.
LARGEST, LOGARITHMIC = 1e3, 4e5


def beside(expr: str, at: str, side: int) -> tuple[Any, Tape]:
    """The germ, or the gap, of an expression in x at ``at + side*t``, and its tape; at the point itself where the side is 0."""
    values, tape = all_beside(expr, at, side)
    found = values[tape.outputs[0]]
    if isinstance(found, Gap):
        assert found.slot is not None
        step = tape.steps[found.slot - len(tape.inputs)]
        assert (
            found.op == step.op
        )  # what has no value is the operation at that place, of the numbers that it got
        assert len(found.args) == len(step.args)
        assert all(a is values[i] for a, i in zip(found.args, step.args, strict=True))
    return found, tape


def all_beside(expr: str, at: str, side: int) -> tuple[list[Any], Tape]:
    """What every slot is, there."""
    request = read(Request(expr, at=read_points([f"x={at}"], VOCABULARY)))
    (case,) = cases_of(request.function, request.points)
    tape = case.written.tape
    with ctx.workprec(BITS):
        scope = Scope(field(), DEPTH, Deadline())
        place = Place(tape, constants(case.written.nodes, scope), scope)
        values = place.beside(0, side) if side else place.values
        return values, tape


def number(c: Coefficient) -> Any:
    """A coefficient in mpmath's digits."""
    with ctx.workprec(BITS):
        q = c.rational
        if q is not None:
            return mpmath.mpf(q.numerator) / q.denominator
        return mpmath.mpf(c.ball.mid().str(100, radius=False))


def size(key: tuple[Any, Any], t: Any) -> Any:
    """``t^e / L^n``."""
    e, n = (mpmath.mpf(Fraction(v).numerator) / Fraction(v).denominator for v in key)
    return t**e / (-mpmath.log(t)) ** n


def summed(germ: Germ, t: Any) -> Any:
    """The terms of a germ at some t."""
    total = sum((number(c) * size(key, t) for key, c in germ.terms.items()), mpmath.mpf(0))
    return total * _scale(germ, t)


def _scale(germ: Germ, t: Any) -> Any:
    return mpmath.exp(summed(germ.scale, t)) if germ.scale is not None else 1


def remainder(germ: Germ, t: Any) -> Any:
    """What a germ may be off at some t: nothing that mpmath sees, less than nine powers of t, or so much of its key."""
    if germ.key == EXACT:
        return mpmath.mpf(10) ** -70
    largest = LOGARITHMIC if germ.key[1] else LARGEST
    return _scale(germ, t) * (t**9 if germ.key == FLAT else largest * size(germ.key, t))


def point_of(at: str) -> Any:
    """A point in mpmath's digits."""
    return value(tree(at), {})


def off(germ: Germ, expr: str, at: str, side: int, t: Any) -> Any:
    """By how many times its remainder, and the rounding of the witness, a germ is off."""
    with mpmath.workdps(80):
        true = value(tree(expr), {"x": point_of(at) + side * t})
        return abs(summed(germ, t) - true) / (remainder(germ, t) + abs(true) * mpmath.mpf(10) ** -60)


def depth(germ: Germ) -> float:
    """How many powers of t beyond its first a germ knows."""
    e = germ.key[0]
    return math.inf if e == math.inf else float(e - min(germ.terms)[0]) if germ.terms else 0.0
