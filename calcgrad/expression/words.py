"""The errors about words: one that means nothing, a function without its argument."""

from __future__ import annotations

import re

from calcgrad.expression import readings
from calcgrad.expression.applying import Application, example
from calcgrad.expression.source import Source
from calcgrad.expression.suggestions import (
    COMMANDS,
    MAX_LENGTH,
    NOT_HERE,
    did_you_mean,
    nearest,
    product_of_letters,
    with_function,
)
from calcgrad.expression.tokens import NAME, NUMBER, Token

#: A logarithm with its base.
_BASE = re.compile(r"log_?([0-9]+)")


def unknown_word(source: Source, tokens: list[Token], at: int) -> Exception:
    """A word that is no variable, constant or function: what else it could be, and how to declare it."""
    _, word, start, end = tokens[at]
    number = tokens[at - 1] if at and tokens[at - 1][0] == NUMBER and tokens[at - 1][3] == start else None
    if number is not None:
        if number[1] == "0" and word[0] in "xXbBoO" and len(word) > 1:
            return readings.based_number(source, number, tokens[at])
        if word[0] == "_":
            return _stray_underscore(source, number, tokens[at])
    applied = tokens[at + 1][1] == "(" and tokens[at + 1][2] == end
    reason = NOT_HERE.get(word.lower())
    if word in COMMANDS and not source.text.strip()[len(word) :]:
        return _command(source, word, (start, end))
    written = _in_two_words(source, tokens, at) or _logarithm(tokens, at)
    if reason:
        hints, instead = [reason], None
    elif written:
        hints, instead = [written], None
    elif applied:
        hints, instead = _for_a_function(source, word)
    else:
        hints, instead = _for_a_name(source, word)
        both = _two_products(source, tokens, at)
        if both:
            declare = [hint for hint in hints if hint.startswith("for a variable")]
            hints, instead = [*both, *declare], None
    what = "function" if applied else "variable, constant or function"
    message = f"`{source.quote(start, end)}` is no known {what}"
    before = tokens[at - 1] if at else None
    if (
        instead is not None
        and "*" in instead
        and before is not None
        and before[0] == NAME
        and before[3] == start
    ):
        whole = f"{source.quote(before[2], before[3])}*{instead}"
        hints = [hint.replace(f"product write {instead}", f"product write {whole}") for hint in hints]
        start, instead = before[2], whole
    fix = None if instead is None else source.replaced(start, end, instead)
    return source.error("E102", message, (start, end), "unknown", *hints, fix=fix)


def _in_two_words(source: Source, tokens: list[Token], at: int) -> str | None:
    """``arc tan x``: the beginning of a function's name, apart from its rest."""
    name = tokens[at][1] + tokens[at + 1][1]
    if tokens[at + 1][0] != NAME or tokens[at + 1][1] not in source.vocabulary.words:
        return None
    return f"write {name} as one word" if name in source.vocabulary.words else None


def _logarithm(tokens: list[Token], at: int) -> str | None:
    """``log3 x`` and ``log _3(x)``: a logarithm with its base beside the name."""
    before = tokens[at - 1][1] if at else ""
    found = _BASE.fullmatch(before + tokens[at][1] if before in ("log", "ln") else tokens[at][1])
    return f"write log(x, {found[1]}) for the logarithm to base {found[1]}" if found else None


def _command(source: Source, word: str, place: tuple[int, int]) -> Exception:
    """``calcgrad diff help``."""
    return source.error(
        "E102",
        f"`{word}` is a command's name, not a function",
        place,
        "not an expression",
        "calcgrad --help lists the commands",
        f"for a variable of this name declare it: --wrt {word} or --at {word}=1",
    )


def _two_products(source: Source, tokens: list[Token], at: int) -> list[str] | None:
    """The two readings of ``e^-kt``, ``a/bc`` and ``√2gh``, whose product of letters may end before its last letter."""
    _, word, _, end = tokens[at]
    product = product_of_letters(source, word)
    if product is None or len(word) > 3 or "*" not in product:
        return None
    first = at
    while first and tokens[first - 1][3] == tokens[first][2] and tokens[first - 1][0] in (NUMBER, NAME):
        first -= 1
    before = tokens[first - 1] if first else None
    signed = before is not None and before[1] in ("-", "+") and first > 1 and tokens[first - 2][1] == "^"
    if before is None or not (signed or before[1] in ("^", "/", "√", "∛")):
        return None
    begin = tokens[first - 1][2] if signed else tokens[first][2]
    front = source.text[tokens[first][2] : tokens[at][2]]
    whole = f"{front}*{product}" if front else product
    sign = source.text[begin : tokens[first][2]]
    start, beginning = begin, f"{sign}{whole}"
    base = tokens[first - 3 if signed else first - 2] if first > 1 + signed else None
    if base is not None and base[0] in (NUMBER, NAME) and (signed or before[1] == "^"):
        start, (head, rest) = base[2], whole.split("*", 1)
        beginning = f"({source.text[start:begin]}{sign}{head})*{rest}"
    return [
        f"if all of it belongs there write {source.whole(begin, end, f'({sign}{whole})')}",
        f"if only its beginning does write {source.whole(start, end, beginning)}",
    ]


