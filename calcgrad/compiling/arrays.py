"""NumPy statements for a program over arrays: results go into buffers that are used again, long loops run in blocks.

A block is small enough to stay in the processor's cache while a whole chain of operations goes over it; only what is needed
outside of the loop is ever written to an array of full length.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy

from calcgrad.compiling.graph import Graph, GraphValue
from calcgrad.compiling.scalars import DEPTH
from calcgrad.compiling.tasks import Group, Task, schedule, tasks_of
from calcgrad.operations import infix
from calcgrad.operations.shapes import Shape
from calcgrad.systems.base import FLOAT64
from calcgrad.tracing.opaque import ITEM
from calcgrad.tracing.values import array_function, value_of_operation

#: The numbers in a block, and the fewest numbers for which a loop is worth its overhead.
BLOCK = 16_384
LONG = 4 * BLOCK
#: From so many reads of single entries on, a vector is made a list.
_FEW = 4
#: A list of at most so many numbers is read at once, where at least half of them are.
_MANY = 4096


class ArrayWriter:
    """Writes the lines of a program; ``names`` are what they use, ``workspace`` the buffers that they are given."""

    def __init__(self, graph: Graph, inputs: Sequence[str]) -> None:
        self.graph = graph
        self.names: dict[str, Any] = {"empty": numpy.empty, "zeros": numpy.zeros, "copyto": numpy.copyto}
        self.lines: list[str] = []
        self.workspace: list[tuple[Shape, Any]] = []
        self._texts = {v.place: self._given(v, inputs) for v in graph.values if v.op in ("input", "constant")}
        self._free: list[int] = []
        self._buffer: dict[int, int] = {}
        self._roots: dict[int, int] = {}
        self._fresh: set[int] = set()
        self._guards = dict(graph.guards)
        self._last: dict[int, int] = {}
        self.now = 0
        self._reads: dict[int, dict[int, GraphValue]] = defaultdict(dict)
        for v in graph.values:
            if self._reads_entry(v):
                self._reads[v.args[0]][v.place] = v
        self._once = _read_once(graph)
        self._depths: dict[int, int] = {}
        self._adds: Counter[int] = Counter()
        self._added: dict[int, dict[int, list[str]]] = defaultdict(dict)
        self._lists: set[int] = set()
        self._all_read: dict[int, str] = {}
        self._zeroed: set[int] = set()
        self._parts: dict[tuple[int, str], str] = {}

    def write(self) -> list[str]:
        """The text of each output, after ``lines`` are filled."""
        for value in self.graph.values:  # an argument that decides, as indices do, is made by no task
            if value.op == "input" and value.place in self._guards:
                self.guard(value.place)
        tasks = tasks_of(self.graph)
        self._adds.update(task.place for task in tasks if self._adds_entry(task))
        self._whole = Counter(task.place for task in tasks if task.kind == "add") - self._adds
        groups = schedule(self.graph, tasks, LONG)
        self._note_last_uses(groups)
        for group in groups:
            if group.shape is None:
                for task in group.tasks:
                    self._task(task)
                    self._after([task])
            else:
                _Loop(self, group).write()
                self._after(group.tasks)
        return [self._output(out, k) for k, out in enumerate(self.graph.outputs)]

    # --- texts ---

    def text(self, place: int) -> str:
        """How a value is written."""
        return self._texts[place]

    def _given(self, value: GraphValue, inputs: Sequence[str]) -> str:
        if value.op == "input":
            return inputs[value.place]
        if type(value.value) in (float, int, bool):
            finite = isinstance(value.value, int) or numpy.isfinite(value.value)
            if finite:
                return f"({value.value!r})" if value.value < 0 else repr(value.value)
        return self.name(f"c{value.place}", value.value)

    def name(self, name: str, value: Any) -> str:
        """A name of the program's for a value that is not written out."""
        self.names[name] = value
        return name

    # --- lifetimes ---

    def _note_last_uses(self, groups: Sequence[Group]) -> None:
        """When each value or a view of it is read last, in tasks (a loop is one); outputs are read at the end."""
        now = 0
        for group in groups:
            for task in group.tasks:
                if task.kind == "other" and _views(self.graph.values[task.place]):
                    self._roots[task.place] = self.root(task.args[0])
                for a in (*task.args, task.place):
                    self._last[self.root(a)] = now
                now += group.shape is None
            now += group.shape is not None
        for place in self.graph.outputs:
            self._last[self.root(place)] = now

    def dies(self, place: int) -> bool:
        """Whether nothing reads a value after the present task."""
        return self._last.get(place, -1) <= self.now and place not in self._guards

    def root(self, place: int) -> int:
        """The value whose memory this one is a view of; itself, as a rule."""
        return self._roots.get(place, place)

    def _after(self, tasks: Sequence[Task]) -> None:
        """Check the guards of what was made, and give back the buffers that nobody reads any more."""
        for task in tasks:
            if task.place in self._guards and task.kind != "zeros":
                self.guard(task.place)
        for place in [p for p in self._buffer if self._last.get(p, -1) <= self.now]:
            self._free.append(self._buffer.pop(place))
        self.now += 1

    def out(self, place: int, made: str = "empty") -> str:
        """A buffer of full length for a value: a fresh one for an output, else one of the workspace."""
        value = self.graph.values[place]
        if place in self.graph.outputs:
            self._fresh.add(place)
            self.lines.append(f"v{place} = {made}({value.shape!r}, {self._dtype(value.dtype)})")
            self._texts[place] = f"v{place}"
            return f"v{place}"
        wanted = (value.shape, value.dtype)
        number = next((b for b in self._free if self.workspace[b] == wanted), None)
        if number is None:
            self.workspace.append(wanted)
            number = len(self.workspace) - 1
        else:
            self._free.remove(number)
        self._buffer[place] = number
        self._texts[place] = f"b{number}"
        return f"b{number}"

    def _dtype(self, dtype: Any) -> str:
        return self.name(f"t_{dtype.name}", dtype)

    # --- tasks one by one ---

    def _task(self, task: Task) -> None:
        value = self.graph.values[task.place]
        if task.kind == "entry":
            self._entry(value)
        elif task.kind == "total":
            self.lines.append(
                f"v{task.place} = float({self._ufunc('add')}.reduce({self.text(task.args[0])}, None))"
            )
            self._texts[task.place] = f"v{task.place}"
        elif task.kind == "zeros":
            self._zeros(value)
        elif self._adds_entry(task):
            self._add_entry(task)
        elif task.kind == "add":
            target, source = self.part(task), self.text(task.args[0])
            first = task.place in self._zeroed
            self._zeroed.discard(task.place)
            if first and self._covers(task):
                self.lines.append(f"{target}[...] = {source}")
            else:
                self.lines.append(f"{self._ufunc('add')}({target}, {source}, {target})")
        else:
            self._other(value)

    def _zeros(self, value: GraphValue) -> None:
        """An array to add into; where it is filled from a list in the end, there is nothing to do yet."""
        wanted = self._whole[value.place] or not self._adds[value.place]
        fresh = value.place in self.graph.outputs and wanted
        buffer = self.out(value.place, "zeros" if fresh else "empty")
        if wanted:
            self._zeroed.add(value.place)
            if not fresh:
                self.lines.append(f"{buffer}.fill(0)")

    def part(self, task: Task) -> str:
        """The part of an array that a task adds into: a view, made once."""
        whole = self.text(task.place)
        if task.index is None:
            return whole
        text = self.index(task.index)
        if all(isinstance(e, int) for e in task.index) and len(task.index) == len(
            self.graph.values[task.place].shape
        ):
            text += ", ..."  # one entry as an array, too
        known = self._parts.get((task.place, text))
        if known is None:
            known = self._parts[task.place, text] = f"w{task.place}_{len(self._parts)}"
            self.lines.append(f"{known} = {whole}[{text}]")
        return known

    def _covers(self, task: Task) -> bool:
        """Whether a source has the precision of the array, so that it may stand there instead of being added to zeros."""
        return bool(self.graph.values[task.args[0]].dtype == self.graph.values[task.place].dtype)

    def _adds_entry(self, task: Task) -> bool:
        """Whether one number is added to one entry of a vector: such are gathered in a list."""
        if task.kind != "add" or task.index is None or len(task.index) != 1:
            return False
        whole = self.graph.values[task.place]
        return type(task.index[0]) is int and len(whole.shape) == 1 and self.graph.values[task.args[0]].scalar

    def _add_entry(self, task: Task) -> None:
        assert task.index is not None
        place = task.place
        entry = task.index[0] % self.graph.values[place].shape[0]
        self._added[place].setdefault(entry, []).append(self.text(task.args[0]))
        self._adds[place] -= 1
        if not self._adds[place]:
            first = place in self._zeroed or not self._whole[place]
            self._zeroed.discard(place)
            self.lines.append(f"{self.text(place)}[...] {'' if first else '+'}= {self._list(place)}")

    def _list(self, place: int) -> str:
        """The list of what is added to each entry of a vector, as it stands or made before."""
        length, added = self.graph.values[place].shape[0], self._added.pop(place)
        sums = {entry: " + ".join(texts) for entry, texts in added.items()}
        if 2 * len(sums) >= length:
            return f"[{', '.join(sums.get(entry, '0.0') for entry in range(length))}]"
        self.lines.append(f"l{place} = [0.0] * {length}")
        self.lines += [f"l{place}[{entry}] = {text}" for entry, text in sums.items()]
        return f"l{place}"

    def _reads_entry(self, value: GraphValue) -> bool:
        """Whether one number is read from a vector: where many are, the vector is made a list of floats."""
        if value.op != "getitem" or len(value.params) != 1 or type(value.params[0]) is not int:
            return False
        return value.scalar and self.graph.values[value.args[0]].dtype == numpy.float64

    def _entry(self, value: GraphValue) -> None:
        """An entrywise operation; its result goes over an argument that nobody needs any more."""
        arguments = [self.text(a) for a in value.args]
        target = None
        for a in value.args:
            if (
                a in self._buffer
                and self.dies(a)
                and self._alike(a, value)
                and value.place not in self.graph.outputs
            ):
                target = self._texts[value.place] = self.text(a)
                self._buffer[value.place] = self._buffer.pop(a)
                break
        self.statement(value, arguments, self.out(value.place) if target is None else target)

    def _alike(self, place: int, value: GraphValue) -> bool:
        other = self.graph.values[place]
        return other.shape == value.shape and other.dtype == value.dtype

    def statement(self, value: GraphValue, args: Sequence[str], out: str) -> None:
        """One line for an entrywise operation into a buffer."""
        op = value.op
        if op == "where":
            condition, a, b = args
            if out not in args:  # a mask may be what is written over, too
                self.lines.append(f"copyto({out}, {b})")
                self.lines.append(f"copyto({out}, {a}, where={self._truth(value.args[0], condition)})")
            else:
                self.lines.append(f"{out}[...] = {self.name('where', numpy.where)}({', '.join(args)})")
        elif op == "square":
            self.lines.append(f"{self._ufunc('mul')}({args[0]}, {args[0]}, {out})")
        elif type(array_function(op)) is numpy.ufunc:
            # NumPy warns of a third positional argument of these two, which looks like one more to compare.
            named = "out=" if op in ("maximum", "minimum") else ""
            self.lines.append(f"{self._ufunc(op)}({', '.join(args)}, {named}{out})")
        else:
            function = self.name(f"f_{op}", value_of_operation(op))
            self.lines.append(f"{out}[...] = {function}({', '.join(args)})")

    def _truth(self, place: int, text: str) -> str:
        return text if self.graph.values[place].dtype == numpy.bool_ else f"{text}.astype(bool)"

    def _ufunc(self, op: str) -> str:
        function = array_function(op)
        known = getattr(numpy, function.__name__, None) is function
        return self.name(function.__name__ if known else f"u_{op}", function)

    def _other(self, value: GraphValue) -> None:
        args = [self.text(a) for a in value.args]
        place = value.place
        self._texts[place] = f"v{place}"
        if not isinstance(value.op, str):
            function = "" if value.op is ITEM else self.name(f"f{place}", value.op.value)
            text = f"{args[0]}[{value.params[0]}]" if value.op is ITEM else f"{function}({', '.join(args)})"
            self.lines.append(f"v{place} = {text}")
            if not _views(value):
                self._fresh.add(place)
            return
        if self._reads_entry(value):
            self._read(value)
            return
        if _is_number(self.graph, value):
            text, depth = self._number(value, args), 1 + max([self._depths.get(a, 0) for a in value.args])
            if place in self._once and depth < DEPTH:
                self._texts[place], self._depths[place] = f"({text})", depth
            else:
                self.lines.append(f"v{place} = {text}")
            return
        if not _views(value):
            self._fresh.add(place)
        self.lines.append(f"v{place} = {self._call(value, args)}")

    def _read(self, value: GraphValue) -> None:
        """One number of a vector; where many are read, the vector is made a list of floats, or all are read at once."""
        base, index, name = value.args[0], value.params[0], f"v{value.place}"
        reads, length = self._reads[base], self.graph.values[base].shape[0]
        if len(reads) < _FEW:
            self.lines.append(f"{name} = {self.text(base)}.item({index})")
        elif 2 * len(reads) < length or length > _MANY:
            if base not in self._lists:
                self._lists.add(base)
                self.lines.append(f"e{base} = {self.text(base)}.tolist()")
            self.lines.append(f"{name} = e{base}[{index}]")
        elif base not in self._lists:
            self._lists.add(base)
            names = ["_"] * length
            for v in reads.values():
                entry = v.params[0]
                if names[entry] == "_":
                    names[entry] = f"v{v.place}"
                self._all_read[v.place] = names[entry]
            self.lines.append(f"{', '.join(names)}, = {self.text(base)}.tolist()")
        self._texts[value.place] = self._all_read.get(value.place, name)

    def _call(self, value: GraphValue, args: Sequence[str]) -> str:
        op, params = value.op, value.params
        first = self.graph.values[value.args[0]] if value.args else value
        if op == "getitem" and value.shape and all(isinstance(e, int | slice) or e is None for e in params):
            return f"{args[0]}[{self.index(params)}]"
        if op == "transpose" and first.shape:
            axes = params[0] if params else None
            return (
                f"{args[0]}.T"
                if axes in (None, (1, 0)) and len(first.shape) == 2
                else f"{args[0]}.transpose({axes!r})"
            )
        if op == "reshape" and first.shape and value.shape:
            return f"{args[0]}.reshape({params[0]!r})"
        if op == "matmul" and value.shape:
            return f"{self.name('matmul', numpy.matmul)}({', '.join(args)})"
        if op == "sum" and value.shape:
            keep = ", keepdims=True" if len(params) > 1 and params[1] else ""
            return f"{self._ufunc('add')}.reduce({args[0]}, {params[0]!r}{keep})"
        function = self.name(f"f_{op}", value_of_operation(op))
        rest = [
            self.name(f"p{value.place}_{k}", p) if not _plain(p) else repr(p) for k, p in enumerate(params)
        ]
        return f"{function}({', '.join([*args, *rest])})"

    def _number(self, value: GraphValue, args: Sequence[str]) -> str:
        op = value.op
        if infix(op):
            return f"{args[0]} {infix(op)} {args[1]}"
        if op == "neg":
            return f"-{args[0]}"
        if op == "where":
            return f"{args[1]} if {args[0]} else {args[2]}"
        try:
            function = FLOAT64.function(op)
        except KeyError:
            function = value_of_operation(op)
        return f"{self.name(f's_{op}', function)}({', '.join(args)})"

    def index(self, index: Sequence[Any] | None) -> str:
        """An index as it is written in brackets."""
        return "..." if index is None else ", ".join(_spelled(e) for e in index) or "()"

    # --- guards and outputs ---

    def guard(self, place: int) -> None:
        """Give up where a decision falls otherwise than it did."""
        outcome = self._guards.pop(place)
        text = self.text(place)
        if type(outcome) is bool:
            self.lines.append(f"if {'not ' if outcome else ''}{text}: return MISS")
        elif getattr(outcome, "shape", ()):
            known, same = self.name(f"g{place}", outcome.copy()), self.name("same", numpy.array_equal)
            self.lines.append(f"if not {same}({text}, {known}): return MISS")
        else:
            self.lines.append(f"if {text} != {self.name(f'g{place}', outcome)}: return MISS")

    def _output(self, place: int, k: int) -> str:
        value, text = self.graph.values[place], self.text(place)
        if not value.shape:  # the caller may write into an array without axes too
            return f"{text}.copy()" if isinstance(value.value, numpy.ndarray) else text
        mine = self.root(place) in self._fresh
        if place in self.graph.outputs[:k] or not mine or self._shared(place):
            return f"{text}.copy()"
        return text

    def _shared(self, place: int) -> bool:
        """Whether another output looks at the same memory."""
        return sum(self.root(out) == self.root(place) for out in self.graph.outputs) > 1


