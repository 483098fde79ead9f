"""Special functions of complex doubles, for the complex step: Arb's complex balls, rounded.

The bits at work cover the distance between the two parts of an argument, so that an imaginary part of 1e-200 comes
out with all its digits. On the real axis the value is that of the real function, nan outside its domain included.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from calcgrad.operations import OPERATIONS
from calcgrad.systems.values import float64_families, float64_special, handed


@cache
def _function(name: str, real: Callable[..., float]) -> Callable[..., complex]:

    def function(*args: complex) -> complex:
        if not any(a.imag for a in args):
            return complex(real(*[a.real for a in args]))
        from calcgrad.systems.values import rounding

        if real(*[a.real for a in args]) != real(*[a.real for a in args]):
            return complex("nan+nanj")
        return rounding.rounded_complex(handed.balls(name), *args)

    function.__name__ = name
    return function


def __getattr__(name: str) -> Any:
    """Whatever has scalars that are rounded from balls is rounded from complex balls here."""
    for scalars in (float64_special, float64_families):
        real = vars(scalars).get(name)
        if callable(real) and name in OPERATIONS:
            return _function(name, real)
    raise AttributeError(name)
