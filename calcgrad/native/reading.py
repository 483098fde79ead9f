"""An entry of a value at an index, as entries of others: what is read, and what is made of it.

Nothing here knows loops. Indices are forms of whole numbers, ranges of counters are known, and what cannot be decided from them
is decided in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from calcgrad.compiling.graph import GraphValue, elementwise
from calcgrad.native.fitting import SINGLE, Places, basic, in_single, places
from calcgrad.native.indices import Form, Index, linear, regrouped, symbol
from calcgrad.native.lowering import Value, apply, constant
from calcgrad.native.text import Text

Read = tuple[int, Index]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry comes from: the entries that are read, and what makes one of them."""

    reads: list[Read]
    made: Callable[[Sequence[Value]], Value]


class SplitError(Exception):
    """A reshaped value can only be read from memory: ``place`` has to be kept there."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


@dataclass(slots=True)
class Reader:
    """Finds sources; ``ranges`` are those of the counters, ``cuts`` collects where tests that were not decided would change, and
    ``asked`` the counters that anything was decided by.

    ``table(array)`` gives the name of a table of whole numbers, and ``stored(place)`` says of a value whether it can be read at any
    place among all its entries.
    """

    values: Sequence[GraphValue]
    text: Text
    table: Callable[[Any], str]
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    cuts: dict[str, set[int]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    _places: dict[int, Places] = field(default_factory=dict)

    def source(self, place: int, index: Index) -> Source:
        """Where the entry of a value comes from."""
        value = self.values[place]
        if elementwise(value.op):
            reads = [(a, spread(index, value.shape, self.values[a].shape)) for a in value.args]
            return Source(reads, lambda found: self._applied(value, found))
        return getattr(self, f"_{value.op}")(value, index)  # type: ignore[no-any-return]

    def _applied(self, value: GraphValue, found: Sequence[Value]) -> Value:
        """An operation on entries; on singles it is one of doubles that is rounded."""
        t = self.text
        if in_single(self.values, value):
            plain = [self.values[a].scalar and not f.truth for a, f in zip(value.args, found, strict=True)]
            found = [Value(t.single(f.name)) if p else f for p, f in zip(plain, found, strict=True)]
        y = apply(t, value.op, found)
        return Value(t.single(y.number(t))) if value.dtype == SINGLE else y

    # --- one entry of one array ---

    def _stop_gradient(self, value: GraphValue, index: Index) -> Source:
        return _as_it_is(value.args[0], index)

    def _transpose(self, value: GraphValue, index: Index) -> Source:
        axes = value.params[0] if value.params else None
        axes = tuple(range(len(index)))[::-1] if axes is None else axes
        found = [Form()] * len(axes)
        for k, axis in enumerate(axes):
            found[axis] = index[k]
        return _as_it_is(value.args[0], tuple(found))

    def _reshape(self, value: GraphValue, index: Index) -> Source:
        a = value.args[0]
        found = regrouped(index, value.shape, self.values[a].shape)
        if found is None:
            raise SplitError(a)
        return _as_it_is(a, found)

    def _broadcast_to(self, value: GraphValue, index: Index) -> Source:
        a = value.args[0]
        shape = self.values[a].shape
        through = value.params[1] if len(value.params) > 1 and value.params[1] is not None else shape
        found = regrouped(spread(index, value.shape, through), through, shape)
        if found is None:
            raise SplitError(a)
        return _as_it_is(a, found)

    def _getitem(self, value: GraphValue, index: Index) -> Source:
        a = value.args[0]
        shape = self.values[a].shape
        elements = basic(value.params)
        if elements is None:
            return _as_it_is(a, self._by_tables(self._chosen(value, value.params, shape), index))
        found: list[Form] = []
        left = list(index)
        for element, length in _by_axes(elements, shape):
            if element is None:
                left.pop(0)
            elif isinstance(element, slice):
                start, _, step = element.indices(length)
                found.append(left.pop(0).times(step).shifted(start))
            else:
                found.append(Form(int(element) % length))
        return _as_it_is(a, tuple(found))

    def _chosen(self, value: GraphValue, index: Sequence[Any], shape: Sequence[int]) -> Places:
        """The tables of an index: the same objects each time, since they are known by what they are."""
        if value.place not in self._places:
            found = places(index, tuple(shape))
            assert found is not None
            self._places[value.place] = found
        return self._places[value.place]

    def _by_tables(self, chosen: Places, index: Index) -> Index:
        """The index into an array that is indexed by tables: they are read at a part of the index."""
        depth = chosen.arrays[0].ndim
        part = index[chosen.axis : chosen.axis + depth]
        found = [symbol(self.entry(table, part)) for table in chosen.arrays]
        return (*index[: chosen.axis], *found, *index[chosen.axis + depth :])

    def entry(self, table: Any, index: Index) -> str:
        """An entry of a table of whole numbers."""
        place = linear(index, table.shape).write(self.text)
        cell = self.text.value(f"getelementptr inbounds i64, ptr {self.table(table)}, i64 {place}")
        return self.text.value(f"load i64, ptr {cell}, align 8")

    def scattered_to(self, value: GraphValue, index: Index) -> Index:
        """The entry to which an entry of the argument of a scatter by tables is added."""
        return self._by_tables(self._chosen(value, value.params[0], value.shape), index)

    # --- one entry of one of several arrays, or a zero ---

    def _scatter(self, value: GraphValue, index: Index) -> Source:
        elements = basic(value.params[0])
        assert elements is not None
        found: list[Form] = []
        tests: list[str] = []
        axes = iter(index)
        for element, length in _by_axes(elements, value.shape):
            if element is None:
                found.append(Form())
                continue
            here = next(axes)
            moved: Form | None = None
            if isinstance(element, slice):
                start, stop, step = element.indices(length)
                verdict = self._within(here, range(start, stop, step))
                moved = self._quotient(here.shifted(-start), step) if verdict else Form()
            else:
                verdict = self._within(here, range(int(element) % length, int(element) % length + 1))
            if verdict is False:
                return Source([], lambda _: constant(0.0))
            if isinstance(verdict, str):
                tests.append(verdict)
                if moved is not None:
                    moved = self._safe(verdict, moved)
            if moved is not None:
                found.append(moved)
        single = value.dtype == SINGLE
        return Source([(value.args[0], tuple(found))], lambda read: self._or_zero(tests, read[0], single))

    def _or_zero(self, tests: Sequence[str], read: Value, single: bool) -> Value:
        """What is added to a zero, where all tests hold; also -0.0 is then 0.0."""
        entry = self.text.add(read.number(self.text), constant(0.0).name)
        entry = self.text.single(entry) if single else entry  # it is one: said, so that LLVM adds floats
        for test in tests:
            entry = self.text.select(test, entry, constant(0.0).name)
        return Value(entry)

    def _concatenate(self, value: GraphValue, index: Index) -> Source:
        axis = value.params[0]
        lengths = [self.values[a].shape[axis] for a in value.args]
        starts = [sum(lengths[:k]) for k in range(len(lengths))]
        pieces = [range(s, s + n) for s, n in zip(starts, lengths, strict=True)]
        return self._one_of(
            value.args, index[axis], pieces, lambda moved: (*index[:axis], moved, *index[axis + 1 :])
        )

    def _vector(self, value: GraphValue, index: Index) -> Source:
        pieces = [range(k, k + 1) for k in range(len(value.args))]
        return self._one_of(value.args, index[0], pieces, lambda _: index[1:])

    def _one_of(
        self, args: Sequence[int], here: Form, pieces: Sequence[range], moved: Callable[[Form], Index]
    ) -> Source:
        reads: list[Read] = []
        tests: list[str] = []
        for a, piece in zip(args, pieces, strict=True):
            verdict = self._within(here, piece)
            if verdict is False:
                continue
            inner = here.shifted(-piece.start)
            if verdict is True:
                return _as_it_is(a, moved(inner))
            reads.append((a, moved(self._safe(verdict, inner))))
            tests.append(verdict)

        def made(found: Sequence[Value]) -> Value:
            chosen = found[-1].number(self.text)
            for test, entry in zip(tests[-2::-1], found[-2::-1], strict=True):
                chosen = self.text.select(test, entry.number(self.text), chosen)
            return Value(chosen)

        return Source(reads, made)

    # --- deciding ---

    def _within(self, form: Form, wanted: range) -> bool | str:
        """Whether an index is one of these: decided now, or the name of a truth value in the text."""
        self.asked.update(s for s, _ in form.terms)
        bounds = form.bounds(self.ranges)
        if not wanted:
            return False
        low, high = sorted((wanted[0], wanted[-1]))  # not by going through all of it
        if bounds is not None:
            if bounds[1] < low or bounds[0] > high:
                return False
            inside = low <= bounds[0] and bounds[1] <= high
            dense = abs(wanted.step) == 1 or len(wanted) == 1
            if inside and (dense or _steps_with(form, wanted)):
                return True
            if not form.terms:
                return form.constant in wanted
        self._cut(form, low, high + 1)
        return self._test(form, wanted, low, high)

    def _cut(self, form: Form, *boundaries: int) -> None:
        if len(form.terms) == 1 and form.terms[0][1] == 1:
            counter = form.terms[0][0]
            self.cuts.setdefault(counter, set()).update(b - form.constant for b in boundaries)

    def _test(self, form: Form, wanted: range, low: int, high: int) -> str:
        t = self.text
        here = form.write(t)
        test = t.value(
            f"and i1 {t.value(f'icmp sge i64 {here}, {low}')}, {t.value(f'icmp sle i64 {here}, {high}')}"
        )
        step = abs(wanted.step)
        if step == 1 or len(wanted) == 1:
            return test
        rest = t.value(f"srem i64 {t.value(f'sub i64 {here}, {low}')}, {step}")
        return t.value(f"and i1 {test}, {t.value(f'icmp eq i64 {rest}, 0')}")

    def _quotient(self, form: Form, step: int) -> Form:
        if _divides(form, step):
            return Form(form.constant // step, tuple([(s, f // step) for s, f in form.terms]))
        return symbol(self.text.value(f"sdiv i64 {form.write(self.text)}, {step}"))

    def _safe(self, test: str, form: Form) -> Form:
        """An index that stays within the array where the test fails."""
        if not form.terms:
            return form
        return symbol(self.text.select(test, form.write(self.text), "0", "i64"))


def _as_it_is(place: int, index: Index) -> Source:
    return Source([(place, index)], lambda found: found[0])


def _divides(form: Form, step: int) -> bool:
    return not form.constant % step and not any(f % step for _, f in form.terms)


def _steps_with(form: Form, wanted: range) -> bool:
    """Whether all values of a form are steps of a range, given that they lie between its ends."""
    return _divides(form.shifted(-wanted.start), abs(wanted.step))


def spread(index: Index, whole: Sequence[int], shape: Sequence[int]) -> Index:
    """The index into an argument that is repeated to a larger shape: axes are matched from the last."""
    extra = len(whole) - len(shape)
    return tuple(
        [Form() if n == 1 and whole[extra + k] != 1 else index[extra + k] for k, n in enumerate(shape)]
    )


def _by_axes(elements: Sequence[Any], shape: Sequence[int]) -> list[tuple[Any, int]]:
    """The elements of an index with the length of the axis of each; whole slices where none is written."""
    used = sum(e is not None and e is not Ellipsis for e in elements)
    fill = [slice(None)] * (len(shape) - used)
    if Ellipsis in elements:
        at = list(elements).index(Ellipsis)
        full = [*elements[:at], *fill, *elements[at + 1 :]]
    else:
        full = [*elements, *fill]
    lengths = iter(shape)
    return [(element, 1 if element is None else next(lengths)) for element in full]
