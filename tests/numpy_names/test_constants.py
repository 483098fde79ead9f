"""What has no derivative is the plain value, and what is not covered says so by name, with what to do instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.signal
import scipy.special as sp

import calcgrad
from calcgrad.numpy_names.deciding import DECIDING, DECIDING_BY_TWO

X = np.array([[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]])


def seen(f: Callable[[Any], Any]) -> Any:
    """What a traced function sees; the gradient of what it returns beside it is that of a sum."""
    gradient, found = calcgrad.grad(lambda x: (np.sum(x), f(x)), has_aux=True)(X)
    np.testing.assert_array_equal(gradient, np.ones_like(X))
    return found


CALLS: list[Callable[[Any], Any]] = [
    *[getattr(np, name) for name in DECIDING if name != "argpartition"],
    np.nonzero,
    lambda x: np.argmax(x, axis=1),
    lambda x: np.argmax(x, 0),
    lambda x: x.argmin(axis=-1),
    lambda x: np.argsort(x, axis=0),
    lambda x: np.argpartition(x, 1),
    lambda x: np.argpartition(x, 1, axis=0),
    lambda x: np.any(x > 2.0, axis=1),
    lambda x: np.count_nonzero(x > 0),
    lambda x: np.isclose(x, 1.5),
    lambda x: np.allclose(x, x + 1e-12),
    lambda x: np.allclose(x, x + 1e-3, 0.1),
    lambda x: np.array_equal(x, x),
    lambda x: np.array_equiv(x, x),
    lambda x: np.searchsorted(np.array([0.0, 1.0, 2.0]), x),
    lambda x: np.searchsorted(np.array([0.0, 1.5, 2.0]), x, side="right"),
    lambda x: np.digitize(x, np.array([0.0, 1.5, 2.0]), right=True),
    np.shape,
    np.ndim,
    np.size,
    lambda x: np.size(x, 1),
    len,
    lambda x: (x.shape, x.ndim, x.size, x.dtype),
    lambda x: np.result_type(x, np.float32),
    lambda x: np.common_type(x, np.ones(1, np.float32)),
    lambda x: np.isin(x, [1.5, 7.0]),
    lambda x: np.isin(x, [1.5, 7.0], invert=True),
    lambda x: np.einsum_path("ij,kj", x, x)[0],
    lambda x: np.linalg.matrix_rank(x),
    np.zeros_like,
    np.ones_like,
    lambda x: np.empty_like(x).shape,
    lambda x: np.ones_like(x, dtype=int),
    lambda x: (x < 1.0, x >= 1.5, x == 2.0, x != 2.0),
    lambda x: np.logical_and(x > 0, x < 2),
    lambda x: np.logical_or(x > 2, x < 0),
    lambda x: np.logical_not(x > 0),
    lambda x: np.logical_xor(x > 0, x > 2),
    lambda x: [bool(entry > 1.0) for entry in x[0]],
]


@pytest.mark.parametrize("f", CALLS, ids=lambda f: getattr(f, "__name__", "call"))
def test_constants_are_numpys_own(f: Callable[[Any], Any]) -> None:
    found, true = seen(f), f(X)
    assert type(found) is type(true) or isinstance(found, type(true) | bool | int | float)
    for a, b in zip(found, true, strict=True) if isinstance(true, tuple | list) else [(found, true)]:
        np.testing.assert_array_equal(a, b)


def test_every_deciding_function_is_called() -> None:
    assert {"searchsorted", "digitize", "isclose", "allclose", "array_equal", "array_equiv"} == set(
        DECIDING_BY_TWO
    )


REFUSED: list[tuple[str, Callable[[Any], Any], str, str]] = [
    ("E420", lambda x: np.unique(x * 0.0), "numpy.unique", "numpy.sort"),
    ("E420", lambda x: np.union1d(x, x), "numpy.union1d", "numpy.sort"),
    ("E420", lambda x: np.setdiff1d(x, [1.5]), "numpy.setdiff1d", "numpy.sort"),
    ("E420", lambda x: np.power.reduce(x), "numpy.power.reduce", "custom_rule"),
    ("E420", lambda x: np.frompyfunc(abs, 1, 1)(x), "numpy.frompyfunc", "numpy.vectorize"),
    ("E420", lambda x: np.histogram(x), "numpy.histogram", "smooth kernels"),
    ("E420", lambda x: np.arctan2.reduce(x), "numpy.arctan2.reduce", "custom_rule"),
    ("E420", lambda x: np.nextafter(x, 1.0), "numpy.nextafter", "no derivative"),
    ("E420", lambda x: np.bitwise_and(x, 1), "numpy.bitwise_and", "custom_rule"),
    ("E420", lambda x: sp.hyperu(x, 1.0, 2.0), "scipy.special.hyperu", "hyp1f1"),
    ("E420", lambda x: sp.kelvin(x), "scipy.special.kelvin", "custom_rule"),
    ("E420", lambda x: scipy.linalg.schur(x[:, :2]), "scipy.linalg.schur", "custom_rule"),
    ("E420", lambda x: scipy.signal.medfilt(x), "scipy.signal.medfilt", "custom_rule"),
    ("E421", lambda x: np.pad(x, 1, mode="nothing"), "numpy.pad with mode=", "NumPy's own"),
    ("E421", lambda x: np.sum(x, dtype=int), "dtype=", "leave it out"),
    ("E421", lambda x: np.add(x, x, signature="dd->d"), "numpy.add with signature=", "leave it out"),
    ("E421", lambda x: np.linalg.svd(x), "numpy.linalg.svd with full_matrices=", "full_matrices=False"),
    ("E421", lambda x: np.linalg.qr(x.T, mode="complete"), "numpy.linalg.qr with mode=", "reduced"),
    (
        "E421",
        lambda x: np.quantile(x, 0.5, method="closest_observation"),
        "numpy.quantile with method=",
        "hazen",
    ),
    ("E421", lambda x: np.quantile(X, x[0, 0] / 3), "numpy.quantile with q=", "constant"),
    (
        "E421",
        lambda x: np.interp(x, [0.0, 1.0], [1.0, 2.0], period=1.0),
        "numpy.interp with period=",
        "leave it out",
    ),
    ("E421", lambda x: np.cov(x, aweights=[1.0, 2.0, 3.0]), "numpy.cov with aweights=", "leave it out"),
]


@pytest.mark.parametrize(("code", "f", "name", "fix"), REFUSED, ids=[r[2] for r in REFUSED])
def test_what_is_not_covered_says_so(code: str, f: Callable[[Any], Any], name: str, fix: str) -> None:
    with pytest.raises(calcgrad.CalcgradError) as caught:
        calcgrad.grad(lambda x: np.sum(f(x)))(X)
    found = caught.value.diagnostic
    assert found.code == code
    assert found.message.startswith(f"{name} ") or found.message.startswith(name)
    assert fix in " ".join(found.hints)


WRONG: list[tuple[type[Exception], Callable[[Any], Any]]] = [
    (ValueError, lambda x: np.reshape(x, (4, 2))),
    (ValueError, lambda x: np.reshape(x, (-1, 4))),
    (np.exceptions.AxisError, lambda x: np.sum(x, axis=2)),
    (np.exceptions.AxisError, lambda x: np.cumsum(x, axis=5)),
    (ValueError, lambda x: np.sum(x, axis=(0, 0))),
    (ValueError, lambda x: np.squeeze(x, 0)),
    (ValueError, lambda x: np.stack([x, x[0]])),
    (ValueError, lambda x: np.concatenate([x[0, 0], x[0, 1]])),
    (ValueError, lambda x: np.split(x, 2, axis=1)),
    (ValueError, lambda x: np.tensordot(x, x, axes=1)),
    (ValueError, lambda x: np.einsum("ij,jk->ik", x, x)),
    (ValueError, lambda x: np.einsum("ijk->i", x)),
    (ValueError, lambda x: np.cross(x[:, :1], x[:, :1])),
    (ValueError, lambda x: np.linalg.norm(x, 3)),
    (ValueError, lambda x: np.convolve(x[0], x[1], "all")),
    (TypeError, lambda x: np.sum(x, wrong=1)),
]


@pytest.mark.parametrize(("kind", "f"), WRONG)
def test_wrong_calls_are_numpys_own_errors(kind: type[Exception], f: Callable[[Any], Any]) -> None:
    """The same kind of error as without tracing."""
    with pytest.raises(kind):
        f(X)
    with pytest.raises(kind):
        calcgrad.grad(lambda x: np.sum(f(x)))(X)
