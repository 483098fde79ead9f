"""``plot``: a function of one number and its derivatives over a range, with what is special on the way, and a tangent.

Points are doubles of the function and of forward mode, as many as the bends need; curves never go across a place where they break.
What stands at such a place is the verdict of ``diff`` there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Reading, Request, read
from calcgrad.errors import CalcgradError, Diagnostic, UsageError
from calcgrad.explaining.curves import Piece, pieces
from calcgrad.explaining.places import Spot, spots
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import bind, read_points
from calcgrad.methods import forward_ad
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import PointReport
from calcgrad.report.estimates import Estimate
from calcgrad.report.shown import Shown
from calcgrad.systems.base import NoClosedForm

#: Half of the range around the point, where none is given, and the most derivatives and functions in one picture.
HALF, MOST_ORDER, MOST_FUNCTIONS = 5.0, 4, 6
_COARSE = 200
#: A range of heights is cut to its middle nine tenths, and half as much around, where all of it is so many times as high.
_WILD = 4.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve in pieces: a function (``order`` 0), its derivative of an order, a claim, or the claim less the derivative."""

    name: str
    kind: Literal["function", "derivative", "claim", "difference"]
    order: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Tangent:
    """The line through ``(x, value)`` with ``slope``; ``truth`` are the slope's proved digits."""

    x: float
    value: float
    slope: float
    truth: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a claimed derivative is off at most, among the points that are drawn, and where."""

    most: float
    at: float
    scale: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """One function: how it was read, its curves, and its places that are not smooth; ``more`` says that there are others."""

    input: str
    parsed: str
    curves: tuple[Curve, ...]
    spots: tuple[Spot, ...]
    more: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class PlotReport(Shown):
    """What ``calcgrad plot`` computes. ``heights`` are those that a picture shows."""

    variable: str
    low: float
    high: float
    functions: tuple[Drawn, ...]
    heights: tuple[float, float]
    point: PointReport | None = None
    tangent: Tangent | None = None
    claim: str | None = None
    difference: Difference | None = None
    warnings: tuple[Diagnostic, ...] = ()
    command: str = "plot"

    @property
    def input(self) -> str:
        """The functions as they were typed."""
        return ", ".join(drawn.input for drawn in self.functions)


def plot(
    texts: Sequence[str],
    low: str | float | None = None,
    high: str | float | None = None,
    at: str | float | None = None,
    *,
    order: int = 1,
    claim: str | None = None,
) -> PlotReport:
    """Curves of expressions of one variable between two numbers.

    Raises ``CalcgradError`` where a text cannot be read, ``UsageError`` E640 (not one variable, not one value), E641 (the range)
    and E642 (too many curves, or a claim beside several functions).

    >>> report = plot(["1/x"], -1, 1)
    >>> [(spot.exact, spot.kind) for spot in report.functions[0].spots], len(report.functions[0].curves[0].pieces)
    ([('0', 'undefined')], 2)
    """
    if not 1 <= len(texts) <= MOST_FUNCTIONS or not 0 <= order <= MOST_ORDER or (claim and len(texts) > 1):
        hints = (f"one to {MOST_FUNCTIONS} functions, --order 0 to {MOST_ORDER}, a claim for one function",)
        raise UsageError.of("E642", "these are no curves for one picture", hints=hints)
    requests = [Request(text) for text in texts]
    readings = [read(request) for request in requests]
    variable = _variable(readings)
    start, end, place = _range(variable, low, high, at)
    order = 0 if len(texts) > 1 else order
    drawing = [_Drawing(reading, variable, start, end, order) for reading in readings]
    heights = _heights([d.coarse() for d in drawing])
    functions = [d.drawn(heights) for d in drawing]
    difference = None
    if claim is not None:
        curves, difference = _claimed(drawing[0], claim, heights)
        functions[0] = replace(functions[0], curves=(*functions[0].curves, *curves))
    point = _point(requests[0], variable, at)
    return PlotReport(
        variable=variable,
        low=start,
        high=end,
        functions=tuple(functions),
        heights=heights,
        point=point,
        tangent=_tangent(point, place),
        claim=claim,
        difference=difference,
        warnings=tuple(dict.fromkeys(w for reading in readings for w in reading.parsed.warnings)),
    )


def _variable(readings: Sequence[Reading]) -> str:
    """The one variable of all functions; raises where there are several, arrays, or several values."""
    names = dict.fromkeys(name for reading in readings for name in reading.function.variables)
    if len(names) > 1:
        hints = ("put numbers in for the others",)
        raise UsageError.of(
            "E640", f"a curve has one variable, and these are {', '.join(names)}", hints=hints
        )
    if any(reading.output_indices != [None] for reading in readings):
        raise UsageError.of(
            "E640", "a curve has one value at each place", hints=("plot the entries one by one",)
        )
    return next(iter(names), "x")


def _number(variable: str, value: str | float) -> float:
    """A number as ``--at`` reads it."""
    text = value if isinstance(value, str) else repr(float(value))
    points = read_points([text], VOCABULARY)
    found = bind(points[0], (variable,)).coordinates[variable].value
    if len(points) > 1 or not isinstance(found, float):
        raise UsageError.of("E641", f"{text} is not one number")
    return found


def _range(
    variable: str, low: str | float | None, high: str | float | None, at: str | float | None
) -> tuple[float, float, float | None]:
    """The ends of the range, and the point."""
    place = None if at is None else _number(variable, at)
    middle = place if place is not None else 0.0
    start = middle - HALF if low is None else _number(variable, low)
    end = middle + HALF if high is None else _number(variable, high)
    if not (
        math.isfinite(start) and math.isfinite(end) and start < end and start + (end - start) / 1e6 > start
    ):
        hints = ("--from is below --to",)
        raise UsageError.of("E641", f"{start} to {end} is no range", hints=hints)
    return start, end, place


def _heights(samples: Sequence[Sequence[Sequence[float]]]) -> tuple[float, float]:
    """The heights to show: of each function and its derivatives some values are given, in this order.

    Where a pole would press all else into a line, the middle of the values counts, and derivatives do as far as they are near it.
    """
    shown: list[tuple[float, float]] = []
    for own, *derivatives in samples:
        low, high, wild = _middle(own)
        shown.append((low, high))
        for values in derivatives:
            least, largest, _ = _middle(values)
            reach = high - low if wild else math.inf
            shown.append((max(least, low - reach), min(largest, high + reach)))
    low, high = min(pair[0] for pair in shown), max(pair[1] for pair in shown)
    if low >= high:
        low, high = low - 1.0, high + 1.0
    margin = 0.04 * (high - low)
    return low - margin, high + margin


def _middle(values: Sequence[float]) -> tuple[float, float, bool]:
    """The least and the largest value, or those around the middle nine tenths, and whether that was needed."""
    finite = sorted(v for v in values if math.isfinite(v))
    if not finite:
        return 0.0, 0.0, False
    inner_low, inner_high = (finite[round(share * (len(finite) - 1))] for share in (0.05, 0.95))
    half = (inner_high - inner_low) / 2
    if half > 0 and finite[-1] - finite[0] > _WILD * (inner_high - inner_low):
        return max(finite[0], inner_low - half), min(finite[-1], inner_high + half), True
    return finite[0], finite[-1], False


class _Drawing:
    """One function on the range."""

    def __init__(self, reading: Reading, variable: str, low: float, high: float, order: int) -> None:
        self.reading = reading
        self.low, self.high, self.order = low, high, order
        self.constant = not reading.function.variables
        self.function = Expression(reading.function.root, (variable,))
        found, self.more = ([], False) if self.constant else spots(reading.request, self.function, low, high)
        self.spots = found

    def value(self, order: int) -> Callable[[float], float]:
        """The function, or its derivative of an order, at a double; nan where there is none."""

        def of(x: float) -> float:
            try:
                if order == 0:
                    return float(self.function.values([x])[0])
                found = forward_ad.METHOD.derivatives(Problem(self.function, [x], [(0,) * order]))
            except (ArithmeticError, NoClosedForm):
                return math.nan
            value = found.value[0][0] if isinstance(found, Estimate) else None
            there = math.isfinite(self.function.values([x])[0])
            return float(value) if value is not None and there else math.nan

        return of

    def coarse(self) -> list[list[float]]:
        """Some values of every curve, for the heights of the picture."""
        xs = [self.low + (self.high - self.low) * (k + 0.5) / _COARSE for k in range(_COARSE)]
        return [[self.value(k)(x) for x in xs] for k in range(self.order + 1)]

    def curve(self, order: int, name: str, heights: tuple[float, float]) -> Curve:
        """One curve in its pieces; a derivative breaks at kinks too."""
        breaks = [s.x for s in self.spots if s.breaks or order > 0]
        spread = heights[1] - heights[0]
        found = pieces(self.value(order), self.low, self.high, breaks, spread)
        return Curve(name, "derivative" if order else "function", order, found)

    def drawn(self, heights: tuple[float, float]) -> Drawn:
        """The function with its curves."""
        names = ["f" + "'" * k if k <= 3 else f"f^({k})" for k in range(self.order + 1)]
        if self.order == 0:
            names = [self.reading.spelled]
        curves = [self.curve(k, name, heights) for k, name in enumerate(names)]
        return Drawn(
            self.reading.request.text, self.reading.spelled, tuple(curves), tuple(self.spots), self.more
        )


def _claimed(
    drawing: _Drawing, claim: str, heights: tuple[float, float]
) -> tuple[list[Curve], Difference | None]:
    """The claimed derivative, its difference from the true one, and where that is largest."""
    [variable] = drawing.function.variables
    parsed = parse(claim, VOCABULARY, declared=(variable,), statements=True)
    if any(name != variable for name in parsed.variables):
        raise UsageError.of("E640", f"the claim {claim} has another variable than {variable}")
    claimed = Expression(parsed.root, (variable,))
    slope = drawing.value(1)

    def value(x: float) -> float:
        return float(claimed.values([x])[0])

    breaks = [s.x for s in drawing.spots]
    spread = heights[1] - heights[0]
    curve = pieces(value, drawing.low, drawing.high, breaks, spread)
    difference = pieces(lambda x: value(x) - slope(x), drawing.low, drawing.high, breaks, spread)
    points = [point for piece in difference for point in piece]
    most = max(points, key=lambda point: abs(point[1]), default=None)
    scale = max((abs(slope(x)) for x, _ in points), default=0.0)
    curves = [Curve("claim", "claim", 1, curve), Curve("claim - f'", "difference", 1, difference)]
    return curves, None if most is None else Difference(abs(most[1]), most[0], scale)


def _point(request: Request, variable: str, at: str | float | None) -> PointReport | None:
    """What ``diff`` says of the point."""
    if at is None:
        return None
    points = read_points([at], VOCABULARY)
    asked = replace(request, at=points, wrt=(variable,), truth="certified", methods=("forward-ad",))
    try:
        return compute(asked).points[0]
    except CalcgradError:
        return compute(replace(asked, wrt=())).points[0]


def _tangent(point: PointReport | None, place: float | None) -> Tangent | None:
    """The tangent, where there is a derivative."""
    if point is None or place is None or not point.truth or not isinstance(point.value, float):
        return None
    truth = point.truth[0]
    height = truth.limit if point.verdict == "removable" else point.value
    if truth.value is None or point.verdict not in ("agree", "removable") or height is None:
        return None
    return Tangent(place, height, float(truth.value), truth.value)
