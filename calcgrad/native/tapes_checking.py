"""Right or not at all, for tapes: every operation of one is looked at beside NumPy, on the arguments that it had there.

Each result has to be what NumPy's function makes of the very numbers that the tape read for it: to the bit where it is exact,
within a few units in the last place for functions of our own. Where all are, the whole is right, however long it is; nothing has
to be allowed for errors that grow on their way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from calcgrad.compiling.graph import Graph, GraphValue, elementwise
from calcgrad.native.fitting import REDUCED, TRUTH
from calcgrad.native.lowering import lowering
from calcgrad.native.tapes_reading import Putting, Reading
from calcgrad.native.tapes_trying import EPSILON, apart, far
from calcgrad.tracing.values import value_of_operation

#: A sum may be off by so many units in the last place of the sum of its entries' sizes.
_SUM = 8


def tape_differs(graph: Graph, reading: Reading, values: Any) -> str:
    """Where the values of a tape that has run are not what NumPy makes of its arguments, in words; empty where all are."""
    base = reading.base
    for code, op in reading.names.items():
        at = numpy.flatnonzero(reading.codes == code)
        args = [values[row[at]] for row in reading.args[: reading.arities[code]]]
        bad = far(op, args, values[base + at])
        if bad.any():
            k = int(numpy.argmax(bad))
            given = ", ".join(repr(float(a[k])) for a in args)
            return f"{op}({given}) is {float(values[base + at[k]])!r}"
    return _Arrays(graph, reading, values).differ()


class _Arrays:
    """The values of a graph that are no numbers, or none of an operation on numbers: what moves entries, and what adds them up."""

    def __init__(self, graph: Graph, reading: Reading, values: Any) -> None:
        self.graph = graph
        self.reading = reading
        self.values = values
        self.made: dict[int, Any] = {}

    def differ(self) -> str:
        for value in self.graph.values[self.graph.inputs :]:
            if value.scalar and value.op in self.reading.names.values() and elementwise(value.op):
                continue
            wrong = self._constant(value) if value.op == "constant" else self._value(value)
            if wrong:
                return wrong
        return ""

    def _constant(self, value: GraphValue) -> str:
        mine, right = numpy.asarray(self._mine(value.place)), numpy.asarray(value.value, float)
        same = mine.shape == right.shape and mine.tobytes() == right.tobytes()
        return "" if same else f"constant {value.place} is another"

    def _value(self, value: GraphValue) -> str:
        args = [self._given(a) for a in value.args]
        with numpy.errstate(all="ignore"):
            right = value_of_operation(str(value.op))(*args, *value.params)
        mine = self._mine(value.place)
        if mine is None:  # an array that another one has taken in: that one is looked at
            self.made[value.place] = right
            return ""
        right = numpy.asarray(right, float)
        if numpy.shape(mine) != right.shape:
            return f"value {value.place} ({value.op}) is of shape {numpy.shape(mine)}"
        bad = apart(mine, right, self._allowed(value, args, right))
        return f"value {value.place} ({value.op}) is off" if bad.any() else ""

    def _allowed(self, value: GraphValue, args: Sequence[Any], right: Any) -> Any:
        with numpy.errstate(all="ignore"):
            if elementwise(value.op):
                row = lowering(value.op)
                return 0.0 if row is None else row.ulps * EPSILON * numpy.abs(right)
            if value.op not in REDUCED or value.op in ("amax", "amin"):
                return 0.0 * numpy.abs(right)
            if value.op == "prod":
                return numpy.size(args[0]) * EPSILON * numpy.abs(right)
            sizes = value_of_operation(str(value.op))(numpy.abs(args[0]), *value.params)
            return _SUM * EPSILON * numpy.abs(sizes)

    def _given(self, place: int) -> Any:
        """A value of the graph as NumPy takes it; what was made here is read once."""
        if place in self.made:
            return self.made.pop(place)
        value = self.graph.values[place]
        if value.op == "constant":
            return value.value
        found = self._mine(place)
        if value.dtype == TRUTH:
            return found != 0.0
        return found

    def _mine(self, place: int) -> Any:
        """The tape's own values, with zeros where it keeps none; ``None`` where another array has taken them in."""
        found = self.reading.places[place]
        if type(found) is not Putting:
            mine = self.values[found]
            return mine if numpy.ndim(mine) else float(mine)
        shape = self.graph.values[place].shape
        if found.shape != shape:
            return None
        whole = numpy.zeros(shape)
        if found.entries:
            whole.reshape(-1)[list(found.entries)] += self.values[list(found.entries.values())]
        return whole
