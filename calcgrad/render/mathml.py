"""Formulas for web pages: MathML, which browsers draw without any script."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from calcgrad.expression.nodes import Node
from calcgrad.render.formulas import latex, text

#: Names of functions that are several letters and digits: one word, not a product of letters.
_OPERATOR = re.compile(r"\\(?:operatorname|mathrm)\{([^{}]*)\}")


def mathml(node: Node, display: bool = False) -> str:
    """A formula as a ``<math>`` element, with its text in calcgrad's language for those who cannot see it.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> shown = mathml(parse("x^2", VOCABULARY).root)
    >>> 'aria-label="x^2"' in shown, "<msup><mi>x</mi><mrow><mn>2</mn></mrow></msup>" in shown
    (True, True)
    """
    return of_latex(latex(node), text(node), display)


def equation(left: Node, right: Node, display: bool = False) -> str:
    """``left = right`` as one ``<math>`` element."""
    return of_latex(f"{latex(left)} = {latex(right)}", f"{text(left)} = {text(right)}", display)


@lru_cache(maxsize=2048)
def of_latex(formula: str, label: str, display: bool = False) -> str:
    """A formula in LaTeX as a ``<math>`` element with a label."""
    from latex2mathml.converter import convert

    words = _OPERATOR.sub(r"\\text{\1}", formula)
    found: str = convert(words, display="block" if display else "inline")
    return found.replace(">", f' aria-label="{escape(label, quote=True)}">', 1)
