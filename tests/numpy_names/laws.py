"""The laws that a row of the tables keeps, each measured against differences of the plain function.

Of plain arguments a function of the tables is NumPy's or SciPy's own: so the values, and the differences that are the truth here,
are theirs, and nothing of calcgrad's is in them. Where such a value is infinite (a logarithm of a density outside its support) no
difference is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import calcgrad
from tests.numpy_names.measuring import (
    Case,
    drawn,
    first_difference,
    floats_of,
    inner,
    moved,
    pulled,
    pushed,
    second_difference,
)


@dataclass(frozen=True, slots=True)
class Point:
    """A function as a list of real outputs, arguments, directions, its plain outputs and a cotangent for each."""

    f: Any
    x: list[Any]
    u: list[Any]
    plain: list[Any]
    v: list[Any]

    @classmethod
    def of(cls, case: Case) -> Point:
        seed = sum(map(ord, case.name)) + 17 * len(case.shapes)
        x = case.arguments(seed)
        u = [drawn(seed + 50 + i, shape, -1.0, 1.0) for i, shape in enumerate(case.shapes)]
        with np.errstate(all="ignore"):
            plain = floats_of(case.call(*x))
        v = [drawn(seed + 90 + i, np.shape(out), -1.0, 1.0) for i, out in enumerate(plain)]
        return cls(lambda *a: floats_of(case.call(*a)), x, u, plain, v)

    def finite(self, outputs: Any) -> list[Any]:
        """The outputs, and 0 where the plain function is not finite."""
        return [np.where(np.isfinite(p), out, 0.0) for p, out in zip(self.plain, outputs, strict=True)]


@dataclass(frozen=True, slots=True)
class Laws:
    """What is held, and how closely: relative to what is measured, and to its largest entry where that is above 1."""

    value: float
    first: float
    inner: float
    second: float
    compiled: float
    single: float
    step: float

    def both_modes_and_differences_agree(self, case: Case) -> None:
        p = Point.of(case)
        values, tangents = pushed(p.f, p.x, p.u)
        assert _shapes(values) == _shapes(tangents) == _shapes(p.plain)
        assert _types(values) == _types(p.plain)
        _close(values, p.plain, self.value)
        assert all(np.isfinite(t).all() for t in p.finite(tangents))
        _close(p.finite(tangents), p.finite(first_difference(p.f, p.x, p.u)), self.first)
        cotangents = pulled(p.f, p.x, p.v)
        assert _shapes(cotangents) == list(case.shapes)
        scale = max(1.0, inner([np.abs(a) for a in p.v], [np.abs(t) for t in tangents]))
        assert inner(cotangents, p.u) == pytest.approx(
            inner(p.v, tangents), rel=self.inner, abs=0.1 * self.inner * scale
        )

    def second_derivatives(self, case: Case) -> None:
        """The gradient of ⟨v, J(x) u⟩: reverse mode over forward mode."""
        p = Point.of(case)
        weights = p.finite(p.v)

        def slope(*a: Any) -> list[Any]:
            return [sum(np.sum(w * t) for w, t in zip(weights, pushed(p.f, a, p.u)[1], strict=True))]

        found = inner(pulled(slope, p.x, [1.0]), p.u)
        second = p.finite(second_difference(p.f, p.x, p.u))
        scale = _scale([*second, *p.finite(p.plain)])
        assert found == pytest.approx(inner(p.v, second), rel=self.second, abs=self.second * scale)

    def the_compiled_gradient_is_the_traced_one(self, case: Case) -> None:
        """Where it was compiled, and at another point: an index that depends on values is found again there."""
        p = Point.of(case)

        def loss(*a: Any) -> Any:
            return sum(
                [np.sum(w * out) for w, out in zip(p.v, p.finite(p.f(*a)), strict=True)], 0.0 * np.sum(a[0])
            )

        gradient = calcgrad.grad(loss, argnums=tuple(range(len(p.x))))
        compiled = calcgrad.compile(gradient)
        with np.errstate(all="ignore"):
            elsewhere = moved(p.x, p.u, self.step)
            same = _shapes(p.f(*elsewhere)) == _shapes(p.plain)
        for point in [p.x, p.x, *([elsewhere] if same else [])]:
            for found, true in zip(compiled(*point), gradient(*point), strict=True):
                np.testing.assert_allclose(found, true, rtol=self.compiled, atol=self.compiled)

    def single_precision_stays_single(self, case: Case) -> None:
        p = Point.of(case)
        x, u = _single(p.x), _single(p.u)
        wanted = _types(p.f(*x))
        values, tangents = pushed(p.f, x, u)
        assert _types(values) == _types(tangents) == wanted
        weights = [np.asarray(w, t) for w, t in zip(p.v, wanted, strict=True)]
        cotangents = pulled(p.f, x, [w if w.shape else w[()] for w in weights])
        assert set(_types(cotangents)) == {np.dtype(np.float32)}
        _close(tangents, [np.asarray(t, float) for t in pushed(p.f, p.x, p.u)[1]], self.single)


def _close(found: Any, true: Any, tolerance: float) -> None:
    assert len(found) == len(true)
    for f, t in zip(found, true, strict=True):
        np.testing.assert_allclose(f, t, rtol=tolerance, atol=tolerance * _scale(true))


def _scale(arrays: Any) -> float:
    finite = [np.abs(a)[np.isfinite(a)] for a in map(np.asarray, arrays)]
    return max([1.0, *[float(np.max(a, initial=0.0)) for a in finite]])


def _shapes(arrays: Any) -> list[tuple[int, ...]]:
    return [np.shape(a) for a in arrays]


def _types(arrays: Any) -> list[Any]:
    return [np.asarray(a).dtype for a in arrays]


def _single(arrays: Any) -> list[Any]:
    return [np.float32(a) if np.ndim(a) == 0 else a.astype(np.float32) for a in arrays]
