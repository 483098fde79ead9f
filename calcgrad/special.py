"""SciPy's special functions that do not hand traced values on by themselves, under their own names.

Most functions of ``scipy.special`` are ufuncs and work in a traced function as they are. The ones here are Python functions
in SciPy that make plain arrays of their arguments; take them from here, and they work on traced values and plain ones alike.

>>> import numpy as np
>>> import calcgrad
>>> from calcgrad.special import logsumexp
>>> calcgrad.grad(logsumexp)(np.zeros(4))
array([0.25, 0.25, 0.25, 0.25])
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from calcgrad.tracer import is_traced

__all__ = [
    "factorial",
    "lambertw",
    "log_softmax",
    "logsumexp",
    "multigammaln",
    "polygamma",
    "softmax",
    "zeta",
]


def _call(name: str, might_be_traced: tuple[Any, ...], *args: Any, **keywords: Any) -> Any:
    """SciPy's function, or what a traced argument makes of it."""
    function: Any = getattr(import_module("scipy.special"), name)
    for value in might_be_traced:
        if is_traced(value):
            return value.__array_function__(function, (), args, keywords)
    return function(*args, **keywords)


def logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False) -> Any:
    """The logarithm of the sum of exponentials over axes, with weights ``b``."""
    return _call("logsumexp", (a, b), a, axis=axis, b=b, keepdims=keepdims)


def softmax(x: Any, axis: Any = None) -> Any:
    """The exponentials divided by their sum."""
    return _call("softmax", (x,), x, axis=axis)


def log_softmax(x: Any, axis: Any = None) -> Any:
    """The logarithms of softmax."""
    return _call("log_softmax", (x,), x, axis=axis)


def polygamma(n: int, x: Any) -> Any:
    """The n-th derivative of digamma."""
    return _call("polygamma", (x,), n, x)


def multigammaln(a: Any, d: int) -> Any:
    """The logarithm of the gamma function of d dimensions."""
    return _call("multigammaln", (a,), a, d)


def factorial(n: Any) -> Any:
    """The gamma function of n + 1."""
    return _call("factorial", (n,), n)


def lambertw(z: Any) -> Any:
    """The principal branch of the inverse of ``w exp(w)``: real for real arguments that are traced."""
    return _call("lambertw", (z,), z)


def zeta(x: Any, q: Any = None) -> Any:
    """Riemann's zeta function, or Hurwitz's with ``q``; for ``x`` above 1."""
    return _call("zeta", (), x, q)
