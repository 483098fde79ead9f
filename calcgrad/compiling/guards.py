"""Guards: one generated test that what a program was made for is still the same objects, with the same objects in them.

Every object that a function reaches is tested by itself: a cell for what it holds, a container for its entries, a function for
its code, its defaults and the names that it looks up, an object for its class, its attributes and its slots, a class for all
that it has. So by induction from the function nothing differs where all tests hold. Numbers are never compared here, only
identities; contents are read of arrays alone. A test that fails says only that a thorough look is due.
"""

from __future__ import annotations

import re
from collections import ChainMap, UserDict, UserList, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import is_
from pathlib import Path
from threading import local
from types import CellType, FunctionType, MemberDescriptorType, SimpleNamespace
from typing import Any, TypeAlias

from calcgrad.compiling.words import bare, entries, view
from calcgrad.tracing.keeping import SHORT, fingerprint

#: A condition with places, and the objects that belong there.
Test: TypeAlias = tuple[str, tuple[Any, ...]]

_PACKAGE = str(Path(__file__).parents[1])
#: The test that always asks for a thorough look.
NEVER: Test = ("False", ())
_OF_CELL = "{}.cell_contents is {}"
#: The test of a part of a function.
_OF_PART = re.compile(r"\{\}\.(\w+) is \{\}")
#: Containers of at most so many entries are tested entry by entry, which is faster than a loop.
_FEW = 12
#: Lists of at least so many are looked at as words, all at once.
_LONG = 100


def is_namespace(value: Any) -> bool:
    """Whether a value of the standard library's does no more than hold what is put into it."""
    kind = type(value)
    if isinstance(value, SimpleNamespace | ChainMap | local):
        return True
    return kind.__module__ == "argparse" and kind.__qualname__ == "Namespace"  # not loaded for it


class _Absent:
    """What is read where nothing is."""


ABSENT = _Absent()


def slot(member: MemberDescriptorType, thing: Any) -> Any:
    """What lies in a slot of an object, ``ABSENT`` where nothing does."""
    try:
        return member.__get__(thing)
    except AttributeError:
        return ABSENT


def wraps(value: Any) -> bool:
    """Whether a value says what it stands around."""
    return not bare(value) and not isinstance(value, type) and "__wrapped__" in getattr(value, "__dict__", ())


def tests(
    value: Any, namespaces: Iterable[tuple[Mapping[str, Any], Sequence[str]]] | None, bases: Sequence[type]
) -> Iterator[Test]:
    """The tests of one object: ``namespaces`` are where it looks names up, ``bases`` the classes it takes attributes from.

    Of what is installed (no namespaces) only what it wraps is looked at.
    """
    if namespaces is None:
        if wraps(value) and not _ours(value):
            yield "{}.__wrapped__ is {}", (value, value.__wrapped__)
        if isinstance(value, UserDict | UserList):
            yield "{}.data is {}", (value, value.data)
    elif isinstance(value, FunctionType):
        yield from _of_function(value)
        for namespace, names in namespaces:
            for name in names:
                if name in namespace:
                    yield f"{{}}[{name!r}] is {{}}", (namespace, namespace[name])
                else:
                    yield f"{name!r} not in {{}}", (namespace,)
    else:
        yield from _of_thing(value, bases)


def _ours(value: Any) -> bool:
    """Whether a function is one of calcgrad's around another, which it has in a cell: ``__wrapped__`` is there for readers."""
    return isinstance(value, FunctionType) and value.__code__.co_filename.startswith(_PACKAGE)


def _of_thing(value: Any, bases: Sequence[type]) -> Iterator[Test]:
    if isinstance(value, partial):
        yield from (
            (f"{{}}.{part} is {{}}", (value, getattr(value, part))) for part in ("func", "args", "keywords")
        )
    elif isinstance(value, dict):
        yield from _of_dict(value)
    elif isinstance(value, list | deque):
        yield from _of_sequence(value)
    elif isinstance(value, set):
        yield "len({0}) == {1} and all(map(is_, {0}, {2}))", (value, len(value), tuple(value))
    yield from _of_object(value, bases)


def _of_function(function: FunctionType) -> Iterator[Test]:
    for part in ("__code__", "__defaults__", "__kwdefaults__"):
        yield f"{{}}.{part} is {{}}", (function, getattr(function, part))
    own = None if bare(function) else function.__dict__
    yield "{}.__dict__ is {}", (function, own)
    for cell in function.__closure__ or ():
        try:
            yield _OF_CELL, (cell, cell.cell_contents)
        except ValueError:  # empty yet: always a thorough look
            yield NEVER
    if own is not None:
        yield from _of_dict(own)


def _of_dict(values: dict[Any, Any]) -> Iterator[Test]:
    keys, entries = list(values), tuple(dict.values(values))
    if not keys and type(values) is dict:
        yield "not {}", (values,)
    elif type(values) is dict and len(keys) <= _FEW and all(type(key) is str for key in keys):
        yield "[*{}] == {}", (values, keys)
        yield from (("{}[{}] is {}", (values, key, values[key])) for key in keys)
    else:
        yield "len({0}) == {1} and all(map(is_, dict_keys({0}), {2}))", (values, len(keys), tuple(keys))
        yield "all(map(is_, dict_values({}), {}))", (values, entries)


