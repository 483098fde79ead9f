"""What a function reads and could write: remembered before it is run in a changed form, and put back after each run."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy

from calcgrad.rewriting import installed

#: So much is remembered; a program that reads more is not run in a changed form.
_MOST_OBJECTS, _MOST_ENTRIES = 4000, 300_000
_PLAIN = (
    str,
    bytes,
    int,
    float,
    complex,
    bool,
    type(None),
    type,
    ModuleType,
    CodeType,
    numpy.generic,
    numpy.dtype,
)


class TooMuchError(Exception):
    """A program reads more than is remembered."""


@dataclass(frozen=True, slots=True)
class _Array:
    array: Any
    before: Any

    def back(self) -> None:
        if not numpy.array_equal(self.array, self.before):
            self.array[...] = self.before


@dataclass(frozen=True, slots=True)
class _Named:
    names: dict[Any, Any]
    before: dict[Any, Any]

    def back(self) -> None:
        names, before = self.names, self.before
        if len(names) != len(before) or any(names.get(k, self) is not v for k, v in before.items()):
            names.clear()
            names.update(before)


@dataclass(frozen=True, slots=True)
class _Listed:
    items: list[Any]
    before: list[Any]

    def back(self) -> None:
        items, before = self.items, self.before
        if len(items) != len(before) or any(a is not b for a, b in zip(items, before, strict=True)):
            items[:] = before


class Kept:
    """All arrays, lists, dictionaries and objects that functions reach: by their globals, closures, defaults and instances."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._kept: list[_Array | _Named | _Listed] = []
        self._seen: set[int] = set()
        self._alive: list[Any] = []
        self._entries = 0
        waiting = list(roots)
        while waiting:
            waiting += self._take(waiting.pop())
            if len(self._kept) > _MOST_OBJECTS or self._entries > _MOST_ENTRIES:
                raise TooMuchError

    def back(self) -> None:
        """Put everything back as it was."""
        for each in self._kept:
            each.back()

    def _take(self, value: Any) -> list[Any]:
        if isinstance(value, _PLAIN) or id(value) in self._seen:
            return []
        self._seen.add(id(value))
        self._alive.append(value)
        if isinstance(value, numpy.ndarray):
            self._entries += value.size
            if value.flags.writeable and value.dtype.kind in "biufc":
                self._kept.append(_Array(value, value.copy()))
            return []
        if isinstance(value, FunctionType):
            return _read(value)
        if isinstance(value, MethodType):
            return [value.__self__, value.__func__]
        if isinstance(value, functools.partial):
            return [value.func, *value.args, *value.keywords.values()]
        if isinstance(value, (tuple, frozenset, set)):
            return list(value)
        if isinstance(value, list):
            self._kept.append(_Listed(value, list(value)))
            return list(value)
        names = value if isinstance(value, dict) else getattr(value, "__dict__", None)
        if isinstance(names, dict):
            self._kept.append(_Named(names, dict(names)))
            return list(names.values())
        return []


def _read(function: FunctionType) -> list[Any]:
    """What a function closes over, its defaults, and the globals that it names."""
    found = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:  # a name that is not bound yet
            continue
    names = function.__globals__
    return found + [names[name] for name in _names(function.__code__) if name in names]


def codes_of(function: Any) -> frozenset[CodeType]:
    """The code of a function and of all that it reaches by its names: functions, methods of objects, what they close over.

    >>> codes_of(codes_of) >= {codes_of.__code__, _names.__code__}
    True
    """
    found: set[CodeType] = set()
    waiting, seen = [function], set[int]()
    while waiting and len(seen) < _MOST_OBJECTS:
        value = waiting.pop()
        if isinstance(value, _PLAIN) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, FunctionType):
            found.add(value.__code__)
            reached = _read(value)
            waiting += reached
            owners = [each if isinstance(each, (ModuleType, type)) else type(each) for each in reached]
            names = [*_names(value.__code__), "__call__"]
            waiting += [vars(o)[n] for o in owners if _is_users(o) for n in names if n in vars(o)]
        elif isinstance(value, MethodType):
            methods = vars(type(value.__self__))
            waiting += [
                value.__func__,
                *(methods[n] for n in _names(value.__func__.__code__) if n in methods),
            ]
        elif isinstance(value, functools.partial):
            waiting.append(value.func)
    return frozenset(found)


def _is_users(owner: Any) -> bool:
    """Whether a module or a class is the user's own."""
    module = owner if isinstance(owner, ModuleType) else sys.modules.get(owner.__module__)
    file = getattr(module, "__file__", None)
    return file is None or not installed(file)


def _names(code: CodeType) -> list[str]:
    inner = [name for c in code.co_consts if isinstance(c, CodeType) for name in _names(c)]
    return [*code.co_names, *inner]
