"""A chart as an SVG that stands in a page: drawn in the colours of the page, described in words for those who cannot see it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from zlib import crc32

from calcgrad.render.charts import Chart, Frame, Mark, Point, scaled
from calcgrad.render.html_marks import across, arrow, shape
from calcgrad.render.theme import CURVES

WIDTH, HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 14, 46
#: The size of a dot on a curve, and letters up to which names stand in two columns.
_DOT, _LONG = 5, 38
_DASHES = ("", "7 4", "2 3", "9 3 2 3", "12 4")


@dataclass(frozen=True, slots=True)
class Place:
    """From the numbers of a chart to places in its SVG."""

    frame: Frame
    to_x: Callable[[float], float]
    to_y: Callable[[float], float]

    def point(self, x: float, y: float) -> tuple[float, float]:
        """The place of a point; nan where it has none."""
        (x0, x1), (y0, y1) = self.frame.ranges
        across = (self.to_x(x) - x0) / (x1 - x0)
        up = (self.to_y(y) - y0) / (y1 - y0)
        return _LEFT + across * (WIDTH - _LEFT - _RIGHT), HEIGHT - _BOTTOM - up * (HEIGHT - _TOP - _BOTTOM)


def place_of(chart: Chart) -> Place | None:
    """The places of a chart's points; ``None`` where it has none."""
    frame = Frame.of(chart)
    return None if frame is None else Place(frame, scaled(chart.x_scale), scaled(chart.y_scale))


def svg(chart: Chart, inside: str = "", label: str = "", alone: bool = False, top: int = 0) -> str:
    """The chart as an ``<svg>`` element with a legend below it; ``inside`` is SVG that is drawn over it.

    >>> from calcgrad.render.charts import Series
    >>> drawn = svg(Chart("f", "x", "y", (Series("a<b", (((0.0, 0.0), (1.0, 2.0)),)),)))
    >>> "polyline" in drawn, "a&lt;b" in drawn
    (True, True)
    """
    place = place_of(chart)
    if place is None:
        return ""
    parts = [
        _axes(chart, place),
        *_heights(chart, place),
        *_series(chart, place),
        *_pointers(chart, place),
        *_marks(chart, place),
        _clipped(chart, inside),
    ]
    names = _legend(chart)
    columns = _columns(chart)
    height = height_of(chart)
    parts += [_named(k, columns, *named) for k, named in enumerate(names)]
    said = escape(label or f"{chart.title}: {chart.y} against {chart.x}", quote=True)
    box = f'x="{_LEFT}" y="{_TOP}" width="{WIDTH - _LEFT - _RIGHT}" height="{HEIGHT - _TOP - _BOTTOM}"'
    body = f'<clipPath id="{_clip(chart)}"><rect {box}/></clipPath>' + "".join(parts)
    if alone:
        return f'<g transform="translate(0 {top})">{body}</g>'
    kind = "chart dragged" if inside else "chart"
    return f'<svg class="{kind}" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{said}">{body}</svg>'


def height_of(chart: Chart) -> int:
    """How high a chart with its legend is."""
    return HEIGHT + 18 * math.ceil(len(_legend(chart)) / _columns(chart)) + 4


def _columns(chart: Chart) -> int:
    """The columns of the legend: one where a name is long."""
    return 2 if all(len(name) <= _LONG for name, _ in _legend(chart)) else 1


def _clipped(chart: Chart, inside: str) -> str:
    return f'<g clip-path="url(#{_clip(chart)})">{inside}</g>' if inside else ""


def _clip(chart: Chart) -> str:
    """A name that no other chart of the page has."""
    return f"clip{crc32(repr(chart).encode()):08x}"


def _axes(chart: Chart, place: Place) -> str:
    (x0, x1), (y0, y1) = place.frame.ranges
    lines = []
    for x in ticks(chart.x_scale, x0, x1):
        across = _LEFT + (x - x0) / (x1 - x0) * (WIDTH - _LEFT - _RIGHT)
        lines.append(f'<path class="grid" d="M{across:.1f} {_TOP}V{HEIGHT - _BOTTOM}"/>')
        lines.append(
            f'<text x="{across:.1f}" y="{HEIGHT - _BOTTOM + 16}" text-anchor="middle">{_tick(chart.x_scale, x)}</text>'
        )
    for y in ticks(chart.y_scale, y0, y1):
        up = HEIGHT - _BOTTOM - (y - y0) / (y1 - y0) * (HEIGHT - _TOP - _BOTTOM)
        lines.append(f'<path class="grid" d="M{_LEFT} {up:.1f}H{WIDTH - _RIGHT}"/>')
        lines.append(
            f'<text x="{_LEFT - 6}" y="{up + 4:.1f}" text-anchor="end">{_tick(chart.y_scale, y)}</text>'
        )
    middle = (_TOP + HEIGHT - _BOTTOM) / 2
    lines.append(
        f'<text x="{(WIDTH + _LEFT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(chart.x)}</text>'
    )
    lines.append(
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{escape(chart.y)}</text>'
    )
    return "".join(lines)


def ticks(scale: str, low: float, high: float) -> list[float]:
    """Round numbers of an axis, on its scale.

    >>> ticks("plain", 0.0, 10.0), ticks("log", -3.0, 0.0)
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [-3.0, -2.0, -1.0, 0.0])
    """
    rough = (high - low) / 6
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(f * size for f in (1, 2, 5, 10) if f * size >= rough)
    step = max(step, 1.0) if scale == "log" else step
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _tick(scale: str, value: float) -> str:
    return f"1e{value:.0f}" if scale == "log" else f"{value + 0.0:.6g}"


