"""Reductions on NumPy arrays, safe against overflow. A result without axes is a Python number."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.operations.shapes import Axis
from calcgrad.systems.values.arrays_linear import plain

__all__ = ["amax", "amin", "logsumexp", "norm", "prod", "size", "softmax"]


def size(a: Any, axis: Axis = None) -> float:
    return float(numpy.size(a))


def prod(a: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    return plain(numpy.prod(a, axis=axis, keepdims=keepdims))


def amax(a: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    return plain(numpy.max(a, axis=axis, keepdims=keepdims))


def amin(a: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    return plain(numpy.min(a, axis=axis, keepdims=keepdims))


def norm(a: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The Euclidean length; entries are scaled by a power of two (exactly), and no square leaves the range."""
    a = numpy.asarray(a)
    largest = numpy.max(numpy.abs(a), axis=axis, keepdims=True, initial=0.0)
    _, exponent = numpy.frexp(numpy.where(numpy.isfinite(largest), largest, 1.0))
    scaled = numpy.ldexp(a, -exponent)
    length = numpy.ldexp(numpy.sqrt(numpy.sum(scaled * scaled, axis=axis, keepdims=True)), exponent)
    return _shaped(length, axis, keepdims)


def logsumexp(a: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """``m + log(sum(exp(a - m)))`` for the largest entry ``m``: no exponential overflows.

    The largest terms are 1 each; one of them is left out of the sum, for log1p to put back: small terms are
    not lost beside it (Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax
    functions, IMA Journal of Numerical Analysis 41 (2021), algorithm 3.1).
    """
    a = numpy.asarray(a)
    if axis is None and a.flags.c_contiguous:
        whole = logsumexp(a.reshape(-1), 0)
        return numpy.reshape(numpy.asarray(whole, a.dtype), (1,) * a.ndim) if keepdims else whole
    if isinstance(axis, int):
        places = numpy.argmax(a, axis=axis, keepdims=True)
        m = numpy.take_along_axis(a, places, axis)
        rest = numpy.asarray(numpy.exp(a - m))
        numpy.put_along_axis(rest, places, 0.0, axis)
        total = numpy.sum(rest, axis=axis, keepdims=True)
    else:
        m = numpy.max(a, axis=axis, keepdims=True)
        largest = numpy.equal(a, m)
        rest = numpy.sum(numpy.where(largest, 0.0, numpy.exp(a - m)), axis=axis, keepdims=True)
        total = rest + (numpy.sum(largest, axis=axis, keepdims=True, dtype=rest.dtype) - 1)
    return _shaped(numpy.where(numpy.isfinite(m), m + numpy.log1p(total), m), axis, keepdims)


def softmax(a: Any, axis: Axis = None) -> Any:
    """The exponentials of ``a - max(a)``, divided by their sum."""
    e = numpy.exp(a - numpy.max(a, axis=axis, keepdims=True))
    return plain(e / numpy.sum(e, axis=axis, keepdims=True))


def _shaped(value: Any, axis: Axis, keepdims: bool) -> Any:
    """A result that kept its axes, without them unless they were asked for."""
    if keepdims:
        return plain(value)
    return plain(numpy.squeeze(value, axis=axis)) if axis is not None else plain(value.reshape(()))
