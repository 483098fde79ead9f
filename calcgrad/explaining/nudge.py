"""``nudge``: the difference quotient as the step shrinks, its error, and why that falls first and rises then.

A quotient of differences leaves out terms of Taylor's series (truncation, which falls with a power of h) and divides what
rounding did to the function's values by h (which rises as 1/h). Both are fitted to the errors that were seen, and the first is
known beforehand too: for weights w on offsets o the error of ``sum w f(x + o h) / h`` begins with
``(sum w o^k / k!) f^(k)(x) h^(k-1)``, k the first from 2 on for which neither factor is 0 (Fornberg 1988).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from calcgrad.comparing.cases import Case, cases_of
from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Reading, Request, read
from calcgrad.errors import Diagnostic, UsageError
from calcgrad.explaining.fitting import Fit, falling, rising
from calcgrad.explaining.quotients import QUOTIENTS, Quotient
from calcgrad.functions.expression import Expression
from calcgrad.methods import complex_step
from calcgrad.methods.certified import derivatives
from calcgrad.methods.protocol import Problem
from calcgrad.numerical_diff import derivative
from calcgrad.numerical_diff.summing import plain_sum
from calcgrad.report.derivatives import PointReport, Result
from calcgrad.report.estimates import Skipped
from calcgrad.report.shown import Shown

#: What is shown where no method is asked for; the first has the table of its own.
DEFAULT = ("forward-difference", "central-difference", "five-point", "complex-step", "adaptive")
METHODS = (*QUOTIENTS, "adaptive")
STEPS = "1e-1:1e-16"
#: Powers of ten in one table, and the highest derivative that the leading error is looked for in.
_MOST_STEPS, _HIGHEST = 60, 10
_DIGITS, _SECONDS = 30, 5.0


@dataclass(frozen=True, slots=True)
class Nudge:
    """One step: the value at ``x + h`` (``None`` where h is imaginary), the slope that comes of it, and how far off that is.

    ``stuck`` says that ``x + h`` is the double ``x`` itself, so that nothing was moved.
    """

    step: float
    moved: float | None
    slope: float
    error: float | None
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class Truncation:
    """The leading term that a quotient leaves out: ``coefficient * h^power``, in which f's derivative of ``order`` stands."""

    power: int
    coefficient: float
    order: int


@dataclass(frozen=True, slots=True)
class Nudged:
    """A method's slopes at every step; why there are none is in ``reason``.

    ``truncation`` is known from Taylor's series (``None`` where there is none, or the derivatives are not known), ``falls`` and
    ``rises`` are what was fitted to the errors: ``size * h^power``. ``best`` is the step with the smallest error and ``balance``
    the step at which the two fits together are least.
    """

    method: str
    rows: tuple[Nudge, ...] = ()
    truncation: Truncation | None = None
    exact: bool = False
    falls: Fit | None = None
    rises: Fit | None = None
    best: Nudge | None = None
    balance: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class NudgeReport(Shown):
    """What ``calcgrad nudge`` computes: slopes by each method, beside the truth and what the adaptive method measured.

    ``truth`` are the proved digits of the derivative at the double that the methods get, ``None`` where there is none.
    ``noise`` is the level of noise that the adaptive method saw in the function's values.
    """

    input: str
    parsed: str
    variables: tuple[str, ...]
    variable: str
    x: float
    value: float
    truth: str | None
    point: PointReport
    methods: tuple[Nudged, ...]
    adaptive: Result | None = None
    noise: float | None = None
    warnings: tuple[Diagnostic, ...] = ()
    command: str = "nudge"


