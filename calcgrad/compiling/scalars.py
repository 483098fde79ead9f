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
from calcgrad.compiling.losing import asking
from calcgrad.operations import OPERATIONS, Elementwise, infix
from calcgrad.systems.base import FLOAT64

#: The deepest expression that is written in one line.
DEPTH = 24


def applies(graph: Graph) -> bool:
    """Whether every value is a float or a truth value."""
    return all(v.scalar and (v.op in ("input", "constant") or elementwise(v.op)) for v in graph.values)


def in_math(op: str) -> str:
    """Whether a function is one of ``math``: ``total``, or ``raises`` somewhere; empty where it is not."""
    row = OPERATIONS.get(op)
    return row.in_math if isinstance(row, Elementwise) else ""


def raises(op: str) -> bool:
    """Whether ``math`` raises somewhere where the table's function gives inf or nan."""
    return in_math(op) == "raises"


def only_in_math(graph: Graph, inputs: Sequence[str]) -> frozenset[str]:
    """The inputs that are arguments of functions of ``math`` and nothing else: these take NumPy's doubles as fast as Python's."""
    elsewhere = {*graph.outputs, *(place for place, _ in graph.guards)}
    for value in graph.values:
        if not in_math(value.op):
            elsewhere.update(value.args)
    return frozenset(inputs[v.place] for v in graph.values if v.op == "input" and v.place not in elsewhere)


class ScalarWriter:
    """Writes the lines of a program of floats; ``names`` are what they use.

    One that ``loses`` is asked whether it did before functions that may be NumPy's inside, and then forget the processor's flags.
    """

    def __init__(self, graph: Graph, inputs: Sequence[str], careful: bool, loses: bool = False) -> None:
        self.graph = graph
        self.inputs = inputs
        self.careful = careful
        self.loses = loses
        self.names: dict[str, Any] = {}
        self.lines: list[str] = []
        self._uses = Counter(a for value in graph.values for a in value.args)
        self._uses.update(graph.outputs)
        self._uses.update(place for place, _ in graph.guards)
        self._guards = dict(graph.guards)
        self._texts: list[str] = []
        self._depths: list[int] = []
        self._forms: dict[str, str] = {}

    def write(self) -> list[str]:
        """The text of each output, after ``lines`` are filled."""
        texts, depths, uses, guards = self._texts, self._depths, self._uses, self._guards
        for value in self.graph.values:
            place = value.place
            if value.op == "input":
                text, depth = self.inputs[place], 0
            elif value.op == "constant":
                text, depth = self._constant(value.value), 0
            else:
                text = self._text(value)
                depth = 1 + max([depths[a] for a in value.args], default=0)
                if place not in guards and (uses[place] > 1 or depth >= DEPTH):
                    self.lines.append(f"v{place} = {text}")
                    text, depth = f"v{place}", 0
            if place in guards:
                text, depth = self._decided(text, guards[place]), 0
            texts.append(text)
            depths.append(depth)
        return [texts[out] for out in self.graph.outputs]

    def _decided(self, text: str, outcome: Any) -> str:
        """A decision is tested as soon as it is known, and what it was stands for it from then on."""
        decided = self._constant(outcome)
        negated = {True: f"not {text}", False: text} if type(outcome) is bool else {}
        self.lines.append(f"if {negated.get(outcome, f'{text} != {decided}')}: return MISS")
        return decided

    def _text(self, value: GraphValue) -> str:
        args = [self._texts[a] for a in value.args]
        op = value.op
        if op == "square" and args[0].isidentifier():
            return f"({args[0]}*{args[0]})"
        if op == "where":
            return f"({args[1]} if {args[0]} else {args[2]})"
        form = self._forms.get(op)
        if form is None:
            form = self._forms[op] = self._form(op)
        if value.params:
            return f"{form}({', '.join([*args, *map(repr, value.params)])})"
        return form % tuple(args) if "%" in form else f"{form}({', '.join(args)})"

    def _form(self, op: str) -> str:
        """How an operation is written: a pattern for its arguments, or the name of its function."""
        if infix(op):
            return f"(%s {infix(op).replace('%', '%%')} %s)"
        if op == "neg":
            return "(-%s)"
        if op == "div" and not self.careful:
            return "(%s / %s)"
        return self._function(op)

    def _function(self, op: str) -> str:
        if in_math(op) and not self.careful:
            self.names[op] = getattr(math, op)
        else:
            function = FLOAT64.function(op)
            self.names[op] = asking(function) if self.loses and not in_math(op) and op != "div" else function
        return op

    def _constant(self, value: Any) -> str:
        if isinstance(value, float) and not math.isfinite(value):
            name = "nan" if value != value else "inf" if value > 0 else "minus_inf"
            self.names[name] = value
            return name
        return f"({value!r})" if isinstance(value, float | int) and value < 0 else repr(value)
