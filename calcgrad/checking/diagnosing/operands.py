"""Wrong operands: a derivative that is taken with another value of the program in place of the right one.

``h`` for ``h_prev``, ``x`` for the normalised ``z``, ``1 - z`` for ``z``: in a product the other factor is replaced, in any other
elementwise operation the point at which its derivative is taken. What stands in its place is a value that another line makes,
once each time that this one runs, or an array that the function reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy

from calcgrad.checking.diagnosing.changes import Altered, Site, ordinal, replaced
from calcgrad.checking.diagnosing.located import Located, source_of
from calcgrad.checking.diagnosing.sweeps import Change
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.tracing.levels import levels

Array = Any
#: Values that stand in for an operand: what they are called, and one for each step of a site.
Values = tuple[str, Sequence[Array]]


class Candidates:
    """The values of a located loss by how often each place makes one, and the arrays that the function reads."""

    def __init__(self, found: Located, names: Sequence[str], data: Sequence[tuple[str, Array]]) -> None:
        made: dict[Any, list[int]] = {}
        for k, place in enumerate(found.places):
            if place and found.steps[k] is not None and type(found.steps[k][1]) is str:
                made.setdefault((place[0], found.steps[k][1]), []).append(k)
        self._made: list[tuple[str, list[Array]]] = []
        seen: set[tuple[int, ...]] = set()
        for (place, _), steps in made.items():
            name = source_of(place)
            self._note(seen, name, [found.steps[k][5] for k in steps])
            for j in range(
                min(len(found.steps[k][3]) for k in steps)
            ):  # one line may join two values, then three
                which = f"the {ordinal(j)} operand of {name}"
                self._note(seen, which, [found.steps[k][3][j] for k in steps])
        self._arrays = [(name, numpy.asarray(array)) for name, array in data]
        inputs: dict[int, Array] = {}
        for step in found.steps:
            for slot, value in zip(step[2], step[3], strict=True) if step is not None else ():
                if slot is not None and slot < found.inputs:
                    inputs[slot] = numpy.asarray(value)
        self._arrays += [(names[slot], value) for slot, value in inputs.items()]

    def _note(self, seen: set[tuple[int, ...]], name: str, values: Sequence[Any]) -> None:
        key = tuple(map(id, values))
        if key not in seen:
            seen.add(key)
            self._made.append((name, [numpy.asarray(v) for v in values]))

    def of(self, shapes: Sequence[tuple[int, ...]], others: Sequence[Array]) -> Iterator[Values]:
        """Values of these shapes, one a step, that are not those of ``others``."""
        for name, values in self._made:
            if (
                len(values) == len(shapes)
                and [v.shape for v in values] == list(shapes)
                and not _same(values, others)
            ):
                yield name, values
        for name, array in self._arrays:
            if all(array.shape == shape for shape in shapes):
                values = [array] * len(shapes)
                if array.dtype.kind in "fiub" and not _same(values, others):
                    yield name, values


def _same(values: Sequence[Array], others: Sequence[Array]) -> bool:
    return all(numpy.array_equal(a, b) for a, b in zip(values, others, strict=True))


def wrong_operands(candidates: Candidates, site: Site) -> Iterator[Altered]:
    """Each operand's share with another value in place of each value that it is computed from."""
    if not (isinstance(OPERATIONS[site.op], Elementwise) or site.op in ("matmul", "norm")) or site.op in (
        "add",
        "sub",
        "neg",
    ):
        return
    for j in site.active:
        for place in range(len(site.step[3])):
            if site.op in ("mul", "matmul") and place == j:
                continue
            used = [numpy.asarray(site.found.steps[k][3][place]) for k in site.steps]
            for name, values in candidates.of([u.shape for u in used], used):
                changes: dict[int, Change] = {
                    k: replaced(j, partial(_with, j, place, value))
                    for k, value in zip(site.steps, values, strict=True)
                }
                detail = (
                    f"the derivative of {site.text} is taken with {name} in place of {_operand(site, place)}"
                )
                yield Altered(changes, "wrong-operand", detail)


def _operand(site: Site, place: int) -> str:
    slot = site.step[2][place]
    where = site.found.places[slot] if slot is not None else ()
    return source_of(where[0]) if where else f"its {ordinal(place)} operand"


def _with(j: int, place: int, value: Array, step: Any, d: Any) -> Any:
    _, op, _, args, params, y = step
    given = [value if i == place else a for i, a in enumerate(args)]
    out = y
    if place == j and len(args) == 1:
        with numpy.errstate(all="ignore"):
            out = levels().function(op)(*given, *params)
    return levels().pull(op, j)(out, *given, *params, d)
