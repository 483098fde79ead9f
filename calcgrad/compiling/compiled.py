"""A compiled function: its programs, one for each kind of arguments and outcome of branches, made when they are first met."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import update_wrapper
from types import MethodType
from typing import Any

import numpy

from calcgrad.compiling.backends import Backend, Wanted, in_numpy
from calcgrad.compiling.captured import Captured, lasting
from calcgrad.compiling.collecting import seldom_collected, uncollected
from calcgrad.compiling.entering import is_single
from calcgrad.compiling.graph import build
from calcgrad.compiling.losing import LOST, risky
from calcgrad.compiling.program import PLAIN, trace
from calcgrad.compiling.simplifying import simplified
from calcgrad.compiling.straight import MISS, Straight, holds_nan, identifier
from calcgrad.pytrees import Structure, flatten, named_leaves, unflatten
from calcgrad.tracing.agreement import answer, question
from calcgrad.tracing.refusals import ForeignError
from calcgrad.tracing.traced import Traced

#: So many programs are kept for one kind of arguments; the one that was not used for longest goes first.
PROGRAMS = 16
#: Programs are kept for so many kinds of arguments; those made first go first.
KINDS = 1_024
#: Of graphs with more values few operations are saved by simplifying, and it takes as long as all else.
_SIMPLIFIED = 20_000


class Compiled:
    """A function that is traced once for each kind of its arguments, and then runs as straight Python.

    ``source`` shows the programs made so far, ``traces`` counts them; ``backend`` says what runs them, and ``ir`` what a compiler
    was given.
    """

    def __init__(self, function: Callable[..., Any], written: Backend = in_numpy) -> None:
        self.function = function
        self._written = written
        self.traces = 0
        self._programs: dict[Any, list[Straight]] = {}
        self._used: Straight | None = None
        update_wrapper(self, function, updated=())

    def __new__(cls, *args: Any, **kwargs: Any) -> Compiled:
        """An object of a class of its own: Python calls what the class has, so the quick way stands there, no frame between."""
        own: type[Compiled] = type(
            cls.__name__, (cls,), {"__module__": cls.__module__, "__doc__": cls.__doc__}
        )
        return object.__new__(own)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._called(args, kwargs)

    def __get__(self, thing: Any, owner: Any = None) -> Any:
        """As a method: the object is the first argument, as it is of a function."""
        return self if thing is None else MethodType(self, thing)

    def __copy__(self) -> Compiled:
        return self  # as of a function, which it stands for

    def __deepcopy__(self, memo: Any) -> Compiled:
        return self

    def __reduce__(self) -> Any:
        """Under its name, where it stands in its module under the name of the function; else made anew of the function."""
        name = str(getattr(self.function, "__qualname__", ""))
        found: Any = sys.modules.get(getattr(self.function, "__module__", ""))
        for part in name.split("."):
            found = getattr(found, part, None)
        return name if found is self else (Compiled, (self.function, self._written))

    def _called(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        leaves, structure = flatten((args, kwargs))
        kinds: list[Any] = []
        for leaf in leaves:
            kind = type(leaf)
            if kind is float:
                kinds.append(float)
            elif kind is numpy.ndarray:
                kinds.append((leaf.shape, leaf.dtype))
            elif kind is Traced or (isinstance(leaf, numpy.ndarray) and kind not in PLAIN):
                # Within a derivative of its own, that one records what the function does; other arrays compute otherwise.
                return self.function(*args, **kwargs)
            else:
                kinds.append(_kind(leaf))
        key = (structure, tuple(kinds))
        programs = self._programs.get(key)
        if programs is None:
            programs = self._new_kind(key)
        given = [_primal(leaf) for leaf, kind in zip(leaves, kinds, strict=True) if not _static(kind)]
        for program in tuple(programs):
            found = program.run(given)
            if found is MISS:
                continue
            same = program.captured.same()
            if same or program.captured.unchanged():
                if program.grow is not None:
                    program = self._grown(programs, program, program.grow(given))  # noqa: PLW2901
                if same and program is self._used:  # what changes at every call has no quick way
                    self._enter(program)
                self._use(programs, program)
                return self._checked(program, found, args, kwargs)
        return self._traced(programs, leaves, kinds, structure, given)

    def _traced(
        self,
        programs: list[Straight],
        leaves: list[Any],
        kinds: list[Any],
        structure: Structure,
        given: list[Any],
    ) -> Any:
        captured = Captured(self.function, *[k.value for k in kinds if _static(k) and not _constant(k.value)])
        places = [k for k, kind in enumerate(kinds) if not _static(kind)]

        def call(run: Callable[..., Any], *inputs: Any) -> Any:
            filled = list(leaves)
            for place, value in zip(places, inputs, strict=True):
                filled[place] = value
            args, kwargs = unflatten(structure, filled)
            return run(*args, **kwargs)

        plain_args, plain_kwargs = unflatten(structure, leaves)
        asked = question(self.function, plain_args, plain_kwargs, given)
        try:
            with seldom_collected():
                program, output = trace(self.function, given, call)
            outputs, shape = flatten(output)
            if any(type(o) is Traced and o._trace is not program for o in outputs):
                raise ForeignError
            if not all(type(o) is Traced or lasting(o) or captured.has(o) for o in outputs):
                raise ForeignError
        except (
            ForeignError
        ):  # the derivative outside records what the function does, or each call makes an object anew
            args, kwargs = unflatten(structure, leaves)
            return self.function(*args, **kwargs)
        scalable = program.scalable or program.spoilt
        if asked is not None and not scalable:
            answer(asked, outputs, shape)
        self.traces += 1
        slots = [o.slot if type(o) is Traced and o._trace is program else (o,) for o in outputs]
        with uncollected():
            graph = build(program, slots)
            if len(graph.values) <= _SIMPLIFIED:
                graph = simplified(graph)
        names = _names(self.function, structure, leaves, places)
        plain = kinds if len(places) == len(leaves) and structure == flatten((tuple(leaves), {}))[1] else None
        name = str(getattr(self.function, "__name__", "program"))
        watched = program.scalable and risky(graph)
        with uncollected():
            made = self._written(Wanted(name, graph, names, shape, captured, plain, given, watched))
        if program.spoilt:
            made = replace(made, run=_always_lost, enter=None, grow=None)
            self._use(programs, made)
        found = made.run(given)
        args, kwargs = unflatten(structure, leaves)
        if asked is not None and scalable:
            if (
                found is LOST
            ):  # the function's own result is another one with good reason: its program is looked at elsewhere
                return self.function(*args, **kwargs)
            answer(asked, outputs, shape)
        self._use(programs, made)
        if found is MISS:  # a sum in blocks decides otherwise in its last bit
            return self.function(*args, **kwargs)
        return self._checked(made, found, args, kwargs)

    def _new_kind(self, key: Any) -> list[Straight]:
        """The programs for a kind of arguments that is met for the first time."""
        while len(self._programs) >= KINDS:
            self._programs.pop(next(iter(tuple(self._programs))), None)
        return self._programs.setdefault(key, [])

    def _use(self, programs: list[Straight], program: Straight) -> None:
        """The program that was used last is tried first. Where two threads come at once, one may have to trace anew later."""
        if not programs or programs[0] is not program:
            programs[:] = [program, *[p for p in tuple(programs) if p is not program]][:PROGRAMS]
        self._used = program

    def _grown(self, programs: list[Straight], program: Straight, grown: Straight | None) -> Straight:
        """The program from now on: what has grown of it, if anything."""
        if grown is None:
            return program
        programs[:] = [grown if p is program else p for p in tuple(programs)]
        self._used = grown
        return grown

    def _enter(self, program: Straight) -> None:
        """From now on calls go the quick way into this program first."""
        way = program.way(self._called)
        if way is not None:
            type(self).__call__ = staticmethod(way)  # type: ignore[method-assign]

    def _checked(self, program: Straight, found: Any, args: Any, kwargs: Any) -> Any:
        """The result; the function's own where a sweep lost numbers, which it makes again with another seed, and where zeros by
        structure were written as numbers and one met an infinite slope.
        """
        if found is LOST or (program.zeros and holds_nan(found)):
            return self.function(*args, **kwargs)
        return found

    @property
    def source(self) -> str:
        """The programs made so far as Python text, the latest used first."""
        found = [program.source for program in self._all()]
        return "\n\n".join(found) if found else "# not called yet: the first call makes the first program"

    @property
    def ir(self) -> str:
        """What a compiler was given for these programs, the same way; empty where none was."""
        return "\n\n".join([program.ir for program in self._all() if program.ir])

    @property
    def backend(self) -> str:
        """What runs the program that was made or found last: ``"numpy"`` (which stands for ``math`` too) or ``"native"``."""
        return "numpy" if self._used is None else self._used.backend

    def _all(self) -> list[Straight]:
        return [program for programs in tuple(self._programs.values()) for program in tuple(programs)]


def _kind(leaf: Any) -> Any:
    """What a program is made for: the precision of a number, the value of what is not traced."""
    if isinstance(leaf, float | numpy.generic) and getattr(leaf, "dtype", numpy.dtype(float)).kind == "f":
        return type(leaf)
    if isinstance(leaf, numpy.ndarray):
        return (leaf.shape, leaf.dtype)
    return _Static(leaf)


#: What is the same by value: nothing else can be told from two of these that are equal.
_BY_VALUE = (int, bool, str, bytes, range, Fraction)


class _Static:
    """An argument that is no float: another value is another program.

    Numbers and texts are compared by value; other objects are themselves alone, whatever their ``==`` says.
    """

    def __init__(self, value: Any) -> None:
        self.value = value
        self._key = _known(value)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, _Static) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _known(value: Any) -> tuple[Any, ...]:
    """What a value is known by; it has to live as long as this."""
    kind = type(value)
    if kind in _BY_VALUE:
        return kind, value
    if kind is complex:
        return kind, repr(value)  # its zeros have signs, and nan is nan
    if isinstance(value, numpy.generic) and not value.dtype.hasobject:
        return kind, value.dtype, value.tobytes()
    if kind is MethodType:  # a new one each time that it is read
        return kind, id(value.__self__), id(value.__func__)
    return kind, id(value)


def _constant(value: Any) -> bool:
    return value is None or isinstance(value, int | complex | str | bytes)


def _always_lost(_given: Sequence[Any]) -> Any:
    return LOST


def _static(kind: Any) -> bool:
    return type(kind) is _Static


def _primal(leaf: Any) -> Any:
    """A leaf as programs take it: NumPy's doubles, and arrays without axes, are Python's numbers."""
    if type(leaf) is numpy.float64:
        return float(leaf)  # an order of magnitude faster than item()
    if type(leaf) is numpy.ndarray and not leaf.shape:
        return leaf[()] if is_single(leaf.dtype) else leaf.item()
    return leaf


def _names(
    function: Callable[..., Any], structure: Structure, leaves: Sequence[Any], places: Sequence[int]
) -> list[str]:
    """Readable names for the inputs: a parameter's own, with the way to a leaf behind it."""
    args, kwargs = unflatten(structure, list(leaves))
    try:
        known = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        known = []
    names: list[str] = []
    for k, arg in enumerate(args):
        names += [path for path, _ in named_leaves(arg, known[k] if k < len(known) else f"argument{k}")]
    for key, arg in kwargs.items():
        names += [path for path, _ in named_leaves(arg, key)]
    found: list[str] = []
    for place in places:
        text = identifier("".join(c if c.isalnum() else "_" for c in names[place]).strip("_"))
        while text in found:
            text += "_"
        found.append(text)
    return found
