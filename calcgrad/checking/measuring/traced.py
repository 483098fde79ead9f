"""The first witness: calcgrad's own reverse mode, where the loss can be traced; every entry at once."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any

import numpy

from calcgrad.checking.measuring.calling import EPS, nudged
from calcgrad.checking.measuring.deadline import interruptible
from calcgrad.checking.measuring.evaluation import Evaluation, ValueOf
from calcgrad.checking.measuring.subject import Leaf
from calcgrad.errors import CalcgradError
from calcgrad.pytrees import map_leaves, named_leaves
from calcgrad.tracing.quiet import quiet
from calcgrad.tracing.whereabouts import is_ours

Array = Any
_DOUBLE = 2.0**-52
#: So often single precision is sampled.
_SAMPLES = 4


@dataclass(frozen=True, slots=True)
class Gradient:
    """A gradient by reverse mode with the rounding error of each entry, as measured.

    ``loss`` is what was traced. ``rounded`` is the first line at which the function rounds a number, if it does: reverse mode
    follows the treads of such a staircase, the function's values its slope. ``compared``: traced values were compared, so that
    one that is found by comparisons (bisection) has no derivative in the code.
    """

    vector: Array
    noise: Array
    loss: Loss
    rounded: str | None = None
    compared: bool = False


def traced_gradient(evaluation: Evaluation, x: Array, value: Array) -> Gradient | str:
    """The gradient by reverse mode, in double precision; or why there is none.

    What is refused is tried again with the code of installed packages traced as the user's own is.
    """
    found = _attempt(Loss(evaluation, value=float(value)), x, value)
    if isinstance(found, Gradient):
        return found
    return _attempt(Loss(evaluation, True, float(value)), x, value)


def _attempt(loss: Loss, x: Array, value: Array) -> Gradient | str:
    try:
        with numpy.errstate(all="ignore"), quiet():  # a plain run warns; a write into an argument is told
            found, here, unit, rounded, compared = _gradient(loss, x)
            noise = _rounding(loss, x, here, unit)
    except (Exception, SystemExit, RecursionError) as error:
        return _why(error)
    if not numpy.isfinite(here).all() or not numpy.isfinite(noise).all():
        return "a derivative on the way is not finite"
    loose = 1e-3 if value.dtype != numpy.float64 else 1e-9
    if not abs(float(found) - float(value)) <= loose * max(abs(float(value)), abs(float(found))):
        return f"the traced function gives {float(found):.6g}, the function itself {float(value):.6g}"
    return Gradient(here, noise, loss, rounded, compared)


def _why(error: BaseException) -> str:
    """Why a function could not be followed: what was refused, the line, and the way out."""
    refused = error.diagnostic if isinstance(error, CalcgradError) else None
    text = refused.message if refused else f"{type(error).__name__}: {error}".splitlines()[0][:200]
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not is_ours(f.filename)]
    if frames:
        last = frames[-1]
        text += f" (`{last.line}`, {Path(last.filename).name}, line {last.lineno})"
    hints = refused.hints if refused else ()
    return text + (f"; {hints[0]}" if hints else "")


def _rounding(loss: Loss, x: Array, here: Array, unit: float) -> Array:
    """How far each entry is known: what it does when the point moves by a unit in the last place of the computation.

    A function that casts its argument to single precision does not see a move in double precision: all moves are as large
    as the coarsest unit that a step rounds to, and then several are made, since that rounding is what the bars stand on.
    """
    double = unit <= _DOUBLE
    moves = loss.evaluation.leaves
    if not double:
        name = "float32" if unit <= 2.0**-23 else "float16"
        moves = tuple(replaced(leaf, dtype=name) for leaf in moves)
    noise = 4.0 * unit * numpy.abs(here)
    for k in range(1 if double else _SAMPLES):
        moved = _gradient(loss, nudged(x, moves, k))[1]
        noise = numpy.maximum(noise, numpy.abs(moved - here) + 4.0 * unit * numpy.abs(here))
    return noise


class Loss:
    """The function of the differentiated leaves alone, traced values or arrays, the other arguments as they are.

    ``function`` is the user's own, which may be run in another form; where it returns a pair, the loss is the first of it.
    ``libraries``: the code of installed packages is run in that form, too.

    A pair may be refused after its loss is known, on the way to the gradient. The last step whose value is the loss, to the bit
    (``value`` is what a plain run gives), is then taken for it; directions of the raw function tell whether it is.
    """

    def __init__(self, evaluation: Evaluation, libraries: bool = False, value: float | None = None) -> None:
        self.evaluation = evaluation
        self.libraries = libraries
        self._value = value
        self._slot: int | None = None

    @property
    def function(self) -> Callable[..., Any]:
        """What the user wrote."""
        f = self.evaluation.f
        return f.pair if isinstance(f, ValueOf) else f

    def run(self, function: Callable[..., Any], *parts: Any) -> Any:
        """The loss by the user's function, or by another form of it."""
        answer = function(*arguments_with(self.evaluation, parts))
        return ValueOf.value(answer) if isinstance(self.evaluation.f, ValueOf) else answer

    def up_to_its_value(self, write_down: Callable[[], Any], inputs: Sequence[Any]) -> Any:
        """What is written down; of a pair that is refused on the way to its gradient, the part up to its loss.

        ``inputs`` are the traced ones, put there while it is written down. What refuses it before that is raised.
        """
        from calcgrad.tracing.gradients import Recorded

        try:
            with interruptible():
                return write_down()
        except Exception:
            known = self._known_before(inputs)
            if known is None:
                raise
            return Recorded(inputs[0]._trace, list(inputs), known)

    def _known_before(self, inputs: Sequence[Any]) -> Any:
        """The traced loss of a pair that was refused later on; ``None`` where it was not known by then."""
        from calcgrad.tracing import rules
        from calcgrad.tracing.traced import traced

        if not inputs or not isinstance(self.evaluation.f, ValueOf):
            return None
        trace = inputs[0]._trace
        if self._slot is None:
            self._slot = _last_with(trace.steps, self._value)
        if self._slot is None or self._slot >= len(trace.steps):
            return None
        return traced(rules.view(trace.steps[self._slot])[5], self._slot, trace)


