"""One function in IR of a stage: a nest of loops for the roots of each level and shape, then the numbers that it gives.

Loops are parted where a slice begins or ends, so that inside of each part nothing has to be asked; long sums are added up in
blocks, as NumPy's are, so that their rounding stays small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

import numpy

from calcgrad.compiling.banding import Diagonals
from calcgrad.compiling.graph import GraphValue
from calcgrad.native.fitting import SINGLE, TRUTH, reduction
from calcgrad.native.indices import Form, Index, linear, segments, symbol
from calcgrad.native.lowering import LOWERED, Value, constant
from calcgrad.native.plans import Plan, Root
from calcgrad.native.reading import Reader, SplitError
from calcgrad.native.text import Text, double
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
class _Gather:
    """How entries are brought together: where one begins, and what an entry does to what is there."""

    start: float
    op: str
    free: bool  # whether the order may change


_GATHERS = {
    "sum": _Gather(0.0, "fadd", True),
    "sum_to": _Gather(0.0, "fadd", True),
    "scatter": _Gather(0.0, "fadd", False),
    "prod": _Gather(1.0, "fmul", False),
    "amax": _Gather(-numpy.inf, "maximum", False),
    "amin": _Gather(numpy.inf, "minimum", False),
}
_PUT, _ADDED = _Gather(0.0, "", False), _Gather(0.0, "fadd", False)


def _how(value: GraphValue, argument: int) -> _Gather:
    """What the entries of an argument do to what is there; without an operation they take its place."""
    if isinstance(value.op, Diagonals):
        return _ADDED if value.op.slices[argument - value.op.onto][1] else _PUT
    return _GATHERS[value.op]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an axis: ``blocks`` of ``length`` numbers each, from ``low`` on."""

    low: int
    length: int
    blocks: int = 1


