"""``calcgrad repl``: a prompt that keeps SymPy warm and remembers definitions."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calcgrad.cli.definitions import Definitions

_WORDS = """\
An expression is differentiated; its point and the other options follow it,
without quotes around the expression: x*y at x=1, y=2, or x^2 --at 3 --order 2.
f(x) = x^2 + 1 defines a function; definitions lists them.
Commands are those of calcgrad: steps sin(x^2), functions tan, help diff.
quit, or Ctrl-D, ends.
"""
#: An expression and its point, as one says it.
_POINT = re.compile(r"(.*\S)\s+at\s+(\S.*)")
#: The commands whose words before the options are one expression.
_OF_EXPRESSIONS = ("diff", "steps", "nudge", "check", "compare-modes", "trace", "plot", "descend")


def command() -> int:
    """A prompt: expressions without quotes, definitions, history and completion, SymPy kept warm.

    calcgrad repl
    """
    from calcgrad.cli.definitions import Definitions
    from calcgrad.cli.output import text_of_standard_input
    from calcgrad.report.exits import worst_exit_code
    from calcgrad.sympy_process import start

    start()
    told = Definitions()
    spoken = sys.stdin.isatty() and sys.stdout.isatty()
    codes = []
    for line in _typed(told) if spoken else text_of_standard_input().splitlines():
        if line.strip() in ("quit", "exit"):
            break
        codes.append(answer(line.strip(), told))
    return 0 if spoken else worst_exit_code(codes)


def answer(line: str, told: Definitions) -> int:
    """Do what a line says; its exit code."""
    from calcgrad.cli import run, say
    from calcgrad.cli.output import write_to_standard_output
    from calcgrad.errors import CalcgradError

    if not line or line.startswith("#"):
        return 0
    if line == "help":
        write_to_standard_output(_WORDS)
        return 0
    if line == "definitions":
        write_to_standard_output("".join(f"{text}\n" for text in told.texts.values()) or "none\n")
        return 0
    try:
        name = told.define(line)
        if name is None:
            return run(arguments_of(line, told.expand))
        write_to_standard_output(f"{told.texts[name]}\n")
    except CalcgradError as error:
        say(error.diagnostic, [])
        return error.exit_code
    return 0


def arguments_of(line: str, expand: Callable[[str], str]) -> list[str]:
    """The arguments that a line stands for.

    >>> arguments_of("sin(x) + 1 --at x=2", str)
    ['diff', 'sin(x) + 1', '--at', 'x=2']
    >>> arguments_of("steps x^2 at 3", str)
    ['steps', 'x^2', '--at', '3']
    >>> arguments_of("functions tan", str)
    ['functions', 'tan']
    """
    from calcgrad.cli.app import names

    word, _, rest = line.partition(" ")
    called, text = (word, rest) if word in names() and word != "repl" else ("diff", line)
    parts = re.split(r"(?:^|\s+)(?=--[a-z])", text, maxsplit=1)
    head, options = parts[0].strip(), parts[1] if len(parts) > 1 else ""
    try:
        after = shlex.split(options)
        before = [head] if called in _OF_EXPRESSIONS else shlex.split(head)
    except ValueError:  # a quotation that is never closed
        after, before = options.split(), [head]
    point = _POINT.fullmatch(head) if called in _OF_EXPRESSIONS and "--at" not in after else None
    if point is not None:
        head, after = point[1], ["--at", point[2], *after]
    if called in _OF_EXPRESSIONS:
        before = [expand(head.strip("\"'"))] if head else []
    return [called, *before, *after]


def _typed(told: Definitions) -> Iterator[str]:
    """The lines that somebody types, with history, and completion of the last word."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    from calcgrad.cli.app import names
    from calcgrad.cli.completing import function_names

    history: History = InMemoryHistory()
    with suppress(OSError):
        folder = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "calcgrad"
        folder.mkdir(parents=True, exist_ok=True)
        history = FileHistory(str(folder / "history"))
    words = WordCompleter(lambda: [*told.texts, *names(), *function_names(), "definitions", "quit"])
    session: PromptSession[str] = PromptSession(history=history, completer=words, complete_while_typing=False)
    print("calcgrad: an expression, or help, or quit")
    while True:
        try:
            yield session.prompt("> ")
        except KeyboardInterrupt:  # Ctrl-C empties the line
            continue
        except EOFError:
            return
