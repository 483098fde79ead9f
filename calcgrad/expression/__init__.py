"""The expression language: text to tree (``parse``) and back (``to_text``, ``to_unicode``, ``to_latex``)."""

from __future__ import annotations

from calcgrad.expression.latex import to_latex
from calcgrad.expression.printer import to_text, to_unicode
from calcgrad.expression.reading import Parsed, parse
from calcgrad.expression.tokens import canonical_name

__all__ = ["Parsed", "canonical_name", "parse", "to_latex", "to_text", "to_unicode"]
