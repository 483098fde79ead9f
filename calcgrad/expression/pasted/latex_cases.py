"""LaTeX's environments: cases are read, those that only set a formula off are looked through."""

from __future__ import annotations

from calcgrad.expression.pasted import latex_names as names
from calcgrad.expression.pasted.cases import ELSE, END_CASES, NEXT, OPEN_CASES, WHEN
from calcgrad.expression.pasted.latex_letters import Letters
from calcgrad.expression.pasted.latex_ranges import MAX_PLAIN, Task

_ONE_BACKSLASH = r"rows are parted by \\; in double quotes a shell makes one of two: use single quotes"


class Environments(Letters):
    """``\\begin{cases} … \\end{cases}``, and the array in a brace that came before it."""

    __slots__ = ()

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
                hint = _ONE_BACKSLASH if len(columns) > 2 else ""
                raise self.refused(
                    first, "a case is a value, `&`, and its condition", label="not such a row", hint=hint
                )
            (value, value_end), (condition, condition_end) = columns
            if self.is_comma(value_end - 1):
                value_end -= 1
            if self.is_comma(condition_end - 1) or self.is_char(condition_end - 1, last, "."):
                condition_end -= 1
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
        return [(a, b) for a, b in columns if a < b and not self.is_filling(a, b)]

    def is_filling(self, first: int, last: int) -> bool:
        """Whether a column is only a comma, or the word if."""
        if last - first > MAX_PLAIN:
            return False
        shown = self.text[self.tokens[first].start : self.tokens[last - 1].end]
        for command in names.UPRIGHT:
            shown = shown.replace(f"\\{command}", " ")
        word = shown.strip("{} ,;$").lower()
        return word in names.FILLING

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
