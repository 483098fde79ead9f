"""Derivations of functions that others set as exercises: none is missing, every line holds, the results are the printed ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from calcgrad.checking.reasons import Points
from calcgrad.comparing.request import asked
from calcgrad.explaining.steps import explain
from calcgrad.expression import parse
from calcgrad.expression.nodes import Name, Node, postorder
from calcgrad.operations import VOCABULARY

DATA = Path(__file__).parents[1] / "data" / "sheets.json"
SHEETS: list[dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))
#: A part of the list for every day; all of it is slow.
PARTS = [SHEETS[k::8] for k in range(8)]


def same(a: Node, b: Node) -> bool:
    """Whether two formulas have the same values, by certified arithmetic."""
    names = sorted({node.name for root in (a, b) for node in postorder(root) if isinstance(node, Name)})
    return Points(a, names or ["x"]).agreeing(a, b) >= 5


def judged(entry: dict[str, Any], detail: str) -> list[str]:
    """What is wrong with the derivation of one function."""
    report = explain(asked(entry["function"], wrt=entry["wrt"]), detail)  # type: ignore[arg-type]
    [derivation] = report.derivations
    if derivation.formula is None:
        return ["no formula"]
    found = [f"line {line.line.number}: {line.check}" for line in derivation.lines if line.check != "right"]
    if entry["derivative"] is not None:
        printed = parse(entry["derivative"], VOCABULARY, declared=(entry["wrt"],)).root
        found += [] if same(printed, derivation.formula) else ["not the printed derivative"]
    return found


def test_the_list_is_large_and_from_several_sheets() -> None:
    assert len(SHEETS) >= 300
    assert len({(entry["function"], entry["wrt"]) for entry in SHEETS}) == len(SHEETS)
    assert sum(entry["derivative"] is not None for entry in SHEETS) >= 240
    assert len({entry["origin"].partition(",")[0] for entry in SHEETS}) > 10


def test_some_derivations() -> None:
    wrong = {entry["function"]: found for entry in SHEETS[::40] if (found := judged(entry, "full"))}
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("detail", ["full", "brief"])
@pytest.mark.parametrize("part", range(len(PARTS)))
def test_all_derivations(part: int, detail: str) -> None:
    wrong = {entry["function"]: found for entry in PARTS[part] if (found := judged(entry, detail))}
    assert not wrong
