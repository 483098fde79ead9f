"""The raw function along lines through the point: counted, limited, remembered, run by whoever runs it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy

from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.evaluation import Evaluation, Raised, failure
from calcgrad.checking.measuring.executors import Runner
from calcgrad.checking.measuring.journal import Journal
from calcgrad.checking.measuring.subject import Options
from calcgrad.errors import CalcgradError
from calcgrad.numerical_diff import derivative
from calcgrad.numerical_diff.stencils import symmetric_weights
from calcgrad.report.estimates import Estimate

Array = Any
#: A function of the output: which real number of it is looked at.
Reduce = Callable[[Array], Any]
#: The adaptive derivative may use so many evaluations on one line.
_PER_LINE = 600
#: The answers on so many lines are kept: the directions of a verdict are looked at again where it is located.
_LINES = 3


#: The place of the point on a line. A direction is as large as the point, so that a unit in the last place of this number
#: is one of the entries: below it nothing moves, and the adaptive derivative must know.
_HERE = 1.0


@dataclass(frozen=True, slots=True)
class Wish:
    """How good a derivative along a line need be; see :func:`calcgrad.numerical_diff.derivative` for the three."""

    rtol: float | None = None
    step: float | None = None
    whole_grid: bool = False


ALL_DIGITS = Wish()


class StaleError(BaseException):
    """The journal's answers are not those of this function. ``evaluations`` were made to find out."""

    def __init__(self, evaluations: int) -> None:
        super().__init__(evaluations)
        self.evaluations = evaluations


class _EscapeError(BaseException):
    """Carries an error past the adaptive derivative, which takes every other for a point outside the domain."""

    def __init__(self, error: CalcgradError) -> None:
        super().__init__(error)
        self.error = error


