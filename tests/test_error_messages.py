"""Wrong, hostile and doubtful expressions: each with exactly what is said to it, in ``tests/errors/expression/``.

A case is a line that begins with ``>>> `` and then the input as a JSON string, or, for a long one, as a JSON list of
parts and how often each comes (``[["(", 100], ["x", 1]]``); the names that are declared may follow. Below it stands the
diagnostic as it is drawn, or the text as it was read with its warnings. ``CALCGRAD_UPDATE_GOLDEN=1`` writes what stands
below every such line anew; what it has written is to be read, case by case, before it is committed.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from calcgrad.codes import groups, register
from calcgrad.codes.expressions import TITLE
from calcgrad.errors import Diagnostic, LimitError, ParseError
from calcgrad.expression import Parsed, parse, to_text
from calcgrad.operations import VOCABULARY
from calcgrad.render.diagnostic import draw

FOLDER = Path(__file__).parent / "errors" / "expression"
WIDTH = 100
UPDATING = os.environ.get("CALCGRAD_UPDATE_GOLDEN") == "1"


class Case(NamedTuple):
    """An input and what is said to it."""

    file: str
    header: str
    text: str
    declared: tuple[str, ...]
    expected: str

    @property
    def may_state(self) -> bool:
        """Whether ``f(x) = …`` and ``d/dx …`` may be read, as diff reads them."""
        return self.file == "pasted.txt"

    def parsed(self, text: str | None = None) -> Parsed:
        """The case's text, or another in its place, as it is read."""
        text = self.text if text is None else text
        return parse(text, VOCABULARY, declared=self.declared, statements=self.may_state)


def _case(file: str, header: str, expected: str) -> Case:
    spelled, end = json.JSONDecoder().raw_decode(header)
    text = spelled if isinstance(spelled, str) else "".join(part * count for part, count in spelled)
    return Case(file, header, text, tuple(header[end:].split()), expected.strip("\n"))


@cache
def cases() -> list[Case]:
    """Every case of every file."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        parts = re.split(r"^>>> (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        found += [_case(path.name, h, e) for h, e in zip(parts[1::2], parts[2::2], strict=True)]
    return found


def diagnostics(case: Case) -> tuple[Diagnostic, ...]:
    """The error of a case, or its warnings."""
    try:
        return case.parsed().warnings
    except (ParseError, LimitError) as error:
        return (error.diagnostic,)


def answer(case: Case) -> str:
    """What is said to a case: drawn, and headed by how it was read if it was read at all."""
    said = diagnostics(case)
    drawn = [draw(diagnostic, width=WIDTH) for diagnostic in said]
    if all(diagnostic.code[0] == "W" for diagnostic in said):
        root = case.parsed().root
        drawn.insert(0, f"read as: {to_text(root, VOCABULARY)}")
    return "\n".join(drawn)


every_case = pytest.mark.parametrize(
    "case", cases(), ids=[f"{c.file[:-4]}: {c.header[:40]}" for c in cases()]
)


@pytest.mark.slow
@pytest.mark.skipif(UPDATING, reason="the files are being written")
@pytest.mark.parametrize("case", cases(), ids=[f"{c.file[:-4]}: {c.header[:40]}" for c in cases()])
def test_what_is_said(case: Case) -> None:
    assert answer(case) == case.expected


@pytest.mark.slow
def test_every_diagnostic_is_complete_and_every_fix_can_be_typed() -> None:
    for case in cases():
        for diagnostic in diagnostics(case):
            assert diagnostic.code in register()
            assert diagnostic.source == case.text
            assert diagnostic.span is not None
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(case.text) + 1
            if diagnostic.fix is not None:
                again = case.parsed(diagnostic.fix)
                said = [warning._replace(source=None) for warning in again.warnings]
                assert diagnostic._replace(source=None) not in said
                if diagnostic.code[0] == "W":  # what is offered in place of a doubtful text is what was read
                    assert again.root == case.parsed().root


@pytest.mark.slow
@pytest.mark.skipif(UPDATING, reason="the files are being written")
def test_every_code_has_a_case() -> None:
    said = {diagnostic.code for case in cases() for diagnostic in diagnostics(case)}
    assert said == {entry.code for entry in groups()[TITLE]} | {c for c in register() if c.startswith("W1")}


def test_write_the_files() -> None:
    if not UPDATING:
        pytest.skip("CALCGRAD_UPDATE_GOLDEN=1 writes the files anew")
    for path in sorted(FOLDER.glob("*.txt")):
        mine = [case for case in cases() if case.file == path.name]
        path.write_text("\n".join(f">>> {case.header}\n{answer(case)}\n" for case in mine), encoding="utf-8")
