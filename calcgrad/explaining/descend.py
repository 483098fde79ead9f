"""``descend``: gradient descent step by step, what comes of it, and what the second derivative says about the rate.

Of a parabola of curvature c a step of rate r leaves the share 1 - rc of the distance to the lowest point: it arrives at once for
r = 1/c, and goes away from it for r > 2/c (Polyak, Some methods of speeding up the convergence of iteration methods, 1964, which
also has the bound 2(1 + m)/c with a momentum of m). Elsewhere that holds near a minimum, with the curvature there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

from calcgrad.comparing.request import Reading, Request, read
from calcgrad.deriving import NoFormulaError
from calcgrad.deriving.finding import derivative
from calcgrad.errors import Diagnostic, UsageError
from calcgrad.explaining.endings import Ending, Kind, Turn, ended
from calcgrad.explaining.landscape import Landscape, around
from calcgrad.explaining.losses import Loss, Place, ProgramLoss, TextLoss, length, safely
from calcgrad.expression.nodes import Number
from calcgrad.report.shown import Shown

Rule = Literal["gradient", "newton", "momentum"]
RULES: tuple[Rule, ...] = ("gradient", "newton", "momentum")
MOMENTUM = 0.9
RATE, NEWTON_RATE, STEPS, MOST_STEPS = 0.1, 1.0, 20, 1_000_000
#: Stations of a program are kept without their arrays; of an expression those of up to so many numbers are kept.
_KEPT = 50
#: The last places, among which one is looked for that the descent jumps over.
_RECENT = 4
#: A slope on the way below this share of those at both ends is told of.
_PASSING = 0.25


@dataclass(frozen=True, slots=True)
class Station:
    """A place on the way: where (empty where that is too long), the value, the gradient followed and its length, the seconds."""

    step: int
    at: tuple[float, ...]
    loss: float
    gradient: tuple[float, ...]
    length: float
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A descent, and how it ended. ``factor`` is by how much the gradient shrank a step, near the end."""

    stations: tuple[Station, ...]
    ending: Ending
    factor: float | None = None


@dataclass(frozen=True, slots=True)
class Curvature:
    """The second derivative (the largest, along any direction): ``everywhere`` the same, or at one place: where
    the descent ended or began, or what it circled around.

    Steps of a rate above ``limit`` go away from a minimum with this curvature, the rate ``arrives`` is there in one step.
    """

    value: float
    everywhere: bool
    limit: float | None
    arrives: float | None
    least: float


