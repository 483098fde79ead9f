"""LaTeX as ranges of tokens: pylatexenc cuts the text, and what belongs to a command is a range between two of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple, TypeAlias

from calcgrad.expression.pasted import latex_names as names
from calcgrad.expression.pasted.pieces import Piece, RefusalError
from calcgrad.expression.tokens import canonical_name

#: Longer ranges are no name, number or word.
MAX_PLAIN = 60


class Token(NamedTuple):
    """A token of LaTeX: ``kind`` is char, macro, {, }, begin, end or other; the name of a macro or an environment."""

    kind: str
    text: str
    start: int
    end: int


#: What is still to be done: a piece to be written, or a range of tokens to be read.
Task: TypeAlias = Piece | tuple[int, int]


def tokens_of(text: str) -> list[Token]:
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerEndOfStream, LatexWalkerParseError

    walker = LatexWalker(text)
    found: list[Token] = []
    place = 0
    while True:
        try:
            token = walker.get_token(place)
        except LatexWalkerEndOfStream:
            return found
        except LatexWalkerParseError as error:
            raise RefusalError(
                "E122", "this is not how LaTeX is written", (place, place + 1), str(error.msg)[:60]
            ) from None
        place = token.pos + token.len
        if token.tok == "comment" and (text[: token.pos][-1:].isdigit() or "$" in text[token.pos : place]):
            raise RefusalError(
                "E122", "`%` begins a remark in LaTeX", (token.pos, place), "this would be left out",
                "write \\% for the sign, x/100 for percent",
            )  # fmt: skip
        kept = _kept(token, text)
        if kept is not None:
            found.append(kept)


_KINDS = {
    "brace_open": "{",
    "brace_close": "}",
    "begin_environment": "begin",
    "end_environment": "end",
    "macro": "macro",
}


def _kept(token: Any, text: str) -> Token | None:
    """A token of pylatexenc as one of ours; what only sets the formula off from other text is left out."""
    start, end = token.pos, token.pos + token.len - len(getattr(token, "post_space", "") or "")
    if token.tok in ("mathmode_inline", "mathmode_display", "comment"):
        return None
    if token.tok == "char":
        return Token("char", token.arg, start, end)
    if token.tok in _KINDS:
        return Token(_KINDS[token.tok], token.arg, start, end)
    shown = text[start:end]
    return None if shown in ("~", "\n\n") or not shown.strip() else Token("char", shown, start, end)


class Ranges:
    """A text in LaTeX as tokens, and the ranges that belong together."""

    __slots__ = ("closes", "declared", "is_function", "out", "text", "tokens")

    def __init__(
        self, text: str, tokens: list[Token], is_function: Callable[[str], bool], declared: Collection[str]
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.is_function = is_function
        self.declared = declared
        self.closes = _closes(tokens)
        self.out: list[Piece] = []

    def at(self, text: str, at: int) -> Piece:
        token = self.tokens[at]
        return Piece(text, token.start, token.end)

    def shown(self, at: int) -> str:
        token = self.tokens[at]
        return " ".join(self.text[token.start : token.end].split())[:40]

    def refused(
        self,
        at: int,
        message: str,
        code: str = "E122",
        label: str = "",
        hint: str = "",
        last: int | None = None,
    ) -> RefusalError:
        token = self.tokens[min(at, len(self.tokens) - 1)]
        end = token.end if last is None else self.tokens[last].end
        return RefusalError(code, message, (token.start, end), label, *([hint] if hint else []))

    def is_char(self, at: int, stop: int, text: str) -> bool:
        return at < stop and self.tokens[at].kind == "char" and self.tokens[at].text == text

    def run(self, at: int, stop: int, belongs: Callable[[str], bool]) -> int:
        """The end of a run of characters that touch each other."""
        tokens = self.tokens
        end = at + 1
        while end < stop and tokens[end].kind == "char" and belongs(tokens[end].text):
            if tokens[end].start != tokens[end - 1].end:
                break
            end += 1
        return end

    def plain(self, first: int, last: int) -> str:
        """The characters of a short range that has nothing else; otherwise an empty text."""
        if last - first > MAX_PLAIN or any(t.kind != "char" for t in self.tokens[first:last]):
            return ""
        return "".join(t.text for t in self.tokens[first:last])

    def closed(self, at: int) -> int:
        if at not in self.closes:
            raise self.refused(at, "`{` is never closed", "E107", "opened here")
        return self.closes[at]

    def split(self, first: int, last: int, parts: Callable[[Token], bool]) -> list[tuple[int, int]]:
        """The ranges between the tokens that part them, none of which stands inside a group."""
        found, start, at = [], first, first
        while at < last:
            if parts(self.tokens[at]):
                found.append((start, at))
                start = at + 1
            other = self.closes.get(at, at)
            at = other + 1 if other > at else at + 1
        return [*found, (start, last)]

    def argument(self, at: int, stop: int, of: int | None = None) -> tuple[int, int, int]:
        """The argument of what stands at ``at``: the range inside its braces, or one token; and what follows it."""
        first = at + 1
        if first >= stop or self.tokens[first].kind in ("}", "end", "begin"):
            message = "has no argument" if of is None else "has only one of its two arguments"
            at = at if of is None else of
            raise self.refused(at, f"`{self.shown(at)}` {message}", label="something is missing after it")
        token = self.tokens[first]
        if token.kind == "{":
            last = self.closed(first)
            return first + 1, last, last + 1
        if token.kind == "macro" and (
            token.text in names.FRACTIONS or token.text in ("sqrt", "text", *names.UPRIGHT)
        ):
            last = self.end_of_macro(first, stop)
            return first, last, last
        return first, first + 1, first + 1

    def end_of_macro(self, at: int, stop: int) -> int:
        """Where a command with arguments in braces ends."""
        count = 2 if self.tokens[at].text in names.FRACTIONS else 1
        end = at + 1
        if self.tokens[at].text == "sqrt" and self.is_char(end, stop, "["):
            end = self.closes.get(end, end) + 1
        for _ in range(count):
            if end >= stop:
                raise self.refused(at, f"`{self.shown(at)}` has no argument", label="nothing follows it")
            end = self.closed(end) + 1 if self.tokens[end].kind == "{" else end + 1
        return end

    def bracketed(self, at: int, stop: int) -> list[Task]:
        """A group as brackets."""
        last = self.closed(at)
        return [self.at("(", at), (at + 1, last), self.at(")", last), (last + 1, stop)]

    def enclosed(self, first: int, last: int) -> list[Task]:
        """A range as one operand: in brackets unless it is a number or a letter alone."""
        if last == first + 1 or self.plain(first, last).isdigit():
            return [(first, last)]
        start, end = self.tokens[first].start, self.tokens[max(last - 1, first)].end
        return [Piece("(", start, start + 1), (first, last), Piece(")", max(end - 1, start), end)]

    def upright(self, first: int, last: int) -> str | None:
        """The word in ``\\mathrm{max}``, if a range is that and nothing else."""
        token = self.tokens[first]
        if token.kind == "macro" and token.text in names.UPRIGHT and self.closes.get(first + 1) == last - 1:
            return "".join(t.text for t in self.tokens[first + 2 : last - 1])
        if token.kind == "macro" and last == first + 1:
            return canonical_name(names.SYMBOLS.get(token.text, names.FUNCTIONS.get(token.text, "")))
        return None


def _closes(tokens: list[Token]) -> dict[int, int]:
    """For each brace, square bracket and environment the token that closes it, and for each bracket the other way too."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for k, token in enumerate(tokens):
        if token.kind in ("{", "begin") or (token.kind == "char" and token.text == "["):
            waiting.append(k)
        elif token.kind == "char" and token.text == "]":
            if waiting and tokens[waiting[-1]].text == "[":
                opened = waiting.pop()
                found[opened], found[k] = k, opened
        elif token.kind in ("}", "end"):
            opening = "{" if token.kind == "}" else "begin"
            while waiting and tokens[waiting[-1]].kind == "char":
                waiting.pop()
            if waiting and tokens[waiting[-1]].kind == opening:
                opened = waiting.pop()
                found[opened] = k
    return found
