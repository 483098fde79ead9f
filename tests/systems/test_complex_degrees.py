"""Functions of complex numbers over arrays that have a recurrence, or a formula in both parts; truth is mpmath's."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from calcgrad.systems.base import system

Z = np.array([1 + 2j, -1 + 0.5j, 8 + 8j, 0.1j, 0.7 + 0j])
OF: dict[str, Any] = {
    "erfcx_derivative": lambda z: mpmath.exp(z * z) * mpmath.erfc(z),
    "dawson_derivative": lambda z: mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(-z * z) * mpmath.erfi(z),
}


@pytest.mark.parametrize("name", ["sind", "cosd", "tand"])
def test_angles_in_degrees_keep_their_imaginary_part(name: str) -> None:
    angles = np.array([30 + 10j, 90 + 5j, -100 - 3j, 60 + 0j])
    true = [complex(getattr(mpmath, name[:3])(mpmath.mpc(a) * mpmath.pi / 180)) for a in angles]
    np.testing.assert_allclose(system("numpy").function(name)(angles), true, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", OF)
@pytest.mark.parametrize("order", [0, 1, 2])
def test_derivatives_by_their_differential_equation(name: str, order: int) -> None:
    with mpmath.workdps(30):
        true = [complex(mpmath.diff(OF[name], mpmath.mpc(z), order)) for z in Z]
    np.testing.assert_allclose(system("numpy").function(name)(float(order), Z), true, rtol=1e-10)
