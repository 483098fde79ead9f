"""Values of options that come from a list, and the expression that a command cannot do without."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.errors import UsageError

COLORS = ("auto", "always", "never")
#: What ``check`` can write: a file of ``render/`` each, ``check_NAME``.
CHECK_FORMATS = ("table", "json", "junit", "github", "sarif", "markdown", "html")


def one_of(option: str, value: str, choices: Sequence[str]) -> str:
    """The value, if it is one of the choices; raises :class:`UsageError` (E363) otherwise."""
    if value in choices:
        return value
    from difflib import get_close_matches

    close = get_close_matches(value, choices, n=1)
    hints = (f"did you mean {close[0]}?",) if close else ()
    raise UsageError.of("E363", f"{option} is one of {', '.join(choices)}; not {value!r}", hints=hints)


def given(expression: str | None, example: str) -> str:
    """The expression, read from standard input where it is ``-``; raises :class:`UsageError` (E623) where there is none."""
    if expression is None:
        raise UsageError.of("E623", "there is no function to draw", hints=(example,))
    return typed(expression)


def typed(expression: str) -> str:
    """The expression, read from standard input where it is ``-``. Raises :class:`UsageError` (E357) where that is closed."""
    if expression != "-":
        return expression
    from calcgrad.cli.output import text_of_standard_input

    return text_of_standard_input().strip()
