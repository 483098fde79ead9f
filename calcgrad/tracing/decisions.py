"""Whether a value was found by comparisons, so that the code holds no derivative of it.

Bisection halves an interval by asking on which side a root lies. Each of its numbers is a midpoint of numbers given at the start;
what depends on the argument is only which ones are chosen. So the derivative of the code, which follows the choices that were
made, is not that of the root. No differentiation of code can see that; differences can. Where a function compares traced values,
its derivative at the first trace is therefore held against differences along one direction, and a warning says where the two
part. At a kink or a jump, and where differences scatter, nothing is said: they decide nothing there.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy

from calcgrad.errors import DecisionWarning
from calcgrad.phrases import figure
from calcgrad.tracing.agreement import Question
from calcgrad.tracing.sweeps import push_forward
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.whereabouts import level

Array = numpy.ndarray

#: Longer traces are not looked at: four more calls are made of a function.
STEPS = 20_000
#: Relative step of the differences, and half of it.
STEP = 1e-4
#: How far a derivative may be from differences that agree among themselves, relative to the larger.
LOOSE = 2e-3


class Lost(NamedTuple):
    """Along one direction, what the derivative of the code says and what differences say."""

    derived: float
    measured: float


def looks_decided(trace: Trace) -> bool:
    """Whether the function compared traced values, and followed every derivative that it could."""
    if not trace.compared or trace.stopped or trace.program or len(trace.steps) > STEPS:
        return False
    steps = trace.steps[trace.inputs :]
    return all(type(s[0]) is int or type(s[1]) is str for s in steps)  # no rules of the user's own


def warn_of_decisions(
    asked: Question,
    filled: Callable[[Sequence[Any]], Sequence[Any]],
    trace: Trace,
    slots: Sequence[int | None],
    primals: Sequence[Any],
) -> None:
    """Compare the derivative with differences; ``filled`` puts other values in the places of the trace's inputs."""
    if not looks_decided(trace) or not all(_is_plain(p) for p in [*trace.primals, *primals]):
        return
    lost = _compared(asked, filled, trace, slots, primals)
    if lost is not None:
        name = getattr(asked.function, "__name__", None) or type(asked.function).__name__
        warnings.warn(
            f"{name} moves by {figure(lost.measured)} along a direction in which the derivative of its code is "
            f"{figure(lost.derived)}: "
            "a value that is found by comparisons (bisection) has no derivative in the code; give it one by custom_rule",
            DecisionWarning,
            stacklevel=level(),
        )


def _is_plain(value: Any) -> bool:
    kind = getattr(value, "dtype", None)
    return isinstance(value, float | Array | numpy.floating) and (kind is None or kind == numpy.float64)


def _compared(
    asked: Question,
    filled: Callable[[Sequence[Any]], Sequence[Any]],
    trace: Trace,
    slots: Sequence[int | None],
    primals: Sequence[Any],
) -> Lost | None:
    draw = numpy.random.RandomState(len(trace.steps))
    directions = [_direction(draw, p) for p in trace.primals]
    weights = [draw.uniform(0.5, 1.5, numpy.shape(p)) for p in primals]
    tangents = push_forward(trace, directions, slots)
    derived = _weighed(weights, [0.0 if t is None else t for t in tangents])

    def measured(h: float) -> float:
        moved = [_moved(p, d, h) for p, d in zip(trace.primals, directions, strict=True)]
        run = asked._replace(args=filled(moved)).plain()
        if run is None or [numpy.shape(leaf) for leaf in run[0]] != [numpy.shape(p) for p in primals]:
            return numpy.nan
        return _weighed(weights, run[0])

    middle = _weighed(weights, primals)
    high, low = measured(STEP), measured(-STEP)
    # Between neighbours on the scale of doubles nothing can be told.
    unit = 1e-13 * sum([float(numpy.sum(numpy.abs(w * p))) for w, p in zip(weights, primals, strict=True)])
    found = (high - low) / (2 * STEP)
    gap = abs(derived - found)
    if not gap > LOOSE * max(abs(derived), abs(found)) or not gap > 100 * unit / STEP:
        return None
    near_high, near_low = measured(STEP / 2), measured(-STEP / 2)
    slopes = [
        *((high - middle) / STEP, (middle - low) / STEP),
        *((near_high - middle) * 2 / STEP, (middle - near_low) * 2 / STEP),
    ]
    near = 0.1 * min(gap, abs(found))
    return Lost(derived, found) if all(abs(s - found) < near for s in slopes) else None


def _direction(draw: Any, primal: Any) -> Any:
    """Signs at random, each entry by its own size."""
    size = numpy.abs(primal)
    largest = float(numpy.max(size, initial=0.0)) or 1.0
    signs = draw.choice([-1.0, 1.0], numpy.shape(primal)) * draw.uniform(0.5, 1.0, numpy.shape(primal))
    found = signs * numpy.maximum(size, 1e-2 * largest)
    return found if numpy.shape(primal) else float(found)


def _moved(primal: Any, direction: Any, h: float) -> Any:
    moved = primal + h * direction
    return moved if isinstance(primal, Array) else float(moved)


def _weighed(weights: Sequence[Any], values: Sequence[Any]) -> float:
    with numpy.errstate(all="ignore"):
        return float(sum([numpy.sum(w * v) for w, v in zip(weights, values, strict=True)]))
