"""The errors of the parser: what was found, what was expected, and what to type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calcgrad.expression import numerals, unusual
from calcgrad.expression.source import Source
from calcgrad.expression.tokens import END, NAME, NUMBER, Token

Stack = Sequence[Any]

_CLOSING = {"(": ")", "[": "]", "|(": "|", "if": "else"}
_PREFIXES = frozenset(
    {"math", "np", "numpy", "sp", "sympy", "torch", "jnp", "jax", "tf", "scipy", "cmath", "mpmath"}
)
#: Operators of other languages, as the pairs of ours that they are read as.
_FOREIGN = {"<>": "!=", "><": "!=", "=>": ">=", "===": "==", "***": "**", "!==": "!="}
#: What makes an assignment of the ``=`` that follows it.
_ASSIGNING = frozenset({"<", ">", "!", "/", "//", "*", "+", "-", "%", "@", "^", ":"})
_BEGINNINGS = {
    "if": "write `a if c else b`",
    "else": "write `a if c else b`",
    "and": "write `a and b` between two conditions",
    "or": "write `a or b` between two conditions",
}


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


def order_of_derivative(source: Source, token: Token) -> Exception:
    """``f⁽²⁾``: a raised number in brackets counts derivatives in textbooks."""
    _, text, start, end = token
    return source.error(
        "E123",
        f"`{text}` is the order of a derivative in textbooks, and no power",
        (start, end),
        "two readings",
        f"for the power write {text[1:-1]} alone; a derivative of higher order is asked for by --order",
    )


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


def missing_value(source: Source, tokens: list[Token], at: int) -> Exception:
    """A value is due, and something else is there."""
    kind, text, start, end = tokens[at]
    before = tokens[at - 1] if at else None
    if text == "=" or (text == "!" and tokens[at + 1][1] == "="):
        return equation(source, tokens, at)
    if before is None:
        return _bad_beginning(source, tokens[0])
    whole = (before[2], end)
    if text == ")" and before[1] == "(":
        hint = "write a value between them, or take them out"
        return source.error(
            "E106", "there is nothing between these brackets", whole, "a value is missing", hint
        )
    if text == "]" and before[1] == "[":
        return source.error(
            "E106", "a vector has at least one entry", whole, "nothing is listed", "write [a, b]"
        )
    if kind == END or text in (")", "]", "|)"):
        return _missing_at_end(source, before, tokens[at])
    shown = source.text[before[2] : before[3]]
    translated = _FOREIGN.get(shown + source.text[start:end])
    if translated and before[3] == start:
        pair = source.text[before[2] : end]
        fix = source.spaced(*whole, translated)
        return source.error(
            "E120", f"`{pair}` is not an operator here", whole, "", f"write {translated}", fix=fix
        )
    message = f"a value is missing between `{shown}` and `{source.text[start:end]}`"
    hint = "write a value between them, or take one of them out"
    return source.error("E106", message, (start, end), "a value was expected here", hint)


def _bad_beginning(source: Source, token: Token) -> Exception:
    """The first token cannot begin anything."""
    _, text, start, end = token
    if text == "!":
        message, label = "the factorial is written after its number", "nothing before it"
        hint = "write x! for the factorial, `not c` for a negated condition"
    else:
        message = f"an expression cannot begin with `{source.text[start:end]}`"
        label, hint = (
            "a value is missing before it",
            _BEGINNINGS.get(text, "write a value before it, or take it out"),
        )
    return source.error("E106", message, (start, end), label, hint)


def _missing_at_end(source: Source, before: Token, token: Token) -> Exception:
    """The text, or a bracket, ends where a value is due."""
    shown = source.text[before[2] : before[3]]
    place = (before[2], before[3])
    message = f"a value is missing after `{shown}`"
    if token[0] != END:
        message += f", before `{source.text[token[2] : token[3]]}`"
    fix: str | None = None
    if before[1] == "%":
        hint = "`%` is the remainder; 50 percent is written 0.5"
    elif before[0] == NAME or before[1] in ("(", "[", "|("):
        hint = f"write a value after `{shown}`"
    else:
        hint = f"write a value after `{shown}`, or take it out"
        fix = source.text[: before[2]].rstrip() + source.text[before[3] :].strip() or None
    return source.error("E106", message, place, "nothing follows it", hint, fix=fix)


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
    if text == ":" and tokens[0][1] == "lambda" and tokens[0][2] != start:
        hint = "write only what follows the colon"
        fix = source.text[end:].strip() or None
        return source.error("E120", "an expression is no lambda", (tokens[0][2], end), "", hint, fix=fix)
    if text == ":" and tokens[at + 1][1] == "=":
        return equation(source, tokens, at + 1)
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
    """``=``: an operator of another language, a definition, or an equation."""
    _, text, start, end = tokens[at]
    if text == "!":
        end = tokens[at + 1][3]
    before, after = tokens[at - 1] if at else None, tokens[at + 1]
    if before is not None and before[3] == start:
        place = (before[2], end)
        shown = source.text[before[2] : end]
        if before[1] in ("==", "!="):
            fix = source.replaced(*place, before[1])
            message = f"`{shown}` is not an operator here"
            return source.error("E120", message, place, "", f"write {before[1]}", fix=fix)
        if before[1] in _ASSIGNING:
            message = f"`{shown}`: an expression cannot assign"
            return source.error("E112", message, place, "", "write only the right side")
    if after[1] in ("<", ">") and after[2] == end:
        right_order = after[1] + "="
        place = (start, after[3])
        message = f"`={after[1]}` is not an operator here"
        fix = source.replaced(*place, right_order)
        return source.error("E120", message, place, "", f"write {right_order}", fix=fix)
    right = source.text[end:].strip()
    compare = "write == to compare the two sides"
    message, label = "an equation is not a function", "`=` cannot stand here"
    if right and "=" in right.replace("==", ""):
        hint = "several sides are said to be equal: give one of them"
        return source.error("E112", message, (start, end), label, hint)
    if right and _is_definition(tokens, at):
        hint = f"write only the right side, without `{source.quote(0, tokens[at - 1][3])} =`"
        return source.error("E112", message, (start, end), label, hint, compare, fix=right)
    hint = "write the difference of the two sides, or the side that is to be differentiated"
    return source.error("E112", message, (start, end), label, hint, compare)


def _is_definition(tokens: list[Token], at: int) -> bool:
    """Whether what stands before ``=`` is a name, perhaps with names in brackets: ``f(x, y)``."""
    if tokens[0][0] != NAME or at == 0:
        return False
    rest = tokens[1:at]
    if not rest:
        return True
    inner = rest[1:-1]
    return rest[0][1] == "(" and rest[-1][1] == ")" and all(t[0] == NAME or t[1] == "," for t in inner)


def unclosed(source: Source, stack: Stack, tokens: list[Token]) -> Exception:
    """The text ends inside a bracket."""
    _, bracket, opened = stack[-1]
    if bracket == "if":
        return _no_else(source, opened)
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
        return _no_else(source, opened)
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
    if bracket == "if":
        return _no_else(source, opened)
    assigned = next((k for k, token in enumerate(tokens[: at + 20]) if token[1] == "="), None)
    if assigned is not None and _is_definition(tokens, assigned):
        return equation(source, tokens, assigned)
    before, after = tokens[at - 1], tokens[at + 1]
    if before[0] == after[0] == NUMBER and before[3] == start and end == after[2]:
        return _decimal_comma(source, before, after)
    hints = ["write [a, b] for a vector of several values"]
    if bracket == "(":
        where = "inside brackets that group"
    else:
        where = "at the top level"
        hints.append("several expressions are given one at a time")
    message = f"a comma separates arguments; it means nothing {where}"
    return source.error("E115", message, (start, end), "", *hints)


def _decimal_comma(source: Source, before: Token, after: Token) -> Exception:
    """``1,5``, ``1,000``, ``1.000,5``."""
    place = (before[3], after[2])
    fix = None
    if "." in before[1]:
        hint = f"write {before[1].replace('.', '')}.{after[1]}"
    elif len(after[1]) == 3:
        hint = f"write {before[1]}.{after[1]}, or {before[1]}{after[1]} without the comma"
    else:
        hint, fix = f"write {before[1]}.{after[1]}", source.replaced(*place, ".")
    return source.error("E115", "a decimal comma is not read", place, "a point was expected", hint, fix=fix)


def _no_else(source: Source, start: int) -> Exception:
    """``a if c``, and then something else than ``else``."""
    message = "`if` without `else`: there is no value for where the condition fails"
    return source.error("E119", message, (start, start + 2), "this `if`", "write `a if c else b`")


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
