"""NumPy's functions that write into an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from calcgrad.tracing.inplace.array import Written, free, listed, made
from calcgrad.tracing.inplace.refusing import outside
from calcgrad.tracing.traced import Traced, apply, settled


def _target(a: Any, values: Any) -> Written | None:
    """The array to write into, ``None`` for one from outside, into which only plain numbers may be written."""
    if type(a) is Written:
        return a
    if isinstance(values, Traced):
        raise outside(numpy.shape(a))
    return None


def _row(x: Any) -> Any:
    return x.reshape(-1) if getattr(x, "shape", ()) else numpy.reshape(x, -1)


def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    """``a.flat[ind] = v``, with ``v`` repeated as often as needed."""
    v, ind = listed(v), numpy.asarray(settled(free(ind)))
    target = _target(a, v)
    if target is None:
        numpy.put(a, ind, v, mode)  # type: ignore[arg-type]
        return
    target._check_writeable()
    places = target._layout().reshape(-1)
    if mode == "wrap":
        ind = ind % len(places)
    elif mode == "clip":
        ind = numpy.clip(ind, 0, len(places) - 1)
    chosen = places[ind.reshape(-1)]
    if len(chosen):
        target._memory.write(chosen, _repeated(v, len(chosen)))


def _repeated(v: Any, n: int) -> Any:
    """As many entries, from the first on and again."""
    row = _row(v if isinstance(v, Traced) else numpy.asarray(v))
    return row[numpy.arange(n) % row.shape[0]]


def place(arr: Any, mask: Any, vals: Any) -> None:
    """The entries of ``vals`` one after the other, where the mask holds."""
    mask, vals = numpy.asarray(settled(free(mask))).astype(bool), listed(vals)
    target = _target(arr, vals)
    if target is None:
        numpy.place(arr, mask, vals)
        return
    target._check_writeable()
    chosen = target._layout().reshape(-1)[mask.reshape(-1)]
    if len(chosen):
        target._memory.write(chosen, _repeated(vals, len(chosen)))


def putmask(a: Any, mask: Any, values: Any) -> None:
    """The entries of ``values`` at the same places as those where the mask holds."""
    mask, values = numpy.asarray(settled(free(mask))).astype(bool).reshape(-1), listed(values)
    target = _target(a, values)
    if target is None:
        numpy.putmask(a, mask.reshape(a.shape), values)
        return
    target._check_writeable()
    chosen = target._layout().reshape(-1)[mask]
    if len(chosen):
        target._memory.write(chosen, _repeated(values, len(mask))[numpy.flatnonzero(mask)])


def copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    """``dst[...] = src`` where the mask holds."""
    src, where = listed(src), settled(free(where))
    target = _target(dst, src)
    if target is None:
        numpy.copyto(dst, src, casting=casting, where=where)  # type: ignore[arg-type]
        return
    kind = getattr(src, "dtype", None)
    if kind is not None and not numpy.can_cast(kind, target.dtype, casting):  # type: ignore[arg-type]
        raise TypeError(f"Cannot cast array data from {kind!r} to {target.dtype!r} according to {casting!r}")
    if where is True:
        target[...] = src
        return
    mask = numpy.broadcast_to(where, target.shape)
    if getattr(src, "shape", ()) or not isinstance(src, Traced):
        src = numpy.broadcast_to(src, target.shape)[mask]
    target[mask] = src


def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """Write to the main diagonal, the entries of ``val`` one after the other."""
    val = listed(val)
    target = _target(a, val)
    if target is None:
        numpy.fill_diagonal(a, val, wrap)
        return
    target._check_writeable()
    model = numpy.zeros(target.shape, bool)
    numpy.fill_diagonal(model, True, wrap)
    chosen = target._layout()[model]
    target._memory.write(chosen, _repeated(val, len(chosen)))


def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> None:
    """Write to places that differ from line to line."""
    indices, values = settled(free(indices)), listed(values)
    target = _target(arr, values)
    if target is None:
        numpy.put_along_axis(arr, indices, values, axis)
        return
    target._check_writeable()
    places = target._layout()
    if axis is None:
        places, axis = places.reshape(-1), 0
    target._memory.write(numpy.take_along_axis(places, numpy.asarray(indices), axis), values)


def at(ufunc: numpy.ufunc, a: Any, indices: Any, *rest: Any) -> None:
    """``ufunc.at``: an entry that is named twice is written twice."""
    indices = _indices(indices)
    values = tuple(map(listed, rest))
    target = _target(a, next((v for v in values if isinstance(v, Traced)), None))
    if target is None:
        ufunc.at(a, indices, *values)
        return
    target._check_writeable()
    places = target._layout()[indices]
    memory, shape = target._memory, numpy.shape(places)
    row = numpy.reshape(places, -1)
    spread = [_row(numpy.broadcast_to(v, shape)) if numpy.shape(v) != shape else _row(v) for v in values]
    if ufunc in (numpy.add, numpy.subtract) and len(row):
        once, again = numpy.unique(row, return_inverse=True)
        added = apply("put", spread[0], again.reshape(-1), params=(0, len(once)))
        memory.write(once, ufunc(memory.read(once), added))
        return
    for k, place_ in enumerate(row.tolist()):
        memory.write(place_, ufunc(memory.entry(place_), *[v[k] for v in spread]))


def _indices(indices: Any) -> Any:
    if type(indices) is tuple:
        return tuple([settled(free(i)) for i in indices])
    return settled(free(indices))


def sort(a: Written, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> None:
    """``a.sort()``."""
    a[...] = numpy.sort(a._value(), axis)


def partition(a: Written, kth: Any, axis: Any = -1, kind: Any = None, order: Any = None) -> None:
    """``a.partition(kth)``."""
    a[...] = numpy.partition(a._value(), kth, axis)


def fill(a: Written, value: Any) -> None:
    """``a.fill(value)``."""
    a[...] = value


def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """A copy, or written over ``x``."""
    found = numpy.nan_to_num(free(x), nan=nan, posinf=posinf, neginf=neginf)
    if copy or type(x) is not Written:
        return made(found)
    x[...] = found
    return x


#: By the function that is called.
WRITERS: dict[Any, Callable[..., Any]] = {
    numpy.put: put,
    numpy.place: place,
    numpy.putmask: putmask,
    numpy.copyto: copyto,
    numpy.fill_diagonal: fill_diagonal,
    numpy.put_along_axis: put_along_axis,
    numpy.nan_to_num: nan_to_num,
}