class Oracle:
    """The one place from which the checker calls the function. ``x`` is the point as a flat vector.

    Answers are kept for each line, so that several looks at one line cost its points once; ``here``, the value at the point
    itself, is known from the first calls.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        x: Array,
        options: Options,
        runner: Runner,
        journal: Journal,
        here: Any = None,
        started: float | None = None,
        seconds_a_call: float = 0.0,
    ) -> None:
        self.evaluation = evaluation
        self.x = x
        self.options = options
        self.runner = runner
        self.journal = journal
        self.started = perf_counter() if started is None else started
        self._seconds_a_call = seconds_a_call
        self.evaluations = 0
        self.reused = 0
        self.raised: list[str] = []
        self._line: tuple[Any, str] = (None, "")
        self._lines: dict[str, dict[float, Any]] = {}
        self._at_point: dict[float, Any] = {} if here is None else {0.0: here}
        self._here = hashlib.blake2b(x.tobytes(), digest_size=8).hexdigest()

    @property
    def seconds(self) -> float:
        """Seconds since the check began."""
        return perf_counter() - self.started

    def room(self) -> float:
        """How many evaluations are left, as far as can be told: of the number allowed, and of the time at what a call took."""
        most, limit = self.options.max_evaluations, self.options.max_seconds
        left = math.inf if most is None else float(most - self.evaluations)
        if limit is not None and self._seconds_a_call > 0.0:
            workers = max(self.options.workers, 1)
            left = min(left, workers * max(limit - self.seconds, 0.0) / self._seconds_a_call)
        return left

    def exceptions(self) -> list[str]:
        """What is told of the exceptions beside the point, where the function has no value."""
        if not self.raised:
            return []
        count = len(self.raised)
        points = "point" if count == 1 else "points"
        return [f"the function raised at {count} {points} beside this one, the first time {self.raised[0]}"]

    def spend(self, count: int) -> int:
        """How many of ``count`` evaluations there is room for; raises when there is none, or no time."""
        most, limit = self.options.max_evaluations, self.options.max_seconds
        if limit is not None and self.seconds > limit:
            raise SpentError
        room = count if most is None else min(count, most - self.evaluations)
        if room <= 0 < count:
            raise SpentError
        self.evaluations += room
        return room

    def outputs(self, v: Array, offsets: Sequence[float]) -> list[Any]:
        """The function at ``x + t·v`` for each offset: an array, or :class:`Raised`."""
        key, answers = self._known(v)
        new = [t for t in dict.fromkeys(offsets) if t not in answers]
        self._ask_again(key, v, new, answers)
        new = [t for t in new if t not in answers]
        for t in list(new):
            kept = self.journal.get(key, t)
            if kept is not None:
                answers[t] = kept
                self.reused += 1
                new.remove(t)
        self._evaluate(key, v, new, answers)
        found = [answers[t] for t in offsets]
        for answer in found:
            if isinstance(answer, Raised) and answer.fatal:
                raise failure("the function", answer.text, answer.frames)
        return found

    def _evaluate(self, key: str, v: Array, new: list[float], answers: dict[float, Any]) -> None:
        """Call the function at these offsets, and write its answers down."""
        while new:
            batch = new[: self.spend(min(len(new), self.runner.batch))]
            for t, answer in self.runner.run([self._point(v, t) for t in batch]):
                answers[batch[t]] = answer
                if isinstance(answer, Raised):
                    self.raised.append(answer.text)
                self.journal.put(key, batch[t], answer)
            new = new[len(batch) :]

    def _ask_again(self, key: str, v: Array, wanted: list[float], answers: dict[float, Any]) -> None:
        """Make some old answers again before the others are believed; raises :class:`StaleError` where one is another."""
        again = self.journal.doubtful(key, wanted)
        self._evaluate(key, v, again, answers)
        if not all(self.journal.is_still(key, t, answers[t]) for t in again):
            raise StaleError(self.evaluations)

    def fresh(self, v: Array, offsets: Sequence[float]) -> list[Array | None]:
        """The function at ``x + t·v``, called anew for each offset and not remembered; None where it raises or is not finite."""
        found: list[Array | None] = [None] * len(offsets)
        done = 0
        while done < len(offsets):
            room = self.spend(min(len(offsets) - done, self.runner.batch))
            batch = offsets[done : done + room]
            for k, answer in self.runner.run([self._point(v, t) for t in batch]):
                if not isinstance(answer, Raised) and numpy.isfinite(answer).all():
                    found[done + k] = answer
            done += room
        return found

    def _point(self, v: Array, t: float) -> Array:
        """``x + t·v`` as an array of its own, made in one go: for many entries memory is what costs."""
        point = numpy.multiply(v, t)
        point += self.x
        return point

    def _known(self, v: Array) -> tuple[str, dict[float, Any]]:
        """The digest of a line, and the answers on it so far; those of all but the last few lines are let go."""
        if self._line[0] is not v:
            self._line = (v, hashlib.blake2b(v.tobytes(), digest_size=12).hexdigest() + self._here)
        key = self._line[1]
        if key not in self._lines:
            while len(self._lines) >= _LINES:
                del self._lines[next(iter(self._lines))]
            self._lines[key] = dict(self._at_point)
        return key, self._lines[key]

    def derivative(self, v: Array, reduce: Reduce, order: int = 1, wish: Wish = ALL_DIGITS) -> Estimate:
        """The noise-aware derivative of ``t -> reduce(f(x + t·v))`` at 0, with its bound, as good as is wished for."""
        batch = _Batch(self, v, reduce)
        most = self.options.max_evaluations
        room = _PER_LINE if most is None else min(_PER_LINE, most - self.evaluations)
        if room <= 0:
            raise SpentError
        room += len(self._at_point)  # the value at the point is known, and costs nothing
        try:
            return derivative(
                batch.value,
                _HERE,
                order=order,
                rtol=wish.rtol,
                step=wish.step,
                whole_grid=wish.whole_grid,
                executor=batch,
                max_evaluations=max(room, 1),
            )
        except _EscapeError as escaped:
            raise escaped.error from escaped.error.__cause__

    def quick(self, v: Array, reduce: Reduce, step: float, pairs: int) -> float:
        """The derivative along ``v`` by a plain central stencil at a step known to be good; nan where f has no value."""
        weights = symmetric_weights(1, tuple(range(1, pairs + 1))).sides
        offsets = [sign * j * step for j in range(1, pairs + 1) for sign in (1, -1)]
        values = [_number(answer, reduce) for answer in self.outputs(v, offsets)]
        ends = zip(weights, values[::2], values[1::2], strict=True)
        return math.fsum([w * (right - left) for w, right, left in ends]) / step


class _Batch:
    """An executor for the adaptive derivative: all points that it asks for at once go to the runner at once."""

    def __init__(self, oracle: Oracle, v: Array, reduce: Reduce) -> None:
        self.oracle = oracle
        self.v = v
        self.reduce = reduce
        self.waiting: list[float] = []

    def value(self, t: float) -> Any:
        """The number at one place of the line; raises ``ArithmeticError`` where f has none."""
        t -= _HERE
        try:
            if self.waiting:
                self.oracle.outputs(self.v, self.waiting)
                self.waiting = []
            (answer,) = self.oracle.outputs(self.v, [t])
        except CalcgradError as error:
            raise _EscapeError(error) from error
        if isinstance(answer, Raised):
            raise ArithmeticError(answer.text)
        return self.reduce(answer)

    def submit(self, call: Callable[[float], Any], t: float) -> _Later:
        self.waiting.append(t - _HERE)
        return _Later(call, t)


class _Later:
    """The future of one point."""

    def __init__(self, call: Callable[[float], Any], t: float) -> None:
        self.call = call
        self.t = t

    def result(self) -> Any:
        return self.call(self.t)


def _number(answer: Any, reduce: Reduce) -> float:
    return math.nan if isinstance(answer, Raised) else float(reduce(answer))


def scalar(output: Array) -> Any:
    """The value of a scalar function, in its own precision.

    >>> scalar(numpy.array(2.0))
    2.0
    """
    return float(output) if output.dtype == numpy.float64 else output[()]
