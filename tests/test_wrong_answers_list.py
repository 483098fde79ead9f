"""The list of published wrong derivatives: each ``right`` is right and each ``claim`` wrong, without calcgrad.

Truth is ``mpmath.diff`` of the function at 40 digits, and SymPy's derivative beside it; SymPy reads the texts.
The list is the yardstick of the mistake finder, so nothing here asks calcgrad what is right: it only has to
be able to read every text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import mpmath
import pytest
import sympy
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication,
    parse_expr,
    standard_transformations,
)

import calcgrad

DATA = Path(__file__).parent / "data"
ENTRIES: list[dict[str, Any]] = json.loads((DATA / "wrong_answers.json").read_text(encoding="utf-8"))
PAGE = (DATA / "wrong_answers.md").read_text(encoding="utf-8")

REQUIRED = {"id", "origin", "function", "wrt", "order", "claim", "typed", "right", "mistake", "source_says"}
OPTIONAL = {"also", "variant", "worded"}
VARIABLES = {name: sympy.Symbol(name, real=True) for name in "atxy"}
#: parse_expr knows SymPy's own names; these two are the list's.
NAMES = {"e": sympy.E, "ln": sympy.log, **VARIABLES}
TRANSFORMATIONS = (*standard_transformations, implicit_multiplication, convert_xor)

#: Values of the variable: on both sides of 0 (an absolute value lost shows only there) and of 1 (asec).
VALUES = ["0.37", "1.3", "2.7", "-0.29", "-1.7"]
#: The other letters, when there are any.
OTHERS = {"a": "1.9", "t": "0.83", "x": "0.61", "y": "2.9"}
DIGITS = 40
#: A numerical derivative of order five at 40 digits keeps more than twenty.
TOLERANCE = mpmath.mpf(10) ** -20


def read(text: str) -> sympy.Expr:
    """The text as SymPy's tree: ``^`` is a power, ``2x`` a product; the list's own texts only."""
    return parse_expr(text, local_dict=NAMES, transformations=TRANSFORMATIONS)


def compiled(tree: sympy.Expr, wrt: str) -> Any:
    """A function of ``wrt`` alone over mpmath's numbers."""
    others = {VARIABLES[name]: sympy.Rational(value) for name, value in OTHERS.items() if name != wrt}
    return sympy.lambdify(VARIABLES[wrt], tree.subs(others), "mpmath")


def real(function: Any, value: mpmath.mpf) -> mpmath.mpf | None:
    """The function's value, or None where it has no real one."""
    try:
        number = mpmath.mpmathify(function(value))
    except (ValueError, ZeroDivisionError):
        return None
    return number if isinstance(number, mpmath.mpf) and mpmath.isfinite(number) else None


def same(a: mpmath.mpf, b: mpmath.mpf) -> bool:
    return bool(abs(a - b) <= TOLERANCE * (1 + abs(a) + abs(b)))


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["id"] for entry in ENTRIES])
def test_right_is_right_and_the_claim_is_wrong(entry: dict[str, Any]) -> None:
    wrt, trees = entry["wrt"], [read(entry[part]) for part in ("function", "right", "claim")]
    function, right, claim = (compiled(tree, wrt) for tree in trees)
    symbolic = compiled(sympy.diff(trees[0], VARIABLES[wrt], entry["order"]), wrt)
    judged = wrong = 0
    with mpmath.workdps(DIGITS):
        for value in map(mpmath.mpf, VALUES):
            if real(function, value) is None:
                continue
            truth = mpmath.diff(function, value, entry["order"])
            assert same(truth, symbolic(value)), f"mpmath and SymPy differ at {wrt} = {value}"
            assert same(truth, right(value)), f"right is wrong at {wrt} = {value}"
            judged += 1
            claimed = real(claim, value)
            wrong += claimed is None or not same(truth, claimed)
    assert judged >= 2
    assert wrong >= 1, "the claim is right"


@pytest.mark.slow
@pytest.mark.parametrize("part", ["function", "claim", "right"])
def test_calcgrad_reads_every_text_and_knows_its_variables(part: str) -> None:
    for entry in ENTRIES:
        names = {symbol.name for symbol in read(entry[part]).free_symbols}
        assert names <= set(calcgrad.parse(entry[part]).variables), entry["id"]


def test_the_fields_are_those_of_the_page_and_no_pair_stands_twice() -> None:
    assert all(set(entry) >= REQUIRED and set(entry) <= REQUIRED | OPTIONAL for entry in ENTRIES)
    assert all(text.strip() for entry in ENTRIES for text in (entry["typed"], entry["source_says"]))
    ids = Counter(entry["id"] for entry in ENTRIES)
    pairs = Counter((entry["function"], entry["claim"], entry["order"]) for entry in ENTRIES)
    assert set(chain(ids.values(), pairs.values())) == {1}


def test_there_are_enough_of_them_from_enough_origins() -> None:
    assert len(ENTRIES) >= 120
    assert len({entry["origin"] for entry in ENTRIES}) >= 15
    assert sum(entry.get("variant", False) for entry in ENTRIES) <= len(ENTRIES) / 5


def test_the_page_lists_every_word_and_every_origin_with_its_count() -> None:
    words = {word: int(count) for word, count in re.findall(r"^\| `([a-z-]+)` \|.*\| (\d+) \|$", PAGE, re.M)}
    assert words == Counter(entry["mistake"] for entry in ENTRIES)
    assert {word for entry in ENTRIES for word in entry.get("also", [])} <= set(words)
    origins = {name: int(count) for count, name in re.findall(r"^- (\d+): (.+)$", PAGE, re.M)}
    assert origins == Counter(entry["origin"] for entry in ENTRIES)