def _for_a_function(source: Source, word: str) -> tuple[list[str], str | None]:
    """What to do about an unknown word that is applied: hints, and what to write in its place."""
    near, sure = nearest(source, word, True)
    glued = None if sure else with_function(source, word)
    if glued is not None and glued[1]:
        return [f"write {glued[0]}(...)"], glued[0]
    if near:
        return [did_you_mean(near)], near[0] if sure or len(word) > 3 else None
    return ["`calcgrad functions` lists what there is"], None


def _for_a_name(source: Source, word: str) -> tuple[list[str], str | None]:
    """What to do about an unknown word that stands alone: hints, and what to write in its place."""
    near, sure = nearest(source, word, False)
    if sure:
        return [did_you_mean(near)], near[0]
    declare = (
        f"for a variable of this name declare it: --wrt {word} or --at {word}=1"
        if len(word) <= MAX_LENGTH
        else "a variable whose name is a word is declared by --wrt or --at"
    )
    glued = with_function(source, word)
    if glued is not None:
        return [f"write {glued[0]}" + ("(...)" if glued[1] else ""), declare], glued[0]
    product = product_of_letters(source, word)
    if len(word) <= 3 and product is not None:
        power = [f"for a power of e write e^({product.split('*', 1)[1]})"] if word[0] == "e" else []
        if word[:2] == "e" + word[1:2] and word[1:2].isdigit():
            power = [f"for a power of e write e^({word[1]}*{word[2:]})"]
        return [f"for the product write {product}", *power, declare], None if power else product
    hints = [did_you_mean(near)] if near else []
    last = [f"for the product of its letters write {product}"] if product is not None else []
    return [*hints, declare, *last], near[0] if near else None


def _stray_underscore(source: Source, number: Token, token: Token) -> Exception:
    """``1__000``."""
    place = (number[2], token[3])
    shown = source.quote(*place)
    hint = "an underscore stands between two digits: 1_000"
    return source.error("E114", f"`{shown}` is not how a number is written", place, "", hint)


def function_alone(source: Source, application: Application, tokens: list[Token], at: int) -> Exception:
    """A function's name that nothing is applied to."""
    name, start, end = application.name, application.start, application.end
    text = tokens[at][1]
    if text == "[":
        return source.error(
            "E110",
            f"the argument of `{name}` stands in round brackets",
            (tokens[at][2], tokens[at][3]),
            "`(` was expected",
            f"write {example(source, name)}, or {name}([a, b]) for a vector",
        )
    power = application.power
    if name == "exp" and power is not None:
        return _exponential(source, application)
    raised = (
        source.text[start : _end_of_power(source, application)] + "(x)"
        if power is not None
        else example(source, name)
    )
    hints = [
        f"write {raised}",
        f"to use `{name}` as a variable, name it: --wrt {name} or --at {name}=1",
    ]
    if text == "-":
        hints[0] = f"write {name}(-x), if the sign belongs to its argument"
    return source.error(
        "E110", f"`{name}` is a function, and has no argument here", (start, end), "a function", *hints
    )


def _end_of_power(source: Source, application: Application) -> int:
    """Where the power of a function ends, its closing brackets too."""
    assert application.power is not None
    end = application.power.span[1]
    opened = source.text.count("(", application.end, end) - source.text.count(")", application.end, end)
    while opened > 0 and source.text[end : end + 1] == ")":
        end, opened = end + 1, opened - 1
    return end


def _exponential(source: Source, application: Application) -> Exception:
    """``exp^(-t)``: the function's name in place of the number e, or a power in place of an argument."""
    start, end = application.start, _end_of_power(source, application)
    raised = source.text[application.end : end].lstrip(" ^")
    argument = raised if raised.startswith("(") else f"({raised})"
    return source.error(
        "E110",
        "`exp` is the function e^x: its argument stands in brackets",
        (start, end),
        "not a power",
        f"write {source.whole(start, end, f'exp{argument}')}",
        fix=source.replaced(start, end, f"exp{argument}"),
    )


def needs_brackets(source: Source, application: Application, tokens: list[Token], at: int) -> Exception:
    """``7 mod 3``, ``max x``: a function of several arguments without brackets."""
    name, start, end = application.name, application.start, application.end
    hints = [f"write {example(source, name)}"]
    if name == "mod":
        hints.append("between two values the remainder is written %")
    return source.error(
        "E109",
        f"`{name}` takes more than one argument, so they stand in brackets",
        (start, end),
        "`(` was expected after this",
        *hints,
    )


def no_argument(source: Source, application: Application, end: int) -> Exception:
    """``sin()``."""
    name = application.name
    return source.error(
        "E110",
        f"`{name}` has no argument",
        (application.start, end),
        "nothing between the brackets",
        f"write {example(source, name)}",
    )


def bad_function_power(source: Source, name: str, token: Token) -> Exception:
    """``sin^`` with something that is no exponent."""
    _, _, start, end = token
    found = f"`{source.quote(start, end)}`" if end > start else "the end"
    return source.error(
        "E106",
        f"the exponent of `{name}` is a number, a letter or a bracket, not {found}",
        (start, max(end, start + 1)),
        "an exponent was expected",
        f"write {name}(x)^2 or {name}^2(x)",
    )
