"""The page on pasted notation: every row of its tables is read, or refused, as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import calcgrad
from calcgrad.errors import CalcgradError
from calcgrad.expression import parse, to_text
from calcgrad.operations import VOCABULARY

PAGE = (Path(calcgrad.__file__).parent / "docs" / "pasted.md").read_text(encoding="utf-8")


def rows(*heads: str) -> list[list[str]]:
    """The rows of all tables with these heads: the cells without their backticks."""
    found: list[list[str]] = []
    inside = False
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            inside = False
        elif cells == list(heads):
            inside = True
        elif inside and not set(line) <= set("|- "):
            found.append([cell.replace(r"\|", "|") for cell in cells])
    return found


def code(cell: str) -> str:
    assert cell.startswith("`")
    assert cell.endswith("`")
    return cell[1:-1]


READ = rows("pasted", "read as")
STATED = rows("pasted", "the function", "what is asked")
REFUSED = rows("pasted", "code", "why")


def test_the_page_has_its_tables() -> None:
    assert min(len(READ) / 50, len(STATED) / 20, len(REFUSED) / 20) >= 1


@pytest.mark.parametrize(("pasted", "ours"), READ)
def test_what_is_read(pasted: str, ours: str) -> None:
    parsed = parse(code(pasted), VOCABULARY)
    assert to_text(parsed.root, VOCABULARY) == code(ours)
    assert parse(code(ours), VOCABULARY, declared=parsed.variables).root == parsed.root
    assert parsed.text == code(pasted)


@pytest.mark.parametrize(("pasted", "function", "asked"), STATED)
def test_what_is_asked(pasted: str, function: str, asked: str) -> None:
    parsed = parse(code(pasted), VOCABULARY, statements=True)
    assert to_text(parsed.root, VOCABULARY) == code(function)
    said = parsed.statement
    assert said is not None
    parts = [f"of {', '.join(said.parameters)}" if said.parameters else ""]
    parts += [f"by {', '.join(said.wrt)}" if said.wrt else "", f"order {said.order}" if said.order else ""]
    assert ", ".join(part for part in parts if part) == asked


@pytest.mark.parametrize(("pasted", "number", "why"), REFUSED)
def test_what_is_refused(pasted: str, number: str, why: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        parse(code(pasted), VOCABULARY, statements=True)
    assert caught.value.diagnostic.code == number
    assert why
    assert caught.value.diagnostic.source == code(pasted)
