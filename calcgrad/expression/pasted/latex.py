"""LaTeX: pylatexenc cuts the text into tokens, the grammar is ours.

Nothing recurses: what is still to be read stands on a list as ranges of tokens, between the pieces that are already
decided. ``\\frac{a}{b}`` becomes ``(``, the range of a, ``)/(``, the range of b, ``)``. In LaTeX every letter is a variable of
its own, so ``xy`` is x times y, and ``xe^x`` needs no sign; a run of letters that is a function's name (``sin``) is one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple, TypeAlias

from calcgrad.expression.pasted import latex_names as names
from calcgrad.expression.pasted.cases import ELSE, END_CASES, NEXT, OPEN_CASES, WHEN
from calcgrad.expression.pasted.pieces import Piece, RefusalError


class Token(NamedTuple):
    """A token of LaTeX: ``kind`` is char, macro, {, }, begin, end or other; the name of a macro or an environment."""

    kind: str
    text: str
    start: int
    end: int


#: Longer runs of letters are no function's name, and longer ranges no name, number or word.
MAX_WORD = 12
#: Letters that may stand together and be a product: mgh, but not speed.
MAX_LETTERS = 3
MAX_PLAIN = 60

#: What is still to be done: a piece to be written, or a range of tokens to be read.
Task: TypeAlias = Piece | tuple[int, int]


def is_latex(text: str) -> bool:
    """Whether the text may be LaTeX: it has a backslash, a dollar sign, or a group that is raised or lowered."""
    return "\\" in text or "$" in text or "^{" in text or "_{" in text


def read_latex(text: str, is_function: Callable[[str], bool], declared: Collection[str]) -> list[Piece]:
    """The pieces of a formula in LaTeX. Raises ``RefusalError`` where it cannot be read."""
    return _Reader(text, _tokens(text), is_function, declared).read()


def _tokens(text: str) -> list[Token]:
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


class _Reader:
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

    def read(self) -> list[Piece]:
        """Work off what is still to be read, the first thing last on the list."""
        todo: list[Task] = [(0, len(self.tokens))]
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

    # Characters.

    def character(self, at: int, stop: int) -> list[Task]:
        token = self.tokens[at]
        text = token.text
        if text.isdigit() or text == ".":
            return self.number(at, stop)
        if text.isalpha():
            return self.letters(at, stop)
        if text == "^":
            return self.raised(at, stop)
        if text == "_":
            raise self.refused(
                at, "a subscript belongs to a letter", label="nothing before it that could bear it"
            )
        if text in "&#":
            raise self.refused(at, f"`{text}` has no meaning in a formula")
        if text in "[]":
            return [self.square(at), (at + 1, stop)]
        if text == "*" and self.is_char(at + 1, stop, "*"):
            return [Piece("**", token.start, self.tokens[at + 1].end), (at + 2, stop)]
        if text in "<>=!" and self.is_char(at + 1, stop, "=") and token.end == self.tokens[at + 1].start:
            return [Piece(text + "=", token.start, self.tokens[at + 1].end), (at + 2, stop)]
        return [Piece(text, token.start, token.end), (at + 1, stop)]

    def is_char(self, at: int, stop: int, text: str) -> bool:
        return at < stop and self.tokens[at].kind == "char" and self.tokens[at].text == text

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

    def number(self, at: int, stop: int) -> list[Task]:
        end = self.run(at, stop, lambda text: text.isdigit() or text == ".")
        text = "".join(token.text for token in self.tokens[at:end])
        return [Piece(text, self.tokens[at].start, self.tokens[end - 1].end), (end, stop)]

    def run(self, at: int, stop: int, belongs: Callable[[str], bool]) -> int:
        """The end of a run of characters that touch each other."""
        tokens = self.tokens
        end = at + 1
        while end < stop and tokens[end].kind == "char" and belongs(tokens[end].text):
            if tokens[end].start != tokens[end - 1].end:
                break
            end += 1
        return end

    def letters(self, at: int, stop: int) -> list[Task]:
        """A run of letters: a word that means something, or a variable each."""
        tokens = self.tokens
        end = self.run(at, stop, str.isalpha)
        word = "".join(token.text for token in tokens[at:end])
        whole = len(word) > 1 and (
            word in self.declared
            or self.is_function(word)
            or word in ("and", "or", "not", "if", "else", "pi")
        )
        if whole:
            return self.word(Piece(word, tokens[at].start, tokens[end - 1].end), end, stop)
        if word[0] == "d" and len(word) in (2, 4) and set(word[::2]) == {"d"} and self.is_under_d():
            by = [
                Piece(word[k - at : k - at + 2], tokens[k].start, tokens[k + 1].end)
                for k in range(at, end, 2)
            ]
            return [*by, (end, stop)]
        if end - at > MAX_LETTERS and not self.ends_in_function(word):
            name = f"\\text{{{word}}}" if len(word) < 40 else "\\text{...}"
            raise self.refused(
                at, "a long run of letters may be one name, or a product of letters", label="one, or many?",
                hint=f"write {name} for one name, and declare it; put spaces between the letters for their product",
                last=end - 1,
            )  # fmt: skip
        split = end - 1  # from here on it is the last letter, or a function's name without its backslash
        for k in range(max(at, end - MAX_WORD), end - 2):
            if self.is_function(word[k - at :]):
                split = k
                break
        letters: list[Task] = [Piece(t.text, t.start, t.end) for t in tokens[at:split]]
        return [
            *letters,
            *self.word(Piece(word[split - at :], tokens[split].start, tokens[end - 1].end), end, stop),
        ]

    def ends_in_function(self, word: str) -> bool:
        """Whether a run of letters ends with a function's name, and before it has few letters."""
        return any(self.is_function(word[k:]) for k in range(min(len(word) - 2, MAX_LETTERS + 1)))

    def is_under_d(self) -> bool:
        """Whether what is being read stands in a denominator under a lone d, or d^2."""
        tail = [piece.text for piece in self.out[-8:] if piece.text not in ("(", ")")]
        while tail and tail[-1][0] == "d" and len(tail[-1]) == 2:  # the dx before this dy
            tail.pop()
        return tail[-2:] == ["d", "/"] or (tail[-4:-2] == ["d", "^"] and tail[-1] == "/")

    def word(self, piece: Piece, at: int, stop: int) -> list[Task]:
        """A name with its subscript, if there is one."""
        if not self.is_char(at, stop, "_"):
            return [piece, *self.braced_argument(piece, at, stop)]
        first, last, after = self.argument(at, stop)
        plain = self.plain(first, last)
        if self.tokens[at + 1].kind == "char" and (plain.isdigit() or plain.isalpha()):
            after = self.run(at + 1, stop, str.isalnum)  # x_12, which is strictly x_1 2, and x_max
            plain = "".join(t.text for t in self.tokens[at + 1 : after])
            last = after
        end = self.tokens[after - 1].end
        if piece.text == "log":
            if plain.replace(".", "", 1).isdigit() or (len(plain) == 1 and plain.isalpha()):
                return [Piece(f"log_{plain}", piece.start, end), *self.braced_argument(piece, after, stop)]
            return [piece.says("log_("), (first, last), Piece(")", end - 1, end), (after, stop)]
        upright = self.upright(first, last)
        if upright is not None:
            plain = upright
        if not (plain.isalnum() and plain.isascii()):
            raise self.refused(
                at, "a subscript here is a number, a letter or a word", label="not such a subscript"
            )
        return [Piece(f"{piece.text}_{plain}", piece.start, end), (after, stop)]

    def upright(self, first: int, last: int) -> str | None:
        """The word in ``\\mathrm{max}``, if a range is that and nothing else."""
        token = self.tokens[first]
        if token.kind == "macro" and token.text in names.UPRIGHT and self.closes.get(first + 1) == last - 1:
            return "".join(t.text for t in self.tokens[first + 2 : last - 1])
        return None

    def braced_argument(self, piece: Piece, at: int, stop: int) -> list[Task]:
        """After a function, ``{x}`` is its argument."""
        if at < stop and self.tokens[at].kind == "{" and len(piece.text) > 1 and self.is_function(piece.text):
            return self.bracketed(at, stop)
        return [(at, stop)]

    def plain(self, first: int, last: int) -> str:
        """The characters of a short range that has nothing else; otherwise an empty text."""
        if last - first > MAX_PLAIN or any(t.kind != "char" for t in self.tokens[first:last]):
            return ""
        return "".join(t.text for t in self.tokens[first:last])

    # Groups, powers and arguments.

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

    def closed(self, at: int) -> int:
        if at not in self.closes:
            raise self.refused(at, "`{` is never closed", "E107", "opened here")
        return self.closes[at]

    def bracketed(self, at: int, stop: int) -> list[Task]:
        """A group as brackets."""
        last = self.closed(at)
        return [self.at("(", at), (at + 1, last), self.at(")", last), (last + 1, stop)]

    def group(self, at: int, stop: int) -> list[Task]:
        last = self.closed(at)
        if last == at + 2:
            return [(at + 1, last), (last + 1, stop)]
        if last == at + 1:
            return [(last + 1, stop)]
        return self.bracketed(at, stop)

    def enclosed(self, first: int, last: int) -> list[Task]:
        """A range as one operand: in brackets unless it is a number or a letter alone."""
        if last == first + 1 or self.plain(first, last).isdigit():
            return [(first, last)]
        start, end = self.tokens[first].start, self.tokens[max(last - 1, first)].end
        return [Piece("(", start, start + 1), (first, last), Piece(")", max(end - 1, start), end)]

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
        ):
            end = self.run(at + 1, stop, lambda text: text.isdigit() or text == ".")
            number = self.text[token.end : self.tokens[end - 1].end].strip()
            rest = number[1:]
            raise RefusalError(
                "E123", f"`^{number}` raises only the {number[0]} in LaTeX", (token.start, self.tokens[end - 1].end),
                "two readings", f"write ^{{{number}}} for the power, ^{{{number[0]}}} {rest} for the product",
            )  # fmt: skip
        return [Piece("^", token.start, token.end), *self.enclosed(first, last), (after, stop)]

    # Commands.

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
        if name in ("lvert", "rvert"):
            return [self.at("abs(" if name == "lvert" else ")", at), (at + 1, stop)]
        if name in names.FRACTIONS or name in names.BINOMIALS:
            return self.fraction(at, stop)
        if name in ("sqrt", "cbrt"):
            return self.root(at, stop)
        if name in names.UPRIGHT:
            return self.upright_word(at, stop)
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
        parts = [*self.enclosed(first, last), slash, *self.enclosed(second, final)]
        return [self.at("(", at), *parts, end, (after, stop)]

    def root(self, at: int, stop: int) -> list[Task]:
        token = self.tokens[at]
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

    # Environments.

    def environment(self, at: int, stop: int) -> list[Task]:
        name = self.tokens[at].text
        last = self.closes.get(at)
        if last is None:
            raise self.refused(at, f"`{self.shown(at)}` is never ended", "E107", "begun here")
        if name in names.CASES:
            return [*self.cases(at, last), (last + 1, stop)]
        if name in names.TRANSPARENT:
            return [(at + 1, last), (last + 1, stop)]
        raise self.refused(
            at, f"`{self.shown(at)}` is not read", hint="give one formula; cases may be \\begin{cases}"
        )

    def array(self, at: int, stop: int) -> list[Task] | None:
        """``\\left\\{ \\begin{array}{ll} … \\end{array} \\right.`` is how cases were written before they had a name."""
        first = at + 2
        last = self.closes.get(first)
        if last is None or self.tokens[first].kind != "begin" or last + 2 >= stop:
            return None
        if self.tokens[last + 1].text != "right" or self.tokens[last + 2].text != ".":
            return None
        if self.tokens[first].text == "array" and self.tokens[first + 1].kind == "{":
            first = self.closed(first + 1)
        return [*self.cases(first, last), (last + 3, stop)]

    def cases(self, at: int, last: int) -> list[Task]:
        """Rows of a value and its condition."""
        tasks: list[Task] = [self.at(OPEN_CASES, at)]
        rows = [
            row
            for row in self.split(at + 1, last, lambda t: t.kind == "macro" and t.text == "\\")
            if row[0] < row[1]
        ]
        for number, (first, end) in enumerate(rows):
            if number:
                tasks.append(self.at(NEXT, first))
            columns = self.columns(first, end)
            if len(columns) != 2:
                raise self.refused(first, "a case is a value, `&`, and its condition", label="not such a row")
            (value, value_end), (condition, condition_end) = columns
            if self.is_comma(value_end - 1):
                value_end -= 1
            if self.is_otherwise(condition, condition_end):
                tasks += [self.at(ELSE, condition), (value, value_end)]
            else:
                tasks += [(condition, condition_end), self.at(WHEN, condition), (value, value_end)]
        return [*tasks, self.at(END_CASES, last)]

    def columns(self, first: int, end: int) -> list[tuple[int, int]]:
        """A row of cases in its columns; where there is no ``&`` the comma before the condition parts them."""
        columns = self.split(first, end, lambda t: t.kind == "char" and t.text == "&")
        if len(columns) == 1:
            columns = self.split(first, end, lambda t: t.kind == "char" and t.text == ",")
        return [(a, b) for a, b in columns if a < b]

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

    def is_comma(self, at: int) -> bool:
        return self.tokens[at].kind == "char" and self.tokens[at].text in ",;"

    def is_otherwise(self, first: int, last: int) -> bool:
        """Whether a condition is the word otherwise."""
        if last - first > MAX_PLAIN:
            return False
        shown = self.text[self.tokens[first].start : self.tokens[last - 1].end]
        for command in (*names.UPRIGHT, "quad", "qquad"):
            shown = shown.replace(f"\\{command}", " ")
        return " ".join("".join(c if c.isalpha() else " " for c in shown).lower().split()) in names.OTHERWISE

    # Words about places.

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
