"""The table, for people: the function, its derivatives, and at each point a row a method and a verdict.

What does not fit the width becomes lines; nothing is cut. Where there are many derivatives or points, their
values and the largest error of each method stand in place of every row, and it is said where the rows are.
"""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.phrases import counted
from calcgrad.render import Style, several, summary, words
from calcgrad.render.diagnostic import draw
from calcgrad.render.layout import Row, grid, wrapped
from calcgrad.render.rows import (
    Groups,
    grouped,
    is_good_news,
    notes,
    only_words,
    shared_note,
    truth_details,
    truth_text,
    why,
    without_note,
)
from calcgrad.render.styles import BAD, GOOD, HEADING, MUTED, NAME, UNSURE, paint
from calcgrad.report.derivatives import Derivative, PointReport, Report, Result, Truth

MOST_DERIVATIVES = 6
MOST_POINTS = 4
MOST_FORMULAS = 12
#: So many characters of formulas are shown; the first formula of a text is shown whatever its length.
MOST_CHARACTERS = 1500
#: A longer formula of a NumPy function is full of the numbers of its data, and is not shown: its length is.
LONGEST_OF_A_FUNCTION = 400


def render(report: Report, style: Style) -> str:
    """The report as a table, in lines no longer than the style's width where words allow."""
    lines: list[str] = []
    for warning in report.warnings:
        origin = "expression" if warning.source in {None, report.input} else "point"
        drawn = draw(warning, color=style.color, width=style.width, ascii=style.ascii, origin=origin)
        lines += [*drawn.rstrip("\n").split("\n"), ""]
    lines += _definitions(report, style)
    if not report.points and style.draft:
        pass
    elif not report.points:
        lines += ["", "give a point for its value there: --at " + _example(report)]
    elif len(report.points) > MOST_POINTS:
        lines += ["", *summary.points(report, style)]
    else:
        for point in report.points:
            lines += ["", *_point(report, point, style)]
    if report.derivation is not None:
        from calcgrad.render.steps import derivations

        lines += derivations(report.derivation, style)
    return "\n".join(lines) + "\n"


def _example(report: Report) -> str:
    if len(report.variables) == 1:
        return f"{report.variables[0]}=2"
    return '"' + ", ".join(f"{v}={n}" for n, v in enumerate(report.variables, 1)) + '"'


#: So many columns beside the names are room for a formula; where there is less, what goes on stands this far to the right.
_ROOM, _HANGING = 20, 4


def _definitions(report: Report, style: Style) -> list[str]:
    """``f(x) = …`` and ``f'(x) = …``, their equals signs in one column as long as that leaves room beside it."""
    named = [(words.function_text(report), report.parsed)]
    without = no_formulas(report)
    shown = [] if without else _formulas(report)
    for d, text in zip(report.derivatives, shown, strict=False):
        name = words.derivative_name(report, d.wrt, d.output, d.index, style.ascii)
        named.append((name + _applied(report, name), text))
    most = max(len(name) for name, _ in named)
    roomy = style.width is None or most + _ROOM <= style.width
    lines: list[str] = []
    for name, text in named:
        first = f"{name.ljust(most) if roomy else name} = "
        said = wrapped(text, style.width, first, " " * (len(first) if roomy else _HANGING))
        lines += [paint(first, NAME, style.color) + said[0][len(first) :], *said[1:]]
    if without:
        lines += wrapped(without, style.width, hanging="  ")
    elif len(report.derivatives) > len(shown):
        more = counted(len(report.derivatives) - len(shown), "more formula")
        lines += wrapped(f"and {more}: --json has them all", style.width, hanging="  ")
    return lines


def _formulas(report: Report) -> list[str]:
    """The formulas that there is room for, the first ones."""
    of_text = report.latex is not None
    shown: list[str] = []
    room = MOST_CHARACTERS
    for d in report.derivatives[:MOST_FORMULAS]:
        text = _formula(d)
        if not of_text and len(text) > LONGEST_OF_A_FUNCTION:
            text = f"(a formula of {len(text)} characters: --json has it)"
        room -= len(text)
        if room < 0 and shown:
            break
        shown.append(text)
    return shown


def no_formulas(report: Report) -> str:
    """That there is no formula at all, and why, where many derivatives have none for one reason; empty otherwise."""
    notes = {d.note for d in report.derivatives}
    if (
        len(report.derivatives) < 3
        or len(notes) > 1
        or any(d.formula is not None for d in report.derivatives)
    ):
        return ""
    return f"(no formulas: {notes.pop() or 'not known'})"


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
    lines = [paint(text, HEADING, style.color) for text in lines]
    groups = grouped(point)
    name = words.function_name(report)
    if len(groups) == 1:
        name = name.ljust(len(words.derivative_name(report, *next(iter(groups)), style.ascii)))
    written, *given = words.value_said(name, point)
    lines += wrapped(written, style.width, hanging="    ")
    lines += [line for said in given for line in wrapped(said, style.width, "    ")]
    if len(groups) > MOST_DERIVATIVES:
        lines += summary.derivatives(report, point, style)
    else:
        lines += _blocks(report, point, groups, style)
    return lines if style.draft else [*lines, *verdict(point, style)]


