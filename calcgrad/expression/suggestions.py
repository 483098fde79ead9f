"""What a word that means nothing might have been meant to say."""

from __future__ import annotations

import re

from calcgrad.expression.source import BUILT_IN, Source
from calcgrad.expression.tokens import SPELLED

#: Longer words are not names that somebody mistyped.
MAX_LENGTH = 32
_LETTER = re.compile(r"[A-Za-z][0-9]*")
_PIECE = re.compile(r"[0-9]+|[A-Za-z][0-9]*")

#: How like a function's name an applied word must be, by its length, to be taken for a slip: of three letters two.
_LIKENESS = {2: 0.65, 3: 0.65, 4: 0.74, 5: 0.74}

#: The commands of the program, today's and those to come.
COMMANDS = frozenset(
    {
        "diff",
        "check",
        "functions",
        "stencil",
        "steps",
        "trace",
        "nudge",
        "descend",
        "plot",
        "practice",
        "repl",
        "explain",
        "help",
    }
)

#: Functions of two letters that a word may be read to contain.
_SHORT = frozenset({"ln", "lg", "tg"})

#: Names of other languages for what is here under another name.
ELSEWHERE = {
    "tang": "tan", "power": "pow",
    "logarithm": "log", "squareroot": "sqrt", "sqroot": "sqrt",
    "sgn": "sign", "signum": "sign", "fabs": "abs", "absolute": "abs", "tangent": "tan", "sine": "sin",
    "cosine": "cos", "infinity": "inf", "oo": "inf", "ceiling": "ceil", "average": "mean", "cotan": "cot",
    "cosec": "csc", "cubrt": "cbrt", "cuberoot": "cbrt", "fact": "factorial", "logistic": "sigmoid",
    "ramp": "relu", "step": "heaviside", "lngamma": "lgamma", "loggamma": "lgamma", "psi": "digamma",
    "modulo": "mod", "minimum": "min", "maximum": "max", "length": "norm",
}  # fmt: skip
#: Names of functions in Spanish, Portuguese and Italian: read, and not offered for a slip of another name.
_READ_ONLY = frozenset({"sen", "senh", "arcsen", "cossec"})


def nearest(source: Source, word: str, applied: bool) -> tuple[list[str], bool]:
    """Known words that look like this one, best first, and whether the first is surely meant.

    Functions only, if the word is applied.
    """
    if len(word) > MAX_LENGTH:
        return [], False
    functions = (set(source.vocabulary.words) | BUILT_IN) - _READ_ONLY
    others: set[str] = (
        set() if applied else set(source.vocabulary.constants) | set(source.declared) | (SPELLED - {"Pi"})
    )
    known = functions | others
    lower = word.lower()
    found = [name for name in sorted(known) if name.lower() == lower]
    meant = ELSEWHERE.get(lower)
    if meant in known:
        found.append(meant)
    sure = bool(found)
    if len(word) > 1 and not found:
        import difflib

        likeness = _LIKENESS.get(len(word), 0.8) if applied else 0.8 if len(word) > 3 else 0.75
        most = max(1, len(word) // 3)
        words = [name for name in sorted(known) if len(name) > 1 and abs(len(name) - len(word)) <= most]
        found += difflib.get_close_matches(word, words, 3, likeness)
        if lower != word:
            found += difflib.get_close_matches(lower, words, 2, likeness)
    return list(dict.fromkeys(found))[:3], sure


#: Words of programming and of mathematics that have no place in an expression, and what to do instead.
NOT_HERE = {
    "nan": "`nan` is not a value that a function can be given",
    "none": "`None` is not a value that a function can be given",
    "import": "an expression runs no statements: give only the formula",
    "def": "an expression runs no statements: give only the formula",
    "return": "an expression runs no statements: give only the formula",
    "for": "there are no loops here: write the terms out, or sum(x) over an array",
    "while": "there are no loops here: write the terms out, or sum(x) over an array",
    "diff": "calcgrad makes the derivative itself: give it the function",
    "derivative": "calcgrad makes the derivative itself: give it the function",
    "grad": "calcgrad makes the derivative itself: give it the function",
    "dx": "calcgrad makes the derivative itself: give it the function",
    "integrate": "there are no integrals here: only closed expressions can be given",
    "lim": "limits are not written inside an expression: give the function and --at",
    "of": "a share of x is written 0.5*x",
    "then": "write `a if c else b`",
    "squared": "a square is written x^2",
    "cubed": "a cube is written x^3",
    "to": "a power is written x^n",
    "times": "a product is written x*y",
    "plus": "a sum is written x + y",
    "minus": "a difference is written x - y",
    "divided": "a quotient is written x/y",
    "over": "a quotient is written x/y",
    "by": "a quotient is written x/y",
    "limit": "limits are not written inside an expression: give the function and --at",
}


def with_function(source: Source, word: str) -> tuple[str, str] | None:
    """A function amid known pieces: ``sinx`` is ``("sin(x)", "")``, ``xsin`` is ``("x*sin", "sin")``.

    The second element is the function that the word ends with, and that still waits for its argument.
    """
    if len(word) > MAX_LENGTH:
        return None
    for name in sorted(source.vocabulary.words, key=lambda name: (-len(name), name)):
        place = word.find(name)
        if place < 0 or (len(name) < 3 and name not in _SHORT):
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
    """The word as one or two factors: numbers, letters with digits, a constant; else ``None``."""
    if not word:
        return []
    if word in source.declared or word in source.vocabulary.constants or word in SPELLED:
        return [word]
    pieces = _PIECE.findall(word)
    if "".join(pieces) != word or len(pieces) > 2:
        return None
    return pieces


def product_of_letters(source: Source, word: str) -> str | None:
    """``xy`` as ``x*y`` and ``pix`` as ``pi*x``, where that is short enough to be meant."""
    for constant in ("pi", "tau"):
        if word.startswith(constant) and _LETTER.fullmatch(word[len(constant) :]):
            return f"{constant}*{word[len(constant) :]}"
        if word.endswith(constant) and _LETTER.fullmatch(word[: -len(constant)]):
            return f"{word[: -len(constant)]}*{constant}"
    letters = _LETTER.findall(word)
    if "".join(letters) != word or not 2 <= len(letters) <= 8:
        return None
    return "*".join(letters)


def did_you_mean(names: list[str]) -> str:
    """A question with one or more names."""
    quoted = [f"`{name}`" for name in names]
    choice = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
    return f"did you mean {choice}?"
