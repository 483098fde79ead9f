"""A function of many numbers at once, tried beside NumPy's before any tape has it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy

from calcgrad.native.lowering import lowering
from calcgrad.tracing.values import value_of_operation

EPSILON = float(numpy.finfo(float).eps)
_SMALLEST = 5e-324
#: Numbers that are drawn among others; those without an end are left out for functions that end before.
ODD = (0.0, -0.0, 1.0, -1.0, 5e-324, -2e-308, 3e4, -1e-3, 1e300, -1e300, numpy.nan, numpy.inf, -numpy.inf)
#: A function is tried with so many entries at once: fewer than a vector, and more than are gathered at once.
_LENGTHS = (1, 7, 300)


def kernel_differs(op: str, arity: int, address: int) -> bool:
    """Whether a function of an operation gives other values than NumPy's."""
    kernel = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * 3)(address)
    row = lowering(op)
    assert row is not None
    rng = numpy.random.default_rng(0)
    tried = False
    for length in _LENGTHS:
        for scale in (0.3, 1.0, 30.0, 1e4):
            for odd in (False, True):
                values = numpy.concatenate([_drawn(rng, length + 40, scale, odd), numpy.full(length, 7.0)])
                if row.turns:
                    values[~(numpy.abs(values) < 1e5)] = numpy.nan
                places = rng.integers(0, length + 40, (arity, length)).astype(numpy.int32)
                out = values.ctypes.data + 8 * (length + 40)
                if kernel(length, places.ctypes.data, values.ctypes.data, out):
                    continue
                tried = True
                given = [values[each] for each in places]
                if far(op, given, values[length + 40 :]).any():
                    return True
    return not tried


def _drawn(rng: Any, count: int, scale: float, odd: bool) -> Any:
    found = rng.normal(size=count) * scale
    return numpy.where(rng.random(count) < 0.3, rng.choice(ODD, count), found) if odd else found


def far(op: str, args: Sequence[Any], mine: Any) -> Any:
    """Where the values of an entrywise operation are not NumPy's."""
    row = lowering(op)
    assert row is not None
    given = [a != 0.0 if k in row.truths else a for k, a in enumerate(args)]
    with numpy.errstate(all="ignore"):
        right = numpy.asarray(value_of_operation(op)(*given), float)
        return apart(mine, right, row.ulps * EPSILON * numpy.abs(right))


def apart(mine: Any, right: Any, allowed: Any) -> Any:
    """Where numbers are further apart than is allowed; what is not finite has to be the same."""
    with numpy.errstate(all="ignore"):
        same = (mine == right) | ((mine != mine) & (right != right))
        near = numpy.isfinite(right) & (numpy.abs(mine - right) <= allowed + _SMALLEST * (allowed > 0))
    return ~(same | near)