def _of_sequence(values: list[Any] | deque[Any]) -> Iterator[Test]:
    yield "len({}) == {}", (values, len(values))
    if type(values) is list and len(values) <= _FEW:
        yield from ((f"{{}}[{k}] is {{}}", (values, entry)) for k, entry in enumerate(values))
    elif type(values) is list and len(values) >= _LONG and entries(values) is not None:
        # What the entries are has to live, so that nothing else gets the place of it.
        yield "len({0}) == {1} and entries({0}) == {2}", (values, len(values), entries(values), tuple(values))
    else:
        yield "all(map(is_, {}, {}))", (values, tuple(values))


def _of_object(value: Any, bases: Sequence[type]) -> Iterator[Test]:
    if is_namespace(value):
        yield "{}.__dict__ is {}", (value, value.__dict__)
    if not bases:
        return
    cls = value if isinstance(value, type) else type(value)
    if cls is not value:
        yield "type({}) is {}", (value, cls)
        if isinstance(getattr(value, "__dict__", None), dict):
            yield "{}.__dict__ is {}", (value, value.__dict__)
    yield "{}.__mro__ is {}", (cls, cls.__mro__)
    for base in bases:
        has = vars(base)
        yield "len({0}) == {1} and all(map(is_, {0}.values(), {2}))", (has, len(has), tuple(has.values()))
        if cls is not value:
            for member in has.values():
                if isinstance(member, MemberDescriptorType):
                    yield "slot({}, {}) is {}", (member, value, slot(member, value))


def same(array: Any, known: Any) -> bool:
    """Whether an array has the shape, the kind and the numbers that it had: ``known`` is what the thorough look compares."""
    _, shape, dtype, numbers = known
    if array.shape != shape or array.dtype != dtype or array.dtype.hasobject:
        return False
    if array.size <= SHORT or array.dtype.kind not in "biufc":
        return bool(array.tobytes() == numbers)
    return bool(fingerprint(array) == numbers)


#: What the conditions call.
_CALLED: dict[str, Any] = {
    "is_": is_,
    "slot": slot,
    "same": same,
    "entries": entries,
    "dict_keys": dict.__iter__,
    "dict_values": dict.values,
}


def condition(found: Iterable[Test], names: dict[str, Any], cells: dict[str, CellType]) -> str:
    """All tests as one expression, with what it uses put into ``names``. It raises where a test cannot be made any more.

    The cells are put into ``cells``, by the names of the variables that they are to be (:func:`within`).
    """
    names.update(_CALLED)
    known: dict[int, str] = {}
    texts: dict[str, None] = {}
    for text, objects in _by_words(found):
        for thing in objects:
            if id(thing) not in known:
                known[id(thing)] = f"_k{len(known)}"
                names[known[id(thing)]] = thing
        if text == _OF_CELL:
            cell = known[id(objects[0])].replace("k", "c")
            cells[cell] = objects[0]
            text = f"{cell} is {{1}}"  # noqa: PLW2901
        texts[text.format(*(known[id(thing)] for thing in objects))] = None
    return " and ".join(texts) or "True"


def _by_words(found: Iterable[Test]) -> Iterator[Test]:
    """The same tests, those of several parts of one function in one look (:mod:`calcgrad.compiling.words`)."""
    rest: list[Test] = []
    parts: dict[int, tuple[Any, list[tuple[str, Any]], list[Test]]] = {}
    for test in found:
        part = _OF_PART.fullmatch(test[0])
        if part and isinstance(test[1][0], FunctionType | partial):
            thing, value = test[1]
            _, values, plain = parts.setdefault(id(thing), (thing, [], []))
            values.append((part[1], value))
            plain.append(test)
        else:
            rest.append(test)
    for thing, values, plain in parts.values():
        look = view(thing, values)
        if look is None:
            yield from plain
        else:  # all that was there has to live, so that nothing else gets the place of it
            yield "{} == {}", (*look, thing, *[value for _, value in values])
    yield from rest


def within(
    name: str, lines: Sequence[str], names: dict[str, Any], cells: dict[str, CellType], file: str
) -> Any:
    """The function of this name that the lines define, over ``names`` and over cells, which are read as its own variables."""
    outer = [f"def _make({', '.join(cells)}):", *(f"    {line}" for line in lines), f"    return {name}"]
    exec(compile("\n".join(outer) + "\n", file, "exec"), names)
    made = names.pop("_make")(*cells)
    return FunctionType(
        made.__code__,
        names,
        made.__name__,
        made.__defaults__,
        tuple([cells[free] for free in made.__code__.co_freevars]),
    )


def guard(found: Iterable[Test]) -> Callable[[], bool]:
    """One function of all tests: false also where one cannot be made any more."""
    names: dict[str, Any] = {}
    cells: dict[str, CellType] = {}
    held = condition(found, names, cells)
    lines = ["def _same():", "    try:", f"        return {held}"]
    lines += ["    except Exception:", "        return False"]
    made: Callable[[], bool] = within("_same", lines, names, cells, "<a look at what was captured>")
    return made