@dataclass(frozen=True, slots=True, repr=False)
class DescendReport(Shown):
    """What ``calcgrad descend`` computes: the path by the true gradient and, where one is claimed, that by the claimed one.

    ``passed`` is the station on the way that was nearest to a saddle, where one was passed by.
    """

    input: str
    parsed: str
    variables: tuple[str, ...]
    moving: tuple[str, ...]
    rule: Rule
    rate: float
    until: float | None
    path: Path
    claim: str | None = None
    claimed: Path | None = None
    curvature: Curvature | None = None
    shapes: tuple[tuple[int, ...], ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    program: bool = False
    landscape: Landscape | None = None
    passed: Station | None = None
    command: str = "descend"

    @property
    def numbers(self) -> int:
        """How many numbers move."""
        return sum(math.prod(shape) for shape in self.shapes) if self.program else len(self.moving)


@dataclass(frozen=True, slots=True)
class Going:
    """How to go: the rule, its rate, how many steps at most, and the length of gradient that is small enough."""

    rule: Rule = "gradient"
    rate: float | None = None
    steps: int = STEPS
    until: float | None = None

    def __post_init__(self) -> None:
        said = None
        if self.rule not in RULES:
            said = f"the rule is one of {', '.join(RULES)}, not {self.rule!r}"
        elif self.rate is not None and not 0 < self.rate < math.inf:
            said = f"the rate is a number above 0, not {self.rate}"
        elif not 1 <= self.steps <= MOST_STEPS:
            said = f"the steps are 1 to {MOST_STEPS:,}, not {self.steps}"
        elif self.until is not None and not 0 < self.until < math.inf:
            said = f"--until is a length of the gradient above 0, not {self.until}"
        if said:
            raise UsageError.of("E630", said, hints=("calcgrad descend --help shows what there is",))

    @property
    def speed(self) -> float:
        """The rate that is used."""
        return self.rate if self.rate is not None else NEWTON_RATE if self.rule == "newton" else RATE


def descend(request: Request, going: Going = Going(), claims: Sequence[str] = ()) -> DescendReport:
    """A descent on an expression from the one point of a request; in two variables, with the heights around the path.

    Raises ``CalcgradError`` where the request cannot be read, ``UsageError`` E630 to E635 where descent makes no sense.

    >>> from calcgrad.comparing.request import asked
    >>> report = descend(asked("(w - 3.5)^2", at=1.5), Going(rate=0.5))
    >>> [(s.at, s.loss) for s in report.path.stations], report.path.ending.kind
    ([((1.5,), 4.0), ((3.5,), 0.0)], 'minimum')
    """
    reading = read(request)
    if len(reading.points) != 1 or not reading.wrts or reading.output_indices != [None]:
        what = (
            "one value"
            if reading.output_indices != [None]
            else "a variable"
            if not reading.wrts
            else "one point"
        )
        hints = ('calcgrad descend "(w - 3)^2" --at 1',)
        raise UsageError.of(
            "E631", f"descent goes from one point down one function: there must be {what}", hints=hints
        )
    loss = TextLoss(reading, claims)
    paths = _paths(loss, going, bool(claims))
    return DescendReport(
        input=request.text,
        parsed=reading.spelled,
        variables=reading.function.variables,
        moving=loss.names,
        rule=going.rule,
        rate=going.speed,
        until=going.until,
        path=paths[0],
        claim=", ".join(claims) or None,
        claimed=paths[1] if claims else None,
        curvature=_curvature(reading, loss, paths[0]),
        passed=_saddle(loss, paths[0].stations),
        landscape=around(loss, [s.at for path in paths for s in path.stations]),
        warnings=tuple(dict.fromkeys([*reading.parsed.warnings, *reading.points[0].warnings])),
    )


def descend_program(
    name: str,
    function: Callable[..., Any],
    values: Mapping[str, Any],
    going: Going = Going(),
    wrt: Sequence[str] = (),
    gradient: tuple[str, Callable[..., Any]] | None = None,
) -> DescendReport:
    """A descent on a Python function of arrays from its arguments; those named by ``wrt`` move, else the first that holds floats.

    Raises ``CalcgradError`` where the function cannot be traced, ``UsageError`` E630 to E634.
    """
    if going.rule == "newton":
        raise UsageError.of(
            "E636", "Newton's rule needs second derivatives, which are made of expressions only"
        )
    loss = ProgramLoss(function, values, wrt, None if gradient is None else gradient[1])
    paths = _paths(loss, going, gradient is not None)
    return DescendReport(
        input=name,
        parsed=f"{name}({', '.join(values)})",
        variables=tuple(values),
        moving=loss.names,
        rule=going.rule,
        rate=going.speed,
        until=going.until,
        path=paths[0],
        claim=None if gradient is None else gradient[0],
        claimed=paths[1] if gradient is not None else None,
        shapes=tuple(loss.shapes),
        program=True,
    )


def _paths(loss: Loss, going: Going, claimed: bool) -> list[Path]:
    """The path by the true gradient, and that by the claimed one."""
    return [_path(loss, going, own) for own in ((False, True) if claimed else (False,))]


def _path(loss: Loss, going: Going, claimed: bool) -> Path:
    """Steps until the gradient is small enough, something is not finite, or there are no more."""
    place, speed = list(loss.start), [0.0 for _ in loss.start]
    stations: list[Station] = []
    stuck = False
    started = perf_counter()
    for step in range(going.steps + 1):
        value, gradient = safely(loss, place)
        true = length(gradient)
        if claimed:
            gradient = loss.claimed(place)
        size = length(gradient)
        stations.append(_station(step, place, value, gradient, size, perf_counter() - started))
        if not (math.isfinite(value) and math.isfinite(size)) or size == 0 or step == going.steps:
            break
        if going.until is not None and (true if claimed else size) <= going.until:
            break
        move = _newton(loss, place, gradient) if going.rule == "newton" else [-g for g in gradient]
        if move is None:
            stuck = True
            break
        kept = MOMENTUM if going.rule == "momentum" else 0.0
        speed = [kept * v + going.speed * m for v, m in zip(speed, move, strict=True)]
        place = [x + v for x, v in zip(place, speed, strict=True)]
    losses, sizes = [s.loss for s in stations], [s.length for s in stations]
    carried = going.rule == "momentum"
    recent = [Turn(s.at, s.gradient) for s in stations[-_RECENT:] if s.at]
    ending = (
        Ending("stuck") if stuck else ended(loss, place, losses, sizes, going.until, recent, claimed, carried)
    )
    return Path(tuple(stations), ending, _factor(sizes))


def _station(step: int, place: Place, loss: float, gradient: Place, size: float, seconds: float) -> Station:
    few = len(place) <= _KEPT and all(isinstance(x, float) for x in place)
    slopes = tuple([float(g) for g in gradient]) if few else ()
    return Station(step, tuple(place) if few else (), loss, slopes, size, seconds)


def _newton(loss: Loss, place: Place, gradient: Place) -> Place | None:
    """The step to where the gradient would be 0 if the second derivatives stayed; ``None`` where they do not give one."""
    matrix = loss.hessian(place)
    if matrix is None:
        return None
    if len(matrix) == 1:
        return [-gradient[0] / matrix[0][0]] if matrix[0][0] else None
    import numpy

    try:
        with numpy.errstate(all="ignore"):
            found: list[float] = numpy.linalg.solve(numpy.array(matrix), -numpy.array(gradient)).tolist()
    except numpy.linalg.LinAlgError:
        return None
    return found


def _saddle(loss: TextLoss, stations: Sequence[Station]) -> Station | None:
    """The place of least slope on the way, where that was much less than before and after, and f bends both up and down."""
    if len(loss.moving) < 2 or len(stations) < 3:
        return None
    least = min(stations, key=lambda s: s.length if math.isfinite(s.length) else math.inf)
    ends = (stations[0].length, stations[-1].length)
    if not least.at or not 0 < least.length < _PASSING * min(ends):
        return None
    matrix = loss.hessian(list(least.at))
    if matrix is None or not all(math.isfinite(x) for row in matrix for x in row):
        return None
    import numpy

    values = numpy.linalg.eigvalsh(numpy.array(matrix))
    return least if values[0] < 0 < values[-1] else None


def _factor(sizes: Sequence[float]) -> float | None:
    """By how much the gradient's length shrinks a step, over the last few."""
    last = [s for s in sizes[-6:] if math.isfinite(s)]
    if len(last) < 3 or min(last) <= 0:
        return None
    return float((last[-1] / last[0]) ** (1 / (len(last) - 1)))


def _curvature(reading: Reading, loss: TextLoss, path: Path) -> Curvature | None:
    """f'' of a parabola, else where the descent ended, or began where it went away; of one that circles, what it circles around."""
    away: tuple[Kind, ...] = ("diverged", "uphill", "nan")
    station = path.stations[0] if path.ending.kind in away else path.stations[-1]
    centre = path.ending.at if path.ending.kind == "circling" else None
    place = list(station.at) if centre is None else [centre]
    matrix = loss.hessian(place) if place else None
    if matrix is None or not all(math.isfinite(x) for row in matrix for x in row):
        return None
    if len(matrix) == 1:
        low = high = matrix[0][0]
    else:
        import numpy

        values = numpy.linalg.eigvalsh(numpy.array(matrix))
        low, high = float(values[0]), float(values[-1])
    everywhere = len(matrix) == 1 and _parabola(reading, loss.names[0])
    return Curvature(high, everywhere, 2 / high if high > 0 else None, 1 / high if high > 0 else None, low)


def _parabola(reading: Reading, name: str) -> bool:
    """Whether the third derivative is 0 as a formula."""
    if reading.function.shapes or not reading.function.of_text:
        return False
    try:
        third = derivative(reading.function.root, (name, name, name))
    except NoFormulaError:
        return False
    return isinstance(third, Number) and third.value == 0
