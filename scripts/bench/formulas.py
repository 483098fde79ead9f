"""How long are the formulas that the table's own rules give, beside SymPy's as calcgrad prints them?

``scripts/bench formulas [--worst N] [--order K]`` takes every function of ``tests/data/published.json``, differentiates it
by its first variable, and prints the median and the worst ratio of the lengths in characters, and the worst formulas.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from calcgrad.deriving.differentiating import differentiate
from calcgrad.deriving.records import NoFormulaError
from calcgrad.deriving.tidying import tidy
from calcgrad.expression import parse, to_text
from calcgrad.operations import VOCABULARY
from calcgrad.sympy_process import questions

DATA = Path(__file__).resolve().parents[2] / "tests" / "data" / "published.json"


class Pair(NamedTuple):
    """One function with both of its formulas."""

    function: str
    ours: str
    theirs: str

    @property
    def ratio(self) -> float:
        """How many times as long ours is."""
        return len(self.ours) / len(self.theirs)


def main(argv: list[str]) -> int:
    """Print the figures; 1 when the median is above 1.2 or the worst above 2."""
    parser = argparse.ArgumentParser(prog="scripts/bench formulas", description=__doc__)
    parser.add_argument("--worst", type=int, default=10, help="how many of the worst to print")
    parser.add_argument("--order", type=int, default=1, help="the order of the derivative")
    options = parser.parse_args(argv)
    pairs: list[Pair] = []
    without: list[str] = []
    spent = 0.0
    for expression, variable, names in functions():
        root = parse(expression, VOCABULARY, declared=names).root
        start = perf_counter()
        try:
            found = root
            for _ in range(options.order):
                found = tidy(differentiate(found, variable).formula, found).formula
        except NoFormulaError as error:
            without.append(f"{expression}: {error}")
            continue
        finally:
            spent += perf_counter() - start
        theirs = questions.differentiate(root, [[variable] * options.order]).formulas[0].root
        if theirs is None:
            without.append(f"{expression}: SymPy has no formula that the language can say")
            continue
        pairs.append(Pair(expression, to_text(found, VOCABULARY), to_text(theirs, VOCABULARY)))
    report(pairs, without, options.worst)
    print(f"ours took {1000 * spent / max(1, len(pairs)):.1f} ms each")
    ratios = [pair.ratio for pair in pairs]
    return 1 if median(ratios) > 1.2 or max(ratios) > 2 else 0


def functions() -> list[tuple[str, str, list[str]]]:
    """Every function once, with its first variable and the names in it."""
    entries: list[dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))
    found: dict[str, tuple[str, str, list[str]]] = {}
    for entry in entries:
        if entry["order"] == 1 and not any(text.startswith("[") for text in entry["at"].values()):
            found.setdefault(entry["expr"], (entry["expr"], entry["wrt"][0], list(entry["at"])))
    return list(found.values())


def report(pairs: list[Pair], without: list[str], worst: int) -> None:
    """The figures in words."""
    pairs = sorted(pairs, key=lambda pair: -pair.ratio)
    for pair in pairs[:worst]:
        print(f"{pair.ratio:.2f}  {pair.function}\n        ours  {pair.ours}\n        SymPy {pair.theirs}")
    for reason in without:
        print("no formula:", reason)
    ratios = [pair.ratio for pair in pairs]
    shorter, same = sum(r < 1 for r in ratios), sum(r == 1 for r in ratios)
    above = sum(r > 1.2 for r in ratios)
    print(
        f"{len(pairs)} functions: median {median(ratios):.2f}, worst {max(ratios):.2f};"
        f" {shorter} shorter than SymPy's, {same} of the same length, {above} more than 1.2 times as long"
    )
