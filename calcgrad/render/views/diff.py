"""What ``diff`` found: formulas, then at each point the truth, a table of methods, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from calcgrad.methods import facts
from calcgrad.render import names, rows, summary, table, words
from calcgrad.render.document import Block, Cells, Formula, Heading, Line, Maths, Table, Verdict
from calcgrad.render.document import line as line_of
from calcgrad.report.derivatives import Derivative, PointReport, Report, Result, Truth

__all__ = ["blocks", "line", "text"]

text = table.render


def line(report: Report) -> str:
    """The verdict of each point, and the derivative where there is one of it."""
    if not report.points:
        known = [d.formula for d in report.derivatives if d.formula is not None]
        return f"{report.parsed}: " + (
            f"derivative {known[0]}" if len(known) == 1 else f"{len(known)} formulas"
        )
    counts = dict.fromkeys(p.verdict for p in report.points)
    if len(report.points) > 1:
        said = ", ".join(f"{v} at {sum(p.verdict == v for p in report.points)}" for v in counts)
        return f"{report.parsed}: {said} of {len(report.points)} points"
    (point,) = report.points
    groups = rows.grouped(point)
    said = ""
    if len(groups) == 1:
        ((key, (truth, results)),) = groups.items()
        value = summary.best(truth, results)
        trusted = (truth is not None and truth.value is not None) or any(map(_is_trusted, results))
        said = f", {words.derivative_name(report, *key)} = {value}" if trusted and _is_number(value) else ""
    return f"{report.parsed} at {words.at_text(point)}: {point.verdict}{said}"


def _is_trusted(row: Result) -> bool:
    """Whether a value may stand without its error beside it: that of a method that is right up to rounding, and saw nothing."""
    return facts(row.method).exact and row.status == "ok" and row.value is not None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def blocks(report: Report) -> list[Block]:
    """The report as a document."""
    found: list[Block] = [
        line_of(f"{w.code}: {w.message}", f" (write {w.fix})" if w.fix else "", kind="warning")
        for w in report.warnings
    ]
    found.append(Formula(names.definition(report)))
    found += formulas(report)
    for point in report.points:
        found += _point(report, point)
    if report.derivation is not None:
        from calcgrad.render.views.steps import told

        found += told(report.derivation)
    return found


def formulas(report: Report) -> Iterator[Block]:
    """The derivatives as formulas; of many the first."""
    without = table.no_formulas(report)
    if without:
        yield line_of(without, kind="note")
        return
    shown = report.derivatives[: table.MOST_FORMULAS]
    for d in shown:
        yield _formula(report, d)
    if len(report.derivatives) > len(shown):
        yield line_of(f"and {len(report.derivatives) - len(shown)} more formulas")


def _formula(report: Report, d: Derivative) -> Block:
    """A derivative as a formula, or why there is none."""
    name = names.derivative(report, d.wrt, d.output, d.index)
    if d.formula is None:
        return line_of(name, f": no formula: {d.note or 'not known'}")
    latex = None if d.latex is None else f"{name.latex} = {d.latex}"
    return Formula(Maths(f"{name.text} = {d.formula}", latex), d.note or "")


def _point(report: Report, point: PointReport) -> Iterator[Block]:
    exact = words.exact_text(point)
    yield Heading(f"at {words.at_text(point)}" + (f" (the nearest double to {exact})" if exact else ""))
    yield from (line_of(said) for said in words.value_said(words.function_name(report), point))
    groups = rows.grouped(point)
    many = len(groups) > rows.MOST_ENTRIES
    if many:
        yield _values(report, point)
        yield _largest(report, point)
    else:
        note = rows.shared_note(groups, point)
        for key, (truth, _) in groups.items():
            if truth is not None:
                yield from _truth(report, key, rows.without_note(truth, note), point)
        if note:
            yield line_of(note, kind="note")
        if point.results:
            yield _methods(report, groups)
    for said in rows.notes(report, point.results, with_words=many, many=many):
        yield line_of(said, kind="note")
    yield Verdict(point.verdict, rows.is_good_news(point), point.explanation)


def _truth(report: Report, key: rows.Key, truth: Truth, point: PointReport) -> Iterator[Line]:
    name = names.derivative(report, *key)
    said = rows.truth_text(truth)
    badge = " (certified)" if truth.certified and truth.value is not None else ""
    yield line_of(name, f"{said}{badge}", kind="truth")
    for more in rows.truth_details(truth, point):
        yield line_of(more, kind="note")


def _methods(report: Report, groups: rows.Groups) -> Table:
    """One table for all derivatives; the name of each stands at its first row."""
    several = len(groups) > 1
    made: list[Cells] = []
    for key, (_, results) in groups.items():
        for k, r in enumerate(results):
            name = (names.derivative(report, *key) if k == 0 else "",) if several else ()
            made.append(_row(name, r))
    first = ("derivative",) if several else ()
    headers = (*first, "method", "value", "error", "relative", "cost", "time")
    return Table(headers, tuple(made), len(first) + 1)


def _row(name: Sequence[Maths | str], r: Result) -> Cells:
    if rows.only_words(r):
        return Cells((*name, r.method, rows.why(r)), r.status == "skipped")
    numbers = (words.number(r.value), words.size(r.abs_error), words.size(r.rel_error))
    return Cells((*name, r.method, *numbers, words.cost(r), words.duration(r.seconds)))


def _values(report: Report, point: PointReport) -> Table:
    """The first of many derivatives by value."""
    found = summary.values(report, point)
    shown = [Cells((name, value)) for name, value in list(found.items())[: rows.MOST_ENTRIES]]
    if len(found) > len(shown):
        shown.append(Cells((f"and {len(found) - len(shown)} more", ""), muted=True))
    return Table(("derivative", "value"), tuple(shown))


def _largest(report: Report, point: PointReport) -> Table:
    """The largest error of each method over many derivatives."""
    headers, found = summary.largest_in(report, point)
    return Table(
        headers, tuple(Cells((*r.cells, r.words) if r.words else r.cells, bool(r.words)) for r in found)
    )