@dataclass(slots=True)
class Nests:
    """Writes the function of a stage; one that ``refuses`` nan raises its flag where it would give one."""

    values: Sequence[GraphValue]
    plan: Plan
    stored: Collection[int]
    exports: Sequence[int]
    refuses: bool = False
    text: Text = field(default_factory=Text)
    given: list[int] = field(default_factory=list)
    tables: list[Any] = field(default_factory=list)
    cells: dict[int, str] = field(default_factory=dict)
    here: tuple[frozenset[int], Index] = (frozenset(), ())
    work: int = 0
    flats: list[Form] | None = None  # of a trial: where it reads
    _known_tables: dict[int, str] = field(default_factory=dict)
    _memory: dict[int, int] = field(default_factory=dict)
    _diagonals: dict[int, tuple[int, float] | None] = field(default_factory=dict)
    _uniform: dict[int, Any] = field(default_factory=dict)
    _level: int = 0
    _gathered: dict[int, int] = field(default_factory=dict)
    reader: Any = None

    def write(self) -> Core:
        """The function's text."""
        self.reader = Reader(self.values, self.text, self._table)
        self._memory = {r.place: r.level for r in self.plan.roots if self.values[r.place].shape}  # the last
        self._starts()
        for level in sorted({root.level for root in self.plan.roots}):
            self._level = level
            for space in dict.fromkeys(root.space for root in self.plan.roots if root.level == level):
                self._nest([r for r in self.plan.roots if (r.level, r.space) == (level, space)], space)
        self._level += 1
        for place in self.plan.scalars:
            entry = self.read(place, ()).number(self.text)
            self._refuse(place, entry)
            self.text.line(f"store double {entry}, ptr %o{place}, align 8")
        self._refuse_gathered()
        return self._core()

    def _refuse(self, place: int, entry: str) -> None:
        if self.refuses and place in self.exports:
            self.text.flag(self.text.compare("uno", entry, entry))

    def _refuse_gathered(self) -> None:
        """Look through the arrays that were added up in memory."""
        for root in self.plan.roots:
            shape = self.values[root.place].shape
            summed = root.gathers and not isinstance(self.values[root.place].op, Diagonals)
            if self.refuses and summed and shape and root.place in self.exports:
                with self.text.loop(0, prod(shape)) as counter:
                    cell = self._cell(f"%o{root.place}", symbol(counter), root.place)
                    self._refuse(root.place, self._get(cell, root.place))

    def _core(self) -> Core:
        kept = self.plan.kept
        parameters = [
            *(f"{'ptr noalias' if self.values[p].shape else 'double'} %v{p}" for p in self.given),
            *(f"ptr noalias %table{k}" for k in range(len(self.tables))),
            *(f"ptr noalias %o{p}" for p in self.exports),
            *(f"ptr noalias %o{p}" for p in kept),
        ]
        t = self.text
        lines = ["top:", "  %flag = alloca i64", *t.first, "  store i64 0, ptr %flag", *t.lines]
        lines += ["  %raised = load i64, ptr %flag", "  ret i64 %raised"]
        head = f"define internal i64 @core({', '.join(parameters)}) noinline nounwind {{"
        text = "\n".join([head, *lines, "}", *sorted(t.declared)])
        return Core(text, self.given, self.tables, list(self.exports), list(kept), t.flagged, self.work)

    def _starts(self) -> None:
        """What reductions begin with."""
        for root in self.plan.roots:
            value = self.values[root.place]
            if not root.gathers or root.argument:
                continue
            start = double(_how(value, root.argument).start)
            if not value.shape:
                self.cells[root.place] = self.text.alloca()
                self._gathered[root.place] = root.level
                self.text.first.append(f"  store double {start}, ptr {self.cells[root.place]}")
                continue
            with self.text.loop(0, prod(value.shape)) as counter:
                self._put(start, self._cell(f"%o{root.place}", symbol(counter), root.place), root.place)

    # --- loops ---

    def _nest(self, roots: Sequence[Root], space: Shape) -> None:
        trial = self._trial(roots, space)
        lengths, cuts = trial.merged(roots, space), trial.reader.cuts
        parts = [segments(n, cuts.get(f"%{k}", set()), _PARTS) for k, n in enumerate(lengths)]
        while prod(map(len, parts)) > _ALL_PARTS:
            most = max(range(len(parts)), key=lambda k: len(parts[k]))
            parts[most] = [(0, lengths[most])]
        sums = any(root.gathers and _how(self.values[root.place], root.argument).free for root in roots)
        blocked = [[b for part in axis for b in _blocks(*part, sums)] for axis in parts]
        for chosen in product(*blocked):
            self._loops(roots, chosen)
        self.work += prod(space) * len(roots)

    def _trial(self, roots: Sequence[Root], space: Shape) -> Nests:
        """The nest written once into a text that nobody reads: where tests would change their outcome, and what is read where."""
        trial = Nests(self.values, self.plan, self.stored, self.exports, flats=[])
        trial.reader = Reader(self.values, trial.text, trial._table)
        trial.reader.ranges = {f"%{k}": (0, n) for k, n in enumerate(space)}
        trial.cells, trial._memory, trial._level = self.cells, self._memory, self._level
        trial._gathered = self._gathered
        index = tuple([symbol(f"%{k}") for k in range(len(space))])
        trial.here = (frozenset(root.place for root in roots), index)
        for root in roots:
            trial._entry(root, index)
        return trial

    def merged(self, roots: Sequence[Root], space: Shape) -> Shape:
        """The lengths of the loops of a trial: neighbouring axes are one loop, the later one, where all that is read and written
        lies as if they were one, and nothing is decided by one of them.
        """
        assert self.flats is not None
        axes = [f"%{k}" for k in range(len(space))]
        flats = [self._flat_of(root, tuple(map(symbol, axes)), space) for root in roots] + self.flats
        factors = [dict(flat.terms) for flat in flats]
        words = {word.rstrip(",") for line in self.text.lines for word in line.split()}
        lengths = list(space)
        for k in range(len(space) - 1):
            one, two = axes[k], axes[k + 1]
            asked = {one, two} & (words | self.reader.asked)
            if not asked and all(f.get(one, 0) == space[k + 1] * f.get(two, 0) for f in factors):
                lengths[k : k + 2] = [1, lengths[k] * lengths[k + 1]]
        return tuple(lengths)

    def _flat_of(self, root: Root, index: Index, space: Shape) -> Form:
        """Where a root's entry goes, among all its entries."""
        value = self.values[root.place]
        if not root.gathers:
            return linear(index, value.shape)
        return _Running(self, root, len(space)).flat(index) if value.shape else Form()

    def _entry(self, root: Root, index: Index) -> Value:
        """What a root is made of at an index of its loops."""
        value = self.values[root.place]
        if root.gathers or isinstance(value.op, Diagonals):
            a = value.args[root.argument]
            return self.read(a, index if self.values[a].shape else ())
        return self.read(root.place, index)

    def _loops(self, roots: Sequence[Root], parts: Sequence[_Part]) -> None:
        t = self.text
        ranges: dict[str, tuple[int, int]] = {}
        self.reader.ranges = ranges
        running = {root: _Running(self, root, len(parts)) for root in roots if root.gathers}
        index: list[Form] = []
        with ExitStack() as stack:
            for axis, part in enumerate(parts):
                for gather in running.values():
                    gather.enter(axis, index, stack)
                index.append(stack.enter_context(self._axis(part, ranges, running.values())))
            here = tuple(index)
            self.here = (frozenset(root.place for root in roots), here)
            for root in roots:
                entry = self._entry(root, here)
                if root.gathers:
                    running[root].take(entry.number(t), here)
                else:
                    self._store(root.place, here, entry)
            self.here = (frozenset(), ())

    @contextmanager
    def _axis(self, part: _Part, ranges: dict[str, tuple[int, int]], running: Any) -> Iterator[Form]:
        t = self.text
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

    # --- entries ---

    def read(self, place: int, index: Index) -> Value:
        """An entry of a value, and before it all that it is made of."""
        todo: list[tuple[int, Index, bool]] = [(place, index, not self.values[place].shape)]
        while todo:
            p, i, outside = todo[-1]
            with self.text.outside() if outside else nullcontext():
                if self.text.recall((p, i)) is not None:
                    todo.pop()
                    continue
                needed = self._made(p, i)
            # What a number is made of is made outside of the loops too.
            todo.extend([(a, j, outside or not self.values[a].shape) for a, j in needed])
        found: Value = self.text.recall((place, index))
        return found

    def _made(self, place: int, index: Index) -> list[tuple[int, Index]]:
        """Make an entry; or else say what has to be there first."""
        simple = self._at_hand(place, index)
        if simple is not None:
            self.text.know((place, index), simple)
            return []
        try:
            source = self.reader.source(place, index)
        except SplitError as error:
            flat = linear(index, self.values[place].shape)
            self.text.know((place, index), self._load(error.place, flat))
            return []
        missing = [read for read in source.reads if self.text.recall(read) is None]
        if not missing:
            self.text.know((place, index), source.made([self.text.recall(read) for read in source.reads]))
        return missing

    def _at_hand(self, place: int, index: Index) -> Value | None:
        """An entry of what is stored: of constants, of what is given, and of what other nests have made."""
        value = self.values[place]
        if value.op == "constant" and not value.shape:
            return constant(value.value if isinstance(value.value, bool) else float(value.value))
        if place in self.cells:
            assert self._gathered[place] < self._level, "a sum is read before it is made"
            total = self.text.value(f"load double, ptr {self.cells[place]}")
            return Value(self.text.single(total) if value.dtype == SINGLE else total)
        if value.op == "constant" and value.shape:
            if place not in self._uniform:
                self._uniform[place] = uniform(value.value)
            if self._uniform[place] is not None:
                return constant(self._uniform[place])
        if value.op == "constant" and len(value.shape) == 2:
            entry = self._on_diagonal(place, value.value, index)
            if entry is not None:
                return entry
        stored = place in self.stored or value.op in ("input", "constant")
        if not value.shape:
            return Value(self._argument(place)) if stored else None
        in_memory = place in self._memory and not (place in self.here[0] and index == self.here[1])
        if stored or in_memory:
            return self._load(place, linear(index, value.shape))
        return None

    def _on_diagonal(self, place: int, matrix: Any, index: Index) -> Value | None:
        """An entry of a constant matrix that is one number on one diagonal and zero elsewhere: nothing is loaded for it."""
        if place not in self._diagonals:
            self._diagonals[place] = diagonal(matrix)
        found = self._diagonals[place]
        if found is None:
            return None
        above = index[1].plus(index[0].times(-1)).shifted(-found[0])
        self.reader.asked.update(s for s, _ in above.terms)
        bounds = above.bounds(self.reader.ranges)
        if bounds is not None and not bounds[0] <= 0 <= bounds[1]:
            return constant(0.0)
        on = self.text.value(f"icmp eq i64 {above.write(self.text)}, 0")
        return Value(self.text.select(on, double(found[1]), double(0.0)))

    def _argument(self, place: int) -> str:
        if place not in self.given:
            self.given.append(place)
        return f"%v{place}"

    def _load(self, place: int, flat: Form) -> Value:
        t, value = self.text, self.values[place]
        if value.op == "constant":
            table = numpy.ascontiguousarray(value.value)
            table = table.astype(numpy.uint8 if table.dtype == TRUTH else numpy.float64, copy=False)
            pointer = self._table(table, id(value.value))
        elif place in self._memory:
            assert self._memory[place] < self._level, "a value is read before it is made"
            pointer = f"%o{place}"
        elif place in self.stored or value.op == "input":
            pointer = self._argument(place)
        else:
            raise AssertionError("a reshaped value was not kept")
        if value.dtype == TRUTH:
            cell = t.value(f"getelementptr inbounds i8, ptr {pointer}, i64 {self._at(flat)}")
            return Value(t.value(f"icmp ne i8 {t.value(f'load i8, ptr {cell}')}, 0"), truth=True)
        if value.dtype == SINGLE and value.op != "constant":
            short = t.value(f"load float, ptr {self._cell(pointer, flat, place)}, align 4")
            return Value(t.value(f"fpext float {short} to double"))
        return Value(t.value(f"load double, ptr {self._cell(pointer, flat, place)}, align 8"))

    def _cell(self, pointer: str, flat: Form, place: int) -> str:
        """Where an entry of a value lies; constants are kept as doubles."""
        short = self.values[place].dtype == SINGLE and self.values[place].op != "constant"
        kind = "float" if short else "double"
        return self.text.value(f"getelementptr inbounds {kind}, ptr {pointer}, i64 {self._at(flat)}")

    def _get(self, cell: str, place: int) -> str:
        """An entry of a value that is being made, as a double."""
        t = self.text
        if self.values[place].dtype != SINGLE:
            return t.fresh(f"load double, ptr {cell}, align 8")
        return t.fresh(f"fpext float {t.fresh(f'load float, ptr {cell}, align 4')} to double")

    def _put(self, number: str, cell: str, place: int) -> None:
        """Store an entry of a value; of a single the double is one too."""
        t = self.text
        if self.values[place].dtype == SINGLE:
            t.line(f"store float {t.value(f'fptrunc double {number} to float')}, ptr {cell}, align 4")
        else:
            t.line(f"store double {number}, ptr {cell}, align 8")

    def _at(self, flat: Form) -> str:
        """A place among all entries, as it is written."""
        if self.flats is None:
            return flat.write(self.text)
        self.flats.append(flat)
        return "0"

    def _store(self, place: int, index: Index, entry: Value) -> None:
        t, flat = self.text, linear(index, self.values[place].shape)
        if self.values[place].dtype == TRUTH:
            cell = t.value(f"getelementptr inbounds i8, ptr %o{place}, i64 {flat.write(t)}")
            t.line(f"store i8 {t.value(f'zext i1 {entry.condition(t)} to i8')}, ptr {cell}")
        else:
            number = entry.number(t)
            self._refuse(place, number)
            self._put(number, self._cell(f"%o{place}", flat, place), place)

    def _table(self, table: Any, key: int | None = None) -> str:
        """The name of an array of constants; ``key`` is that of what it was made from."""
        key = id(table) if key is None else key
        if key not in self._known_tables:
            self._known_tables[key] = f"%table{len(self.tables)}"
            self.tables.append(table)
        return self._known_tables[key]


