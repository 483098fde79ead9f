"""How each format joins many reports, and the errors between them, to one text."""

from __future__ import annotations

from typing import Any

from calcgrad.cli.output import Output, draw_error
from calcgrad.errors import Diagnostic
from calcgrad.render import renderer
from calcgrad.report.derivatives import Report


class ReportWriter:
    """Documents one after the other, an empty line between them; errors go to standard error."""

    #: Whether people read it: then each report begins with its formulas.
    for_people = True

    def __init__(self, place: Output, format: str, color: str) -> None:
        self.place = place
        self.format = format
        self.color = color
        self.count = 0

    def report(self, report: Report) -> None:
        """Write a report."""
        between = "\n" if self.count else ""
        self.count += 1
        self.place.write(between + renderer(self.format)(report, self.place.style))

    def error(self, text: str, id: Any, where: str, diagnostic: Diagnostic) -> None:
        """Say that the line with this text and id, at ``file:line:column``, failed."""
        draw_error(diagnostic, self.color, before=f"{where}: ")

    def end(self) -> None:
        """Write what comes after the last report."""


class JsonLines(ReportWriter):
    """One object a line, an error's object in place of a report's."""

    for_people = False

    def report(self, report: Report) -> None:
        """Write the report's object."""
        from calcgrad.render.json import contract

        self.item(contract(report))

    def error(self, text: str, id: Any, where: str, diagnostic: Diagnostic) -> None:
        """Write the error's object."""
        from calcgrad.render.json import error_object

        self.item(error_object(diagnostic, id))

    def item(self, found: dict[str, Any]) -> None:
        """Write one object."""
        from calcgrad.render.json import line

        self.place.write(line(found, self.place.style.ascii) + "\n")


class JsonList(JsonLines):
    """One list of all the objects, one a line."""

    def item(self, found: dict[str, Any]) -> None:
        """Write one object, after what came before."""
        from calcgrad.render.json import line

        start = ",\n" if self.count else "[\n"
        self.count += 1
        self.place.write(start + line(found, self.place.style.ascii))

    def end(self) -> None:
        """Close the list."""
        self.place.write("\n]\n" if self.count else "[]\n")


class Csv(ReportWriter):
    """One header, then every line of every report; a failed line has its message as the note."""

    for_people = False

    def __init__(self, place: Output, format: str, color: str) -> None:
        from calcgrad.render.csv import header

        super().__init__(place, format, color)
        place.write(header())

    def report(self, report: Report) -> None:
        """Write the report's lines."""
        from calcgrad.render.csv import rows

        self.place.write(rows(report))

    def error(self, text: str, id: Any, where: str, diagnostic: Diagnostic) -> None:
        """Write the line that stands for a report's."""
        from calcgrad.render.csv import error_row

        self.place.write(error_row(text, diagnostic))


_WRITERS: dict[str, type[ReportWriter]] = {"json": JsonList, "jsonl": JsonLines, "csv": Csv}


def writer(place: Output, format: str, color: str) -> ReportWriter:
    """The writer of a format."""
    return _WRITERS.get(format, ReportWriter)(place, format, color)
