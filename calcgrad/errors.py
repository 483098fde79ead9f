"""Errors as data: a code, a place, a reason, a fix. One renderer (``render.diagnostic``) draws them.

The exception tree, with the exit code of each::

    CalcgradError
    ├── UsageError       2   the command or the call does not make sense
    ├── ParseError       2   the text is not in the expression language
    ├── LimitError       2   the text is longer, deeper or larger than calcgrad reads
    ├── TimeUpError      4   the time was up before anything was known
    ├── UndefinedError   3   the function is undefined, or not finite, at the point
    └── InternalError   70   a bug of calcgrad's own
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NamedTuple, Self

#: Who draws an error. It stands above this file, and is found by its name when first asked.
DRAWING = "calcgrad.render.diagnostic"


class Span(NamedTuple):
    """A half-open range of characters, counted in code points of the source text.

    >>> "x + yy"[slice(*Span(4, 6))]
    'yy'
    """

    start: int
    end: int


class Diagnostic(NamedTuple):
    """One thing to say about a text: an error (``E…``) or a warning (``W…``).

    ``label`` stands under the place; ``hints`` are what to do, each a full line; ``fix`` is the
    whole input as it could be typed instead, when there is one; ``source`` is the text that ``span`` points into.
    """

    code: str
    message: str
    span: Span | None = None
    label: str = ""
    hints: tuple[str, ...] = ()
    fix: str | None = None
    source: str | None = None


class CalcgradError(Exception):
    """The base of every error that calcgrad raises on purpose.

    >>> error = UsageError.of("E332", "there is no method 'backward'", hints=("did you mean 'reverse-ad'?",))
    >>> error.exit_code, error.diagnostic.code, str(error)
    (2, 'E332', "E332: there is no method 'backward' (did you mean 'reverse-ad'?)")
    """

    exit_code = 70

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic

    @classmethod
    def of(
        cls,
        code: str,
        message: str,
        span: Span | None = None,
        label: str = "",
        hints: tuple[str, ...] = (),
        fix: str | None = None,
        source: str | None = None,
    ) -> Self:
        """Make the error and its diagnostic in one call."""
        return cls(Diagnostic(code, message, span, label, hints, fix, source))

    def __str__(self) -> str:
        d = self.diagnostic
        return f"{d.code}: {d.message}" + (f" ({'; '.join(d.hints)})" if d.hints else "")

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of the stack: the place in the text that was given, not in ours."""
        drawn: str = import_module(DRAWING).draw(self.diagnostic, width=80)
        return drawn.split("\n")


class UsageError(CalcgradError):
    """The command or the call does not make sense."""

    exit_code = 2


class ParseError(CalcgradError):
    """The text is not in the expression language."""

    exit_code = 2


class LimitError(CalcgradError):
    """The text is longer, deeper or larger than calcgrad reads; the limit is named."""

    exit_code = 2


class TimeUpError(CalcgradError):
    """The time was up before anything was known."""

    exit_code = 4


class UndefinedError(CalcgradError):
    """The function is undefined, or not finite, at the point."""

    exit_code = 3


class InternalError(CalcgradError):
    """A bug of calcgrad's own."""

    exit_code = 70


class DecisionWarning(UserWarning):
    """What a function returns was found by comparisons (bisection, say): its code holds no derivative of it."""


class ArgumentWrittenWarning(UserWarning):
    """A differentiated function writes into an array that it was given; the caller's array is not changed."""


def draw_at_the_prompt() -> None:
    """At Python's own prompt, show an error of calcgrad as the command line does. A hook of somebody else's stays."""
    if not hasattr(sys, "ps1") or sys.excepthook is not sys.__excepthook__:
        return

    def shown(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if isinstance(error, CalcgradError) and not isinstance(error, InternalError):
            sys.stderr.write("\n".join(error._render_traceback_()) + "\n")
        else:
            sys.__excepthook__(kind, error, trace)

    sys.excepthook = shown
