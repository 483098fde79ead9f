"""Second derivatives where zeros by structure meet infinite slopes: masks stand beside traced values too."""

import numpy as np
import pytest

import calcgrad

V = np.array([1.0, 2.0, 3.0])


def _listed(x):
    roots = np.array([np.sqrt(x[k]) for k in range(3)])
    return np.sum(np.where(x > 0, roots, 0.0) * x**2)


def _stacked(x):
    return np.sum(np.where(x > 0, np.stack([np.sqrt(e) for e in x]), 0.0) * x**2)


def _joined(x):
    roots = np.concatenate([np.sqrt(x[:1]), np.sqrt(x[1:])])
    return np.sum(np.where(x > 0, roots, 0.0) * x**2)


@pytest.mark.parametrize("f", [_listed, _stacked, _joined])
@pytest.mark.parametrize("x", [[0.0, 1.0, 2.0], [2.0, 0.0, 1.0], [0.25, 4.0, 0.0]])
def test_roots_side_by_side_that_are_not_taken_at_zero(f, x):
    """Each term is x^(5/2), whose second derivative is 15/4 sqrt(x)."""
    x = np.array(x)
    expected = 3.75 * np.sqrt(x)
    np.testing.assert_allclose(calcgrad.hvp(f, (x,), (V,)), expected * V, rtol=1e-14)
    np.testing.assert_allclose(calcgrad.hessian(f)(x), np.diag(expected), rtol=1e-14, atol=0)
