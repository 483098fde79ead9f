"""Bugs in the chain rule: the claim is what reverse mode gives when one operation of the loss is differentiated wrongly.

The loss is traced with the place of each step in the source. For each place the reverse sweep is run again with one change, the
plainest kinds first: its value is taken for a constant, an operand or a derivative is left out, a matrix is not transposed; then a
derivative in a wrong form, an index off by one, a sum along a wrong axis; then another value in place of an operand. A change that
gives the claim in every entry names the bug and the line. What is left out may also be there with a wrong factor: the sweep is
linear in it, so that the factor is fitted. Where no change gives all entries, one that gives most of the wrong ones is told with
their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy

from calcgrad.checking.diagnosing.changes import CONSTANT, OMITTED, Altered, Kind, Site
from calcgrad.checking.diagnosing.diagnosis import Diagnosis, proportional
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.diagnosing.factors import named_factor
from calcgrad.checking.diagnosing.forms import wrong_forms
from calcgrad.checking.diagnosing.indexing import exchanged, off_by_one
from calcgrad.checking.diagnosing.leaving_out import LEFT_OUT, SCALED, calls, conjugated, masks
from calcgrad.checking.diagnosing.located import Instruction, Located, located, range_of, source_of
from calcgrad.checking.diagnosing.operands import Candidates, wrong_operands
from calcgrad.checking.diagnosing.reducing import wrong_sums
from calcgrad.checking.diagnosing.sweeps import Sweep
from calcgrad.phrases import counted
from calcgrad.report.places import SourceRange

Array = Any
MOST_STEPS = 3000
#: The work that a search may take: a step of a sweep is one. Not a time, so that a busy machine gives the same answer.
MOST_WORK = 120_000
_MOST_PAIRED = 24
_MOST_SINGLE = 120
#: A factor is fitted to so many entries at least.
_LEAST_SCALED = 3
#: A change explains a claim when it leaves so little of what was wrong with it.
_EXACT = 1e-6
#: A change that explains a part of the wrong entries must explain so many, and this share.
_LEAST_PART, _PART = 3, 0.6


def altered_paths(evidence: Evidence) -> list[Diagnosis]:
    """A finding for each wrong leaf where one change of the reverse sweep explains the claim; none where nothing does."""
    if evidence.loss is None or not evidence.wrong:
        return []
    with numpy.errstate(all="ignore"):
        found = located(evidence.loss, [leaf.x for leaf in evidence.leaves])
        if found is None or len(found.steps) > MOST_STEPS:
            return []
        explained = _Search(found, evidence).explained()
    if explained is None:
        return []
    place = _place(found, explained.altered)
    said = f"reverse mode with {explained.changes} gives the claim in {explained.extent}"
    return [
        Diagnosis(explained.altered.cause, leaf, explained.altered.detail, said, explained.count, place=place)
        for leaf in evidence.wrong
    ]


def _place(found: Located, altered: Altered) -> SourceRange | None:
    """The piece of source that is blamed: of steps that are changed together the last one's."""
    if altered.place is not None:
        return range_of(altered.place)
    places = [found.places[k] for k in sorted(altered.changes, reverse=True)]
    return next((range_of(place[0]) for place in places if place), None)


@dataclass(frozen=True, slots=True)
class Explained:
    """A change that gives the claim: in words where, and in how many entries."""

    altered: Altered
    changes: str
    extent: str
    count: int


