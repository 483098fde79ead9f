"""What ``descend`` gives, as a document: the steps, how it ended, what f'' says, the curve as text."""

from __future__ import annotations

from calcgrad.explaining.descend import DescendReport, Path
from calcgrad.render import Style, descend
from calcgrad.render.document import Block, Cells, Heading, Screen, Table, Verdict
from calcgrad.render.document import line as line_of
from calcgrad.render.terminal import in_terminal

__all__ = ["blocks", "line", "text"]

text = descend.render
_GOOD = {"minimum": True, "arrived": True, "diverged": False, "uphill": False, "nan": False}


def line(report: DescendReport) -> str:
    """What went down, for how many steps, and how it ended."""
    last = report.path.stations[-1]
    return f"{report.parsed}: {last.step} steps to {descend.digits(last.loss)}, {report.path.ending.kind}"


def blocks(report: DescendReport) -> list[Block]:
    """The report as a document."""
    found: list[Block] = [line_of(descend.heading(report)), *map(line_of, descend.counted(report))]
    for name, path in descend.paths(report):
        found += [Heading(name.rstrip(": "))] if name else []
        found.append(_table(report, path))
        kind = path.ending.kind
        found.append(Verdict(kind, _GOOD.get(kind), (descend.outcome(report, path),)))
    found += [line_of(said) for said in descend.about_rate(report)]
    drawn = in_terminal(descend.chart(report), Style(80, ascii=True))
    return [*found, Screen("\n".join(drawn))] if drawn else found


def _table(report: DescendReport, path: Path) -> Table:
    named = bool(path.stations[0].at)
    rows = [
        Cells(
            (
                str(s.step),
                *[descend.digits(x) for x in s.at],
                descend.digits(s.loss),
                descend.digits(s.length),
            )
        )
        for s in path.stations
    ]
    return Table(("step", *(report.moving if named else ()), "loss", "|gradient|"), tuple(rows))
