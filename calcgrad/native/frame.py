"""The program around native functions, in Python: what NumPy does, and the calls in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from calcgrad.compiling.arrays import ArrayWriter
from calcgrad.compiling.graph import Graph, GraphValue, elementwise
from calcgrad.compiling.tasks import Group, Task
from calcgrad.native.fitting import DOUBLE, SINGLE, TRUTH
from calcgrad.native.laying import Laid
from calcgrad.native.stages import Stage, Staged


class FrameWriter(ArrayWriter):
    """Writes the lines of a program whose stages are functions ``native0``, ``native1`` …

    ``takes`` are the values that each stage is given. A stage that says ``MISS`` is called again with its arguments made ready,
    ``ready0`` …; where it says so again, the program does.
    """

    def __init__(
        self,
        graph: Graph,
        inputs: Sequence[str],
        staged: Staged,
        takes: Sequence[Sequence[int]],
        loses: bool = False,
    ) -> None:
        super().__init__(graph, inputs, loses)
        self.staged = staged
        self.takes = takes

    def write(self) -> list[str]:
        self.guard_inputs()
        groups = self._groups()
        self.memory.note_last_uses(groups)
        stages = iter(zip(self.staged.stages, self.takes, strict=True))
        number = 0
        for group in groups:
            if group.shape is None:
                self.task(group.tasks[0])
            else:
                if self.loses:
                    self.ask(group.tasks[0])  # native code clears the flags
                self._stage(number, *next(stages))
                number += 1
            self.done(group.tasks)
        return self.outputs()

    def _groups(self) -> list[Group]:
        """What is done at once: a value that NumPy makes, or a stage, which counts as a loop."""
        found: list[Group] = []
        takes = iter(self.takes)
        for item in self.staged.order:
            if isinstance(item, Stage):
                given = tuple(next(takes))
                found.append(Group([Task("stage", p, given, ()) for p in item.exports], ()))
            else:
                found.append(Group([self._single(item)]))
        return found

    def _single(self, place: int) -> Task:
        value = self.graph.values[place]
        whole = value.args and self.graph.values[value.args[0]].shape
        kind = "entry" if elementwise(value.op) and value.shape else "other"
        if value.op == "sum" and value.scalar and whole:
            kind = "total"
        return Task(kind, place, value.args)

    def other(self, value: GraphValue) -> None:
        """Products of matrices are written into buffers."""
        args = [self.graph.values[a] for a in value.args]
        plain = value.op == "matmul" and all(len(a.shape) >= 2 and a.dtype == value.dtype for a in args)
        plain = plain and value.dtype in (DOUBLE, SINGLE)
        if not (plain or isinstance(value.op, Laid)):
            super().other(value)
            return
        texts = [self.text(a) for a in value.args]
        out = self.out(value.place)
        if isinstance(value.op, Laid):
            out = f"{out}.transpose({value.op.back!r})"
        self.lines.append(f"{self.name('matmul', numpy.matmul)}({', '.join(texts)}, {out})")

    def _stage(self, number: int, stage: Stage, given: Sequence[int]) -> None:
        values = self.graph.values
        single = {a for a in given if values[a].dtype == SINGLE and not values[a].shape}
        texts = [f"float({self.text(a)})" if a in single else self.text(a) for a in given]
        numbers = [p for p in stage.exports if not values[p].shape]
        for place in numbers:
            self.texts[place] = f"v{place}"
        outs = [self.out(p) for p in stage.exports if values[p].shape]
        arguments = ", ".join([*texts, *outs])
        self.lines.append(f"r = native{number}({arguments})")
        self.lines.append("if r is MISS:")
        self.lines.append(f"    r = ready{number}({arguments})")
        self.lines.append("    if r is MISS: return MISS")
        if len(numbers) == 1:
            self.lines.append(f"v{numbers[0]} = r")
        elif numbers:
            self.lines.append(f"{', '.join(f'v{p}' for p in numbers)} = r")
        for p in numbers:
            if values[p].dtype == TRUTH:
                self.lines.append(f"v{p} = v{p} != 0.0")
            elif values[p].dtype == SINGLE:
                self.lines.append(f"v{p} = {self.name('float32', numpy.float32)}(v{p})")

    def bind(self, number: int, function: Any, ready: Any) -> None:
        """Give a stage its function."""
        self.names[f"native{number}"] = function
        self.names[f"ready{number}"] = ready
