"""Formulas within sentences: one tree, written as text, in Unicode dress, or in LaTeX."""

from __future__ import annotations

from calcgrad.expression import to_latex, to_text, to_unicode
from calcgrad.expression.nodes import Node
from calcgrad.operations import VOCABULARY


def text(node: Node, unicode: bool = False) -> str:
    """A formula in a line of text, with brackets where people want them.

    >>> from calcgrad.expression import parse
    >>> formula = parse("x^2*-sin(pi*x)", VOCABULARY).root
    >>> text(formula), text(formula, unicode=True)
    ('x^2*(-sin(pi*x))', 'x²·(−sin(π·x))')
    """
    return to_unicode(node, VOCABULARY, True) if unicode else to_text(node, VOCABULARY, True)


def latex(node: Node) -> str:
    """A formula in LaTeX, for math mode."""
    return to_latex(node, VOCABULARY)


def sentence(words: tuple[str | Node, ...], unicode: bool = False) -> str:
    """A sentence whose formulas are written in its line."""
    return "".join(piece if isinstance(piece, str) else text(piece, unicode) for piece in words)
