"""One function in IR of a stage: a nest of loops for the roots of each level and shape, then the numbers that it gives.

Loops are parted where a slice begins or ends, so that inside of each part nothing has to be asked; long sums are added up in
blocks, as NumPy's are, so that their rounding stays small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from calcgrad.compiling.banding import Diagonals
from calcgrad.compiling.graph import GraphValue
from calcgrad.native.entries import Entries
from calcgrad.native.indices import Form, segments, symbol
from calcgrad.native.plans import Plan, Root
from calcgrad.native.reductions import Running, how
from calcgrad.native.text import double
from calcgrad.native.trials import Trial
from calcgrad.operations.shapes import Shape

#: A long sum is added up in blocks of so many numbers.
BLOCK = 1_024
#: An axis is parted into so many loops at most, and a nest into so many parts.
_PARTS, _ALL_PARTS = 9, 32


@dataclass(slots=True)
class Core:
    """The function of a stage: its text, and what it takes, in this order.

    ``given`` are values, as pointers or numbers, ``tables`` arrays of constants, ``exports`` and ``kept`` memory that it writes;
    exported numbers are written to cells.
    """

    text: str
    given: list[int]
    tables: list[Any]
    exports: list[int]
    kept: list[int]
    flags: bool
    work: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an axis: ``blocks`` of ``length`` numbers each, from ``low`` on."""

    low: int
    length: int
    blocks: int = 1


@dataclass(slots=True)
class Nests:
    """Writes the function of a stage; one that ``refuses`` nan raises its flag where it would give one.

    ``given`` are the values that it takes in any case, the first ones.
    """

    values: Sequence[GraphValue]
    plan: Plan
    stored: Collection[int]
    exports: Sequence[int]
    refuses: bool = False
    given: Sequence[int] = ()
    work: int = 0
    entries: Entries = field(init=False)

    def __post_init__(self) -> None:
        self.entries = Entries(self.values, self.stored, self.exports, self.refuses, given=list(self.given))

    def write(self) -> Core:
        """The function's text."""
        self.entries.memory = {
            r.place: r.level for r in self.plan.roots if self.values[r.place].shape
        }  # the last
        self._starts()
        for level in sorted({root.level for root in self.plan.roots}):
            self.entries.level = level
            for space in dict.fromkeys(root.space for root in self.plan.roots if root.level == level):
                self._nest([r for r in self.plan.roots if (r.level, r.space) == (level, space)], space)
        self.entries.level += 1
        for place in self.plan.scalars:
            entry = self.entries.read(place, ()).number(self.entries.text)
            self.entries.refuse(place, entry)
            self.entries.text.line(f"store double {entry}, ptr %o{place}, align 8")
        self._refuse_gathered()
        return self._core()

    def _refuse_gathered(self) -> None:
        """Look through the arrays that were added up in memory."""
        for root in self.plan.roots:
            shape = self.values[root.place].shape
            summed = root.gathers and not isinstance(self.values[root.place].op, Diagonals)
            if self.refuses and summed and shape and root.place in self.exports:
                with self.entries.text.loop(0, prod(shape)) as counter:
                    cell = self.entries.cell(f"%o{root.place}", symbol(counter), root.place)
                    self.entries.refuse(root.place, self.entries.get(cell, root.place))

    def _core(self) -> Core:
        kept, given, tables = self.plan.kept, self.entries.given, self.entries.tables
        parameters = [
            *(f"{'ptr noalias' if self.values[p].shape else 'double'} %v{p}" for p in given),
            *(f"ptr noalias %table{k}" for k in range(len(tables))),
            *(f"ptr noalias %o{p}" for p in self.exports),
            *(f"ptr noalias %o{p}" for p in kept),
        ]
        t = self.entries.text
        lines = ["top:", "  %flag = alloca i64", *t.first, "  store i64 0, ptr %flag", *t.lines]
        lines += ["  %raised = load i64, ptr %flag", "  ret i64 %raised"]
        head = f"define internal i64 @core({', '.join(parameters)}) noinline nounwind {{"
        text = "\n".join([head, *lines, "}", *sorted(t.declared)])
        return Core(text, given, tables, list(self.exports), list(kept), t.flagged, self.work)

    def _starts(self) -> None:
        """What reductions begin with."""
        for root in self.plan.roots:
            value = self.values[root.place]
            if not root.gathers or root.argument:
                continue
            start = double(how(value, root.argument).start)
            if not value.shape:
                self.entries.cells[root.place] = self.entries.text.alloca()
                self.entries.gathered[root.place] = root.level
                self.entries.text.first.append(
                    f"  store double {start}, ptr {self.entries.cells[root.place]}"
                )
                continue
            with self.entries.text.loop(0, prod(value.shape)) as counter:
                self.entries.put(
                    start, self.entries.cell(f"%o{root.place}", symbol(counter), root.place), root.place
                )

    def _nest(self, roots: Sequence[Root], space: Shape) -> None:
        trial = Trial(self.entries, roots, space)
        lengths = trial.lengths()
        parts = [segments(n, cuts, _PARTS) for n, cuts in zip(lengths, trial.cuts(), strict=True)]
        while prod(map(len, parts)) > _ALL_PARTS:
            most = max(range(len(parts)), key=lambda k: len(parts[k]))
            parts[most] = [(0, lengths[most])]
        sums = any(root.gathers and how(self.values[root.place], root.argument).free for root in roots)
        blocked = [[b for part in axis for b in _blocks(*part, sums)] for axis in parts]
        for chosen in product(*blocked):
            self._loops(roots, chosen)
        self.work += prod(space) * len(roots)

    def _loops(self, roots: Sequence[Root], parts: Sequence[_Part]) -> None:
        t = self.entries.text
        ranges: dict[str, tuple[int, int]] = {}
        self.entries.reader.ranges = ranges
        running = {root: Running(self.entries, root, len(parts)) for root in roots if root.gathers}
        index: list[Form] = []
        with ExitStack() as stack:
            for axis, part in enumerate(parts):
                for gather in running.values():
                    gather.enter(axis, index, stack)
                index.append(stack.enter_context(self._axis(part, ranges, running.values())))
            here = tuple(index)
            self.entries.here = (frozenset(root.place for root in roots), here)
            for root in roots:
                entry = self.entries.made_of(root, here)
                if root.gathers:
                    running[root].take(entry.number(t), here)
                else:
                    self.entries.store(root.place, here, entry)
            self.entries.here = (frozenset(), ())

    @contextmanager
    def _axis(
        self, part: _Part, ranges: dict[str, tuple[int, int]], running: Iterable[Running]
    ) -> Iterator[Form]:
        t = self.entries.text
        with ExitStack() as stack:
            form = Form(part.low)
            if part.blocks > 1:
                block = stack.enter_context(t.loop(0, part.blocks))
                ranges[block] = (0, part.blocks)
                form = form.plus(symbol(block).times(part.length))
                for gather in running:
                    gather.block(stack)
            if part.length > 1:
                counter = stack.enter_context(t.loop(0, part.length))
                ranges[counter] = (0, part.length)
                form = form.plus(symbol(counter))
            yield form


def _blocks(low: int, high: int, sums: bool) -> list[_Part]:
    """A part of an axis in blocks, and what is left; as one where nothing is added up, or little."""
    length = high - low
    if not sums or length <= 2 * BLOCK:
        return [_Part(low, length)]
    blocks = length // BLOCK
    rest = length - blocks * BLOCK
    return [_Part(low, BLOCK, blocks), *([_Part(high - rest, rest)] if rest else [])]
