"""Every covered function at complex values: the table of test_every_function.py, each argument with an imaginary part.

The functions are of real numbers, the parts, and give real numbers, the parts of the result: so truth is NumPy's own value,
and real differences of it. Where NumPy has no value for complex numbers, calcgrad has none either.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad import CalcgradError
from tests.numpy_names.measuring import (
    NUMPY_1,
    Case,
    case,
    drawn,
    first_difference,
    floats_of,
    inner,
    pulled,
    pushed,
    second_difference,
)
from tests.numpy_names.test_every_function import CASES

#: Functions with complex values in NumPy or SciPy that are refused here, by name, at every order …
REFUSED = {
    *("scipy.special.loggamma", "scipy.special.rgamma", "scipy.special.psi", "scipy.special._riemann_zeta"),
    *(f"scipy.special.eval_{family}" for family in ("legendre", "chebyt", "chebyu", "laguerre")),
    *(f"scipy.special.eval_{family}" for family in ("genlaguerre", "gegenbauer", "jacobi")),
    *(f"scipy.special.{name}" for name in ("hyp0f1", "hyp1f1", "hyp2f1", "exp1", "spence", "shichi")),
    *(f"scipy.special.{name}" for name in ("ive", "kve", "wrightomega", "expi", "sici")),
    *(f"scipy.special.eval_sh_{family}" for family in ("legendre", "chebyt", "chebyu")),
    *("scipy.special.logsumexp", "scipy.special.log_softmax", "numpy.poly", "numpy.geomspace"),
    *("numpy.nanmedian", "numpy.unique", "numpy.unique_values", "numpy.union1d", "numpy.setdiff1d"),
}
#: … and those whose second derivatives are.
FIRST_ORDER_ONLY = {
    "scipy.special.gamma",
}
#: A comparison of Python's own complex numbers, and a cast that drops the imaginary part with NumPy's warning.
SKIPPED = {"method(astype)", "numpy.astype"}


def hermitian(a: Any) -> Any:
    """With eigenvalues far from each other."""
    return a + np.conj(np.swapaxes(a, -1, -2)) + np.diag(np.arange(0.0, 4.0 * a.shape[-1], 4.0))


def projector(vectors: Any) -> Any:
    """Of the first vector, whatever its phase."""
    return np.outer(vectors[:, 0], np.conj(vectors[:, 0]))


H, Y = np.array([[1.0, 0.3j], [-0.3j, -1.0]]), np.array([[0.0, -1j], [1j, 0.0]])


def expectation(theta: Any) -> Any:
    """Of a Hamiltonian in the state that a rotation makes: the energy of a small circuit."""
    turn = np.cos(theta[0]) * np.eye(2) - 1j * np.sin(theta[0]) * Y
    state = turn @ np.stack([np.exp(1j * theta[1]) * np.cos(theta[2]), np.sin(theta[2]) + 0j])
    return np.vdot(state, H @ state).real


#: What is met with complex values alone.
MORE: list[Case] = [
    case("abs", np.abs, (3,)),
    case("abs", lambda z: abs(z), ()),
    case("parts", lambda z: [z.real * z.imag, z.conj(), np.real(z), np.imag(z)], (2, 3)),
    case("parts", lambda z: [z.real, z.imag, np.conj(z)], ()),
    case("angle", lambda z: [np.angle(z), np.angle(z, deg=True)], (3,)),
    case("sign", np.sign, (3,)),
    case("zero entries", lambda z: np.linalg.norm(z * np.array([1.0, 0.0, 1.0])), (3,)),
    case("a zero state", lambda z: np.linalg.norm(np.concatenate([z - z[0], z])), (2,)),
    case("eigh of a Hermitian matrix", lambda z: np.linalg.eigh(hermitian(z)), (3, 3)),
    case("eigh, upper", lambda z: np.linalg.eigh(hermitian(z), "U"), (3, 3)),
    case("eigh, a projector", lambda z: projector(np.linalg.eigh(hermitian(z))[1]), (3, 3)),
    case("eigvalsh", lambda z: np.linalg.eigvalsh(hermitian(z)), (4, 4)),
    case("svd, high", lambda z: np.linalg.svd(z, full_matrices=False), (5, 3)),
    case("svd, very high", lambda z: np.linalg.svd(z, full_matrices=False), (9, 2)),
    case("svd, square", np.linalg.svd, (3, 3)),
    case("svd, a little wide", lambda z: np.linalg.svd(z, full_matrices=False), (3, 4)),
    case("svd, of what is wide", lambda z: np.linalg.svd(np.conj(z.T), full_matrices=False), (2, 6)),
    case("svd, put together", lambda z: np.linalg.svd(z)[0] @ np.linalg.svd(z)[2], (3, 3)),
    case("qr", np.linalg.qr, (4, 3)),
    case("cholesky", lambda z: np.linalg.cholesky(z @ np.conj(z.T) + np.eye(3)), (3, 3)),
    case("solve by real", lambda z: np.linalg.solve(np.eye(3) * 2 + np.real(z), z), (3, 3)),
    case("det of a singular matrix", lambda z: np.linalg.det(np.outer(z, z)), (3,)),
    case("slogdet", np.linalg.slogdet, (3, 3)),
    case("expm by powers", lambda z: np.eye(2) + z + z @ z / 2 + z @ z @ z / 6, (2, 2)),
    case("real times complex", lambda z: z.real * (1 + 2j) * z.imag, (3,)),
    case("power of real", lambda z: np.abs(z) ** z, (3,)),
    case("whole powers", lambda z: [z**2, z**3, z**-1, z**0.5, 2.0**z], (3,)),
    case("fft", lambda z: np.abs(np.fft.fft(z)) ** 2, (6,)),
    case("energy", lambda z: expectation(z.real), (3,)),
    case("where", lambda z: np.where(np.abs(z) > 1.0, z * z, np.conj(z)), (5,)),
    case("outer", lambda z: np.einsum("i,j->ij", z, np.conj(z)), (3,)),
]

EVERY = [c for c in [*CASES, *MORE] if c.name not in SKIPPED]
IDS = [f"{i}-{c.name.removeprefix('numpy.')}-{c.shapes}".replace(" ", "") for i, c in enumerate(EVERY)]


def _numpys(f: Any, x: list[Any]) -> list[Any] | None:
    """The parts of what plain NumPy gives; ``None`` where it takes no complex values."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error", getattr(np, "exceptions", np).ComplexWarning)
        try:
            return floats_of(f(*x)) if not isinstance(f(*x), list) else list(f(*x))
        except (TypeError, ValueError, np.exceptions.ComplexWarning):
            return None


