"""Right or not at all: each stage is run beside NumPy before anybody relies on it.

It runs on the values that the program was traced at, on drawn ones, and on drawn ones with nan, infinities and zeros among them.
What is exact has to be the same to the bit. How far the rest may be off is measured: NumPy's own values are pushed about, each
function's by its units in the last place and each sum by a few of the sum of its entries' sizes, several times at random; the
native value has to lie as near as these do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy

from calcgrad.compiling.banding import Diagonals
from calcgrad.compiling.graph import Graph, GraphValue, elementwise
from calcgrad.compiling.straight import MISS
from calcgrad.native.expanding import EXPANDED
from calcgrad.native.fitting import DOUBLE, SINGLE, TRUTH
from calcgrad.native.laying import Laid
from calcgrad.native.lowering import LOWERED, lowering
from calcgrad.native.stages import Stage
from calcgrad.operations.shapes import Shape
from calcgrad.tracing.values import value_of_operation

#: A sum may be off by so many units in the last place of the sum of its entries' sizes.
SUM = 8
#: Stages over more numbers than this are checked with fewer runs, and at no drawn values.
_MANY = 200_000
#: An entry may be off by so many times the root of the mean square of what chance did, or one in a thousand by a thousand times
#: that, or by as many times what chance did to most: it may have done little there, and what is wrong is so by far more.
_FACTOR, _RARE = 6.0, 1_000.0
#: The same where there were three runs only.
_FACTOR_OF_FEW = 40.0
#: What was rounded otherwise anywhere may always be off by so many units in the last place.
_NEAR = 4.0
_EPSILONS = {kind: float(numpy.finfo(kind).eps) for kind in (DOUBLE, SINGLE)}
#: Singles by a row's definition are rounded once here, and after each of its operations in NumPy.
_DEFINED = 4

Values = dict[int, Any]


def traced_values(graph: Graph, taken: Sequence[Sequence[int]], leaves: Sequence[Any]) -> Values:
    """What stages are given where the program was traced, all made by NumPy; without what comes of functions of a user's own,
    which are not called once more for it.
    """
    wanted = {p for given in taken for p in given}
    known: Values = {v.place: leaf for v, leaf in zip(graph.values, leaves, strict=False) if v.op == "input"}
    own: set[int] = set()
    for value in graph.values:
        users = not isinstance(value.op, str | Diagonals | Laid)
        if users or not own.isdisjoint(value.args):
            own.add(value.place)
    return _evaluate(graph, [p for p in range(len(graph.values)) if p not in own], known, wanted)


def difference(
    graph: Graph,
    stage: Stage,
    given: Sequence[int],
    run: Callable[..., Any],
    traced: Mapping[int, Any],
    seed: int = 0,
) -> str:
    """Where a stage's native values are not NumPy's, in words; empty where they are. ``run(*given)`` gives all exports."""
    rng = numpy.random.default_rng(seed)
    size = sum(prod(graph.values[p].shape) for p in _needed(graph, stage.exports, dict.fromkeys(given)))
    samples = (
        [("the traced values", {p: traced[p] for p in given})] if all(p in traced for p in given) else []
    )
    if size <= _MANY or not samples:
        samples.append(("drawn values", {p: _drawn(graph.values[p], rng, ()) for p in given}))
        samples.append(
            ("drawn values with nan and infinities", {p: _drawn(graph.values[p], rng, _ODD) for p in given})
        )
    for name, values in samples:
        found = run(*[values[p] for p in given])
        if found is MISS:  # out of the range of a function: such calls go to NumPy
            continue
        wrong = _compared(graph, stage, values, found, rng, 8 if size <= _MANY else 3)
        if wrong:
            return f"{wrong} at {name}"
    return ""


def apart(graph: Graph, leaves: Sequence[Any], found: Sequence[Any], seed: int = 0) -> str:
    """Where a whole program's results at some arguments are not NumPy's, in words; empty where they are."""
    rng = numpy.random.default_rng(seed)
    values = {v.place: leaf for v, leaf in zip(graph.values, leaves, strict=False) if v.op == "input"}
    wanted = set(graph.outputs)
    places = _needed(graph, graph.outputs, values)
    right, rounded = _evaluate(graph, places, values, wanted), _rounded(graph, places)
    chance = _Chance(rng, _largest(graph, places))
    pushed = [_evaluate(graph, places, values, wanted, chance) for _ in range(8 if rounded else 0)]
    for k, (place, mine) in enumerate(zip(graph.outputs, found, strict=True)):
        if place not in right:
            continue
        wrong = _far(
            mine,
            right[place],
            [p[place] for p in pushed] if place in rounded else [],
            graph.values[place].dtype,
        )
        if wrong:
            return f"result {k} ({graph.values[place].op}): {wrong}"
    return ""


_ODD = (numpy.nan, numpy.inf, -numpy.inf, 0.0, -0.0, 1.0, 3e4, -1e-3)


def _drawn(value: GraphValue, rng: Any, odd: Sequence[float]) -> Any:
    """A value of the shape and kind of another; some of its entries are odd ones."""
    if value.dtype == TRUTH:
        drawn = rng.random(value.shape) < 0.5
    else:
        drawn = rng.normal(size=value.shape) * 2.0
        if odd:
            drawn = numpy.where(rng.random(value.shape) < 0.3, rng.choice(odd, value.shape), drawn)
    if value.dtype == SINGLE:
        return numpy.asarray(drawn, SINGLE) if value.shape else numpy.float32(drawn)
    return numpy.asarray(drawn) if value.shape else drawn.item() if hasattr(drawn, "item") else drawn


def _compared(graph: Graph, stage: Stage, values: Values, found: Sequence[Any], rng: Any, runs: int) -> str:
    places = _needed(graph, stage.exports, values)
    right = _evaluate(graph, places, values, set(stage.exports))
    rounded = _rounded(graph, places)
    chance = _Chance(rng, _largest(graph, places))
    pushed = [
        _evaluate(graph, places, values, set(stage.exports), chance) for _ in range(runs if rounded else 0)
    ]
    for place, mine in zip(stage.exports, found, strict=True):
        if graph.values[place].op in ("constant", "input"):
            continue
        wrong = _far(
            mine,
            right[place],
            [p[place] for p in pushed] if place in rounded else [],
            graph.values[place].dtype,
        )
        if wrong:
            return f"value {place} ({graph.values[place].op}): {wrong}"
    return ""


def _largest(graph: Graph, places: Sequence[int]) -> int:
    return max([prod(graph.values[p].shape) for p in places], default=1)


def _rounded(graph: Graph, places: Sequence[int]) -> set[int]:
    """The values that need not be the same to the bit: those of our own functions and of sums, and what is made of them."""
    found: set[int] = set()
    for p in places:
        if _noise(graph.values[p]) or not found.isdisjoint(graph.values[p].args):
            found.add(p)
    return found


def _needed(graph: Graph, exports: Sequence[int], given: Mapping[int, Any]) -> list[int]:
    """The values from those given to those wanted, in their order."""
    found: set[int] = set()
    todo = list(exports)
    while todo:
        p = todo.pop()
        if p not in found and p not in given and graph.values[p].op != "constant":
            found.add(p)
            todo.extend(graph.values[p].args)
    return sorted(found)


def _far(mine: Any, right: Any, pushed: Sequence[Any], dtype: Any = DOUBLE) -> str:
    a, b = numpy.asarray(mine, float), numpy.asarray(right, float)
    if a.shape != b.shape:
        return f"its shape is {a.shape}, not {b.shape}"
    with numpy.errstate(all="ignore"):
        off = numpy.abs(a - b)
        same = (a == b) | ((a != a) & (b != b))
        if not pushed:
            bad = ~same
        else:
            moved = numpy.array([numpy.asarray(p, float) for p in pushed]) - b
            most = numpy.max(numpy.abs(moved), axis=0)  # of it, so that no square overflows
            part = numpy.where(most > 0, moved / most, 0.0)
            spread = most * numpy.sqrt(numpy.mean(part * part, axis=0))
            settled = numpy.isfinite(spread)
            # Where chance itself decides whether there is a number, nothing can be said.
            unsaid = ~settled & ~numpy.array([_alike(p, b) for p in pushed]).all(axis=0)
            factor = _FACTOR if len(pushed) > 3 else _FACTOR_OF_FEW
            near = settled & (off <= factor * spread + _NEAR * _EPSILONS.get(dtype, 0.0) * numpy.abs(b))
            bad = ~same & ~unsaid & ~near
            if bad.any():
                likely = _typical(spread[settled], b[settled]) * numpy.abs(b)
                rare = bad & settled & (off <= factor * numpy.maximum(_RARE * spread, likely))
                if rare.sum() <= 1e-3 * bad.size:
                    bad &= ~rare
    if not bad.any():
        return ""
    at = tuple(int(k) for k in numpy.argwhere(bad)[0])
    return f"{a[at]!r} in place of {b[at]!r}"


def _typical(spread: Any, b: Any) -> float:
    """The median of how far chance moved entries, over their size: what it may do where it happened to do nothing."""
    sizes = numpy.abs(b)
    found = spread[sizes > 0] / sizes[sizes > 0]
    return float(numpy.median(found)) if found.size else 0.0


def _alike(a: Any, b: Any) -> Any:
    """Whether both are numbers, or both the same that is none."""
    a = numpy.asarray(a, float)
    return (a == b) | ((a != a) & (b != b)) | (numpy.isfinite(a) & numpy.isfinite(b))


def _evaluate(
    graph: Graph, places: Sequence[int], given: Mapping[int, Any], wanted: set[int], rng: Any = None
) -> Values:
    """The values of a graph by the table's own functions; what nobody reads any more is let go."""
    last: dict[int, int] = {}
    for p in places:
        for a in graph.values[p].args:
            last[a] = p
    known: Values = dict(given)
    found: Values = {p: v for p, v in known.items() if p in wanted}
    rounded = _rounded(graph, places) if rng is not None else set()
    with numpy.errstate(all="ignore"):
        for p in places:
            value = graph.values[p]
            if p not in known:
                if value.op in ("constant", "input"):
                    continue
                args = [_argument(graph, known, a) for a in value.args]
                known[p] = _function(value.op)(*args, *value.params)
                if p in rounded and value.dtype in _EPSILONS:
                    known[p] = _pushed(value, args, known[p], rng)
            if p in wanted and p in known:
                found[p] = known[p]
            for a in set(value.args):
                if last[a] == p:
                    known.pop(a, None)
    return found