class _Running:
    """A reduction in its loops: what is gathered so far is in a cell for each loop over the axes that go, from the last inwards."""

    def __init__(self, nests: Nests, root: Root, depth: int) -> None:
        self.nests = nests
        self.text = nests.text
        self.root = root
        self.value = nests.values[root.place]
        self.how = _how(self.value, root.argument)
        axes: Collection[int] = ()
        if self.value.op != "scatter" and not isinstance(self.value.op, Diagonals):
            self.shape = root.space
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
            return self.nests.cells[self.root.place]
        return self.nests._cell(f"%o{self.root.place}", self.flat(index), self.root.place)

    def flat(self, index: Sequence[Form]) -> Form:
        """The place of that cell among all entries; the axes that go may be missing at the end of the index."""
        if isinstance(self.value.op, Diagonals):
            part = self.value.op.slices[self.root.argument - self.value.op.onto][0]
            return index[0].times(part.step).shifted(part.start)
        if self.value.op == "scatter":
            return linear(self.nests.reader.scattered_to(self.value, tuple(index)), self.value.shape)
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
            entry = self._together(self.nests._get(cell, place), entry)
        if isinstance(self.value.op, Diagonals):
            self.nests._refuse(place, entry)
        self.nests._put(entry, cell, place)

    def _into(self, cell: str, entry: str, free: bool) -> None:
        before = self.text.fresh(f"load double, ptr {cell}")
        self.text.line(f"store double {self._together(before, entry, free)}, ptr {cell}")

    def _together(self, before: str, entry: str, free: bool = False) -> str:
        if self.how.op in LOWERED:
            return LOWERED[self.how.op].emit(self.text, before, entry)
        return self.text.fresh(f"{self.how.op} {'reassoc ' if free else ''}double {before}, {entry}")


