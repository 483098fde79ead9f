"""Which values of a stage are kept in arrays, and the order of the loops that make them.

Everything else is made again where it is read, in registers. Kept are what leaves the stage, what a reshaping reads, and what is
dear and read in more than one way: without this rule a deep stencil is written out as a tree of all its paths.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from calcgrad.compiling.banding import Diagonals
from calcgrad.compiling.graph import GraphValue, elementwise
from calcgrad.native.fitting import PLACED, REDUCED, VIEWS, basic
from calcgrad.native.indices import Index, identity
from calcgrad.native.lowering import lowering
from calcgrad.native.reading import Reader, SplitError
from calcgrad.native.text import Text
from calcgrad.operations.shapes import Shape

#: A value that costs less than so many additions is made again rather than kept.
DEAR = 8
#: A value read at more indices than this means that the plan explodes.
_MOST_READS = 400


#: How a value is read that is reshaped: at a place among all its entries.
_AMONG_ALL = (0, "all")


class TooManyError(Exception):
    """Values are read at so many places that the loops would be too long."""


@dataclass(frozen=True, slots=True)
class Root:
    """A value that a nest of loops over ``space`` makes, in the nests of a level.

    ``gathers`` says that its memory holds something before, to which the entries of its argument, the one with this number, are
    added, or in whose place they are put.
    """

    place: int
    space: Shape
    level: int
    gathers: bool
    argument: int = 0


@dataclass(slots=True)
class Plan:
    """The roots of a stage in their order, and the values that stay within it."""

    roots: list[Root]
    kept: list[int]
    scalars: list[int] = field(default_factory=list)


def gathers(value: GraphValue) -> bool:
    """Whether a value is made entry by entry of its arguments: a sum, say, or additions at places from tables, or diagonals."""
    if isinstance(value.op, Diagonals):
        return True
    return value.op in REDUCED or (value.op == "scatter" and basic(value.params[0]) is None)


def pieces(values: Sequence[GraphValue], value: GraphValue) -> list[tuple[int, Shape, bool]]:
    """Of a value that gathers: the numbers of its arguments, over what they are gathered, and whether only after those before."""
    if not isinstance(value.op, Diagonals):
        return [(0, values[value.args[0]].shape, False)]
    found: list[tuple[int, Shape, bool]] = [(0, value.shape, False)] if value.op.onto else []
    flat = range(prod(value.shape))
    for part, added in value.op.slices:
        found.append((len(found), (len(flat[part]),), added))
    return found


def plan(
    values: Sequence[GraphValue], inside: Collection[int], stored: Collection[int], exports: Collection[int]
) -> Plan:
    """The plan of a stage: ``inside`` are its values, ``stored`` those it is given, ``exports`` those that it gives."""
    return _Planner(values, inside, stored, exports).plan()


class _Planner:
    def __init__(
        self,
        values: Sequence[GraphValue],
        inside: Collection[int],
        stored: Collection[int],
        exports: Collection[int],
    ) -> None:
        self.values = values
        self.inside = sorted(inside)
        self.stored = set(stored)
        self.exports = set(exports)
        self.reads: dict[int, set[tuple[Any, Index]]] = {}
        self.kept: set[int] = set()
        self.reader = Reader(values, Text(), lambda table: f"%table{id(table)}")

    def plan(self) -> Plan:
        cost, level = self._costs(), self._first_levels()
        for place in self.exports:
            if place in level:
                self._read(place, self._own(place, level))
        for place in reversed(self.inside):
            self._settle(place, cost, level)
        return self._levels()

    def _own(self, place: int, level: dict[int, int]) -> tuple[Any, Index]:
        """How a value is read that is stored entry by entry in a nest of its own."""
        shape = self.values[place].shape
        return (level[place], shape), identity([f"%{k}" for k in range(len(shape))])

    def _costs(self) -> dict[int, int]:
        cost: dict[int, int] = {}
        for place in self.inside:
            value = self.values[place]
            row = lowering(value.op) if elementwise(value.op) else None
            own = row.cost if row is not None else 0
            known = [cost.get(a, 0) for a in value.args]
            cost[place] = 0 if gathers(value) else min(10**6, own + sum(known))
        return cost

    def _first_levels(self) -> dict[int, int]:
        """The number of reductions that are one inside the other, before a value can be made."""
        level: dict[int, int] = {}
        for place in self.inside:
            value = self.values[place]
            level[place] = max([level.get(a, 0) for a in value.args], default=0) + gathers(value)
        return level

    def _read(self, place: int, how: tuple[Any, Index]) -> None:
        if place in self.stored or self.values[place].op in ("input", "constant"):
            return
        found = self.reads.setdefault(place, set())
        found.add(how)
        if len(found) > _MOST_READS:
            raise TooManyError

    def _settle(self, place: int, cost: dict[int, int], level: dict[int, int]) -> None:
        """Decide on a value whose reads are all known, and pass them on to its arguments."""
        value, reads = self.values[place], self.reads.get(place)
        if not reads:
            return
        if gathers(value):
            for k, shape, _ in pieces(self.values, value):
                a = value.args[k]
                axes = range(len(shape) if self.values[a].shape else 0)
                self._read(a, ((level[place] - 1, shape), identity([f"%{k}" for k in axes])))
            if value.shape and place not in self.exports:
                self.kept.add(place)
            return
        moves = value.op in VIEWS or value.op in PLACED
        dear = value.shape and not moves and cost[place] >= DEAR and len(reads) > 1
        if dear or (value.shape and place in self.exports) or place in self.kept:
            if place not in self.exports:
                self.kept.add(place)
            reads = {self._own(place, level)}
        for space, index in reads:
            self._ranges(space, value, index)
            try:
                for a, inner in self.reader.source(place, index).reads:
                    self._read(a, (space, inner))
            except SplitError as error:
                a = error.place
                if a in self.reads or (
                    a not in self.stored and self.values[a].op not in ("input", "constant")
                ):
                    if a not in self.exports:
                        self.kept.add(a)
                    self._read(a, self._own(a, level))
                    self.reads[a].add((_AMONG_ALL, ()))

    def _ranges(self, space: Any, value: GraphValue, index: Index) -> None:
        self.reader.ranges = {f"%{k}": (0, n) for k, n in enumerate(space[1])}

    # --- the order ---

    def _levels(self) -> Plan:
        """A root comes after what it reads, in the same loops where it reads it entry by entry alone."""
        after: dict[int, int] = {}
        roots: list[Root] = []
        for place in self.inside:
            if place not in self.reads:
                continue
            value = self.values[place]
            level = max([after.get(a, 0) for a in value.args], default=0)
            if gathers(value):
                for k, shape, later in pieces(self.values, value):
                    level += later
                    onto = isinstance(value.op, Diagonals) and value.op.onto and not k
                    roots.append(Root(place, shape, level, not onto, k))
                after[place] = level + 1
            elif place in self.kept or (value.shape and place in self.exports):
                roots.append(Root(place, value.shape, level, False))
                after[place] = level if self._alone(place) else level + 1
            else:
                after[place] = level
        scalars = [p for p in sorted(self.exports) if not self.values[p].shape]
        return Plan(roots, sorted(self.kept), scalars)

    def _alone(self, place: int) -> bool:
        """Whether a value is only read where a nest over its own shape stands at the same entry."""
        shape = self.values[place].shape
        own = identity([f"%{k}" for k in range(len(shape))])
        return all(space[1] == shape and index == own for space, index in self.reads[place])