def _function(op: Any) -> Callable[..., Any]:
    return op.value if isinstance(op, Diagonals | Laid) else value_of_operation(str(op))


def _argument(graph: Graph, known: Values, place: int) -> Any:
    value = graph.values[place]
    return value.value if value.op == "constant" else known[place]


#: Exact operations that round: on values that are off, the last place may turn out otherwise.
_ROUNDING = ("add", "sub", "mul", "div", "square", "sqrt", "scatter")


def _pushed(value: GraphValue, args: Sequence[Any], y: Any, rng: Any) -> Any:
    size = _size(value, args, y)
    if size is None:
        return y
    push = rng.push(numpy.shape(y))
    if value.dtype == SINGLE:
        moved = y + push * (_EPSILONS[SINGLE] * numpy.asarray(size, float) + 1e-45)
        return numpy.asarray(moved, SINGLE) if numpy.ndim(moved) else numpy.float32(moved)
    moved = y + push * (_EPSILONS[DOUBLE] * size + 5e-324)
    return moved if numpy.ndim(moved) else float(moved)


class _Chance:
    """Random numbers between -1 and 1, from a pool that is read from another place each time."""

    def __init__(self, rng: Any, most: int) -> None:
        self.rng = rng
        self.pool = rng.uniform(-1.0, 1.0, most + 4_099)

    def push(self, shape: Shape) -> Any:
        start, size = int(self.rng.integers(4_099)), prod(shape)
        return self.pool[start : start + size].reshape(shape) if shape else self.pool[start]


