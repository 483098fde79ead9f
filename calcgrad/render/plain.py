"""Plain lines ``key: value``, the same in every version, for grep and for eyes without a screen."""

from __future__ import annotations

from collections.abc import Iterator

from calcgrad.errors import Diagnostic
from calcgrad.render import Style
from calcgrad.report.derivatives import Derivative, PointReport, Report, Result, Truth

_FIELDS = (
    "abs_error", "rel_error", "ulps", "error_bound", "step",
    "evaluations", "passes", "seconds", "left", "right",
)  # fmt: skip


def render(report: Report, style: Style) -> str:
    """The report as lines; a row's facts are ``method[x].fact``, a point's follow its ``at``."""
    lines = [
        f"input: {report.input}",
        f"parsed: {report.parsed}",
        f"variables: {', '.join(report.variables)}",
    ]
    lines.append(f"order: {report.order}")
    lines += [f"warning: {_said(w)}" for w in report.warnings]
    for d in report.derivatives:
        lines.append(f"derivative[{_place(d)}]: {d.formula or '-'}")
        lines += [f"derivative[{_place(d)}].note: {d.note}"] if d.note else []
    for point in report.points:
        lines += ["", *_point(point)]
    return "\n".join(lines) + "\n"


def _said(w: Diagnostic) -> str:
    return f"{w.code}: {w.message}" + (f" (write {w.fix})" if w.fix else "")


def _point(p: PointReport) -> Iterator[str]:
    yield f"at: {', '.join(f'{name}={value!r}' for name, value in p.at.items())}"
    if p.at_exact:
        yield f"at_exact: {', '.join(f'{name}={text}' for name, text in p.at_exact.items())}"
    yield f"value: {p.value!r}"
    yield f"verdict: {p.verdict}"
    for sentence in p.explanation:
        yield f"explanation: {sentence}"
    if p.conditioning is not None:
        yield f"conditioning: {p.conditioning!r}"
    for t in p.truth:
        yield from _truth(t)
    for r in p.results:
        yield from _result(r)


def _truth(t: Truth) -> Iterator[str]:
    key = f"truth[{_place(t)}]"
    yield f"{key}: {t.value or '-'}"
    facts = {
        "exact": t.exact,
        "at_double": t.at_double,
        "radius": t.radius,
        "digits": t.digits,
        "method": t.method,
        "other": t.other,
        "point_error": t.point_error,
        "left": t.left,
        "right": t.right,
        "sides": t.sides if t.left is not None or t.right is not None else None,
        "limit": t.limit,
        "note": t.note,
    }
    yield f"{key}.certified: {'yes' if t.certified else 'no'}"
    if t.verdict != "agree":
        yield f"{key}.verdict: {t.verdict}"
    if t.status != "ok":
        yield f"{key}.status: {t.status}"
    for fact, value in facts.items():
        if value is not None:
            yield f"{key}.{fact}: {value}"


def _result(r: Result) -> Iterator[str]:
    key = f"{r.method}[{_place(r)}]"
    yield f"{key}: {'-' if r.value is None else repr(r.value)}"
    for fact in _FIELDS:
        value = getattr(r, fact)
        if value is not None:
            yield f"{key}.{fact}: {value!r}"
    if r.status != "ok":
        yield f"{key}.status: {r.status}"
    if r.note:
        yield f"{key}.note: {r.note}"


def _place(row: Derivative | Truth | Result) -> str:
    """``x``, ``x,y``; with an output ``2: x``, with an entry of an array ``w(3,4)``."""
    entry = f"({','.join(map(str, row.index))})" if row.index else ""
    output = f"{','.join(map(str, row.output))}: " if row.output else ""
    return f"{output}{','.join(row.wrt)}{entry}"
