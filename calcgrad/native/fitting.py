"""Which values of a graph native code can make: doubles, singles and truth values, by operations that are known here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy

from calcgrad.compiling.banding import Diagonals
from calcgrad.compiling.graph import Graph, GraphValue, elementwise
from calcgrad.native.lowering import lowering
from calcgrad.operations.shapes import Shape, normal_axes

DOUBLE, SINGLE, TRUTH = numpy.dtype(numpy.float64), numpy.dtype(numpy.float32), numpy.dtype(bool)
#: What is kept in memory. In registers singles are doubles, rounded after each operation, which gives the same for + - * / sqrt.
KINDS = (DOUBLE, SINGLE, TRUTH)
#: Whole numbers up to here are doubles too.
EXACT = 2**53
#: So many arrays side by side are chosen among by tests; more are NumPy's.
_PIECES = 8

#: Operations that only say where an entry is to be found.
VIEWS = ("getitem", "transpose", "reshape", "broadcast_to", "stop_gradient")
#: Those that gather entries of several arrays, or put some among zeros.
PLACED = ("scatter", "concatenate", "vector")
#: Those that make one entry of many.
REDUCED = ("sum", "sum_to", "amax", "amin", "prod")


def native(element: Any) -> Any:
    """An element of an index as NumPy takes it."""
    if isinstance(element, tuple) and element[:1] == ("slice",):
        return slice(*element[1:])
    if isinstance(element, tuple | list):
        return numpy.asarray(element)
    return element


@dataclass(frozen=True, slots=True)
class Places:
    """An index by arrays of whole numbers, of one shape, for the axes from ``axis`` on; all other axes are whole."""

    axis: int
    arrays: tuple[Any, ...]


def basic(index: Sequence[Any]) -> tuple[Any, ...] | None:
    """An index of whole numbers, slices, ``None`` and ``...``, or ``None`` where there is more."""
    elements = tuple([native(e) for e in index])
    if all(e is None or e is Ellipsis or isinstance(e, slice) or _whole(e) for e in elements):
        return elements
    return None


def _whole(element: Any) -> bool:
    return isinstance(element, int | numpy.integer) and not isinstance(element, bool)


def places(index: Sequence[Any], shape: Shape) -> Places | None:
    """An index of arrays of whole numbers side by side, and whole slices around them; ``None`` for any other."""
    elements = [native(e) for e in index]
    found = [k for k, e in enumerate(elements) if isinstance(e, numpy.ndarray)]
    if not found or found != list(range(found[0], found[0] + len(found))) or len(elements) > len(shape):
        return None
    if not all(e == slice(None) for k, e in enumerate(elements) if k not in found):
        return None
    arrays = [elements[k] for k in found]
    if any(a.dtype.kind not in "iu" or not a.ndim for a in arrays):
        return None
    together = numpy.broadcast_arrays(*arrays)
    tables = []
    for axis, array in enumerate(together, found[0]):
        table = numpy.array(array, numpy.int64)
        table[table < 0] += shape[axis]
        if table.size and not 0 <= table.min() <= table.max() < shape[axis]:
            return None
        tables.append(table)
    return Places(found[0], tuple(tables))


def in_single(values: Sequence[GraphValue], value: GraphValue) -> bool:
    """Whether an entrywise operation is one of singles: Python's numbers, which have no precision of their own, become such."""
    if value.dtype != TRUTH:
        return bool(value.dtype == SINGLE)
    kinds = [values[a].dtype for a in value.args if not values[a].scalar and values[a].dtype != TRUTH]
    return bool(kinds) and all(kind == SINGLE for kind in kinds)


@dataclass(frozen=True, slots=True)
class Reduction:
    """An array whose entries each gather several of another's: which axes go, and what is left, as a shape with axes of 1."""

    axes: tuple[int, ...]
    through: Shape


