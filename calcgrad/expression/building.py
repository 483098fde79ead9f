"""The parser's stack: values that are complete, what waits for them, and the nodes built from both."""

from __future__ import annotations

from typing import Any

from calcgrad.expression import readings
from calcgrad.expression.applying import Application, apply, raised_power
from calcgrad.expression.grammar import ADD, BARE, COMPARE, MUL, NOT, POW, TERNARY, UNARY, Frame
from calcgrad.expression.magnitude import GROWING, Magnitudes
from calcgrad.expression.nodes import Call, Node
from calcgrad.expression.source import Source, make_span

#: Nodes that chained comparisons may add by naming their middle operands twice.
MAX_REPEATED = 1_000_000


class Builder:
    """Values and frames; ``reduce`` turns the second into nodes over the first."""

    __slots__ = ("magnitudes", "repeated", "source", "stack", "values")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.values: list[Node] = []
        self.stack: list[Frame] = [(0, "", None)]
        self.magnitudes = Magnitudes(source)
        self.repeated = 0

    def reduce(self, floor: int) -> None:
        """Build everything on top of the stack that binds at least as tightly as ``floor``."""
        stack, values = self.stack, self.values
        while stack[-1][0] >= floor:
            power, op, note = stack.pop()
            right = values.pop()
            if ADD <= power <= MUL:
                left = values[-1]
                values[-1] = Call(op, (left, right), (), make_span((left.span[0], right.span[1])))
                if note:
                    readings.close_notes(self.source, note, right.span[1])
            else:
                self.build(power, op, note, right)

    def build(self, power: int, op: str, note: Any, right: Node) -> None:
        """One frame that is neither a sum nor a product."""
        values = self.values
        if power in (UNARY, NOT):
            span = make_span((note, right.span[1]))
            if op:
                values.append(Call(op, (right,), (), span))
            else:
                right.span = span
                values.append(right)
        elif power == BARE:
            values.append(self.applied(note, (right,), right.span[1]))
        elif power == COMPARE:
            values.append(self.chain(note, right))
        elif power == TERNARY:
            condition, value = values.pop(), values.pop()
            span = make_span((value.span[0], right.span[1]))
            values.append(Call("where", (condition, value, right), (), span))
        else:
            left = values.pop()
            node = Call(op, (left, right), (), make_span((left.span[0], right.span[1])))
            if power == POW:
                self.magnitudes.check(node)
            elif note:
                readings.close_notes(self.source, note, right.span[1], inside_bare=True)
            values.append(node)

    def make(self, op: str, args: tuple[Node, ...], start: int, end: int) -> Call:
        """A call, after a look at its size where it could be a constant that is too large."""
        node = Call(op, args, (), make_span((start, end)))
        self.magnitudes.check(node)
        return node

    def applied(self, application: Application, args: tuple[Node, ...], end: int) -> Node:
        """The node of a function applied, with its power."""
        node = apply(self.source, application, args, end)
        if isinstance(node, Call) and node.op in GROWING:
            self.magnitudes.check(node)
        return node if application.power is None else raised_power(application, node, self.make)

    def chain(self, ops: list[str], last: Node) -> Node:
        """``a < b < c`` as ``(a < b) and (b < c)``."""
        count = len(ops)
        operands = [*self.values[-count:], last]
        del self.values[-count:]
        start = operands[0].span[0]
        result: Node | None = None
        for op, left, right in zip(ops, operands, operands[1:], strict=False):
            end = right.span[1]
            link = Call(op, (left, right), (), make_span((left.span[0], end)))
            result = (
                link if result is None else Call("logical_and", (result, link), (), make_span((start, end)))
            )
        assert result is not None
        for middle in operands[1:-1]:
            self.count_repeated(middle)
        return result

    def count_repeated(self, middle: Node) -> None:
        """Chains inside chains double what they repeat; a limit keeps the tree within memory."""
        todo = [middle]
        while todo:
            todo.extend(todo.pop().args)
            self.repeated += 1
            if self.repeated > MAX_REPEATED:
                raise self.source.limit(
                    "E155",
                    f"the chained comparisons repeat more than {MAX_REPEATED:,} terms",
                    (middle.span[0], middle.span[1]),
                    "repeated here",
                    "a < b < c stands for (a < b) and (b < c): write out the conjunction you mean",
                )
