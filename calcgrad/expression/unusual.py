"""Characters that are in no token: named, and with their twin where they only look like one of ours."""

from __future__ import annotations

from calcgrad.expression.source import Source
from calcgrad.expression.tokens import GREEK

#: Letters and signs that look like ours, and that Unicode's compatibility mapping does not lead to ours.
TWINS = {
    **dict(zip("АВЕЅІЈКМНОРСТХУаеоорсухіјѕԁһԛԝ", "ABESIJKMHOPCTXYaeoopcyxijsdhqw", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲ", "ABEZHIKMNOPTYXoc", strict=True)),
    **dict(zip("аеос", "aeoc", strict=True)),
    "ı": "i",
    "ȷ": "j",
    "ɑ": "a",
    "ɡ": "g",
    "ſ": "s",
    "ᴦ": "γ",
    "ʋ": "υ",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "―": "-",
    "˗": "-",
    "➖": "-",
    "╳": "×",
    "✕": "×",
    "✖": "×",
    "✱": "*",
    "⁎": "*",
    "•": "·",
    "∙": "·",
    "・": "·",
    "➕": "+",
    "➗": "÷",
    "⧸": "/",
    "˄": "^",
    "ˆ": "^",
    "⌃": "^",
    "↑": "^",
    "‖": "||",
    "∣": "|",
    "ǀ": "|",
    "❘": "|",
    "¦": "|",
    "‚": ",",
    "٫": ".",
    "，": ",",
    "、": ",",
    "‹": "<",
    "›": ">",
    "❨": "(",
    "❩": ")",
    "⟨": "(",
    "⟩": ")",
    "🞡": "+",
    "ꞷ": "ω",
    "˂": "<",
    "˃": ">",
}

#: Characters with a meaning of their own somewhere else: what to write here.
INSTEAD = {
    "{": ("braces do not group here", "write ( ) to group, x_1 for a subscript"),
    "}": ("braces do not group here", "write ( ) to group, x_1 for a subscript"),
    "\\": ("LaTeX is not read here", "write sin(x), sqrt(x), a/b, pi without the backslash"),
    "$": ("LaTeX is not read here", "leave out the $ signs"),
    "&": ("this is not the sign for `and`", "write `and` between conditions"),
    "~": ("this is not the sign for `not`", "write `not` before a condition"),
    "'": ("primes are not read here", "calcgrad makes the derivative itself: give it the function"),
    "′": ("primes are not read here", "calcgrad makes the derivative itself: give it the function"),
    "’": ("primes are not read here", "calcgrad makes the derivative itself: give it the function"),
    '"': ("quotes have no meaning inside an expression", "leave them out"),
    "`": ("quotes have no meaning inside an expression", "leave them out"),
    "“": ("quotes have no meaning inside an expression", "leave them out"),
    "”": ("quotes have no meaning inside an expression", "leave them out"),
    "#": ("there are no comments inside an expression", "leave out what follows the #"),
    ";": ("a semicolon ends nothing here", "give one expression at a time"),
    "?": ("there is no `a ? b : c` here", "write `b if a else c`"),
    "∂": (
        "derivatives are not written inside an expression",
        "calcgrad makes the derivative itself: give it the function",
    ),
    "∇": (
        "derivatives are not written inside an expression",
        "calcgrad makes the derivative itself: give it the function",
    ),
    "∫": ("there are no integrals here", "only closed expressions can be given"),
    "∑": ("there are no sums over an index here", "write the terms out, or sum(x) over an array"),
    "∏": ("there are no products over an index here", "write the factors out, or prod(x) over an array"),
    "±": ("a function has one value", "write two expressions, one with + and one with -"),
    "∓": ("a function has one value", "write two expressions, one with + and one with -"),
    "≈": ("an equation is not a function", "give the side that is to be differentiated"),
    "≡": ("an equation is not a function", "give the side that is to be differentiated"),
    "→": ("limits are not written inside an expression", "give the function and --at"),
    "°": ("degrees have functions of their own", "write sind(x), cosd(x), tand(x), or x*pi/180"),
    "∜": ("there is no sign for a fourth root here", "write root(x, 4)"),
    "⌊": ("floors and ceilings have names here", "write floor(x)"),
    "⌋": ("floors and ceilings have names here", "write floor(x)"),
    "⌈": ("floors and ceilings have names here", "write ceil(x)"),
    "⌉": ("floors and ceilings have names here", "write ceil(x)"),
    "‖": ("norms have a name here", "write norm(x)"),
    "⟨": ("angle brackets do not group here", "write ( ) to group, dot(x, y) for an inner product"),
    "⟩": ("angle brackets do not group here", "write ( ) to group, dot(x, y) for an inner product"),
    "∈": ("sets are not read here", "write comparisons, such as 0 < x < 1"),
    "∘": ("composition is written out here", "write f(g(x))"),
    ".": (
        "a point belongs to a number",
        "write 0.5, or leave out what stands before the point: sin(x), not math.sin(x)",
    ),
}

_FRACTIONS = {
    "½": "(1/2)",
    "⅓": "(1/3)",
    "⅔": "(2/3)",
    "¼": "(1/4)",
    "¾": "(3/4)",
    "⅕": "(1/5)",
    "⅛": "(1/8)",
}
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def complain(source: Source, place: int) -> Exception:
    """The error for the character at this place."""
    character = source.text[place]
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return _invisible(source, place, f"U+{code:04X}, half of a surrogate pair,", "is no character")
    if character in INSTEAD:
        what, hint = INSTEAD[character]
        before = source.text[:place].rstrip()[-1:]
        if character in "'’" and not (before.isalnum() or before in (")", "_", "'")):
            what, hint = INSTEAD['"']
        end, fix = place + 1, None
        if character == "&" and source.text[place : place + 2] == "&&":
            end = place + 2
        if character == "&" and place and source.text[end:].strip():
            fix = source.spaced(place, end, "and")
        shown, kind = source.text[place:end], "E103" if character == "." else "E120"
        quoted = f"`{shown}`" if shown != "`" else '"`"'
        return source.error(kind, f"{quoted}: {what}", (place, end), "", hint, fix=fix)
    import unicodedata

    category = unicodedata.category(character)
    name = f"U+{code:04X} {unicodedata.name(character, _CONTROLS.get(code, ''))}".rstrip()
    if character in _BIDIRECTIONAL:
        return _invisible(source, place, name, "changes the direction in which text is shown")
    if category in ("Cc", "Cf", "Zl", "Zp", "Zs", "Co", "Cn", "Mn", "Me", "Mc"):
        return _invisible(source, place, name, _BY_CATEGORY.get(category, "cannot be seen"))
    if character in _FRACTIONS:
        spelled = _FRACTIONS[character]
        return source.error(
            "E104",
            f"`{character}` is not a number here",
            (place, place + 1),
            "a fraction in one character",
            f"write {spelled}",
            fix=source.replaced(place, place + 1, spelled),
        )
    twin = TWINS.get(character) or _compatible(character)
    if twin:
        return _lookalike(source, place, name, twin)
    hints = ("names are written with Latin or Greek letters",) if category[0] == "L" else ()
    return source.error(
        "E103", f"`{character}` ({name}) has no meaning in an expression", (place, place + 1), "", *hints
    )


_CONTROLS = {
    0: "NULL",
    7: "BELL",
    8: "BACKSPACE",
    11: "VERTICAL TAB",
    12: "FORM FEED",
    27: "ESCAPE",
    127: "DELETE",
}
_BY_CATEGORY = {
    "Cc": "is a control character",
    "Co": "has no fixed meaning",
    "Cn": "is not assigned",
    "Mn": "changes the letter before it",
    "Me": "encloses the letter before it",
    "Mc": "changes the letter before it",
}


def _compatible(character: str) -> str | None:
    """What Unicode says the character stands for (full-width, mathematical italic ...), if that is ours."""
    import unicodedata

    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and plain and all(c.isascii() or c in GREEK for c in plain):
        return plain
    base = unicodedata.normalize("NFD", character)[0]
    return base if base != character and (base.isascii() or base in GREEK) and base.isalpha() else None


def _invisible(source: Source, place: int, name: str, why: str) -> Exception:
    end = place + 1
    while end < len(source.text) and source.text[end] == source.text[place]:
        end += 1
    without = source.replaced(place, end, "") or ""
    joins = without[:place][-1:].isalnum() and without[place : place + 1].isalnum()
    fix = None if joins or not without.strip() else without
    return source.error("E105", f"{name} {why}", (place, end), "here", "take it out", fix=fix)


def _lookalike(source: Source, place: int, name: str, twin: str) -> Exception:
    """One error, whose fix replaces every character of the text that only looks like ours."""
    text = source.text
    fix = None
    if len(text) <= 2000:
        fix = "".join(
            [
                c if c in GREEK else TWINS.get(c, _compatible(c) if ord(c) > 0x2500 else None) or c
                for c in text
            ]
        )
        fix = (
            fix[:place] + twin + fix[place + 1 :]
            if len(fix) == len(text)
            else source.replaced(place, place + 1, twin)
        )
    return source.error(
        "E104",
        f"`{text[place]}` is {name}; it looks like `{twin}` but is another character",
        (place, place + 1),
        f"not `{twin}`",
        f"type `{twin}` in its place",
        fix=fix,
    )
