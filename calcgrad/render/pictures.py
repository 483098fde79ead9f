"""Charts as picture files, PNG and SVG, by matplotlib (the extra ``plots``); the same chart gives the same bytes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from calcgrad.errors import UsageError
from calcgrad.render.charts import Chart, Frame, installed

KINDS = ("png", "svg")
_COLORS = ("#1f5fa8", "#c8502d", "#2f8a4c", "#8a5fb5", "#7a6a00", "#5a6470")
_SIZE, _DPI = (8.0, 4.5), 150


def kind_of(path: str | None) -> str | None:
    """``png`` or ``svg`` by the ending of a file's name, else ``None``.

    >>> kind_of("curve.SVG"), kind_of("curve.txt"), kind_of(None)
    ('svg', None, None)
    """
    ending = (path or "").rpartition(".")[2].lower()
    return ending if ending in KINDS else None


def drawn(charts: Sequence[Chart], kind: str) -> bytes:
    """The charts one below the other as a picture. Raises ``UsageError`` (E650) where matplotlib is not installed."""
    if not installed("matplotlib"):
        hints = ("pip install 'calcgrad[plots]'", "in the terminal charts are drawn without it")
        raise UsageError.of("E650", "pictures are drawn by matplotlib, which is not installed", hints=hints)
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "calcgrad", "svg.fonttype": "path", "font.size": 10}):
        figure = Figure(figsize=(_SIZE[0], _SIZE[1] * len(charts)), layout="constrained")
        FigureCanvasAgg(figure)
        for place, chart in enumerate(charts, 1):
            _draw(figure.add_subplot(len(charts), 1, place), chart)
        out = BytesIO()
        figure.savefig(
            out, format=kind, dpi=_DPI, metadata={"Date": None} if kind == "svg" else {"Software": "calcgrad"}
        )
    return out.getvalue()


def _contours(axes: Any, chart: Chart) -> None:
    """The lines of equal height, the lower the darker, each with its height; and the directions, all as long."""
    from matplotlib.contour import ContourSet

    if chart.contours:
        heights = [contour.height for contour in chart.contours]
        lines = [[list(piece) for piece in contour.pieces] for contour in chart.contours]
        drawn = ContourSet(axes, heights, lines, cmap="viridis", linewidths=0.9)
        axes.clabel(drawn, fmt={contour.height: contour.name for contour in chart.contours}, fontsize=7)
    frame = Frame.of(chart)
    if frame is None:
        return
    (left, right), (bottom, top) = frame.ranges
    for pointer in chart.pointers:
        dx, dy = pointer.step
        size = math.hypot(dx / (right - left), dy / (top - bottom))
        if size == 0:
            continue
        share = (0.09 if pointer.strong else 0.04) / size
        x, y = pointer.at
        axes.annotate(
            "",
            (x + share * dx, y + share * dy),
            (x, y),
            arrowprops={
                "arrowstyle": "-|>",
                "color": "#c8502d" if pointer.strong else "#8a8a8a",
                "lw": 1.6 if pointer.strong else 0.8,
                "shrinkA": 0.0,
                "shrinkB": 0.0,
            },
        )
    if 0.2 < (top - bottom) / (right - left) < 5:
        axes.set_aspect("equal", adjustable="box")


def _draw(axes: Any, chart: Chart) -> None:
    if chart.contours or chart.pointers:
        _contours(axes, chart)
    for series, color in zip(chart.series, _cycled(len(chart.series)), strict=True):
        label: str | None = series.name
        for piece in series.pieces:
            if piece:
                xs, ys = [x for x, _ in piece], [y for _, y in piece]
                line = ("--" if series.dashed else "-") if series.joined else ""
                dots = "o" if not series.joined else "." if series.dotted else ""
                axes.plot(
                    xs,
                    ys,
                    linestyle=line or "none",
                    marker=dots or None,
                    color=color,
                    label=label,
                    linewidth=1.6,
                )
                label = None
    named: set[str] = set()
    for mark in chart.marks:
        label = mark.name if mark.name not in named else None
        named.add(mark.name)
        if mark.y is None:
            axes.axvline(mark.x, color="#8a8a8a", linestyle=":", linewidth=1.2, label=label)
        else:
            hollow = mark.sign == "o"
            axes.plot(
                [mark.x], [mark.y], linestyle="none", marker="o", markersize=7, label=label,
                color="#222222", markerfacecolor="white" if hollow else "#222222", zorder=5,
            )  # fmt: skip
    for scale, set_scale in ((chart.x_scale, axes.set_xscale), (chart.y_scale, axes.set_yscale)):
        if scale == "log":
            set_scale("log")
    if chart.y_range is not None:
        axes.set_ylim(*([10**end for end in chart.y_range] if chart.y_scale == "log" else chart.y_range))
    if chart.x_range is not None:
        axes.set_xlim(*chart.x_range)
    axes.set(title=chart.title, xlabel=chart.x, ylabel=chart.y)
    axes.grid(alpha=0.25)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=bool(chart.contours), framealpha=0.9, fontsize=9)


def _cycled(count: int) -> list[str]:
    return [_COLORS[k % len(_COLORS)] for k in range(count)]
