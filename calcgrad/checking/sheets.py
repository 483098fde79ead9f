"""A sheet of answers: an expression and its claimed derivative a line, as a teacher collects them.

::

    # week 3, exercise 2
    x^2*sin(x)  ; 2*x*sin(x) + x^2*cos(x)
    x*y         ; y ; x                      # one claim for each variable, in their order
"""

from __future__ import annotations

from collections.abc import Iterator

from calcgrad.checking.claims import check_claim
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.report import EXIT_CODES, Checked


def mark(text: str, file: str = "-", timeout: float = 10.0, seed: int = 1) -> Iterator[Checked]:
    """Every answer of a sheet with its verdict; a line that cannot be read is an error, and the next one follows.

    >>> [(c.line, c.title, c.report.verdict) for c in mark("x^2 ; 2*x  # a comment") if c.report]
    [(1, 'x^2', 'right')]
    """
    for number, whole in enumerate(text.splitlines(), 1):
        line = whole.partition("#")[0].strip()
        if line:
            yield _marked(line, file, number, timeout, seed)


def _marked(line: str, file: str, number: int, timeout: float, seed: int) -> Checked:
    expression, *claims = [part.strip() for part in line.split(";")]
    try:
        if not (expression and claims and all(claims)):
            raise UsageError.of(
                "E373", "a line of a sheet is: expression ; claim", hints=("as in: x^2 ; 2*x",), source=line
            )
        report = check_claim(expression, claims, timeout=timeout, seed=seed)
    except CalcgradError as error:
        return Checked(expression or line, None, error.diagnostic, error.exit_code, file, number)
    return Checked(expression, report, None, EXIT_CODES[report.verdict], file, number)