def _is_number(graph: Graph, value: GraphValue) -> bool:
    """Whether a value is a number made of numbers."""
    return (
        isinstance(value.op, str)
        and value.scalar
        and bool(value.args)
        and all(graph.values[a].scalar for a in value.args)
        and not value.params
    )


def _read_once(graph: Graph) -> set[int]:
    """The numbers that one other number, or an entry of a vector, is made of: they can be written where they are read."""
    uses = Counter(a for value in graph.values for a in value.args)
    uses.update(graph.outputs)
    uses.update(place for place, _ in graph.guards)
    return {
        a
        for value in graph.values
        if value.op == "scatter" or _is_number(graph, value)
        for a in value.args
        if uses[a] == 1
    }


def _views(value: GraphValue) -> bool:
    """Whether the result of an operation shares its argument's memory, or may."""
    return value.op in (
        "getitem",
        "transpose",
        "reshape",
        "broadcast_to",
        "sum_to",
        "stop_gradient",
    ) or not (isinstance(value.op, str) or getattr(value.op, "fresh", False))


def _plain(param: Any) -> bool:
    if isinstance(param, tuple):
        return all(map(_plain, param))
    return param is None or isinstance(param, int | str | bool)


def _spelled(element: Any) -> str:
    if isinstance(element, slice):
        ends = ["" if e is None else repr(e) for e in (element.start, element.stop)]
        return ":".join(ends) + ("" if element.step is None else f":{element.step!r}")
    return "None" if element is None else "..." if element is Ellipsis else repr(element)


