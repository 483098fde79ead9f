"""Many derivatives, or many points, on one screen: their values, and the largest error of each method."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from calcgrad.methods import facts
from calcgrad.phrases import plain_exponent
from calcgrad.render import Style, words
from calcgrad.render.layout import Row, grid, wrapped
from calcgrad.render.rows import MOST_ENTRIES, Key, key_of, notes
from calcgrad.render.styles import MUTED
from calcgrad.report.derivatives import PointReport, Report, Result, Truth

#: Columns whose cells say by their units what they are.
_PLAIN = ("cost", "time")


def derivatives(report: Report, point: PointReport, style: Style) -> list[str]:
    """The entries of a long gradient by value, then a row a method with its largest error."""
    found = values(report, point, style.ascii)
    shown = list(found.items())[:MOST_ENTRIES]
    lines = ["", *_table(("derivative", "value"), [Row((name, value)) for name, value in shown], style)]
    if len(found) > len(shown):
        lines.append(f"and {len(found) - len(shown)} more: --json has them all")
    headers, largest = largest_in(report, point, style.ascii)
    lines += ["", *_table(headers, largest, style, points=False), ""]
    told = {row.cells[0] for row in largest if row.words}
    others = [r for r in point.results if r.method not in told]
    for said in notes(report, others, with_words=True, many=True, ascii=style.ascii):
        lines += wrapped(said, style.width, hanging="  ")
    return [*lines, *wrapped("every entry by every method: --json, or --format csv", style.width), ""]


def values(report: Report, point: PointReport, ascii: bool = False) -> dict[str, str]:
    """The value of each derivative, by its name."""
    truths = {(t.wrt, t.output, t.index): t for t in point.truth}
    by_key: dict[Key, list[Result]] = {}
    for r in point.results:
        by_key.setdefault(key_of(r), []).append(r)
    return {
        words.derivative_name(report, *key, ascii): best(truths.get(key), results)
        for key, results in by_key.items()
    }


def largest_in(report: Report, point: PointReport, ascii: bool = False) -> tuple[tuple[str, ...], list[Row]]:
    """The headers and rows of each method's largest error over the derivatives of a point."""
    placed = ((words.derivative_name(report, r.wrt, r.output, r.index, ascii), r) for r in point.results)
    return ("method", "largest error", "relative", "in", "cost"), _largest(placed)


def points(report: Report, style: Style) -> list[str]:
    """A line a point: where, the value, the derivatives, the verdict; then each method's largest error."""
    keys = list(dict.fromkeys((r.wrt, r.output, r.index) for p in report.points for r in p.results))
    shown = keys[:3]
    names = [words.derivative_name(report, *key, style.ascii) for key in shown]
    rows = []
    for p in report.points:
        by_key: dict[object, list[Result]] = {}
        for r in p.results:
            by_key.setdefault((r.wrt, r.output, r.index), []).append(r)
        truths = {(t.wrt, t.output, t.index): t for t in p.truth}
        values = [best(truths.get(key), by_key.get(key, ())) for key in shown]
        value = words.value_text(p.value) if p.value_written is None else plain_exponent(p.value_written)
        rows.append(Row((words.point_name(p), value, *values, p.verdict)))
    headers = ("at", words.function_name(report), *names, "verdict")
    lines = _with_closed_forms(report, headers, rows, style) or _table(headers, rows, style)
    if len(keys) > len(shown):
        lines.append(f"and {len(keys) - len(shown)} more derivatives: --json has them all")
    placed = ((words.point_name(p), r) for p in report.points for r in p.results)
    headers = ("method", "largest error", "relative", "at", "cost")
    lines += ["", *_table(headers, _largest(placed), style, points=False), ""]
    everywhere = [r for p in report.points for r in p.results]
    for said in notes(report, everywhere, with_words=True, many=True, ascii=style.ascii):
        lines += wrapped(said, style.width, hanging="  ")
    for p in report.points:
        if p.verdict != "agree":
            text = f"at {words.point_name(p)}: {p.verdict}: {'; '.join(p.explanation)}"
            lines += wrapped(text, style.width, hanging="  ")
    return [*lines, *wrapped("every method at every point: --json, or --format csv", style.width)]