def _point(one: Case) -> tuple[Any, list[Any], list[Any]]:
    seed = sum(map(ord, one.name)) + 17 * len(one.shapes)
    parts = [drawn(seed + 33 + k, shape, 0.2, 0.9) for k, shape in enumerate(one.shapes)]
    x = [*one.arguments(seed), *parts]
    n = len(parts)
    u = [drawn(seed + 50 + i, np.shape(a), -1.0, 1.0) for i, a in enumerate(x)]
    return (lambda *a: floats_of(one.call(*[a[k] + 1j * a[k + n] for k in range(n)]))), x, u


def _largest(values: list[Any]) -> float:
    return max([1.0, *[float(np.max(np.abs(v), initial=0.0)) for v in values]])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("one", EVERY, ids=IDS)
def test_at_complex_values(one: Case) -> None:
    if NUMPY_1 and one.name == "numpy.linalg.cond":
        pytest.skip("before NumPy 2 it is a complex number")
    f, x, u = _point(one)
    plain = _numpys(f, x)
    if plain is not None and one.name in REFUSED:
        with pytest.raises(CalcgradError, match=re.escape(one.name.replace("_riemann_", ""))) as refusal:
            pushed(f, x, u)
        assert refusal.value.diagnostic.code == "E461"
        return
    if plain is None:
        if one.name.startswith("numpy.where"):
            pytest.skip("Python compares no complex numbers")
        with pytest.raises((CalcgradError, TypeError, ValueError)):
            pushed(f, x, u)
        return
    v = [drawn(90 + i, np.shape(out), -1.0, 1.0) for i, out in enumerate(plain)]
    if one.name == "numpy.linalg.svd" and one.shapes == ((2, 2, 4),):
        with pytest.raises(CalcgradError, match=r"svd\(a.conj"):
            pushed(f, x, u)
        return

    values, tangents = pushed(f, x, u)
    for found, true in zip(values, plain, strict=True):
        np.testing.assert_allclose(found, true, rtol=1e-12, atol=1e-12)
        assert np.shape(found) == np.shape(true)
    first = first_difference(f, x, u)
    for found, true in zip(tangents, first, strict=True):
        np.testing.assert_allclose(found, true, rtol=2e-7, atol=2e-7 * _largest(first))
    cotangents = pulled(f, x, v)
    assert [np.asarray(c).dtype for c in cotangents] == [np.dtype(float)] * len(x)
    scale = inner([np.abs(a) for a in v], [np.abs(t) for t in tangents])
    assert inner(cotangents, u) == pytest.approx(inner(v, tangents), rel=1e-11, abs=1e-12 * max(1.0, scale))

    if not one.second:
        return

    def slope(*a: Any) -> list[Any]:
        return [sum(np.sum(w * t) for w, t in zip(v, pushed(f, a, u)[1], strict=True))]

    try:
        found = pulled(slope, x, [1.0])
    except CalcgradError as refusal:
        if one.name not in FIRST_ORDER_ONLY or refusal.diagnostic.code != "E461":
            raise
        return
    second = second_difference(f, x, u)
    tolerance = 1e-5 * max(_largest(second), _largest(plain))
    assert inner(found, u) == pytest.approx(inner(v, second), rel=1e-5, abs=tolerance)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("one", MORE, ids=[f"{i}-{c.name}".replace(" ", "_") for i, c in enumerate(MORE)])