class _Loop:
    """A group as a loop over blocks of its first axis."""

    def __init__(self, writer: ArrayWriter, group: Group) -> None:
        assert group.shape is not None
        self.writer = writer
        self.group = group
        self.shape: Shape = group.shape
        self.rows = max(1, min(self.shape[0], BLOCK // max(1, prod(self.shape[1:]))))
        self.made = {task.place for task in group.tasks if task.kind == "entry"}
        self.texts: dict[int, str] = {}
        self.tiles: dict[int, int] = {}
        self.free: list[int] = []
        self.blocks: set[str] = set()

    def write(self) -> None:
        """The lines before, in and after the loop."""
        w = self.writer
        leaving = sorted(p for p in self.made if not w.dies(p))
        for place in leaving:
            w.out(place)
        totals = [task.place for task in self.group.tasks if task.kind == "total"]
        for place in totals:
            w.lines.append(f"v{place} = 0.0")
            w._texts[place] = f"v{place}"
        self._parts()
        outside, w.lines = w.lines, []
        self._slices(leaving)
        for k, task in enumerate(self.group.tasks):
            self._task(task, self.group.tasks[k + 1 :])
        inside, w.lines = w.lines, outside
        w.lines.append(f"for start in range(0, {self.shape[0]}, {self.rows}):")
        w.lines.append(f"    stop = min(start + {self.rows}, {self.shape[0]})")
        w.lines.extend("    " + line for line in inside)
        for place in totals:
            w.lines.append(f"v{place} = float(v{place})")
        for number in set(self.tiles.values()) | set(self.free):
            w._free.append(number)

    def _parts(self) -> None:
        """The parts that are added into are made before the loop."""
        for task in self.group.tasks:
            if task.kind == "add":
                self.writer.part(task)
                self.writer._zeroed.discard(task.place)

    def _slices(self, leaving: Sequence[int]) -> None:
        """The part of each array of full length that a block is about."""
        w = self.writer
        for task in self.group.tasks:
            for a in task.args:
                value = w.graph.values[a]
                if a in self.made or a in self.texts:
                    continue
                if len(value.shape) == len(self.shape) and value.shape[0] == self.shape[0]:
                    w.lines.append(f"x{a} = {w.text(a)}[start:stop]")
                    self.texts[a] = f"x{a}"
                else:
                    self.texts[a] = w.text(a)
        for place in leaving:
            w.lines.append(f"x{place} = {w.text(place)}[start:stop]")
            self.texts[place] = f"x{place}"

    def _task(self, task: Task, following: Sequence[Task]) -> None:
        w = self.writer
        args = [self.texts[a] for a in task.args]
        if task.kind == "total":
            w.lines.append(f"v{task.place} += {w._ufunc('add')}.reduce({args[0]}, None)")
        elif task.kind == "add":
            part = w.part(task)
            block = f"x{part}"
            if block not in self.blocks:
                self.blocks.add(block)
                w.lines.append(f"{block} = {part}[start:stop]")
            w.lines.append(f"{w._ufunc('add')}({block}, {args[0]}, {block})")
        else:
            self._entry(w.graph.values[task.place], args, following)
        later = {a for t in following for a in t.args}
        for a in [a for a in self.tiles if a not in later]:
            self.free.append(self.tiles.pop(a))

    def _entry(self, value: GraphValue, args: Sequence[str], following: Sequence[Task]) -> None:
        place = value.place
        if place not in self.texts:
            later = {a for t in following for a in t.args}
            dying = next(
                (
                    a
                    for a in value.args
                    if a in self.tiles and a not in later and self.writer._alike(a, value)
                ),
                None,
            )
            number = self._tile(value) if dying is None else self.tiles.pop(dying)
            self.tiles[place] = number
            if dying is None:
                self.writer.lines.append(f"y{place} = b{number}[: stop - start]")
                self.texts[place] = f"y{place}"
            else:
                self.texts[place] = self.texts[dying]
        self.writer.statement(value, args, self.texts[place])

    def _tile(self, value: GraphValue) -> int:
        w = self.writer
        wanted = ((self.rows, *self.shape[1:]), value.dtype)
        for pool in (self.free, w._free):
            found = next((b for b in pool if w.workspace[b] == wanted), None)
            if found is not None:
                pool.remove(found)
                return found
        w.workspace.append(wanted)
        return len(w.workspace) - 1
