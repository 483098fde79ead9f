"""What a call calls: the callee of every call in a rewritten function goes through :meth:`Twins.hand`.

A user's own functions, methods and classes are rewritten in turn. NumPy's functions give arrays that can be written into, if
nobody else holds them; so do operators (:meth:`Twins.new`). Functions of calcgrad and of other libraries get the values of
such arrays. All else is called as it is: what Python's own functions hold on to has to be the array itself.
"""

from __future__ import annotations

import functools
import itertools
from abc import ABCMeta
from collections.abc import Callable
from inspect import isabstract
from pathlib import Path
from sys import getrefcount, stdlib_module_names
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy

from calcgrad.numpy_names.scipys import twin_of
from calcgrad.rewriting import NoSourceError, installed, is_of_package, is_rewritten, rewritten
from calcgrad.tracing.inplace import distances, followed, making, scalars, sparse
from calcgrad.tracing.inplace.array import Written, free, made, stacked
from calcgrad.tracing.inplace.memory import Memory
from calcgrad.tracing.inplace.mirrors import mirrored
from calcgrad.tracing.mapping import vectorized
from calcgrad.tracing.traced import Traced

_Array = numpy.ndarray
_Dispatcher = type(numpy.sum)
#: What calls the functions that it is given.
_CALLING = (map, filter, sorted, min, max, functools.reduce, itertools.accumulate, itertools.starmap)
#: NumPy's functions that are given arrays in a list, which may have unequal shapes, and look into it themselves.
_OF_SEQUENCES = frozenset(
    [
        *(
            numpy.concatenate,
            numpy.stack,
            numpy.hstack,
            numpy.vstack,
            numpy.dstack,
            numpy.column_stack,
            numpy.block,
        ),
        *(
            numpy.select,
            numpy.choose,
            numpy.piecewise,
            numpy.lexsort,
            numpy.ix_,
            numpy.meshgrid,
            numpy.einsum,
        ),
        *(numpy.broadcast_arrays, numpy.linalg.multi_dot, numpy.histogramdd, numpy.gradient),
        *([numpy.row_stack] if hasattr(numpy, "row_stack") else []),
    ]
)
#: What is not made anew in each turn of a loop.
_LASTING = (FunctionType, _Dispatcher, numpy.ufunc)
#: Classes of classes that make instances in the usual way.
_KINDS = (type, ABCMeta, followed.Kind)
_OWN = str(Path(__file__).parents[2])


def new(value: Any) -> Any:
    """What an operator or a library made: an array that nobody else holds can be written into."""
    kind = type(value)
    if kind is Traced:
        return Written(Memory(value)) if value.shape else value
    if kind is _Array:
        if value.dtype.kind in "fc" and getrefcount(value) <= _FRESH and _alone(value.base):
            return Written(Memory(value))
    elif kind is tuple or kind is list or (isinstance(value, tuple) and hasattr(value, "_fields")):
        return made(value)
    return value


def _alone(base: Any) -> bool:
    """Whether nobody but one view holds the array that it is a view of."""
    return base is None or (type(base) is _Array and base.base is None and getrefcount(base) <= _FRESH_BASE)


#: How many references there are to a value that nobody else holds, when ``new`` counts them.
def _count(value: Any) -> int:
    return getrefcount(value)


_FRESH = _count(numpy.ones(1))
_VIEW = numpy.ones(1).reshape(1, 1)
_FRESH_BASE = _count(_VIEW.base)


def _shown(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of NumPy's: what it makes can be written into. An array that it was given is held by ``args``."""

    def called(*args: Any, **kwargs: Any) -> Any:
        return new(function(*args, **kwargs))

    return called


class _Ufunc:
    """The same for a ufunc, which has methods."""

    def __init__(self, ufunc: Any) -> None:
        self._ufunc = ufunc

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return new(self._ufunc(*map(_whole, args), **kwargs))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ufunc, name)


