"""The errors of the parser: what was found, what was expected, and what to type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calcgrad.expression import numerals, unusual
from calcgrad.expression.applying import Application, example
from calcgrad.expression.source import Source
from calcgrad.expression.suggestions import NOT_HERE, listed, nearest, product_of_letters, with_function
from calcgrad.expression.tokens import END, NAME, NUMBER, Token

Stack = Sequence[Any]

_CLOSING = {"(": ")", "[": "]", "|(": "|", "if": "else"}
_PREFIXES = frozenset(
    {"math", "np", "numpy", "sp", "sympy", "torch", "jnp", "jax", "tf", "scipy", "cmath", "mpmath"}
)


def bad_character(source: Source, tokens: list[Token]) -> Exception:
    """A character of no token; what stands before it may say more."""
    _, text, start, _ = tokens[-2]
    before = tokens[-3] if len(tokens) > 2 else None
    if text == "." and before is not None and before[3] == start:
        if before[0] == NAME and before[1] in _PREFIXES:
            end = start + 1
            rest = source.replaced(before[2], end, "")
            return source.error(
                "E120",
                f"`{before[1]}.`: functions have no module before their names here",
                (before[2], end),
                "leave this out",
                "write sin(x), not math.sin(x)",
                fix=rest,
            )
        if before[0] == NAME:
            return source.error(
                "E120",
                f"`{before[1]}.`: there are no attributes and no methods here",
                (start, start + 1),
                "",
                "write sum(x) for x.sum(), and * for a product",
            )
        if before[0] == NUMBER:
            return source.error(
                "E114",
                f"`{before[1]}.` is not how a number is written",
                (before[2], start + 1),
                "a number has one point",
                "write 12.34",
            )
    return unusual.complain(source, start)


def bad_number(source: Source, token: Token, error: ValueError) -> Exception:
    """A number that is too long, too large or too small."""
    _, _, start, end = token
    shown = source.quote(start, end)
    if isinstance(error, numerals.TooLongError):
        return source.limit(
            "E153",
            f"a number of {end - start:,} characters; calcgrad reads at most {numerals.MAX_DIGITS:,} digits",
            (start, end),
            "too long",
        )
    if isinstance(error, numerals.TooSmallError):
        return source.limit(
            "E153",
            f"`{shown}` is smaller than the smallest double, 4.9e-324, and would become 0",
            (start, end),
            "too small",
        )
    return source.limit(
        "E153", f"`{shown}` is larger than the largest double, 1.8e308", (start, end), "too large"
    )


def missing_value(source: Source, tokens: list[Token], at: int, stack: Stack) -> Exception:
    """A value is due, and something else is there."""
    kind, text, start, end = tokens[at]
    before = tokens[at - 1] if at else None
    found = "the end" if kind == END else f"`{source.text[start:end]}`"
    if text == "=" or (text == "!" and tokens[at + 1][1] == "="):
        return equation(source, tokens, at)
    if text == ")" and before is not None and before[1] == "(":
        return source.error(
            "E106",
            "there is nothing between these brackets",
            (before[2], end),
            "a value is missing",
            "write a value between them, or take them out",
        )
    if text == "]" and before is not None and before[1] == "[":
        return source.error(
            "E106", "a vector has at least one entry", (before[2], end), "nothing is listed", "write [a, b]"
        )
    if before is None:
        if text == "!":
            return source.error(
                "E106",
                "the factorial is written after its number",
                (start, end),
                "nothing before it",
                "write x! for the factorial, `not c` for a negated condition",
            )
        return source.error(
            "E106",
            f"an expression cannot begin with {found}",
            (start, max(end, start + 1)),
            "a value is missing before it",
        )
    shown = source.text[before[2] : before[3]]
    hints: tuple[str, ...] = ()
    fix: str | None = None
    place = (before[2], before[3])
    if kind == END or text in (")", "]", "|)"):
        if before[1] == "%":
            hints = ("`%` is the remainder; 50 percent is written 0.5",)
        elif before[0] != NAME and before[1] not in ("(", "[", "|("):
            hints = (f"write a value after `{shown}`, or take it out",)
            fix = (source.text[: before[2]].rstrip() + source.text[before[3] :].rstrip()) or None
        message = f"a value is missing after `{shown}`"
        if kind != END:
            message += f", before {found}"
        return source.error("E106", message, place, "nothing follows it", *hints, fix=fix)
    pair = shown + source.text[start:end]
    translated = {"&&": "and", "<>": "!=", "><": "!=", "=>": ">=", "===": "==", "***": "**", "!==": "!="}.get(
        pair
    )
    if translated and before[3] == start:
        return source.error(
            "E120",
            f"`{pair}` is not an operator here",
            (before[2], end),
            "",
            f"write {translated}",
            fix=source.replaced(before[2], end, f" {translated} "),
        )
    if text == ",":
        return source.error(
            "E106",
            f"a value is missing between `{shown}` and the comma",
            (before[2], end),
            "",
            "write a value there, or take the comma out",
        )
    return source.error(
        "E106",
        f"a value is missing between `{shown}` and {found}",
        (start, max(end, start + 1)),
        "a value was expected here",
        "write a value between them, or take one of them out",
    )


def no_operator(source: Source, tokens: list[Token], at: int) -> Exception:
    """A value is complete, and what follows neither continues nor ends the expression."""
    kind, text, start, end = tokens[at]
    before = tokens[at - 1]
    if kind == NUMBER:
        return _number_after_value(source, tokens, at)
    if text == "=":
        return equation(source, tokens, at)
    if text == "not":
        return source.error(
            "E113",
            "`not` stands before a condition, not after a value",
            (start, end),
            "",
            "write `and not` or `or not` between two conditions",
        )
    if text == ":":
        return source.error(
            "E103",
            "`:` has a meaning only inside an index",
            (start, end),
            "",
            "write x[1:3] for a slice, a/b for a ratio",
        )
    shown = source.text[before[2] : before[3]]
    return source.error(
        "E113",
        f"`{source.text[start:end]}` cannot follow `{shown}`",
        (start, end),
        "an operator was expected here",
    )


def _number_after_value(source: Source, tokens: list[Token], at: int) -> Exception:
    _, text, start, end = tokens[at]
    before = tokens[at - 1]
    shown = source.text[before[2] : before[3]]
    glued = before[3] == start
    if before[0] == NUMBER and glued:
        return source.error(
            "E114",
            f"`{shown}{text}` is not how a number is written",
            (before[2], end),
            "a number has one point",
            "write 12.34",
        )
    left = source.quote(before[2], before[3])
    if before[0] == NUMBER:
        return source.error(
            "E113",
            f"two numbers, {left} and {text}, with no operator between them",
            (start, end),
            "an operator was expected before this",
            f"write {left}*{text} for the product, {left}{text} for one number",
            fix=source.replaced(before[3], start, "*"),
        )
    return source.error(
        "E113",
        f"the number {text} cannot follow `{left}` without an operator",
        (start, end),
        "an operator was expected before this",
        "write * for a product, ^ for a power",
        fix=source.replaced(before[3], start, "*"),
    )


def equation(source: Source, tokens: list[Token], at: int) -> Exception:
    """``=``: a definition, or an equation."""
    _, text, start, end = tokens[at]
    if text == "!":
        end = tokens[at + 1][3]
    before = tokens[at - 1] if at else None
    glued = before is not None and before[3] == start
    if glued and before is not None and before[1] in ("<", ">", "!", "/", "*", "+", "-"):
        shown = source.text[before[2] : end]
        return source.error(
            "E112",
            f"`{shown}`: an expression cannot assign",
            (before[2], end),
            "",
            "write only the right side",
        )
    right = source.text[end:].strip()
    is_definition = at == 1 or (at == 4 and tokens[1][1] == "(" and tokens[3][1] == ")")
    after = tokens[at + 1]
    if after[1] in ("<", ">") and after[2] == end:
        right_order = after[1] + "="
        return source.error(
            "E120",
            f"`={after[1]}` is not an operator here",
            (start, after[3]),
            "",
            f"write {right_order}",
            fix=source.replaced(start, after[3], right_order),
        )
    hints: tuple[str, ...] = ("write == to compare the two sides",)
    fix = None
    if is_definition and right and tokens[0][0] == NAME:
        name = source.text[: tokens[at - 1][3]].strip()
        hints = (f"write only the right side, without `{name} =`", *hints)
        fix = right
    else:
        hints = ("write the difference of the two sides, or the side that is to be differentiated", *hints)
    return source.error(
        "E112", "an equation is not a function", (start, end), "`=` cannot stand here", *hints, fix=fix
    )


def unclosed(source: Source, stack: Stack, tokens: list[Token]) -> Exception:
    """The text ends inside a bracket."""
    _, bracket, opened = stack[-1]
    if bracket == "if":
        return source.error(
            "E119",
            "`if` without `else`: there is no value for where the condition fails",
            (opened, opened + 2),
            "this `if`",
            "write `a if c else b`",
        )
    start = opened.start
    missing = "".join([_CLOSING[entry[1]] for entry in reversed(stack) if entry[1] in ("(", "[", "|(")])
    open_ifs = any(entry[1] == "if" for entry in stack)
    closing = _CLOSING[bracket]
    fix = None if open_ifs or len(missing) > 40 else source.text.rstrip() + missing
    count = len(missing)
    message = (
        f"`{bracket[0]}` is never closed"
        if count == 1
        else f"{count:,} brackets are never closed; this is the last of them"
    )
    return source.error(
        "E107", message, (start, start + 1), "opened here", f"write `{closing}` where it ends", fix=fix
    )


def wrong_closer(source: Source, tokens: list[Token], at: int, stack: Stack) -> Exception:
    """A closing sign that closes nothing, or something else."""
    _, text, start, end = tokens[at]
    sign = text[0]
    _, bracket, opened = stack[-1]
    if bracket == "if":
        return source.error(
            "E119",
            "`if` without `else`: there is no value for where the condition fails",
            (opened, opened + 2),
            "this `if`",
            "write `a if c else b`",
        )
    if bracket == "":
        opener = {")": "(", "]": "["}.get(sign, "|")
        return source.error(
            "E108",
            f"`{sign}` closes a bracket that was not opened",
            (start, end),
            f"no `{opener}` before it",
            f"take it out, or write `{opener}` where the bracket begins",
            fix=source.replaced(start, end, ""),
        )
    expected = _CLOSING[bracket]
    return source.error(
        "E108",
        f"`{bracket[0]}` is closed by `{sign}`",
        (start, end),
        f"`{expected}` was expected",
        f"the bracket was opened at character {opened.start + 1}",
        fix=source.replaced(start, end, expected),
    )


def stray_comma(source: Source, tokens: list[Token], at: int, stack: Stack) -> Exception:
    """A comma outside of arguments and vectors."""
    start, end = tokens[at][2:]
    _, bracket, opened = stack[-1]
    before, after = tokens[at - 1], tokens[at + 1]
    if bracket == "if":
        return source.error(
            "E119",
            "`if` without `else`: there is no value for where the condition fails",
            (opened, opened + 2),
            "this `if`",
            "write `a if c else b`",
        )
    is_number = (
        "." not in before[1]
        and before[0] == NUMBER
        and after[0] == NUMBER
        and before[3] == start
        and end == after[2]
    )
    if is_number:
        is_group = len(after[1]) == 3
        point = None if is_group else source.replaced(start, end, ".")
        grouped = f", or {before[1]}{after[1]} without the comma" if is_group else ""
        return source.error(
            "E115",
            "a decimal comma is not read",
            (start, end),
            "a point was expected",
            f"write {before[1]}.{after[1]}{grouped}",
            fix=point,
        )
    hints = ["write [a, b] for a vector of several values"]
    if bracket == "(":
        where = "inside brackets that group"
    else:
        where = "at the top level"
        hints.append("several expressions are given one at a time")
    return source.error(
        "E115", f"a comma separates arguments; it means nothing {where}", (start, end), "", *hints
    )


def bad_piece(source: Source, start: int, end: int, count: int) -> Exception:
    """A bracket inside ``piecewise`` that is not ``(value, condition)``."""
    what = "a piece is a value and its condition" if count != 2 else "a piece stands by itself"
    return source.error(
        "E118",
        f"{what}: (value, condition)",
        (start, end),
        "this is not such a pair",
        "write piecewise((a, c1), (b, c2), (d, True)) or piecewise(c1, a, c2, b, d)",
    )


def else_without_if(source: Source, token: Token) -> Exception:
    """``else`` with no ``if`` before it."""
    return source.error(
        "E119", "`else` without `if`", (token[2], token[3]), "no `if` before it", "write `a if c else b`"
    )


def misplaced_not(source: Source, token: Token) -> Exception:
    """``x + not y``."""
    return source.error(
        "E121",
        "`not` binds looser than the operator before it",
        (token[2], token[3]),
        "brackets are needed",
        "write (not c)",
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


def unknown_word(source: Source, tokens: list[Token], at: int) -> Exception:
    """A word that is no variable, constant or function: what else it could be, and how to declare it."""
    _, word, start, end = tokens[at]
    shown = source.quote(start, end)
    after = tokens[at + 1]
    applied = after[1] == "(" and after[2] == end
    hex_prefix = at and tokens[at - 1][1] == "0" and tokens[at - 1][3] == start
    if hex_prefix and word[0] in "xXbBoO" and len(word) > 1:
        return based_number(source, tokens[at - 1], tokens[at])
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


def based_number(source: Source, zero: Token, token: Token) -> Exception:
    """``0x1F``: numbers are decimal."""
    text = source.text[zero[2] : token[3]]
    hints: tuple[str, ...] = ("numbers are written in base ten",)
    fix = None
    try:
        value = int(text[:40], 0)
    except ValueError:
        pass
    else:
        hints = (f"in base ten this is {value}", *hints)
        fix = source.replaced(zero[2], token[3], str(value))
    return source.error(
        "E114",
        f"`{source.quote(zero[2], token[3])}` is not how a number is written",
        (zero[2], token[3]),
        "not decimal",
        *hints,
        fix=fix,
    )
