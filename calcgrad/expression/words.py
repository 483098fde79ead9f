"""The errors about words: one that means nothing, a function without its argument."""

from __future__ import annotations

from calcgrad.expression import readings
from calcgrad.expression.applying import Application, example
from calcgrad.expression.source import Source
from calcgrad.expression.suggestions import NOT_HERE, listed, nearest, product_of_letters, with_function
from calcgrad.expression.tokens import Token


def unknown_word(source: Source, tokens: list[Token], at: int) -> Exception:
    """A word that is no variable, constant or function: what else it could be, and how to declare it."""
    _, word, start, end = tokens[at]
    shown = source.quote(start, end)
    after = tokens[at + 1]
    applied = after[1] == "(" and after[2] == end
    hex_prefix = at and tokens[at - 1][1] == "0" and tokens[at - 1][3] == start
    if hex_prefix and word[0] in "xXbBoO" and len(word) > 1:
        return readings.based_number(source, tokens[at - 1], tokens[at])
    near, sure = nearest(source, word, applied)
    glued = None if sure else with_function(source, word)
    product = None if sure or applied or glued else product_of_letters(word)
    reason = NOT_HERE.get(word.lower())
    hints: list[str] = [reason] if reason else []
    fix: str | None = None
    if glued is not None:
        hints.append(f"write {glued[0]}" + ("(...)" if glued[1] else ""))
        fix = source.replaced(start, end, glued[0])
    elif near and not reason:
        hints.append(f"did you mean {listed(f'`{name}`' for name in near)}?")
        fix = source.replaced(start, end, near[0])
    if product is not None and len(word) <= 3 and not reason:
        hints.append(f"for the product write {product}")
        fix = fix or source.replaced(start, end, product)
    if not applied and not sure and len(word) <= 40:
        hints.append(f"for a variable of this name declare it: --wrt {word} or --at {word}=1")
    if product is not None and len(word) > 3 and not reason:
        hints.append(f"for the product of its letters write {product}")
    if applied and not hints:
        hints.append("`calcgrad functions` lists what there is")
    what = "function" if applied else "variable, constant or function"
    return source.error("E102", f"`{shown}` is no known {what}", (start, end), "unknown", *hints, fix=fix)


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
    hints = [
        f"write {example(source, name)}",
        f"to use `{name}` as a variable, name it: --wrt {name} or --at {name}=1",
    ]
    if text == "-":
        hints[0] = f"write {name}(-x), if the sign belongs to its argument"
    return source.error(
        "E110", f"`{name}` is a function, and has no argument here", (start, end), "a function", *hints
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
