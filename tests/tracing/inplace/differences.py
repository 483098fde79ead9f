"""The truth for programs of arrays: high-order central differences of the plain function, run on copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

#: Central differences of eighth order (Fornberg, Mathematics of Computation 51, 1988).
_FIRST = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 0, 4 / 5, -1 / 5, 4 / 105, -1 / 280])
_SECOND = np.array([-1 / 560, 8 / 315, -1 / 5, 8 / 5, -205 / 72, 8 / 5, -1 / 5, 8 / 315, -1 / 560])
_STEP = 4e-3


def along(f: Callable[..., Any], x: Any, v: Any) -> tuple[float, float]:
    """The first and the second derivative of the function along a direction."""
    values = np.array([float(f(x + k * _STEP * v)) for k in range(-4, 5)])
    return float(_FIRST @ values / _STEP), float(_SECOND @ values / _STEP**2)


def gradient(f: Callable[..., Any], x: Any) -> Any:
    """The gradient."""
    return np.array([along(f, x, e)[0] for e in np.eye(len(x))])