def reduction(value: GraphValue, shape: Shape) -> Reduction:
    """What a reduction of an array of this shape does."""
    if value.op == "sum_to":
        final, *rest = value.params
        through = tuple(rest[0] if rest and rest[0] is not None else final)
        through = (1,) * (len(shape) - len(through)) + through
        axes = tuple([k for k, n in enumerate(through) if n == 1 and shape[k] != 1])
        return Reduction(axes, through)
    axes = normal_axes(len(shape), value.params[0] if value.params else None)
    return Reduction(tuple(axes), tuple([1 if k in axes else n for k, n in enumerate(shape)]))


class Fitting:
    """What of a graph fits; ``inside[place]`` says it of each value."""

    def __init__(self, graph: Graph) -> None:
        self.values = graph.values
        self.inside = [False] * len(graph.values)
        for value in graph.values:
            self.inside[value.place] = self._fits(value)

    def given(self, place: int) -> bool:
        """Whether a value can be handed to native code."""
        value = self.values[place]
        if 0 in value.shape:
            return False
        if not (value.shape or value.scalar):
            return self._single(value)
        if value.dtype in KINDS:
            return True
        return value.op == "constant" and exact(value.value)

    def _single(self, value: GraphValue) -> bool:
        """Whether a value is a number of NumPy's in single precision: what operations give, no array without axes."""
        if value.op == "constant":
            return isinstance(value.value, numpy.float32)
        return value.dtype == SINGLE and (elementwise(value.op) or value.op in REDUCED)

    def _fits(self, value: GraphValue) -> bool:
        if value.op in ("input", "constant") or not isinstance(value.op, str | Diagonals):
            return False
        if value.dtype not in KINDS or not all(map(self.given, (value.place, *value.args))):
            return False
        if elementwise(value.op):
            return self._entrywise(value)
        alike = value.dtype != TRUTH and all(self.values[a].dtype == value.dtype for a in value.args)
        return alike and self._moves(value)

    def _entrywise(self, value: GraphValue) -> bool:
        row = lowering(value.op)
        if row is None or value.params:
            return False
        if value.op == "where":
            truths = all(self.values[a].dtype == TRUTH for a in value.args[1:])
            return bool((value.dtype == TRUTH) == truths)
        return bool((value.dtype == TRUTH) == row.answers)

    def _moves(self, value: GraphValue) -> bool:
        shapes = [self.values[a].shape for a in value.args]
        op = value.op
        if isinstance(op, Diagonals):
            flat = range(prod(value.shape))
            fits = [(len(flat[part]),) for part, _ in op.slices]
            return all(s in ((), f) for s, f in zip(shapes[op.onto :], fits, strict=True))
        if op == "getitem":
            return basic(value.params) is not None or places(value.params, shapes[0]) is not None
        if op == "scatter":
            return _fits_its_part(value.params[0], shapes[0], value.shape)
        if op in ("concatenate", "vector"):
            return len(value.args) <= _PIECES
        return op in VIEWS or (op in REDUCED and bool(shapes[0]) and _known_reduction(value, shapes[0]))


def _known_reduction(value: GraphValue, shape: Shape) -> bool:
    found = reduction(value, shape)
    return len(found.through) == len(shape) and prod(found.through) == prod(value.shape)


def _fits_its_part(index: Sequence[Any], shape: Shape, whole: Shape) -> bool:
    """Whether what is added at an index has an entry of its own for each place."""
    elements = basic(index)
    if elements is None and (not shape or places(index, whole) is None):
        return False
    part: Shape = numpy.broadcast_to(False, whole)[tuple([native(e) for e in index])].shape
    return part == shape


def exact(value: Any) -> bool:
    """Whether a constant's entries are doubles, or whole numbers that are."""
    if isinstance(value, bool | float):
        return True
    if isinstance(value, int):
        return abs(value) <= EXACT
    if not isinstance(value, numpy.ndarray):
        return False
    if value.dtype.kind in "iu":
        return bool(value.size) and max(abs(int(value.max())), abs(int(value.min()))) <= EXACT
    return bool(value.dtype in (DOUBLE, TRUTH))
