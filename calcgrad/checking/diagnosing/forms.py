"""Activations on the tape: runs of elementwise steps that are one of the table's, and its derivative in a wrong form.

A sigmoid is often written out, ``1 / (1 + exp(-z))``: a run of steps, each of one variable, is recognised as an activation
by the product of their derivatives. A wrong form then goes from the run's last step to its input at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.checking.diagnosing.activations import ACTIVATIONS, Activation, Form
from calcgrad.checking.diagnosing.changes import Altered, redirected
from calcgrad.checking.diagnosing.located import Instruction, Located, source_of
from calcgrad.checking.diagnosing.sweeps import Change, term
from calcgrad.operations import OPERATIONS, Elementwise

Array = Any
#: Steps of a written-out activation: tanh as ``2 / (1 + exp(-2 z)) - 1`` has six.
_LONGEST = 8
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Run:
    """Elementwise steps of one variable from slot ``start`` (of value ``u``) to step ``end``, whose slope is known."""

    start: int
    end: int
    operand: int
    u: Array
    v: Array
    slope: Array


def wrong_forms(found: Located) -> Iterator[Altered]:
    """Every wrong form of every activation, of all its runs that one place of the source made."""
    places: dict[tuple[Instruction, Instruction, int], list[Run]] = {}
    for run in _runs(found):
        first = found.places[run.start] or found.places[run.end]
        if first and found.places[run.end]:
            key = (first[0], found.places[run.end][0], run.end - run.start)
            places.setdefault(key, []).append(run)
    for (_, last, _), runs in sorted(
        places.items(), key=lambda item: -item[0][2]
    ):  # a sigmoid, not its last step
        for activation in _recognised(runs):
            for form in activation.forms():
                changes = {run.end: _instead(run, form) for run in runs}
                text = f"the derivative of {activation.name} in {source_of(last)} is {form.words}"
                yield Altered(changes, _cause(found, activation, form, runs), text)


def _cause(found: Located, activation: Activation, form: Form, runs: list[Run]) -> str:
    """Parameters are put through a link at the arguments; elsewhere it is an activation."""
    if form.cause == "reparametrisation" and any(run.start >= found.inputs for run in runs):
        return "missing-activation"
    return form.cause


def _instead(run: Run, form: Form) -> Change:
    with numpy.errstate(all="ignore"):
        slope = form.of(run.u, run.v)
    return redirected(run.operand, run.start, lambda step, d: d * slope)


def _recognised(runs: list[Run]) -> Iterator[Activation]:
    for activation in ACTIVATIONS:
        if all(_is(activation, run) for run in runs):
            yield activation


def _is(activation: Activation, run: Run) -> bool:
    with numpy.errstate(all="ignore"):
        value, slope = activation.value(run.u), activation.slope(run.u, run.v)
        return numpy.allclose(value, run.v, _CLOSE, _CLOSE) and numpy.allclose(
            slope, run.slope, _CLOSE, _CLOSE
        )


def _runs(found: Located) -> Iterator[Run]:
    """Runs from every step backwards, the short ones first."""
    for k in range(found.inputs, len(found.steps)):
        slope: Any = None
        at = k
        for _ in range(_LONGEST):
            operand = _only(found, at)
            if operand is None:
                break
            step = found.steps[at]
            with numpy.errstate(all="ignore"):
                one = term(step, operand, numpy.ones(numpy.shape(step[5])))
            if one is None:
                break
            slope = one if slope is None else slope * one
            end = found.steps[k]
            here = _only(found, k)
            assert here is not None
            start = step[2][operand]
            yield Run(start, k, here, numpy.asarray(step[3][operand]), numpy.asarray(end[5]), slope)
            at = start


def _only(found: Located, k: int) -> int | None:
    """The only operand of an elementwise step that depends on the inputs, of the value's own shape."""
    step = found.steps[k] if k >= found.inputs else None
    if step is None or not isinstance(OPERATIONS.get(step[1]), Elementwise):
        return None
    active = [j for j, slot in enumerate(step[2]) if slot is not None]
    if len(active) != 1 or numpy.shape(step[3][active[0]]) != numpy.shape(step[5]):
        return None
    return active[0]
