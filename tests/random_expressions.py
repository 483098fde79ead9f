"""Random expressions drawn from the table's own ranges, with a point at which they are defined.

An expression grows from the leaves up: an operation is drawn, then arguments whose values lie in its sampling ranges, so that
what comes out is defined at its point and of moderate size. The fuzzer, the proofs and the benches all draw from here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import NamedTuple

from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.operations import ROWS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS, Range
from calcgrad.systems.base import FLOAT64

VARIABLES = ("x", "y", "z")
SMALLEST, LARGEST = 1e-6, 1e6
TRIES = 30
SPECIAL = (0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 3.0, 10.0, 1e-3)


class Drawn(NamedTuple):
    """An expression and a double for each of its variables."""

    root: Node
    point: dict[str, float]


class _Valued(NamedTuple):
    node: Node
    value: float
    varies: bool


def drawable_rows(flat: bool = False) -> list[Elementwise]:
    """The rows that have a range to draw from, kinks among them; ``flat`` adds those with no slope (floor, say)."""
    rows = [row for row in ROWS if isinstance(row, Elementwise) and row.sample]
    return [row for row in rows if flat or any(p != "0" for p in row.partials)]


def random_expression(
    random: Random,
    rows: Sequence[Elementwise],
    operations: int,
    variables: int = 2,
    edges: float = 0.0,
    point: Mapping[str, float] | None = None,
) -> Drawn:
    """An expression of so many operations, at most, of the rows given, in up to three variables, or in those of ``point``.

    ``edges`` is the share of numbers that are an end of their range, and of operations whose value may be of any size.

    >>> drawn = random_expression(Random(1), drawable_rows(), 4)
    >>> sorted(drawn.point) == sorted(VARIABLES[:2])
    True
    """
    if point is None:
        point = {name: _coordinate(random) for name in VARIABLES[:variables]}
    pool = [_Valued(Name(name), value, True) for name, value in point.items()]
    for _ in range(operations):
        grown = _grow(random, rows, pool, edges)
        if grown is not None:
            pool.append(grown)
    return Drawn(pool[-1].node, dict(point))


def _coordinate(random: Random) -> float:
    if random.random() < 0.15:
        return random.choice(SPECIAL)
    return round(random.uniform(-3.0, 3.0), random.choice((1, 3, 15)))


def _grow(
    random: Random, rows: Sequence[Elementwise], pool: Sequence[_Valued], edges: float
) -> _Valued | None:
    """One more operation on what there is; ``None`` when nothing fitted in so many tries."""
    for _ in range(TRIES):
        row = random.choice(rows)
        args = [_argument(random, pool, where, edges) for where in row.sample]
        values = [a.value for a in args]
        if not any(a.varies for a in args):
            continue
        if row.domain and not FLOAT64.expression(parsed(row.domain), ARGUMENTS[: row.arity])(*values):
            continue
        value = FLOAT64.function(row.name)(*values)
        moderate = value == 0 or SMALLEST < abs(value) < LARGEST
        if math.isfinite(value) and (moderate or (edges and random.random() < edges)):
            return _Valued(Call(row.name, tuple([a.node for a in args])), float(value), True)
    return None


def _argument(random: Random, pool: Sequence[_Valued], where: Range, edges: float) -> _Valued:
    """What was made last, most often; a number of the range where nothing made so far lies in it."""
    if where.whole:
        whole = random.randint(int(where.low), int(where.high))
        return _Valued(Number(whole) if whole >= 0 else Call("neg", (Number(-whole),)), float(whole), False)
    fitting = [v for v in pool if where.low <= v.value <= where.high]
    if fitting and random.random() < 0.9:
        return fitting[-1] if random.random() < 0.6 else random.choice(fitting)
    value = round(random.uniform(where.low, where.high), random.choice((0, 1, 2)))
    if edges and random.random() < edges:
        value = random.choice((where.low, where.high))
    number = Number(abs(Fraction(repr(value))))
    return _Valued(number if value >= 0 else Call("neg", (number,)), value, False)
