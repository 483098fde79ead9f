"""What ``descend`` gives, as a document: the steps, how it ended, what f'' says, the curve as text."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.explaining.descend import DescendReport, Path, Station
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
        found += [stations(report, path.stations), ending(report, path)]
    found += [line_of(said) for said in (*descend.on_the_way(report), *descend.about_rate(report))]
    drawn = in_terminal(descend.chart(report), Style(80, ascii=True))
    return [*found, Screen("\n".join(drawn))] if drawn else found


def ending(report: DescendReport, path: Path, name: str = "") -> Verdict:
    """How a descent ended; of two, by which gradient (``name``)."""
    kind = path.ending.kind
    return Verdict(kind, _GOOD.get(kind), (name + descend.outcome(report, path),))


def stations(report: DescendReport, found: Sequence[Station]) -> Table:
    """A row a step; where one number moves, with what the sign of its slope asks for."""
    named, signs = bool(found[0].at), descend.tells_signs(report)
    rows = [
        Cells(
            (
                str(s.step),
                *[descend.digits(x) for x in s.at],
                descend.digits(s.loss),
                descend.digits(s.length),
                *([descend.sign_in_words(report, s)] if signs else []),
            )
        )
        for s in found
    ]
    headers = ("step", *(report.moving if named else ()), "loss", "|gradient|")
    return Table((*headers, *(["what the slope asks for"] if signs else ())), tuple(rows), words=len(headers))
