"""Straight-line Python over ``math`` for a program of floats.

A value that is used once stands where it is used. ``math`` raises where IEEE arithmetic gives inf or nan: the program
is then run again in its careful form, with the table's own functions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from calcgrad.compiling.graph import Graph, GraphValue, elementwise
from calcgrad.operations import OPERATIONS, Elementwise, infix
from calcgrad.systems.base import FLOAT64

#: The deepest expression that is written in one line.
DEPTH = 24


def applies(graph: Graph) -> bool:
    """Whether every value is a float or a truth value."""
    return all(v.scalar and (v.op in ("input", "constant") or elementwise(v.op)) for v in graph.values)


def _in_math(op: str) -> str:
    row = OPERATIONS.get(op)
    return row.in_math if isinstance(row, Elementwise) else ""


def raises(op: str) -> bool:
    """Whether ``math`` raises somewhere where the table's function gives inf or nan."""
    return _in_math(op) == "raises"


class ScalarWriter:
    """Writes the lines of a program of floats; ``names`` are what they use."""

    def __init__(self, graph: Graph, inputs: Sequence[str], careful: bool) -> None:
        self.graph = graph
        self.inputs = inputs
        self.careful = careful
        self.names: dict[str, Any] = {}
        self.lines: list[str] = []
        self._uses = Counter(a for value in graph.values for a in value.args)
        self._uses.update(graph.outputs)
        self._uses.update(place for place, _ in graph.guards)
        self._guards = dict(graph.guards)
        self._texts: dict[int, tuple[str, int]] = {}

    def write(self) -> list[str]:
        """The text of each output, after ``lines`` are filled."""
        for value in self.graph.values:
            text, depth = self._text(value)
            if value.place in self._guards:
                outcome = self._guards[value.place]
                test = (
                    f"not {text}"
                    if outcome is True
                    else text
                    if outcome is False
                    else f"{text} != {outcome!r}"
                )
                self.lines.append(f"if {test}: return MISS")
                self._texts[value.place] = (repr(outcome), 0)
                continue
            simple = value.op in ("input", "constant")
            if not simple and (self._uses[value.place] > 1 or depth >= DEPTH):
                self.lines.append(f"v{value.place} = {text}")
                text, depth = f"v{value.place}", 0
            self._texts[value.place] = (text, depth)
        return [self._texts[out][0] for out in self.graph.outputs]

    def _text(self, value: GraphValue) -> tuple[str, int]:
        if value.op == "input":
            return self.inputs[value.place], 0
        if value.op == "constant":
            return self._constant(value.value), 0
        args = [self._texts[a][0] for a in value.args]
        depth = 1 + max((self._texts[a][1] for a in value.args), default=0)
        op = value.op
        if infix(op):
            return f"({args[0]} {infix(op)} {args[1]})", depth
        if op == "neg":
            return f"(-{args[0]})", depth
        if op == "where":
            return f"({args[1]} if {args[0]} else {args[2]})", depth
        if op == "div" and not self.careful:
            return f"({args[0]} / {args[1]})", depth
        if op == "square" and args[0].isidentifier():
            return f"({args[0]}*{args[0]})", depth
        params = "".join(f", {p!r}" for p in value.params)
        return f"{self._function(op)}({', '.join(args)}{params})", depth

    def _function(self, op: str) -> str:
        self.names[op] = getattr(math, op) if _in_math(op) and not self.careful else FLOAT64.function(op)
        return op

    def _constant(self, value: Any) -> str:
        if isinstance(value, float) and not math.isfinite(value):
            name = "nan" if value != value else "inf" if value > 0 else "minus_inf"
            self.names[name] = value
            return name
        return f"({value!r})" if isinstance(value, float | int) and value < 0 else repr(value)
