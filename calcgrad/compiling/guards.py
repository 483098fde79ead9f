"""Guards: one generated test that what a program was made for is still the same objects, with the same objects in them.

Every object that a function reaches is tested by itself: a cell for what it holds, a container for its entries, a function for
its code, its defaults and the names that it looks up, an object for its class, its attributes and its slots, a class for all
that it has. So by induction from the function nothing differs where all tests hold. Numbers are never compared here, only
identities; contents are read of arrays alone. A test that fails says only that a thorough look is due.
"""

from __future__ import annotations

from collections import ChainMap, UserDict, UserList, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import is_
from threading import local
from types import FunctionType, MemberDescriptorType, SimpleNamespace
from typing import Any, TypeAlias

from calcgrad.tracing.keeping import SHORT, fingerprint

#: A condition with places, and the objects that belong there.
Test: TypeAlias = tuple[str, tuple[Any, ...]]

#: The test that always asks for a thorough look.
NEVER: Test = ("False", ())
#: Containers of at most so many entries are tested entry by entry, which is faster than a loop.
_FEW = 12


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


def tests(
    value: Any, namespaces: Iterable[tuple[Mapping[str, Any], Sequence[str]]] | None, bases: Sequence[type]
) -> Iterator[Test]:
    """The tests of one object: ``namespaces`` are where it looks names up, ``bases`` the classes it takes attributes from.

    Of what is installed (no namespaces) only what it wraps is looked at.
    """
    if namespaces is None:
        if "__wrapped__" in getattr(value, "__dict__", ()) and not isinstance(value, type):
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
    for part in ("__code__", "__defaults__", "__kwdefaults__", "__dict__"):
        yield f"{{}}.{part} is {{}}", (function, getattr(function, part))
    for cell in function.__closure__ or ():
        try:
            yield "{}.cell_contents is {}", (cell, cell.cell_contents)
        except ValueError:  # empty yet: always a thorough look
            yield NEVER
    yield from _of_dict(function.__dict__)


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
    "dict_keys": dict.__iter__,
    "dict_values": dict.values,
}


def condition(found: Iterable[Test], names: dict[str, Any]) -> str:
    """All tests as one expression, with what it uses put into ``names``. It raises where a test cannot be made any more."""
    names.update(_CALLED)
    known: dict[int, str] = {}
    texts: dict[str, None] = {}
    for text, objects in found:
        for thing in objects:
            if id(thing) not in known:
                known[id(thing)] = f"_k{len(known)}"
                names[known[id(thing)]] = thing
        texts[text.format(*(known[id(thing)] for thing in objects))] = None
    return " and\n        ".join(texts) or "True"


def guard(found: Iterable[Test]) -> Callable[[], bool]:
    """One function of all tests: false also where one cannot be made any more."""
    names: dict[str, Any] = {}
    held = condition(found, names)
    source = f"def guard():\n    try:\n        return ({held})\n    except Exception:\n        return False\n"
    exec(compile(source, "<a look at what was captured>", "exec"), names)
    made: Callable[[], bool] = names["guard"]
    return made
