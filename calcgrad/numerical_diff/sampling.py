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


class Evaluator:
    """Calls the user's function on points of the line and keeps every answer, as a tuple of real components."""

    def __init__(
        self,
        f: Callable[[Any], Any],
        place: Callable[[float], Any],
        *,
        max_evaluations: int,
        vectorized: bool = False,
        executor: Any = None,
    ) -> None:
        self._f = f
        self._place = place
        self._vectorized = vectorized
        self._executor = executor
        self.max_evaluations = max_evaluations
        self.evaluations = 0
        self.answers: dict[float, Components | None] = {}
        self.shape: tuple[int, ...] | None = None
        self.is_complex = False
        self.eps = DOUBLE_EPS
        self.raised = 0
        self.first_error: Exception | None = None

    def need(self, offsets: Sequence[float]) -> None:
        """Make sure that the function has been called at all of these offsets."""
        new = [t for t in dict.fromkeys(offsets) if t not in self.answers]
        if not new:
            return
        room = self.max_evaluations - self.evaluations
        for t, answer in zip(new, self._call(new[:room]), strict=False):
            self.answers[t] = self._read(answer)
        if len(new) > room:
            raise BudgetSpentError

    def _call(self, offsets: list[float]) -> list[Any]:
        self.evaluations += len(offsets)
        if not offsets:
            return []
        with _quiet_numpy():
            if self._vectorized:
                return self._call_on_array(offsets)
            if self._executor is not None:
                futures = [self._executor.submit(self._f, self._place(t)) for t in offsets]
                return [self._guarded(future.result) for future in futures]
            return [self._guarded(self._f, self._place(t)) for t in offsets]

    def _call_on_array(self, offsets: list[float]) -> list[Any]:
        """One call for all points; where the whole array fails, point by point, so that one bad point costs
        one.
        """
        import numpy as np

        points = np.stack([np.asarray(self._place(t)) for t in offsets])
        answer = self._guarded(self._f, points)
        if isinstance(answer, Exception):
            return [self._guarded(self._f, points[i : i + 1]) for i in range(len(offsets))]
        answer = np.asarray(answer)
        if answer.shape[:1] != (len(offsets),):
            answer = np.broadcast_to(answer, (len(offsets), *answer.shape))
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
        if type(answer) is float:
            return (answer, 0.0) if self.is_complex else (answer,)
        if isinstance(answer, Exception):
            return None
        dtype = getattr(answer, "dtype", None)
        if dtype is not None:
            self.eps = max(self.eps, _SMALL_DTYPES.get(str(dtype), 0.0))
        if isinstance(answer, (list, tuple)) or (dtype is not None and getattr(answer, "ndim", None)):
            import numpy as np

            array = np.asarray(answer)
            if self.shape is None:
                self.shape = array.shape
            if array.shape == (1,) and self.shape == ():
                array = array.reshape(())
            entries = [entry for value in array.ravel().tolist() for entry in self._parts(value)]
        else:
            entries = self._parts(answer)
        if self.shape is None:
            self.shape = ()
        if any(math.isnan(entry) for entry in entries) and len(entries) == 1:
            return None
        return tuple(entries)

    def _parts(self, value: Any) -> list[float]:
        if isinstance(value, complex) or getattr(getattr(value, "dtype", None), "kind", "") == "c":
            number = complex(value)
            if not self.answers:
                self.is_complex = True
            if self.is_complex:
                return [number.real, number.imag]
            return [number.real if number.imag == 0.0 else math.nan]
        try:
            real = float(value)
        except OverflowError:
            real = math.inf
        return [real, 0.0] if self.is_complex else [real]


def _quiet_numpy() -> AbstractContextManager[Any]:
    """Points outside the domain are asked for on purpose: NumPy, where it is in use, need not warn of them."""
    numpy = sys.modules.get("numpy")
    return numpy.errstate(all="ignore") if numpy is not None else nullcontext()


class Samples:
    """One real component of the function along the line, as ``at(offsets) -> values``; nan where there is
    none.

    ``x`` is the coordinate that the offsets are added to (0 for a line that is not along a coordinate);
    ``lower`` and ``upper`` are the first offsets that may not be used, at or beyond which nothing is
    evaluated.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        x: float,
        lower: float = -math.inf,
        upper: float = math.inf,
        component: int = 0,
    ) -> None:
        self.evaluator = evaluator
        self.x = x
        self.lower = lower
        self.upper = upper
        self.component = component
        self.bad_left = -lower
        self.bad_right = upper

    def at(self, offsets: Sequence[float]) -> list[float]:
        """The component's values at x + offset; outside the bounds, and where f has no value, nan."""
        lower, upper = self.lower, self.upper
        inside = [t for t in offsets if lower <= t <= upper]
        self.evaluator.need(inside)
        answers, component = self.evaluator.answers, self.component
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
        return self.evaluator.eps / 4.0

    def landing(self, offset: float) -> float:
        """The offset at which x + offset really lands, in double precision, kept inside the bounds."""
        return min(max((self.x + offset) - self.x, self.lower), self.upper)

    @property
    def smallest(self) -> float:
        """Offsets below this are too few units in the last place of x to tell anything."""
        return 8.0 * math.ulp(self.x) if self.x else 1e-280


def exact_step(x: float, step: float, reach: int = 8) -> float:
    """The largest usable spacing at most ``step`` for which x + j·spacing is exact for every |j| <= reach.

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
    unit = math.ulp(abs(x) + reach * step) if x else 0.0
    if math.ldexp(1.0, exponent) >= unit:
        return spacing
    return max(round(step / unit), 1) * unit