def nudge(request: Request, steps: str = STEPS, methods: Sequence[str] = ()) -> NudgeReport:
    """Slopes of differences at every step.

    Raises ``CalcgradError`` where the request cannot be read, ``UsageError`` where it has more than one point, variable or value
    (E620), for steps that make no sense (E621) and for a method that there is not (E622).

    >>> from calcgrad.comparing.request import asked
    >>> report = nudge(asked("t^2", at=3), "1e-1:1e-3")
    >>> [round(row.slope, 9) for row in report.methods[0].rows], report.truth
    ([6.1, 6.01, 6.001], '6')
    """
    chosen = _methods(methods)
    widths = powers_of_ten(steps)
    reading = read(replace(request, order=1))
    _require_one(reading)
    [case] = cases_of(reading.function, reading.points)
    known = compute(replace(reading.request, truth="certified", methods=("adaptive",))).points[0]
    truth = known.truth[0].at_double or known.truth[0].value if known.truth else None
    there = not (isinstance(known.value, float) and math.isnan(known.value))
    line = _Line(reading, case, None if truth is None else _within_doubles(truth), there)
    found = tuple([line.nudged(name, widths) for name in chosen if name != "adaptive"])
    own = known.results[0] if "adaptive" in chosen and known.results else None
    place = reading.function.coordinates[line.moving]
    return NudgeReport(
        input=request.text,
        parsed=reading.spelled,
        variables=reading.function.variables,
        variable=place.name if place.index is None else f"{place.name}{list(place.index)}",
        x=line.x,
        value=line.value,
        truth=truth,
        point=known,
        methods=found,
        adaptive=own,
        noise=line.noise() if own is not None else None,
        warnings=tuple(dict.fromkeys([*reading.parsed.warnings, *reading.points[0].warnings])),
    )


def _methods(names: Sequence[str]) -> Sequence[str]:
    for name in names:
        if name not in METHODS:
            hint = f"nudge knows {', '.join(METHODS)}"
            raise UsageError.of("E622", f"{name!r} is no method that takes a step", hints=(hint,))
    return tuple(dict.fromkeys(names)) or DEFAULT


def _require_one(reading: Reading) -> None:
    """One point, one number that moves, one value."""
    said = None
    if len(reading.points) != 1:
        said = (
            f"nudge looks at one point, not {len(reading.points)}",
            "add --at with a value for each variable",
        )
    elif len(reading.wrts) != 1:
        said = (
            f"nudge moves one number, and there are {len(reading.function.coordinates)}",
            _choice(reading),
        )
    elif reading.output_indices != [None]:
        said = "nudge follows one value, and the function has several", "choose an entry of the list"
    if said is not None:
        raise UsageError.of("E620", said[0], hints=(said[1],) if said[1] else ())


def _choice(reading: Reading) -> str:
    """How one number is chosen, or why none can be."""
    numbers = [name for name in reading.function.variables if name not in reading.function.shapes]
    if numbers:
        return f"choose one: --wrt {numbers[0]}"
    return (
        "write the entries as variables of their own: x^2 + y^2, not sum(w^2)"
        if reading.function.variables
        else ""
    )


def powers_of_ten(text: str) -> list[float]:
    """The steps of ``1e-1:1e-16``: from the first to the last by powers of ten, both ends included.

    Raises ``UsageError`` (E621).

    >>> powers_of_ten("0.1:1e-3"), powers_of_ten("2e-2")
    ([0.1, 0.01, 0.001], [0.02])
    """
    first, colon, last = text.partition(":")
    try:
        start, end = Fraction(first.strip()), Fraction(last.strip() or first.strip())
    except (ValueError, ZeroDivisionError):
        start = end = Fraction(0)
    if not (0 < start <= 1e300 and 0 < end <= 1e300 and float(start) > 0 and float(end) > 0) or (
        colon and not last.strip()
    ):
        hints = ("write the largest and the smallest step: --step 1e-1:1e-16", "or one step: --step 1e-3")
        raise UsageError.of("E621", f"{text!r} are no steps", hints=hints)
    found, step = [start], start
    factor = Fraction(1, 10) if end < start else Fraction(10)
    while (step * factor - end) * (factor - 1) <= 0 and len(found) <= _MOST_STEPS and start != end:
        step *= factor
        found.append(step)
    if len(found) > _MOST_STEPS:
        raise UsageError.of("E621", f"{text} are more than {_MOST_STEPS} powers of ten")
    return [float(step) for step in found]


def _within_doubles(digits: str) -> Fraction | None:
    """The exact slope, where a double is near it: from one that is larger no slope is off by any size."""
    exact = Fraction(digits)
    return exact if abs(exact) <= Fraction(sys.float_info.max) else None


