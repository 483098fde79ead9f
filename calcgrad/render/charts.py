"""A chart as data. Renderers of reports make a :class:`Chart`; ``terminal`` and ``pictures`` draw it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """Points in their order; ``joined`` by lines within each piece, never between two of them.

    ``sign`` is its letter where there are letters alone; a picture has a dot on each point of a ``dotted`` one.
    """

    name: str
    pieces: tuple[tuple[Point, ...], ...]
    sign: str = "*"
    joined: bool = True
    dashed: bool = False
    dotted: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that is pointed at: a point with a sign, or, without a height, a line across the whole chart."""

    x: float
    y: float | None
    name: str
    sign: str = "o"


@dataclass(frozen=True, slots=True)
class Contour:
    """Lines of one height, below the series; ``sign`` is its letter, ``name`` the height."""

    height: float
    name: str
    pieces: tuple[tuple[Point, ...], ...]
    sign: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """A direction at a place, as a step of both axes; ``strong`` ones stand out."""

    at: Point
    step: Point
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Series on one pair of axes, each axis plain or by powers of ten, and marks on them."""

    title: str
    x: str
    y: str
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    x_scale: Literal["plain", "log"] = "plain"
    y_scale: Literal["plain", "log"] = "plain"
    y_range: tuple[float, float] | None = None
    x_range: tuple[float, float] | None = None
    contours: tuple[Contour, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    pointing: str = ""


def legend(chart: Chart) -> list[tuple[str, str]]:
    """The sign and the name of all that is drawn, each once."""
    pairs = (
        [(c.sign, c.name) for c in chart.contours]
        + [(s.sign, s.name) for s in chart.series if any(s.pieces)]
        + [("|" if m.y is None else m.sign, m.name) for m in chart.marks]
    )
    return list(dict.fromkeys(pairs))


def scaled(scale: str) -> Callable[[float], float]:
    """From a number to its place on an axis; nan where it has none."""
    if scale == "plain":
        return lambda value: value
    return lambda value: math.log10(value) if value > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Frame:
    """The ranges of both axes, on their scales."""

    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return self.x, self.y

    @classmethod
    def of(cls, chart: Chart) -> Frame | None:
        to_x, to_y = scaled(chart.x_scale), scaled(chart.y_scale)
        points = [point for s in chart.series for piece in s.pieces for point in piece]
        points += [(m.x, m.y) for m in chart.marks if m.y is not None]
        xs = [x for x in (to_x(p[0]) for p in points) if math.isfinite(x)]
        ys = [y for y in (to_y(p[1]) for p in points) if math.isfinite(y)]
        if (chart.x_range is None and not xs) or (chart.y_range is None and not ys):
            return None
        x = _range(chart.x_scale, xs) if chart.x_range is None else chart.x_range
        y = _range(chart.y_scale, ys) if chart.y_range is None else chart.y_range
        return cls(x, y)


def _range(scale: str, values: Sequence[float]) -> tuple[float, float]:
    """From the least to the largest; on an axis by powers of ten from one power to another."""
    low, high = min(values), max(values)
    if scale == "log":
        low, high = float(math.floor(low + 1e-9)), float(math.ceil(high - 1e-9))
        return (low, high) if low < high else (low - 1, high + 1)
    return _widened(low, high)


def _widened(low: float, high: float) -> tuple[float, float]:
    if low < high:
        return low, high
    half = abs(low) / 2 or 1.0
    return low - half, high + half


def named(chart: Chart, width: int) -> list[str]:
    """The legend in lines."""
    lines: list[str] = []
    pairs = [f"{sign} {name}" for sign, name in legend(chart)] + ([chart.pointing] if chart.pointing else [])
    for name in pairs:
        if lines and len(lines[-1]) + 3 + len(name) <= width:
            lines[-1] += f"   {name}"
        else:
            lines.append(f"  {name}")
    return lines


def installed(library: str) -> bool:
    """Whether a library of the extra ``plots`` is there."""
    try:
        import_module(library)
    except ImportError:
        return False
    return True


#: Arrows by the eighth of the turn, from the right, upwards; in ASCII the nearest of four.
_ARROWS, _PLAIN_ARROWS = "→↗↑↖←↙↓↘", ">^<v"


def arrow(step: Point, ascii: bool) -> str:
    """The sign of a direction on the screen, ``y`` upwards; a dot for none.

    >>> arrow((1.0, 1.0), False), arrow((0.1, -1.0), True), arrow((0.0, 0.0), True)
    ('↗', 'v', '.')
    """
    if step == (0.0, 0.0):
        return "."
    signs = _PLAIN_ARROWS if ascii else _ARROWS
    turn = math.atan2(step[1], step[0]) / math.tau
    return signs[round(turn * len(signs)) % len(signs)]
