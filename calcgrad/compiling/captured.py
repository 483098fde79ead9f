"""What a compiled function reads from outside of its arguments, and whether it has changed since."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import numpy

#: Ways to read what was captured, each with a fingerprint of what it was.
Captured: TypeAlias = tuple[tuple[Callable[[], Any], Any], ...]


def captured_by(function: Callable[..., Any]) -> Captured:
    """What a function reads from outside: arrays and numbers in its closure and among its module's names.

    Each is a way to read it again, and a fingerprint of what it was.
    """
    plain = inspect.unwrap(function)
    code = getattr(plain, "__code__", None)
    if code is None:
        return ()
    names = getattr(plain, "__globals__", {})
    readers: list[Callable[[], Any]] = [_of_cell(cell) for cell in getattr(plain, "__closure__", None) or ()]
    readers += [partial(names.get, name) for name in code.co_names if name in names]
    watched: list[tuple[Callable[[], Any], Any]] = []
    for read in readers:
        try:
            value = read()
        except ValueError:  # a cell that is empty yet
            continue
        if isinstance(value, float | int | numpy.ndarray | numpy.generic):
            watched.append((read, _fingerprint(value)))
    return tuple(watched)


def _of_cell(cell: Any) -> Callable[[], Any]:
    return lambda: cell.cell_contents


#: An array is told from what it was by its identity and so many of its entries.
SAMPLE = 64


def _fingerprint(value: Any) -> Any:
    if not isinstance(value, numpy.ndarray):
        return value
    flat = value.reshape(-1)
    stride = max(1, len(flat) // SAMPLE)
    return id(value), flat[::stride].tobytes()


def unchanged(captured: Captured) -> bool:
    """Whether all that was read from outside is as it was."""
    for read, known in captured:
        value = read()
        if isinstance(value, numpy.ndarray) != isinstance(known, tuple) or _fingerprint(value) != known:
            return False
    return True
