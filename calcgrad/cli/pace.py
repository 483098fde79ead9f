"""How long and how fast, in words that fit a line."""

from __future__ import annotations

from collections.abc import Sequence


def fitting(texts: Sequence[str], width: int) -> str:
    """The first text that is not longer than the width; nothing where all are.

    >>> fitting(["120/540 proofs, 12 a second", "120/540 proofs", "120/540"], 20), fitting(["120/540"], 5)
    ('120/540 proofs', '')
    """
    return next((text for text in texts if len(text) <= width), "")


def waiting(what: str, seconds: float) -> list[str]:
    """That something is waited for, and how long; in fewer words where there is less room.

    >>> waiting("SymPy is asked", 2.4)
    ['... SymPy is asked, 2 s', '... SymPy is asked', '...']
    """
    return [*([f"... {what}, {seconds:.0f} s"] if seconds >= 1 else []), f"... {what}", "..."]


def pace_of(rate: float) -> str:
    """So many a second.

    >>> pace_of(0.25), pace_of(1234.5)
    ('0.2 a second', '1234 a second')
    """
    return f"{rate:.0f} a second" if rate >= 9.5 else f"{rate:.1f} a second"


def duration(seconds: float) -> str:
    """A time to wait, in words.

    >>> duration(0.3), duration(75), duration(9000)
    ('1 s', '75 s', '150 min')
    """
    return f"{max(seconds, 1):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
