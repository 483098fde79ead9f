"""Charts in a terminal, drawn by plotext (the extra ``plots``) with dots of Braille."""

from __future__ import annotations

import math

from calcgrad.render.charts import Chart, Contour, Series, arrow, named, scaled


def drawn(
    chart: Chart, ranges: tuple[tuple[float, float], tuple[float, float]], width: int, height: int
) -> list[str]:
    """The chart in lines. plotext has one figure for the whole process: it is cleared before and after."""
    import plotext

    figure = plotext.figure
    figure.clear()
    figure.theme("clear")
    figure.plot_size(width, height + 3)
    figure.legend(False)
    (left, right), (bottom, top) = ranges
    for mark in chart.marks:
        if mark.y is None:
            x = scaled(chart.x_scale)(mark.x)
            figure.draw(figure.signal([x, x], [bottom, top], marker="│").lines())
    for contour in chart.contours:
        for xs, ys in _pieces(chart, contour, top, bottom):
            figure.draw(figure.signal(xs, ys, marker="braille").lines())
    for contour in chart.contours:  # its letter once on each line
        for xs, ys in _pieces(chart, contour, top, bottom):
            figure.draw(figure.signal([xs[len(xs) // 2]], [ys[len(ys) // 2]], marker=contour.sign))
    for pointer in chart.pointers:
        (x, y), (dx, dy) = pointer.at, pointer.step
        step = (dx / (right - left) * width, 2 * dy / (top - bottom) * height)
        figure.draw(figure.signal([x], [y], marker=arrow(step, ascii=False)))
    for series in chart.series:
        for xs, ys in _pieces(chart, series, top, bottom):
            signal = figure.signal(xs, ys, marker="braille" if series.joined else series.sign)
            figure.draw(signal.lines() if series.joined else signal)
    for series in chart.series:  # a letter on each curve, so that it is known without colours
        letters = _lettered(chart, series, top, bottom)
        if letters is not None:
            figure.draw(figure.signal(*letters, marker=series.sign))
    for mark in chart.marks:
        if mark.y is not None:
            x, y = scaled(chart.x_scale)(mark.x), scaled(chart.y_scale)(mark.y)
            figure.draw(figure.signal([x], [y], marker=mark.sign))
    figure.ruler("x").lim(left, right)
    figure.ruler("y").lim(bottom, top)
    figure.title(chart.title + (f" (log10 {chart.y})" if chart.y_scale == "log" else ""))
    figure.label(_axis(chart.x, chart.x_scale), "x")
    text = plotext.uncolorize(str(figure.build()))
    figure.clear()
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return [*lines, *named(chart, width)]


def _axis(name: str, scale: str) -> str:
    return f"log10 {name}" if scale == "log" else name


def _pieces(
    chart: Chart, series: Series | Contour, top: float, bottom: float
) -> list[tuple[list[float], list[float]]]:
    found = []
    for piece in series.pieces:
        places = [(scaled(chart.x_scale)(x), scaled(chart.y_scale)(y)) for x, y in piece]
        kept = [(x, y) for x, y in places if math.isfinite(x) and bottom <= y <= top]
        if kept:
            found.append(([x for x, _ in kept], [y for _, y in kept]))
    return found


def _lettered(
    chart: Chart, series: Series, top: float, bottom: float
) -> tuple[list[float], list[float]] | None:
    if not series.joined:
        return None
    places = [pair for xs, ys in _pieces(chart, series, top, bottom) for pair in zip(xs, ys, strict=True)]
    if not places:
        return None
    chosen = [places[0], places[len(places) // 2], places[-1]]
    return [x for x, _ in chosen], [y for _, y in chosen]
