"""Wrong commands: each with the exact words it is answered with, in ``tests/errors/commands.txt``."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.running import Streams

FILE = Path(__file__).parent.parent / "errors" / "commands.txt"


def cases() -> list[tuple[str, str]]:
    """The command lines and what is expected after them."""
    parts = re.split(r"^\$ calcgrad(.*)\n", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def answer(streams: Streams, line: str) -> str:
    """Standard output, standard error and the exit code, as the file has them."""
    found = streams.run(*shlex.split(line), stdin="x^2\n")
    return f"{found.out}{found.err}[exit {found.code}]\n\n"


@pytest.mark.parametrize(
    ("line", "expected"), cases(), ids=[line.strip() or "nothing" for line, _ in cases()]
)
def test_the_answer_to_a_wrong_command(streams: Streams, line: str, expected: str) -> None:
    if os.environ.get("CALCGRAD_UPDATE_GOLDEN") == "1":
        pytest.skip("the file is being written")
    assert answer(streams, line) == expected


def test_write_the_file(streams: Streams) -> None:
    if os.environ.get("CALCGRAD_UPDATE_GOLDEN") != "1":
        pytest.skip("CALCGRAD_UPDATE_GOLDEN=1 writes the file anew")
    text = "".join(f"$ calcgrad{line}\n{answer(streams, line)}" for line, _ in cases())
    FILE.write_text(text, encoding="utf-8")
