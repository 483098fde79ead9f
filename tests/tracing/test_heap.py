"""Memory of large arrays is used again: after the first calls, a gradient fetches hardly any new page from the system."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.tracing.heap import keep


def test_the_pages_of_a_gradient_are_used_again() -> None:
    resource = pytest.importorskip("resource")
    if not keep():
        pytest.skip("this C library keeps no memory")

    def f(x: Any) -> Any:
        return np.sum((x[1:] - x[:-1] ** 2) ** 2 + np.sin(x[1:]) * x[:-1])

    slope, x = calcgrad.grad(f), np.linspace(0.0, 1.0, 300_000)
    known = slope(x)
    for _ in range(3):
        slope(x)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(5):
        found = slope(x)
    faults = (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 5
    assert faults < 1500  # one array is 586 pages, and a gradient makes twenty of them
    assert np.array_equal(found, known)


def test_the_environment_and_other_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    import ctypes

    asked = keep.__wrapped__
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert asked() is False
    if sys.platform == "linux":
        monkeypatch.undo()
        monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "131072")
        assert asked() is False
