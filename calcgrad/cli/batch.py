"""Many expressions, one a line: results are written as they come, an error in the place of a failed line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from calcgrad.cli import bug, exit_codes
from calcgrad.cli.lines import object_of, request_of
from calcgrad.cli.output import standard_input
from calcgrad.cli.progress import Interrupted, Progress
from calcgrad.cli.writers import ReportWriter
from calcgrad.comparing.compute import Request, compute, compute_many
from calcgrad.deadline import one_alarm
from calcgrad.debug import debugging
from calcgrad.errors import CalcgradError, Diagnostic, InternalError, UsageError
from calcgrad.report.derivatives import Report
from calcgrad.report.exits import worst_exit_code

_CHUNK = 1 << 16


def run_many(path: str, base: Request, writer: ReportWriter, quiet: bool, workers: int = 1) -> int:
    """Differentiate every line of the file; the worst exit code of all, or 130 when interrupted."""
    codes: set[int] = set()
    with _opened(path) as (file, total), _answering(workers, writer.for_people) as answers:
        # Where the results themselves come on a terminal, they show how far it is.
        progress = Progress(total, quiet or writer.place.stream.isatty())
        try:
            number = last = 0
            for lines in _arrived(file):
                for asked, outcome, place in _outcomes(lines, base, answers):
                    last = number + place
                    where = f"{'<stdin>' if path == '-' else path}:{last}"
                    codes.add(_written(writer, asked, outcome, lines[place - 1], where))
                    progress.tick()
                number += len(lines)
        except KeyboardInterrupt:
            progress.close()
            writer.end()
            raise Interrupted(_interrupted(path, progress.done, total, last)) from None
        finally:
            progress.close()
        writer.end()
    return worst_exit_code(list(codes))


def _interrupted(path: str, done: int, total: int | None, last: int) -> str:
    """What Ctrl-C leaves: the results that were written, and how to have the rest."""
    of = "" if total is None else f" of {total}"
    counted = "expression, whose result is" if done == 1 and not of else "expressions, whose results are"
    said = f"interrupted after {done}{of} {counted} written"
    return said if path == "-" else f"{said}; the rest: tail -n +{last + 1} {path} | calcgrad diff --input -"


@contextmanager
def _opened(path: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """The file and, where the progress will be shown, the number of its lines."""
    if path == "-":
        yield standard_input(), None
        return
    try:
        file = open(path, "rb")  # noqa: SIM115 (the errors of the body are not this file's)
        total = sum(1 for line in file if line.strip()) if sys.stderr.isatty() and file.seekable() else None
        if total is not None:
            file.seek(0)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError.of("E352", f"{path} cannot be read: {reason}") from error
    with file:
        yield file, total


def _arrived(file: BinaryIO) -> Iterator[list[str]]:
    """The lines in the groups in which they arrive: what is there is answered before more is waited for."""
    read = getattr(file, "read1", file.read)
    rest = b""
    while chunk := read(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        yield [line.decode("utf-8", "surrogateescape") for line in lines]
    yield [rest.decode("utf-8", "surrogateescape")]


_Outcome = Report | CalcgradError
_Answers = Callable[[Sequence[Request]], Iterator[_Outcome]]


@contextmanager
def _answering(workers: int, formulas: bool) -> Iterator[_Answers]:
    """What answers requests in their order: this process, or several."""
    if workers == 1:
        with one_alarm():
            yield partial(_answers, formulas=formulas)
        return
    from calcgrad.cli.workers import Workers

    work = partial(_list_of_answers, formulas=formulas)
    pool: Workers[Request, _Outcome] = Workers(workers, work, lambda error: InternalError(bug(error)))
    try:
        yield pool.answers
    finally:
        pool.close()


def _list_of_answers(requests: Sequence[Request], formulas: bool) -> list[_Outcome]:
    with one_alarm():
        return list(_answers(requests, formulas))


def _outcomes(
    lines: Sequence[str], base: Request, answers: _Answers
) -> Iterator[tuple[Request, _Outcome, int]]:
    """For each line that is not empty its request, its report or error, and its number from 1."""
    asked = [(*_asked(line.strip(), base), number) for number, line in enumerate(lines, 1) if line.strip()]
    found = answers([request for request, error, _ in asked if error is None])
    for request, error, number in asked:
        yield request, error if error is not None else next(found), number


def _asked(line: str, base: Request) -> tuple[Request, CalcgradError | None]:
    request = replace(base, text=line)
    if not line.startswith("{"):
        return request, None
    try:
        found = object_of(line)
        request = replace(base, text=str(found.get("expr", line)), id=found.get("id"))
        return request_of(found, base), None
    except CalcgradError as error:
        return request, error


def _answers(requests: Sequence[Request], formulas: bool) -> Iterator[_Outcome]:
    """The outcome of each request; where one meets a bug of ours, it is said there, and the others stand."""
    done = 0
    while done < len(requests):
        try:
            for outcome in compute_many(requests[done:], formulas=formulas):
                done += 1
                yield outcome
        except Exception:
            if debugging("1"):
                raise
            yield _alone(requests[done])
            done += 1


def _alone(request: Request) -> _Outcome:
    try:
        return compute(request)
    except CalcgradError as error:
        return error
    except Exception as error:
        return InternalError(bug(error))


def _written(writer: ReportWriter, asked: Request, outcome: _Outcome, line: str, where: str) -> int:
    """Write the outcome of a line; its exit code."""
    if isinstance(outcome, CalcgradError):
        d = outcome.diagnostic
        writer.error(asked.text, asked.id, f"{where}:{column_of(d, line)}", d)
        return outcome.exit_code
    writer.report(outcome)
    return exit_codes.of_report(outcome)


def column_of(diagnostic: Diagnostic, line: str) -> int:
    """The column, from 1, to which an error points in the line of a file; that of the first character where it points nowhere.

    >>> from calcgrad.errors import Span
    >>> column_of(Diagnostic("E107", "", Span(3, 4), source="sin(x"), '  {"expr": "sin(x"}')
    16
    """
    first = len(line) - len(line.lstrip())
    if diagnostic.span is None or not diagnostic.source:
        return first + 1
    quoted = json.dumps(diagnostic.source, ensure_ascii=False)
    start = line.find(quoted) + 1 if quoted in line else line.find(diagnostic.source)
    return max(start, first) + (diagnostic.span.start if start >= 0 else 0) + 1
