"""Sums on the way back that run over the wrong axes, and Jacobians of which the diagonal alone is kept.

A value that is reduced and then broadcast again (a mean that is subtracted, a softmax's denominator) sends back a sum. Where an
operand was broadcast, its share is summed over the axes it was broadcast along: here over others, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy

from calcgrad.checking.diagnosing.changes import Altered, Site, redirected, replaced
from calcgrad.checking.diagnosing.located import Located
from calcgrad.checking.diagnosing.sweeps import Change, Sent, term
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.tracing.levels import levels

Array = Any
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Reduced:
    """How a broadcast operand was made: by a sum over ``axes`` of slot ``source``, and ``slope`` from that sum on."""

    source: int
    shape: tuple[int, ...]
    axes: tuple[int, ...]
    value: Array
    slope: Array


def wrong_sums(site: Site) -> Iterator[Altered]:
    """What a broadcast operand gets is summed over other axes, or not summed."""
    if not isinstance(OPERATIONS[site.op], Elementwise):
        return
    for j in site.active:
        full, small = numpy.shape(site.step[5]), numpy.shape(site.step[3][j])
        if full == small or len(full) < 2:
            continue
        yield from _own_axes(site, j, full, small)
        yield from _through_sums(site, j)


def _own_axes(site: Site, j: int, full: tuple[int, ...], small: tuple[int, ...]) -> Iterator[Altered]:
    """The share summed over other axes gives the operand's shape too, where lengths agree."""
    lost = len(full) - len([length for length in small if length != 1])
    for axes in combinations(range(len(full)), lost):
        left = [length for axis, length in enumerate(full) if axis not in axes]
        if left != [length for length in small if length != 1]:
            continue
        detail = f"an operand of {site.text} was broadcast: its share is summed along {_named(axes)}"
        yield site.altered(replaced(j, partial(_summed, j, axes)), "wrong-axis", detail)


def _summed(j: int, axes: tuple[int, ...], step: Any, d: Any) -> Any:
    return numpy.sum(_unsummed(step, j, d), axis=axes).reshape(numpy.shape(step[3][j]))


def _through_sums(site: Site, j: int) -> Iterator[Altered]:
    """The operand came from a sum over the same array: its share may be summed otherwise before it is spread again."""
    made = [reduced_of(site.found, k, j) for k in site.steps]
    reductions = [each for each in made if each is not None]
    if len(reductions) < len(made) or any(
        each.shape != numpy.shape(site.found.steps[k][5])
        for k, each in zip(site.steps, reductions, strict=True)
    ):
        return
    first = reductions[0]
    every = range(len(first.shape))
    others = [
        axes
        for count in range(1, len(first.shape) + 1)
        for axes in combinations(every, count)
        if axes != first.axes
    ]
    for axes in others:
        detail = (
            f"the sum that goes back from {site.text} runs along {_named(axes)}, for {_named(first.axes)}"
        )
        for inside in (False, True):
            yield _each(site, j, reductions, partial(_spread, axes, inside), "wrong-axis", detail)
    for axes in others:
        tried = [_with_sum_along(site.found, k, j, axes) for k in site.steps]
        values = [value for value in tried if value is not None]
        if len(values) == len(tried):
            detail = f"where the sum in {site.text} is used on the way back it runs along {_named(axes)}, for {_named(first.axes)}"
            changes: dict[int, Change] = {
                k: partial(_at_sum, j, reduced, value)
                for k, reduced, value in zip(site.steps, reductions, values, strict=True)
            }
            yield Altered(changes, "wrong-axis", detail)
    detail = f"of the Jacobian of {site.text} the diagonal alone is kept: the sum over {_named(first.axes)} is left out"
    yield _each(site, j, reductions, _diagonal, "stopped-path", detail)


def _each(site: Site, j: int, made: list[Reduced], by: Any, cause: str, detail: str) -> Altered:
    changes = {
        k: redirected(j, reduced.source, partial(_sent, by, j, reduced))
        for k, reduced in zip(site.steps, made, strict=True)
    }
    return Altered(changes, cause, detail)


def _sent(by: Any, j: int, reduced: Reduced, step: Any, d: Any) -> Any:
    return by(_unsummed(step, j, d), reduced)


def _spread(axes: tuple[int, ...], inside: bool, share: Array, reduced: Reduced) -> Array:
    """The share summed along other axes; ``inside``, with the reduced value taken out of the sum, as in a softmax's."""
    weight = reduced.value if inside else 1.0
    summed = numpy.sum(share * weight, axis=axes, keepdims=True) / weight
    return numpy.broadcast_to(reduced.slope * summed, reduced.shape)


