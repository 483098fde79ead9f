"""A word beside a gradient whose function has no finite value: a sweep that meets only finite numbers cannot tell.

``x**4`` overflows at 1e78, and the gradient of ``log(1 + x**4)`` there is 0 where 4e-78 is right. No seed mends that: the value was
lost before the sweep began. Where the last step alone overflows
(``1e300*x`` at 1e10) the gradient is right all the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from math import isfinite, isinf
from typing import Any

import numpy

from calcgrad.tracing.constants import constants_of
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced
from calcgrad.tracing.whereabouts import level

#: Values that are looked at, also under the traced ones of an outer derivative.
_REAL = frozenset({float, numpy.float64, numpy.float32, numpy.float16, numpy.longdouble})


def warn_of_infinity(
    function: Callable[..., Any],
    value: Any,
    primals: Iterable[Any],
    gradient: Sequence[Any],
    meant: bool = False,
) -> None:
    """A ``RuntimeWarning``, as NumPy gives it for the overflow of an array, where a value is infinite or nan at finite arguments
    and its gradient is finite. An infinity that is ``meant`` is the function's own (:func:`is_written`).

    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn_of_infinity(abs, float("inf"), [1e78], [0.0])
    >>> print(caught[0].message)
    abs is inf here, beyond the range of doubles: this gradient may be wrong for it
    """
    value = _bare(value)
    if type(value) not in _REAL or isfinite(value) or not _finite(primals) or not _finite(gradient):
        return
    if meant and value == value:
        return
    name = getattr(function, "__name__", None) or type(function).__name__
    why = "" if value != value else ", beyond the range of doubles"
    warnings.warn(
        f"{name} is {value} here{why}: this gradient may be wrong for it",
        RuntimeWarning,
        stacklevel=level(),
    )


def is_written(value: Any, trace: Trace) -> bool:
    """Whether an infinite value is one that the function was written with: a prior's ``-np.inf`` outside of its support.

    To be asked before a sweep takes the steps of the trace away.
    """
    value = _bare(value)
    if type(value) not in _REAL or not isinf(value):
        return False
    return any(bool(numpy.any(constant == value)) for constant in constants_of(trace, 0, ()))


def _bare(value: Any) -> Any:
    while type(value) is Traced:
        value = value.primal
    return value


def _finite(values: Iterable[Any]) -> bool:
    """Whether all are finite numbers, or arrays of them."""
    return all(_plain(v) and bool(numpy.all(numpy.isfinite(v))) for v in map(_bare, values))


def _plain(value: Any) -> bool:
    return type(value) in _REAL or (type(value) is numpy.ndarray and value.dtype.kind in "fc")
