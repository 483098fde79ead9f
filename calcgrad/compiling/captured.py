"""What a compiled function reads from outside of its arguments, and whether it has changed since.

Followed are the function's closure, defaults and module names, the functions of one's own that it calls, the attributes of the
object that it is a method of, and what lies in dictionaries, lists and objects found so. Installed packages are not followed,
and what a function finds by other ways (``globals()``, a file, ``os.environ``, a random generator) is not seen.

A call looks by identity first (``guards``). Where an object is another one, the values are compared; where those are equal
the walk is made again and gives new guards.
"""

from __future__ import annotations

import array
import inspect
import sys
import sysconfig
from collections import UserDict, UserList, deque
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
)
from typing import Any
from weakref import ReferenceType

import numpy

from calcgrad.compiling.guards import ABSENT, NEVER, Test, guard, is_namespace, slot, tests, wraps
from calcgrad.compiling.importing import imported_by
from calcgrad.compiling.words import bare
from calcgrad.tracer import Tracer
from calcgrad.tracing.keeping import SHORT, fingerprint

#: So many values are watched, and so deep in containers and objects; where there are more, every call traces anew.
_MANY, _DEEP = 2048, 32
_INSTALLED = (
    *{sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")},
    str(Path(__file__).parents[1]),
)
_CONTAINERS = (list, tuple, deque, set, frozenset, dict)
_BUFFERS = (bytearray, memoryview, array.array)
_VIEWS: tuple[Any, ...] = (
    MappingProxyType,
    ReferenceType,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
)
_BUILT_IN = {dict, list, tuple, deque, set, frozenset, partial, FunctionType, MethodType}
_PLAIN = float | int | complex | str | numpy.ndarray | numpy.generic | None


class Captured:
    """What a function reads from outside, and what lies in objects: ways to read it again, and what it was."""

    __slots__ = ("_function", "_objects", "_values", "same", "tests")

    def __init__(self, function: Callable[..., Any], *objects: Any) -> None:
        self._function, self._objects = function, objects
        watch = self._walk()
        self._values = watch.found
        #: The tests by identity, and whether all hold: true is sure, false asks for the thorough look.
        self.tests: list[Test] = watch.tests if watch.whole else [NEVER]
        self.same: Callable[[], bool] = guard(self.tests)

    def unchanged(self) -> bool:
        """The thorough look, whether all is as it was: other objects of equal values are, and are watched from now on."""
        try:
            if not all(_fingerprint(read()) == known for read, known in self._values):
                return False
        except (ValueError, RuntimeError):  # a cell that was emptied, a dictionary that grows at this moment
            return False
        watch = self._walk()
        if not watch.whole or [known for _, known in watch.found] != [known for _, known in self._values]:
            return False
        self._values, self.tests, self.same = watch.found, watch.tests, guard(watch.tests)
        return True

    def has(self, thing: Any) -> bool:
        """Whether this very object is among what is read from outside."""
        return any(read() is thing for read, _ in self._values)

    def _walk(self) -> _Watch:
        watch = _Watch()
        for thing in (self._function, *self._objects):
            watch.follow(partial(_itself, thing), 0)
        return watch


#: What nobody can write into, and what there is one of.
_LASTING = (
    range | slice | bytes | Fraction | numpy.dtype | numpy.ufunc | type | ModuleType | BuiltinFunctionType
)


def lasting(value: Any) -> bool:
    """Whether a result that is not traced may be given again at the next call: nobody can write into it, or it is copied.

    >>> lasting(2.5), lasting(numpy.zeros(2)), lasting({2.5}), lasting(lambda x: x)
    (True, True, False, False)
    """
    return isinstance(value, _PLAIN | _LASTING) and not _holds_objects(value)


def values_read_by(function: Callable[..., Any], most: int) -> Iterator[Any]:
    """The values themselves, the function's own first, in the same order in every run of a program; ``most`` of them.

    >>> rate = 0.5
    >>> [v for v in values_read_by(lambda x: rate * x, 9) if isinstance(v, float)]
    [0.5]
    """
    watch = _Watch(most, every=True)
    watch.follow(partial(_itself, function), 0)
    for value in watch.values:
        if not isinstance(value, ModuleType):
            yield value


class _Watch:
    """A walk over what can be reached from a function."""

    def __init__(self, most: int = _MANY, every: bool = False) -> None:
        self.found: list[tuple[Callable[[], Any], Any]] = []
        self.values: list[Any] = []  # they are kept, so that no other object gets the identity of one
        self.tests: list[Test] = []
        self.whole = True  # nothing was left out for being too many or too deep
        self._most, self._every = most, every
        self._seen: dict[int, Any] = {}

    def follow(self, read: Callable[[], Any], depth: int, covered: bool = False) -> None:
        """Watch what ``read`` gives, and what it leads to; ``covered`` by the fingerprint of its container is what is plain."""
        try:
            value = read()
        except ValueError:  # a cell that is empty yet
            return
        if covered and not self._every and _constant(value):
            return
        if len(self.found) >= self._most:
            self.whole = False
            return
        if isinstance(value, Tracer):
            return  # what a trace left where the function keeps its argument: it is written again before it is read
        known = _fingerprint(value)
        self.found.append((read, known))
        self.values.append(value)
        if id(value) in self._seen or isinstance(value, numpy.ufunc | ModuleType):
            return
        self._seen[id(value)] = value
        if isinstance(value, numpy.ndarray | numpy.void):
            self.tests.append(("same({}, {})", (value, known)))
        if isinstance(value, ContextVar):
            self.tests.append(("{}.get({}) is {}", (value, ABSENT, value.get(ABSENT))))
        if isinstance(value, (*_BUFFERS, *_VIEWS)):
            self.tests.append(NEVER)
        if _reads_on(value):
            self.whole = False
            return
        if isinstance(value, _PLAIN) and not _holds_objects(value):
            return
        self.tests += tests(value, None if _installed(value) else _namespaces(value), _own_bases(value))
        inside = isinstance(value, _CONTAINERS)
        for reader in _within(value):
            if depth > _DEEP:
                self.whole = False
                return
            self.follow(reader, depth + (not callable(value)), inside)


def _within(value: Any) -> Iterator[Callable[[], Any]]:
    """Ways to read what a value is made of."""
    if wraps(value):
        yield lambda: value.__wrapped__
    if isinstance(value, BuiltinFunctionType | MethodWrapperType):
        if not isinstance(value.__self__, ModuleType | type | None):  # table.get reads the table
            yield lambda: value.__self__
        return
    if isinstance(value, UserDict | UserList):
        yield lambda: value.data
    if isinstance(value, ContextVar):
        yield partial(value.get, ABSENT)
    if isinstance(value, MappingProxyType):
        yield from (partial(_key, value, key) for key in list(value))
    elif isinstance(value, _VIEWS):
        yield value if isinstance(value, ReferenceType) else lambda: value.mapping
    if _holds_objects(value):
        yield from (partial(_itself, entry) for entry in value.reshape(-1).tolist())
    if _installed(value):
        return
    if isinstance(value, FunctionType):
        yield from _of_function(value)
    elif isinstance(value, MethodType):
        yield lambda: value.__self__
        yield lambda: value.__func__
    elif isinstance(value, type):
        yield from _of_class(value)
    else:
        if isinstance(value, partial):
            yield from (lambda: value.func, lambda: value.args, lambda: value.keywords)
        elif isinstance(value, dict):
            yield from (partial(_key, value, key) for key in list(value))
        elif isinstance(value, list | tuple | deque):
            yield from (partial(_entry, value, k) for k in range(len(value)))
        elif isinstance(value, set | frozenset):
            things = [entry for entry in value if not isinstance(entry, _PLAIN)]
            yield from (partial(_itself, e) for e in sorted(things, key=lambda e: type(e).__qualname__))
        if type(value) not in _BUILT_IN:
            yield partial(getattr, value, "__dict__", None)
            yield from _of_slots(value)
            yield from _of_class(type(value))


def _of_slots(value: Any) -> Iterator[Callable[[], Any]]:
    for base in _own_bases(value):
        yield from (
            partial(slot, m, value) for m in vars(base).values() if isinstance(m, MemberDescriptorType)
        )


def _own_bases(value: Any) -> tuple[type, ...]:
    """The classes of a value, or the class that it is and its bases, and their metaclass's, without installed ones."""
    if type(value) in _BUILT_IN:
        return ()
    cls = value if isinstance(value, type) else type(value)
    return tuple(base for base in (*cls.__mro__, *inspect.getmro(type(cls))) if not _installed(base))


def _of_class(cls: type) -> Iterator[Callable[[], Any]]:
    """Ways to read the methods and the data of a class and its bases."""
    for base in _own_bases(cls):
        yield from (partial(_member, base, name) for name, v in list(vars(base).items()) if _read(name, v))


def _read(name: str, value: Any) -> bool:
    """Whether what a class has is data or code of its own: methods that were generated are not."""
    if not name.startswith("__"):
        return True
    return isinstance(value, FunctionType) and value.__code__.co_filename != "<string>"


def _member(cls: type, name: str) -> Any:
    found = vars(cls).get(name, ABSENT)
    for part in ("fget", "__func__"):  # a property, a static or class method
        found = getattr(found, part, found)
    return None if isinstance(found, MemberDescriptorType) else found


def _of_function(function: FunctionType) -> Iterator[Callable[[], Any]]:
    for cell in function.__closure__ or ():
        yield partial(getattr, cell, "cell_contents")
    for part in ("__defaults__", "__kwdefaults__", *(() if bare(function) else ("__dict__",))):
        if getattr(function, part):
            yield partial(getattr, function, part)
    for namespace, names in _namespaces(function):
        for name in names:
            if name in namespace:
                yield partial(_key, namespace, name)


def _namespaces(value: Any) -> list[tuple[Mapping[str, Any], list[str]]]:
    """Where a function looks names up, the modules of one's own that it names too, and the names, there yet or not."""
    if not isinstance(value, FunctionType):
        return []
    names, own = set(_names(value.__code__)), value.__globals__
    python: dict[str, Any] = getattr(value, "__builtins__", {})
    found: list[tuple[Mapping[str, Any], list[str]]] = [
        (own, sorted(n for n in names if n in own or n in python)),
        (python, sorted(n for n in names if n in python and n not in own)),
    ]
    imported = [n for n in imported_by(value) if n not in sys.modules or not _installed(sys.modules[n])]
    if imported:
        found.append((sys.modules, imported))
    cells = [c for c in map(_contents, value.__closure__ or ()) if isinstance(c, ModuleType)]
    waiting = [*map(own.get, found[0][1]), *map(sys.modules.get, imported), *cells]
    seen = {id(own)}
    while waiting:
        module = waiting.pop(0)
        if isinstance(module, ModuleType) and not _installed(module) and id(vars(module)) not in seen:
            seen.add(id(vars(module)))
            found.append((vars(module), sorted(n for n in names if n in vars(module))))
            waiting += [vars(module)[name] for name in found[-1][1]]
    return found


def _contents(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _names(code: CodeType) -> Iterator[str]:
    """The names that a function reads, and those that the functions and comprehensions within it read."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _itself(value: Any) -> Any:
    return value


def _key(values: Mapping[Any, Any], key: Any) -> Any:
    return values.get(key, ABSENT)


def _entry(values: Any, place: int) -> Any:
    return values[place] if place < len(values) else ABSENT


def _installed(value: Any) -> bool:
    """Whether a value's code is of the standard library, of an installed package or of calcgrad."""
    if isinstance(value, FunctionType):
        return value.__code__.co_filename.startswith(_INSTALLED)
    if isinstance(value, dict | list | tuple | set | frozenset | deque | MethodType | partial):
        return False
    if is_namespace(value):
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
    """What a value is: numbers by value, arrays by contents too, containers by what lies in them, other things by identity."""
    if isinstance(value, numpy.ndarray):
        return id(value), value.shape, value.dtype, _numbers(value)
    if isinstance(value, list | tuple | set | frozenset | deque):
        return id(value), tuple(map(_shallow, value))
    if isinstance(value, dict):
        return id(value), tuple((_shallow(key), _shallow(entry)) for key, entry in dict.items(value))
    if isinstance(value, FunctionType):
        return id(value), id(value.__code__)
    if isinstance(value, _BUFFERS):
        return id(value), bytes(value)
    if isinstance(value, MappingProxyType):
        return MappingProxyType, tuple((_shallow(key), _shallow(entry)) for key, entry in value.items())
    if isinstance(value, _PLAIN):
        return _shallow(value)
    bases = [
        (id(base), tuple((name, _shallow(v)) for name, v in vars(base).items())) for base in _own_bases(value)
    ]
    return id(value), id(type(value)), tuple(bases)


def _shallow(value: Any) -> Any:
    if isinstance(value, float):
        return type(value), value.hex()  # -0.0 is another number than 0.0, and nan is nan
    if isinstance(value, numpy.generic):
        return type(value), value.dtype, value.tobytes()
    if isinstance(value, _PLAIN) and not isinstance(value, numpy.ndarray):
        return type(value), repr(value) if isinstance(value, complex) else value
    return id(value)


def _constant(value: Any, depth: int = _DEEP) -> bool:
    """Whether a value is what it is for good: a number, a text, a tuple of such ones."""
    if type(value) is tuple:
        return depth > 0 and all(_constant(entry, depth - 1) for entry in value)
    return isinstance(value, _PLAIN) and not isinstance(value, numpy.ndarray)


def _reads_on(value: Any) -> bool:
    """Whether a value is an iterator, or a generator, of Python's or of a package: how far it has been read cannot be seen."""
    return hasattr(type(value), "__next__") and not isinstance(value, type) and _installed(type(value))


def _holds_objects(value: Any) -> bool:
    return isinstance(value, numpy.ndarray) and value.dtype.hasobject


def _numbers(value: numpy.ndarray) -> Any:
    if value.dtype.hasobject:
        return tuple(map(_shallow, value.reshape(-1).tolist()))
    return value.tobytes() if value.size <= SHORT or value.dtype.kind not in "biufc" else fingerprint(value)
