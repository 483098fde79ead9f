"""Small pieces of English that every room needs: counts with their nouns, lists with their last *and*."""

from __future__ import annotations

from collections.abc import Sequence


def counted(count: int, what: str = "entry", many: str = "") -> str:
    """A count with its noun; ``many`` is the plural, where it is not the noun with an s.

    >>> counted(1), counted(2), counted(3, "claim"), counted(1_000, "point")
    ('1 entry', '2 entries', '3 claims', '1000 points')
    """
    if count == 1:
        return f"1 {what}"
    return f"{count} {many or (what[:-1] + 'ies' if what.endswith('y') else what + 's')}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names in a row, the last one after an *and*.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")
    ('a', 'a and b', 'a, b or c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
