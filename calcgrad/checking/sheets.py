"""A sheet of answers: an expression and its claimed derivative a line, as a teacher collects them.

::

    # week 3, exercise 2
    x^2*sin(x)  ; 2*x*sin(x) + x^2*cos(x)
    x*y         ; y ; x                      # one claim for each variable, in their order
    f(x) = x^3  ; f'(x) = 3x^2
    d/dx (x^2) = 2x

The parts of a line are parted by semicolons or by tabs, in a file that ends in ``.csv`` by commas too; what has none of these
is an equation with the derivative on its left. A first line of titles, as ``function, derivative``, is no answer.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from calcgrad.checking.claims import check_claim
from calcgrad.errors import CalcgradError, Span, UsageError
from calcgrad.report.claims import Checked
from calcgrad.report.exits import EXIT_CODES
from calcgrad.report.places import SourceRange

#: Titles of the columns, none of which can be read as a formula.
_TITLES = ("function", "expression", "formula"), ("derivative", "claim", "answer")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is the same for every line."""

    file: str
    timeout: float
    seed: int
    order: int
    show_answer: bool


@dataclass(frozen=True, slots=True)
class _Written:
    """A line of a sheet, and the places in it."""

    file: str
    number: int
    text: str

    def piece(self, text: str) -> SourceRange | None:
        """Where a piece of the line stands: the last such piece, for the claim comes after the function."""
        return self._range(self.text.rfind(text), len(text))

    def span(self, text: str | None, span: Span | None) -> SourceRange | None:
        """Where a part of a piece stands."""
        start = self.text.find(text) if text and span is not None else -1
        return self._range(start + span.start, span.end - span.start) if start >= 0 and span else None

    def _range(self, start: int, length: int) -> SourceRange | None:
        if start < 0:
            return None
        return SourceRange(self.file, self.number, start + 1, self.number, start + length + 1)


def mark(
    text: str,
    file: str = "-",
    timeout: float = 30.0,
    seed: int = 1,
    order: int = 1,
    show_answer: bool = False,
) -> Iterator[Checked]:
    """Every answer of a sheet with its verdict; a line that cannot be read is an error, and the next one follows.

    >>> [(c.written.line, c.title, c.report.verdict) for c in mark("x^2 ; 2*x  # a comment") if c.report]
    [(1, 'x^2', 'right')]
    >>> [c.report.mistakes[0].detail for c in mark("y = sin(3x) ; y' = cos(3x)") if c.report]
    ['the inner derivative of 3*x, which is 3, is left out (chain rule)']
    """
    sheet = _Sheet(file, timeout, seed, order, show_answer)
    begun = False
    for number, whole in enumerate(text.splitlines(), 1):
        line = whole.partition("#")[0].strip()
        if line and (begun or not _is_header(line, file)):
            yield _marked(line, _Written(sheet.file, number, whole), sheet)
        begun = begun or bool(line)


def _is_header(line: str, file: str) -> bool:
    """Whether a line holds the titles of the columns, and no answer."""
    functions, derivatives = _TITLES
    first, *others = [part.strip(' "').lower() for part in _parts(line, file)]
    return first in functions and bool(others) and all(other in derivatives for other in others)


def _marked(line: str, written: _Written, sheet: _Sheet) -> Checked:
    expression, *claims = _parts(line, sheet.file)
    try:
        if not (expression and claims and all(claims)):
            raise UsageError.of(
                "E501", "a line of a sheet is: expression ; claim", hints=("as in: x^2 ; 2*x",), source=line
            )
        report = check_claim(
            expression,
            claims,
            timeout=sheet.timeout,
            seed=sheet.seed,
            order=sheet.order,
            show_answer=sheet.show_answer,
        )
    except CalcgradError as error:
        place = written.span(error.diagnostic.source, error.diagnostic.span)
        return Checked(
            expression or line, None, error.diagnostic, error.exit_code, place or written.piece(line)
        )
    spans = (
        written.span(report.target, Span(*mistake.place)) for mistake in report.mistakes if mistake.place
    )
    blamed = next((span for span in spans if span), None)
    return Checked(
        expression,
        report,
        None,
        EXIT_CODES[report.verdict],
        written.piece(claims[0]) or written.piece(line),
        blamed,
    )


def _parts(line: str, file: str) -> list[str]:
    """The function and the claims of a line."""
    for separator in (";", "\t"):
        if separator in line:
            parts = [part.strip() for part in line.split(separator)]
            return [part for part in parts if part] if separator == "\t" else parts
    if file.endswith(".csv") and "," in line:
        return [part.strip() for part in next(csv.reader([line], skipinitialspace=True))]
    left, equals, right = line.partition("=")
    if equals and ("/" in left or left.rstrip().endswith(("'", "’", "′"))) and not right.startswith("="):
        return [left.strip(), right.strip()]  # d/dx (x^2) = 2x
    return [line]