class _Search:
    """All leaves as one vector: the claim, the gradient by reverse mode, and how exactly an explanation must give it."""

    def __init__(self, found: Located, evidence: Evidence) -> None:
        self.found = found
        self._leaves = evidence.leaves
        self._sweep = Sweep(found)
        self._sizes = (*evidence.dimensions, *_sizes(found))
        names = [leaf.path for leaf in evidence.leaves]
        self._candidates = Candidates(found, names, evidence.data)
        self.claimed = numpy.concatenate([leaf.claimed.ravel() for leaf in evidence.leaves])
        self.wrong = numpy.concatenate([leaf.wrong.ravel() for leaf in evidence.leaves])
        self._inside = numpy.concatenate(
            [numpy.full(leaf.x.size, leaf.wrong.any()) for leaf in evidence.leaves]
        )
        self.allowed = numpy.concatenate([_allowed(leaf) for leaf in evidence.leaves])
        self.right = self._flat(self._sweep.inputs)
        if (
            self.right is not None
        ):  # what is wrong by less than an explanation need give is not there to be explained
            self.wrong &= numpy.abs(self.right - self.claimed) > self.allowed
        self._part: tuple[int, Explained] | None = None

    def explained(self) -> Explained | None:
        """The first change that explains the claim: in all entries, else in those of the wrong leaves, else in most."""
        if self.right is None or not self.wrong.any():
            return None
        constants: list[Altered] = []
        for altered in self._changes():
            if self._sweep.work > MOST_WORK:
                break
            excess = self._flat(self._sweep.changed(altered.changes))
            found = None if excess is None else self._told(altered, excess)
            if found is not None:
                return found
            if altered.constant:
                constants.append(altered)
        return self._pair(constants) or (self._part[1] if self._part else None)

    def _pair(self, constants: Sequence[Altered]) -> Explained | None:
        """Two values that are both taken for constants."""
        for first, second in combinations(constants[:_MOST_PAIRED], 2):
            if self._sweep.work > MOST_WORK:
                return None
            excess = self._flat(self._sweep.changed({**first.changes, **second.changes}))
            if excess is not None and self._same(self.right + excess).all():
                names = [each.detail.removesuffix(CONSTANT) for each in (first, second)]
                text = f"{names[0]} and {names[1]} are taken for constants"
                both = replace(first, cause="stopped-path", detail=text)
                return self._all(both, "these two changes")
        return None

    def _told(self, altered: Altered, excess: Array) -> Explained | None:
        """What a change explains. All entries are enough; those of the wrong leaves, or most, are kept for the end."""
        if altered.path:
            scaled = self._scaled(altered, excess, numpy.ones_like(self.wrong))
            if scaled is not None:
                return self._all(scaled)
            scaled = self._scaled(altered, excess, self._inside)
            if scaled is not None:
                self._keep(scaled, self._inside)
            else:
                self._keep(altered, self._same(self.right + excess))
            return None
        same = self._same(self.right + excess)
        if same.all():
            return self._all(altered)
        self._keep(altered, same)
        return None

    def _all(self, altered: Altered, changes: str = "this one change") -> Explained:
        count = len(self.claimed)
        whole = proportional(self.claimed, self.right, self.allowed) if altered.cause == "factor" else None
        if whole is not None:
            altered = replace(altered, cause=named_factor(whole.value, whole.error, self._sizes)[0])
        extent = f"all {counted(count)}" if count > 1 else "the entry"
        return Explained(altered, changes, extent, count)

    def _keep(self, altered: Altered, same: Array) -> None:
        """A change that gives some of the wrong entries, if it gives more of them than what is kept already."""
        if not same[self._inside & ~self.wrong].all():
            return  # it makes entries wrong that are right
        given, all_of = int((same & self.wrong).sum()), int(self.wrong.sum())
        if (
            given < min(_LEAST_PART, all_of)
            or given < _PART * all_of
            or (self._part and self._part[0] >= given)
        ):
            return
        inside = same[self._inside].all()
        where = ", ".join(leaf.path for leaf in self._leaves if leaf.wrong.any())
        extent = (
            f"all {counted(int(self._inside.sum()))} of {where}"
            if inside
            else f"{given} of {counted(all_of, 'wrong entry')}"
        )
        if not inside and given < _LEAST_PART:
            return
        self._part = given, Explained(altered, "this one change", extent, given)

    def _same(self, answer: Array) -> Array:
        return numpy.abs(answer - self.claimed) <= self.allowed

    def _flat(self, adjoints: Sequence[Any]) -> Array | None:
        parts = []
        for leaf, adjoint in zip(self._leaves, adjoints, strict=True):
            part = numpy.zeros(leaf.x.shape) if adjoint is None else numpy.asarray(adjoint)
            part = part.real if part.dtype.kind == "c" else part.astype(float)
            if part.shape != leaf.claimed.shape or not numpy.isfinite(part).all():
                return None
            parts.append(part.ravel())
        return numpy.concatenate(parts)

    def _scaled(self, altered: Altered, excess: Array, among: Array) -> Altered | None:
        """The change with the factor that what goes back through its place has in the claim: 0 leaves it out.

        Where everything goes back through one place, a factor there is a factor of the whole gradient, which is said elsewhere.
        """
        assert self.right is not None
        right, missing, allowed = self.right[among], -excess[among], self.allowed[among]
        if not bool(numpy.any(numpy.abs(right - missing) > _EXACT * numpy.abs(right))):
            return None
        found = proportional(self.claimed[among] - right, missing, allowed)
        if found is None or found.error > 1e-3 * abs(found.value):
            return None
        factor = 1.0 + found.value
        if abs(factor) <= 1e-5:
            return altered
        if found.entries < _LEAST_SCALED or _multiple(right - missing, right, allowed):
            return None
        text = altered.detail.removesuffix(CONSTANT).removesuffix(OMITTED)
        if abs(factor + 1.0) <= 1e-5:
            return replace(altered, cause="sign", detail=f"{text}: what goes back has the wrong sign")
        cause, named = named_factor(factor, found.error, self._sizes, "the right one")
        return replace(altered, cause=cause, detail=f"{text}: what goes back is {named}")

    def _changes(self) -> Iterator[Altered]:
        """Every change, the plainest kinds first: of all steps that one place of the source made, then of single steps."""
        found = self.found
        sites = list(_sites(found))
        singles = list(_singles(found))
        yield from _of((conjugated,), sites)  # a sign of an imaginary part is a conjugate
        yield from _of(LEFT_OUT, sites)
        yield from calls(found)
        yield from wrong_forms(found)
        yield from masks(found)
        yield from _of((*SCALED, off_by_one, wrong_sums), sites)
        yield from exchanged(found)
        yield from _of(LEFT_OUT, singles)
        yield from _of((off_by_one, wrong_sums), singles)
        yield from _of((partial(wrong_operands, self._candidates),), sites)


