"""LaTeX's letters: each is a variable, unless a run of them is a word; with their subscripts."""

from __future__ import annotations

from calcgrad.expression.pasted import latex_names as names
from calcgrad.expression.pasted.latex_ranges import Ranges, Task
from calcgrad.expression.pasted.pieces import Piece

#: Longer runs of letters are no function's name.
MAX_WORD = 12
#: Letters that may stand together and be a product: mgh, but not speed.
MAX_LETTERS = 3


class Letters(Ranges):
    """Numbers, letters, words and subscripts."""

    __slots__ = ()

    def letters(self, at: int, stop: int) -> list[Task]:
        """A run of letters: a word that means something, or a variable each."""
        tokens = self.tokens
        end = self.run(at, stop, str.isalpha)
        word = "".join(token.text for token in tokens[at:end])
        whole = len(word) > 1 and (
            word in self.declared
            or self.is_function(word)
            or word in ("and", "or", "not", "if", "else", "pi")
            or self.is_defined(at, end, stop)
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
        after = self.run(end - 1, stop, str.isdigit)  # x2, as it is typed
        last = Piece(
            word[split - at :] + "".join(t.text for t in tokens[end:after]),
            tokens[split].start,
            tokens[after - 1].end,
        )
        letters: list[Task] = [Piece(t.text, t.start, t.end) for t in tokens[at:split]]
        return [*letters, *self.word(last, after, stop)]

    def is_defined(self, at: int, end: int, stop: int) -> bool:
        """``ReLU(x) = …``: the name that a definition begins with."""
        k = end + 1
        if self.out or not self.is_char(end, stop, "("):
            return False
        while (
            k < stop
            and self.tokens[k].kind == "char"
            and (self.tokens[k].text.isalnum() or self.tokens[k].text in ", ")
        ):
            k += 1
        return k > end + 1 and self.is_char(k, stop, ")") and self.is_char(k + 1, stop, "=")

    def ends_in_function(self, word: str) -> bool:
        """Whether a run of letters ends with a function's name, and before it has few letters."""
        return any(self.is_function(word[k:]) for k in range(min(len(word) - 2, MAX_LETTERS + 1)))

    def is_under_d(self) -> bool:
        """Whether what is being read stands in a denominator under a lone d, or d^2."""
        tail = [piece.text for piece in self.out[-8:] if piece.text not in ("(", ")")]
        while tail and tail[-1][0] == "d" and len(tail[-1]) == 2:  # the dx before this dy
            tail.pop()
        return tail[-2:] == ["d", "/"] or (tail[-4:-2] == ["d", "^"] and tail[-1] == "/")

    def operator_variable(self, a: int, b: int, c: int, d: int) -> Piece | None:
        """The ``dx`` of ``\\frac{d…}{dx}``: a derivative, not a product of d and x."""
        above, below = self.tokens[a : min(b, a + 4)], self.plain(c, d)
        if not above or below[:1] != "d" or len(below) != 2 or not below.isalpha():
            return None
        upright = (
            above[0].kind == "macro"
            and above[0].text in names.UPRIGHT
            and [t.text for t in above[2:3]] == ["d"]
        )
        if not upright and not (above[0].kind == "char" and above[0].text == "d"):
            return None
        return Piece(below, self.tokens[c].start, self.tokens[d - 1].end)

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
        plain = self.upright(first, last) or plain
        if not (plain.isalnum() and plain.isascii()):
            raise self.refused(
                at,
                "a subscript here is a number, a letter or a word",
                label="not such a subscript",
                hint="write x_1, or another letter",
            )
        return [Piece(f"{piece.text}_{plain}", piece.start, end), (after, stop)]

    def braced_argument(self, piece: Piece, at: int, stop: int) -> list[Task]:
        """After a function, ``{x}`` is its argument."""
        if at < stop and self.tokens[at].kind == "{" and len(piece.text) > 1 and self.is_function(piece.text):
            return self.bracketed(at, stop)
        return [(at, stop)]

    def bears_subscript(self) -> bool:
        """Whether what was read last is a letter without a subscript, and no exponent: ``{g}_{k}``."""
        tail = self.out[-2:]
        return bool(tail) and tail[-1].is_word and "_" not in tail[-1].text and tail[0].text != "^"

    def number(self, at: int, stop: int) -> list[Task]:
        end = self.run(at, stop, lambda text: text.isdigit() or text == ".")
        text = "".join(token.text for token in self.tokens[at:end])
        if text == "." and self.is_product(at, stop):
            return [self.at("*", at), (end, stop)]
        return [Piece(text, self.tokens[at].start, self.tokens[end - 1].end), (end, stop)]

    def is_product(self, at: int, stop: int) -> bool:
        """``\\frac{a}{b}.\\cos x``: a point that touches both its factors."""
        if not self.out or not self.out[-1].ends_value or at + 1 >= stop:
            return False
        after = self.tokens[at + 1]
        touches = self.tokens[at - 1].end == self.tokens[at].start and self.tokens[at].end == after.start
        factor = names.FUNCTIONS.keys() | names.SYMBOLS.keys() | names.FRACTIONS | {"sqrt", "left"}
        return touches and (
            after.kind == "{" or after.text == "(" or (after.kind == "macro" and after.text in factor)
        )
