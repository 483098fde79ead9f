"""NumPy statements for a program over arrays: results go into buffers that are used again, long loops run in blocks.

A block is small enough to stay in the processor's cache while a whole chain of operations goes over it; only what is needed
outside of the loop is ever written to an array of full length. The lines stand on a :class:`~calcgrad.compiling.sheet.Sheet`;
``memory`` knows which buffer is free, ``entries`` reads and adds single entries, ``blocks`` writes the loops.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy

from calcgrad.compiling.blocks import LONG, Loop
from calcgrad.compiling.entries import Reads, Sums, adds_entry, reads_entry
from calcgrad.compiling.graph import Graph, GraphValue
from calcgrad.compiling.losing import ask, asking, scales
from calcgrad.compiling.memory import views
from calcgrad.compiling.scalars import DEPTH, in_math
from calcgrad.compiling.sheet import Sheet
from calcgrad.compiling.tasks import Task, schedule, tasks_of
from calcgrad.operations import infix
from calcgrad.systems.base import FLOAT64
from calcgrad.tracing.values import value_of_operation


class ArrayWriter(Sheet):
    """Writes the lines of a program; one that ``loses`` tells itself of what its floats lose."""

    def __init__(self, graph: Graph, inputs: Sequence[str], loses: bool = False) -> None:
        super().__init__(graph, inputs, loses)
        self._floating = False  # whether floats may have been lost since this was asked
        self._deferred: set[int] = (
            set()
        )  # numbers that are computed where they are read, and may be lost there
        self._reads = Reads(graph)
        self._sums = Sums(graph, ())
        self._once = _read_once(graph)
        self._depths: dict[int, int] = {}

    def write(self) -> list[str]:
        """The text of each output, after ``lines`` are filled."""
        self.guard_inputs()
        tasks = tasks_of(self.graph)
        self._sums = Sums(self.graph, tasks)
        groups = schedule(self.graph, tasks, LONG)
        self.memory.note_last_uses(groups)
        for group in groups:
            if group.shape is None:
                for task in group.tasks:
                    self.task(task)
                    self.done([task])
            else:
                if self.loses:
                    self.ask(group.tasks[0])
                Loop(self, group).write()
                self.done(group.tasks)
        return self.outputs()

    def done(self, tasks: Sequence[Task]) -> None:
        """Check the guards of what was made, and give back the buffers that nobody reads any more."""
        for task in tasks:
            if task.place in self.guards and task.kind != "zeros":
                self._guard(task.place)
        self.memory.step()

    # Tasks one by one

    def ask(self, task: Task) -> None:
        """Ask whether floats were lost, before what NumPy does in a task: it forgets it then. At the end it is asked anyway."""
        value = self.graph.values[task.place]
        number = task.kind == "other" and _is_number(self.graph, value)
        if number and (scales(value.op) or in_math(value.op) or value.op in ("neg", "where")):
            here = scales(value.op) or not self._deferred.isdisjoint(value.args)
            self._floating = self._floating or here
            if here:
                self._deferred.add(value.place)
        elif not (task.kind == "other" and reads_entry(self.graph, value)):
            if self._floating:
                self.lines.append(f"{self.name('ask', ask)}()")
            self._floating = number or any(self.graph.values[a].scalar for a in task.args)

    def task(self, task: Task) -> None:
        """The lines of a task outside of loops."""
        if self.loses and not adds_entry(
            self.graph, task
        ):  # which is gathered, and asked about when all of it is
            self.ask(task)
        value = self.graph.values[task.place]
        if task.kind == "entry":
            self._entry(value)
        elif task.kind == "total":
            total = f"{self.ufunc('add')}.reduce({self.text(task.args[0])}, None)"
            self.lines.append(f"v{task.place} = float({total})")
            self.texts[task.place] = f"v{task.place}"
        elif task.kind == "zeros":
            self._zeros(value)
        elif adds_entry(self.graph, task):
            self._sums.add(self, task)
        elif task.kind == "add":
            self._add(task)
        else:
            self.other(value)

    def _entry(self, value: GraphValue) -> None:
        """An entrywise operation; its result goes over an argument that nobody needs any more."""
        arguments = [self.text(a) for a in value.args]
        over = self.memory.take_over(value)
        if over is None:
            self.out(value.place)
        else:
            self.texts[value.place] = self.text(over)
        self.statement(value, arguments, self.text(value.place))

    def _zeros(self, value: GraphValue) -> None:
        """An array to add into; where it is filled from a list in the end, there is nothing to do yet."""
        wanted = not self._sums.fills(value.place)
        fresh = value.place in self.graph.outputs and wanted
        buffer = self.out(value.place, "zeros" if fresh else "empty")
        if wanted:
            self.zeroed.add(value.place)
            if not fresh:
                self.lines.append(f"{buffer}.fill(0)")

    def _add(self, task: Task) -> None:
        """An array added into a part; where that holds zeros still, it is written there."""
        target, source = self.part(task), self.text(task.args[0])
        if self.loses and task.args[0] in self._deferred:  # where it is read, that is here
            source = self.asked(f"v{task.args[0]}", source)
        first = task.place in self.zeroed
        self.zeroed.discard(task.place)
        if first and self.graph.values[task.args[0]].dtype == self.graph.values[task.place].dtype:
            self.lines.append(f"{target}[...] = {source}")
        else:
            self.lines.append(f"{self.ufunc('add')}({target}, {source}, {target})")

    def other(self, value: GraphValue) -> None:
        """What is neither entrywise nor gathered: numbers, entries that are read, calls of NumPy's and of the user's."""
        place, args = value.place, [self.text(a) for a in value.args]
        self.texts[place] = f"v{place}"
        if isinstance(value.op, str) and reads_entry(self.graph, value):
            self._reads.write(self, value)
        elif _is_number(self.graph, value):
            self._write_number(value, args)
        else:
            call = self.call if isinstance(value.op, str) else self.call_opaque
            self.lines.append(f"v{place} = {call(value, args)}")
            if not views(value):
                self.memory.fresh.add(place)

    # Numbers

    def _write_number(self, value: GraphValue, args: Sequence[str]) -> None:
        """A number made of numbers: written where it is read, if that is once and no bracket too deep."""
        text, depth = self._number(value, args), 1 + max([self._depths.get(a, 0) for a in value.args])
        if value.place in self._once and depth < DEPTH:
            self.texts[value.place], self._depths[value.place] = f"({text})", depth
        else:
            self.lines.append(f"v{value.place} = {text}")

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
        if not in_math(op):
            function = self.told(op, function)
            if self.loses and not scales(op):
                function = asking(function)
        return f"{self.name(f's_{op}', function)}({', '.join(args)})"

    # Guards and outputs

    def guard_inputs(self) -> None:
        """An argument that decides, as indices do, is made by no task."""
        for value in self.graph.values:
            if value.op == "input" and value.place in self.guards:
                self._guard(value.place)

    def _guard(self, place: int) -> None:
        """Give up where a decision falls otherwise than it did."""
        outcome = self.guards.pop(place)
        text = self.text(place)
        if type(outcome) is bool:
            self.lines.append(f"if {'not ' if outcome else ''}{text}: return MISS")
        elif getattr(outcome, "shape", ()):
            known, same = self.name(f"g{place}", outcome.copy()), self.name("same", numpy.array_equal)
            self.lines.append(f"if not {same}({text}, {known}): return MISS")
        else:
            self.lines.append(f"if {text} != {self.name(f'g{place}', outcome)}: return MISS")

    def outputs(self) -> list[str]:
        """The text of each output: a copy, unless it was made at this call and is handed out once."""
        return [self._output(out, k) for k, out in enumerate(self.graph.outputs)]

    def _output(self, place: int, k: int) -> str:
        value, text = self.graph.values[place], self.text(place)
        if not value.shape:  # the caller may write into an array without axes too
            return f"{text}.copy()" if isinstance(value.value, numpy.ndarray) else text
        return text if self.memory.is_own(place, k) else f"{text}.copy()"


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
