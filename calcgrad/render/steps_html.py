"""Steps as a web page: each step holds those that it needs, and folds with them; the numbers of the point stand beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from calcgrad.explaining.paging import beside
from calcgrad.explaining.records import CheckedLine, Derivation, StepsReport
from calcgrad.render import Style, steps
from calcgrad.render.document import Mixed, Screen
from calcgrad.render.formulas import text as typed
from calcgrad.render.html import displayed, inline, written
from calcgrad.render.html_head import head
from calcgrad.render.page import command_of, page
from calcgrad.render.views.steps import because, so, verdict

#: Letters of markup that the derivations of a page may take.
ROOM = 180_000


@dataclass(slots=True)
class _Group:
    """A step: the lines that open it, the steps that it needs, the lines in which these are put in."""

    number: int
    opening: list[CheckedLine]
    needed: list[_Group] = field(default_factory=list)
    closing: list[CheckedLine] = field(default_factory=list)


def render(report: StepsReport, style: Style, unicode: bool = False) -> str:
    """The page."""
    point = report.points[0] if len(report.points) == 1 else None
    formulas = beside(report.input, report.variables, point, report.order)
    parts = [
        head("The derivation, rule by rule, each step checked", formulas, typed(report.function), point),
        "".join(f'<p class="note">{escape(f"{w.code}: {w.message}")}</p>' for w in report.warnings),
        derivations(report),
    ]
    if len(report.points) > 1:
        parts.append(written([Screen("\n".join(steps.points(report, Style(width=None))))]))
    made = command_of(style.typed, report.command, report.input)
    return page(f"calcgrad steps {report.input}", "\n".join(parts), made)


def derivations(report: StepsReport, room: int = ROOM) -> str:
    """The derivations, as a part of a page: as many as there is room for, and how many are left."""
    parts: list[str] = []
    for d in report.derivations:
        made = _derivation(report, d)
        made = made if len(made) <= room else _too_long(report, d)
        if len(made) > room:
            break
        parts.append(made)
        room -= len(made)
    left = len(report.derivations) - len(parts)
    more = f"and {left} more derivations: calcgrad steps --wrt NAME tells that by one variable"
    return "".join(parts) + (f'<p class="note">{more}</p>' if left else "")


def _too_long(report: StepsReport, d: Derivation) -> str:
    """What stands in place of a derivation that nobody would read in a page."""
    heading = steps.title(report, d)
    first = f"<h2>{escape(heading)}</h2>" if heading else ""
    said = f"Its {len(d.lines)} steps are too long for a page: --format text, markdown and latex have them."
    return f"<section>{first}<p>{said}</p>{written([verdict(d)])}</section>"


def _derivation(report: StepsReport, d: Derivation) -> str:
    heading = steps.title(report, d)
    first = f"<h2>{escape(heading)}</h2>" if heading else ""
    items = "".join(_item(report, group) for group in _groups(d.lines))
    told = f'<ol class="derivation">{items}</ol>' if items else ""
    widened = any(line.line.widens for line in d.lines)
    note = '<p class="note">* where the line before it has a value</p>' if widened else ""
    return f"<section>{first}{told}{note}{written([verdict(d)])}</section>"


def _groups(lines: Sequence[CheckedLine]) -> list[_Group]:
    """The steps, each with those between its rule and the line in which they are put in."""
    last = {checked.line.number: k for k, checked in enumerate(lines) if checked.line.kind == "put in"}
    found: list[_Group] = []
    opened: list[_Group] = []
    for k, checked in enumerate(lines):
        number = checked.line.number
        if checked.line.kind == "put in" and any(group.number == number for group in opened):
            while opened[-1].number != number:
                opened.pop()
            opened[-1].closing.append(checked)
            if last[number] == k:
                opened.pop()
        elif checked.line.kind == "rule" and opened and opened[-1].number == number and not opened[-1].needed:
            opened[-1].opening.append(checked)
        else:
            group = _Group(number, [checked])
            (opened[-1].needed if opened else found).append(group)
            if last.get(number, -1) > k:
                opened.append(group)
    return found


def _item(report: StepsReport, group: _Group) -> str:
    opening, closing = (
        "".join(_line(report, checked) for checked in lines) for lines in (group.opening, group.closing)
    )
    if not group.needed:
        return f"<li>{opening}{closing}</li>"
    inside = "".join(_item(report, step) for step in group.needed)
    return f"<li><details open><summary>{opening}</summary><ol>{inside}</ol></details>{closing}</li>"


def _line(report: StepsReport, checked: CheckedLine) -> str:
    line = checked.line
    rule = f'<span class="rule">{escape(line.rule)}</span>' if line.kind == "rule" and line.rule else ""
    formula, *values = so(report, checked).parts
    assert not isinstance(formula, str)
    follows = displayed(formula) + inline(Mixed(tuple(values)))
    return (
        f'<span class="step"><b>{line.number}</b><span class="because">{inline(because(checked))}{rule}</span>'
        f'<span class="so">{follows}</span></span>'
    )
