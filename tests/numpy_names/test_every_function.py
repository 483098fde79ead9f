"""Every function of NumPy's and SciPy's that is covered, with its keywords: one table, all of it measured.

Truth is NumPy's own value, and differences of it: nothing of calcgrad's is in them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.numpy_names import NAMES, load_special
from calcgrad.numpy_names.deciding import DECIDING, DECIDING_BY_TWO
from tests.numpy_names import (
    cases_linalg,
    cases_more,
    cases_moving,
    cases_numbers,
    cases_polynomials,
    cases_special,
    cases_sums,
)
from tests.numpy_names.measuring import (
    NUMPY_1,
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

CASES: list[Case] = [
    *cases_numbers.CASES,
    *cases_sums.CASES,
    *cases_moving.CASES,
    *cases_linalg.CASES,
    *cases_more.CASES,
    *cases_polynomials.CASES,
    *cases_special.CASES,
]
#: Functions whose results are constants, measured in test_constants.py.
CONSTANTS = {f"numpy.{name}" for name in (*DECIDING, *DECIDING_BY_TWO, "nonzero")} | {
    *(
        "numpy.shape",
        "numpy.ndim",
        "numpy.size",
        "numpy.result_type",
        "numpy.common_type",
        "numpy.einsum_path",
        "numpy.isin",
        "numpy.linalg.matrix_rank",
    ),
    *("numpy.zeros_like", "numpy.ones_like", "numpy.empty_like"),
    *(
        "numpy.less",
        "numpy.less_equal",
        "numpy.greater",
        "numpy.greater_equal",
        "numpy.equal",
        "numpy.not_equal",
    ),
    *("numpy.logical_and", "numpy.logical_or", "numpy.logical_not", "numpy.logical_xor"),
}
DOUBLE_BEFORE_2 = {f"numpy.{name}" for name in ("cbrt", "where", "std", "nanvar", "nanstd")}
IDS = [f"{i}-{c.name.removeprefix('numpy.')}-{c.shapes}".replace(" ", "") for i, c in enumerate(CASES)]


def test_every_covered_name_is_in_the_table() -> None:
    load_special()
    there = {case.name for case in CASES}
    assert not set(NAMES.values()) - there - CONSTANTS
    assert not {name for name in there if "(" not in name} - set(NAMES.values())


def _point(case: Case) -> tuple[Any, list[Any], list[Any], list[Any], list[Any]]:
    """The function as a list of real outputs, arguments, directions, and NumPy's outputs with a cotangent for each."""
    seed = sum(map(ord, case.name)) + 17 * len(case.shapes)
    x = case.arguments(seed)
    u = [drawn(seed + 50 + i, shape, -1.0, 1.0) for i, shape in enumerate(case.shapes)]
    with np.errstate(all="ignore"):
        plain = floats_of(case.call(*x))
    v = [drawn(seed + 90 + i, np.shape(out), -1.0, 1.0) for i, out in enumerate(plain)]
    return (lambda *a: floats_of(case.call(*a))), x, u, plain, v


def _close(found: Any, true: Any, tolerance: float) -> None:
    scale = max([1.0, *[float(np.max(np.abs(t), initial=0.0)) for t in true]])
    assert len(found) == len(true)
    for f, t in zip(found, true, strict=True):
        np.testing.assert_allclose(f, t, rtol=tolerance, atol=tolerance * scale)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", CASES, ids=IDS)
class TestFunction:
    def test_both_modes_and_differences_agree(self, case: Case) -> None:
        f, x, u, plain, v = _point(case)
        values, tangents = pushed(f, x, u)
        assert [np.shape(a) for a in values] == [np.shape(a) for a in plain]
        assert [np.asarray(a).dtype for a in values] == [np.asarray(a).dtype for a in plain]
        _close(values, plain, 1e-13)
        assert [np.shape(t) for t in tangents] == [np.shape(a) for a in plain]
        _close(tangents, first_difference(f, x, u), 2e-8)
        cotangents = pulled(f, x, v)
        assert [np.shape(c) for c in cotangents] == list(case.shapes)
        scale = inner([np.abs(a) for a in v], [np.abs(t) for t in tangents])
        assert inner(cotangents, u) == pytest.approx(
            inner(v, tangents), rel=1e-12, abs=1e-13 * max(1.0, scale)
        )

    def test_second_derivatives(self, case: Case) -> None:
        """The gradient of ⟨v, J(x) u⟩: reverse mode over forward mode."""
        if not case.second:
            pytest.skip("of the first order only")
        f, x, u, _, v = _point(case)

        def slope(*a: Any) -> list[Any]:
            return [sum(np.sum(w * t) for w, t in zip(v, pushed(f, a, u)[1], strict=True))]

        found = inner(pulled(slope, x, [1.0]), u)
        true = inner(v, second_difference(f, x, u))
        scale = max([1.0, *[float(np.max(np.abs(a), initial=0.0)) for a in f(*x)]])
        assert found == pytest.approx(true, rel=2e-6, abs=2e-6 * scale)

    def test_the_compiled_gradient_is_the_traced_one(self, case: Case) -> None:
        """Where it was compiled, and at another point: an index that depends on values is found again there."""
        f, x, u, plain, v = _point(case)

        def loss(*a: Any) -> Any:
            return sum([np.sum(w * out) for w, out in zip(v, f(*a), strict=True)], 0.0 * np.sum(a[0]))

        gradient = calcgrad.grad(loss, argnums=tuple(range(len(x))))
        compiled = calcgrad.compile(gradient)
        with np.errstate(all="ignore"):
            elsewhere = moved(x, u, 0.37)
            same = [np.shape(out) for out in f(*elsewhere)] == [np.shape(out) for out in plain]
        for point in [x, x, *([elsewhere] if same else [])]:
            for found, true in zip(compiled(*point), gradient(*point), strict=True):
                np.testing.assert_allclose(found, true, rtol=1e-11, atol=1e-11)

    def test_single_precision_stays_single(self, case: Case) -> None:
        if not case.single:
            pytest.skip("NumPy or SciPy computes it in double precision")
        if NUMPY_1 and (case.name in DOUBLE_BEFORE_2 or () in case.shapes):
            pytest.skip("before NumPy 2, a number of single precision beside a float is a double")
        f, x, u, _, v = _point(case)
        small = [np.float32(a) if np.ndim(a) == 0 else a.astype(np.float32) for a in x]
        directions = [np.float32(a) if np.ndim(a) == 0 else a.astype(np.float32) for a in u]
        plain = f(*small)
        values, tangents = pushed(f, small, directions)
        wanted = [np.asarray(a).dtype for a in plain]
        assert [np.asarray(a).dtype for a in values] == wanted
        assert [np.asarray(a).dtype for a in tangents] == wanted
        weights = [np.asarray(w, t) for w, t in zip(v, wanted, strict=True)]
        cotangents = pulled(f, small, [w if w.shape else w[()] for w in weights])
        assert {np.asarray(c).dtype for c in cotangents} == {np.dtype(np.float32)}
        exact = [np.asarray(t, float) for t in pushed(f, x, u)[1]]
        _close(tangents, exact, 2e-3)
