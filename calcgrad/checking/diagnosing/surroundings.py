"""The arrays that a function reads beside its arguments: those it closes over, and those among its module's names.

A gradient is often wrong by what is in its data: a mask, labels, weights. A claim that is off by such an array names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy

from calcgrad.pytrees import named_leaves

Array = Any
#: So many arrays, and so deep into functions that call functions.
_MOST, _DEEPEST = 60, 4
_LARGEST = 1_000_000


def arrays_of(function: Callable[..., Any], arguments: Mapping[str, Any]) -> tuple[tuple[str, Array], ...]:
    """The arrays of numbers that a function can read, by name; its arguments first.

    >>> mask = numpy.array([1.0, 0.0])
    >>> [name for name, _ in arrays_of(lambda w: (w * mask).sum(), {"w": numpy.ones(2)})]
    ['w', 'mask']
    """
    found: dict[str, Array] = {}
    seen: set[int] = set()
    for name, value in _named(arguments):
        _take(found, name, value)
    for name, value in _read(function, 0, seen):
        _take(found, name, value)
    return tuple(found.items())


def written_into(function: Callable[..., Any], call: Callable[[], Any]) -> str | None:
    """The array that a call of the function writes into, where the value depends on what it held; what it held is put back.

    >>> kept = numpy.zeros(2)
    >>> def grows():
    ...     kept[:] += 1.0
    ...     return kept.sum()
    >>> written_into(grows, grows), kept
    ('kept', array([0., 0.]))
    """
    arrays = [(name, a, a.copy()) for name, a in arrays_of(function, {}) if a.flags.writeable]
    first = call()
    changed = [(name, a, old) for name, a, old in arrays if not numpy.array_equal(a, old, equal_nan=True)]
    if not changed:
        return None
    for _, a, old in changed:
        a[...] = old
    again = call()
    for _, a, old in changed:
        a[...] = old
    return changed[0][0] if numpy.array_equal(first, again) else None


def _named(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, tree in arguments.items():
        yield from named_leaves(tree, name)


def _take(found: dict[str, Array], name: str, value: Any) -> None:
    if (
        len(found) < _MOST
        and isinstance(value, numpy.ndarray)
        and value.dtype.kind in "fiub"
        and 1 < value.size <= _LARGEST
    ):
        found.setdefault(name, value)


def _read(function: Any, depth: int, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """What a function closes over, or finds among its module's names, and what the functions that it calls do."""
    if depth > _DEEPEST or id(function) in seen:
        return
    seen.add(id(function))
    if isinstance(function, partial):
        yield from ((f"argument {i}", value) for i, value in enumerate(function.args))
        yield from function.keywords.items()
        yield from _read(function.func, depth, seen)
    elif isinstance(function, MethodType):
        yield from getattr(function.__self__, "__dict__", {}).items()
        yield from _read(function.__func__, depth, seen)
    elif isinstance(function, FunctionType):
        inside = list(_closed(function))
        yield from inside
        for _, value in inside:
            if isinstance(value, (FunctionType, MethodType, partial)):
                yield from _read(value, depth + 1, seen)


def _closed(function: FunctionType) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        try:
            yield name, cell.cell_contents
        except ValueError:  # a name that is not bound yet
            continue
    for name in dict.fromkeys(_names(function.__code__)):
        if name in function.__globals__:
            yield name, function.__globals__[name]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)