def _diagonal(share: Array, reduced: Reduced) -> Array:
    return numpy.broadcast_to(reduced.slope * share, reduced.shape)


def _with_sum_along(found: Located, k: int, j: int, axes: tuple[int, ...]) -> tuple[Array, Array] | None:
    """The broadcast operand as it would be with its sum along other axes, and the slope from that sum on."""
    chain: list[Any] = []
    slot = found.steps[k][2][j]
    while slot is not None and slot >= found.inputs and found.steps[slot][1] != "sum":
        step = found.steps[slot]
        active = [i for i, s in enumerate(step[2]) if s is not None]
        if len(active) != 1 or step[1] == "reshape":
            return None
        chain.append((step, active[0]))
        slot = step[2][active[0]]
    step = found.steps[slot] if slot is not None and slot >= found.inputs else None
    if step is None:
        return None
    value: Any = numpy.sum(step[3][0], axis=axes, keepdims=True)
    slope: Any = 1.0
    for (_, op, _, args, params, _), i in reversed(chain):
        given = [value if n == i else a for n, a in enumerate(args)]
        made = levels().function(op)(*given, *params)
        slope = slope * levels().pull(op, i)(made, *given, *params, numpy.ones(numpy.shape(made)))
        value = made
    return value, slope


def _at_sum(j: int, reduced: Reduced, at: tuple[Array, Array], step: Any, d: Any) -> Sent:
    """All that a step sends back, with another value of the broadcast operand where its derivatives are taken."""
    value, slope = at
    _, op, slots, args, params, y = step
    full = numpy.shape(y)
    given = [
        numpy.broadcast_to(value if i == j else a, full) if numpy.ndim(a) or i == j else a
        for i, a in enumerate(args)
    ]
    made = levels().function(op)(*given, *params)
    for i, slot in enumerate(slots):
        if slot is None:
            continue
        share = levels().pull(op, i)(made, *given, *params, numpy.broadcast_to(d, full))
        if i != j:
            yield slot, share if numpy.shape(args[i]) == full else None
            continue
        summed = numpy.sum(share, axis=reduced.axes, keepdims=True)
        yield reduced.source, numpy.broadcast_to(slope * summed, full)


def reduced_of(found: Located, k: int, j: int) -> Reduced | None:
    """The sum that an operand of a step came from, through elementwise steps of the small shape; ``None`` where from none."""
    slot, shape = found.steps[k][2][j], numpy.shape(found.steps[k][3][j])
    slope: Any = 1.0
    for _ in range(_LONGEST):
        step = found.steps[slot] if slot is not None and slot >= found.inputs else None
        if step is None:
            return None
        active = [i for i, s in enumerate(step[2]) if s is not None]
        if step[1] == "sum":
            axes = _axes(step)
            keeps = numpy.ndim(step[5]) == numpy.ndim(step[3][0])
            whole = numpy.shape(step[3][0])
            if not keeps:
                slope = _kept(slope, axes, len(whole))
            value = numpy.sum(step[3][0], axis=axes, keepdims=True)
            return Reduced(step[2][0], whole, axes, value, slope)
        if len(active) != 1 or not (isinstance(OPERATIONS.get(step[1]), Elementwise) or step[1] == "reshape"):
            return None
        if step[1] != "reshape":
            if numpy.shape(step[5]) != shape:
                return None
            slope = slope * term(step, active[0], numpy.ones(numpy.shape(step[5])))
        slot = step[2][active[0]]
        shape = numpy.shape(step[3][active[0]])
    return None


def _kept(slope: Any, axes: tuple[int, ...], rank: int) -> Any:
    """A slope at the reduced shape with the lost axes as axes of length 1."""
    if not numpy.ndim(slope) or numpy.ndim(slope) == rank:
        return slope
    return numpy.expand_dims(slope, axes)


def _axes(step: Any) -> tuple[int, ...]:
    axis, rank = step[4][0], numpy.ndim(step[3][0])
    if axis is None:
        return tuple(range(rank))
    return tuple(sorted(a % rank for a in (axis if isinstance(axis, tuple) else (axis,))))


def _unsummed(step: Any, j: int, d: Any) -> Array:
    """What goes back to a broadcast operand, before it is summed."""
    _, op, _, args, params, y = step
    full = [
        numpy.broadcast_to(a, numpy.shape(y)) if numpy.ndim(a) or i == j else a for i, a in enumerate(args)
    ]
    return levels().pull(op, j)(y, *full, *params, numpy.broadcast_to(d, numpy.shape(y)))


def _named(axes: tuple[int, ...]) -> str:
    return ("axis " if len(axes) == 1 else "axes ") + " and ".join(map(str, axes))
