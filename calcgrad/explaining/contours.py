"""``plot`` of a function of two numbers: its lines of equal height, and its gradient at some places and at a point."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Reading, flat_point
from calcgrad.errors import Diagnostic, UsageError
from calcgrad.explaining.landscape import Landscape, over
from calcgrad.inputs.points import Point, bind, read_points
from calcgrad.methods.reverse_ad import first
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import PointReport
from calcgrad.report.shown import Shown
from calcgrad.systems.base import NoClosedForm

#: Half of the range around the point, or around 0, and places along each side at which there is an arrow.
HALF, ARROWS = 5.0, (11, 7)


@dataclass(frozen=True, slots=True)
class Arrow:
    """The gradient at a place."""

    at: tuple[float, float]
    gradient: tuple[float, float]


@dataclass(frozen=True, slots=True, repr=False)
class ContoursReport(Shown):
    """What ``calcgrad plot`` computes for a function of two numbers. ``arrow`` is the gradient at the point."""

    input: str
    parsed: str
    variables: tuple[str, str]
    low: tuple[float, float]
    high: tuple[float, float]
    landscape: Landscape
    arrows: tuple[Arrow, ...]
    point: PointReport | None = None
    arrow: Arrow | None = None
    warnings: tuple[Diagnostic, ...] = ()
    command: str = "plot"


def contours(
    reading: Reading,
    low: str | float | None = None,
    high: str | float | None = None,
    at: str | float | None = None,
) -> ContoursReport:
    """The lines of equal height of an expression of two variables, in a rectangle; ``low`` and ``high`` are its corners.

    A corner is one number for both variables, or ``"x=-2, y=0"``. Raises ``CalcgradError`` where a point cannot be read, and
    ``UsageError`` E641 where the corners make no rectangle.

    >>> from calcgrad.comparing.request import Request, read
    >>> report = contours(read(Request("x*y")), -1, 1, at="x=1/2, y=1")
    >>> report.arrow
    Arrow(at=(0.5, 1.0), gradient=(1.0, 0.5))
    """
    request, function = reading.request, reading.function
    x, y = function.variables
    point, middle, warned = _point(reading, at)
    bottom, top = _corner(reading, low, middle, -HALF), _corner(reading, high, middle, HALF)
    for a, b in zip(bottom, top, strict=True):
        if not (math.isfinite(b - a) and a < b and a + (b - a) / 1e6 > a):
            hints = ('--from is below --to, in both variables: --from -2 --to 2, or --from "x=-2, y=0"',)
            raise UsageError.of("E641", f"{bottom} to {top} is no rectangle", hints=hints)

    def height(x: float, y: float) -> float:
        return float(function.values([x, y])[0])

    def gradient(place: tuple[float, float]) -> Arrow | None:
        if not math.isfinite(height(*place)):
            return None
        try:
            dx, dy = first(function, place, [0, 1])[0]
        except (ArithmeticError, NoClosedForm):
            return None
        return Arrow(place, (dx, dy)) if math.isfinite(dx) and math.isfinite(dy) else None

    places = [(_inner(bottom[0], top[0], i, ARROWS[0]), _inner(bottom[1], top[1], j, ARROWS[1]))
              for j in range(ARROWS[1]) for i in range(ARROWS[0])]  # fmt: skip
    return ContoursReport(
        input=request.text,
        parsed=reading.spelled,
        variables=(x, y),
        low=bottom,
        high=top,
        landscape=over(height, bottom, top),
        arrows=tuple([arrow for arrow in map(gradient, places) if arrow is not None]),
        point=point,
        arrow=None if point is None or point.verdict not in ("agree", "removable") else gradient(middle),
        warnings=tuple(dict.fromkeys([*reading.parsed.warnings, *warned])),
    )


def _inner(low: float, high: float, k: int, count: int) -> float:
    """The middle of the ``k``-th of so many equal parts."""
    return low + (high - low) * (k + 0.5) / count


def _point(
    reading: Reading, at: str | float | None
) -> tuple[PointReport | None, tuple[float, float], tuple[Diagnostic, ...]]:
    """What ``diff`` says of the point, its doubles, and what it warns of; 0 in the middle where there is none."""
    if at is None:
        return None, (0.0, 0.0), ()
    points = read_points([at], VOCABULARY)
    asked = replace(reading.request, at=points, truth="certified", methods=("reverse-ad",))
    found = compute(asked)
    x, y = flat_point(reading.function, bind(points[0], reading.function.variables))
    return found.points[0], (x, y), found.warnings


def _corner(
    reading: Reading, text: str | float | None, middle: tuple[float, float], half: float
) -> tuple[float, float]:
    """A corner as it is given, or so far from the middle."""
    if text is None:
        return middle[0] + half, middle[1] + half
    points = read_points([text if isinstance(text, str) else repr(float(text))], VOCABULARY)
    point, variables = points[0], reading.function.variables
    if None in point.coordinates:
        point = Point(dict.fromkeys(variables, point.coordinates[None]), point.warnings)
    values = [c.value for c in bind(point, variables).coordinates.values()]
    if len(points) > 1 or not all(isinstance(value, float) for value in values):
        raise UsageError.of("E641", f"{text} is no corner of a rectangle")
    x, y = values
    return float(x), float(y)
