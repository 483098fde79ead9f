"""Nudges as text: the slopes step by step with a bar for each error, why the error turns, the other methods, the curve."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from calcgrad.explaining.nudge import Nudged, NudgeReport
from calcgrad.explaining.quotients import QUOTIENTS
from calcgrad.render import Style, words
from calcgrad.render.charts import Chart, Mark, Series
from calcgrad.render.layout import Row, columns, on_points, wrapped
from calcgrad.render.styles import BAD, GOOD, HEADING, paint
from calcgrad.render.terminal import in_terminal

#: Digits of values and of slopes in the table; JSON has them all.
_VALUE, _SLOPE = 15, 10
_SHORTEST_BAR = 4


def render(report: NudgeReport, style: Style, unicode: bool = False) -> str:
    """The report for a screen."""
    lines = [
        paint(line, HEADING, style.color) for line in wrapped(heading(report), style.width, hanging="  ")
    ]
    lines += said_of_truth(report, style)
    for k, nudged in enumerate(report.methods):
        if nudged.reason is not None:
            lines += ["", *wrapped(f"{nudged.method}: {nudged.reason}", style.width, hanging="  ")]
        elif k == 0:
            lines += ["", *_table(report, nudged, style), *_why(nudged, style)]
    others = [n for n in report.methods[1:] if n.reason is None]
    if others:
        lines += ["", *_side_by_side([n for n in report.methods if n.reason is None], style)]
        for nudged in others:
            lines += _why(nudged, style)
    lines += ["", *_adaptive(report, style)] if report.adaptive is not None else []
    drawn = in_terminal(chart(report), style) if _long_enough(report) else []
    lines += ["", *drawn] if drawn else []
    for warning in report.warnings:
        lines += ["", *wrapped(f"{warning.code}: {warning.message}", style.width, hanging="  ")]
    return "\n".join(lines) + "\n"


def heading(report: NudgeReport) -> str:
    """What is nudged where."""
    along = f", along {report.variable}" if len(report.variables) > 1 else ""
    return f"{words.function_text(report)} = {report.parsed} at {words.point_name(report.point)}{along}"


def said_of_truth(report: NudgeReport, style: Style) -> list[str]:
    """The value, the true slope, or what there is instead of one."""
    name = words.derivative_name(report, (report.variable,), None, None, style.ascii)
    f = words.function_name(report)
    lines = [
        t for said in words.value_said(f, report.point) for t in wrapped(said, style.width, hanging="  ")
    ]
    if report.truth is not None:
        lines += wrapped(f"{name} = {report.truth} (proved)", style.width, hanging="  ")
    if report.point.verdict != "agree":
        color = GOOD if report.point.verdict == "removable" else BAD
        sentences = report.point.explanation or ("",)
        for k, sentence in enumerate(sentences):
            text = f"{report.point.verdict}: {sentence}" if k == 0 else f"  {sentence}"
            lines += [paint(line, color, style.color) for line in wrapped(text, style.width, hanging="  ")]
    return lines


def power(step: float) -> str:
    """A step: ``1e-1``.

    >>> power(0.1), power(0.02), power(1e-16)
    ('1e-1', '2e-2', '1e-16')
    """
    mantissa, exponent = f"{step:.6e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _table(report: NudgeReport, nudged: Nudged, style: Style) -> list[str]:
    """h, f(x+h), the slope, its error and a bar of its logarithm."""
    quotient = QUOTIENTS[nudged.method]
    f, x = words.function_name(report), report.variable
    moved = [] if quotient.imaginary else [f"{f}({x}+h)" if len(report.variables) == 1 else f"{f}(…{x}+h…)"]
    if style.ascii:
        moved = [text.replace("…", "..") for text in moved]
    slopes = on_points([_digits(row.slope, _SLOPE) for row in nudged.rows])
    wide = max(map(len, slopes))
    cells, tails = [], []
    for row, slope in zip(nudged.rows, slopes, strict=True):
        value = [] if row.moved is None else [_digits(row.moved, _VALUE)]
        error = "-" if row.error is None else words.size(row.error)
        cells.append((power(row.step), *value, slope.ljust(wide), error))
        tails.append(" <- least" if row is nudged.best else f" {x}+h is {x}" if row.stuck else "")
    headers = ("h", *moved, "slope".ljust(wide), "error")
    table = columns(headers, cells, left=len(headers) - 1)
    widest = max(map(len, table))
    room = (style.width or 80) - widest - 2
    lines = wrapped(f"{nudged.method}: {written(report, nudged)}", style.width, hanging="  ")
    lines += [paint(table[0], HEADING, style.color)]
    bars = _bars([row.error for row in nudged.rows], style)
    for text, bar, tail in zip(table[1:], bars, tails, strict=True):
        kept = bar[: max(room - len(tail), 0)] if room >= _SHORTEST_BAR else ""
        beside = f"{kept}{tail}" if len(tail) <= room else ""
        lines.append(f"{text:<{widest}}  {beside}".rstrip())
    return lines


def written(report: NudgeReport, nudged: Nudged) -> str:
    """The quotient with the name of what moves."""
    return QUOTIENTS[nudged.method].written.replace("(x", f"({report.variable}")


def _long_enough(report: NudgeReport) -> bool:
    """Whether there are steps enough for a curve."""
    return any(len([row for row in nudged.rows if row.error]) > 2 for nudged in report.methods)


def _digits(value: float, digits: int) -> str:
    """A double rounded to so many digits."""
    return words.number(float(f"{value:.{digits}g}")) if math.isfinite(value) else words.number(value)


def _bars(errors: Sequence[float | None], style: Style) -> list[str]:
    """A bar for each error, one sign for a power of ten above the least of all."""
    known = [math.log10(error) for error in errors if error]
    low = math.floor(min(known, default=0.0)) - 1
    sign = "#" if style.ascii else "█"
    return [sign * max(round(math.log10(error) - low), 1) if error else "" for error in errors]


def _why(nudged: Nudged, style: Style) -> list[str]:
    """Why the error falls, why it rises, and where it turns, in words; nothing where there is no slope to be wrong about."""
    told = list(reasons(nudged))
    lines = ["", paint(nudged.method, HEADING, style.color)] if told else []
    for text in told:
        lines += wrapped(text, style.width, "  ", "    ")
    return lines


def reasons(nudged: Nudged) -> Iterator[str]:
    """A sentence for truncation, one for rounding, one for the step where they meet."""
    t, falls, rises, best = nudged.truncation, nudged.falls, nudged.rises, nudged.best
    seen = f"; seen: h^{falls.power:.2f}" if falls is not None else ""
    if t is not None:
        yield f"truncation falls: {_digits(t.coefficient, 5)} * {_power_of_h(t.power)} is left out (order {t.power}){seen}"
    elif nudged.exact:
        yield "no truncation: the derivatives that it would leave out are 0 here"
    elif falls is not None:
        yield f"the error falls as h^{falls.power:.2f}"
    if rises is not None:
        yield f"rounding rises: about {words.size(rises.size)} / h; seen: h^{rises.power:.2f}"
    elif QUOTIENTS[nudged.method].imaginary:
        yield "rounding does not rise: nothing is subtracted"
    if best is not None and best.error is not None:
        meets = f"; the two meet near h = {words.size(nudged.balance)}" if nudged.balance is not None else ""
        yield f"least error here: {words.size(best.error)} at h = {power(best.step)}{meets}"


def _power_of_h(power: int) -> str:
    return "h" if power == 1 else f"h^{power}"


def side_by_side(methods: Sequence[Nudged]) -> tuple[str, tuple[str, ...], list[Row]]:
    """The errors of every method at every step; where there is no true slope to be off from, the slopes.

    What the figures are, the headers, a row a step.
    """
    headers = ("h", *[QUOTIENTS[n.method].short for n in methods])
    judged = any(row.error is not None for n in methods for row in n.rows)
    rows = [
        Row(
            (
                power(cells[0].step),
                *[
                    ("-" if c.error is None else words.size(c.error)) if judged else _digits(c.slope, _SLOPE)
                    for c in cells
                ],
            )
        )
        for cells in zip(*[n.rows for n in methods], strict=True)
    ]
    return "error" if judged else "slope", headers, rows


def _side_by_side(methods: Sequence[Nudged], style: Style) -> list[str]:
    what, headers, rows = side_by_side(methods)
    table = columns(headers, [row.cells for row in rows])
    if style.width is not None and max(map(len, table)) > style.width:
        return []
    return [paint(line, HEADING, style.color) for line in (f"{what} of each method", table[0])] + table[1:]


def _adaptive(report: NudgeReport, style: Style) -> list[str]:
    return wrapped(adaptive(report), style.width, hanging="  ")


def adaptive(report: NudgeReport) -> str:
    """What the method that chooses its step itself found; empty where it was not asked."""
    found = report.adaptive
    if found is None:
        return ""
    if found.value is None or not math.isfinite(found.value) or found.step is None:
        return f"adaptive: no slope ({found.note or found.status})"
    error = f", error {words.size(found.abs_error)}" if found.abs_error is not None else ""
    bound = f", bound {words.size(found.error_bound)}" if found.error_bound is not None else ""
    noise = f"; noise of f measured: {words.size(report.noise)}" if report.noise is not None else ""
    return f"adaptive: {words.number(found.value + 0.0)}{error}{bound}, from steps about {words.size(found.step)}{noise}"


def chart(report: NudgeReport) -> Chart:
    """The V-curve: errors over steps, both by powers of ten."""
    series = []
    for nudged in report.methods:
        points = tuple([(row.step, row.error) for row in nudged.rows if row.error])
        if points:
            series.append(
                Series(QUOTIENTS[nudged.method].short, (points,), QUOTIENTS[nudged.method].sign, dotted=True)
            )
    found, marks = report.adaptive, []
    if report.noise and series:
        steps = [row.step for nudged in report.methods for row in nudged.rows]
        line = tuple([(h, report.noise / h) for h in (max(steps), min(steps))])
        series.append(Series("noise / h", (line,), ".", dashed=True))
    if found is not None and found.abs_error and found.step:
        marks.append(Mark(found.step, found.abs_error, "adaptive", "A"))
    f = words.function_text(report)
    return Chart(
        f"error of the slope of {f} = {report.parsed}",
        "h",
        "error",
        tuple(series),
        tuple(marks),
        "log",
        "log",
    )


def charts(report: NudgeReport) -> list[Chart]:
    """What a picture shows."""
    return [chart(report)]