def _with_closed_forms(
    report: Report, headers: tuple[str, ...], rows: Sequence[Row], style: Style
) -> list[str] | None:
    """The table with a column of closed forms, where there are some and they fit."""
    closed = [_closed(point) for point in report.points]
    if not any(closed):
        return None
    wider = [Row((*row.cells, form)) for row, form in zip(rows, closed, strict=True)]
    return grid((*headers, "exactly"), wider, style.width, style.color, True)


def _closed(point: PointReport) -> str:
    """The closed form of a point's one derivative, where it says more than the digits."""
    exact = point.truth[0].exact if len(point.truth) == 1 else None
    return exact if exact is not None and any(map(str.isalpha, exact)) else ""


def errors_and_costs(report: Report, point: PointReport, style: Style) -> list[str]:
    """What each method paid for the whole derivative, and its largest error; none of a method that has only words."""
    headers, rows = largest_in(report, point, style.ascii)
    seconds = {r.method: r.seconds for r in reversed(point.results) if r.value is not None}
    timed = [Row((*row.cells, _time(seconds, row, style))) for row in rows if not row.words]
    return _table((*headers, "time"), timed, style, points=False)


def _time(seconds: Mapping[str, float | None], row: Row, style: Style) -> str:
    return words.duration(seconds.get(row.cells[0]), style.ascii)


def costs(results: Sequence[Result], style: Style) -> list[str]:
    """What each method paid for the whole derivative, which each of its rows with a value tells."""
    paid: dict[str, Result] = {}
    for r in results:
        if r.value is not None:
            paid.setdefault(r.method, r)
    rows = [Row((r.method, words.cost(r), words.duration(r.seconds, style.ascii))) for r in paid.values()]
    return _table(("altogether", "cost", "time"), rows, style, points=False)


def best(truth: Truth | None, results: Iterable[Result]) -> str:
    """The true value as the nearest double, or else that of the method which is most to be trusted."""
    if truth is not None and truth.value is not None:
        return words.number(float(truth.value))
    if truth is not None and truth.verdict not in {"agree", "disagree", "inconclusive", "overflow"}:
        return truth.verdict
    found = min((r for r in results if r.value is not None), key=_doubt, default=None)
    return "-" if found is None else words.number(found.value)


def _doubt(row: Result) -> int:
    """How little a value is to be trusted by itself: a method that is right up to rounding, one with a bound, a difference."""
    known = facts(row.method)
    settled = row.status == "ok"
    return 0 if known.exact and settled else 1 if known.bounded and settled else 2


def _largest(placed: Iterable[tuple[str, Result]]) -> list[Row]:
    worst: dict[str, tuple[str, Result]] = {}
    for where, r in placed:
        known = worst.get(r.method)
        if known is None or _error(r) > _error(known[1]):
            worst[r.method] = (where, r)
    rows = []
    for method, (where, r) in worst.items():
        if r.value is None:
            rows.append(Row((method,), f"{r.status}: {r.note or ''}", MUTED))
        else:
            spot = where if r.abs_error else "-"
            rows.append(Row((method, words.size(r.abs_error), words.size(r.rel_error), spot, words.cost(r))))
    return rows


def _error(r: Result) -> float:
    return -1.0 if r.abs_error is None else r.abs_error


def _table(headers: tuple[str, ...], rows: Sequence[Row], style: Style, points: bool = True) -> list[str]:
    """The table, or where it is too wide a few lines a row."""
    laid = grid(headers, rows, style.width, style.color, points)
    if laid is not None:
        return laid
    lines: list[str] = []
    for row in rows:
        lines.append(row.cells[0])
        if row.words:
            lines += wrapped(row.words, style.width, "  ")
            continue
        told = [(h, c) for h, c in zip(headers[1:], row.cells[1:], strict=False) if c != "-"]
        said = [cell if header in _PLAIN else f"{header} {cell}" for header, cell in told]
        lines += wrapped(", ".join(said), style.width, "  ")
    return lines
