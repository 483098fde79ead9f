"""What a compiled function reads from outside of its arguments, and whether it has changed since.

Followed are the function's closure, defaults and module names, the functions of one's own that it calls, the attributes of the
object that it is a method of, and what lies in dictionaries, lists and objects found so. Installed packages are not followed,
and what a function finds by other ways (``globals()``, a file, a random generator) is not seen.
"""

from __future__ import annotations

import sys
import sysconfig
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    SimpleNamespace,
)
from typing import Any, TypeAlias

import numpy

from calcgrad.tracing.keeping import SHORT, fingerprint

#: Ways to read what was captured, each with a fingerprint of what it was.
Captured: TypeAlias = tuple[tuple[Callable[[], Any], Any], ...]

#: So many values are watched, and so deep in containers and objects; calls would become slow with more.
_MANY, _DEEP = 256, 8
_INSTALLED = (
    *{sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")},
    str(Path(__file__).parents[1]),
)
_PLAIN = float | int | complex | str | numpy.ndarray | numpy.generic | None


def captured_by(function: Callable[..., Any], *objects: Any) -> Captured:
    """What a function reads from outside, and what lies in objects: ways to read it again, and fingerprints of what it was."""
    watch = _Watch()
    for read in _within(function):
        watch.follow(read, 0)
    for thing in objects:
        watch.follow(partial(_itself, thing), 0)
    return tuple(watch.found)


def values_read_by(function: Callable[..., Any], most: int) -> Iterator[Any]:
    """The values themselves, the function's own first, in the same order in every run of a program; ``most`` of them.

    >>> rate = 0.5
    >>> [v for v in values_read_by(lambda x: rate * x, 9) if isinstance(v, float)]
    [0.5]
    """
    watch = _Watch(most)
    watch.follow(partial(_itself, function), 0)
    for read, _ in watch.found:
        yield read()


class _Watch:
    """A walk over what can be reached from a function."""

    def __init__(self, most: int = _MANY) -> None:
        self.found: list[tuple[Callable[[], Any], Any]] = []
        self._most = most
        self._seen: dict[int, Any] = {}

    def follow(self, read: Callable[[], Any], depth: int) -> None:
        """Watch what ``read`` gives, and what it leads to."""
        try:
            value = read()
        except ValueError:  # a cell that is empty yet
            return
        if len(self.found) >= self._most or isinstance(value, ModuleType):
            return
        self.found.append((read, _fingerprint(value)))
        if (
            isinstance(value, _PLAIN | BuiltinFunctionType | numpy.ufunc)
            or id(value) in self._seen
            or depth > _DEEP
        ):
            return
        self._seen[id(value)] = value
        for reader in _within(value):
            self.follow(reader, depth + (not callable(value)))


def _within(value: Any) -> Iterator[Callable[[], Any]]:
    """Ways to read what a value is made of."""
    if not isinstance(value, type) and "__wrapped__" in getattr(value, "__dict__", ()):
        yield lambda: value.__wrapped__
    if _installed(value):
        return
    if isinstance(value, FunctionType):
        yield from _of_function(value)
    elif isinstance(value, MethodType):
        yield lambda: value.__self__
        yield lambda: value.__func__
    elif isinstance(value, partial):
        yield from (lambda: value.func, lambda: value.args, lambda: value.keywords)
    elif isinstance(value, dict):
        yield from (partial(value.get, key) for key in list(value))
    elif isinstance(value, list | tuple):
        yield from (partial(_entry, value, k) for k in range(len(value)))
    elif isinstance(value, type):
        yield from _of_class(value)
    else:
        yield partial(getattr, value, "__dict__", None)
        yield from (partial(getattr, value, name, None) for name in getattr(type(value), "__slots__", ()))
        yield from _of_class(type(value))


def _of_class(cls: type) -> Iterator[Callable[[], Any]]:
    """Ways to read the methods and the data of a class and its bases."""
    for base in cls.__mro__:
        if not _installed(base):
            names = [name for name in vars(base) if not (name.startswith("__") and name != "__call__")]
            yield from (partial(_member, base, name) for name in names)


def _member(cls: type, name: str) -> Any:
    found = vars(cls).get(name)
    for part in ("fget", "__func__"):  # a property, a static or class method
        found = getattr(found, part, found)
    return None if isinstance(found, MemberDescriptorType) else found


def _of_function(function: FunctionType) -> Iterator[Callable[[], Any]]:
    for cell in function.__closure__ or ():
        yield partial(getattr, cell, "cell_contents")
    yield from (
        partial(_entry, values, k) for values in (function.__defaults__ or (),) for k in range(len(values))
    )
    yield from (partial((function.__kwdefaults__ or {}).get, name) for name in function.__kwdefaults__ or ())
    names = set(_names(function.__code__))
    for name in sorted(names & function.__globals__.keys()):
        value = function.__globals__[name]
        if isinstance(value, ModuleType):
            if not _installed(value):
                yield from (partial(getattr, value, n, None) for n in sorted(names & vars(value).keys()))
        else:
            yield partial(function.__globals__.get, name)


def _names(code: CodeType) -> Iterator[str]:
    """The names that a function reads, and those that the functions and comprehensions within it read."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _itself(value: Any) -> Any:
    return value


def _entry(values: Any, place: int) -> Any:
    return values[place] if place < len(values) else None


def _installed(value: Any) -> bool:
    """Whether a value's code is of the standard library, of an installed package or of calcgrad."""
    if isinstance(value, FunctionType):
        return value.__code__.co_filename.startswith(_INSTALLED)
    if isinstance(value, dict | list | tuple | MethodType | SimpleNamespace | partial):
        return False
    module = (
        value
        if isinstance(value, ModuleType)
        else sys.modules.get((value if isinstance(value, type) else type(value)).__module__)
    )
    file = getattr(module, "__file__", None)
    if file is None:
        return getattr(module, "__name__", "") in sys.builtin_module_names
    return bool(file.startswith(_INSTALLED))


def _fingerprint(value: Any) -> Any:
    if isinstance(value, numpy.ndarray):
        return id(value), value.tobytes() if value.size <= SHORT else fingerprint(value)
    if isinstance(value, _PLAIN):
        return type(value), value
    if isinstance(value, set | frozenset | deque):
        return id(value), tuple(map(_fingerprint, value))
    return id(value), len(value) if isinstance(value, list | dict | tuple) else 0


def unchanged(captured: Captured) -> bool:
    """Whether all that was read from outside is as it was."""
    try:
        return all(_fingerprint(read()) == known for read, known in captured)
    except ValueError:  # a cell that was emptied
        return False
