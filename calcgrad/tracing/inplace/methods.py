"""The methods of arrays that can be written into; most are NumPy's functions of the same name."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from sys import getrefcount
from typing import Any

import numpy

from calcgrad.tracing.inplace import functions, moving, writing
from calcgrad.tracing.inplace.array import Written, free, made, unfollowed
from calcgrad.tracing.inplace.memory import Memory
from calcgrad.tracing.inplace.refusing import tangled
from calcgrad.tracing.traced import Traced

#: Methods that are NumPy's function of that name.
NAMED = (
    *("sum", "mean", "prod", "max", "min", "var", "std", "cumsum", "cumprod", "ptp", "swapaxes", "squeeze"),
    *("ravel", "repeat", "take", "clip", "round", "trace", "diagonal", "argmax", "argmin", "argsort", "any"),
    *("all", "nonzero", "searchsorted", "compress", "dot", "argpartition", "choose"),
)
#: Methods that write.
WRITING: dict[str, Callable[..., Any]] = {
    "put": writing.put,
    "sort": writing.sort,
    "partition": writing.partition,
    "fill": writing.fill,
}


def _named(name: str) -> Callable[..., Any]:
    function = getattr(numpy, name)

    def method(self: Written, *args: Any, **kwargs: Any) -> Any:
        return functions.perform(function, (self, *args), kwargs)

    return method


for _name in NAMED:
    setattr(Written, _name, _named(_name))
for _name, _function in WRITING.items():
    setattr(Written, _name, _function)


def _array_ufunc(self: Written, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
    return functions.ufunc_method(ufunc, method, args, kwargs)


def _array_function(self: Written, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    return functions.perform(function, args, kwargs)


def _reshape(self: Written, *shape: Any, order: Any = "C", copy: Any = None) -> Any:
    """The entries in another shape."""
    new = shape[0] if len(shape) == 1 else shape
    found = moving.moved(numpy.reshape, self, new, order=order)
    return found.copy() if copy else found


def _transpose(self: Written, *axes: Any) -> Any:
    """The axes in another order, the reverse where none is given."""
    if len(axes) == 1 and not isinstance(axes[0], int):
        axes = axes[0]
    return moving.moved(numpy.transpose, self, axes or None)


def _flatten(self: Written, order: Any = "C") -> Any:
    """A copy of the entries in a row."""
    return made(numpy.ravel(self._value(), order))


def _astype(
    self: Written, dtype: Any, order: Any = "K", casting: Any = "unsafe", subok: Any = True, copy: Any = True
) -> Any:
    """The same entries in another precision."""
    if not copy and numpy.dtype(dtype) == self.dtype:
        return self
    value = self._value()
    return made(value.astype(dtype) if isinstance(value, Traced) else value.astype(dtype, order, casting))


def _view(self: Written, dtype: Any = None, type: Any = None) -> Any:
    """Another array over the same memory; of another precision it is refused."""
    if (dtype is not None and dtype is not numpy.ndarray and numpy.dtype(dtype) != self.dtype) or type:
        return self.__getattr__("view")
    return moving.moved(numpy.reshape, self, self.shape)


def _item(self: Written, *index: Any) -> Any:
    """One entry."""
    places = self._layout()
    return self._memory.entry(int(places.item(*map(free, index))))


def _tolist(self: Written) -> Any:
    """The entries as nested lists."""
    value = self._value()
    return value.tolist()


def _resize(self: Written, *shape: Any, refcheck: bool = True) -> None:
    """The same array with more entries, which are zero, or fewer. Refused for a view, and where one is held (as in NumPy)."""
    new = shape[0] if len(shape) == 1 else shape
    lengths = tuple(new) if isinstance(new, list | tuple) else (int(new),)
    if self._places is not None:
        raise ValueError("cannot resize this array: it does not own its data")
    row, count = numpy.reshape(self._value(), (-1,)), prod(lengths)
    more = numpy.zeros(max(count - self.size, 0), self.dtype)
    whole = numpy.reshape(numpy.concatenate([row[:count], more]), lengths)
    if getrefcount(self._memory) > _OWN_REFERENCES:
        raise tangled("an array is resized while there are views of it")
    self._memory, self._known = Memory(whole), None
    self._version = self._memory.version


#: The references to a memory that one array alone has: its own, and that of the call.
_OWN_REFERENCES = 2


def _conj(self: Written) -> Any:
    """The complex conjugate; of a real array, itself."""
    return self if self.dtype.kind != "c" else made(numpy.conjugate(self._value()))


def _real(self: Written) -> Any:
    return self if self.dtype.kind != "c" else unfollowed(self, numpy.real(self._value()))


def _set_real(self: Written, value: Any) -> None:
    if self.dtype.kind == "c":
        self.__getattr__("real")
    self[...] = value


def _imag(self: Written) -> Any:
    if self.dtype.kind == "c":
        return unfollowed(self, numpy.imag(self._value()))
    return made(numpy.imag(self._value()))


def _flat(self: Written) -> Any:
    """The entries one after the other; what is written there is written here."""
    return Written(self._memory, self._layout().reshape(-1))


def _set_flat(self: Written, value: Any) -> None:
    self.put(numpy.arange(self.size), value)


_MORE: dict[str, Any] = {
    "__array_ufunc__": _array_ufunc,
    "__array_function__": _array_function,
    "reshape": _reshape,
    "transpose": _transpose,
    "T": property(_transpose),
    "mT": property(lambda self: self.swapaxes(-1, -2)),
    "flatten": _flatten,
    "astype": _astype,
    "view": _view,
    "item": _item,
    "resize": _resize,
    "tolist": _tolist,
    "conj": _conj,
    "conjugate": _conj,
    "real": property(_real, _set_real),
    "imag": property(_imag),
    "flat": property(_flat, _set_flat),
}
for _name, _method in _MORE.items():
    setattr(Written, _name, _method)