def _noise(value: GraphValue) -> bool:
    if elementwise(value.op):
        return _ulps(value) > 0
    return value.op in ("sum", "sum_to", "prod", "matmul", *EXPANDED) and value.dtype in _EPSILONS


def _ulps(value: GraphValue) -> int:
    """By how many units in the last place an entrywise operation may differ from NumPy's."""
    row = lowering(value.op)
    if row is None:
        return 0
    defined = value.dtype == SINGLE and value.op not in LOWERED
    return row.ulps + _DEFINED * defined


def _size(value: GraphValue, args: Sequence[Any], y: Any) -> Any:
    """By how much a value may be off, in units of the last place of 1."""
    if not _noise(value):
        return numpy.abs(y) if value.op in _ROUNDING or isinstance(value.op, Diagonals) else None
    if elementwise(value.op):
        return _ulps(value) * numpy.abs(y)
    if value.op in EXPANDED:  # in a whole program, where they are not written out
        finite = numpy.abs(args[0])[numpy.isfinite(args[0])]
        return SUM * (1.0 + (finite.max() if finite.size else 0.0)) * (1.0 + numpy.abs(y))
    if value.op == "prod":
        return prod(numpy.shape(args[0])) * numpy.abs(y)
    if value.op == "matmul":  # between stages, in a whole program: BLAS may add up in another order
        return SUM * numpy.matmul(*map(numpy.abs, args))
    return SUM * numpy.abs(value_of_operation(value.op)(numpy.abs(args[0]), *value.params))
