"""The table of operations: one row an operation, in the files beside this one.

Rows only name things; nothing is imported.
"""

from __future__ import annotations

from functools import cache

from calcgrad.expression import parse
from calcgrad.expression.nodes import Node
from calcgrad.expression.vocabulary import Form, Vocabulary, Word
from calcgrad.operations import (
    activations,
    arithmetic,
    arrays,
    borrowed,
    degrees,
    fourier,
    hyperbolic,
    linear_algebra,
    logic,
    moving,
    piecewise,
    powers,
    special,
    special_elliptic,
    special_normal,
    trigonometric,
)
from calcgrad.operations.row import ARGUMENTS, Bilinear, Composite, Elementwise, Linear, Row, Structured

ROWS: tuple[Row, ...] = (
    *arithmetic.ROWS,
    *logic.ROWS,
    *powers.ROWS,
    *trigonometric.ROWS,
    *degrees.ROWS,
    *hyperbolic.ROWS,
    *piecewise.ROWS,
    *activations.ROWS,
    *special.ROWS,
    *arrays.ROWS,
    *moving.ROWS,
    *linear_algebra.ROWS,
    *fourier.ROWS,
    *borrowed.ROWS,
)
OPERATIONS: dict[str, Row] = {row.name: row for row in ROWS}
COMPOSITES: dict[str, Composite] = {
    row.name: row for row in (*arrays.COMPOSITES, *special_normal.COMPOSITES, *special_elliptic.COMPOSITES)
}


def _arity(row: Row | Composite) -> int:
    if isinstance(row, Elementwise | Composite):
        return row.arity
    return 2 if isinstance(row, Bilinear) else 1


def _vocabulary() -> Vocabulary:
    words: dict[str, dict[int, Word]] = {}
    forms: dict[str, Form] = {}
    for row in (*ROWS, *COMPOSITES.values()):
        of_arrays = row in arrays.COMPOSITES or not isinstance(row, Elementwise | Composite)
        spelled = ""
        for entry in () if row.group == "internal" else row.words or (row.name,):
            name, word = (
                entry
                if isinstance(entry, tuple)
                else (entry, Word(row.name, _arity(row), of_arrays=of_arrays))
            )
            words.setdefault(name, {})[word.arity] = word
            spelled = spelled or (name if not word.leading else "")
        forms[row.name] = Form(spelled or row.name, row.latex, getattr(row, "latex_power", False))
    return Vocabulary({name: tuple(by.values()) for name, by in words.items()}, forms)


VOCABULARY = _vocabulary()


def infix(op: str) -> str:
    """Python's operator that computes an operation on floats and never raises; ``""`` where there is none.

    >>> infix("mul"), infix("less"), infix("div")
    ('*', '<', '')
    """
    row = OPERATIONS.get(op)
    return row.infix if isinstance(row, Elementwise) else ""


def compares(op: str) -> bool:
    """Whether an operation compares two numbers.

    >>> compares("less"), compares("logical_and")
    (True, False)
    """
    row = OPERATIONS.get(op)
    return isinstance(row, Elementwise) and row.answers and bool(row.infix)


@cache
def parsed(text: str) -> Node:
    """A string of the table, a partial say, as a tree; parsed when first used."""
    return parse(text, VOCABULARY, declared=(*ARGUMENTS, "y", "d")).root


__all__ = [
    "COMPOSITES",
    "OPERATIONS",
    "ROWS",
    "VOCABULARY",
    "Bilinear",
    "Composite",
    "Elementwise",
    "Linear",
    "Row",
    "Structured",
    "compares",
    "infix",
    "parsed",
]
