"""What ``calcgrad repl`` has been told: functions, written out wherever they are used."""

from __future__ import annotations

import re

from calcgrad.errors import UsageError
from calcgrad.expression import parse
from calcgrad.operations import VOCABULARY

_DEFINITION = re.compile(r"\s*([A-Za-z_]\w*)\s*\(([^()]*)\)\s*=(?!=)\s*(.+)")
#: A number, in which an e is no name, or a name.
_WORD = re.compile(r"(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*")


class Definitions:
    """Functions by their names.

    >>> told = Definitions()
    >>> told.define("f(x, y) = x^2 + y")
    'f'
    >>> told.expand("sin(f(t + 1, 2))")
    'sin(((t + 1)^2 + (2)))'
    """

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._bodies: dict[str, tuple[list[str], str]] = {}

    def define(self, line: str) -> str | None:
        """Take a definition, whose name is returned; ``None`` where the line is none.

        Raises :class:`UsageError` (E527) for a name that the language has, :class:`ParseError` where the body cannot be read.
        """
        found = _DEFINITION.fullmatch(line)
        if found is None:
            return None
        name = found[1]
        if name in VOCABULARY.words:
            raise UsageError.of(
                "E527", f"{name} is a function of the language", hints=("choose another name",)
            )
        parameters = [p.strip() for p in found[2].split(",")]
        body = self.expand(found[3].strip())
        parse(body, VOCABULARY, declared=tuple(parameters))
        self._bodies[name] = parameters, body
        self.texts[name] = f"{name}({', '.join(parameters)}) = {body}"
        return name

    def expand(self, text: str) -> str:
        """The text with every defined function that is applied written out."""
        out, at = [], 0
        for word in _WORD.finditer(text):
            opened = re.compile(r"\s*\(").match(text, word.end())
            if word.start() < at or word[0] not in self._bodies or opened is None:
                continue
            arguments, end = _arguments(text, opened.end())
            out += [text[at : word.start()], self._applied(word[0], arguments)]
            at = end
        return "".join(out) + text[at:]

    def _applied(self, name: str, arguments: list[str]) -> str:
        parameters, body = self._bodies[name]
        if len(arguments) != len(parameters):
            raise UsageError.of(
                "E527", f"{name} takes {len(parameters)}, not {len(arguments)}", hints=(self.texts[name],)
            )
        values = dict(zip(parameters, (f"({self.expand(a.strip())})" for a in arguments), strict=True))

        def put(word: re.Match[str]) -> str:
            return values.get(word[0], word[0])

        return f"({_WORD.sub(put, body)})"


def _arguments(text: str, start: int) -> tuple[list[str], int]:
    """The arguments from after a parenthesis, and where the text goes on after the closing one."""
    depth, pieces, begin = 1, [], start
    for k in range(start, len(text)):
        depth += (text[k] in "([") - (text[k] in ")]")
        if depth == 0 or (depth == 1 and text[k] == ","):
            pieces.append(text[begin:k])
            begin = k + 1
        if depth == 0:
            return pieces, k + 1
    return [*pieces, text[begin:]], len(text)