def _blocks(report: Report, point: PointReport, groups: Groups, style: Style) -> list[str]:
    """The truth of each derivative, and a row a method; of several derivatives one table with all, where it fits."""
    if len(groups) > 1 and any(results for _, results in groups.values()):
        table = several.values(report, groups, style)
        if table is not None:
            return _together(report, point, groups, table, style)
    lines: list[str] = []
    alone = len(groups) == 1
    for key, (truth, results) in groups.items():
        name = words.derivative_name(report, *key, style.ascii)
        if truth is not None:
            lines += _truth(name, truth, point, style)
        elif not alone:
            lines += [name]
        lines += ["", *_methods(results, alone, style), "", *_notes(report, results, style)]
    if not alone and groups:
        lines += [*summary.costs([r for _, results in groups.values() for r in results], style), ""]
    return lines


def _together(
    report: Report, point: PointReport, groups: Groups, table: list[str], style: Style
) -> list[str]:
    """Every truth, every value, then what each method paid and how far it is off at worst."""
    lines: list[str] = []
    note = shared_note(groups, point)
    for key, (truth, _) in groups.items():
        if truth is not None:
            name = words.derivative_name(report, *key, style.ascii)
            lines += _truth(name, without_note(truth, note), point, style)
    lines += wrapped(_spelled(note, style), style.width, "    ") if note else []
    lines += ["", *table, "", *summary.errors_and_costs(report, point, style), ""]
    return [*lines, *_notes(report, point.results, style, together=True)]


def _truth(name: str, truth: Truth, point: PointReport, style: Style) -> list[str]:
    """The true derivative as written, in its exact form and in digits; a line for each side where it has two, and one for what
    the methods get where that is another number.
    """
    sides = [f"{side} {said}" for side, said in words.sides(truth)]
    lines = wrapped(_spelled(name + truth_text(truth), style), style.width, hanging="    ")
    details = truth_details(truth, point)
    for said in (said for said in details if said not in sides and said != truth.note):
        lines += wrapped(_spelled(said, style), style.width, "    ")
    lines += _sides(truth, style)
    if truth.note is not None and truth.note in details:
        lines += wrapped(_spelled(truth.note, style), style.width, "    ")
    return lines


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


def _spelled(text: str, style: Style) -> str:
    return text if style.ascii else text.replace("+-", "±")


def _methods(results: Sequence[Result], priced: bool, style: Style) -> list[str]:
    headers = ("method", "value", "error", "relative", *(("cost", "time") if priced else ()))
    laid = grid(headers, [_row(r, priced, style) for r in results], style.width, style.color)
    return laid if laid is not None else _as_lines(results, priced, style)


def _row(r: Result, priced: bool, style: Style) -> Row:
    if only_words(r):
        return Row((r.method,), why(r), MUTED if r.status == "skipped" else UNSURE)
    costs = (words.cost(r), words.duration(r.seconds, style.ascii)) if priced else ()
    cells = (r.method, words.number(r.value), words.size(r.abs_error), words.size(r.rel_error), *costs)
    return Row(cells)


def _as_lines(results: Sequence[Result], priced: bool, style: Style) -> list[str]:
    """The rows where the table is wider than the screen: the number on a line of its own."""
    lines: list[str] = []
    for r in results:
        lines.append(paint(r.method, HEADING, style.color))
        if only_words(r):
            lines += [paint(text, MUTED, style.color) for text in wrapped(why(r), style.width, "  ")]
            continue
        lines.append(f"  {words.number(r.value)}")
        said = []
        if r.abs_error is not None:
            said = [f"error {words.size(r.abs_error)}", f"relative {words.size(r.rel_error)}"]
        if priced:
            said += [words.cost(r), words.duration(r.seconds, style.ascii)]
        lines += wrapped(", ".join(s for s in said if s != "-"), style.width, "  ") if said else []
    return lines


def _notes(report: Report, results: Sequence[Result], style: Style, together: bool = False) -> list[str]:
    """What a row with a value has to add: its own bound, what it saw, its note; of several derivatives ``together`` also what
    those rows say that have words in place of a number.
    """
    said = notes(report, results, with_words=together, ascii=style.ascii)
    lines = [line for text in said for line in wrapped(text, style.width, hanging="  ")]
    return [*lines, ""] if lines else []


def verdict(point: PointReport, style: Style) -> list[str]:
    """The verdict, and what happened, in words."""
    code = {True: GOOD, False: BAD, None: UNSURE}[is_good_news(point)]
    first, *rest = point.explanation or ("",)
    lines = wrapped(f"{point.verdict}: {first}" if first else point.verdict, style.width, hanging="  ")
    lines[0] = paint(point.verdict, code, style.color) + lines[0][len(point.verdict) :]
    for sentence in rest:
        lines += wrapped(sentence, style.width, "  ")
    return lines
