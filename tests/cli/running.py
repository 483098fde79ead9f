"""Runs the command line inside this process, with its streams replaced."""

from __future__ import annotations

import io
import re
import sys
from typing import NamedTuple

import pytest

from calcgrad.cli import run


class Run(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


class Streams:
    """Replaces standard input, output and error; ``terminal`` makes the outputs say that they are one."""

    def __init__(self, patch: pytest.MonkeyPatch, encoding: str = "utf-8", terminal: bool = False) -> None:
        self._patch = patch
        self._encoding = encoding
        self._terminal = terminal

    def run(self, *arguments: str, stdin: str | bytes = "") -> Run:
        """One command with these arguments."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        outputs = [io.BytesIO(), io.BytesIO()]
        streams = [io.TextIOWrapper(o, self._encoding, write_through=True) for o in outputs]
        for stream in streams:
            self._patch.setattr(stream, "isatty", lambda: self._terminal, raising=False)
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
        self._patch.setattr(sys, "stdout", streams[0])
        self._patch.setattr(sys, "stderr", streams[1])
        code = run(list(arguments))
        out, err = (o.getvalue().decode(self._encoding) for o in outputs)
        return Run(code, out, err)


def timeless(text: str) -> str:
    """JSON and CSV without the seconds, which no two runs share."""
    return re.sub(r'"seconds": [0-9.e-]+', '"seconds": 0.0', text)
