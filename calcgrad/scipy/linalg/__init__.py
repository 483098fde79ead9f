"""``scipy.linalg``: equations, factorisations and functions of matrices that are traced.

>>> import numpy as np
>>> import calcgrad
>>> from calcgrad.scipy import linalg
>>> a = np.array([[2.0, 0.5], [0.5, 1.0]])
>>> round(calcgrad.grad(lambda s: linalg.cho_solve(linalg.cho_factor(s * a), np.ones(2)).sum())(1.0), 12)
-1.142857142857
"""

from __future__ import annotations

from typing import Any

from calcgrad.scipy.following import BY_NAME, missing, public_names
from calcgrad.scipy.linalg import building, equations, factorisations, functions

__all__ = public_names("scipy.linalg")  # noqa: PLE0605
globals().update({name: BY_NAME[f"scipy.linalg.{name}"] for name in __all__})
_HOMES = building, equations, factorisations, functions


def __getattr__(name: str) -> Any:
    raise missing(__name__, name)
