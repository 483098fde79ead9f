"""What fast pullbacks over arrays are made of: results go into buffers that nobody else reads.

An adjoint is *owned* when its buffer was made by the sweep for that slot alone; only such a one is added to, or written over,
in place. Every adjoint has its slot's shape and precision.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from calcgrad.systems.values.arrays_linear import native
from calcgrad.tracing.values import SHORT, add_at

_Array = numpy.ndarray
_NUMBERS = (float, int)
#: The types of adjoints that are not traced.
PLAIN = frozenset((numpy.ndarray, float, numpy.float32, numpy.float16, numpy.complex128))


def deposit(adjoints: list[Any], owned: list[bool], slot: int, term: Any, mine: bool) -> None:
    """Add a term to the adjoint of a slot; ``mine`` says that the term's buffer may be kept and written to."""
    before = adjoints[slot]
    if before is None:
        adjoints[slot] = term
        owned[slot] = mine
    elif type(before) is _Array and type(term) is _Array and before.dtype == term.dtype:
        if owned[slot]:
            numpy.add(before, term, before)
        elif mine:
            adjoints[slot] = numpy.add(before, term, term)
            owned[slot] = True
        else:
            adjoints[slot] = numpy.add(before, term)
            owned[slot] = True
    else:
        adjoints[slot] = before + term
        owned[slot] = False


def fit(term: Any, primal: Any) -> Any:
    """A term in the shape and precision of its primal: what broadcasting repeated is summed."""
    if type(primal) is _Array or (
        isinstance(primal, _Array) and primal.shape
    ):  # a class of somebody's own, too
        if term.shape != primal.shape:
            extra = term.ndim - primal.ndim
            lengths = zip(primal.shape, term.shape[extra:], strict=True)
            axes = (*range(extra), *[k + extra for k, (n, m) in enumerate(lengths) if n == 1 and m != 1])
            term = numpy.add.reduce(term, axis=axes).reshape(primal.shape)
        return term if term.dtype == primal.dtype else cast(term, primal.dtype)
    if type(term) is _Array:
        term = numpy.add.reduce(term, axis=None)
    if type(primal) is float:
        return float(term.real) if isinstance(term, complex | numpy.complexfloating) else float(term)
    return cast(term, primal.dtype)


def cast(term: Any, dtype: Any) -> Any:
    """In another precision; of a complex adjoint, a real primal takes the real part."""
    if not hasattr(term, "dtype"):
        return dtype.type(term.real if isinstance(term, complex) and dtype.kind != "c" else term)
    if term.dtype.kind == "c" and dtype.kind != "c":
        term = term.real
    return term.astype(dtype)


def into(ufunc: Any, fresh: Any, other: Any) -> Any:
    """``ufunc(fresh, other)``, written over ``fresh`` where it has the result's shape and precision."""
    if (
        type(fresh) is _Array
        and type(ufunc) is numpy.ufunc
        and (
            type(other) in _NUMBERS
            or (type(other) is _Array and other.shape == fresh.shape and other.dtype == fresh.dtype)
        )
    ):
        return ufunc(fresh, other, out=fresh)
    return ufunc(fresh, other)


def onto(ufunc: Any, other: Any, fresh: Any) -> Any:
    """``ufunc(other, fresh)`` in the same way."""
    if (
        type(fresh) is _Array
        and type(ufunc) is numpy.ufunc
        and (
            type(other) in _NUMBERS
            or (type(other) is _Array and other.shape == fresh.shape and other.dtype == fresh.dtype)
        )
    ):
        return ufunc(other, fresh, out=fresh)
    return ufunc(other, fresh)


def over(function: Callable[..., Any], fresh: Any) -> Any:
    """``function(fresh)`` in the same way."""
    if type(fresh) is _Array and type(function) is numpy.ufunc:
        return function(fresh, fresh)
    return function(fresh)