def _last_with(steps: Sequence[Any], value: float | None) -> int | None:
    """The last step with this value, to the bit; none of a whole number, which many a step may have."""
    from calcgrad.tracing import rules

    if value is None or value == round(value):
        return None
    for k in range(len(steps) - 1, -1, -1):
        if steps[k] is not None:
            y = rules.view(steps[k])[5]
            if (
                numpy.ndim(y) == 0
                and isinstance(y, (float, numpy.floating, numpy.ndarray))
                and float(y) == value
            ):
                return k
    return None


def recorded(loss: Loss, parts: Sequence[Any]) -> Any:
    """The loss, written down; of a pair that is refused on the way to its gradient, up to there."""
    from calcgrad.tracing.gradients import record

    inputs: list[Any] = []

    def run(function: Callable[..., Any], *values: Any) -> Any:
        inputs[:] = values
        return loss.run(function, *values)

    return loss.up_to_its_value(lambda: record(loss.function, parts, run, loss.libraries), inputs)


def _gradient(loss: Loss, x: Array) -> tuple[float, Array, float, str | None, bool]:
    """The value, the gradient, the unit roundoff of the coarsest step on the way, where a number is rounded, if it is, and
    whether any were compared."""
    from calcgrad.tracing.gradients import gradients_of

    evaluation = loss.evaluation
    evaluation.seeded()
    parts = [_part(x, leaf) for leaf in evaluation.leaves]
    made = recorded(loss, parts)
    value, gradients = gradients_of(made, parts)
    flat = [numpy.asarray(g, dtype=numpy.float64).ravel() for g in gradients]
    vector = numpy.concatenate(flat) if flat else numpy.zeros(0)
    return value, vector, _unit(made), made.trace.rounded, made.trace.compared


def _unit(made: Any) -> float:
    from calcgrad.tracing import rules

    unit = _DOUBLE
    for step in made.trace.steps:
        dtype = getattr(rules.view(step)[5], "dtype", None) if step is not None else None
        if dtype is not None:
            unit = max(unit, EPS.get(dtype.name, _DOUBLE))
    return unit


def _part(x: Array, leaf: Leaf) -> Any:
    return float(x[leaf.start]) if not leaf.shape else x[leaf.start : leaf.stop].reshape(leaf.shape).copy()


def arguments_with(evaluation: Evaluation, parts: tuple[Any, ...]) -> list[Any]:
    """The arguments of a call with traced values in place of the differentiated leaves."""
    by_path = {leaf.path: part for leaf, part in zip(evaluation.leaves, parts, strict=True)}
    return [_with(tree, name, by_path) for name, tree in evaluation.arguments.items()]


def _with(tree: Any, name: str, by_path: dict[str, Any]) -> Any:
    order: Iterator[tuple[str, Any]] = iter(list(named_leaves(tree, name)))

    def replace(_: Any) -> Any:
        path, value = next(order)
        return by_path.get(path, value)

    return map_leaves(replace, tree)
