"""What a shell offers when Tab is pressed: values of options, names of functions, codes, commands.

Each function here is what Typer calls ``autocompletion``. Nothing is imported before a shell asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

Completion = Callable[[str], list[str]]


def words(choices: Sequence[str]) -> Completion:
    """Offers these.

    >>> words(("table", "json"))("ta")
    ['table']
    """

    def offered(incomplete: str) -> list[str]:
        return _beginning(choices, incomplete)

    return offered


def methods(incomplete: str) -> list[str]:
    """The methods, after each comma anew.

    >>> methods("forward-ad,rev")
    ['forward-ad,reverse-ad']
    """
    from calcgrad.methods import NAMES

    before, comma, last = incomplete.rpartition(",")
    return [before + comma + name for name in _beginning(NAMES, last)]


def functions(incomplete: str) -> list[str]:
    """The functions of the language."""
    return _beginning(function_names(), incomplete)


def expression(incomplete: str) -> list[str]:
    """The text with its last word made the name of a function.

    >>> expression("x^2*arct")
    ['x^2*arctan', 'x^2*arctan2', 'x^2*arctanh', 'x^2*arctg']
    >>> expression("x")
    []
    """
    word = re.search(r"[A-Za-z_][A-Za-z_0-9]+$", incomplete)
    if word is None:
        return []
    return [incomplete[: word.start()] + name for name in _beginning(function_names(), word[0])]


def function_names() -> list[str]:
    """The words of the language that can be typed, in the order of the alphabet."""
    from calcgrad.operations import VOCABULARY

    return sorted(word for word in VOCABULARY.words if word.isidentifier())


def codes(incomplete: str) -> list[str]:
    """The codes of errors and warnings."""
    from calcgrad.codes import register

    return _beginning(register(), incomplete.upper())


def commands(incomplete: str) -> list[str]:
    """The commands."""
    from calcgrad.cli.app import names

    return _beginning(names(), incomplete)


def _beginning(names: Iterable[str], start: str) -> list[str]:
    return [name for name in names if name.startswith(start)]
