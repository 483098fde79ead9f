"""The modules that a function imports when it runs: what it finds in them is read from outside, as its module's own names are."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from importlib.util import resolve_name
from types import CodeType, FunctionType
from typing import Any

_IMPORT = dis.opmap["IMPORT_NAME"]


def imported_by(function: FunctionType) -> list[str]:
    """The full names of these modules and of the packages that they are in, loaded yet or not.

    >>> def f(x):
    ...     import os.path
    ...     from math import tau
    ...     return x * tau
    >>> imported_by(f)
    ['math', 'os', 'os.path']
    """
    found: set[str] = set()
    for level, name in _imports(function.__code__):
        try:
            whole = resolve_name("." * level + name, _package(function.__globals__))
        except ImportError:  # no package to start from: the function will say so
            continue
        parts = whole.split(".")
        found.update(".".join(parts[: k + 1]) for k in range(len(parts)))
    return sorted(found)


def _imports(code: CodeType) -> Iterator[tuple[int, str]]:
    """How many packages up each import begins, and what it names."""
    if _IMPORT in code.co_code[::2]:  # seldom: to read all instructions takes long
        before: list[Any] = []
        for instruction in dis.get_instructions(code):
            if instruction.opcode == _IMPORT:
                level = before[-2] if len(before) > 1 and isinstance(before[-2], int) else 0
                yield level, instruction.argval
            before.append(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _imports(constant)


def _package(namespace: dict[str, Any]) -> str:
    """The package that a module is in, which relative imports start from."""
    found = namespace.get("__package__")
    if isinstance(found, str):
        return found
    name = str(namespace.get("__name__", ""))
    return name if "__path__" in namespace else name.rpartition(".")[0]
