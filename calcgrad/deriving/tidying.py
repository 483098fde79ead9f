"""A small safe tidying of formulas: the same value wherever there was one, fewer characters, every step recorded.

Like terms and like factors are collected, exact numbers folded, known values put in; then each sum that stands open takes
the shortest of its forms: as it is, with a common factor taken out, multiplied out, over one denominator. What the user
wrote stays as it is written, unless it is collected with something else.
"""

from __future__ import annotations

from typing import NamedTuple

from calcgrad.deriving.building import each_once
from calcgrad.deriving.choosing import Chooser
from calcgrad.deriving.forms import Algebra
from calcgrad.deriving.reading import Reader, style_names
from calcgrad.deriving.records import Tidying
from calcgrad.deriving.writing import Style, Writer
from calcgrad.expression.nodes import Call, Constant, Node, Number


class Tidied(NamedTuple):
    """The formula after the tidying, and the steps that led to it."""

    formula: Node
    steps: tuple[Tidying, ...]


def tidy(formula: Node, function: Node | None = None) -> Tidied:
    """A formula in fewer characters, with the same value wherever it had one.

    ``function`` is what the formula is the derivative of: its own parts, and its way of writing, are kept.

    >>> from calcgrad.expression import parse, to_text
    >>> from calcgrad.operations import VOCABULARY
    >>> found = tidy(parse("2*x*exp(x) + x^2*exp(x)", VOCABULARY).root)
    >>> to_text(found.formula, VOCABULARY), [step.name for step in found.steps]
    ('x*exp(x)*(2 + x)', ['taken out'])
    >>> to_text(tidy(parse("(x^2)^(1/2) + x - x", VOCABULARY).root).formula, VOCABULARY)
    'sqrt(x^2)'
    """
    nodes = each_once(formula) if function is None else each_once(function)
    algebra, records = Algebra(), list[Tidying]()
    writer = Writer(style_of(nodes))
    chooser = Chooser(algebra, writer, records)
    given = (
        frozenset(id(node) for node in nodes if isinstance(node, Call))
        if function is not None
        else frozenset()
    )
    form = Reader(algebra, writer, records).read(formula, chooser.improve, given)
    return Tidied(writer.node(form), tuple(records))


def style_of(nodes: list[Node]) -> Style:
    """How an expression is written."""
    powers = any(isinstance(n, Call) and n.op == "pow" and n.args[0] == Constant("e") for n in nodes)
    exponentials = any(isinstance(n, Call) and n.op == "exp" for n in nodes)
    decimals = any(isinstance(n, Number) and n.value.denominator != 1 for n in nodes)
    return Style(powers and not exponentials, decimals, style_names(nodes))
