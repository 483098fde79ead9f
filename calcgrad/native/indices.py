"""Indices as whole-number forms: a constant and multiples of loop counters and of other whole numbers in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

from calcgrad.native.text import Text


@dataclass(frozen=True, slots=True)
class Form:
    """``constant + sum(factor * symbol)``; the terms are sorted by symbol, and no factor is 0."""

    constant: int = 0
    terms: tuple[tuple[str, int], ...] = ()

    def plus(self, other: Form) -> Form:
        """The sum of two forms.

        >>> Form(1, (("%i", 2),)).plus(Form(2, (("%i", -2), ("%j", 1))))
        Form(constant=3, terms=(('%j', 1),))
        """
        total = dict(self.terms)
        for symbol, factor in other.terms:
            total[symbol] = total.get(symbol, 0) + factor
        return Form(self.constant + other.constant, tuple(sorted((s, f) for s, f in total.items() if f)))

    def times(self, factor: int) -> Form:
        """A multiple."""
        if not factor:
            return Form()
        return Form(self.constant * factor, tuple([(s, f * factor) for s, f in self.terms]))

    def shifted(self, by: int) -> Form:
        """The form plus a constant."""
        return Form(self.constant + by, self.terms)

    def bounds(self, ranges: Mapping[str, tuple[int, int]]) -> tuple[int, int] | None:
        """The least and the greatest value, where the range of every symbol is known.

        >>> Form(1, (("%i", 2),)).bounds({"%i": (0, 5)})
        (1, 9)
        """
        low = high = self.constant
        for symbol, factor in self.terms:
            if symbol not in ranges:
                return None
            first, last = ranges[symbol][0], ranges[symbol][1] - 1
            low += min(factor * first, factor * last)
            high += max(factor * first, factor * last)
        return low, high

    def write(self, text: Text) -> str:
        """The value in the text; a constant is written out."""
        total: str | None = None
        for symbol, factor in self.terms:
            term = symbol if factor == 1 else text.value(f"mul nsw i64 {symbol}, {factor}")
            total = term if total is None else text.value(f"add nsw i64 {total}, {term}")
        if total is None:
            return str(self.constant)
        return text.value(f"add nsw i64 {total}, {self.constant}") if self.constant else total


def symbol(name: str) -> Form:
    """A form that is one symbol."""
    return Form(0, ((name, 1),))


Index = tuple[Form, ...]


def linear(index: Sequence[Form], shape: Sequence[int]) -> Form:
    """The place of an entry among all entries of an array, the last axis running fastest.

    >>> linear((Form(1), Form(2)), (3, 4))
    Form(constant=6, terms=())
    """
    total, stride = Form(), 1
    for form, length in zip(reversed(index), reversed(shape), strict=True):
        total = total.plus(form.times(stride))
        stride *= length
    return total


def regrouped(index: Index, shape: Sequence[int], other: Sequence[int]) -> Index | None:
    """The index into an array of another shape with the same entries, where that is a mere regrouping of axes.

    Axes of length 1 come and go; axes that lie side by side become one. ``None`` where one would have to be parted.

    >>> regrouped((Form(1), Form(2)), (3, 4), (3, 1, 4))
    (Form(constant=1, terms=()), Form(constant=0, terms=()), Form(constant=2, terms=()))
    """
    found: list[Form] = []
    at = 0
    for length in other:
        if length == 1:
            found.append(Form())
            continue
        start = at
        while at < len(shape) and prod(shape[start:at]) < length:
            at += 1
        if prod(shape[start:at]) != length:
            return None
        found.append(linear(index[start:at], shape[start:at]))
    return tuple(found) if prod(shape[at:]) == 1 else None


def identity(counters: Sequence[str]) -> Index:
    """The index that is the loops' own counters."""
    return tuple([symbol(c) for c in counters])


def segments(length: int, cuts: set[int], most: int) -> list[tuple[int, int]]:
    """The parts of a range between cuts; one part where there would be more than ``most``.

    >>> segments(10, {1, 9}, 4)
    [(0, 1), (1, 9), (9, 10)]
    """
    inner = sorted(c for c in cuts if 0 < c < length)
    if len(inner) + 1 > most:
        return [(0, length)]
    return list(pairwise([0, *inner, length]))
