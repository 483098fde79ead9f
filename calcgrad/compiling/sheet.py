"""The sheet that a program over arrays is written on: its lines, its names, and how each value is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from calcgrad.compiling.graph import Graph, GraphValue
from calcgrad.compiling.losing import ask, quiet, scales
from calcgrad.compiling.memory import Memory
from calcgrad.compiling.tasks import Task
from calcgrad.operations import OPERATIONS, Elementwise, Structured
from calcgrad.tracing.opaque import ITEM
from calcgrad.tracing.values import array_function, value_of_operation


class Sheet:
    """The lines so far; ``names`` are what they use, ``texts`` how each value is written, ``memory`` which buffer it is in.

    ``zeroed`` are the arrays that are to be added into and hold zeros still. The lines of a program that ``loses`` are run where
    NumPy tells of underflow and overflow.
    """

    def __init__(self, graph: Graph, inputs: Sequence[str], loses: bool = False) -> None:
        self.graph = graph
        self.loses = loses
        self.names: dict[str, Any] = {"empty": numpy.empty, "zeros": numpy.zeros, "copyto": numpy.copyto}
        self.lines: list[str] = []
        self.guards = dict(graph.guards)
        self.memory = Memory(graph, self.guards)
        self.zeroed: set[int] = set()
        self.texts = {v.place: self._given(v, inputs) for v in graph.values if v.op in ("input", "constant")}
        self._parts: dict[tuple[int, str], str] = {}

    @property
    def workspace(self) -> list[Any]:
        """The shapes and types of the buffers that the program is given."""
        return self.memory.workspace

    def text(self, place: int) -> str:
        """How a value is written."""
        return self.texts[place]

    def _given(self, value: GraphValue, inputs: Sequence[str]) -> str:
        if value.op == "input":
            return inputs[value.place]
        if type(value.value) in (float, int, bool):
            finite = isinstance(value.value, int) or numpy.isfinite(value.value)
            if finite:
                return f"({value.value!r})" if value.value < 0 else repr(value.value)
        return self.name(f"c{value.place}", value.value)

    # Names

    def name(self, name: str, value: Any) -> str:
        """A name of the program's for a value that is not written out."""
        self.names[name] = value
        return name

    def ufunc(self, op: str) -> str:
        """The name of an operation's NumPy function."""
        function = array_function(op)
        if self.loses and not scales(op) and not _in_range(op):
            return self.name(f"q_{op}", quiet(function))
        known = getattr(numpy, function.__name__, None) is function
        return self.name(function.__name__ if known else f"u_{op}", function)

    def function(self, op: str, arguments: int = 1) -> str:
        """The name of an operation's function over arrays, as the table has it."""
        function = value_of_operation(op)
        alone = arguments == 1 and isinstance(OPERATIONS.get(op), Structured)
        return self.name(f"f_{op}", quiet(function) if self.loses and alone else self.told(op, function))

    def told(self, op: Any, function: Any) -> Any:
        """A function, whose own losses are passed over where no seed would mend them."""
        return quiet(function) if self.loses and not scales(op) else function

    def asked(self, name: str, text: str) -> str:
        """The name of what is computed of floats, which are asked about before NumPy has it."""
        if text != name:
            self.lines.append(f"{name} = {text}")
        self.lines.append(f"{self.name('ask', ask)}()")
        return name

    def _dtype(self, dtype: Any) -> str:
        return self.name(f"t_{dtype.name}", dtype)

    # Where results go

    def out(self, place: int, made: str = "empty") -> str:
        """A buffer of full length for a value: a fresh one for an output, else one of the workspace."""
        value = self.graph.values[place]
        if place in self.graph.outputs:
            self.memory.fresh.add(place)
            self.lines.append(f"v{place} = {made}({value.shape!r}, {self._dtype(value.dtype)})")
            self.texts[place] = f"v{place}"
        else:
            self.texts[place] = f"b{self.memory.hold(place)}"
        return self.texts[place]

    def part(self, task: Task) -> str:
        """The part of an array that a task adds into: a view, made once."""
        whole = self.text(task.place)
        if task.index is None:
            return whole
        text = index_text(task.index)
        axes = len(self.graph.values[task.place].shape)
        if all(isinstance(e, int) for e in task.index) and len(task.index) == axes:
            text += ", ..."  # one entry as an array, too
        known = self._parts.get((task.place, text))
        if known is None:
            known = self._parts[task.place, text] = f"w{task.place}_{len(self._parts)}"
            self.lines.append(f"{known} = {whole}[{text}]")
        return known

    # Entrywise operations

    def statement(self, value: GraphValue, args: Sequence[str], out: str) -> None:
        """One line for an entrywise operation into a buffer, which may be one of its arguments."""
        op = value.op
        if op == "where":
            self._where(value, args, out)
        elif op == "square":
            self.lines.append(f"{self.ufunc('mul')}({args[0]}, {args[0]}, {out})")
        elif type(array_function(op)) is numpy.ufunc:
            # NumPy warns of a third positional argument of these two, which looks like one more to compare.
            named = "out=" if op in ("maximum", "minimum") else ""
            self.lines.append(f"{self.ufunc(op)}({', '.join(args)}, {named}{out})")
        else:
            self.lines.append(f"{out}[...] = {self.function(op)}({', '.join(args)})")

    def _where(self, value: GraphValue, args: Sequence[str], out: str) -> None:
        condition, a, b = args
        if out in args:  # the mask, too, may be what is written over
            self.lines.append(f"{out}[...] = {self.name('where', numpy.where)}({', '.join(args)})")
            return
        if self.graph.values[value.args[0]].dtype != numpy.bool_:
            condition = f"{condition}.astype(bool)"
        self.lines.append(f"copyto({out}, {b})")
        self.lines.append(f"copyto({out}, {a}, where={condition})")

    # Everything else

    def call(self, value: GraphValue, args: Sequence[str]) -> str:
        """An operation whose result NumPy makes."""
        op, params = value.op, value.params
        first = self.graph.values[value.args[0]] if value.args else value
        if op == "getitem" and value.shape and all(isinstance(e, int | slice) or e is None for e in params):
            return f"{args[0]}[{index_text(params)}]"
        if op == "transpose" and first.shape:
            axes = params[0] if params else None
            turned = axes in (None, (1, 0)) and len(first.shape) == 2
            return f"{args[0]}.T" if turned else f"{args[0]}.transpose({axes!r})"
        if op == "reshape" and first.shape and value.shape:
            return f"{args[0]}.reshape({params[0]!r})"
        if op == "matmul" and value.shape:
            return f"{self.name('matmul', numpy.matmul)}({', '.join(args)})"
        if op == "sum" and value.shape:
            keep = ", keepdims=True" if len(params) > 1 and params[1] else ""
            return f"{self.ufunc('add')}.reduce({args[0]}, {params[0]!r}{keep})"
        rest = [
            self.name(f"p{value.place}_{k}", p) if not _plain(p) else repr(p) for k, p in enumerate(params)
        ]
        return f"{self.function(op, len(args))}({', '.join([*args, *rest])})"

    def call_opaque(self, value: GraphValue, args: Sequence[str]) -> str:
        """A function of the user's, or an item of what one returned."""
        if value.op is ITEM:
            return f"{args[0]}[{value.params[0]}]"
        return f"{self.name(f'f{value.place}', self.told(value.op, value.op.value))}({', '.join(args)})"


#: Entrywise operations whose results are in range wherever their arguments are, beside those that answer with truth values.
_IN_RANGE = frozenset(
    ("neg", "abs", "sign", "maximum", "minimum", "sqrt", "log", "cos", "floor", "ceil", "trunc")
)


def _in_range(op: str) -> bool:
    row = OPERATIONS.get(op)
    return op in _IN_RANGE or (isinstance(row, Elementwise) and row.answers)


def index_text(index: Sequence[Any]) -> str:
    """An index as it is written in brackets.

    >>> index_text((0, slice(1, None, 2), None, Ellipsis))
    '0, 1::2, None, ...'
    """
    return ", ".join(_spelled(e) for e in index) or "()"


def _spelled(element: Any) -> str:
    if isinstance(element, slice):
        ends = ["" if e is None else repr(e) for e in (element.start, element.stop)]
        return ":".join(ends) + ("" if element.step is None else f":{element.step!r}")
    return "None" if element is None else "..." if element is Ellipsis else repr(element)


def _plain(param: Any) -> bool:
    if isinstance(param, tuple):
        return all(map(_plain, param))
    return param is None or isinstance(param, int | str | bool)
