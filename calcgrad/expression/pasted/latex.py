"""LaTeX: pylatexenc cuts the text into tokens, the grammar is ours.

Nothing recurses: what is still to be read stands on a list as ranges of tokens, between the pieces that are already
decided. ``\\frac{a}{b}`` becomes ``(``, the range of a, ``)/(``, the range of b, ``)``. In LaTeX every letter is a variable of
its own, so ``xy`` is x times y, and ``xe^x`` needs no sign; a run of letters that is a function's name (``sin``) is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from calcgrad.expression.pasted import latex_names as names
from calcgrad.expression.pasted.latex_cases import Environments
from calcgrad.expression.pasted.latex_ranges import Task, tokens_of
from calcgrad.expression.pasted.pieces import Piece, RefusalError

#: Maple's ``x$3``, three times x.
_MAPLES_REPEAT = re.compile(r"^[^$]*,\s*[^\W\d]\s?\$\s?\d[^$]*$")
#: What a command that only moves is told: ``\\kern-.25em``.
_LENGTH = re.compile(r"\s*[-+]?\s*(?:\d+\.?\d*|\.\d+)\s*(?:em|ex|pt|mu|cm|mm|in|px|pc)")


def is_latex(text: str) -> bool:
    """Whether the text may be LaTeX: it has a backslash, a dollar sign, or a group that is raised or lowered."""
    dollar = "$" in text and not _MAPLES_REPEAT.search(text)
    return "\\" in text or dollar or "^{" in text or "_{" in text


def read_latex(text: str, is_function: Callable[[str], bool], declared: Collection[str]) -> list[Piece]:
    """The pieces of a formula in LaTeX. Raises ``RefusalError`` where it cannot be read."""
    return _Reader(text, tokens_of(text), is_function, declared).read()


class _Reader(Environments):
    """Works off a list of what is still to be read, the first thing last on it."""

    __slots__ = ()

    def read(self) -> list[Piece]:
        """Work off what is still to be read, the first thing last on the list."""
        todo: list[Task] = self.halves(0, len(self.tokens)) or [(0, len(self.tokens))]
        todo.reverse()
        while todo:
            task = todo.pop()
            if isinstance(task, Piece):
                self.out.append(task)
            elif task[0] < task[1]:
                todo.extend(reversed(self.step(*task)))
        return self.out

    def step(self, at: int, stop: int) -> list[Task]:
        """What one token, and what belongs to it, becomes; then the rest of the range."""
        kind = self.tokens[at].kind
        if kind == "macro":
            return self.macro(at, stop)
        if kind == "{":
            return self.group(at, stop)
        if kind == "begin":
            return self.environment(at, stop)
        if kind in ("}", "end"):
            raise self.refused(at, f"`{self.shown(at)}` closes nothing", "E108")
        return self.character(at, stop)

    def character(self, at: int, stop: int) -> list[Task]:
        token = self.tokens[at]
        text = token.text
        if text.isdigit() or text == ".":
            return self.number(at, stop)
        if text.isalpha():
            return self.letters(at, stop)
        if text == "^":
            return self.raised(at, stop)
        if text == "_" and self.bears_subscript():
            return self.word(self.out.pop(), at, stop)  # {g}_{k}
        if text == "_":
            raise self.refused(
                at, "a subscript belongs to a letter", label="nothing before it that could bear it"
            )
        if text == "&" and self.aligns(at, stop):
            return [(at + 1, stop)]
        if text in "&#":
            raise self.refused(at, f"`{text}` has no meaning in a formula")
        if text in "[]":
            return [self.square(at), (at + 1, stop)]
        if text == "*" and self.is_char(at + 1, stop, "*"):
            return [Piece("**", token.start, self.tokens[at + 1].end), (at + 2, stop)]
        if text in "<>=!" and self.is_char(at + 1, stop, "=") and token.end == self.tokens[at + 1].start:
            return [Piece(text + "=", token.start, self.tokens[at + 1].end), (at + 2, stop)]
        return [Piece(text, token.start, token.end), (at + 1, stop)]

    def aligns(self, at: int, stop: int) -> bool:
        """``f &= x^2`` and ``f & = & x^2``: where lines are to be aligned."""
        return self.is_char(at + 1, stop, "=") or (bool(self.out) and self.out[-1].text == "=")

    def square(self, at: int) -> Piece:
        """A square bracket groups as a round one does, unless it lists."""
        token = self.tokens[at]
        other = self.closes.get(at)
        if other is None or self.lists(min(at, other), max(at, other)):
            return Piece(token.text, token.start, token.end)
        return Piece("(" if token.text == "[" else ")", token.start, token.end)

    def lists(self, first: int, last: int) -> bool:
        """Whether a comma stands directly between two brackets."""
        at = first + 1
        while at < last:
            if self.is_char(at, last, ","):
                return True
            at = self.closes.get(at, at) + 1 if self.closes.get(at, at) > at else at + 1
        return False

    def halves(self, first: int, last: int) -> list[Task] | None:
        """``a \\over b`` as a fraction, where a range has that directly inside it."""
        parts = self.split(first, last, lambda t: t.kind == "macro" and t.text == "over")
        if len(parts) != 2 or any(a == b for a, b in parts):
            return None
        (a, b), (c, d) = parts
        by = self.operator_variable(a, b, c, d)
        below: list[Task] = self.enclosed(c, d) if by is None else [by]
        return [self.at("(", a), *self.enclosed(a, b), self.at("/", b), *below, self.at(")", d - 1)]

    def group(self, at: int, stop: int) -> list[Task]:
        last = self.closed(at)
        halves = self.halves(at + 1, last)
        if halves is not None:
            return [*halves, (last + 1, stop)]
        if last == at + 2:
            return [(at + 1, last), (last + 1, stop)]
        if last == at + 1:
            return [(last + 1, stop)]
        return self.bracketed(at, stop)

    def raised(self, at: int, stop: int) -> list[Task]:
        token = self.tokens[at]
        if self.is_char(at + 1, stop, "-") or self.is_char(at + 1, stop, "("):
            return [Piece("^", token.start, token.end), (at + 1, stop)]  # x^-1, x^(2k), as people type them
        first, last, after = self.argument(at, stop)
        inner = self.tokens[first : min(last, first + 4)]
        if [t.text for t in inner] in (["circ"], ["degree"]):
            return [Piece("°", token.start, inner[-1].end), (after, stop)]
        if inner and last - first < 4 and all(t.text in ("prime", "'") for t in inner):
            return [*[Piece("'", t.start, t.end) for t in inner], (after, stop)]
        follows = after < stop and self.tokens[after].kind == "char" and self.tokens[after].text
        if (
            self.tokens[at + 1].kind == "char"
            and inner[0].text.isdigit()
            and follows
            and follows in "0123456789."
            and not self.is_argument_apart(at, after)
        ):
            end = self.run(at + 1, stop, lambda text: text.isdigit() or text == ".")
            number = self.text[token.end : self.tokens[end - 1].end].strip()
            rest = number[1:]
            raise RefusalError(
                "E123", f"`^{number}` raises only the {number[0]} in LaTeX", (token.start, self.tokens[end - 1].end),
                "two readings", f"write ^{{{number}}} for the power, ^{{{number[0]}}} {rest} for the product",
            )  # fmt: skip
        return [Piece("^", token.start, token.end), *self.enclosed(first, last), (after, stop)]

    def is_argument_apart(self, at: int, after: int) -> bool:
        """``\\cos^2 3x``: what stands apart from a function's power is its argument."""
        before = self.tokens[at - 1] if at else None
        is_function = before is not None and before.kind == "macro" and before.text in names.FUNCTIONS
        return is_function and self.tokens[after].start > self.tokens[after - 1].end

    def macro(self, at: int, stop: int) -> list[Task]:
        token = self.tokens[at]
        name = token.text
        if name in ("left", "right") or name.lower().startswith("big"):
            return self.delimiter(at, stop)
        if name in names.FUNCTIONS:
            return self.word(self.at(names.FUNCTIONS[name], at), at + 1, stop)
        if name in names.SYMBOLS:
            piece = self.at(names.SYMBOLS[name], at)
            return self.word(piece, at + 1, stop) if piece.text.isalpha() else [piece, (at + 1, stop)]
        if name in names.SILENT:
            return [(at + 1, stop)]
        if name in names.MOVING:
            return [(self.after_length(at, stop), stop)]
        if name in ("lvert", "rvert"):
            return [self.at("abs(" if name == "lvert" else ")", at), (at + 1, stop)]
        if name in names.FRACTIONS or name in names.BINOMIALS:
            return self.fraction(at, stop)
        if name in ("sqrt", "cbrt"):
            return self.root(at, stop)
        if name in names.UPRIGHT:
            return self.upright_word(at, stop)
        if name in names.DROPPED:
            return [(self.argument(at, stop)[2], stop)]
        if name == "abs" and self.is_char(at + 1, stop, "("):
            return [self.at("abs", at), (at + 1, stop)]
        if name in names.DRESSING or name in ("abs", "norm"):
            first, last, after = self.argument(at, stop)
            if name == "abs":
                return [self.at("abs(", at), (first, last), self.at(")", after - 1), (after, stop)]
            if name != "norm":
                return (
                    [(first, last), (after, stop)]
                    if last == first + 1
                    else [*self.enclosed(first, last), (after, stop)]
                )
        if name == "\\":
            if at + 1 >= stop:
                return []
            raise self.refused(at, "one formula is read at a time", label="a second line begins here")
        raise self.unknown(at)

    def after_length(self, at: int, stop: int) -> int:
        """What follows ``\\kern-.25em``."""
        length = _LENGTH.match(self.text, self.tokens[at].end)
        if length is None:
            raise self.unknown(at)
        while at + 1 < stop and self.tokens[at + 1].start < length.end():
            at += 1
        return at + 1

    def unknown(self, at: int) -> RefusalError:
        name = self.tokens[at].text
        hint = names.REFUSED.get(name)
        message = f"`{self.shown(at)}` is not read"
        if hint is not None:
            return self.refused(at, message, "E122", "", hint)
        known = self.is_function(name)
        near = f"write \\operatorname{{{name}}}" if known else "write what it stands for"
        return self.refused(at, message, "E122", "an unknown command", near)

    def delimiter(self, at: int, stop: int) -> list[Task]:
        """``\\left(``: how large a bracket is does not matter, but which side it is on tells the bars apart."""
        name = self.tokens[at].text
        if at + 1 >= stop:
            raise self.refused(at, f"`{self.shown(at)}` has no bracket", label="nothing follows it")
        following = self.tokens[at + 1]
        array = self.array(at, stop) if name == "left" and following.text in ("{", "lbrace") else None
        if array is not None:
            return array
        if following.text == "." and name in ("left", "right"):
            raise self.refused(at, "a bracket has two sides here", label="this side is empty")
        if following.text in ("|", "vert", "lvert", "rvert") and name[-1] in "trlL":
            opens = name == "left" or name[-1] == "l"
            return [self.at("abs(" if opens else ")", at + 1), (at + 2, stop)]
        return [(at + 1, stop)]

    def fraction(self, at: int, stop: int) -> list[Task]:
        first, last, middle = self.argument(at, stop)
        second, final, after = self.argument(middle - 1, stop, at)
        end = self.at(")", after - 1)
        if self.tokens[at].text in names.BINOMIALS:
            opening, comma = self.at("binomial(", at), self.at(",", middle - 1)
            return [opening, (first, last), comma, (second, final), end, (after, stop)]
        if not (first < last and second < final):
            raise self.refused(at, "a fraction has two parts", label="one of them is empty")
        slash = self.at("/", middle - 1)
        by = self.operator_variable(first, last, second, final)
        below: list[Task] = self.enclosed(second, final) if by is None else [by]
        parts = [*self.enclosed(first, last), slash, *below]
        return [self.at("(", at), *parts, end, (after, stop)]

    def root(self, at: int, stop: int) -> list[Task]:
        token = self.tokens[at]
        if self.is_char(at + 1, stop, "("):
            return [self.at(token.text, at), (at + 1, stop)]
        if token.text == "sqrt" and self.is_char(at + 1, stop, "["):
            close = self.closes.get(at + 1)
            if close is None:
                raise self.refused(at + 1, "`[` is never closed", "E107", "opened here")
            first, last, after = self.argument(close, stop)
            comma, end = self.at(",", close), self.at(")", after - 1)
            return [self.at("root(", at), (first, last), comma, (at + 2, close), end, (after, stop)]
        first, last, after = self.argument(at, stop)
        return [self.at(f"{token.text}(", at), (first, last), self.at(")", after - 1), (after, stop)]

    def upright_word(self, at: int, stop: int) -> list[Task]:
        """``\\mathrm{e}``, ``\\operatorname{erf}``, ``\\text{if }``: what stands in it is one word."""
        first, last, after = self.argument(at, stop)
        if first == last:
            return [(after, stop)]
        head = self.run(first, last, str.isalpha)
        if (
            self.tokens[first].kind == "char"
            and head < last
            and "".join(t.text for t in self.tokens[first:head]) in names.FILLING
        ):
            return [(head, last), (after, stop)]  # \\text{if $x < 0$}
        if not self.plain(first, last):
            return [*self.enclosed(first, last), (after, stop)]
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        word = " ".join(self.text[start:end].split())
        if word in names.FILLING:
            return [(after, stop)]
        if word in ("and", "or", "not") or (word.isalnum() and word.isascii()):
            return self.word(Piece(word, start, end), after, stop)
        if self.tokens[at].text in ("mathrm", "mathsf"):
            return [(first, last), (after, stop)]
        raise self.refused(at, f"`{word}` is no part of a formula", label="words", hint="leave it out")
