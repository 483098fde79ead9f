"""What ``diff`` can be asked for, spelled once: the command line, a line of a batch and the library follow from it.

An option is a field of the :class:`~calcgrad.comparing.request.Request` of the same name, and has its default there. Nothing
heavy is imported here, for ``--help`` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from calcgrad.errors import TimeUpError, UsageError

#: The most seconds that --timeout can be.
LONGEST_TIMEOUT = 1_000_000.0


class Option(NamedTuple):
    """One option: what its value is, the word for it, and what it does.

    ``names`` are words in a list or in one text with commas, ``whole`` is a whole number from 1 and ``number`` one above 0,
    ``word`` one of the ``choices``.
    """

    kind: Literal["names", "whole", "number", "word"]
    metavar: str
    help: str
    choices: tuple[str, ...] = ()


#: What to judge by: Arb's proof beside SymPy's formula, either alone, or neither.
TRUTHS = ("both", "certified", "symbolic", "none")

OPTIONS: Mapping[str, Option] = {
    "wrt": Option("names", "NAMES", "The variables to differentiate by: x,y."),
    "order": Option("whole", "K", "The order of the derivative."),
    "methods": Option("names", "NAMES", "The methods to show: forward-ad,symbolic."),
    "truth": Option(
        "word",
        "KIND",
        "What to judge by: both (Arb's proved digits and SymPy's formula), certified, symbolic, or none.",
        TRUTHS,
    ),
    "step": Option("number", "H", "The step of the plain differences."),
    "digits": Option("whole", "N", "The digits of the truth."),
    "timeout": Option("number", "SECONDS", "The time that the whole answer may take."),
}


def split_names(value: str | Sequence[str]) -> tuple[str, ...]:
    """The names in ``a,b``, or in a sequence.

    >>> split_names(" x, y,"), split_names(["x", " y"])
    (('x', 'y'), ('x', 'y'))
    """
    names = value.split(",") if isinstance(value, str) else value
    return tuple(stripped for name in names if (stripped := name.strip()))


def require_timeout(seconds: float) -> None:
    """Raises ``UsageError`` (E364) where so many seconds are no time that an answer may take."""
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise UsageError.of(
            "E364",
            f"--timeout is a number of seconds above 0, at most {LONGEST_TIMEOUT:,.0f}, not {seconds}",
        )


def time_up(seconds: float) -> TimeUpError:
    """The error of an answer of which nothing was known in time."""
    return TimeUpError.of(
        "E902",
        f"the {seconds:g} s of --timeout were up before anything was known",
        hints=("give it more time with --timeout",),
    )
