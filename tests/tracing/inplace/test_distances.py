"""Distances of SciPy's are followed: their values are SciPy's, their gradients those of differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist, squareform

from calcgrad import grad, numerical_diff

RNG = np.random.default_rng(3)
POINTS, OTHERS = RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3))
WEIGHTS = RNG.normal(size=10)


def condensed(metric: str) -> Callable[[Any], Any]:
    return lambda x: float(WEIGHTS @ np.sin(pdist(x, metric)))


def written(metric: str) -> Callable[[Any], Any]:
    def loss(x: Any) -> Any:
        out = np.empty(10)
        pdist(x, metric, out=out)
        return float(WEIGHTS @ np.sin(out))

    return loss


def across(metric: str) -> Callable[[Any], Any]:
    return lambda x: np.sum(np.sin(cdist(x, OTHERS, metric)) * WEIGHTS[:4])


def squared(metric: str) -> Callable[[Any], Any]:
    def loss(x: Any) -> Any:
        matrix = squareform(np.exp(-pdist(x, metric)))
        matrix[np.diag_indices_from(matrix)] += 0.5
        return np.linalg.slogdet(matrix)[1] + squareform(matrix, checks=False) @ WEIGHTS

    return loss


@pytest.mark.parametrize("metric", ["euclidean", "sqeuclidean", "cityblock"])
@pytest.mark.parametrize("made", [condensed, written, across, squared])
def test_the_gradient_is_that_of_the_values(made: Callable[[str], Callable[[Any], Any]], metric: str) -> None:
    loss = made(metric)
    direction = RNG.normal(size=POINTS.shape)
    found = np.sum(grad(loss)(POINTS) * direction)
    true = numerical_diff.derivative(lambda t: float(loss(POINTS + t * direction)), 0.0)
    assert abs(found - true.value) <= 10 * true.error_bound + 1e-12 * abs(found)


def test_other_metrics_are_refused_by_name() -> None:
    with pytest.raises(Exception, match="pdist"):
        grad(condensed("cosine"))(POINTS)


def test_a_matrix_that_is_not_square_has_no_diagonal() -> None:
    def loss(x: Any) -> Any:
        x[np.diag_indices_from(x)] += 1.0
        return np.sum(x**2)

    with pytest.raises(ValueError, match=r"same length|equal length"):
        grad(loss)(POINTS)
