"""What stands around a whole formula and is no part of it: backticks, dollar signs amid words, tags, a program's prompt.

Every text comes back as long as it was, with blanks for what is taken away, so that places stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: Signs at both ends that say that a formula stands between them: AsciiMath and Markdown, forums, reStructuredText, wikis.
_AROUND = (
    ("\\`", "\\`"), ("```", "```"), ("`", "`"), ("%%", "%%"), ("#", "#"), (":math:`", "`"), ("<math>", "</math>"),
    ("[math]", "[/math]"), ("[tex]", "[/tex]"), ("[latex]", "[/latex]"),
)  # fmt: skip
#: Maple's prompt, and a wiki's indent before a formula.
_PROMPT = re.compile(r"\s*(?:\[>|:+(?=<math>))")
#: Tags and names of HTML that are one sign of ours.
_HTML = {
    "</sup>": ")", "<sup>": "^(", "&times;": "*", "&middot;": "*", "&sdot;": "*", "&minus;": "-", "&lt;": "<", "&gt;": ">",
    "&le;": "<=", "&ge;": ">=", "&nbsp;": " ", "&radic;": "√", "&pi;": "π", "<em>": " ", "</em>": " ", "<i>": " ", "</i>": " ",
    "<var>": " ", "</var>": " ",
}  # fmt: skip
_ANY_HTML = re.compile("|".join(map(re.escape, _HTML)))
#: Words, and between them one formula in dollar signs or in LaTeX's brackets.
_AMID_WORDS = re.compile(
    r"(?P<before>[^$\\]*)(?:\$\$?(?P<a>[^$]+)\$\$?|\\\((?P<b>.+?)\\\))(?P<after>[^$\\]*)", re.DOTALL
)


def unwrapped(text: str) -> str:
    """A text without what stands around the formula, and with HTML's signs as ours, each at its place.

    >>> unwrapped("`x^2`"), unwrapped("x<sup>2</sup>")
    (' x^2 ', 'x^(   2)     ')
    """
    prompt = _PROMPT.match(text)
    if prompt is not None:
        text = " " * prompt.end() + text[prompt.end() :]
    plain = text.strip()
    for opening, closing in _AROUND:
        inner = plain[len(opening) : len(plain) - len(closing)]
        if plain.startswith(opening) and plain.endswith(closing) and inner.strip() and closing not in inner:
            start = text.index(plain) + len(opening)
            text = " " * start + inner + " " * (len(text) - start - len(inner))
            break
    return (
        _ANY_HTML.sub(lambda found: _HTML[found[0]].ljust(len(found[0])), text)
        if "<" in text or "&" in text
        else text
    )


def amid_words(text: str, asks: Callable[[str], bool]) -> tuple[str, str, str] | None:
    """``Find the derivative of $\\exp(x)$`` in three texts as long as it: the words before, the formula, the words after.

    ``asks`` says of the words together whether they are such as lead to a formula.
    """
    found = _AMID_WORDS.fullmatch(text)
    if found is None:
        return None
    name = "a" if found["a"] is not None else "b"
    start, end = found.span(name)
    before, after = found["before"], found["after"]
    if not (before.strip() or after.strip()) or not asks(f"{before} {after}"):
        return None
    return before, " " * start + text[start:end], " " * (len(text) - len(after)) + after
