"""Many expressions, one a line: results are written as they come, and a line that fails is said in its place."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from calcgrad.cli import INTERRUPTED, bug, exit_codes
from calcgrad.cli.lines import object_of, request_of
from calcgrad.cli.output import Output, draw_error
from calcgrad.cli.progress import Progress
from calcgrad.comparing import Request, compute
from calcgrad.errors import CalcgradError, Diagnostic, UsageError
from calcgrad.render import renderer
from calcgrad.report import Report, worst_exit_code


def run_many(path: str, base: Request, format: str, output: str | None, color: str, quiet: bool) -> int:
    """Differentiate every line of the file; the worst exit code of all, or 130 when interrupted."""
    codes: set[int] = set()
    with _lines(path) as (lines, total):
        place = Output(output, color, quiet)
        writer = _WRITERS.get(format, _Documents)(place, format, color)
        progress = Progress(total, quiet)
        try:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    codes.add(_one(line.strip(), number, base, writer))
                progress.tick()
        except KeyboardInterrupt:
            codes.add(INTERRUPTED)
        finally:
            progress.close()
        writer.end()
        place.close()
    return worst_exit_code(list(codes))


@contextmanager
def _lines(path: str) -> Iterator[tuple[Iterator[str], int | None]]:
    if path == "-":
        yield iter(sys.stdin.readline, ""), None
        return
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            total = sum(1 for _ in file) if sys.stderr.isatty() and not os.path.ismount(path) else None
            file.seek(0)
            yield file, total
    except OSError as error:
        if error.filename != path:
            raise
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError.of("E352", f"{path} cannot be read: {reason}") from error


def _one(line: str, number: int, base: Request, writer: _Writer) -> int:
    """Compute one line and write it; its exit code."""
    asked = replace(base, text=line)
    try:
        found = object_of(line)
        asked = replace(base, text=str(found.get("expr", line)), id=found.get("id"))
        asked = request_of(found, base)
        report = compute(asked)
    except CalcgradError as error:
        writer.error(asked, number, error.diagnostic)
        return error.exit_code
    except Exception as error:  # a bug in one line is said there, and the others still stand
        if os.environ.get("CALCGRAD_DEBUG") == "1":
            raise
        writer.error(asked, number, bug(error))
        return 70
    writer.report(report)
    return exit_codes.of_report(report)


class _Writer:
    """Writes reports one after the other; each format says how they are joined."""

    def __init__(self, place: Output, format: str, color: str) -> None:
        self.place = place
        self.format = format
        self.color = color
        self.count = 0

    def report(self, report: Report) -> None:
        """Write a report."""
        raise NotImplementedError

    def error(self, asked: Request, number: int, diagnostic: Diagnostic) -> None:
        """Say that a line failed."""
        draw_error(diagnostic, self.color, before=f"line {number}: ")

    def end(self) -> None:
        """Write what comes after the last report."""


class _Documents(_Writer):
    """Texts with an empty line between them; errors go to standard error."""

    def report(self, report: Report) -> None:
        rule = "\n" if self.count else ""
        self.count += 1
        self.place.write(rule + renderer(self.format)(report, self.place.style))


class _JsonLines(_Writer):
    """One object a line, an error's object in place of a report's."""

    def report(self, report: Report) -> None:
        from calcgrad.render.json import contract

        self.item(contract(report))

    def error(self, asked: Request, number: int, diagnostic: Diagnostic) -> None:
        from calcgrad.render.json import error_object

        self.item(error_object(diagnostic, asked.id))

    def item(self, found: dict[str, Any]) -> None:
        """Write one object."""
        from calcgrad.render.json import line

        self.place.write(line(found, self.place.style.ascii) + "\n")


class _JsonList(_JsonLines):
    """One list of all the objects."""

    def item(self, found: dict[str, Any]) -> None:
        from calcgrad.render.json import line

        start = ",\n" if self.count else "[\n"
        self.count += 1
        self.place.write(start + line(found, self.place.style.ascii))

    def end(self) -> None:
        self.place.write("\n]\n" if self.count else "[]\n")


class _Csv(_Writer):
    """One header, then every line of every report; a failed line has its message as the note."""

    def __init__(self, place: Output, format: str, color: str) -> None:
        super().__init__(place, format, color)
        from calcgrad.render.csv import header

        place.write(header())

    def report(self, report: Report) -> None:
        from calcgrad.render.csv import rows

        self.place.write(rows(report))

    def error(self, asked: Request, number: int, diagnostic: Diagnostic) -> None:
        from calcgrad.render.csv import error_row

        self.place.write(error_row(asked.text, diagnostic))


_WRITERS: dict[str, type[_Writer]] = {"json": _JsonList, "jsonl": _JsonLines, "csv": _Csv}
