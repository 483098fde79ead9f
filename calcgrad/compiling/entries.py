"""Single entries of vectors: many that are read are read at once, and what is added to many is gathered in a list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy

from calcgrad.compiling.graph import Graph, GraphValue
from calcgrad.compiling.sheet import Sheet
from calcgrad.compiling.tasks import Task

#: From so many reads of single entries on, a vector is made a list.
_FEW = 4
#: A list of at most so many numbers is read at once, where at least half of them are.
_MANY = 4096


def reads_entry(graph: Graph, value: GraphValue) -> bool:
    """Whether one number is read from a vector: where many are, the vector is made a list of floats."""
    if value.op != "getitem" or len(value.params) != 1 or type(value.params[0]) is not int:
        return False
    return value.scalar and graph.values[value.args[0]].dtype == numpy.float64


def adds_entry(graph: Graph, task: Task) -> bool:
    """Whether one number is added to one entry of a vector: such are gathered in a list."""
    if task.kind != "add" or task.index is None or len(task.index) != 1:
        return False
    whole = graph.values[task.place]
    return type(task.index[0]) is int and len(whole.shape) == 1 and graph.values[task.args[0]].scalar


class Reads:
    """The numbers that are read from each vector."""

    def __init__(self, graph: Graph) -> None:
        self._of: dict[int, list[GraphValue]] = defaultdict(list)
        for value in graph.values:
            if reads_entry(graph, value):
                self._of[value.args[0]].append(value)
        self._lists: set[int] = set()
        self._at_once: dict[int, str] = {}

    def write(self, sheet: Sheet, value: GraphValue) -> None:
        """One number of a vector; where many are read, the vector is made a list of floats, or all are read at once."""
        base, index, name = value.args[0], value.params[0], f"v{value.place}"
        count, length = len(self._of[base]), sheet.graph.values[base].shape[0]
        if count < _FEW:
            sheet.lines.append(f"{name} = {sheet.text(base)}.item({index})")
        elif 2 * count < length or length > _MANY:
            if base not in self._lists:
                self._lists.add(base)
                sheet.lines.append(f"e{base} = {sheet.text(base)}.tolist()")
            sheet.lines.append(f"{name} = e{base}[{index}]")
        elif base not in self._lists:
            self._lists.add(base)
            self._read_at_once(sheet, base, length)
        sheet.texts[value.place] = self._at_once.get(value.place, name)

    def _read_at_once(self, sheet: Sheet, base: int, length: int) -> None:
        names = ["_"] * length
        for value in self._of[base]:
            entry = value.params[0]
            if names[entry] == "_":
                names[entry] = f"v{value.place}"
            self._at_once[value.place] = names[entry]
        sheet.lines.append(f"{', '.join(names)}, = {sheet.text(base)}.tolist()")


class Sums:
    """What is added to single entries of each vector, until all of it is known; other parts are added one by one."""

    def __init__(self, graph: Graph, tasks: Iterable[Task]) -> None:
        adding = [task for task in tasks if task.kind == "add"]
        self._waiting = Counter(task.place for task in adding if adds_entry(graph, task))
        self._parts = Counter(task.place for task in adding) - self._waiting
        self._added: dict[int, dict[int, list[str]]] = defaultdict(dict)

    def fills(self, place: int) -> bool:
        """Whether a list fills the whole vector in the end, so that it need not hold zeros before."""
        return not self._parts[place] and bool(self._waiting[place])

    def add(self, sheet: Sheet, task: Task) -> None:
        """One number for one entry; the last one writes all of them."""
        assert task.index is not None
        place = task.place
        entry = task.index[0] % sheet.graph.values[place].shape[0]
        self._added[place].setdefault(entry, []).append(sheet.text(task.args[0]))
        self._waiting[place] -= 1
        if not self._waiting[place]:
            first = place in sheet.zeroed or not self._parts[place]
            sheet.zeroed.discard(place)
            found = self._list(sheet, place)
            if sheet.loses:
                found = sheet.asked(f"l{place}", found)
            sheet.lines.append(f"{sheet.text(place)}[...] {'' if first else '+'}= {found}")

    def _list(self, sheet: Sheet, place: int) -> str:
        """The list of what is added to each entry of a vector, as it stands or made before."""
        length, added = sheet.graph.values[place].shape[0], self._added.pop(place)
        sums = {entry: " + ".join(texts) for entry, texts in added.items()}
        if 2 * len(sums) >= length:
            return f"[{', '.join(sums.get(entry, '0.0') for entry in range(length))}]"
        sheet.lines.append(f"l{place} = [0.0] * {length}")
        sheet.lines += [f"l{place}[{entry}] = {text}" for entry, text in sums.items()]
        return f"l{place}"
