"""What a program was made for, as rows of machine words that native code compares before it runs.

They say the same as the tests of ``compiling.guards``: a cell holds this object, a function has this code, a dictionary has this
entry. Where Python keeps such a thing in an object, the word itself is read; a dictionary is asked. Every test that is not of
such a kind is left to one Python function.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy

from calcgrad.compiling.guards import Test, guard
from calcgrad.compiling.words import offsets, word

#: Kinds of row: a word at an address, a dictionary's entry, its length, a function of no arguments that says yes.
WORD, ENTRY, LENGTH, ASK = range(4)
#: The kind, its two arguments, and what is expected.
Row: TypeAlias = tuple[int, int, int, int]

_ATTRIBUTE = re.compile(r"\{\}\.(\w+) is \{\}")
_ABSENT = re.compile(r"('[^'\\]*') not in \{\}")
_NAMED = re.compile(r"\{\}\[('[^'\\]*')\] is \{\}")


def rows(tests: Sequence[Test]) -> tuple[Any, list[Any]]:
    """The rows as an array, and the objects that have to live as long as it does."""
    found: list[Row] = []
    rest: list[Test] = []
    keys: list[Any] = []
    for text, objects in tests:
        row = _row(text, objects, keys)
        if row is None:
            rest.append((text, objects))
        else:
            found.extend(row)
    keep: list[Any] = [objects for _, objects in tests]
    if rest:
        asked = guard(rest)
        found.append((ASK, id(asked), 0, 0))
        keep.append(asked)
    array = numpy.array(found, numpy.int64).reshape(-1, 4)
    return array, [*keep, *keys, array]


def _row(text: str, objects: tuple[Any, ...], keys: list[Any]) -> list[Row] | None:
    attribute = _ATTRIBUTE.fullmatch(text)
    if attribute:
        return _attribute(attribute[1], objects[0], objects[1], keys)
    named = _NAMED.fullmatch(text)
    if named and type(objects[0]) is dict:
        return [_entry(objects[0], named[1][1:-1], objects[1], keys)]
    absent = _ABSENT.fullmatch(text)
    if absent and type(objects[0]) is dict:
        kind, where, key, _ = _entry(objects[0], absent[1][1:-1], None, keys)
        return [(kind, where, key, 0)]
    if text == "not {}" and type(objects[0]) is dict:
        return [(LENGTH, id(objects[0]), 0, 0)]
    if text == "type({}) is {}":
        return [(WORD, id(objects[0]), 8, id(objects[1]))]
    return None


def _entry(namespace: dict[Any, Any], key: str, value: Any, keys: list[Any]) -> Row:
    """What a dictionary has at a key."""
    keys.append(sys.intern(key))
    return ENTRY, id(namespace), id(keys[-1]), id(value)


def _attribute(name: str, thing: Any, value: Any, keys: list[Any]) -> list[Row] | None:
    offset = offsets().get((type(thing), name))
    if offset is not None:
        held = word(thing, offset)
        # What is None is nothing at all there.
        return (
            [(WORD, id(thing), offset, held)]
            if held in (id(value), 0 if value is None else id(value))
            else None
        )
    offset = offsets().get((type(thing), "__dict__"))
    if name == "__wrapped__" and offset is not None and vars(thing).get(name) is value:
        return [(WORD, id(thing), offset, id(vars(thing))), _entry(vars(thing), name, value, keys)]
    return None
