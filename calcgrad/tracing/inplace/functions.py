"""NumPy's functions over arrays that can be written into: what reads, what moves, what writes."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

import numpy

from calcgrad.tracing.inplace import moving, writing
from calcgrad.tracing.inplace.array import Written, free, made, unfollowed
from calcgrad.tracing.inplace.refusing import outside
from calcgrad.tracing.traced import Traced, settled


def perform(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A NumPy function, as it is called."""
    if "out" in kwargs and kwargs["out"] is not None:
        return _into(function, args, dict(kwargs))
    if function in writing.WRITERS:
        return writing.WRITERS[function](*args, **kwargs)
    if function in moving.OF_ONE and args and type(args[0]) is Written:
        return moving.moved(function, *args, **kwargs)
    if function in (numpy.real, numpy.imag) and type(args[0]) is Written:
        return args[0].real if function is numpy.real else args[0].imag
    if function is numpy.einsum:
        return moving.contracted(function, *args, **kwargs)
    if function in moving.OF_MANY:
        return moving.moved_each(function, *args, **kwargs)
    return evaluated(function, args, kwargs)


def evaluated(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function of the values, whose arrays are new ones."""
    values = tuple([_giving_values(a) if type(a) in _CALLBACKS else free(a) for a in args])
    result = function(*values, **{name: free(value) for name, value in kwargs.items()})
    if type(result) is numpy.ndarray:
        for given, value in zip(args, values, strict=True):
            if type(given) is Written and type(value) is numpy.ndarray and _shares(result, value):
                return unfollowed(given, result)
    return made(result)


_CALLBACKS = (FunctionType, MethodType)


def _giving_values(callback: Callable[..., Any]) -> Callable[..., Any]:
    """A function that NumPy calls: its results are values."""

    def called(*args: Any, **kwargs: Any) -> Any:
        return free(callback(*args, **kwargs))

    return called


def _shares(result: Any, value: Any) -> bool:
    return result is value or (result.base is not None and numpy.may_share_memory(result, value))


def _into(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function that writes its result into ``out``."""
    out = kwargs.pop("out")
    targets = out if isinstance(out, tuple) else (out,)
    mask = kwargs.pop("where", True) if isinstance(function, numpy.ufunc) else True
    if mask is True:
        found = function(*free(args), **{name: free(value) for name, value in kwargs.items()})
    else:
        with numpy.errstate(all="ignore"):  # where nothing is written, nothing is computed
            found = function(*free(args), **{name: free(value) for name, value in kwargs.items()})
    results = found if isinstance(found, tuple) else (found,)
    for target, result in zip(targets, results, strict=True):
        if target is None:
            continue
        if type(target) is Written:
            target._store(result if mask is True else numpy.where(free(mask), result, target._value()))
        elif isinstance(result, Traced) and not result.dtype == target.dtype == bool:
            raise outside(numpy.shape(target))
        else:
            # Truths have no derivative: each is a decision, which a compiled program looks at again.
            numpy.copyto(target, settled(result), casting="same_kind", where=settled(free(mask)))
    return out[0] if isinstance(out, tuple) and len(out) == 1 else out


def ufunc_method(ufunc: numpy.ufunc, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of a ufunc, or of its ``reduce``, ``outer``, ``at`` …"""
    if method == "__call__":
        n = ufunc.nin
        if len(args) > n:
            args, kwargs = args[:n], {**kwargs, "out": args[n:]}
        return perform(ufunc, args, kwargs)
    if method == "at":
        return writing.at(ufunc, *args)
    return perform(getattr(ufunc, method), args, kwargs)
