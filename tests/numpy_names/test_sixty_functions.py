"""Functions that people really write, with gradients known from elsewhere: textbooks, SymPy, mpmath, SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import calcgrad
from tests.numpy_names import sixty_sciences, sixty_statistics

CASES = [*sixty_statistics.CASES, *sixty_sciences.CASES]


def test_there_are_sixty() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(("f", "at", "gradient"), CASES, ids=[str(i) for i in range(len(CASES))])
def test_gradient(f: Any, at: Any, gradient: Any) -> None:
    found = calcgrad.grad(f, argnums=tuple(range(len(at))))(*at)
    for ours, known in zip(found, gradient(*at), strict=True):
        np.testing.assert_allclose(ours, known, rtol=1e-10, atol=1e-11)
