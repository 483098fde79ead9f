"""Where Python keeps the parts of functions, of their cells and of partial functions: machine words that can be read as they are.

To read one attribute of a function takes as long as to compare all its words at once. Where the words are is found out from one
object of each kind; where they are not found, nothing is read so.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache, partial
from types import CellType, FunctionType
from typing import Any

_PARTS = ("__code__", "__defaults__", "__kwdefaults__", "__dict__")
#: The first word after an object's count of references and its type; words are of eight bytes.
_FIRST, _WORD = 16, 8


@cache
def offsets() -> dict[tuple[type, str], int]:
    """Where functions, cells and partial functions keep their parts, in bytes; what is not found exactly once is left out."""

    def example(a: int = 1, *, b: int = 2) -> int:
        return a + b + len(mark)

    mark: list[int] = []
    example.__dict__["mark"] = 1
    part = partial(example, 1, b=2)
    cell = (example.__closure__ or ())[0]
    found: dict[tuple[type, str], int] = {}
    if sys.implementation.name != "cpython" or sys.maxsize < 2**32:
        return found
    for thing, names in ((example, _PARTS), (cell, ("cell_contents",)), (part, ("func", "args", "keywords"))):
        for name in names:
            places = _places(thing, getattr(thing, name))
            if len(places) == 1 and type(thing) in (FunctionType, CellType, partial):
                found[type(thing), name] = places[0]
    return found


def _places(thing: Any, value: Any) -> list[int]:
    return [k for k in range(_FIRST, type(thing).__basicsize__, _WORD) if word(thing, k) == id(value)]


def word(thing: Any, offset: int) -> int:
    """The word of an object at an offset in bytes."""
    return int(_view(thing, offset, offset + _WORD)[0])


def _view(thing: Any, start: int, stop: int) -> memoryview:
    """Words of an object as they are at any time; the object has to live as long as this."""
    import ctypes

    return memoryview((ctypes.c_char * (stop - start)).from_address(id(thing) + start)).cast("B").cast("Q")


def bare(value: Any) -> bool:
    """Whether a value is a function that has no dictionary yet: to ask for it would make one.

    >>> bare(lambda x: x)
    True
    """
    place = offsets().get((type(value), "__dict__"))
    return place is not None and not word(value, place)


def view(thing: Any, parts: Sequence[tuple[str, Any]]) -> tuple[memoryview, memoryview] | None:
    """The words of these parts, and of what lies between, as they are at any time and as they are while all parts are these.

    ``None`` where they cannot be read so.

    >>> def f(x): return x
    >>> now, then = view(f, [("__code__", f.__code__), ("__dict__", vars(f))])
    >>> now == then
    True
    >>> f.__code__ = (lambda x: -x).__code__
    >>> now == then
    False
    """
    known = offsets()
    places = [known.get((type(thing), name)) for name, _ in parts]
    if None in places:
        return None
    there = [place for place in places if place is not None]
    for place, (_, value) in zip(there, parts, strict=True):
        # What is None is nothing at all there.
        if word(thing, place) not in (id(value), 0 if value is None else id(value)):
            return None
    now = _view(thing, min(there), max(there) + _WORD)
    return now, memoryview(bytes(now)).cast("Q")


#: The first word of a list after its length: where the addresses of its entries begin.
_ENTRIES = 24


@cache
def _string_at() -> Any:
    """What reads bytes at an address, holding Python's lock; ``None`` where lists are not as expected."""
    import ctypes

    example = [object(), object(), object()]
    if sys.implementation.name != "cpython" or sys.maxsize < 2**32 or list.__basicsize__ < _ENTRIES + _WORD:
        return None
    if word(example, _FIRST) != len(example):
        return None
    words = memoryview(ctypes.string_at(word(example, _ENTRIES), _WORD * len(example))).cast("Q").tolist()
    return ctypes.string_at if words == [id(entry) for entry in example] else None


def entries(values: list[Any]) -> bytes | None:
    """The addresses of a list's entries: to compare them all takes a twentieth of comparing the entries one by one.

    >>> entries([1.5, None, "a"] * 100) == entries([1.5, None, "a"] * 100)
    True
    >>> entries([True] * 100) == entries([1] * 100)
    False
    """
    read = _string_at()
    return None if read is None or not values else bytes(read(word(values, _ENTRIES), _WORD * len(values)))
