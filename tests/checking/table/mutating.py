"""The proof of the proofs: partials made wrong on purpose must be caught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from calcgrad.checking.table.proofs import RowSubject, agrees, replaced
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.operations import parsed


class Mutant(NamedTuple):
    """A wrong partial: what was done to it, and whether the proof caught it.

    ``same`` says that the change made no difference at any point (a symmetric function with its arguments swapped).
    """

    operation: str
    argument: int
    change: str
    caught: bool
    same: bool


def mutations(partial: Node, arity: int) -> Iterator[tuple[str, Node]]:
    """The wrong versions of a partial: sign, factor, swapped arguments, 1 added.

    >>> [change for change, _ in mutations(parsed("b"), 2)]
    ['sign', 'factor', 'added', 'swapped']
    """
    yield "sign", Call("neg", (partial,))
    yield "factor", Call("mul", (Number(2), partial))
    yield "added", Call("add", (partial, Number(1)))
    if arity >= 2:
        first = replaced(partial, "a", Name("d"))
        yield "swapped", replaced(replaced(first, "b", Name("a")), "d", Name("b"))


def mutate(
    subject: RowSubject, kinds: Sequence[str] = ("sign", "factor", "added", "swapped")
) -> Iterator[Mutant]:
    """Every mutant of a row's partials, and what the proof says of it."""
    row = subject.row
    for j, text in enumerate(row.partials):
        if text is None:
            continue
        truths = subject.derivatives(j)
        original = subject.partials(parsed(text))
        for change, wrong in mutations(parsed(text), row.arity):
            if change in kinds:
                found = subject.partials(wrong)
                yield Mutant(row.name, j, change, not agrees(found, truths), agrees(found, original))
