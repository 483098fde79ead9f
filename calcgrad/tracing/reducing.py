"""Fast pullbacks over arrays of reductions whose rules in the table take more passes than they need: see ``buffers``.

The largest (smallest) entries along axes, and the logarithm of a sum of exponentials. Each gives what the table's rule gives: the
first to the bit, the other within a few roundings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from calcgrad.tracing.buffers import PLAIN, deposit, fit

_Array = numpy.ndarray


def pull_extreme(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> bool:
    """The entries that are the largest share the adjoint; ``False`` for the largest of a number."""
    _, _, (slot,), (a,), params, y = step
    if type(a) is not _Array or type(d) not in PLAIN:
        return False
    axis = params[0] if params else None
    largest = a == _kept(y, a, axis)
    ties = numpy.count_nonzero(largest, axis=axis, keepdims=True).astype(a.dtype)
    share = numpy.divide(_kept(d, a, axis), ties)
    deposit(adjoints, owned, slot, fit(numpy.where(largest, share, share.dtype.type(0)), a), True)
    return True


def pull_logsumexp(adjoints: list[Any], owned: list[bool], d: Any, mine: bool, step: Any) -> bool:
    """The adjoint goes to each entry by its weight of softmax, which is made in one buffer; ``False`` for a number."""
    _, _, (slot,), (a,), params, _ = step
    if not _real(a, d):
        return False
    axis = params[0] if params else None
    weights = a - numpy.maximum.reduce(a, axis=axis, keepdims=True)
    with numpy.errstate(under="ignore"):  # an entry far below has no weight; no other seed would give it one
        numpy.exp(weights, weights)
    total = numpy.add.reduce(weights, axis=axis, keepdims=True)
    numpy.multiply(weights, numpy.divide(_kept(d, a, axis), total), weights)
    deposit(adjoints, owned, slot, weights, True)
    return True


def _real(a: Any, d: Any) -> bool:
    return (
        type(a) is _Array
        and a.dtype.kind == "f"
        and type(d) in PLAIN
        and not isinstance(d, numpy.complexfloating)
        and (type(d) is not _Array or d.dtype == a.dtype)
    )


def _kept(value: Any, a: Any, axis: Any) -> Any:
    """A result, or its adjoint, with the axes that were reduced."""
    if axis is None or type(value) is not _Array or value.ndim == a.ndim:
        return value
    return numpy.expand_dims(value, axis)


PULLS: dict[str, Callable[..., Any]] = {
    "amax": pull_extreme,
    "amin": pull_extreme,
    "logsumexp": pull_logsumexp,
}
