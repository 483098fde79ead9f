"""NumPy's functions whose results may be views: NumPy says which, for the array of the places."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy

from calcgrad.tracing.inplace.array import Written, free, made

#: Functions of one array that move its entries.
_OF_ONE = (
    *(
        "reshape",
        "ravel",
        "transpose",
        "permute_dims",
        "matrix_transpose",
        "swapaxes",
        "moveaxis",
        "rollaxis",
    ),
    *(
        "squeeze",
        "expand_dims",
        "broadcast_to",
        "flip",
        "fliplr",
        "flipud",
        "rot90",
        "diagonal",
        "diag",
    ),
    *("split", "array_split", "hsplit", "vsplit", "dsplit", "unstack"),
)
#: Functions of several arrays, each of which they move.
_OF_MANY = ("atleast_1d", "atleast_2d", "atleast_3d", "broadcast_arrays")
_NESTED = (
    (numpy.linalg, ("diagonal", "matrix_transpose")),
    (numpy.lib.stride_tricks, ("sliding_window_view",)),
)


def _found(home: Any, names: tuple[str, ...]) -> list[Any]:
    return [getattr(home, name) for name in names if hasattr(home, name)]


OF_ONE = frozenset([*_found(numpy, _OF_ONE), *[f for home, names in _NESTED for f in _found(home, names)]])
OF_MANY = frozenset(_found(numpy, _OF_MANY))


def moved(function: Callable[..., Any], x: Written, *args: Any, **kwargs: Any) -> Any:
    """The function of an array: a view where NumPy's is one, a copy where it is not."""
    args, kwargs = tuple(map(free, args)), {k: free(v) for k, v in kwargs.items()}
    places = function(x._layout(), *args, **kwargs)

    def piece(k: int, value: Any) -> Any:
        return function(value, *args, **kwargs)[k]

    if isinstance(places, list | tuple):
        return type(places)([x._moved(p, partial(piece, k)) for k, p in enumerate(places)])
    if type(places) is not numpy.ndarray:
        return x._memory.entry(int(places))
    if function is numpy.diag and len(x.shape) == 1:  # puts zeros beside the entries
        return made(function(x._value(), *args, **kwargs))

    def whole(value: Any) -> Any:
        return function(value, *args, **kwargs)

    return x._moved(places, whole)


def contracted(function: Callable[..., Any], pattern: Any, *arrays: Any, **kwargs: Any) -> Any:
    """``numpy.einsum``, which gives a view where there is nothing to multiply or to add."""
    if len(arrays) == 1 and type(arrays[0]) is Written and isinstance(pattern, str):
        places = arrays[0]._layout()
        if places.size and numpy.may_share_memory(function(pattern, places, **kwargs), places):
            return moved(lambda x: function(pattern, x, **kwargs), arrays[0])
    return made(function(free(pattern), *map(free, arrays), **kwargs))


def moved_each(function: Callable[..., Any], *arrays: Any, **kwargs: Any) -> Any:
    """The same for functions that take several arrays, one by one."""
    if function is numpy.broadcast_arrays:
        whole = numpy.broadcast_shapes(*[numpy.shape(a) for a in arrays])
        found = [
            moved(numpy.broadcast_to, a, whole) if type(a) is Written else numpy.broadcast_to(a, whole)
            for a in arrays
        ]
        return tuple(found) if tuple in _kinds() else found
    each = [moved(function, a) if type(a) is Written else function(a) for a in arrays]
    return each[0] if len(each) == 1 else tuple(each)


def _kinds() -> tuple[type, ...]:
    return (type(numpy.broadcast_arrays(0, 0)),)
