"""Sets of numbers: the entries in order, as long as all differ. Where two are equal, a set jumps, and has no derivative."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy

from calcgrad.errors import UsageError
from calcgrad.numpy_names.common import array, decided, getitem, reshape, shape
from calcgrad.numpy_names.registry import handles, refuse, refuse_complex
from calcgrad.operations.transposes import Apply


def _ordered(apply: Apply, name: str, a: Any) -> tuple[Any, Any]:
    """The entries in a row in order, and their places. Raises ``UsageError`` E420 where two are equal."""
    refuse_complex(name, a)
    row = reshape(apply, array(a), (prod(shape(array(a))),))
    places = apply("argsort", row, params=(0,))
    found = apply("take_along", row, places, params=(0, True))
    equal = apply("equal", getitem(apply, found, slice(1, None)), getitem(apply, found, slice(None, -1)))
    if bool(decided(apply, equal, "any")):
        raise _jump(name)
    return found, places


def _jump(name: str) -> UsageError:
    return UsageError.of(
        "E420",
        f"{name} has no derivative where entries are equal: their number jumps when one of them moves",
        hints=(
            "numpy.sort keeps the derivative of every entry",
            "stop_gradient takes its value as a constant",
        ),
    )


@handles("unique")
def _unique(
    apply: Apply, ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False, axis: Any = None,
    *, equal_nan: bool = True, **keywords: Any
) -> Any:  # fmt: skip
    """All entries, in order."""
    refuse("numpy.unique", axis=axis)
    found, places = _ordered(apply, "numpy.unique", ar)
    more: list[Any] = [places] if return_index else []
    if return_inverse:
        more.append(reshape(apply, apply("argsort", places, params=(0,)), _inverse_shape(shape(array(ar)))))
    if return_counts:
        more.append(numpy.ones(shape(found), int))
    return (found, *more) if more else found


def _inverse_shape(given: tuple[int, ...]) -> tuple[int, ...]:
    """The places have the shape of the array since NumPy 2."""
    return numpy.unique(numpy.zeros(given), return_inverse=True)[1].shape


@handles("unique_values")
def _unique_values(apply: Apply, x: Any) -> Any:
    return _ordered(apply, "numpy.unique_values", x)[0]


@handles("union1d")
def _union(apply: Apply, ar1: Any, ar2: Any) -> Any:
    parts = [reshape(apply, array(a), (prod(shape(array(a))),)) for a in (ar1, ar2)]
    return _ordered(apply, "numpy.union1d", apply("concatenate", *parts, params=(0,)))[0]


@handles("setdiff1d")
def _difference(apply: Apply, ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """What is in the first and not in the second."""
    refuse("numpy.setdiff1d", assume_unique=assume_unique or None)
    found = _ordered(apply, "numpy.setdiff1d", ar1)[0]
    common = apply("decided_by_two", found, array(ar2), params=("isin", ()))
    if bool(decided(apply, common, "any")):
        raise _jump("numpy.setdiff1d")
    return found
