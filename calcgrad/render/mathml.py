"""Formulas for notebooks and pages: MathML, which browsers draw without any script."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from calcgrad.expression.nodes import Node
from calcgrad.render.formulas import latex, text

#: Names of functions that are several letters and digits: one word, not a product of letters.
_OPERATOR = re.compile(r"\\(?:operatorname|mathrm)\{([^{}]*)\}")
#: A factor, and the name of a function right behind it: TeX sets a thin space there, so that ``x exp(x)`` is not read as one word.
_BESIDE = re.compile(
    r"(</(?:mi|mn|mtext|msup|msub|mfrac|msqrt|mroot)>|&#x00029;</mo></mrow>)"
    r"(?=(?:<msub>|<msup>)?(?:<mi>[a-z]{2,}|<mtext>\w))"
)


def mathml(node: Node) -> str:
    """A formula as a ``<math>`` element; where it cannot be one, its text as code.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> shown = mathml(parse("x^2", VOCABULARY).root)
    >>> 'aria-label="x^2"' in shown, "<msup><mi>x</mi><mrow><mn>2</mn></mrow></msup>" in shown
    (True, True)
    """
    typed = text(node)
    return of_latex(latex(node), typed) or f"<code>{escape(typed)}</code>"


#: LaTeX that nobody reads as a formula on one line: it is shown as it is typed, where it can be searched and copied.
_LONGEST = 600


@lru_cache(maxsize=2048)
def of_latex(formula: str, label: str) -> str | None:
    """LaTeX as a ``<math>`` element, labelled for those who cannot see it; ``None`` where it is too long or cannot be read.

    >>> "<mfrac>" in (of_latex(r"\\frac{1}{x}", "1/x") or "")
    True
    >>> '<mi>x</mi><mspace width="0.167em"/><mi>sin</mi>' in (of_latex(r"x \\sin x", "x*sin(x)") or "")
    True
    """
    if len(formula) > _LONGEST:
        return None
    from latex2mathml.converter import convert

    words = _OPERATOR.sub(r"\\text{\1}", formula)
    try:
        found = str(convert(words))
    except Exception:  # a library's trouble with one formula: it is shown as it is typed
        return None
    spaced = _BESIDE.sub(r'\1<mspace width="0.167em"/>', found)
    return spaced.replace(">", f' aria-label="{escape(label, quote=True)}">', 1)
