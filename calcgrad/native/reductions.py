"""Reductions in their loops: how entries are brought together, and the cells in which that is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy

from calcgrad.compiling.banding import Diagonals
from calcgrad.compiling.graph import GraphValue
from calcgrad.native.entries import Entries
from calcgrad.native.fitting import reduction
from calcgrad.native.indices import Form, Index, linear
from calcgrad.native.lowering import LOWERED
from calcgrad.native.plans import Root
from calcgrad.native.text import double


@dataclass(frozen=True, slots=True)
class Gather:
    """How entries are brought together: where one begins, and what an entry does to what is there."""

    start: float
    op: str
    free: bool  # whether the order may change


_GATHERS = {
    "sum": Gather(0.0, "fadd", True),
    "sum_to": Gather(0.0, "fadd", True),
    "scatter": Gather(0.0, "fadd", False),
    "prod": Gather(1.0, "fmul", False),
    "amax": Gather(-numpy.inf, "maximum", False),
    "amin": Gather(numpy.inf, "minimum", False),
}
_PUT, _ADDED = Gather(0.0, "", False), Gather(0.0, "fadd", False)


def how(value: GraphValue, argument: int) -> Gather:
    """What the entries of an argument do to what is there; without an operation they take its place."""
    if isinstance(value.op, Diagonals):
        return _ADDED if value.op.slices[argument - value.op.onto][1] else _PUT
    return _GATHERS[value.op]


class Running:
    """A reduction in its loops: what is gathered so far is in a cell for each loop over the axes that go, from the last inwards."""

    def __init__(self, entries: Entries, root: Root, depth: int) -> None:
        self.entries = entries
        self.text = entries.text
        self.root = root
        self.value = entries.values[root.place]
        self.how = how(self.value, root.argument)
        axes: Collection[int] = ()
        if self.value.op != "scatter" and not isinstance(self.value.op, Diagonals):
            axes = reduction(self.value, root.space).axes
        self.axes = axes
        self.trailing = depth
        while self.trailing and self.trailing - 1 in axes:
            self.trailing -= 1
        self.levels: list[str] = []
        self.axis = -1

    def enter(self, axis: int, index: Sequence[Form], stack: ExitStack) -> None:
        """Before the loop over an axis begins."""
        self.axis = axis
        if axis < self.trailing:
            return
        self._level(stack, list(index))

    def block(self, stack: ExitStack) -> None:
        """Before the loop over a block of the present axis begins."""
        if self.axis >= self.trailing:
            self._level(stack, [])

    def _level(self, stack: ExitStack, index: list[Form]) -> None:
        cell = self.text.alloca()
        self.text.line(f"store double {double(self.how.start)}, ptr {cell}")
        first = not self.levels
        outer = None if first else self.levels[-1]
        self.levels.append(cell)

        def leave() -> None:
            self.levels.pop()
            total = self.text.fresh(f"load double, ptr {cell}")
            if outer is None:
                self._into_target(index, total)
            else:
                self._into(outer, total, free=False)

        stack.callback(leave)

    def _target(self, index: Sequence[Form]) -> str:
        """The cell of the result that belongs to an index of the loops."""
        if not self.value.shape:
            return self.entries.cells[self.root.place]
        return self.entries.cell(f"%o{self.root.place}", self.flat(index), self.root.place)

    def flat(self, index: Sequence[Form]) -> Form:
        """The place of that cell among all entries; the axes that go may be missing at the end of the index."""
        if isinstance(self.value.op, Diagonals):
            part = self.value.op.slices[self.root.argument - self.value.op.onto][0]
            return index[0].times(part.step).shifted(part.start)
        if self.value.op == "scatter":
            return linear(self.entries.reader.scattered_to(self.value, tuple(index)), self.value.shape)
        through = reduction(self.value, self.root.space).through
        full = [Form() if k in self.axes else form for k, form in enumerate(index)]
        full += [Form()] * (len(through) - len(full))
        return linear(full, through)

    def take(self, entry: str, index: Index) -> None:
        """One entry, in the innermost loop."""
        if self.levels:
            self._into(self.levels[-1], entry, self.how.free)
        else:
            self._into_target(index, entry)

    def _into_target(self, index: Sequence[Form], entry: str) -> None:
        """Into the result's own memory, where singles are singles."""
        place, cell = self.root.place, self._target(index)
        if not self.value.shape:  # a cell of the nest's
            self._into(cell, entry, free=False)
            return
        if self.how.op:
            entry = self._together(self.entries.get(cell, place), entry)
        if isinstance(self.value.op, Diagonals):
            self.entries.refuse(place, entry)
        self.entries.put(entry, cell, place)

    def _into(self, cell: str, entry: str, free: bool) -> None:
        before = self.text.fresh(f"load double, ptr {cell}")
        self.text.line(f"store double {self._together(before, entry, free)}, ptr {cell}")

    def _together(self, before: str, entry: str, free: bool = False) -> str:
        if self.how.op in LOWERED:
            return LOWERED[self.how.op].emit(self.text, before, entry)
        return self.text.fresh(f"{self.how.op} {'reassoc ' if free else ''}double {before}, {entry}")
