"""Derivations of functions that others set as exercises: none is missing, every line holds, the results are the printed ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import calcgrad
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


#: The last lists, on which the other commands that show were read too, one by one.
SHOWN = [entry["function"] for entry in SHEETS[327:]]
VALUES = {"a": 1.5, "b": 0.3, "n": 3.0, "t": 1.2, "x": 1.2, "y": 0.4, "z": 1.3}


@pytest.mark.slow
@pytest.mark.parametrize("text", SHOWN[::9])
def test_every_command_shows_them(text: str) -> None:
    at = {name: VALUES[name] for name in parse(text, VOCABULARY).variables}
    reports = [
        calcgrad.trace(text, at=at),
        calcgrad.nudge(text, at=at, wrt=next(iter(at))),
        calcgrad.descend(text, at=at, rate=0.01, steps=5),
    ]
    if len(at) < 3:
        reports.append(calcgrad.plot(text, at=", ".join(f"{name}={value}" for name, value in at.items())))
    assert reports[0].check == "right"
    for report in reports:
        assert max(map(len, str(report).splitlines())) <= 80
