"""The value of an operation of the table on floats and arrays, with as little between the call and NumPy as can be.

The system ``numpy`` (:mod:`calcgrad.systems.base`) has the same values with masks and with NumPy's warnings off, for sweeps. Here a
user's function runs: an array goes straight to NumPy's function, which warns as it does without tracing; a float, to
``math`` with IEEE's rules.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy

from calcgrad.operations import OPERATIONS, Elementwise, Structured, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.operations.shapes import Shape
from calcgrad.systems.base import FLOAT64, Arrays, system
from calcgrad.systems.values.arrays_linear import native

_PLAIN = (float, int, bool)


@cache
def value_of_operation(op: str) -> Callable[..., Any]:
    """The function of an operation's arguments and then its parameters; a double without axes comes back as a float."""
    row = OPERATIONS[op]
    if isinstance(row, Elementwise):
        return _entrywise(op, row)
    if op == "scatter":
        return scattered
    for home in Arrays._own:
        module = importlib.import_module(home)
        # Where the function has zeros by structure, the same with plain zeros.
        found: Callable[..., Any] | None = getattr(module, f"{op}_plain", None) or getattr(module, op, None)
        if found is not None:
            return found
    return system("numpy").function(op)


@cache
def inert(op: str) -> bool:
    """Whether an operation has no derivative in any argument: a comparison, the sign, a rounding."""
    row = OPERATIONS[op]
    if isinstance(row, Elementwise):
        return all(partial == "0" for partial in row.partials)
    return isinstance(row, Structured) and not any((*row.pushforwards, *row.transposes))


@cache
def rounds(op: str) -> bool:
    """Whether an operation takes a real number to one of a staircase's steps: a rounding, a division without its rest.

    >>> [op for op in ("floor", "round", "sign", "less", "sin") if rounds(op)]
    ['floor', 'round']
    """
    row = OPERATIONS[op]
    return (
        isinstance(row, Elementwise)
        and inert(op)
        and any(s.kind == "jump" and s.period for s in row.singular)
    )


def _entrywise(op: str, row: Elementwise) -> Callable[..., Any]:
    scalar = FLOAT64.function(op)
    found: list[Callable[..., Any]] = []

    def either(*args: Any) -> Any:
        for a in args:
            if type(a) not in _PLAIN:
                break
        else:
            y = scalar(*args)
            # The larger of -1.5 and the whole number 0 is 0.0, as it is in NumPy.
            return float(y) if type(y) is int and any(type(a) is float for a in args) else y
        if not found:
            found.append(array_function(op))
        y = found[0](*(_kept_single(args) if _NUMPY_1 else args))
        if type(y) is numpy.ndarray:
            return y if y.shape else y[()]
        if type(y) is numpy.float64:
            return float(y)  # many times faster than item()
        return bool(y) if type(y) is numpy.bool_ else y

    return either


#: Before NumPy 2 the product of a single-precision number and a float of Python's was a double.
_NUMPY_1 = numpy.lib.NumpyVersion(numpy.__version__) < "2.0.0"


def _kept_single(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Python's floats in the precision of NumPy's numbers beside them, as NumPy 2 takes them."""
    kinds = {a.dtype for a in args if isinstance(a, numpy.floating) and a.dtype != numpy.float64}
    if len(kinds) != 1 or any(type(a) is numpy.ndarray for a in args):
        return args
    kind = kinds.pop().type
    return tuple([kind(a) if type(a) in _PLAIN and type(a) is not bool else a for a in args])


def array_function(op: str) -> Callable[..., Any]:
    """NumPy's function of an elementwise operation, or SciPy's, or our own where theirs has faults."""
    row = OPERATIONS[op]
    named = getattr(row, "numpy", "") or op
    for home in Arrays.modules:
        found: Callable[..., Any] | None = getattr(importlib.import_module(home), named, None)
        if found is not None:
            return found
    assert isinstance(row, Elementwise)
    assert row.definition
    return defined(row)


@cache
def defined(row: Elementwise) -> Callable[..., Any]:
    """The value over arrays of a row that is defined by an expression of the table."""
    return system("numpy").expression(parsed(row.definition), ARGUMENTS[: row.arity])


#: The entries of vectors up to this length are made into floats when the first of them is read.
SHORT = 4096


def listed(a: Any) -> Any:
    """The entries of a vector of doubles as floats, for those who read one by one; none of another value."""
    if type(a) is not numpy.ndarray or a.ndim != 1 or a.dtype != numpy.float64:
        return ()
    return a.tolist() if a.size <= SHORT else a.data


def scattered(a: Any, index: tuple[Any, ...], whole: Shape) -> Any:
    """Zeros with ``a`` added at the index, twice where that names a place twice."""
    out = numpy.zeros(whole, getattr(a, "dtype", complex if type(a) is complex else float))
    add_at(out, native(index), a)
    return out


def add_at(out: Any, index: Any, a: Any) -> None:
    """Add to the entries at an index in place; an index of whole numbers and slices names each place once."""
    if all(isinstance(e, int | slice) or e is None or e is Ellipsis for e in index):
        out[index] += a
    else:
        numpy.add.at(out, index, a)
