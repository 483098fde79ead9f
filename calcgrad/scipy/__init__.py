"""SciPy's names, for functions that calcgrad differentiates: ``from calcgrad.scipy import stats, linalg``.

Most of SciPy is Python code that makes plain arrays of its arguments, and a derivative would be lost there. The functions of this
package have SciPy's names and signatures. Plain arguments go to SciPy's own function; traced ones are followed, in both modes, to
any order, and in compiled programs. What is not here is refused by name when it meets a traced value.

>>> import numpy as np
>>> import calcgrad
>>> from calcgrad.scipy import stats
>>> data = np.array([0.5, 1.5, 4.0])
>>> round(float(calcgrad.grad(lambda mu: stats.norm.logpdf(data, mu, 2.0).sum())(1.0)), 12)
0.75

A function that says ``from scipy import stats`` is followed as it is where its own source is to be had: it is then run once more
with these functions in the place of SciPy's. ``calcgrad/docs/scipy.md`` lists all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

MODULES = ("integrate", "interpolate", "linalg", "optimize", "signal", "special", "stats")

__all__ = ["integrate", "interpolate", "linalg", "optimize", "signal", "special", "stats"]


def __getattr__(name: str) -> Any:
    if name not in MODULES:
        raise AttributeError(
            f"module 'calcgrad.scipy' has no attribute {name!r}: it has {', '.join(MODULES)}"
        )
    return import_module(f"calcgrad.scipy.{name}")


def __dir__() -> list[str]:
    return sorted(__all__)
