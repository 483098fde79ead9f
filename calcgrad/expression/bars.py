"""Which bars of ``|x|`` open and which close, decided before the parser sees them.

A bar where a value is due opens. A bar after a value may close, or open as the factor of an implicit
product. So a text with bars may have several readings. All of them are followed at once, as the set of depths
that each bar can leave open: the bits of one whole number. Going back from the end shows whether there was a
choice.
"""

from __future__ import annotations

from calcgrad.expression.source import Source
from calcgrad.expression.tokens import NAME, NUMBER, SIGN, SUPERSCRIPT, Token

#: Bars between two brackets or commas, where some could open as well as close.
MAX_UNCERTAIN = 10_000

_OPENING = ("(", "[")
_CLOSING = (")", "]", ",")
_KEYWORDS = ("and", "or", "not", "if", "else")
_STARTS = ("(", "[", "√", "∛", "not")


class _Bar:
    """A bar: its token, whether it may open, whether it may close, whether the token before is a bar."""

    __slots__ = ("adjacent", "at", "closes", "opens")

    def __init__(self, at: int, opens: bool, closes: bool, adjacent: bool) -> None:
        self.at = at
        self.opens = opens
        self.closes = closes
        self.adjacent = adjacent


def resolve_bars(source: Source, tokens: list[Token]) -> list[Token]:
    """The tokens with each bar as ``|(`` or ``|)``. Raises ``ParseError`` where two readings exist."""
    decided = list(tokens)
    levels: list[list[_Bar]] = [[]]
    for at, (kind, text, _, _) in enumerate(tokens):
        if kind != SIGN:
            continue
        if text == "|":
            levels[-1].append(_bar(source, tokens, at))
        elif text in _OPENING:
            levels.append([])
        elif text in _CLOSING:
            _decide(source, decided, levels[-1])
            if text == ",":
                levels[-1] = []
            elif len(levels) > 1:
                levels.pop()
    for level in levels:
        _decide(source, decided, level)
    return decided


def _bar(source: Source, tokens: list[Token], at: int) -> _Bar:
    before = tokens[at - 1] if at else (SIGN, "(", 0, 0)
    after = tokens[at + 1]
    adjacent = before[1] == "|"
    closes = adjacent or _ends_value(source, before)
    opens = after[1] == "|" or _starts_value(after) or (after[1] in ("+", "-") and (adjacent or not closes))
    return _Bar(at, opens, closes, adjacent)


def _ends_value(source: Source, token: Token) -> bool:
    kind, text, _, _ = token
    if kind == NAME:
        is_variable = text in source.declared or not source.is_function(text)
        return text not in _KEYWORDS and is_variable
    return kind in (NUMBER, SUPERSCRIPT) or text in (")", "]", "!")


def _starts_value(token: Token) -> bool:
    kind, text, _, _ = token
    return (
        kind == NUMBER
        or (kind == NAME and text not in _KEYWORDS[:2] and text not in ("if", "else"))
        or text in _STARTS
    )


def _decide(source: Source, tokens: list[Token], bars: list[_Bar]) -> None:
    """Write the one reading of these bars into the tokens."""
    if not bars:
        return
    if sum(bar.opens and bar.closes for bar in bars) > MAX_UNCERTAIN:
        place = tokens[bars[MAX_UNCERTAIN].at]
        raise source.limit(
            "E156",
            f"more than {MAX_UNCERTAIN:,} bars `|` could open or close",
            (place[2], place[3]),
            "",
            "write abs(x) instead of |x|",
        )
    reached = _follow(bars)
    if not reached[-1][1] & 1:
        raise _unpaired(source, tokens, bars)
    readings = [_go_back(bars, reached, prefer_open) for prefer_open in (False, True)]
    if readings[0] != readings[1]:
        raise _two_readings(source, tokens, bars, readings)
    for bar, is_open in zip(bars, readings[0], strict=True):
        kind, _, start, end = tokens[bar.at]
        tokens[bar.at] = (kind, "|(" if is_open else "|)", start, end)


def _follow(bars: list[_Bar]) -> list[tuple[int, int]]:
    """After each bar, the depths that can be reached by opening it, and by closing it."""
    opened, closed = 0, 1
    reached = []
    left = len(bars)
    for bar in bars:
        left -= 1
        before = opened | closed
        if bar.adjacent:
            opened, closed = (before << 1 if bar.opens else 0), (closed >> 1 if bar.closes else 0)
        else:
            opened, closed = (before << 1 if bar.opens else 0), (before >> 1 if bar.closes else 0)
        mask = (2 << left) - 1
        opened, closed = opened & mask, closed & mask
        reached.append((opened, closed))
    return reached


def _go_back(bars: list[_Bar], reached: list[tuple[int, int]], prefer_open: bool) -> list[bool]:
    """One reading, from its end: whether each bar opens."""
    depth, is_open = 0, False
    reading: list[bool] = []
    for k in range(len(bars) - 1, -1, -1):
        reading.append(is_open)
        depth += -1 if is_open else 1
        if k == 0:
            break
        opened, closed = reached[k - 1]
        may_open = bool(opened >> depth & 1) and (is_open or not bars[k].adjacent)
        may_close = bool(closed >> depth & 1)
        is_open = may_open and (prefer_open or not may_close)
    return reading[::-1]


def _unpaired(source: Source, tokens: list[Token], bars: list[_Bar]) -> Exception:
    bar = tokens[bars[0].at]
    count = len(bars)
    if count == 2 and bars[1].adjacent:
        start, end = bar[2], tokens[bars[1].at][3]
        return source.error(
            "E120",
            "`||` is not an operator here",
            (start, end),
            "",
            "write `or` between conditions, abs(x) for |x|",
            fix=source.spaced(start, end, "or") if start and source.text[end:].strip() else None,
        )
    if count % 2:
        message = f"the bars of |x| come in pairs, but there {'is' if count == 1 else 'are'} {count} here"
    else:
        message = "the bars of |x| do not pair up here"
    return source.error(
        "E111",
        message,
        (bar[2], bar[3]),
        "the first of them",
        "write abs(x) instead of |x|, or `or` for a logical or",
    )


def _two_readings(
    source: Source, tokens: list[Token], bars: list[_Bar], readings: list[list[bool]]
) -> Exception:
    start, end = tokens[bars[0].at][2], tokens[bars[-1].at][3]
    shown = []
    for reading in readings:
        parts: list[str] = []
        place = 0
        for bar, is_open in zip(bars, reading, strict=True):
            at = tokens[bar.at][2]
            glue = "*" if is_open and bar.closes and (not bar.adjacent or parts[-1] == ")") else ""
            following = tokens[bar.at + 1]
            parts += [source.text[place:at].strip(), f"{glue}abs(" if is_open else ")"]
            if not is_open and _starts_value(following):
                parts.append("*")
            place = at + 1
        shown.append("".join(parts) + source.text[place:].strip())
    return source.error(
        "E111",
        "the bars have two readings",
        (start, end),
        "which of them open, which close?",
        *(
            tuple([f"write {text}" for text in shown])
            if len(source.text) < 400
            else ("write abs(x) instead of |x|",)
        ),
    )
