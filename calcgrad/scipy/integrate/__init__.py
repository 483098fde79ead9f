"""``scipy.integrate``: integrals of samples and of functions that are traced.

>>> import numpy as np
>>> import calcgrad
>>> from calcgrad.scipy import integrate
>>> gradient = calcgrad.grad(lambda a, b: integrate.quad(lambda x: np.exp(-a * x**2), 0.0, b)[0], argnums=(0, 1))
>>> [round(float(g), 9) for g in gradient(1.0, 2.0)]
[-0.422725056, 0.018315639]
"""

from __future__ import annotations

from typing import Any

from calcgrad.scipy.following import BY_NAME, missing, public_names
from calcgrad.scipy.integrate import quadrature, samples

__all__ = public_names("scipy.integrate")  # noqa: PLE0605
globals().update({name: BY_NAME[f"scipy.integrate.{name}"] for name in __all__})
_HOMES = quadrature, samples


def __getattr__(name: str) -> Any:
    raise missing(__name__, name)