def test_the_compiled_gradient_is_the_traced_one(one: Case) -> None:
    f, x, _ = _point(one)
    v = [drawn(90 + i, np.shape(out), -1.0, 1.0) for i, out in enumerate(f(*x))]

    def loss(*a: Any) -> Any:
        return sum([np.sum(w * out) for w, out in zip(v, f(*a), strict=True)], 0.0 * np.sum(a[0]))

    gradient = calcgrad.grad(loss, argnums=tuple(range(len(x))))
    compiled = calcgrad.compile(gradient)
    for _ in range(2):
        for found, true in zip(compiled(*x), gradient(*x), strict=True):
            np.testing.assert_allclose(found, true, rtol=1e-11, atol=1e-11)


def test_a_vector_whose_first_entry_is_zero_keeps_its_phase() -> None:
    """Of a matrix in two blocks: no phase is fixed there, and what depends on none is right."""

    def energy(t: Any) -> Any:
        block = np.stack([np.stack([t[0] + 0j, t[1] + 1j * t[2]]), np.stack([t[1] - 1j * t[2], -t[0] + 0j])])
        whole = np.concatenate(
            [
                np.concatenate([block, np.zeros((2, 2))], axis=1),
                np.concatenate([np.zeros((2, 2)), block + 5 * np.eye(2)], axis=1),
            ]
        )
        values, vectors = np.linalg.eigh(whole)
        return (
            values[0] + np.sum(np.abs(vectors[:, 1]) ** 4) + np.abs(np.vdot(vectors[:, 3], np.ones(4))) ** 2
        )

    t, h = np.array([0.4, 0.7, 0.9]), 1e-5
    true = [(energy(t + h * e) - energy(t - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(calcgrad.grad(energy)(t), true, atol=1e-8)
    np.testing.assert_allclose(calcgrad.jacfwd(energy)(t), true, atol=1e-8)