def diagonal(matrix: Any) -> tuple[int, float] | None:
    """How far above the main one the only diagonal of a matrix stands that is not zero, and its number.

    >>> diagonal(numpy.eye(3, k=1) * 2.0), diagonal(numpy.ones((2, 2)))
    ((1, 2.0), None)
    """
    if matrix.dtype != numpy.float64 or numpy.any(numpy.signbit(matrix) & (matrix == 0)):
        return None
    rows, columns = numpy.nonzero(matrix)
    if not len(rows):
        return None
    above, number = int(columns[0] - rows[0]), float(matrix[rows[0], columns[0]])
    whole = numpy.diagonal(matrix, above)
    one = number == number and len(whole) == len(rows) and bool(numpy.all(whole == number))
    return (above, number) if one else None


def uniform(array: Any) -> float | bool | None:
    """The entry that all of an array are, to the bit.

    >>> uniform(numpy.full(3, 0.5)), uniform(numpy.array([0.0, -0.0]))
    (0.5, None)
    """
    first = array.flat[0].item()
    same = array == first
    if not same.all() or (array.dtype.kind == "f" and first == 0 and numpy.signbit(array).any()):
        return None
    return bool(first) if array.dtype == TRUTH else float(first)


def _blocks(low: int, high: int, sums: bool) -> list[_Part]:
    """A part of an axis in blocks, and what is left; as one where nothing is added up, or little."""
    length = high - low
    if not sums or length <= 2 * BLOCK:
        return [_Part(low, length)]
    blocks = length // BLOCK
    rest = length - blocks * BLOCK
    return [_Part(low, BLOCK, blocks), *([_Part(high - rest, rest)] if rest else [])]