def _scalar_type(kind: type[numpy.generic]) -> Callable[..., Any]:
    """``numpy.int64`` and its like, called: a traced value in that precision."""

    def called(*args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and isinstance(args[0], Traced | Written) and not kwargs:
            return new(args[0].astype(kind))
        return kind(*args, **kwargs)

    return called


def _as_array(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return _array_of(value)
    parts = [_array_of(v) for v in value]
    if any(a is not b for a, b in zip(parts, value, strict=True)):
        return parts
    return stacked(value) if _numbers(value)[0] else value


def _whole(value: Any) -> Any:
    """A list of arrays, too, as the one array that NumPy makes of it; lists of unequal shapes stay for NumPy to refuse."""
    found = _as_array(value)
    if not isinstance(found, list | tuple):
        return found
    traced, shape = _numbers(found, arrays=True)
    return stacked(free(found)) if traced and shape is not None else found


def _array_of(value: Any) -> Any:
    """The traced array that an object of a user's class holds, where it says so by ``__array__``."""
    if isinstance(value, Traced | _Array | float | int | str):
        return value
    method = getattr(type(value), "__array__", None)
    found = method(value) if type(method) is FunctionType else value
    return found if isinstance(found, Traced) else value


def _numbers(value: Any, arrays: bool = False) -> tuple[bool, Any]:
    """Whether nested lists hold numbers alone, of which one is traced; and their shape, ``None`` where they have none.

    ``arrays``: what they hold may be arrays as well.
    """
    if not isinstance(value, list | tuple):
        found = () if isinstance(value, int | float | complex) else getattr(value, "shape", None)
        return isinstance(value, Traced), found if arrays or found == () else None
    parts = [_numbers(v, arrays) for v in value]
    inner = {shape for _, shape in parts}
    if len(inner) != 1 or None in inner:
        return False, None
    return any(traced for traced, _ in parts), (len(value), *inner.pop())


def _lent(value: Any) -> Any:
    """A value as libraries get it: they cannot write into it."""
    if type(value) is Written:
        found = value._value()
        return value.__array__() if type(found) is _Array else found
    if type(value) in (list, tuple):
        return type(value)(map(_lent, value))
    if type(value) is dict:
        return {key: _lent(entry) for key, entry in value.items()}
    return value


def _outside(function: Callable[..., Any], lent: Callable[[Any], Any] = _lent) -> Callable[..., Any]:
    """A function of a library that knows nothing of arrays such as these."""

    def called(*args: Any, **kwargs: Any) -> Any:
        return new(function(*map(lent, args), **{name: lent(value) for name, value in kwargs.items()}))

    return called


_BY_IDENTITY: dict[int, Any] = {
    **{id(function): twin for function, twin in scalars.TWINS.items()},
    **{id(function): _shown(twin) for function, twin in making.TWINS.items()},
    **making.BRACKETS,
}


class Twins:
    """The twins of one run; ``home`` is the package of the function that is traced, if it is an installed one.

    ``libraries``: the functions of installed packages are rewritten as the user's own are.
    """

    def __init__(self, home: str, libraries: bool = False) -> None:
        self.home = home
        self.libraries = libraries
        self._known: dict[
            int, tuple[Any, Any]
        ] = {}  # by identity; the original is kept with it, so that it lasts

    def hand(self, callee: Any) -> Any:
        """What is called in place of ``callee``."""
        found = _BY_IDENTITY.get(id(callee))
        if found is not None:
            return found
        known = self._known.get(id(callee))
        if known is not None:
            return known[1]
        kind = type(callee)
        if kind is BuiltinFunctionType:
            return self._builtin(callee)
        followed = twin_of(callee)
        if followed is not None:
            return _outside(followed, free)
        if kind is MethodType:
            return self._method(callee)
        found = self._twin(callee)
        if kind in _LASTING or isinstance(callee, type):
            self._known[id(callee)] = callee, found
        return found

    def _twin(self, callee: Any) -> Any:
        kind = type(callee)
        if str(getattr(callee, "__module__", "")).startswith("scipy.sparse"):
            found = sparse.twin(callee)
            if found is not None:
                return found
        if kind is FunctionType:
            found = distances.twin(callee)
            return self._function(callee) if found is None else _shown(found)
        if callee in _CALLING:
            return self._calling(callee)
        if kind is _Dispatcher:
            return (
                self._function(callee._implementation) if followed.is_within(callee) else self._numpy(callee)
            )
        if kind is numpy.ufunc:
            return _Ufunc(callee)
        if kind is numpy.vectorize:
            return vectorized(callee, self.hand)
        if isinstance(callee, type) and issubclass(callee, numpy.generic):
            return _scalar_type(callee)
        if isinstance(callee, type):
            return self._class(callee)
        if kind is functools.partial:
            return functools.partial(self.hand(callee.func), *callee.args, **callee.keywords)
        call = getattr(kind, "__call__", None)  # noqa: B004 (what is called, not whether)
        if type(call) is FunctionType:
            if call.__code__.co_filename.startswith(_OWN):
                return _outside(callee, free)
            return MethodType(self.hand(call), callee)
        return _shown(callee) if _of_numpy(callee) else callee

    def _numpy(self, function: Any) -> Any:
        """A function of NumPy's; a user's function that it calls is handed on, too."""

        def called(*args: Any, **kwargs: Any) -> Any:
            if any(type(a) is FunctionType or type(a) is MethodType for a in args):
                args = tuple([self.hand(a) if type(a) in (FunctionType, MethodType) else a for a in args])
            if function in _OF_SEQUENCES:
                return new(function(*map(_as_array, args), **kwargs))
            given = {name: _whole(value) for name, value in kwargs.items()}
            return new(function(*map(_whole, args), **given))

        return called

    def _function(self, function: FunctionType) -> Any:
        if is_rewritten(function):
            return function
        if self._stays(function.__code__.co_filename):
            if function.__code__.co_filename.startswith(_OWN):
                return _outside(function, free)
            module = (function.__module__ or "").partition(".")[0]
            return _outside(function) if module not in stdlib_module_names else function
        try:
            return rewritten(function, self.hand, new)
        except NoSourceError:
            return mirrored(function, self.hand)

    def _stays(self, file: str) -> bool:
        """Whether a function of this file is called as it is."""
        if (
            not installed(file)
            or file.startswith(followed.PLACES)
            or (self.home and file.startswith(self.home))
        ):
            return False
        return not (self.libraries and is_of_package(file))

    def _method(self, method: MethodType) -> Any:
        function = method.__func__
        if isinstance(method.__self__, Written):
            return method
        if type(function) is not FunctionType:
            return _shown(method) if _of_numpy(method) else method
        if self._stays(function.__code__.co_filename):
            return self._function(function).__get__(method.__self__)
        return MethodType(self.hand(function), method.__self__)

    def _builtin(self, function: Any) -> Any:
        owner = function.__self__
        if type(owner) is _Array:
            return _method_of_plain(owner, function)
        if _of_numpy(function) or _of_numpy(type(owner)):
            return _shown(function)
        return self._calling(function) if function in _CALLING else function

    def _calling(self, function: Any) -> Any:
        def called(*args: Any, **kwargs: Any) -> Any:
            kwargs = {name: self._given(value) for name, value in kwargs.items()}
            return function(*map(self._given, args), **kwargs)

        return called

    def _given(self, value: Any) -> Any:
        return self.hand(value) if callable(value) else value

    def _class(self, cls: type) -> Any:
        init = cls.__init__  # type: ignore[misc]
        plain = type(cls) in _KINDS and getattr(cls, "__new__", None) is object.__new__
        if not plain or type(init) is not FunctionType or self._stays(init.__code__.co_filename):
            return cls

        made = (
            followed.of_class(cls, self.hand)
            if init.__code__.co_filename.startswith(followed.PLACES)
            else cls
        )

        def make(*args: Any, **kwargs: Any) -> Any:
            instance: Any = object.__new__(made)
            self.hand(init)(instance, *args, **kwargs)
            return instance

        return make if not isabstract(cls) else cls


def _of_numpy(thing: Any) -> bool:
    """Whether something compiled is NumPy's."""
    module = getattr(thing, "__module__", None)
    return isinstance(module, str) and module.startswith("numpy")


def _method_of_plain(owner: Any, method: Any) -> Any:
    """A method of a plain array, which may be given traced values."""

    def called(*args: Any, **kwargs: Any) -> Any:
        if any(isinstance(a, Traced) for a in (*args, *kwargs.values())):
            function = getattr(numpy, method.__name__, None)
            if function is not None and method.__name__ not in ("put", "sort", "partition", "resize"):
                return new(function(owner, *args, **kwargs))
        return new(method(*args, **kwargs))

    return called
