"""How a terminal shows a chart: by plotext where that is installed, else by a plain grid of our own; and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from calcgrad.errors import Diagnostic
from calcgrad.render import Style
from calcgrad.render.charts import Chart, Frame, Point, arrow, installed, named, scaled
from calcgrad.render.layout import wrapped
from calcgrad.render.styles import HEADING, paint

HEIGHT = 15
_NARROW = 20


def screen(
    heading: str,
    facts: Iterable[str],
    chart: Chart,
    height: int,
    warnings: Iterable[Diagnostic],
    style: Style,
) -> str:
    """A chart for a screen: the heading in the place of its title, what is said of it, the curves, the warnings."""
    lines = [paint(line, HEADING, style.color) for line in wrapped(heading, style.width, hanging="  ")]
    for said in facts:
        lines += wrapped(said, style.width, hanging="  ")
    drawn = in_terminal(replace(chart, title=""), style, height)
    lines += ["", *drawn] if drawn else []
    for warning in warnings:
        lines += ["", *wrapped(f"{warning.code}: {warning.message}", style.width, hanging="  ")]
    return "\n".join(lines) + "\n"


def in_terminal(chart: Chart, style: Style, height: int = HEIGHT) -> list[str]:
    """The chart in lines no longer than the style's width; nothing where nothing can be drawn."""
    frame = Frame.of(chart)
    if frame is None:
        return []
    width = min(style.width or 80, 100)
    if width < _NARROW:
        return []
    if not style.ascii and installed("plotext"):
        from calcgrad.render.plotext_charts import drawn

        return drawn(chart, frame.ranges, width, height)
    return _Grid(chart, frame, width, height).lines()


class _Grid:
    """Rows of characters: y downwards, a column for each step of x."""

    def __init__(self, chart: Chart, frame: Frame, width: int, height: int) -> None:
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
        for contour in self.chart.contours:
            for piece in contour.pieces:
                for column, row in self._path(piece, joined=True):
                    self._put(column, row, contour.sign)
        for pointer in self.chart.pointers:
            self._at(pointer.at, arrow(self._turned(pointer.step), ascii=True))
        for series in self.chart.series:
            for piece in series.pieces:
                for column, row in self._path(piece, series.joined):
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

    def _turned(self, step: Point) -> Point:
        """A step of both axes in widths of a character, which is twice as high as wide."""
        (left, right), (bottom, top) = self.frame.ranges
        return step[0] / (right - left) * self.width, 2 * step[1] / (top - bottom) * self.height

    def _path(self, piece: Sequence[Point], joined: bool) -> Iterator[tuple[float, float]]:
        places = [place for place in map(self._place, piece) if place is not None]
        yield from places
        for (x0, y0), (x1, y1) in pairwise(places) if joined else ():
            count = min(math.ceil(max(abs(x1 - x0), abs(y1 - y0))), 4 * self.width)
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
