"""A chart as data, and how a terminal shows it: by plotext where that is installed, else by a plain grid of our own.

Renderers of reports make a :class:`Chart`; here and in :mod:`calcgrad.render.pictures` it is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Literal

from calcgrad.render import Style

Point = tuple[float, float]
HEIGHT = 15
_NARROW = 20


@dataclass(frozen=True, slots=True)
class Series:
    """Points in their order; ``joined`` by lines within each piece, never between two of them.

    ``sign`` is its letter where there are letters alone.
    """

    name: str
    pieces: tuple[tuple[Point, ...], ...]
    sign: str = "*"
    joined: bool = True
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that is pointed at: a point with a sign, or, without a height, a line across the whole chart."""

    x: float
    y: float | None
    name: str
    sign: str = "o"


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


def in_terminal(chart: Chart, style: Style, height: int = HEIGHT) -> list[str]:
    """The chart in lines no longer than the style's width; nothing where nothing can be drawn."""
    frame = _Frame.of(chart)
    if frame is None:
        return []
    width = min(style.width or 80, 100)
    if width < _NARROW:
        return []
    if not style.ascii and installed("plotext"):
        from calcgrad.render.plotext_charts import drawn

        return drawn(chart, frame.ranges, width, height)
    return _Grid(chart, frame, width, height).lines()


def legend(chart: Chart) -> list[tuple[str, str]]:
    """The sign and the name of all that is drawn, each once."""
    pairs = [(s.sign, s.name) for s in chart.series if any(s.pieces)] + [
        ("|" if m.y is None else m.sign, m.name) for m in chart.marks
    ]
    return list(dict.fromkeys(pairs))


def scaled(scale: str) -> Callable[[float], float]:
    """From a number to its place on an axis; nan where it has none."""
    if scale == "plain":
        return lambda value: value
    return lambda value: math.log10(value) if value > 0 else math.nan


@dataclass(frozen=True, slots=True)
class _Frame:
    """The ranges of both axes, on their scales."""

    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return self.x, self.y

    @classmethod
    def of(cls, chart: Chart) -> _Frame | None:
        to_x, to_y = scaled(chart.x_scale), scaled(chart.y_scale)
        points = [point for s in chart.series for piece in s.pieces for point in piece]
        points += [(m.x, m.y) for m in chart.marks if m.y is not None]
        xs = [x for x in (to_x(p[0]) for p in points) if math.isfinite(x)]
        ys = [y for y in (to_y(p[1]) for p in points) if math.isfinite(y)]
        if not xs or not ys:
            return None
        y = _range(chart.y_scale, ys) if chart.y_range is None else chart.y_range
        return cls(_range(chart.x_scale, xs), y)


def _range(scale: str, values: Sequence[float]) -> tuple[float, float]:
    """From the least to the largest; on an axis by powers of ten from one power to another."""
    low, high = min(values), max(values)
    if scale == "log":
        low, high = float(math.floor(low + 1e-9)), float(math.ceil(high - 1e-9))
    return _widened(low, high)


def _widened(low: float, high: float) -> tuple[float, float]:
    if low < high:
        return low, high
    half = abs(low) / 2 or 1.0
    return low - half, high + half


class _Grid:
    """Rows of characters: y downwards, a column for each step of x."""

    def __init__(self, chart: Chart, frame: _Frame, width: int, height: int) -> None:
        self.chart, self.frame, self.height = chart, frame, height
        labels = [self._label(frame.y[1], chart.y_scale), self._label(frame.y[0], chart.y_scale)]
        self.labels = labels
        self.gutter = max(map(len, labels))
        self.width = width - self.gutter - 3
        self.cells = [[" "] * self.width for _ in range(height)]

    @staticmethod
    def _label(value: float, scale: str) -> str:
        return f"1e{value:.3g}" if scale == "log" else f"{value:.4g}"

    def lines(self) -> list[str]:
        """The whole chart: its title, the grid in its frame, the axis below and the legend."""
        for mark in self.chart.marks:
            if mark.y is None:
                self._across(mark.x)
        for series in self.chart.series:
            for piece in series.pieces:
                for column, row in self._path(series, piece):
                    self._put(column, row, series.sign)
        for mark in self.chart.marks:
            if mark.y is not None:
                self._at((mark.x, mark.y), mark.sign)
        found = [self.chart.title] if self.chart.title else []
        for k, cells in enumerate(self.cells):
            label = self.labels[0] if k == 0 else self.labels[1] if k == self.height - 1 else ""
            found.append(f"{label:>{self.gutter}} |{''.join(cells)}".rstrip())
        found.append(" " * self.gutter + " +" + "-" * self.width)
        ends = [self._label(value, self.chart.x_scale) for value in self.frame.x]
        middle = self.chart.x.center(max(self.width - len(ends[0]) - len(ends[1]), 0))
        found.append(" " * (self.gutter + 2) + ends[0] + middle + ends[1])
        return [*found, *named(self.chart, self.gutter + self.width + 2)]

    def _place(self, point: Point) -> tuple[float, float] | None:
        x, y = scaled(self.chart.x_scale)(point[0]), scaled(self.chart.y_scale)(point[1])
        if not (math.isfinite(x) and math.isfinite(y)):
            return None
        (left, right), (bottom, top) = self.frame.ranges
        return (x - left) / (right - left) * (self.width - 1), (top - y) / (top - bottom) * (self.height - 1)

    def _path(self, series: Series, piece: Sequence[Point]) -> Iterator[tuple[float, float]]:
        places = [place for place in map(self._place, piece) if place is not None]
        yield from places
        for (x0, y0), (x1, y1) in pairwise(places) if series.joined else ():
            count = min(int(max(abs(x1 - x0), abs(y1 - y0))), 4 * self.width)
            for k in range(1, count):
                share = k / count
                yield x0 + share * (x1 - x0), y0 + share * (y1 - y0)

    def _put(self, column: float, row: float, sign: str) -> None:
        c, r = round(column), round(row)
        if 0 <= c < self.width and 0 <= r < self.height:
            self.cells[r][c] = sign

    def _at(self, point: Point, sign: str) -> None:
        place = self._place(point)
        if place is not None:
            self._put(*place, sign)

    def _across(self, x: float) -> None:
        left, right = self.frame.x
        at = (scaled(self.chart.x_scale)(x) - left) / (right - left) * (self.width - 1)
        for row in range(self.height):
            self._put(at, row, "|")


def named(chart: Chart, width: int) -> list[str]:
    """The legend in lines."""
    lines: list[str] = []
    for name in [f"{sign} {name}" for sign, name in legend(chart)]:
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
