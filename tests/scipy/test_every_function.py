"""Every function of calcgrad.scipy's, with its options: one table, all of it measured.

Of plain arguments a function of the table is SciPy's own: so the values, and the differences that are the truth here, are SciPy's,
and nothing of calcgrad's is in them.
"""

from __future__ import annotations

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
from tests.scipy import cases_functions, cases_linalg, cases_stats

CASES: list[Case] = [*cases_stats.CASES, *cases_linalg.CASES, *cases_functions.CASES]
IDS = [f"{i}-{c.name.removeprefix('scipy.')}-{c.shapes}".replace(" ", "") for i, c in enumerate(CASES)]


def _point(case: Case) -> tuple[Any, list[Any], list[Any], list[Any], list[Any]]:
    """The function as a list of real outputs, arguments, directions, and SciPy's outputs with a cotangent for each."""
    seed = sum(map(ord, case.name)) + 17 * len(case.shapes)
    x = case.arguments(seed)
    u = [drawn(seed + 50 + i, shape, -1.0, 1.0) for i, shape in enumerate(case.shapes)]
    plain = floats_of(case.call(*x))
    v = [drawn(seed + 90 + i, np.shape(out), -1.0, 1.0) for i, out in enumerate(plain)]
    return (lambda *a: floats_of(case.call(*a))), x, u, plain, v


def _close(found: Any, true: Any, tolerance: float) -> None:
    assert len(found) == len(true)
    for f, t in zip(found, true, strict=True):
        finite = np.abs(np.asarray(t))[np.isfinite(t)]
        scale = max(1.0, float(np.max(finite, initial=0.0)))
        np.testing.assert_allclose(f, t, rtol=tolerance, atol=tolerance * scale)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", CASES, ids=IDS)
class TestFunction:
    def test_both_modes_and_differences_agree(self, case: Case) -> None:
        f, x, u, plain, v = _point(case)
        values, tangents = pushed(f, x, u)
        assert [np.shape(a) for a in values] == [np.shape(a) for a in plain]
        assert [np.asarray(a).dtype for a in values] == [np.asarray(a).dtype for a in plain]
        _close(values, plain, 2e-12)
        true = first_difference(f, x, u)
        _close([np.where(np.isfinite(t), a, t) for a, t in zip(tangents, true, strict=True)], true, 5e-8)
        assert all(np.isfinite(a).all() for a in tangents)
        cotangents = pulled(f, x, v)
        assert [np.shape(c) for c in cotangents] == list(case.shapes)
        scale = inner([np.abs(a) for a in v], [np.abs(t) for t in tangents])
        assert inner(cotangents, u) == pytest.approx(
            inner(v, tangents), rel=1e-11, abs=1e-12 * max(1.0, scale)
        )

    def test_second_derivatives(self, case: Case) -> None:
        """The gradient of ⟨v, J(x) u⟩: reverse mode over forward mode."""
        f, x, u, plain, v = _point(case)
        v = [np.where(np.isfinite(p), w, 0.0) for p, w in zip(plain, v, strict=True)]

        def slope(*a: Any) -> list[Any]:
            return [sum(np.sum(w * t) for w, t in zip(v, pushed(f, a, u)[1], strict=True))]

        found = inner(pulled(slope, x, [1.0]), u)
        second = [
            np.where(np.isfinite(p), s, 0.0) for p, s in zip(plain, second_difference(f, x, u), strict=True)
        ]
        true = inner(v, second)
        scale = max([1.0, *[float(np.max(np.abs(a), initial=0.0)) for a in second]])
        assert found == pytest.approx(true, rel=5e-6, abs=5e-6 * scale)

    def test_the_compiled_gradient_is_the_traced_one(self, case: Case) -> None:
        if case.name == "scipy.integrate.quad":
            pytest.skip("a program of many nodes takes seconds to write: see test_quad.py")
        f, x, u, plain, v = _point(case)

        def loss(*a: Any) -> Any:
            pairs = zip(v, f(*a), plain, strict=True)
            return sum(
                [np.sum(np.where(np.isfinite(p), w * out, 0.0)) for w, out, p in pairs], 0.0 * np.sum(a[0])
            )

        gradient = calcgrad.grad(loss, argnums=tuple(range(len(x))))
        compiled = calcgrad.compile(gradient)
        elsewhere = moved(x, u, 0.02)
        for point in [x, x, elsewhere]:
            for found, true in zip(compiled(*point), gradient(*point), strict=True):
                np.testing.assert_allclose(found, true, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.single], ids=[i for c, i in zip(CASES, IDS, strict=True) if c.single]
)
def test_single_precision_stays_single(case: Case) -> None:
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
    _close(tangents, exact, 5e-3)


def test_every_public_name_is_in_the_table() -> None:
    """Those of ``special`` are in the table of NumPy's names; the rest are here."""
    import calcgrad.scipy
    from calcgrad.scipy.following import BY_NAME

    for module in calcgrad.scipy.MODULES:
        getattr(calcgrad.scipy, module)
    followed = {path for path in BY_NAME if not path.startswith("scipy.special.")}
    assert followed - {case.name for case in CASES} == set()
    assert {case.name for case in CASES} - followed == set()


def test_every_name_of_special_is_in_the_table_of_numpys_names() -> None:
    from calcgrad.numpy_names import NAMES
    from calcgrad.scipy import special

    known = {
        name.removeprefix("scipy.special.") for name in NAMES.values() if name.startswith("scipy.special.")
    }
    same = {"digamma": "psi", "sinc": "", "zeta": "_zeta", "jn": "jv"}
    assert {name for name in special.__all__ if same.get(name, name) not in {*known, ""}} == set()
