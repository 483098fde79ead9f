"""One sentence a method, folded in a page below the table that names them."""

from __future__ import annotations

from collections.abc import Iterable

from calcgrad.methods import NAMES, facts


def sentences(methods: Iterable[str]) -> str:
    """What each of the methods does, once, in the order in which they come; nothing where none is known by a sentence.

    >>> sentences(["reverse-ad", "reverse-ad"]).count("<dt>")
    1
    """
    told = {name: facts(name).sentence for name in dict.fromkeys(methods) if name in NAMES}
    items = "".join(f"<dt>{name}</dt><dd>{sentence}</dd>" for name, sentence in told.items() if sentence)
    return f"<details><summary>What each method does</summary><dl>{items}</dl></details>" if items else ""
