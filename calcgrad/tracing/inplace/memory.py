"""A block of memory that traced values can be written into.

Its places are numbered as the entries of the array that it was made for, row by row. Until it is written into, it is the one
value it was made of. After that, each place has an *origin*: -1 for a plain number, else the source, a traced value, whose
entry (in a row) at ``entry`` it holds. A source that is a single number has the entry -1.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any
from weakref import ref

import numpy

from calcgrad.tracing.inplace.assembling import assembled, flat, in_precision
from calcgrad.tracing.inplace.refusing import cut_off, tangled
from calcgrad.tracing.traced import Traced, apply, primal_of

_NOTHING = numpy.empty(0)
_DOUBLE = numpy.dtype(numpy.float64)


class Memory:
    """Places, and where the number at each comes from.

    ``value`` is what it was made of, until the first write; it is never written into. ``version`` counts the writes.
    ``on_write`` is called before the first one, where somebody wants to know.
    """

    __slots__ = (
        *("__weakref__", "double", "dtype", "entries", "exports", "lent", "numbers", "on_write", "origins"),
        *("places", "shape", "sources", "value", "version"),
    )

    def __init__(self, value: Any, on_write: Callable[[], None] | None = None) -> None:
        self.value = value
        self.shape = value.shape
        self.dtype = value.dtype
        self.double = self.dtype == _DOUBLE
        self.on_write = on_write
        self.version = 0
        self.places: Any = None  # an array of the places, laid out as NumPy lays out the array
        self.numbers: Any = _NOTHING
        self.origins: Any = None
        self.entries: Any = None
        self.sources: list[Any] = []
        self.exports: list[ref[Any]] = []  # what code that knows nothing of this was given
        self.lent = False  # whether somebody reads ``numbers`` itself

    def layout(self) -> Any:
        """The places as an array whose views are views of this memory."""
        if self.places is None:
            places = numpy.arange(prod(self.shape)).reshape(self.shape)
            model = primal_of(self.value) if self.value is not None else places
            if len(self.shape) > 1 and not model.flags.c_contiguous:
                like = numpy.empty_like(model, dtype=numpy.int64, subok=False)
                like[...] = places
                places = like
            elif places.base is not None:  # views are told by their base
                places = places.copy()
            self.places = places
        return self.places

    # --- writing ---

    def write(self, places: Any, value: Any) -> None:
        """Write a value, traced or plain, to places (an array of them, or one), broadcast as NumPy does it.

        Raises ``UsageError`` E401 where NumPy would lose part of a traced value: the imaginary one.
        """
        if isinstance(value, Traced):
            self._write_traced(places, value)
            return
        if self.origins is None:
            self._begin_plain()
        self._change()
        self.numbers[places] = value
        if self.origins is not None:
            self.origins[places] = -1

    def put(self, place: int, value: Traced) -> None:
        """Write a traced double to one place: what loops do."""
        if self.origins is None:
            self._begin_traced()
        self._change()
        self.origins[place] = len(self.sources)
        self.entries[place] = -1
        self.sources.append(value)
        if len(self.sources) > 64 + 2 * len(self.origins):
            self._forget()

    def replace(self, value: Any) -> None:
        """Write a value of the same shape and precision to all places: it is made of this one now."""
        self.layout()
        self._change()
        self.value = value
        self.numbers, self.origins, self.entries, self.sources = _NOTHING, None, None, []

    def _write_traced(self, places: Any, value: Traced) -> None:
        if value.dtype.kind == "c" != self.dtype.kind:
            raise cut_off(
                "a complex traced value cannot be written into an array of floats: the imaginary part would be lost"
            )
        entries = _spread(value.shape, numpy.shape(places))
        value = in_precision(value, self.dtype)
        if self.origins is None:
            self._begin_traced()
        self._change()
        self.origins[places] = len(self.sources)
        self.entries[places] = entries
        self.sources.append(flat(value))
        if len(self.sources) > 64 + 2 * len(self.origins):
            self._forget()

    def export(self, array: Any) -> Any:
        """Note an array of these numbers that outside code gets: while it is held, nothing may be written here."""
        self.exports = [known for known in self.exports if known() is not None]
        self.exports.append(ref(array))
        return array

    def _change(self) -> None:
        self.version += 1
        if self.exports and any(known() is not None for known in self.exports):
            raise tangled(
                f"an array of shape {self.shape} is written into while code outside still holds it, or a view of it"
            )
        if self.on_write is not None:
            told, self.on_write = self.on_write, None
            told()
        if self.lent:
            self.numbers, self.lent = self.numbers.copy(), False

    def _begin_plain(self) -> None:
        """Numbers that are its own, before a plain write."""
        if isinstance(self.value, Traced):
            self._begin_traced()
        elif self.value is not None:
            self.layout()
            self.numbers = self.value.flatten()
            self.value = None

    def _begin_traced(self) -> None:
        """An origin for each place."""
        self.layout()
        n = prod(self.shape)
        if isinstance(self.value, Traced):
            self.numbers = numpy.zeros(n, self.dtype)
            self.origins = numpy.zeros(n, numpy.int64)
            source = flat(self.value)
            self.entries = numpy.arange(n) if source.shape else numpy.full(n, -1)
            self.sources.append(source)
            self.value = None
        else:
            self._begin_plain()
            self.origins = numpy.full(n, -1)
            self.entries = numpy.full(n, -1)

    def _forget(self) -> None:
        """Let go of sources that nothing comes from any more."""
        kept, new = numpy.unique(self.origins, return_inverse=True)
        shift = 1 if len(kept) and kept[0] < 0 else 0
        self.sources = [self.sources[k] for k in kept[shift:].tolist()]
        self.origins = new.reshape(-1) - shift

    # --- reading ---

    def entry(self, place: int) -> Any:
        """The number at one place, traced or plain."""
        if self.origins is None:
            if self.value is None:
                return self.numbers[place]
            if not isinstance(self.value, Traced):
                return self.value.reshape(-1)[place]
            return self._of_value(place) if self.shape else self.value
        origin = self.origins.item(place)
        if origin < 0:
            return self.numbers[place]
        entry = self.entries.item(place)
        return self.sources[origin] if entry < 0 else self.sources[origin][entry]

    def _of_value(self, place: int) -> Any:
        if len(self.shape) == 1:
            return self.value[place]
        return self.value[tuple([int(i) for i in numpy.unravel_index(place, self.shape)])]

    def read(self, places: Any) -> Any:
        """The value at an array of places: a traced value, or a plain array that does not change any more."""
        if not places.shape:
            return self.entry(int(places))
        if places.ndim > 1 and not places.flags.c_contiguous:
            order = sorted(range(places.ndim), key=lambda k: -abs(places.strides[k]))
            if order != list(
                range(places.ndim)
            ):  # NumPy makes results in the layout of what they are made of
                found = self._read_rows(places.transpose(order))
                back = tuple([order.index(k) for k in range(places.ndim)])
                return apply("transpose", found, params=(back,))
        return self._read_rows(places)

    def _read_rows(self, places: Any) -> Any:
        if self.origins is None:
            return self._plain(places)
        shape, row = places.shape, places.reshape(-1)
        origins = self.origins[row]
        traced = origins >= 0
        if not traced.any():
            return self._plain(places)
        found = assembled(origins, self.entries[row], self.numbers[row], self.sources)
        if len(row) > 1:
            self._rebase(row, origins, traced, found)
        return found if len(shape) == 1 else apply("reshape", found, params=(shape,))

    def _rebase(self, row: Any, origins: Any, traced: Any, found: Any) -> None:
        """From now on these places come from the value that was just put together: reading them again is one piece."""
        source = len(self.sources)
        mine = origins[traced]
        if (mine == mine[0]).all():
            return
        if len(mine) == len(row):
            self.origins[row] = source
            self.entries[row] = numpy.arange(len(row))
        else:  # plain numbers stay plain
            places = row[traced]
            self.origins[places] = source
            self.entries[places] = numpy.flatnonzero(traced)
        self.sources.append(found)

    def _plain(self, places: Any) -> Any:
        if self.value is not None:
            if isinstance(self.value, Traced):
                return apply("getitem", flat(self.value), params=(places.copy(),))
            return self.value.reshape(-1)[places]  # an index of places copies
        if places is self.places and places.flags.c_contiguous:
            self.lent = True
            found = self.numbers.reshape(self.shape)
        else:
            found = self.numbers[places]
        found.flags.writeable = False
        return found


def _spread(shape: tuple[int, ...], target: tuple[int, ...]) -> Any:
    """For each target the entry of a value of this shape; -1 for a number. NumPy's own error where it does not fit."""
    if not shape:
        return -1
    entries = numpy.arange(prod(shape)).reshape(shape)
    while entries.ndim > len(target) and entries.shape[0] == 1:
        entries = entries[0]
    try:
        return numpy.broadcast_to(entries, target) if target else entries.item()
    except ValueError:
        raise ValueError(f"could not broadcast input array from shape {shape} into shape {target}") from None