class _Line:
    """The function along the coordinate that moves, at doubles, and its true derivatives there."""

    def __init__(self, reading: Reading, case: Case, truth: Fraction | None, there: bool = True) -> None:
        self.function: Expression = reading.function
        self.case = case
        [(self.moving,)] = reading.wrts
        self.x = case.flat[self.moving]
        self.truth = truth
        self.there = there
        self.value = self.at(self.x)
        self._derivatives: list[float | None] | None = None

    def at(self, t: float) -> float:
        """The function's value where the coordinate is ``t``; none at the point itself where it is not defined there."""
        if t == self.x and not self.there:
            return math.nan
        flat = list(self.case.flat)
        flat[self.moving] = t
        return float(self.function.values(flat)[0])

    def at_complex(self, t: complex) -> complex:
        """The same in complex numbers."""
        flat: list[complex] = [complex(x) for x in self.case.flat]
        flat[self.moving] = t
        return complex(self.function.values(flat, "complex128")[0])

    def noise(self) -> float | None:
        """The level of noise that the adaptive method sees in the values."""
        return derivative(self.at, self.x).noise

    def derivatives(self) -> list[float | None]:
        """f', f'', … up to the highest, ``None`` where one is not proved; 0 only where that is."""
        if self._derivatives is None:
            subject = self.case.methods
            wrts = [(self.moving,) * k for k in range(1, _HIGHEST + 1)]
            rows = derivatives(subject.function, subject.point, wrts, _DIGITS, _SECONDS)
            self._derivatives = [
                None if row.value is None or (row.digits == 0 and not row.is_zero) else float(row.value)
                for [row] in rows
            ]
        return self._derivatives

    def nudged(self, name: str, steps: Sequence[float]) -> Nudged:
        """One method at every step."""
        quotient = QUOTIENTS[name]
        if quotient.imaginary:
            found = complex_step.METHOD.derivatives(Problem(self.function, self.case.flat, [(self.moving,)]))
            if isinstance(found, Skipped):
                return Nudged(name, reason=found.reason)
        rows = tuple([self._row(quotient, h) for h in steps])
        known = [row for row in rows if row.error is not None and not row.stuck]
        truncation, exact = self._truncation(quotient)
        errors = [(row.step, row.error or 0.0) for row in known]
        rises = None if quotient.imaginary else rising(errors)
        last_digit = math.ulp(float(self.truth)) if self.truth else math.ulp(0.0)
        falls = falling(errors, lambda h: max(last_digit, rises.size / h if rises else 0.0))
        return Nudged(
            name,
            rows,
            truncation,
            exact,
            None if exact else falls,
            rises,
            min(known, key=lambda row: (row.error, -row.step), default=None),
            None if exact else balanced(truncation, rises),
        )

    def _row(self, quotient: Quotient, h: float) -> Nudge:
        if quotient.imaginary:
            slope = self.at_complex(complex(self.x, h)).imag / h
            return Nudge(h, None, slope, self._error(slope))
        terms = [(float(o), float(w)) for o, w in quotient.terms]
        moved = self.at(self.x + h)
        values = [moved if o == 1 else self.at(self.x + o * h) for o, _ in terms]
        slope = _over(plain_sum(w * v for (_, w), v in zip(terms, values, strict=True)), quotient.divisor * h)
        return Nudge(h, moved, slope, self._error(slope), self.x + h == self.x)

    def _error(self, slope: float) -> float | None:
        if self.truth is None or not math.isfinite(slope):
            return None
        return abs(float(Fraction(slope) - self.truth))

    def _truncation(self, quotient: Quotient) -> tuple[Truncation | None, bool]:
        """The leading term that is left out, and whether nothing is left out as far as derivatives were looked at."""
        if self.truth is None:
            return None, False
        for order, found in enumerate(self.derivatives()[1:], 2):
            moment = quotient.moment(order)
            if moment == 0 or found == 0:
                continue
            if found is None:
                return None, False
            return Truncation(order - 1, float(moment) * found, order), False
        return None, True


def _over(difference: float, width: float) -> float:
    return difference / width if width else math.nan


def balanced(truncation: Truncation | None, rises: Fit | None) -> float | None:
    """The h at which ``C h^p + N / h`` is least: (N / (p C))^(1 / (p + 1)).

    >>> balanced(Truncation(1, 2.0, 2), Fit(2e-16, -1.0, 5))
    1e-08
    """
    if truncation is None or rises is None or not truncation.coefficient:
        return None
    p = truncation.power
    return float((rises.size / (p * abs(truncation.coefficient))) ** (1 / (p + 1)))
