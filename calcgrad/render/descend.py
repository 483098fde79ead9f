"""Descents as text: each step with the sign of its slope in words, how it ended, what f'' says, the curve of the loss."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from calcgrad.explaining.descend import MOMENTUM, DescendReport, Path, Station
from calcgrad.explaining.endings import Kind
from calcgrad.phrases import figure
from calcgrad.render import Style, contours, words
from calcgrad.render.charts import Chart, Mark, Series
from calcgrad.render.layout import Row, grid, wrapped
from calcgrad.render.styles import BAD, GOOD, HEADING, UNSURE, paint
from calcgrad.render.terminal import in_terminal

_DIGITS = 8
#: Rows of a long descent: so many first ones, the last ones, and those between at equal distances.
_FIRST, _LAST, _BETWEEN = 8, 3, 9
_GOOD: tuple[Kind, ...] = ("minimum", "arrived", "descending")
_BAD: tuple[Kind, ...] = ("diverged", "uphill", "nan")
_FEW = 3
#: Losses that span more than this are drawn by powers of ten.
_SPAN = 50.0


def render(report: DescendReport, style: Style, unicode: bool = False) -> str:
    """The report for a screen."""
    lines = [
        paint(line, HEADING, style.color) for line in wrapped(heading(report), style.width, hanging="  ")
    ]
    for said in counted(report):
        lines += wrapped(said, style.width, hanging="  ")
    lines += ["", *_table(report, style), ""]
    for name, path in paths(report):
        kind = path.ending.kind
        color = GOOD if kind in _GOOD else BAD if kind in _BAD else UNSURE
        text = f"{name}{kind}: {outcome(report, path)}"
        lines += [paint(line, color, style.color) for line in wrapped(text, style.width, hanging="  ")]
    for said in (*on_the_way(report), *about_rate(report)):
        lines += wrapped(said, style.width, hanging="  ")
    for picture in charts(report):
        drawn = in_terminal(picture, style)
        lines += ["", *drawn] if drawn else []
    for warning in report.warnings:
        lines += ["", *wrapped(f"{warning.code}: {warning.message}", style.width, hanging="  ")]
    return "\n".join(lines) + "\n"


def paths(report: DescendReport) -> list[tuple[str, Path]]:
    """The paths, each with the words before what is said of it."""
    if report.claimed is None:
        return [("", report.path)]
    return [("by your gradient: ", report.claimed), ("by the true gradient: ", report.path)]


def heading(report: DescendReport) -> str:
    """What goes down, and how."""
    rate = f"rate {words.number(report.rate)}"
    name = report.parsed if report.program else f"{words.function_text(report)} = {report.parsed}"
    rule = {
        "gradient": "gradient descent",
        "momentum": f"descent with momentum {MOMENTUM}",
        "newton": "Newton's rule",
    }
    return f"{name}: {rule[report.rule]}, {rate}"


def counted(report: DescendReport) -> Iterator[str]:
    """How many numbers move, and how that count comes about."""
    if not report.program:
        if len(report.variables) > len(report.moving):
            yield f"{', '.join(report.moving)} moves; the others stand still"
        return
    products = [" x ".join(map(str, shape)) or "1" for shape in report.shapes]
    named = [f"{name} ({product})" for name, product in zip(report.moving, products, strict=True)]
    sums = f"{' + '.join(products)} = " if len(products) > 1 or "x" in products[0] else ""
    yield f"{sums}{report.numbers:,} numbers move: {', '.join(named)}"


def _table(report: DescendReport, style: Style) -> list[str]:
    f = words.function_name(report)
    if report.claimed is not None:
        return _beside(report, style, f)
    named = bool(report.path.stations[0].at) and len(report.moving) <= _FEW
    alone = named and len(report.moving) == 1
    slope = words.derivative_name(report, report.moving, None, None, style.ascii) if alone else "|gradient|"
    timed = report.program
    value = f"{f}({', '.join(report.variables)})" if named and len(report.variables) <= _FEW else "loss"
    headers = ("step", *(report.moving if named else ()), value, slope, *(("seconds",) if timed else ()))
    rows, said = [], []
    for s in chosen(report.path.stations):
        places = [digits(x) for x in s.at] if named else []
        steep = digits(s.gradient[0]) if alone else digits(s.length)
        rows.append(
            Row((str(s.step), *places, digits(s.loss), steep, *([f"{s.seconds:.2f}"] if timed else [])))
        )
        said.append(sign_in_words(report, s) if tells_signs(report) else "")
    table = grid(headers, rows, style.width, points=False)
    if table is None:
        return [f"step {row.cells[0]}: {row.cells[-2]}" for row in rows]
    return _with_words(table, said, style)


def _with_words(table: Sequence[str], said: Sequence[str], style: Style) -> list[str]:
    """The words beside each row, where there is room for all of them."""
    widest = max(map(len, table))
    room = (style.width or 80) - widest - 2 >= max(map(len, said), default=0)
    lines = [paint(table[0], HEADING, style.color)]
    for text, words_ in zip(table[1:], said, strict=True):
        lines.append(f"{text:<{widest}}  {words_}".rstrip() if room else text)
    return lines


def _beside(report: DescendReport, style: Style, f: str) -> list[str]:
    """Both descents side by side."""
    assert report.claimed is not None
    yours, true = report.claimed.stations, report.path.stations
    most = max(len(yours), len(true))
    named = bool(true[0].at) and len(report.moving) == 1
    one = (report.moving[0], f) if named else (f"{f} or loss",)
    headers = ("step", *[f"{name}, yours" for name in one], *[f"{name}, true" for name in one])
    if not named:
        headers = ("step", "loss, yours", "loss, true")
    rows = []
    for k in _numbers(most):
        cells = [str(k)]
        for stations in (yours, true):
            s = stations[k] if k < len(stations) else None
            cells += ([digits(s.at[0])] if s else ["-"]) if named else []
            cells.append(digits(s.loss) if s else "-")
        rows.append(Row(tuple(cells)))
    table = grid(headers, rows, style.width, style.color, points=False)
    return table if table is not None else [" ".join(row.cells) for row in rows]


def tells_signs(report: DescendReport) -> bool:
    """Whether the sign of the slope says where the one number goes that moves."""
    return bool(report.path.stations[0].at) and len(report.moving) == 1 and report.rule != "newton"


def sign_in_words(report: DescendReport, station: Station) -> str:
    """What the sign of the slope asks for."""
    slope, f, name = station.gradient[0], words.function_name(report), report.moving[0]
    if not math.isfinite(slope):
        return f"{f} has no value here" if not math.isfinite(station.loss) else "no slope"
    if slope == 0:
        return f"{f} is level here"
    return (
        f"{f} rises with {name}: {name} goes down" if slope > 0 else f"{f} falls with {name}: {name} goes up"
    )


def digits(value: float) -> str:
    """A double rounded to some digits."""
    return words.number(float(f"{value:.{_DIGITS}g}")) if math.isfinite(value) else words.number(value)


def chosen(stations: Sequence[Station]) -> list[Station]:
    """All of a few stations, else the first, the last and some between."""
    return [stations[k] for k in _numbers(len(stations))]


def _numbers(count: int) -> list[int]:
    """All of a few, else the first, the last and some between."""
    if count <= _FIRST + _LAST + _BETWEEN + 2:
        return list(range(count))
    between = count - _FIRST - _LAST
    middle = {_FIRST + k * between // (_BETWEEN + 1) for k in range(1, _BETWEEN + 1)}
    return sorted({*range(_FIRST), *middle, *range(count - _LAST, count)})


def outcome(report: DescendReport, path: Path) -> str:
    """How a descent ended, in words."""
    last, ending = path.stations[-1], path.ending
    here = _place(report, last)
    f = words.function_name(report)
    loss = f"{f} = {digits(last.loss)}"
    after = f"after {last.step} step{'s' if last.step != 1 else ''}"
    match ending.kind:
        case "minimum":
            return f"{after}{here}, {loss}: the second derivatives say that this is a minimum"
        case "arrived":
            return f"{after}{here}, {loss}: the gradient that was followed is {digits(last.length)}"
        case "saddle":
            return f"{after}{here}, {loss}: the gradient is {digits(last.length)}, and {f} falls along another direction"
        case "maximum":
            return f"{after}{here}, {loss}: a place where {f} is largest nearby, not least"
        case "flat":
            return f"{after}{here}, {loss}: the second derivatives there are 0 along a direction, and do not tell"
        case "kink":
            sides = f"slopes {digits(ending.left or 0.0)} and {digits(ending.right or 0.0)}"
            where = f"{report.moving[0]} = {_near(ending.at)} ({sides})"
            if last.length == 0:
                return (
                    f"{after}{here}, {loss}: on a kink, where the slope of 0 is a convention: {ending.reason}"
                )
            return f"it jumps to and fro over a kink near {where}: no fixed rate comes to rest there"
        case "swinging":
            pace = f"|gradient| = {digits(last.length)}"
            return f"{loss} {after}{here}, {pace}: its momentum carries it past lower places, and may bring it back"
        case "circling" if ending.at is None:
            return f"{loss} {after}{here}: it goes to and fro and comes no lower: the rate is too large, or a kink is there"
        case "circling":
            where = f"{report.moving[0]} = {_near(ending.at)}"
            return f"it jumps to and fro over {where} and comes no nearer: the rate is too large"
        case "uphill":
            began = digits(path.stations[0].loss)
            return f"{loss} {after}{here}, and it began at {began}: the loss rises along this way"
        case "diverged" if last.loss == -math.inf:
            return f"{loss} {after}: {f} falls below every double, and this way has no minimum"
        case "diverged":
            return f"{loss} {after}, and it began at {digits(path.stations[0].loss)}: each step goes further away"
        case "nan":
            why = f": {ending.reason}" if ending.reason else ""
            return f"{after}{here} there is no number: {f} = {words.number(last.loss)}{why}"
        case "stuck":
            return f"{after}{here}, {loss}: the rule has no step here"
        case _:
            pace = (
                f", which shrinks by {figure(path.factor, 3)} a step"
                if path.factor and path.factor < 1
                else ""
            )
            return f"{loss} {after}{here}, still on its way: |gradient| = {digits(last.length)}{pace}"


def _near(value: float | None) -> str:
    """A place found by halving, to the digits that it may have; no minus before a 0."""
    return "-" if value is None else words.number(float(f"{round(value, 12):.10g}") + 0.0)


def _place(report: DescendReport, station: Station) -> str:
    if not station.at or len(report.moving) > _FEW:
        return ""
    pairs = zip(report.moving, station.at, strict=True)
    return " at " + ", ".join(f"{name} = {digits(x)}" for name, x in pairs)


def on_the_way(report: DescendReport) -> Iterator[str]:
    """A saddle that was passed by."""
    s = report.passed
    if s is not None:
        f = words.function_name(report)
        steep = f"|gradient| = {digits(s.length)}"
        yield f"a saddle was passed near step {s.step}{_place(report, s)}: {steep}, the least on the way, and {f} falls sideways"


def about_rate(report: DescendReport) -> Iterator[str]:
    """What the second derivative says about the rate."""
    c = report.curvature
    if c is None or report.rule == "newton" or report.path.ending.kind == "kink":
        return
    alone = len(report.moving) == 1
    name = (
        words.derivative_name(report, report.moving * 2, None, None, True)
        if alone
        else "the largest curvature"
    )
    ending = report.path.ending
    where = "where it began" if ending.kind in _BAD else "at the end"
    if ending.kind == "circling" and ending.at is not None:
        where = f"at {report.moving[0]} = {_near(ending.at)}"
    if c.limit is None or c.arrives is None:
        place = "everywhere" if c.everywhere else where
        yield f"{name} = {digits(c.value)} {place}: no minimum has this curvature, and no rate follows"
        return
    if c.least < 0:
        yield f"the curvature is from {digits(c.least)} to {digits(c.value)} {where}, by direction: no minimum is like that"
        return
    momentum = MOMENTUM if report.rule == "momentum" else 0.0
    limit = c.limit * (1 + momentum)
    if ending.kind == "circling" and ending.at is None and report.rate < limit:
        return  # the curvature at the end is not what it circles around
    beyond = f"2*(1 + {MOMENTUM})/curvature" if momentum else f"2/{name}" if alone else "2/curvature"
    if c.everywhere:
        share = abs(1 - report.rate * c.value)
        yield f"{name} = {digits(c.value)} everywhere, a parabola: a rate above {beyond} = {digits(limit)} diverges"
        if not momentum:
            left = f"{words.number(report.rate)} leaves {digits(share)} of the distance at each"
            yield f"1/{name} = {digits(c.arrives)} arrives in one step; {left}"
        return
    yield (
        f"{name} = {digits(c.value)} {where}: near a minimum with this curvature a rate above {beyond} = {digits(limit)} leaves it"
        + ("" if momentum else f", and {digits(c.arrives)} is the quickest along that direction")
    )


def chart(report: DescendReport) -> Chart:
    """The curve of the loss."""
    found = []
    drawn = (
        [("yours", "y", report.claimed), ("true", "t", report.path)]
        if report.claimed
        else [("loss", "*", report.path)]
    )
    for name, sign, path in drawn:
        assert path is not None
        points = tuple([(float(s.step), s.loss) for s in path.stations if math.isfinite(s.loss)])
        found.append(Series(name, (points,), sign, dotted=len(points) <= 60))
    losses = [y for s in found for piece in s.pieces for _, y in piece]
    least, largest = min(losses, default=0.0), max(losses, default=0.0)
    positive = [y for y in losses if y > 0]
    log = least >= 0 and bool(positive) and largest > _SPAN * min(positive)
    return Chart("loss at each step", "step", "loss", tuple(found), (), "plain", "log" if log else "plain")


def way(report: DescendReport) -> Chart | None:
    """The path over lines of equal height, where two numbers move."""
    land = report.landscape
    if land is None:
        return None
    x, y = report.moving
    series = []
    for name, path in paths(report):
        points = tuple([(s.at[0], s.at[1]) for s in path.stations if all(map(math.isfinite, s.at))])
        sign = "y" if name.startswith("by your") else "t" if name else "*"
        series.append(Series(name.rstrip(": ") or "path", (points,), sign, dotted=True))
    start = report.path.stations[0].at
    marks = (Mark(start[0], start[1], "start", "o"),)
    ends = (land.xs[0], land.xs[-1]), (land.ys[0], land.ys[-1])
    return Chart(
        "the way over lines of equal height", x, y, tuple(series), marks,
        x_range=ends[0], y_range=ends[1], contours=contours.lines_of(land),
    )  # fmt: skip


def charts(report: DescendReport) -> list[Chart]:
    """What a picture shows: the way over lines of equal height, where two numbers move, and the curve of the loss."""
    over, curve = way(report), chart(report)
    drawn = any(len(piece) > 1 for series in curve.series for piece in series.pieces)
    return ([] if over is None else [over]) + ([curve] if drawn else [])
