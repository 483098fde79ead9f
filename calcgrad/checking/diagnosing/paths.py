"""Bugs in the chain rule: the claim is what reverse mode gives when one operation of the loss is differentiated wrongly.

The loss is traced with the place of each step in the source. For each place the reverse sweep is run again with one change: its
value is taken for a constant, one operand is left out, its derivative is left out, a matrix is not transposed. A change that
gives the claim in every entry of the wrong leaves names the bug and the line. What is left out may also be there with a
wrong factor: the sweep is linear in it, so that the factor is fitted, and a change costs one sweep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy

from calcgrad.checking.diagnosing.changes import (
    CONSTANT,
    OMITTED,
    Altered,
    Change,
    calls_left_out,
    changes_of,
    rightly,
)
from calcgrad.checking.diagnosing.diagnosis import Diagnosis, number, proportional
from calcgrad.checking.diagnosing.evidence import Evidence
from calcgrad.checking.diagnosing.located import Instruction, Located, located, source_of
from calcgrad.phrases import counted

Array = Any
MOST_STEPS = 3000
#: The work that a search may take: a step of a sweep is one, and one more for so many entries. Not a time, so that a busy
#: machine gives the same answer.
MOST_WORK, _ENTRIES = 60_000, 500
_MOST_PAIRED = 24
_MOST_SINGLE = 120
#: A factor is fitted to so many entries at least.
_LEAST_SCALED = 3
#: A change explains a claim when it leaves so little of what was wrong with it.
_EXACT = 1e-6


def altered_paths(evidence: Evidence) -> list[Diagnosis]:
    """A finding for each wrong leaf where one change of the reverse sweep explains the claim; none where nothing does."""
    if evidence.loss is None or not evidence.wrong:
        return []
    try:
        with numpy.errstate(all="ignore"):
            found = located(evidence.loss, [leaf.x for leaf in evidence.leaves])
            if found is None or len(found.steps) > MOST_STEPS:
                return []
            search = _Search(found, evidence)
            explained = _explained(search)
    except Exception:  # a diagnosis is a courtesy: no failure of it may hide the verdict
        return []
    if explained is None:
        return []
    count = len(search.claimed)
    every = len(evidence.wrong) == len(evidence.leaves)
    where = "" if every else f" of {', '.join(leaf.path for leaf in evidence.wrong)}"
    this = "this one change" if explained.changes else "these two changes"
    entries = f"all {counted(count)}" if count > 1 else "the entry"
    said = f"reverse mode with {this} gives the claim in {entries}{where}"
    return [Diagnosis(explained.cause, leaf, explained.detail, said, count) for leaf in evidence.wrong]


class _Search:
    """The wrong leaves as one vector: the gradient by reverse mode, the claim, and how exactly an explanation must give it."""

    def __init__(self, found: Located, evidence: Evidence) -> None:
        self.found = found
        self._leaves = evidence.leaves
        sizes = [1 + numpy.size(step[5]) // _ENTRIES for step in found.steps if step is not None]
        self._work, self._left = sum(sizes), MOST_WORK
        self.claimed = numpy.concatenate([leaf.claimed.ravel() for leaf in evidence.wrong])
        allowed = []
        for leaf in evidence.wrong:
            wrong = float(numpy.max(numpy.abs(leaf.claimed - leaf.true)[leaf.wrong]))
            size = float(numpy.max(numpy.abs(leaf.claimed)))
            single = 2.0**-16 * size if leaf.leaf.dtype != "float64" else 0.0
            allowed.append(numpy.maximum(2 * numpy.nan_to_num(leaf.bound), _EXACT * wrong + single).ravel())
        self.allowed = numpy.concatenate(allowed)
        self.gradient = self.answer({})

    @property
    def over(self) -> bool:
        """Whether the work is spent."""
        return self._left < 0

    def answer(self, changes: Mapping[int, Change]) -> Array | None:
        """The gradient in the wrong leaves with some steps changed."""
        parts = []
        self._left -= self._work
        for leaf, adjoint in zip(self._leaves, _swept(self.found, changes), strict=True):
            if leaf.wrong.any():
                part = numpy.zeros(leaf.x.shape) if adjoint is None else numpy.asarray(adjoint, dtype=float)
                if part.shape != leaf.claimed.shape or not numpy.isfinite(part).all():
                    return None
                parts.append(part.ravel())
        return numpy.concatenate(parts)

    def explains(self, answer: Array) -> bool:
        """Whether an answer is the claim in every entry."""
        return bool(numpy.all(numpy.abs(answer - self.claimed) <= self.allowed))


def _explained(search: _Search) -> Altered | None:
    """The first change that explains the claim; pairs of values taken for constants after all single changes."""
    if search.gradient is None:
        return None
    constants: list[Altered] = []
    for altered in _changes(search.found):
        if search.over:
            return None
        answer = search.answer(altered.changes)
        if answer is None:
            continue
        explained = _scaled(altered, answer, search) if altered.path else None
        if explained is not None:
            return explained
        if not altered.path and search.explains(answer):
            return altered
        if altered.constant:
            constants.append(altered)
    for first, second in combinations(constants[:_MOST_PAIRED], 2):
        if search.over:
            return None
        answer = search.answer({**first.changes, **second.changes})
        if answer is not None and search.explains(answer):
            names = [each.detail.removesuffix(CONSTANT) for each in (first, second)]
            return Altered({}, "stopped-path", f"{names[0]} and {names[1]} are taken for constants")
    return None


def _scaled(altered: Altered, answer: Array, search: _Search) -> Altered | None:
    """The change with the factor that what goes back through its place has in the claim: 0 leaves it out.

    Where everything goes back through one place, a factor there is a factor of the whole gradient, which is said elsewhere.
    """
    right: Any = search.gradient
    if not bool(numpy.any(numpy.abs(answer) > _EXACT * numpy.abs(right))):
        return None
    found = proportional(search.claimed - right, right - answer, search.allowed)
    if found is None or found.error > 1e-3 * abs(found.value):
        return None
    factor = 1.0 + found.value
    if abs(factor) <= 1e-5:
        return altered
    if found.entries < _LEAST_SCALED or _multiple(answer, right, search.allowed):
        return None
    text = altered.detail.removesuffix(CONSTANT).removesuffix(OMITTED)
    if abs(factor + 1.0) <= 1e-5:
        return replace(altered, cause="sign", detail=f"{text}: what goes back has the wrong sign")
    detail = f"{text}: what goes back is {number(factor, found.error)} times the right one"
    return replace(altered, cause="factor", detail=detail)


def _multiple(answer: Array, right: Array, allowed: Array) -> bool:
    """Whether a sweep without a place is a multiple of the whole gradient: then a factor there is no more than one of it all.

    So it is with one of the two operands of ``w·w``.
    """
    return (
        proportional(answer, right, numpy.minimum(allowed, _EXACT * float(numpy.max(numpy.abs(right)))))
        is not None
    )


def _swept(found: Located, changes: Mapping[int, Change]) -> list[Any]:
    """The adjoints of the inputs, with some steps sending back otherwise."""
    steps = found.steps
    adjoints: list[Any] = [None] * len(steps)
    adjoints[found.output] = 1.0
    for k in range(len(steps) - 1, found.inputs - 1, -1):
        d = adjoints[k]
        if d is None:
            continue
        for slot, term in changes.get(k, rightly)(steps[k], d):
            if term is not None:
                adjoints[slot] = term if adjoints[slot] is None else adjoints[slot] + term
    return adjoints[: found.inputs]


def _changes(found: Located) -> Iterator[Altered]:
    """Every change: of all steps that one place of the source made, from the value backwards, then of single steps."""
    for places in _groupings(found):
        for place, made in sorted(places.items(), key=lambda item: -item[1][-1]):
            for op, steps in _by_operation(found, made).items():
                yield from changes_of(found, op, steps, source_of(place[0]))
    yield from calls_left_out(found)
    single = [k for k, place in enumerate(found.places) if place and type(found.steps[k][1]) is str]
    for k in reversed(single if len(single) <= _MOST_SINGLE else []):  # once in a loop
        yield from changes_of(found, found.steps[k][1], [k], f"one use of {source_of(found.places[k][0])}")


def _groupings(found: Located) -> list[dict[tuple[Instruction, ...], list[int]]]:
    """The steps of each place: of the innermost line wherever it is called from, then of each call."""
    lines: dict[tuple[Instruction, ...], list[int]] = {}
    calls: dict[tuple[Instruction, ...], list[int]] = {}
    for k, place in enumerate(found.places):
        if place:
            lines.setdefault(place[:1], []).append(k)
            calls.setdefault(place, []).append(k)
    seen = {tuple(steps) for steps in lines.values()}
    return [lines, {place: steps for place, steps in calls.items() if tuple(steps) not in seen}]


def _by_operation(found: Located, made: Sequence[int]) -> dict[str, list[int]]:
    """The steps of one place by their operation; the operations nearest to the value first."""
    chosen: dict[str, list[int]] = {}
    for k in sorted(made, reverse=True):
        op = found.steps[k][1]
        if type(op) is str:
            chosen.setdefault(op, []).append(k)
    return chosen
