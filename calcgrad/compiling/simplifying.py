"""Fewer operations for the same values: negations and constant factors are taken out of products, and sums take signs in.

A negation is exact wherever it stands: ``a + (-b)`` is ``a - b`` to the bit, and so is ``(-a) * b`` the negative of ``a * b``.
A factor that is moved from before a product to behind it changes the last place. Only factors between 1 and 1024 are: then
what overflows afterwards overflowed before, and what underflows on the way is off by 1024 of the smallest double at most.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain

import numpy

from calcgrad.compiling.banding import Diagonals
from calcgrad.compiling.graph import Graph, GraphBuilder, GraphValue, deciding, elementwise

_LARGEST = 1024.0
_DOUBLE = numpy.dtype(float)
#: Only what is made of these changes.
_CHANGING = frozenset(("constant", "mul", "neg", "div"))
_FLOATS = "fc"


def simplified(graph: Graph) -> Graph:
    """The graph with fewer operations, in the same order."""
    return _Simplifier(graph).simplified()


class _Simplifier:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.made = GraphBuilder()
        self.uses = Counter(chain.from_iterable([value.args for value in graph.values]))
        self.uses.update(graph.outputs)
        self.uses.update(place for place, _ in graph.guards)
        self.new: list[int] = []
        self.exact = deciding(graph)

    def simplified(self) -> Graph:
        """Each value in turn, of arguments that are simple already."""
        new, number = self.new, self.made.made_number
        for value in self.graph.values:
            if value.scalar and value.dtype is _DOUBLE and value.args and not self._may_change(value):
                new.append(number(value.op, tuple([new[a] for a in value.args])))
            else:
                new.append(self._value(value))
        outputs = [self.new[out] for out in self.graph.outputs]
        guards = [(self.new[place], outcome) for place, outcome in self.graph.guards]
        return self.made.finished(self.graph.inputs, outputs, guards)

    def _may_change(self, value: GraphValue) -> bool:
        """Whether any rule may fit an operation on numbers: most are soon seen to be none of that kind."""
        op, new, values = value.op, self.new, self.made.values
        if value.params or not elementwise(op):
            return True
        if op in ("add", "mul"):
            a, b = value.args
            return values[new[a]].op in _CHANGING or values[new[b]].op in _CHANGING
        if op == "sub":
            return bool(values[new[value.args[1]]].op == "neg")
        return op in ("div", "neg") and bool(values[new[value.args[0]]].op in _CHANGING)

    def _value(self, value: GraphValue) -> int:
        args = [self.new[a] for a in value.args]
        if (
            value.op in ("mul", "neg", "add", "sub", "div")
            and value.dtype.kind in _FLOATS
            and not value.params
            and value.place not in self.exact
        ):
            found = getattr(self, f"_{value.op}")(value, *args)
            if found is not None:
                return int(found)
        return self.made.copied(value, args)

    def _add(self, value: GraphValue, a: int, b: int) -> int | None:
        """A sum of something negative is a difference; x^2 w and twice x (x w), the slope of a cube, are three times that."""
        for square, doubled in ((a, b), (b, a)):
            cubed = self._slope_of_cube(value, square, doubled)
            if cubed is not None:
                return cubed
        for k, (this, other) in enumerate(((b, a), (a, b))):
            inner = self._under("neg", this)
            if inner is not None and self._alike(inner, this) and self.uses[value.args[1 - k]] == 1:
                return self.made.made("sub", (other, inner), value)
        return None

    def _slope_of_cube(self, value: GraphValue, first: int, second: int) -> int | None:
        """3 (x (x w)) for x^2 w + 2 (x (x w)): of these two, the one that stays in range wherever the sum does."""
        doubled = self.made.values[second]
        for k in (0, 1) if doubled.op == "mul" else ():
            outer = self.made.values[doubled.args[1 - k]]
            if self._number(doubled.args[k]) != 2.0 or outer.op != "mul":
                continue
            alike = all(self._alike(p, value.place, self.graph.values) for p in (first, second, outer.place))
            if alike and any(self._is_cubic(first, outer.args[m], outer.args[1 - m]) for m in (0, 1)):
                return self.made.made("mul", tuple(sorted((self.made.constant(3.0), outer.place))), value)
        return None

    def _is_cubic(self, place: int, x: int, product: int) -> bool:
        """Whether a value is x^2 w, where a product is x w."""
        whole, inner = self.made.values[place], self.made.values[product]
        if whole.op != "mul" or inner.op != "mul" or x not in inner.args:
            return False
        w = inner.args[1 - inner.args.index(x)]
        square = self.made.known("mul", (x, x), self.made.values[x])
        return square is not None and sorted(whole.args) == sorted((square, w))

    def _sub(self, value: GraphValue, a: int, b: int) -> int | None:
        inner = self._under("neg", b)
        if inner is not None and self.uses[value.args[1]] == 1:
            return self.made.made("add", tuple(sorted((a, inner))), value)
        return None

    def _div(self, value: GraphValue, a: int, b: int) -> int | None:
        """The sign of what is divided is that of the quotient."""
        inner = self._under("neg", a)
        if (
            inner is None
            or self.uses[value.args[0]] > 1
            or not self._alike(a, value.place, self.graph.values)
        ):
            return None
        return self.made.made("neg", (self.made.made("div", (inner, b), value),), value)

    def _neg(self, value: GraphValue, a: int) -> int | None:
        """The negative of a product with a constant, or of a constant over something, is one with the negative constant."""
        inner = self.made.values[a]
        if self.uses[value.args[0]] > 1:
            return None
        if inner.op == "neg":
            return inner.args[0]
        if inner.op in ("mul", "div"):
            for k in (0, 1) if inner.op == "mul" else (0,):
                number = self._number(inner.args[k])
                if number is not None:
                    args = list(inner.args)
                    args[k] = self.made.constant(-number)
                    return self.made.made(inner.op, tuple(args), value)
        return None

    def _mul(self, value: GraphValue, a: int, b: int) -> int | None:
        """Signs and constant factors of both sides go before the product."""
        for k, number in enumerate(map(self._number, (a, b))):
            if number is not None:
                return self._times(value, number, value.args[1 - k], (b, a)[k])
        if a == b:
            return None
        quotient = self._quotient(value, a, b)
        if quotient is not None:
            return quotient
        factor, cores = 1.0, []
        for old, new in zip(value.args, (a, b), strict=True):
            part, core = self._peeled(old, new, value)
            factor *= part
            cores.append(core)
        if cores == [a, b] or abs(factor) > _LARGEST:
            return None
        product = self.made.made("mul", tuple(sorted(cores)), value)
        if abs(factor) == 1.0:
            return product if factor == 1.0 else self.made.made("neg", (product,), value)
        return self.made.made("mul", tuple(sorted((self.made.constant(factor), product))), value)

    def _quotient(self, value: GraphValue, a: int, b: int) -> int | None:
        """Times the reciprocal of something is the quotient with it, where that one is known already."""
        for new, other in ((b, a), (a, b)):
            inner = self.made.values[new]
            if inner.op == "div" and self._number(inner.args[0]) == 1.0:
                known = self.made.known("div", (other, inner.args[1]), value)
                if known is not None and self._alike(known, value.place, self.graph.values):
                    return known
        return None

    def _times(self, value: GraphValue, number: float, old: int, new: int) -> int | None:
        """A constant times what has a constant factor already."""
        part, core = self._peeled(old, new, value)
        if core == new or abs(number * part) > _LARGEST or abs(number) < 1.0 / _LARGEST:
            return None
        return self.made.made("mul", tuple(sorted((self.made.constant(number * part), core))), value)

    def _peeled(self, old: int, new: int, whole: GraphValue) -> tuple[float, int]:
        """The factor before a side of a product, and what is behind it; none is taken from what is read elsewhere, or smaller."""
        value = self.made.values[new]
        if self.uses[old] > 1 or value.shape != whole.shape or value.scalar != whole.scalar:
            return 1.0, new
        if value.op == "neg":
            return -1.0, value.args[0]
        if value.op == "mul":
            for k in (0, 1):
                number, core = self._number(value.args[k]), value.args[1 - k]
                if number is not None and 1.0 <= abs(number) <= _LARGEST and self._alike(core, new):
                    return number, core
        return 1.0, new

    def _under(self, op: str, place: int) -> int | None:
        value = self.made.values[place]
        return value.args[0] if value.op == op else None

    def _alike(self, a: int, b: int, others: list[GraphValue] | None = None) -> bool:
        one, two = self.made.values[a], (others or self.made.values)[b]
        return (one.shape, one.dtype, one.scalar) == (two.shape, two.dtype, two.scalar)

    def _number(self, place: int) -> float | None:
        value = self.made.values[place]
        return value.value if value.op == "constant" and type(value.value) in (float, int) else None


def spoiled(graph: Graph) -> bool:
    """Whether a zero by structure, written as a number, may meet an infinite slope: then the two together are nan.

    Sums, signs and rearrangements of zeros do no harm. A constant array with a zero in it may have been put together from such.
    """
    doubtful: set[int] = set()
    for value in graph.values:
        if value.op == "constant":
            if value.shape and value.dtype.kind in _FLOATS and not numpy.all(value.value):
                doubtful.add(value.place)
        elif value.op in ("where", "scatter") or isinstance(value.op, Diagonals):
            if value.op == "where" and doubtful.intersection(value.args[:1]):
                return True
            doubtful.add(value.place)
        elif doubtful.intersection(value.args):
            if value.op not in _HARMLESS:
                return True
            doubtful.add(value.place)
    return False


_HARMLESS = (
    *("add", "sub", "neg", "sum", "sum_to", "reshape", "transpose", "broadcast_to", "getitem"),
    *("vector", "concatenate", "stop_gradient"),
)
