"""Large graphs of numbers as tapes: no code is made for one, and one interpreter runs them all.

A tape takes its graph's inputs, entry by entry, and gives all outputs. It is looked at beside NumPy before anybody relies on it;
where it is not right, or a graph has no such form, there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from typing import Any

import numpy

from calcgrad.compiling.backends import Wanted, in_numpy
from calcgrad.compiling.entering import Door
from calcgrad.compiling.entering import entry as way_in
from calcgrad.compiling.graph import Graph
from calcgrad.compiling.simplifying import spoiled
from calcgrad.compiling.straight import MISS, Straight, accepting, returned
from calcgrad.native.expanding import expanded
from calcgrad.native.fitting import TRUTH
from calcgrad.native.tapes_checking import tape_differs
from calcgrad.native.tapes_machine import CHAINED, END, HEAD, interpreter, table
from calcgrad.native.tapes_ordering import ordered
from calcgrad.native.tapes_reading import Putting, Reading, UnfitError, read
from calcgrad.native.tapes_trying import ODD
from calcgrad.tracing.scaling import flagged

#: Graphs of fewer values are compiled: that is faster to run, and soon done.
FEWEST = 400
#: So many values of a graph make it one for a tape from the start, whatever its program over NumPy would be.
MANY = 2_000
#: An operation of the graph may stand for so many on numbers, on the average; longer arrays are for loops.
_LONG = 16
#: The most operations of a tape.
_MOST = 8_000_000
#: Tapes of fewer operations hold Python's lock: letting it go costs more.
_HOLDING = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Tape:
    """What is run: the row of whole numbers, what is there before, and where the results are found."""

    words: Any
    constants: Any
    inputs: int
    base: int
    operations: int
    runs: int
    outputs: list[Any]
    guards: tuple[Any, Any]


def tape(wanted: Wanted) -> Straight | str:
    """The program of a graph as a tape, or why there is none."""
    graph = expanded(wanted.graph)
    if len(graph.values) < FEWEST:
        return "it is short"
    try:
        with numpy.errstate(all="ignore"):
            reading = read(graph, _most)
            made = _tape(graph, reading)
            machine = _Machine(graph, made)
            wrong = _wrong(graph, wanted.leaves, reading, machine)
    except UnfitError as error:
        return str(error)
    return f"it did not give the same, {wrong}" if wrong else _straight(wanted, machine)


def _most(values: int) -> int:
    return min(_LONG * values, _MOST)


def _tape(graph: Graph, reading: Reading) -> Tape:
    """The operations in runs, and where they put their results."""
    codes, args, base = reading.codes, reading.args, reading.base
    run_codes, lengths, order = ordered(codes, args, base, len(CHAINED))
    count = len(codes)
    moved = numpy.arange(base + count, dtype=numpy.int32)
    moved[base + order] = base + numpy.arange(count, dtype=numpy.int32)
    args[:] = moved[args[:, order]]
    codes[:] = codes[order]
    for k, places in enumerate(reading.places):
        if type(places) is int:
            reading.places[k] = int(moved[places])
        elif type(places) is Putting:
            places.entries = {at: int(moved[p]) for at, p in places.entries.items()}
        else:
            reading.places[k] = moved[places]
    words = _words(run_codes, lengths, args, reading.arities)
    outputs = [_output(reading, graph, out) for out in graph.outputs]
    return Tape(
        words,
        numpy.array(reading.constants, float),
        base - len(reading.constants),
        base,
        count,
        len(run_codes),
        outputs,
        _guards(reading, graph),
    )


def _words(codes: Any, lengths: Any, args: Any, arities: dict[int, int]) -> Any:
    """The row of whole numbers: before the places of each run its code, its length, and how many they are."""
    many = numpy.array([arities[c] for c in codes.tolist()], numpy.int64)
    n = lengths.astype(numpy.int64)
    starts = numpy.concatenate([[0], numpy.cumsum(HEAD + many * n)]).astype(numpy.int64)
    words = numpy.zeros(int(starts[-1]) + HEAD, numpy.int32)
    for k, column in enumerate((codes, n, many * n)):
        words[starts[:-1] + k] = column
    firsts = numpy.concatenate([[0], numpy.cumsum(n)])[:-1]
    within = numpy.arange(int(n.sum())) - numpy.repeat(firsts, n)
    for k in range(3):
        has = numpy.repeat(many > k, n)
        at = numpy.repeat(starts[:-1] + HEAD + k * n, n) + within
        words[at[has]] = args[k][has]
    words[starts[-1]] = END
    return words


def _output(reading: Reading, graph: Graph, out: int) -> tuple[Any, bool]:
    """Where an output's entries are, and whether they are truth values."""
    return reading.places[out], graph.values[out].dtype == TRUTH


def _guards(reading: Reading, graph: Graph) -> tuple[Any, Any]:
    """The places of what was decided, and what it was."""
    places: list[Any] = []
    outcomes: list[Any] = []
    for place, outcome in graph.guards:
        if not isinstance(outcome, bool | int | float | numpy.ndarray | numpy.generic):
            raise UnfitError("a decision is on no number")
        wanted = numpy.asarray(outcome)
        where = numpy.asarray(reading.places[place])
        if wanted.dtype.kind not in "bif" or wanted.shape != where.shape:
            raise UnfitError("a decision is on no number")
        places.append(where.reshape(-1))
        outcomes.append(wanted.reshape(-1).astype(float))
    if not places:
        return None, None
    return numpy.concatenate(places), numpy.concatenate(outcomes)


