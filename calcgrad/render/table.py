"""The table, for people: the function, its derivatives, and at each point a row a method and a verdict.

What does not fit the width becomes lines; nothing is cut. Where there are many derivatives or points, their
values and the largest error of each method stand in place of every row, and it is said where the rows are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from calcgrad.render import Style, summary, words
from calcgrad.render.diagnostic import draw
from calcgrad.render.layout import BOLD, CYAN, DIM, GREEN, RED, YELLOW, Row, grid, paint, wrapped
from calcgrad.report import EXIT_CODES, Derivative, PointReport, Report, Result, Truth

_MOST_DERIVATIVES = 6
_MOST_POINTS = 4
_MOST_FORMULAS = 12
_Key = tuple[tuple[str, ...], tuple[int, ...] | None, tuple[int, ...] | None]


def render(report: Report, style: Style) -> str:
    """The report as a table, in lines no longer than the style's width where words allow."""
    lines: list[str] = []
    for warning in report.warnings:
        origin = "expression" if warning.source in {None, report.input} else "point"
        drawn = draw(warning, color=style.color, width=style.width, ascii=style.ascii, origin=origin)
        lines += [*drawn.rstrip("\n").split("\n"), ""]
    lines += _definitions(report, style)
    if not report.points:
        lines += ["", "give a point for its value there: --at " + _example(report)]
    elif len(report.points) > _MOST_POINTS:
        lines += ["", *summary.points(report, style)]
    else:
        for point in report.points:
            lines += ["", *_point(report, point, style)]
    return "\n".join(lines) + "\n"


def _example(report: Report) -> str:
    if len(report.variables) == 1:
        return f"{report.variables[0]}=2"
    return '"' + ", ".join(f"{v}={n}" for n, v in enumerate(report.variables, 1)) + '"'


def _definitions(report: Report, style: Style) -> list[str]:
    """``f(x) = …`` and ``f'(x) = …``, their equals signs in one column."""
    named = [(words.function_text(report), report.parsed)]
    for d in report.derivatives[:_MOST_FORMULAS]:
        name = words.derivative_name(report, d.wrt, d.output, d.index, style.ascii)
        named.append((name + _applied(report, name), _formula(d)))
    most = max(len(name) for name, _ in named)
    lines: list[str] = []
    for name, text in named:
        first = f"{name.ljust(most)} = "
        said = wrapped(text, style.width, first, " " * len(first))
        lines += [paint(first, CYAN, style.color) + said[0][len(first) :], *said[1:]]
    if len(report.derivatives) > _MOST_FORMULAS:
        lines.append(f"and {len(report.derivatives) - _MOST_FORMULAS} more formulas: --json has them all")
    return lines


def _applied(report: Report, name: str) -> str:
    return f"({report.variables[0]})" if name.endswith("'") else ""


def _formula(d: Derivative) -> str:
    if d.formula is None:
        return f"(no formula: {d.note or 'not known'})"
    return f"{d.formula}   ({d.note})" if d.note else d.formula


def _point(report: Report, point: PointReport, style: Style) -> list[str]:
    lines = wrapped(f"at {words.at_text(point)}", style.width, hanging="   ")
    exact = words.exact_text(point)
    if exact:
        lines += wrapped(f"(the nearest double to {exact})", style.width, "   ")
    lines = [paint(text, BOLD, style.color) for text in lines]
    groups = _grouped(point)
    name = words.function_name(report)
    if len(groups) == 1:
        name = name.ljust(len(words.derivative_name(report, *next(iter(groups)), style.ascii)))
    lines += wrapped(f"{name} = {words.value_text(point.value)}", style.width, hanging="    ")
    if len(groups) > _MOST_DERIVATIVES:
        lines += summary.derivatives(report, point, style)
    else:
        lines += _blocks(report, point, groups, style)
    return [*lines, *verdict(point, style)]


def _grouped(point: PointReport) -> dict[_Key, tuple[Truth | None, list[Result]]]:
    groups: dict[_Key, tuple[Truth | None, list[Result]]] = {
        (t.wrt, t.output, t.index): (t, []) for t in point.truth
    }
    for r in point.results:
        groups.setdefault((r.wrt, r.output, r.index), (None, []))[1].append(r)
    return groups


def _blocks(
    report: Report,
    point: PointReport,
    groups: dict[_Key, tuple[Truth | None, list[Result]]],
    style: Style,
) -> list[str]:
    """For each derivative its truth and a row a method; the cost of a whole gradient stands below it."""
    lines: list[str] = []
    alone = len(groups) == 1
    for key, (truth, results) in groups.items():
        name = words.derivative_name(report, *key, style.ascii)
        if truth is not None:
            lines += _truth(name, truth, point, style)
        elif not alone:
            lines += [name]
        lines += ["", *_methods(results, alone, style), "", *_notes(results, style)]
    if not alone and groups:
        lines += [*summary.costs([r for _, results in groups.values() for r in results], style), ""]
    return lines