def _series(chart: Chart, place: Place) -> list[str]:
    drawn = []
    for k, series in enumerate(chart.series):
        style = _style(chart, k)
        for piece in series.pieces:
            points = _points(piece, place)
            joined = series.joined and len(points) > 1
            if joined:
                told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
                drawn.append(f'<polyline clip-path="url(#{_clip(chart)})" points="{told}" {style}/>')
            if not joined or series.dotted:
                dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in points)
                drawn.append(
                    f'<path d="{dots}" stroke="{_color(chart, k)}" stroke-width="{_DOT}" stroke-linecap="round"/>'
                )
    return drawn


def _points(piece: Sequence[Point], place: Place) -> list[tuple[float, float]]:
    """The places of the points that have one; what is far outside is kept near, where the chart is cut off."""
    found = [place.point(x, y) for x, y in piece]
    return [
        (x, min(max(y, -2.0 * HEIGHT), 3.0 * HEIGHT))
        for x, y in found
        if math.isfinite(x) and math.isfinite(y)
    ]


def _color(chart: Chart, k: int) -> str:
    """The colour of a curve; one that goes on with another, by its name, has that one's."""
    names = [series.name for series in chart.series]
    owner = next((j for j in range(k) if names[k].startswith(f"{names[j]}, ")), k)
    return CURVES[owner % len(CURVES)]


def _style(chart: Chart, k: int) -> str:
    """How a curve is drawn; a dashed one is thin, so that it is no other curve's."""
    thin = chart.series[k].dashed
    dash = "5 4" if thin else _DASHES[k % len(_DASHES)]
    width = 1.3 if thin else 2
    said = f' stroke-dasharray="{dash}"' if dash else ""
    return f'fill="none" stroke="{_color(chart, k)}" stroke-width="{width}"{said}'


def _marks(chart: Chart, place: Place) -> list[str]:
    drawn = []
    for mark in chart.marks:
        x, y = place.point(mark.x, mark.y if mark.y is not None else 1.0)
        if not math.isfinite(x):
            continue
        if mark.y is None:
            drawn.append(across(x, _TOP, HEIGHT - _BOTTOM, mark.name))
        elif math.isfinite(y):
            drawn.append(shape(mark.sign, x, y, mark.name))
    return drawn


def _heights(chart: Chart, place: Place) -> list[str]:
    """Lines of equal height, the lower ones fainter, each height written once beside its longest line."""
    drawn = []
    for k, contour in enumerate(chart.contours):
        pieces = [_points(piece, place) for piece in contour.pieces]
        d = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in piece) for piece in pieces if piece)
        if not d:
            continue
        shade = 0.35 + 0.65 * (k + 1) / len(chart.contours)
        clip = f'clip-path="url(#{_clip(chart)})"'
        drawn.append(
            f'<path class="height" {clip} d="{d}" opacity="{shade:.2f}"><title>{escape(contour.name)}</title></path>'
        )
        longest = max(pieces, key=len)
        x, y = longest[(k * 7 + 3) * len(longest) // 23 % len(longest)]
        if _LEFT + 20 < x < WIDTH - _RIGHT - 20 and _TOP + 8 < y < HEIGHT - _BOTTOM - 8:
            drawn.append(
                f'<text class="small" x="{x:.1f}" y="{y + 3:.1f}" text-anchor="middle">{escape(contour.name)}</text>'
            )
    return drawn


def _pointers(chart: Chart, place: Place) -> list[str]:
    """Directions, all as long; the strong ones stand out."""
    (left, right), (bottom, top) = place.frame.ranges
    drawn = []
    for pointer in chart.pointers:
        (x, y), (dx, dy) = pointer.at, pointer.step
        size = math.hypot(dx / (right - left), dy / (top - bottom))
        if size == 0 or not math.isfinite(size):
            continue
        share = (0.12 if pointer.strong else 0.045) / size
        start, end = place.point(x, y), place.point(x + share * dx, y + share * dy)
        drawn.append(arrow(start, end, pointer.strong))
    return drawn


def _legend(chart: Chart) -> list[tuple[str, Callable[[float, float], str]]]:
    """The names of all that is drawn, each once, with what draws its sample."""
    names: list[tuple[str, Callable[[float, float], str]]] = [
        (series.name, partial(_sample, _style(chart, k)))
        for k, series in enumerate(chart.series)
        if any(series.pieces)
    ]
    marks: dict[str, Mark] = {}
    for mark in chart.marks:
        marks.setdefault(mark.name, mark)
    names += [(name, partial(_sign, mark)) for name, mark in marks.items()]
    names += [("equal height", partial(_sample, 'class="height"'))] if chart.contours else []
    names += [(chart.pointing, _direction)] if chart.pointing else []
    return names


def _sample(style: str, x: float, y: float) -> str:
    return f'<path d="M{x} {y}h26" {style}/>'


def _direction(x: float, y: float) -> str:
    return arrow((x, y), (x + 26, y), False)


def _sign(mark: Mark, x: float, y: float) -> str:
    return shape(mark.sign, x + 13, y) if mark.y is not None else _sample('class="mark across"', x, y)


def _named(k: int, columns: int, name: str, drawn: Callable[[float, float], str]) -> str:
    x, y = _LEFT + (k % columns) * 290, HEIGHT + 8 + 18 * (k // columns)
    return f'{drawn(x, y)}<text x="{x + 32}" y="{y + 4}">{escape(name)}</text>'
