"""Text to tokens: one compiled regular expression, and the tables of signs that mean the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

#: The kinds of token; the first five are the groups of the regular expressions in this order.
NAME, SIGN, NUMBER, SUPERSCRIPT, OTHER, END = range(1, 7)

#: ``(kind, text, start, end)``; the text of a sign or a name is the canonical one, the place is the source's.
Token: TypeAlias = tuple[int, str, int, int]

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma",
    "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
"""The Greek letters that no Latin letter looks like, and their names."""

SPELLED = frozenset(GREEK.values()) | {
    "omicron", "Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa", "Mu", "Nu", "Omicron", "Rho",
    "Tau", "Upsilon", "Chi",
}  # fmt: skip
"""Every Greek letter spelled out."""

_VARIANTS = {
    "ϵ": "epsilon",
    "ϑ": "theta",
    "ϕ": "phi",
    "ϱ": "rho",
    "ϖ": "pi",
    "µ": "mu",
    "Ω": "Omega",
    "∆": "Delta",
}
_LETTERS = {**GREEK, **_VARIANTS}
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ", "0123456789aeoxhklmnpstijruv", strict=True))
_RAISED_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_SUPERSCRIPTS = dict(
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾⁄" + _RAISED_LETTERS, "0123456789+-()/abcdefghijklmnoprstuvwxyz", strict=True)
)
_RAISED = re.compile(r"([a-z]+)|([-+()/])|([0-9]+)")

#: Signs that are other spellings: of an operator, of a name.
_SAME = {
    "**": "^", "·": "*", "⋅": "*", "×": "*", "∗": "*", "÷": "/", "∕": "/", "⁄": "/", "−": "-",
    "≤": "<=", "≥": ">=", "≠": "!=", "∧": "and", "∨": "or", "¬": "not", "⩽": "<=", "⩾": ">=",
}  # fmt: skip

#: Words longer than this are no products; of letters at most four.
MAX_SPLIT, MAX_LETTERS = 12, 4

SPACE = " \t\r\n\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DIGITS = r"[0-9](?:_?[0-9])*"
_NUMBER = rf"(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?"
_SMALL = f"[{''.join(_SUBSCRIPTS)}]*"
#: Most texts are ASCII, and for these a smaller expression is a third faster.
_ASCII = re.compile(
    rf"[ \t\r\n]*(?:([A-Za-z_][A-Za-z0-9_]*)|([-+^(),%\[\]|@:]|\*\*?|//?|[<>=!]=?)|({_NUMBER})|(?!)()|(.))",
    re.DOTALL,
)
#: Raised signs are looked through from the first of a run alone: a run that raises nothing would take the square of its length.
_ANY = re.compile(
    rf"[{SPACE}]*(?:([A-Za-z_][A-Za-z0-9_]*(?:(?<=_)[{''.join(_LETTERS)}][0-9]*)?{_SMALL}"
    rf"|[{''.join(_LETTERS)}][0-9]*(?:_[A-Za-z0-9_]+)?{_SMALL}|∞|ℯ)"
    rf"|([-+^(),%\[\]|@:√∛·⋅×∗÷∕⁄−≤≥≠⩽⩾∧∨¬]|\*\*?|//?|[<>=!]=?)|({_NUMBER})"
    rf"|((?<![⁺⁻⁽])[⁺⁻⁽]*[⁰¹²³⁴⁵⁶⁷⁸⁹{_RAISED_LETTERS}](?:[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾{_RAISED_LETTERS}]|⁄(?=[⁰¹²³⁴⁵⁶⁷⁸⁹]))*)|(.))",
    re.DOTALL,
)


@lru_cache(maxsize=1024)
def canonical_name(name: str) -> str:
    """The one spelling of a variable: Greek signs are spelled out, small digits follow ``_``.

    >>> canonical_name("α"), canonical_name("x₁₂"), canonical_name("x")
    ('alpha', 'x_12', 'x')
    """
    if name.isascii():
        return name
    if name in ("∞", "ℯ"):
        return {"∞": "inf", "ℯ": "e"}[name]
    body = name.rstrip("".join(_SUBSCRIPTS))
    small = "".join(_SUBSCRIPTS[c] for c in name[len(body) :])
    joint = "_" if small and "_" not in body else ""
    return "".join(_LETTERS.get(c, c) for c in body) + joint + small


def plain_superscript(text: str) -> str:
    """What is raised on the line again: ``⁻¹`` is ``-1``."""
    return "".join(_SUPERSCRIPTS[c] for c in text)


def raised_tokens(text: str, start: int) -> list[Token]:
    """The tokens of raised characters that stand at a place: ``ⁿ⁻¹`` is n, minus and 1."""
    found = _RAISED.finditer(plain_superscript(text))
    tokens = [(m.lastindex or OTHER, m.group(), start + m.start(), start + m.end()) for m in found]
    end = start + len(text)
    return [*tokens, (END, "", end, end)]


def is_superscript(character: str) -> bool:
    """Whether the character is a raised digit, sign or letter of the language."""
    return character in _SUPERSCRIPTS and character != "⁄"


def is_greek_sign(character: str) -> bool:
    """Whether the character is a Greek letter of the language."""
    return character in _LETTERS


def tokenise(text: str, declared: Collection[str], words: Mapping[str, object]) -> list[Token]:
    """The tokens of the text, closed by an ``END``; a character of no token is ``OTHER``, and ends the list.

    A word of up to four letters that are all declared, and that means nothing itself, is a name for each.
    """
    tokens: list[Token] = []
    append = tokens.append
    pairs = len(declared) > 1
    is_ascii = text.isascii()
    for match in (_ASCII if is_ascii else _ANY).finditer(text.rstrip(SPACE)):
        kind = match.lastindex or OTHER
        start, end = match.span(kind)
        part = text[start:end]
        if kind == SIGN:
            if part in _SAME:
                part = _SAME[part]
        elif kind == NAME:
            if not is_ascii:
                part = canonical_name(part)
            if pairs and 2 <= len(part) <= MAX_SPLIT:
                for factor in _factors(part, declared, words):
                    append((NAME, factor, start, start + len(factor)))
                    start, part = start + len(factor), part[len(factor) :]
        append((kind, part, start, end))
        if kind == OTHER:
            break
    place = len(text)
    append((END, "", place, place))
    return tokens


def scan(text: str) -> Iterator[tuple[int, str, int, int]]:
    """The pieces of a text in any notation, as they are spelled, with their kinds and places; no character ends them.

    >>> [part for _, part, _, _ in scan("x.^2 ½")]
    ['x', '.', '^', '2', '½']
    """
    for match in _ANY.finditer(text.rstrip(SPACE)):
        kind = match.lastindex or OTHER
        start, end = match.span(kind)
        yield kind, text[start:end], start, end


def _factors(word: str, declared: Collection[str], words: Mapping[str, object]) -> list[str]:
    """The declared names that a word is made of, but for the last: ``xyz`` is x, y and z, ``a_1x`` is a_1 and x."""
    if (
        word[-1] not in declared
        or word in declared
        or word in words
        or word in ("if", "or", "pi", "and", "not", "else")
    ):
        return []
    if word[:-1] in declared:
        return [word[:-1]]
    letters = list(word)
    return letters[:-1] if len(word) <= MAX_LETTERS and all(letter in declared for letter in letters) else []