def _truth(name: str, truth: Truth, point: PointReport, style: Style) -> list[str]:
    """The true derivative as written, in its exact form and in digits; a line for each side where it has two, and one for what
    the methods get where that is another number.
    """
    absence = words.absence(truth)
    moved = truth.value is not None and truth.verdict in words.WITHOUT_DERIVATIVE
    exact = truth.exact
    if truth.value is not None:
        digits = truth.value + (f" +- {truth.radius}" if words.short_of_digits(truth) else "")
        if exact is not None and _same(exact, truth.value):
            digits = _without_zeros(truth.value)
            exact = exact if exact != digits else None
        text = f"{name} = {exact} = {digits}" if exact else f"{name} = {digits}"
        text += f" ({absence})" if absence and not moved else ""
    elif absence:
        text = f"{name}: {absence}"
    else:
        text = f"{name}: no truth" + (f" ({truth.note})" if truth.note else "")
    told = not truth.note or truth.note in text or any(truth.note in line for line in point.explanation)
    given = truth.at_double or (absence if moved else None)
    return [
        *wrapped(_spelled(text, style), style.width, hanging="    "),
        *(
            wrapped(f"at the nearest doubles, which the methods get: {given}", style.width, "    ")
            if given
            else []
        ),
        *_sides(truth, style),
        *([] if told else wrapped(_spelled(truth.note or "", style), style.width, "    ")),
    ]


def _sides(truth: Truth, style: Style) -> list[str]:
    """The limit, left and right, a line each, their values in one column."""
    found = words.sides(truth)
    pad = " " * any(text.startswith("-") for _, text in found)
    found = [(name, text if text.startswith("-") else pad + text) for name, text in found]
    most = max([len(name) for name, _ in found], default=0)
    return [
        line
        for name, text in found
        for line in wrapped(text, style.width, f"    {name.ljust(most)}  ", " " * (most + 6))
    ]


def _same(exact: str, digits: str) -> bool:
    """Whether the exact form is a fraction, and the digits are all of it."""
    try:
        return Fraction(exact) == Fraction(digits)
    except ValueError:
        return False


def _without_zeros(digits: str) -> str:
    """``14.000`` as ``14``."""
    return digits.rstrip("0").rstrip(".") if "." in digits and "e" not in digits else digits


def _spelled(text: str, style: Style) -> str:
    return text if style.ascii else text.replace("+-", "±")


def _methods(results: Sequence[Result], priced: bool, style: Style) -> list[str]:
    headers = ("method", "value", "error", "relative", *(("cost", "time") if priced else ()))
    rows = [_row(r, priced, style) for r in results]
    laid = grid(headers, rows, style.width, style.color)
    return laid if laid is not None else _as_lines(results, priced, style)


def _row(r: Result, priced: bool, style: Style) -> Row:
    if _only_words(r):
        return Row((r.method,), _why(r), DIM if r.status == "skipped" else YELLOW)
    costs = (words.cost(r), words.duration(r.seconds, style.ascii)) if priced else ()
    cells = (r.method, words.number(r.value), words.size(r.abs_error), words.size(r.rel_error), *costs)
    return Row(cells)


def _only_words(r: Result) -> bool:
    """Whether a row has a reason instead of a number."""
    return r.value is None or (math.isnan(r.value) and r.note is not None)


def _why(r: Result) -> str:
    if r.note is not None and r.note.startswith(r.status):
        return r.note
    two = r.status in {"kink", "jump"}
    if two and r.note is not None and (r.left, r.right) == (None, None):
        return r.note
    sides = f", left {words.side(r.left)}, right {words.side(r.right)}" if two else ""
    return r.status + sides + (f": {r.note}" if r.note else "")


def _as_lines(results: Sequence[Result], priced: bool, style: Style) -> list[str]:
    """The rows where the table is wider than the screen: the number on a line of its own."""
    lines: list[str] = []
    for r in results:
        lines.append(paint(r.method, BOLD, style.color))
        if _only_words(r):
            lines += [paint(text, DIM, style.color) for text in wrapped(_why(r), style.width, "  ")]
            continue
        lines.append(f"  {words.number(r.value)}")
        said = []
        if r.abs_error is not None:
            said = [f"error {words.size(r.abs_error)}", f"relative {words.size(r.rel_error)}"]
        if priced:
            said += [words.cost(r), words.duration(r.seconds, style.ascii)]
        lines += wrapped(", ".join(s for s in said if s != "-"), style.width, "  ") if said else []
    return lines


def _notes(results: Sequence[Result], style: Style) -> list[str]:
    """What a row with a value has to add: its own bound, what it saw, its note."""
    said_by: dict[str, list[str]] = {}
    for r in results:
        if _only_words(r):
            continue
        bounded = r.error_bound is not None and math.isfinite(r.error_bound)
        bound = f"its own error bound is {words.size(r.error_bound)}" if bounded else ""
        seen = _why(r) if r.status != "ok" else (r.note or "")
        said = "; ".join(filter(None, [bound, seen]))
        if said and r.method not in said_by.setdefault(said, []):
            said_by[said].append(r.method)
    lines = [
        line
        for said, methods in said_by.items()
        for line in wrapped(f"{', '.join(methods)}: {said}", style.width, hanging="  ")
    ]
    return [*lines, ""] if lines else []


def verdict(point: PointReport, style: Style) -> list[str]:
    """The verdict, and what happened, in words."""
    code = (GREEN, RED)[EXIT_CODES[point.verdict] != 0] if point.verdict != "inconclusive" else YELLOW
    first, *rest = point.explanation or ("",)
    lines = wrapped(f"{point.verdict}: {first}" if first else point.verdict, style.width, hanging="  ")
    lines[0] = paint(point.verdict, code, style.color) + lines[0][len(point.verdict) :]
    for sentence in rest:
        lines += wrapped(sentence, style.width, "  ")
    return lines
