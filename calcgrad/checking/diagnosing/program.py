"""The traced function as a program in which one rule at a time can be made wrong, to see whether the claim comes out.

A gradient by hand is a reverse sweep by hand. Most mistakes are one rule of it: a path left out, a term of the wrong sign, an
activation's derivative taken as 1, a sum over a broadcast axis forgotten. So the sweep is run with that mistake; when the
claim comes out, in every entry, that is the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy

from calcgrad.checking.evaluation import Evaluation
from calcgrad.checking.traced import arguments_with
from calcgrad.operations.values.masked import dense
from calcgrad.tracing.gradients import filled, record, scalar_of, unit
from calcgrad.tracing.levels import levels
from calcgrad.tracing.rules import pull_step

Array = Any
#: The cotangents that a step hands to its arguments, by slot.
Terms = dict[int, Any]
#: Changes what a step hands on: (place, step, the step's own cotangent, the right terms) -> the terms of a wrong rule.
Mistake = Callable[[int, Any, Any, Terms], Terms]


class _Slots(dict[int, Any]):
    """Adjoints as the steps' pullbacks want them: nothing where nothing was put."""

    def __missing__(self, slot: int) -> None:
        return None


class _Never:
    """No buffer is owned: a pullback must not add in place to what is kept."""

    def __getitem__(self, slot: int) -> bool:
        return False

    def __setitem__(self, slot: int, value: bool) -> None:
        """Nothing is remembered."""


class Program:
    """What the function wrote down at the point. ``steps`` are the places of the steps; those before are inputs."""

    def __init__(self, evaluation: Evaluation, x: Array) -> None:
        def loss(*parts: Any) -> Any:
            return evaluation.f(*arguments_with(evaluation, parts))

        if evaluation.seed_call is not None:
            evaluation.seed_call(evaluation.seed)
        primals = [
            float(x[leaf.start]) if not leaf.shape else x[leaf.start : leaf.stop].reshape(leaf.shape)
            for leaf in evaluation.leaves
        ]
        made = record(loss, primals)
        value, self.output = scalar_of(made)
        self.unit = unit(value)
        self.trace = made.trace
        self.primals = primals
        self.steps = range(made.trace.inputs, len(made.trace.steps))
        self.cotangents: dict[int, Any] = {}
        self.terms: dict[int, Terms] = {}
        self.gradient = self.swept(None, keep=True)

    def step(self, place: int) -> Any:
        """The step at a place: pullback, operation, slots, primals, parameters, result."""
        return self.trace.steps[place]

    def swept(self, mistake: Mistake | None, keep: bool = False) -> Array:
        """The gradient with a mistake, as a flat vector."""
        return self._from({} if self.output is None else {self.output: self.unit}, mistake, keep)

    def through(self, slot: int, cotangent: Any) -> Array:
        """The part of the gradient that comes through a slot with this cotangent."""
        return self._from({slot: cotangent}, None, False)

    def _from(self, seeds: dict[int, Any], mistake: Mistake | None, keep: bool) -> Array:
        adjoints = _Slots(seeds)
        top = max(seeds, default=-1)
        with numpy.errstate(all="ignore"):
            for place in range(top, self.trace.inputs - 1, -1):
                d = adjoints.pop(place, None)
                if d is None:
                    continue
                step = self.step(place)
                terms: Any = _Slots()
                if isinstance(step[1], str):
                    pull_step(terms, d, step, levels())
                else:
                    step[0](terms, _Never(), d, False, step)
                if keep:
                    self.cotangents[place], self.terms[place] = d, dict(terms)
                if mistake is not None:
                    terms = mistake(place, step, d, terms)
                for slot, term in terms.items():
                    if term is not None:
                        before = adjoints[slot]
                        adjoints[slot] = term if before is None else before + term
        parts = [filled(dense(adjoints[i]), p) for i, p in enumerate(self.primals)]
        return numpy.concatenate([numpy.asarray(part, dtype=float).ravel() for part in parts])

    def edges(self) -> Iterator[tuple[int, int]]:
        """Every (step, argument's slot) that a cotangent goes through."""
        for place in self.steps:
            for slot, term in self.terms.get(place, {}).items():
                if term is not None:
                    yield place, slot
