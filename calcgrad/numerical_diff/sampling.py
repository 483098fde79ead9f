"""Calling the function: points remembered, never outside the bounds, within a budget, and nothing raised.

A :class:`Samples` is a function along a line, ``t -> f(x + t)``, seen as one real component. Whatever the
function does where it is not defined (an exception, nan, inf, a complex number where it was real) is read as
nan.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

#: Rounding of one value, as a share of its size: the root mean square error of rounding to nearest is about
#: eps/4.
DOUBLE_EPS = sys.float_info.epsilon
_SMALL_DTYPES = {"float32": 2.0**-23, "complex64": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
#: Mistakes in the program rather than points outside the domain: these are not swallowed.
_PROGRAM_ERRORS = (TypeError, NameError, AttributeError, ImportError, SyntaxError, AssertionError)

Components = tuple[float, ...]


class BudgetSpentError(Exception):
    """The evaluations are used up; caught by the adaptive derivative, which then answers with what it has."""


class Function:
    """The user's function: how it is called, how often it may be, and its answers read as real components.

    What it is like (its shape, complex or real, the rounding of its number format) is learned from its
    answers.
    """

    def __init__(
        self,
        f: Callable[[Any], Any],
        *,
        max_evaluations: int,
        vectorized: bool = False,
        executor: Any = None,
    ) -> None:
        self._f = f
        self._vectorized = vectorized
        self._executor = executor
        self._answered = False
        self.max_evaluations = max_evaluations
        self.evaluations = 0
        self.shape: tuple[int, ...] | None = None
        self.is_complex = False
        self.eps = DOUBLE_EPS
        self.raised = 0
        self.first_error: Exception | None = None

    @property
    def room(self) -> int:
        """How many evaluations are left."""
        return self.max_evaluations - self.evaluations

    def values(self, points: list[Any]) -> list[Components | None]:
        """The components at each point, None where f has no value; no more points than there is room for."""
        if not points:
            return []
        self.evaluations += len(points)
        with _quiet_numpy():
            return [self._read(answer) for answer in self._call(points)]

    def _call(self, points: list[Any]) -> list[Any]:
        if self._vectorized:
            return self._call_on_array(points)
        if self._executor is not None:
            futures = [self._executor.submit(self._f, point) for point in points]
            return [self._guarded(future.result) for future in futures]
        return [self._guarded(self._f, point) for point in points]

    def _call_on_array(self, points: list[Any]) -> list[Any]:
        """One call for all points; where that fails, point by point, so that one bad point costs one."""
        import numpy as np

        stacked = np.stack([np.asarray(point) for point in points])
        answer = self._guarded(self._f, stacked)
        if isinstance(answer, Exception):
            singly = [self._guarded(self._f, stacked[i : i + 1]) for i in range(len(points))]
            return [a if isinstance(a, Exception) else np.asarray(a)[0] for a in singly]
        answer = np.asarray(answer)
        if answer.shape[:1] != (len(points),):
            answer = np.broadcast_to(answer, (len(points), *answer.shape))
        return list(answer)

    def _guarded(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """The answer, or the exception itself; it is counted, and shown in the note of the result."""
        try:
            return call(*arguments)
        except _PROGRAM_ERRORS:
            raise
        except Exception as error:
            self.raised += 1
            self.first_error = self.first_error or error
            return error

    def _read(self, answer: Any) -> Components | None:
        """One answer as real components, or None where the function has no value."""
        if type(answer) is float and not self.is_complex:
            self._answered = True
            return None if math.isnan(answer) else (answer,)
        if isinstance(answer, Exception):
            return None
        dtype = getattr(answer, "dtype", None)
        if dtype is not None:
            self.eps = max(self.eps, _SMALL_DTYPES.get(str(dtype), 0.0))
        entries = [answer]
        shape: tuple[int, ...] = ()
        if isinstance(answer, (list, tuple)) or (dtype is not None and getattr(answer, "ndim", None)):
            import numpy as np

            array = np.asarray(answer)
            shape, entries = array.shape, array.ravel().tolist()
        elif dtype is not None:
            entries = [answer.item()]  # complex64, say, is no complex to Python
        if not self._answered:
            self._answered = True
            self.shape = shape
            self.is_complex = any(isinstance(e, complex) for e in entries)
        return tuple(part for entry in entries for part in self._parts(entry))

    def _parts(self, entry: Any) -> Components:
        """One number as its real part, or both its parts when f is complex at the point itself."""
        if isinstance(entry, complex):
            number = complex(entry)
            if self.is_complex:
                return number.real, number.imag
            return (number.real if number.imag == 0.0 else math.nan,)
        try:
            real = float(entry)
        except OverflowError:
            real = math.inf
        return (real, 0.0) if self.is_complex else (real,)


class Line:
    """The function along a line, ``t -> f(place(t))``, with every answer remembered."""

    def __init__(self, function: Function, place: Callable[[float], Any]) -> None:
        self.function = function
        self.place = place
        self.answers: dict[float, Components | None] = {}

    def need(self, offsets: Sequence[float]) -> None:
        """Make sure that the function has been called at all of these offsets."""
        if not self.answers.keys() >= set(offsets):
            call_together([(self, offsets)])


def call_together(wants: Sequence[tuple[Line, Sequence[float]]]) -> None:
    """Call one function at points of several lines in one go, so that an executor or an array call gets them
    all.
    """
    new = [(line, t) for line, offsets in wants for t in dict.fromkeys(offsets) if t not in line.answers]
    if not new:
        return
    function = new[0][0].function
    granted = new[: function.room]
    answers = function.values([line.place(t) for line, t in granted])
    for (line, t), answer in zip(granted, answers, strict=True):
        line.answers[t] = answer
    if len(new) > len(granted):
        raise BudgetSpentError


def _quiet_numpy() -> AbstractContextManager[Any]:
    """Points outside the domain are asked for on purpose: NumPy, where it is in use, need not warn of them."""
    numpy = sys.modules.get("numpy")
    return numpy.errstate(all="ignore") if numpy is not None else nullcontext()


class Samples:
    """One real component of the function along the line, as ``at(offsets) -> values``; nan where there is
    none.

    ``x`` is the coordinate that the offsets are added to (0 for a line that is not along a coordinate);
    ``lower`` and ``upper`` are the first offsets that may not be used, at or beyond which nothing is
    evaluated. Within ``plateau`` of x the values stand still only because they are rounded.
    """

    def __init__(
        self,
        line: Line,
        x: float,
        lower: float = -math.inf,
        upper: float = math.inf,
        component: int = 0,
    ) -> None:
        self.line = line
        self.x = x
        self.lower = lower
        self.upper = upper
        self.component = component
        self.bad_left = -lower
        self.bad_right = upper
        self.plateau = 0.0

    def at(self, offsets: Sequence[float]) -> list[float]:
        """The component's values at x + offset; outside the bounds, and where f has no value, nan."""
        lower, upper = self.lower, self.upper
        inside = [t for t in offsets if lower <= t <= upper]
        self.line.need(inside)
        answers, component = self.line.answers, self.component
        values = []
        for t in offsets:
            answer = answers.get(t) if lower <= t <= upper else None
            value = answer[component] if answer is not None and component < len(answer) else math.nan
            if not math.isfinite(value):
                value = math.nan
                if t > 0:
                    self.bad_right = min(self.bad_right, t)
                elif t < 0:
                    self.bad_left = min(self.bad_left, -t)
            values.append(value)
        return values

    def one(self, offset: float) -> float:
        """The value at one offset."""
        return self.at((offset,))[0]

    @property
    def floor(self) -> float:
        """The rounding error to be expected in a value of size 1."""
        return self.line.function.eps / 4.0

    def landing(self, offset: float) -> float:
        """The offset at which x + offset really lands, in double precision, kept inside the bounds."""
        return min(max((self.x + offset) - self.x, self.lower), self.upper)

    @property
    def smallest(self) -> float:
        """Offsets below this are too few units in the last place of x to tell anything, or within a plateau."""
        return max(8.0 * math.ulp(self.x) if self.x else 1e-280, self.plateau)


def exact_step(x: float, step: float, reach: int = 8) -> float:
    """The largest usable spacing at most ``step`` that is a whole number of units in the last place of every
    x + j·spacing with |j| <= reach, so that no sum is rounded that x itself does not make round.

    It is 181·2^e, close to 2^(e + 7.5): halves and doubles keep it on one family of grids, so that points are
    shared, and it never falls in with the powers of two at which stored tables and rounded values have their
    steps.

    >>> h = exact_step(1.0, 0.1)
    >>> h, (1.0 + 3 * h) - 1.0 == 3 * h
    (0.08837890625, True)
    """
    mantissa, exponent = math.frexp(step)
    exponent -= 8 if mantissa >= 181 / 256 else 9
    spacing = math.ldexp(181.0, exponent)
    unit = math.ulp(min(abs(x) + reach * step, sys.float_info.max)) if x else 0.0
    if math.ldexp(1.0, exponent) >= unit:
        return spacing
    return max(round(step / unit), 1) * unit
