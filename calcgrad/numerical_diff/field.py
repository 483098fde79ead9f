"""A function of an array, and its lines: along coordinates and along directions, all sharing f(x)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calcgrad.errors import UsageError
from calcgrad.numerical_diff.adaptive import BEST
from calcgrad.numerical_diff.conclude import conclude
from calcgrad.numerical_diff.learned import Lesson, trial, trial_offsets
from calcgrad.numerical_diff.sampling import BudgetSpentError, Function, Line, Samples, call_together
from calcgrad.numerical_diff.second_look import searched
from calcgrad.numerical_diff.shot import Shot
from calcgrad.report.estimates import Estimate

#: A wish below this is out of reach for six points.
_QUICK = 1e-13
#: So many coordinates are tried in one go where the calls can be made together.
_TOGETHER = 256


@dataclass(frozen=True, slots=True)
class Course:
    """One line through x: where its offsets are added (``x`` has the coarsest grid of the moving
    coordinates), how far it may go, and the ``scale`` of x along it.
    """

    line: Line
    x: float
    lower: float
    upper: float
    scale: float


class Field:
    """f around the array x, within bounds, under one budget."""

    def __init__(
        self,
        f: Callable[[Any], Any],
        x: ArrayLike,
        *,
        rtol: float | None,
        bounds: tuple[ArrayLike, ArrayLike] | None,
        step: float | None,
        vectorized: bool,
        executor: Any,
        max_evaluations: int,
    ) -> None:
        self.x: NDArray[np.float64] = np.array(x, dtype=np.float64)
        self._flat = self.x.ravel()
        low, high = bounds if bounds is not None else (-math.inf, math.inf)
        self._low = np.broadcast_to(np.asarray(low, dtype=np.float64), self.x.shape).ravel()
        self._high = np.broadcast_to(np.asarray(high, dtype=np.float64), self.x.shape).ravel()
        if not np.all(np.isfinite(self._flat)):
            raise UsageError.of("E346", "there is no derivative at a point that is not finite")
        if not np.all((self._low <= self._flat) & (self._flat <= self._high)):
            raise UsageError.of("E347", "the point is not inside the bounds")
        self.wish = BEST if rtol is None else max(rtol, BEST)
        self.step = step or 0.0
        self.function = Function(f, max_evaluations=max_evaluations, vectorized=vectorized, executor=executor)
        self._together = _TOGETHER if vectorized or executor is not None else 1
        self._base = Line(self.function, lambda _: self.x.copy())

    @property
    def size(self) -> int:
        """The number of coordinates."""
        return int(self._flat.size)

    @property
    def components(self) -> int:
        """The number of real numbers in an answer of f; known once f has been called."""
        return math.prod(self.function.shape or ()) * (2 if self.function.is_complex else 1)

    def scale(self, i: int) -> float:
        """The scale of coordinate i: its size, and at least 1."""
        return max(abs(float(self._flat[i])), 1.0)

    def coordinate(self, i: int) -> Course:
        """The line along coordinate i."""
        x = float(self._flat[i])
        low, high = float(self._low[i]), float(self._high[i])

        def place(t: float) -> NDArray[np.float64]:
            point = self._flat.copy()
            point[i] = min(max(x + t, low), high)
            return point.reshape(self.x.shape)

        return Course(self._line(place), x, low - x, high - x, max(abs(x), 1.0))

    def along(self, direction: NDArray[np.float64]) -> Course:
        """The line ``t -> x + t·direction``; ``direction`` is flat."""
        moving = np.flatnonzero(direction)
        size = float(np.max(np.abs(direction), initial=0.0)) or 1.0

        def place(t: float) -> NDArray[np.float64]:
            return np.clip(self._flat + t * direction, self._low, self._high).reshape(self.x.shape)

        with np.errstate(divide="ignore"):
            ends = np.stack(
                [(side[moving] - self._flat[moving]) / direction[moving] for side in (self._low, self._high)]
            )
        lower = float(np.max(np.min(ends, axis=0), initial=-math.inf))
        upper = float(np.min(np.max(ends, axis=0), initial=math.inf))
        largest = float(np.max(np.abs(self._flat[moving]), initial=0.0))
        return Course(self._line(place), largest / size, lower, upper, max(largest, 1.0) / size)

    def _line(self, place: Callable[[float], NDArray[np.float64]]) -> Line:
        line = Line(self.function, place)
        if 0.0 not in self._base.answers:
            self._base.need([0.0])
        line.answers[0.0] = self._base.answers[0.0]
        return line

    def differentiate(self, courses: Sequence[Course], order: int) -> list[list[Estimate]]:
        """The derivative along every course, of every component; what one teaches is tried first on the next."""
        lesson = Lesson()
        found: list[list[Estimate]] = []
        while len(found) < len(courses):
            ahead = courses[len(found) : len(found) + (self._together if lesson.radius else 1)]
            eighths = [self._eighth(course, lesson, order) for course in ahead]
            wants = [(c.line, trial_offsets(e)) for c, e in zip(ahead, eighths, strict=True) if e]
            try:
                call_together(wants)
            except BudgetSpentError:
                eighths = [0.0] * len(ahead)
            found.extend(self._one(c, e, order, lesson) for c, e in zip(ahead, eighths, strict=True))
        return found

    def _eighth(self, course: Course, lesson: Lesson, order: int) -> float:
        """The step of the trial, in eighths; 0 when there is nothing to try."""
        if not lesson.radius or self.wish < _QUICK or order > 2:
            return 0.0
        eighth = lesson.eighth(course.x, course.scale, self.wish)
        return eighth if 32.0 * eighth < min(-course.lower, course.upper) else 0.0

    def _one(self, course: Course, eighth: float, order: int, lesson: Lesson) -> list[Estimate]:
        """One course: by trial, by a second one with what the first taught, or by a search."""
        parts = [
            Samples(course.line, course.x, course.lower, course.upper, i) for i in range(self.components or 1)
        ]
        try:
            for _ in range(2 if eighth else 0):
                if shots := self._trial(parts, eighth, order, lesson, course.scale):
                    return [_plain(shot) for shot in shots]
                smaller = self._eighth(course, lesson, order)
                if not 0.0 < smaller < 0.7 * eighth:
                    break
                eighth = smaller
        except BudgetSpentError:
            pass
        return self._search(parts, course, order, lesson)

    def _trial(
        self, parts: list[Samples], eighth: float, order: int, lesson: Lesson, scale: float
    ) -> list[Shot]:
        """Three pairs of points, then four; the shots of all components when they meet the wish, otherwise
        none.
        """
        for pairs in (3, 4):
            tried = [trial(samples, eighth, order, lesson, pairs) for samples in parts]
            known = [t for t in tried if t is not None]
            if len(known) < len(parts):
                return []
            lesson.radius = min(min(radius for _, radius in known) / scale, 4.0 * lesson.radius)
            if all(self._content(shot) for shot, _ in known):
                return [shot for shot, _ in known]
        return []

    def _search(self, parts: list[Samples], course: Course, order: int, lesson: Lesson) -> list[Estimate]:
        start = self.step or course.scale / 16.0
        first = conclude(searched(parts[0], order, self.wish, start=start))
        if len(parts) == 1 and self.components > 1:
            parts = [
                Samples(course.line, course.x, course.lower, course.upper, i) for i in range(self.components)
            ]
        rest = [conclude(searched(p, order, self.wish, start=start)) for p in parts[1:]]
        found = [first, *rest]
        steps = [e.step for e in found if e.step and e.status in {"ok", "noisy"} and e.value]
        if steps:
            lesson.learn_from_search(min(steps), course.scale, max(e.noise or 0.0 for e in found))
        return found

    def _content(self, shot: Shot) -> bool:
        return shot.bound <= self.wish * max(abs(shot.value), 0.01 * shot.slope) or shot.spread == 0.0


def _plain(shot: Shot) -> Estimate:
    return Estimate(shot.value, shot.bound, noise=shot.noise, step=shot.step)