class _Machine:
    """A tape that can be run, at several points at the same time."""

    def __init__(self, graph: Graph, made: Tape) -> None:
        self.tape = made
        self.shapes = [graph.values[k].shape for k in range(graph.inputs)]
        self.numbers = not any(self.shapes)
        self.free: list[Any] = []
        holding, letting_go = interpreter()
        self.call = holding if made.operations < _HOLDING else letting_go

    def buffer(self) -> Any:
        """The numbers of one run; the constants stand in it."""
        made = self.tape
        found = numpy.full(made.base + made.operations, numpy.nan)
        found[made.inputs : made.base] = made.constants
        return found

    def run(self, buffer: Any, leaves: Sequence[Any], watched: bool = False) -> bool:
        """Compute all numbers; whether they count: in a tape that is ``watched`` not where any left the doubles."""
        made = self.tape
        if self.numbers:
            buffer[: made.inputs] = leaves
        else:
            at = 0
            for shape, leaf in zip(self.shapes, leaves, strict=True):
                size = prod(shape)
                buffer[at : at + size].reshape(shape)[...] = leaf
                at += size
        start = buffer.ctypes.data
        if watched:
            flagged()
        raised = self.call(made.words.ctypes.data, start, start + 8 * made.base, table())
        return not raised and not (watched and flagged())


def _wrong(graph: Graph, traced: Sequence[Any], reading: Reading, machine: _Machine) -> str:
    """Where the tape is not NumPy's at the traced values, or at drawn ones, in words."""
    rng = numpy.random.default_rng(0)
    odd = [_odd(rng, shape) for shape in machine.shapes]
    drawn = [rng.normal(size=shape) if shape else float(rng.normal()) for shape in machine.shapes]
    looked = False
    for leaves in (traced, drawn, odd):
        buffer = machine.buffer()
        if len(leaves) != len(machine.shapes) or not machine.run(buffer, leaves):
            continue
        looked = True
        wrong = tape_differs(graph, reading, buffer)
        if wrong:
            return wrong
    return "" if looked else "its arguments are out of range"


def _odd(rng: Any, shape: Any) -> Any:
    found = numpy.where(rng.random(shape) < 0.2, rng.choice(ODD[:8], shape), rng.normal(size=shape))
    return found if shape else float(found)


def _straight(wanted: Wanted, machine: _Machine) -> Straight:
    """The program: a tape, and NumPy's where that has no answer, which is made when it is first wanted."""
    graph, made = wanted.graph, machine.tape
    wanted = replace(wanted, leaves=())  # what was traced at is not kept alive
    give = _giver(wanted, made)
    places, outcomes = made.guards
    plain: list[Straight] = []

    def otherwise(leaves: Sequence[Any]) -> Any:
        if not plain:
            plain.append(in_numpy(wanted))
        return plain[0].run(leaves)

    def run(leaves: Sequence[Any]) -> Any:
        try:
            buffer = machine.free.pop()
        except IndexError:
            buffer = machine.buffer()
        try:
            if not machine.run(buffer, leaves, wanted.watched):
                return otherwise(leaves)
            if places is not None and not (buffer[places] == outcomes).all():
                return MISS
            return give(buffer)
        finally:
            machine.free.append(buffer)

    zeros = any(v.shape for v in graph.values) and spoiled(graph)
    operations = sum(value.op not in ("input", "constant") for value in graph.values)
    enter = None
    if wanted.kinds is not None:
        accepts = accepting(zeros, wanted.watched)
        enter = partial(way_in, Door(wanted.inputs, wanted.kinds, {"MISS": MISS}, (), run, accepts))
    source = _told(wanted.name, graph, made)
    return Straight(source, run, operations, wanted.captured, zeros, enter=enter, backend="native")


def _giver(wanted: Wanted, made: Tape) -> Callable[[Any], Any]:
    """What makes the result of the numbers of a run."""
    names: dict[str, Any] = {}
    texts: list[str] = []
    numbers: list[int] = []
    lines: list[str] = []
    for k, (places, truth) in enumerate(made.outputs):
        value = wanted.graph.values[wanted.graph.outputs[k]]
        if value.op == "constant":
            names[f"k{k}"] = value.value  # as it is, of whatever type
            texts.append(f"k{k}.copy()" if isinstance(value.value, numpy.ndarray) else f"k{k}")
        elif numpy.ndim(places):
            names[f"p{k}"] = places
            texts.append(f"v[p{k}]" + (" != 0.0" if truth else ""))
        else:
            texts.append(f"n[{len(numbers)}]" + (" != 0.0" if truth else ""))
            numbers.append(int(places))
    if numbers:
        names["numbers"] = numpy.array(numbers)
        lines.append("n = v[numbers].tolist()")
    lines.append(f"return {returned(wanted.structure, texts, names)}")
    source = "def give(v):\n    " + "\n    ".join(lines) + "\n"
    exec(compile(source, "<the results of a tape>", "exec"), names)
    found: Callable[[Any], Any] = names["give"]
    return found


def _told(name: str, graph: Graph, made: Tape) -> str:
    """What a tape is, in words."""
    counts = Counter(str(v.op) for v in graph.values if v.op not in ("input", "constant"))
    often = ", ".join(f"{count:,} {op}" for op, count in counts.most_common())
    return (
        f"# {name}: a tape of {made.operations:,} operations on numbers in {made.runs:,} runs of one kind each\n"
        f"# {made.inputs:,} numbers go in, {made.base - made.inputs:,} constants stand in it\n"
        f"# of: {often}\n"
    )
