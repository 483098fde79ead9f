"""The exit code that a verdict means, and that of several together."""

from __future__ import annotations

EXIT_CODES: dict[str, int] = {
    "agree": 0,
    "unjudged": 0,
    "removable": 0,
    "boundary": 0,
    "right": 0,
    "wrong": 1,
    "disagree": 1,
    "kink": 1,
    "jump": 1,
    "infinite": 1,
    "undefined": 3,
    "overflow": 3,
    "inconclusive": 5,
}


#: The first of these that is present is the exit code of many results.
EXIT_ORDER = (70, 130, 2, 4, 3, 1, 5, 0)


def worst_exit_code(codes: list[int]) -> int:
    """The exit code of several results at once.

    >>> worst_exit_code([0, 5, 1]), worst_exit_code([])
    (1, 0)
    """
    return min(codes, key=EXIT_ORDER.index, default=0)
