"""Packages of NumPy's whose Python code is followed like a user's own: polynomials, in every basis, as functions and as objects.

An object of these classes computes by its operators, which Python calls by itself. So one that is made here is of a class
below its own, whose special methods are rewritten ones.
"""

from __future__ import annotations

import os
from abc import ABCMeta
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy

#: Files that begin with one of these.
PLACES = (str(Path(numpy.__file__).parent / "polynomial") + os.sep,)


class Kind(ABCMeta):
    """What is an instance of the class above is one of the class below."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.__mro__[1])


def is_within(function: Any) -> bool:
    """Whether a function of NumPy's that asks its arguments for their own one is written in Python there."""
    return str(function.__module__).startswith("numpy.polynomial")


def is_followed(cls: type) -> bool:
    """Whether a class is one of those whose code is followed, and not one made here."""
    init = cls.__init__  # type: ignore[misc]
    return (
        type(cls) is not Kind and type(init) is FunctionType and init.__code__.co_filename.startswith(PLACES)
    )


def of_class(cls: type, hand: Callable[[Any], Any]) -> type:
    """The class below ``cls``; every special method is handed on as it is called."""
    return _below(cls, hand) if is_followed(cls) else cls


@cache
def _special(cls: type) -> dict[str, FunctionType]:
    """The special methods written in Python, but for those that every object has."""
    found: dict[str, FunctionType] = {}
    for base in reversed(cls.__mro__[:-1]):
        found |= {
            name: value
            for name, value in vars(base).items()
            if name.startswith("__") and type(value) is FunctionType and name not in _PLAIN
        }
    return found


_PLAIN = frozenset(
    (
        "__init__",
        "__repr__",
        "__str__",
        "__format__",
        "__getstate__",
        "__setstate__",
        "__getattr__",
        "__setattr__",
    )
)


def _below(cls: type, hand: Callable[[Any], Any]) -> type:
    special = _special(cls)

    def handed(name: str, function: FunctionType) -> Callable[..., Any]:
        forward = special.get("__" + name[3:]) if name.startswith("__r") else None

        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            # Python asks the class below first, also where the class above has the operator's left side.
            if forward is not None and isinstance(args[0], cls):
                return hand(forward)(args[0], self)
            return hand(function)(self, *args, **kwargs)

        return method

    members = {name: handed(name, function) for name, function in special.items()}
    return Kind(cls.__name__, (cls,), {**members, "__module__": cls.__module__, "__hash__": None})
