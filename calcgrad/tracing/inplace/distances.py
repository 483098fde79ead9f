"""``scipy.spatial.distance``: distances of points from each other, by operations that are followed.

Points that lie on each other are a kink of the Euclidean distance; the slope there is 0 by convention, as a norm's is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from calcgrad.tracing.inplace.array import free
from calcgrad.tracing.traced import Traced

#: The distance, from differences along the last axis.
_METRICS: dict[Any, Callable[[Any], Any]] = {
    "euclidean": lambda d: numpy.linalg.norm(d, axis=-1),
    "sqeuclidean": lambda d: numpy.sum(d**2, axis=-1),
    "cityblock": lambda d: numpy.sum(numpy.abs(d), axis=-1),
}


def twin(function: Any) -> Callable[..., Any] | None:
    """What is called in place of a function of ``scipy.spatial.distance``; ``None`` for one that is called as it is."""
    if getattr(function, "__module__", None) != "scipy.spatial.distance":
        return None
    made = _TWINS.get(function.__name__)
    return None if made is None else made(function)


def _pairs(original: Callable[..., Any]) -> Callable[..., Any]:
    """``pdist``: each point with each later one."""

    def pdist(X: Any, metric: Any = "euclidean", *, out: Any = None, **options: Any) -> Any:  # noqa: N803 (SciPy's)
        points = free(X)
        if not isinstance(points, Traced) or metric not in _METRICS or options:
            return original(points, metric, out=free(out), **options)
        first, second = numpy.triu_indices(points.shape[0], 1)
        return _into(out, _METRICS[metric](points[first] - points[second]))

    return pdist


def _across(original: Callable[..., Any]) -> Callable[..., Any]:
    """``cdist``: each point of one set with each of another."""

    def cdist(XA: Any, XB: Any, metric: Any = "euclidean", *, out: Any = None, **options: Any) -> Any:  # noqa: N803
        a, b = free(XA), free(XB)
        traced = isinstance(a, Traced) or isinstance(b, Traced)
        if not traced or metric not in _METRICS or options:
            return original(a, b, metric, out=free(out), **options)
        return _into(out, _METRICS[metric](a[:, None, :] - b[None, :, :]))

    return cdist


def _square(original: Callable[..., Any]) -> Callable[..., Any]:
    """``squareform``: the vector of pairs as a symmetric matrix, or back."""

    def squareform(X: Any, force: str = "no", checks: bool = True) -> Any:  # noqa: N803
        given = free(X)
        if not isinstance(given, Traced):
            return original(given, force, checks)
        if given.ndim == 2:
            return given[numpy.triu_indices(given.shape[0], 1)]
        count = original(numpy.zeros(given.shape[0])).shape[0]
        places = original(numpy.arange(1, given.shape[0] + 1)) if given.shape[0] else numpy.zeros((1, 1), int)
        assert places.shape == (count, count)
        return numpy.concatenate([numpy.zeros(1), given])[places]

    return squareform


def _into(out: Any, found: Any) -> Any:
    if out is None:
        return found
    out[...] = found
    return out


_TWINS: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "pdist": _pairs,
    "cdist": _across,
    "squareform": _square,
}
