"""A function run over arrays that can be written into: its arguments become such, its result becomes values again."""

from __future__ import annotations

import functools
import inspect
import sysconfig
import warnings
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy

from calcgrad.errors import ArgumentWrittenWarning
from calcgrad.pytrees import flatten, map_leaves, unflatten
from calcgrad.tracing.inplace.array import Written
from calcgrad.tracing.inplace.memory import Memory
from calcgrad.tracing.inplace.refusing import tangled, unrefused
from calcgrad.tracing.inplace.twins import Twins
from calcgrad.tracing.traced import Traced, primal_of
from calcgrad.tracing.whereabouts import level

_OWN = str(Path(__file__).parents[2])
_INSTALLED = tuple({sysconfig.get_path(name) for name in ("purelib", "platlib")})


def code_of(function: Any) -> CodeType | None:
    """The code of a function of Python's, a method, a partial function or an object that is called."""
    while True:
        if isinstance(function, FunctionType):
            return function.__code__
        if isinstance(function, MethodType):
            function = function.__func__
        elif isinstance(function, functools.partial):
            function = function.func
        else:
            call = getattr(type(function), "__call__", None)  # noqa: B004 (what is called, not whether)
            if not isinstance(call, FunctionType):
                return None
            function = call


def entered(function: Callable[..., Any], libraries: bool = False) -> Callable[..., Any] | None:
    """The function over arrays that can be written into; ``None`` for one of calcgrad's own, which has others within.

    With ``libraries`` the code of installed packages that it calls may write into them, too.
    """
    code = code_of(function)
    if code is None or code.co_filename.startswith(_OWN):
        return None
    run = Twins(_home(code.co_filename), libraries).hand(function)

    def entering(*args: Any, **kwargs: Any) -> Any:
        arguments = _Arguments(function)
        opened = [arguments.opened(a, k) for k, a in enumerate(args)]
        named = {name: arguments.opened(a, name) for name, a in kwargs.items()}
        return unrefused(lambda: released(run(*opened, **named)))

    return entering


def _home(file: str) -> str:
    """The installed package that a file belongs to; nothing for a user's own files."""
    for place in _INSTALLED:
        if file.startswith(place):
            return str(Path(place) / Path(file).relative_to(place).parts[0])
    return ""


class _Arguments:
    """The arguments of one call. A write into one is warned of, once."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.memories: dict[int, Memory] = {}
        self.warned = False

    def opened(self, tree: Any, name: int | str) -> Any:
        """The argument with its arrays as such that can be written into."""
        leaves, structure = flatten(tree)
        if structure.kind not in (None, dict, list, tuple) and not any(isinstance(v, Traced) for v in leaves):
            return tree  # an object of the caller's own
        found = [self._opened(leaf, name) for leaf in leaves]
        if all(a is b for a, b in zip(found, leaves, strict=True)):
            return tree
        return unflatten(structure, found)

    def _opened(self, leaf: Any, name: int | str) -> Any:
        if type(leaf) is Traced:
            if not leaf.shape:
                return leaf
        elif type(leaf) is not numpy.ndarray or leaf.dtype.kind not in "fc":
            return leaf
        memory = self.memories.get(id(leaf))
        if memory is None:
            memory = self.memories[id(leaf)] = Memory(leaf, lambda: self._written(leaf, name))
        return Written(memory)

    def _written(self, leaf: Any, name: int | str) -> None:
        mine = primal_of(leaf)
        others = [
            primal_of(m.value) for m in self.memories.values() if m.value is not None and m.value is not leaf
        ]
        if any(type(o) is numpy.ndarray and numpy.may_share_memory(o, mine) for o in others):
            raise tangled(
                f"{self._called(name)} is written into, and shares its memory with another argument"
            )
        if not self.warned:
            self.warned = True
            text = f"the function writes into its argument {self._called(name)}; the caller's array is not changed"
            warnings.warn(text, ArgumentWrittenWarning, stacklevel=level())

    def _called(self, name: int | str) -> str:
        if isinstance(name, str):
            return repr(name)
        try:
            return repr(list(inspect.signature(self.function).parameters)[name])
        except (TypeError, ValueError, IndexError):
            return str(name)


def released(result: Any) -> Any:
    """The result with values in place of arrays that can be written into."""
    if type(result) is Traced or type(result) is float:
        return result
    if type(result) is Written:
        return result._value()
    return map_leaves(_released, result) if any(type(v) is Written for v in flatten(result)[0]) else result


def _released(leaf: Any) -> Any:
    return leaf._value() if type(leaf) is Written else leaf
