"""SciPy's special functions under their own names, also those that do not hand traced values on by themselves.

Most functions of ``scipy.special`` are ufuncs and work in a traced function as they are; they are here too, the same objects. The
ones that are written out here are Python functions in SciPy that make plain arrays of their arguments; take them from here, and
they work on traced values and plain ones alike. ``calcgrad.scipy.special`` is this module by SciPy's path.

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
    "comb",
    "factorial",
    "lambertw",
    "log_softmax",
    "logsumexp",
    "multigammaln",
    "polygamma",
    "softmax",
    "softplus",
    "zeta",
]


def __getattr__(name: str) -> Any:
    """SciPy's ufuncs as they are, and what is NumPy's own function there."""
    import numpy

    found = None if name.startswith("_") else getattr(import_module("scipy.special"), name, None)
    if not isinstance(found, numpy.ufunc) and found is not numpy.sinc:
        raise AttributeError(f"module 'calcgrad.special' has no attribute {name!r}")
    return found


def _call(name: str, might_be_traced: tuple[Any, ...], *args: Any, **keywords: Any) -> Any:
    """SciPy's function, or what a traced argument makes of it."""
    function: Any = getattr(import_module("scipy.special"), name)
    for value in might_be_traced:
        if is_traced(value):
            return value.__array_function__(function, (), args, keywords)
    return function(*args, **keywords)


def logsumexp(
    a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    """The logarithm of the sum of exponentials over axes, with weights ``b``."""
    signed = {"return_sign": True} if return_sign else {}
    return _call("logsumexp", (a, b), a, axis=axis, b=b, keepdims=keepdims, **signed)


def softmax(x: Any, axis: Any = None) -> Any:
    """The exponentials divided by their sum."""
    return _call("softmax", (x,), x, axis=axis)


def log_softmax(x: Any, axis: Any = None) -> Any:
    """The logarithms of softmax."""
    return _call("log_softmax", (x,), x, axis=axis)


def polygamma(n: Any, x: Any) -> Any:
    """The n-th derivative of digamma."""
    return _call("polygamma", (x,), n, x)


def multigammaln(a: Any, d: Any) -> Any:
    """The logarithm of the gamma function of d dimensions."""
    return _call("multigammaln", (a,), a, d)


def factorial(n: Any, exact: bool = False, **options: Any) -> Any:
    """The gamma function of n + 1."""
    if exact:
        options["exact"] = exact
    return _call("factorial", (n,), n, **options)


def comb(N: Any, k: Any, *, exact: bool = False, repetition: bool = False) -> Any:  # noqa: N803 (SciPy's name)
    """The binomial coefficient of numbers that need not be whole."""
    return _call("comb", (N, k), N, k, exact=exact, repetition=repetition)


def lambertw(z: Any, k: int = 0, tol: float = 1e-8) -> Any:
    """The principal branch of the inverse of ``w exp(w)``: real for real arguments that are traced."""
    return _call("lambertw", (z,), z, k, tol)


def softplus(x: Any, **options: Any) -> Any:
    """log(1 + exp(x)), without overflow."""
    return _call("softplus", (x,), x, **options)


def zeta(x: Any, q: Any = None, out: Any = None) -> Any:
    """Riemann's zeta function, or Hurwitz's with ``q``; for ``x`` above 1."""
    return _call("zeta", (), x, q, out)
