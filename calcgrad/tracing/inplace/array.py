"""An array that traced code writes into: a view of a memory, which behaves as NumPy's own do.

It is a subclass of the traced value, so that Python and NumPy ask it first wherever both meet; it says that it is an
``ndarray``, and a program that asks ``isinstance`` is told so. What it takes part in reads its value first.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any
from weakref import ref

import numpy

from calcgrad.tracer import NotTracedError
from calcgrad.tracing.inplace.assembling import in_precision
from calcgrad.tracing.inplace.memory import Memory
from calcgrad.tracing.inplace.refusing import tangled
from calcgrad.tracing.traced import Traced, apply, settled

_Array = numpy.ndarray


class Written(Traced):
    """A view of a memory. ``_places`` are those of its entries, ``None`` for all of them in the memory's own shape.

    ``_known`` is its value as it was at the memory's ``_version``.
    """

    __slots__ = ("_known", "_memory", "_places", "_version")

    def __init__(self, memory: Memory, places: Any = None, known: Any = None) -> None:
        self._memory = memory
        self._places = places
        self._known = known
        self._version = memory.version

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return _Array

    # --- what it is made of ---

    def _layout(self) -> Any:
        return self._memory.layout() if self._places is None else self._places

    def _value(self) -> Any:
        """The value at this moment: traced, or a plain array or number; it does not change afterwards."""
        memory = self._memory
        if self._places is None and memory.value is not None:
            return memory.value
        if self._known is None or self._version != memory.version:
            self._known = memory.read(self._layout())
            self._version = memory.version
        return self._known

    @property
    def shape(self) -> Any:
        """The lengths of the axes; they can be set, where the entries allow it without a copy."""
        return self._memory.shape if self._places is None else self._places.shape

    @shape.setter
    def shape(self, shape: Any) -> None:
        places = self._layout().view()
        places.shape = shape
        self._places, self._known = places, None

    @property
    def dtype(self) -> Any:
        """The precision."""
        return self._memory.dtype

    @property
    def flags(self) -> Any:
        """How the entries lie in memory."""
        return self._layout().flags

    def setflags(self, write: Any = None, align: Any = None, uic: Any = None) -> None:
        """Whether the entries can be written under this name; what could not be, cannot be again."""
        if write is None or bool(write) is self._layout().flags.writeable:
            return
        if write:
            raise ValueError("cannot set WRITEABLE flag to True of this array")
        places = self._layout().view()
        places.flags.writeable = False
        self._places, self._known = places, None

    @property
    def strides(self) -> Any:
        """The steps in bytes along each axis."""
        size = self._memory.dtype.itemsize
        return tuple([s // 8 * size for s in self._layout().strides])

    @property
    def itemsize(self) -> int:
        """The bytes of an entry."""
        return int(self._memory.dtype.itemsize)

    @property
    def nbytes(self) -> int:
        """The bytes of all entries."""
        return self.size * self.itemsize

    # --- indices ---

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        length: int = self.shape[0]
        return length

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        memory = self._memory
        if type(index) is int:
            place = self._place(index)
            if place is not None:
                return memory.entry(place)
        index = _plain_index(index)
        places = self._layout()[index]
        if type(places) is not _Array:
            return memory.entry(int(places))
        return self._moved(places, lambda value: value[index])

    def _place(self, index: int) -> int | None:
        """The place of an entry of a vector."""
        places = self._places
        if places is None:
            shape = self._memory.shape
            if len(shape) != 1:
                return None
            if 0 <= index < shape[0]:
                return index
            if -shape[0] <= index < 0:
                return index + int(shape[0])
            raise IndexError(f"index {index} is out of bounds for axis 0 with size {shape[0]}")
        return places.item(index) if places.ndim == 1 else None

    def _moved(self, places: Any, move: Callable[[Any], Any]) -> Written:
        """The array at places that were moved as its own are: a view where they share their memory, else a copy."""
        memory = self._memory
        view = places is memory.places or places.base is memory.places
        view = view or (places.base is not None and numpy.may_share_memory(places, memory.places))
        known = None
        if memory.value is not None and isinstance(memory.value, Traced):
            known = move(self._value())
        if view:
            return Written(memory, places, known)
        return made(memory.read(places) if known is None else known)  # type: ignore[no-any-return]

    def __setitem__(self, index: Any, value: Any) -> None:
        memory = self._memory
        if type(index) is int:
            place = self._place(index)
            if place is not None:
                if type(value) is Traced and type(value.primal) is float and memory.double:
                    memory.put(place, value)
                else:
                    self._check_writeable()
                    memory.write(place, listed(value))
                return
        self._check_writeable()
        places = self._layout()[_plain_index(index)]
        if type(places) is not _Array:
            memory.write(int(places), listed(value))
            return
        if type(value) is Written and _same(value, memory, places):
            return  # the last act of x[i] += y: it is written already
        self._write(places, listed(value))

    def _check_writeable(self) -> None:
        if self._places is not None and not self._places.flags.writeable:
            raise ValueError("assignment destination is read-only")

    def _write(self, places: Any, value: Any) -> None:
        """Write to places; to all of the memory, if the value fits, without a word about places."""
        memory = self._memory
        view = places is memory.places or places.base is memory.places
        whole = (
            view and (places.shape, places.strides) == (memory.shape, memory.places.strides) and places.shape
        )
        fits = isinstance(value, Traced) and value.dtype == memory.dtype and value.shape == memory.shape
        if whole and fits:
            memory.replace(value)
        else:
            memory.write(places, value)

    def _store(self, value: Any) -> None:
        """Write a value to all entries, as an operator or ``out=`` does: with casting of the same kind only."""
        self._check_writeable()
        shape = getattr(value, "shape", ())
        if shape != self.shape and numpy.broadcast_shapes(shape, self.shape) != self.shape:
            raise ValueError(
                f"non-broadcastable output operand with shape {self.shape} doesn't match the broadcast shape {shape}"
            )
        kind = getattr(value, "dtype", None)
        if kind is not None and not numpy.can_cast(kind, self.dtype, "same_kind"):
            raise TypeError(f"cannot cast from {kind!r} to {self.dtype!r} with casting rule 'same_kind'")
        self._write(self._layout(), value)
        if shape == self.shape and kind == self.dtype and isinstance(value, Traced):
            self._known, self._version = value, self._memory.version

    # --- single numbers ---

    def __bool__(self) -> bool:
        return bool(self._value())

    def __float__(self) -> float:
        return float(self._value())

    def __int__(self) -> int:
        return int(self._value())

    __index__ = __int__

    def __contains__(self, value: Any) -> bool:
        return bool(numpy.any(self._value() == value))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """A plain array of the numbers, which cannot be written into: what is written there would not be seen here."""
        value = self._value()
        if isinstance(value, Traced):
            return value.__array__(dtype, copy)
        found = numpy.array(value, dtype)
        if copy is True:
            return found
        found.flags.writeable = False
        return self._memory.export(found)

    # --- copies ---

    def copy(self, order: str = "C") -> Any:
        """An array of its own with the same entries."""
        value = self._value()
        if order in ("C", "F") and value.shape and not isinstance(value, Traced):
            value = value.copy(order)
        return made(value)

    def __copy__(self) -> Any:
        return self.copy()

    def __deepcopy__(self, memo: Any) -> Any:
        found = memo[id(self)] = self.copy()
        return found

    def __reduce_ex__(self, protocol: Any) -> Any:
        return numpy.asarray(self).copy().__reduce_ex__(protocol)

    def __repr__(self) -> str:
        return repr(self._value())

    def __format__(self, spec: str) -> str:
        return format(self._value(), spec)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(_Array, name):
            raise AttributeError(f"'numpy.ndarray' object has no attribute {name!r}")
        value = self._value()
        if isinstance(value, Traced):
            return getattr(value, name)
        raise NotTracedError.of(
            "E405",
            f"the array's method {name!r} is not followed where traced values may be written",
            hints=("numpy.array(x) is a plain array of the numbers, if none of them is traced",),
        )


def unfollowed(given: Written, value: Any) -> Any:
    """A view in a way that is not followed: while the array it is of is there, nothing may be written into either."""
    source = ref(given._memory)

    def refuse() -> None:
        if source() is not None:
            raise tangled(
                f"an array of shape {value.shape} is written into that is a view of another one, in a way that is not followed"
            )

    memory = Memory(value, refuse)
    given._memory.export(memory)
    return Written(memory)


def made(value: Any) -> Any:
    """A result that nobody else holds, with arrays that can be written into."""
    kind = type(value)
    if kind is Traced:
        return Written(Memory(value)) if value.shape else value
    if kind is _Array:
        return Written(Memory(value)) if value.dtype.kind in "fc" else value
    if kind is tuple or kind is list:
        return kind([made(v) for v in value])
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return kind(*[made(v) for v in value])
    return value


def free(value: Any) -> Any:
    """The value of an array that can be written into, in lists and tuples too; all else as it is."""
    kind = type(value)
    if kind is Written:
        return value._value()
    if kind is list or kind is tuple:
        return kind([free(v) for v in value])
    return value


def listed(value: Any) -> Any:
    """What is written into an array: of a list of traced values, the array."""
    if type(value) is Written:
        return value._value()
    if isinstance(value, list | tuple):
        return stacked(free(value))
    return value


def stacked(value: Any) -> Any:
    """Nested lists as one array, traced if any entry is."""
    if not isinstance(value, list | tuple):
        return value
    parts = [stacked(v) for v in value]
    if any(isinstance(p, Traced) for p in parts):
        if any(isinstance(p, Traced) and p.dtype.kind == "c" for p in parts):
            parts = [in_precision(p, numpy.dtype(complex)) if isinstance(p, Traced) else p for p in parts]
        return apply("vector", *[float(p) if type(p) is int else p for p in parts])
    return numpy.array(value)


def _plain_index(index: Any) -> Any:
    if type(index) is tuple:
        return tuple([settled(free(i)) for i in index])
    return settled(free(index))


def _same(value: Written, memory: Memory, places: Any) -> bool:
    """Whether an array is just this view of the memory."""
    if value._memory is not memory:
        return False
    its = value._layout()
    if its is places:
        return True
    return bool(
        its.shape == places.shape
        and its.strides == places.strides
        and its.__array_interface__["data"] == places.__array_interface__["data"]
    )


# --- operators ---


def _binary(function: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def left(self: Written, other: Any) -> Any:
        if getattr(other, "__array_ufunc__", self) is None:
            return NotImplemented
        return made(function(self._value(), listed(other)))

    def right(self: Written, other: Any) -> Any:
        if getattr(other, "__array_ufunc__", self) is None:
            return NotImplemented
        return made(function(listed(other), self._value()))

    return left, right


def _augmented(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def augment(self: Written, other: Any) -> Any:
        self._store(function(self._value(), listed(other)))
        return self

    return augment


def _unary(function: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda self: made(function(self._value()))


def _compared(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda self, other: made(function(self._value(), listed(other)))


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor"):
    _function = getattr(operator, f"{_name}_" if _name in ("and", "or") else _name)
    _left, _right = _binary(_function)
    setattr(Written, f"__{_name}__", _left)
    setattr(Written, f"__r{_name}__", _right)
    setattr(Written, f"__i{_name}__", _augmented(_function))
for _name in ("neg", "pos", "abs", "invert"):
    setattr(Written, f"__{_name}__", _unary(getattr(operator, _name)))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Written, f"__{_name}__", _compared(getattr(operator, _name)))
Written.__divmod__ = lambda self, other: (self // other, self % other)  # type: ignore[method-assign]
Written.__hash__ = None  # type: ignore[assignment]
