"""The entries of values in a stage's function: read, made of others, loaded, stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy

from calcgrad.compiling.banding import Diagonals
from calcgrad.compiling.graph import GraphValue
from calcgrad.native.constants import diagonal, uniform
from calcgrad.native.fitting import SINGLE, TRUTH
from calcgrad.native.indices import Form, Index, linear
from calcgrad.native.lowering import Value, constant
from calcgrad.native.plans import Root
from calcgrad.native.reading import Reader, SplitError
from calcgrad.native.text import Text, double


@dataclass(slots=True)
class Entries:
    """Writes how entries come about; where it ``refuses`` nan, a flag is raised where one would be given.

    ``given`` are the values that are asked for, as pointers or numbers, ``tables`` the arrays of constants. ``cells`` hold the
    reductions to one number, ``memory`` and ``gathered`` say in the nests of which level a value is made, and ``level`` is the
    present one. ``here`` are the values that the present loops make, at their index.
    """

    values: Sequence[GraphValue]
    stored: Collection[int]
    exports: Sequence[int]
    refuses: bool = False
    text: Text = field(default_factory=Text)
    given: list[int] = field(default_factory=list)
    tables: list[Any] = field(default_factory=list)
    cells: dict[int, str] = field(default_factory=dict)
    memory: dict[int, int] = field(default_factory=dict)
    gathered: dict[int, int] = field(default_factory=dict)
    level: int = 0
    here: tuple[frozenset[int], Index] = (frozenset(), ())
    flats: list[Form] | None = None  # of a trial: where it reads
    reader: Reader = field(init=False)
    _known_tables: dict[int, str] = field(default_factory=dict)
    _diagonals: dict[int, tuple[int, float] | None] = field(default_factory=dict)
    _uniform: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reader = Reader(self.values, self.text, self._table)

    def aside(self) -> Entries:
        """The same entries in a text that nobody reads, which notes where it reads."""
        trial = Entries(self.values, self.stored, self.exports, flats=[])
        trial.cells, trial.memory = self.cells, self.memory
        trial.gathered, trial.level = self.gathered, self.level
        return trial

    def made_of(self, root: Root, index: Index) -> Value:
        """What a root is made of at an index of its loops."""
        value = self.values[root.place]
        if root.gathers or isinstance(value.op, Diagonals):
            a = value.args[root.argument]
            return self.read(a, index if self.values[a].shape else ())
        return self.read(root.place, index)

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
            assert self.gathered[place] < self.level, "a sum is read before it is made"
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
        in_memory = place in self.memory and not (place in self.here[0] and index == self.here[1])
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
        elif place in self.memory:
            assert self.memory[place] < self.level, "a value is read before it is made"
            pointer = f"%o{place}"
        elif place in self.stored or value.op == "input":
            pointer = self._argument(place)
        else:
            raise AssertionError("a reshaped value was not kept")
        if value.dtype == TRUTH:
            cell = t.value(f"getelementptr inbounds i8, ptr {pointer}, i64 {self._at(flat)}")
            return Value(t.value(f"icmp ne i8 {t.value(f'load i8, ptr {cell}')}, 0"), truth=True)
        if value.dtype == SINGLE and value.op != "constant":
            short = t.value(f"load float, ptr {self.cell(pointer, flat, place)}, align 4")
            return Value(t.value(f"fpext float {short} to double"))
        return Value(t.value(f"load double, ptr {self.cell(pointer, flat, place)}, align 8"))

    def cell(self, pointer: str, flat: Form, place: int) -> str:
        """Where an entry of a value lies; constants are kept as doubles."""
        short = self.values[place].dtype == SINGLE and self.values[place].op != "constant"
        kind = "float" if short else "double"
        return self.text.value(f"getelementptr inbounds {kind}, ptr {pointer}, i64 {self._at(flat)}")

    def get(self, cell: str, place: int) -> str:
        """An entry of a value that is being made, as a double."""
        t = self.text
        if self.values[place].dtype != SINGLE:
            return t.fresh(f"load double, ptr {cell}, align 8")
        return t.fresh(f"fpext float {t.fresh(f'load float, ptr {cell}, align 4')} to double")

    def put(self, number: str, cell: str, place: int) -> None:
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

    def store(self, place: int, index: Index, entry: Value) -> None:
        """Store an entry that the present loops have made."""
        t, flat = self.text, linear(index, self.values[place].shape)
        if self.values[place].dtype == TRUTH:
            cell = t.value(f"getelementptr inbounds i8, ptr %o{place}, i64 {flat.write(t)}")
            t.line(f"store i8 {t.value(f'zext i1 {entry.condition(t)} to i8')}, ptr {cell}")
        else:
            number = entry.number(t)
            self.refuse(place, number)
            self.put(number, self.cell(f"%o{place}", flat, place), place)

    def _table(self, table: Any, key: int | None = None) -> str:
        """The name of an array of constants; ``key`` is that of what it was made from."""
        key = id(table) if key is None else key
        if key not in self._known_tables:
            self._known_tables[key] = f"%table{len(self.tables)}"
            self.tables.append(table)
        return self._known_tables[key]

    def refuse(self, place: int, entry: str) -> None:
        """Raise the flag where an entry that is handed out is nan."""
        if self.refuses and place in self.exports:
            self.text.flag(self.text.compare("uno", entry, entry))