def _of(kinds: Sequence[Kind], sites: Sequence[Site]) -> Iterator[Altered]:
    for site in sites:
        for kind in kinds:
            yield from kind(site)


def _allowed(leaf: LeafEvidence) -> Array:
    """How far an answer may be from the claim in each entry: far less than what is wrong with the claim."""
    off = numpy.abs(leaf.claimed - leaf.true)[leaf.wrong]
    wrong = float(numpy.max(off, initial=0.0)) or float(numpy.max(numpy.abs(leaf.claimed), initial=0.0))
    size = float(numpy.max(numpy.abs(leaf.claimed), initial=0.0))
    single = (2.0**-16 if leaf.leaf.dtype != "float64" else leaf.unit) * size
    return numpy.maximum(2 * numpy.nan_to_num(leaf.bound), _EXACT * wrong + single).ravel()


def _sizes(found: Located) -> Iterator[tuple[int, str]]:
    """Lengths and sizes of the arrays on the way, for sums in place of means."""
    told: set[int] = set()
    for step in found.steps:
        for value in (*step[3], step[5]) if step is not None else ():
            shape = numpy.shape(value)
            for size, what in (*((n, "a length") for n in shape), (int(numpy.prod(shape)), "the size")):
                if size not in told:
                    told.add(size)
                    yield size, f"{what} of an array of shape {shape} on the way"


def _multiple(answer: Array, right: Array, allowed: Array) -> bool:
    """Whether a sweep without a place is a multiple of the whole gradient: then a factor there is no more than one of it all.

    So it is with one of the two operands of ``w·w``.
    """
    close = numpy.minimum(allowed, _EXACT * float(numpy.max(numpy.abs(right))))
    return proportional(answer, right, close) is not None


def _sites(found: Located) -> Iterator[Site]:
    """The steps of each place, by operation, from the value backwards: of the innermost line, then of each call of it."""
    for places in _groupings(found):
        for place, made in sorted(places.items(), key=lambda item: -item[1][-1]):
            for op, steps in _by_operation(found, made).items():
                yield Site(found, op, tuple(sorted(steps)), source_of(place[0]))


def _singles(found: Located) -> Iterator[Site]:
    """Single steps of places that make several."""
    single = [k for k, place in enumerate(found.places) if place and type(found.steps[k][1]) is str]
    for k in reversed(single if len(single) <= _MOST_SINGLE else []):
        yield Site(found, found.steps[k][1], (k,), f"one use of {source_of(found.places[k][0])}")


def _groupings(found: Located) -> list[dict[tuple[Instruction, ...], list[int]]]:
    """The steps of each place: of the innermost line wherever it is called from, then of each call."""
    lines: dict[tuple[Instruction, ...], list[int]] = {}
    places: dict[tuple[Instruction, ...], list[int]] = {}
    for k, place in enumerate(found.places):
        if place:
            lines.setdefault(place[:1], []).append(k)
            places.setdefault(place, []).append(k)
    seen = {tuple(steps) for steps in lines.values()}
    return [lines, {place: steps for place, steps in places.items() if tuple(steps) not in seen}]


def _by_operation(found: Located, made: Sequence[int]) -> dict[str, list[int]]:
    """The steps of one place by their operation; the operations nearest to the value first."""
    chosen: dict[str, list[int]] = {}
    for k in sorted(made, reverse=True):
        op = found.steps[k][1]
        if type(op) is str:
            chosen.setdefault(op, []).append(k)
    return chosen
