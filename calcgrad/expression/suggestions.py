"""What a word that means nothing might have been meant to say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from calcgrad.expression.source import BUILT_IN, Source
from calcgrad.expression.tokens import SPELLED

#: Longer words are not names that somebody mistyped.
MAX_LENGTH = 32
_LETTER = re.compile(r"[A-Za-z][0-9]*")
_PIECE = re.compile(r"[0-9]+|[A-Za-z][0-9]*")

#: Names of other languages for what is here under another name.
ELSEWHERE = {
    "power": "pow", "arcussin": "asin", "logarithm": "log", "squareroot": "sqrt", "sqroot": "sqrt", "root2": "sqrt",
    "sgn": "sign", "signum": "sign", "fabs": "abs", "absolute": "abs", "tangent": "tan", "sine": "sin",
    "cosine": "cos", "infinity": "inf", "oo": "inf", "ceiling": "ceil", "average": "mean", "cotan": "cot",
    "cosec": "csc", "cubrt": "cbrt", "cuberoot": "cbrt", "fact": "factorial", "logistic": "sigmoid",
    "ramp": "relu", "step": "heaviside", "lngamma": "lgamma", "loggamma": "lgamma", "psi": "digamma",
    "modulo": "mod", "minimum": "min", "maximum": "max", "average_of": "mean", "length": "norm",
}  # fmt: skip


def nearest(source: Source, word: str, applied: bool) -> list[str]:
    """Known words that look like this one, best first; functions only, if it is applied."""
    if len(word) > MAX_LENGTH:
        return []
    functions = set(source.vocabulary.words) | BUILT_IN
    others: set[str] = set() if applied else set(source.vocabulary.constants) | set(source.declared) | SPELLED
    known = functions | others
    lower = word.lower()
    found = [name for name in sorted(known) if name.lower() == lower]
    meant = ELSEWHERE.get(lower)
    if meant in known:
        found.append(meant)
    if len(word) > 1 and not found:
        import difflib

        found += difflib.get_close_matches(word, sorted(known), 3, 0.7)
        if lower != word:
            found += difflib.get_close_matches(lower, sorted(known), 2, 0.7)
    return list(dict.fromkeys(found))[:3]


def with_function(source: Source, word: str) -> tuple[str, str] | None:
    """``sinx`` as ``("sin(x)", "")`` and ``xsin`` as ``("x*sin", "sin")``: a known function with known pieces around it.

    The second element is the function that the word ends with, and that still waits for its argument.
    """
    if len(word) > MAX_LENGTH:
        return None
    for name in sorted(source.vocabulary.words, key=lambda name: (-len(name), name)):
        place = word.find(name)
        if place < 0 or len(name) < 2:
            continue
        before, after = word[:place], word[place + len(name) :]
        front, back = _pieces(source, before), _pieces(source, after)
        if front is None or back is None or not (before or after):
            continue
        head = "".join(f"{piece}*" for piece in front)
        if not back:
            return f"{head}{name}", name
        return f"{head}{name}({'*'.join(back)})", ""
    return None


def _pieces(source: Source, word: str) -> list[str] | None:
    """The word as one or two factors: numbers, letters with digits, a constant; ``None`` if it is longer than that."""
    if not word:
        return []
    if word in source.declared or word in source.vocabulary.constants or word in SPELLED:
        return [word]
    pieces = _PIECE.findall(word)
    if "".join(pieces) != word or len(pieces) > 2:
        return None
    return pieces


def product_of_letters(word: str) -> str | None:
    """``xy`` as ``x*y``, where that is short enough to be meant."""
    letters = _LETTER.findall(word)
    if "".join(letters) != word or not 2 <= len(letters) <= 8:
        return None
    return "*".join(letters)


def listed(words: Iterable[str]) -> str:
    """``a, b or c``."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