def choose(condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
    """``where`` of two terms, of which ``None`` is zero; a condition without axes evaluates one of them only."""
    if not getattr(condition, "shape", ()):
        return taken() if condition else other()
    a, b = taken(), other()
    if a is None and b is None:
        return None
    return numpy.where(condition, 0.0 if a is None else a, 0.0 if b is None else b)


def pull_sum(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> bool:
    """Every summand gets the whole adjoint: a view, nothing is copied. ``False`` for the sum of a number."""
    _, _, (slot,), (a,), params, _ = step
    axis = params[0] if params else None
    if type(a) is not _Array or type(d) not in PLAIN:
        return False
    if type(d) is _Array and axis is not None and d.ndim < a.ndim:
        axes = axis if type(axis) is tuple else (axis,)
        d = numpy.expand_dims(d, axes)
    deposit(adjoints, owned, slot, numpy.broadcast_to(numpy.asarray(d, a.dtype), a.shape), False)
    return True


def pull_getitem(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> bool:
    """The adjoint is added to its places in a buffer of zeros that is made once; ``False`` for a number indexed by ``...``."""
    _, _, (slot,), (a,), index, _ = step
    if type(a) is not _Array or type(d) not in PLAIN:
        return False
    before = adjoints[slot]
    if not owned[slot] or type(before) is not _Array:
        buffer = before.dense() if type(before) is Entries else numpy.zeros(a.shape, a.dtype)
        if before is not None and type(before) is not Entries:
            buffer += before
        adjoints[slot] = before = buffer
        owned[slot] = True
    add_at(before, native(index), d)
    return True


class Entries:
    """The adjoint of a vector whose entries alone were read so far: what each of them has sent back."""

    __slots__ = ("sums",)

    def __init__(self, length: int) -> None:
        self.sums = [0.0] * length

    def dense(self) -> numpy.ndarray:
        """All entries, in a buffer that is nobody else's."""
        return numpy.array(self.sums)

    def __add__(self, term: Any) -> Any:
        return self.dense() + term


def pull_entry(adjoints: list[Any], owned: list[bool], d: Any, step: Any) -> bool:
    """To one number of a vector: added up apart as long as there is nothing else, else in the vector's own buffer.

    ``False`` for a traced adjoint.
    """
    _, slot, a, index, _ = step
    if not isinstance(d, float):
        return pull_getitem(adjoints, owned, d, False, (None, "getitem", (slot,), (a,), (index,), None))
    before = adjoints[slot]
    if before is None and len(a) <= SHORT:
        before = adjoints[slot] = Entries(len(a))
        owned[slot] = False
    if type(before) is Entries:
        before.sums[index] += d
        return True
    if owned[slot] and type(before) is _Array:
        before[index] += d
        return True
    return pull_getitem(adjoints, owned, d, False, (None, "getitem", (slot,), (a,), (index,), None))


def pull_matmul(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> bool:
    """Of two matrices, or a matrix and a vector; ``False`` for what the table's own rule has to do."""
    _, _, (first, second), (a, b), _, _ = step
    if type(a) is not _Array or type(b) is not _Array or type(d) not in PLAIN:
        return False
    if a.ndim != 2 or b.ndim > 2 or a.dtype != b.dtype:
        return False
    if first is not None:
        deposit(adjoints, owned, first, numpy.outer(d, b) if b.ndim == 1 else d @ b.T, True)
    if second is not None:
        deposit(adjoints, owned, second, a.T @ d, True)
    return True


def pull_vector(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> bool:
    """To each entry its own; ``False`` where they are no numbers."""
    _, _, slots, args, _, _ = step
    if type(d) is not _Array or d.ndim != 1 or d.dtype != numpy.float64:
        return False
    if not all(type(a) is float for a, slot in zip(args, slots, strict=True) if slot is not None):
        return False
    for slot, term in zip(slots, d.tolist(), strict=True):
        if slot is not None:
            before = adjoints[slot]
            adjoints[slot] = term if before is None else before + term
    return True


def pull_concatenate(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> bool:
    """To each part its own: views, nothing is copied."""
    _, _, slots, args, (axis,), _ = step
    if type(d) is not _Array:
        return False
    start = 0
    for slot, a in zip(slots, args, strict=True):
        stop = start + a.shape[axis]
        if slot is not None:
            part = d[(*[slice(None)] * axis, slice(start, stop))]
            deposit(adjoints, owned, slot, part if part.dtype == a.dtype else cast(part, a.dtype), False)
        start = stop
    return True


def pull_reshape(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> bool:
    """The adjoint itself in another shape; ``False`` for a number in brackets."""
    _, _, (slot,), (a,), _, _ = step
    if type(d) is not _Array or type(a) is not _Array:
        return False
    deposit(adjoints, owned, slot, d.reshape(a.shape), mine)
    return True


#: The fast pullbacks of operations that are not elementwise; what is not here goes by the table's own rules.
PULLS: dict[str, Callable[..., Any]] = {
    "sum": pull_sum,
    "vector": pull_vector,
    "concatenate": pull_concatenate,
    "reshape": pull_reshape,
    "getitem": pull_getitem,
    "matmul": pull_matmul,
}
