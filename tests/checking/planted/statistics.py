"""Regression, likelihoods and factorisations."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tests.checking.planted.planted import ALL, Bug, Planted

_random = np.random.default_rng(13)
_N, _D = 30, 6
_X = np.column_stack([np.ones(_N), _random.normal(size=(_N, _D - 1))])
_Y = _random.normal(size=_N)
_LABEL = (_random.random(_N) > 0.4).astype(float)
_COUNT = _random.poisson(2.0, size=_N).astype(float)


def least_squares(w: Any) -> Any:
    return np.sum((_X @ w - _Y) ** 2)


def least_squares_gradient(w: Any, factor: float = 2.0, limit: float | None = None) -> Any:
    g = factor * _X.T @ (_X @ w - _Y)
    return g if limit is None else np.clip(g, -limit, limit)


def mean_squares(w: Any) -> Any:
    return np.mean((_X @ w - _Y) ** 2)


def mean_squares_gradient(w: Any, mean: bool = True) -> Any:
    return 2 * _X.T @ (_X @ w - _Y) / (_N if mean else 1)


_PENALTY = 0.7


def ridge(w: Any) -> Any:
    return np.sum((_X @ w - _Y) ** 2) + _PENALTY * np.sum(w**2)


def ridge_gradient(w: Any, penalty: float = 2 * _PENALTY) -> Any:
    return 2 * _X.T @ (_X @ w - _Y) + penalty * w


def ridge_with_intercept(w: Any) -> Any:
    return np.sum((_X @ w - _Y) ** 2) + _PENALTY * np.sum(w[1:] ** 2)


def ridge_with_intercept_gradient(w: Any, first: int = 1) -> Any:
    g = 2 * _X.T @ (_X @ w - _Y)
    g[first:] += 2 * _PENALTY * w[first:]
    return g


def _margins(w: Any) -> Any:
    return _X @ w


def logistic(w: Any) -> Any:
    z = _margins(w)
    return np.sum(np.log(1 + np.exp(-z)) + (1 - _LABEL) * z)


def logistic_gradient(w: Any, sign: float = 1.0) -> Any:
    g = _X.T @ (1 / (1 + np.exp(-_margins(w))) - _LABEL)
    g[3] *= sign
    return g


def bits(w: Any) -> Any:
    z = _margins(w)
    return np.mean(np.log(1 + np.exp(-z)) + (1 - _LABEL) * z) / np.log(2)


def bits_gradient(w: Any, base: float = 2.0) -> Any:
    return _X.T @ (1 / (1 + np.exp(-_margins(w))) - _LABEL) / _N / np.log(base)


_WEIGHT = np.where(_LABEL == 1, 3.0, 1.0)


def weighted_logistic(w: Any) -> Any:
    z = _margins(w)
    return np.sum(_WEIGHT * (np.log(1 + np.exp(-z)) + (1 - _LABEL) * z))


def weighted_logistic_gradient(w: Any, weight: Any = _WEIGHT) -> Any:
    return _X.T @ (weight * (1 / (1 + np.exp(-_margins(w))) - _LABEL))


def poisson(w: Any) -> Any:
    z = _margins(w)
    return np.sum(np.exp(z) - _COUNT * z)


def poisson_gradient(w: Any, sign: float = -1.0) -> Any:
    return _X.T @ np.exp(_margins(w)) + sign * _X.T @ _COUNT


def huber(w: Any) -> Any:
    r = np.abs(_X @ w - _Y)
    return np.sum(np.where(r <= 1, r**2 / 2, r - 0.5))


def huber_gradient(w: Any, clipped: bool = True) -> Any:
    r = _X @ w - _Y
    return _X.T @ (np.clip(r, -1, 1) if clipped else r)


_CLASSES = np.eye(3)[_random.integers(0, 3, size=_N)]


def softmax_regression(w: Any) -> Any:
    z = _X @ w
    return np.sum(np.log(np.exp(z).sum(1))) - np.sum(_CLASSES * z)


def softmax_regression_gradient(w: Any, reference: bool = True) -> Any:
    e = np.exp(_X @ w)
    g = _X.T @ (e / e.sum(1, keepdims=True) - _CLASSES)
    if not reference:
        g[:, 2] = 0
    return g


_RATINGS = _random.normal(size=(7, 7))
_RATED = (_random.random((7, 7)) > 0.5).astype(float)


def factorisation(u: Any, v: Any) -> Any:
    return np.sum((u @ v.T - _RATINGS) ** 2)


def factorisation_gradient(u: Any, v: Any, swapped: bool = False) -> Any:
    e = 2 * (u @ v.T - _RATINGS)
    return (e.T @ u, e @ v) if swapped else (e @ v, e.T @ u)


def ratings(u: Any, v: Any) -> Any:
    return np.sum(_RATED * (u @ v.T - _RATINGS) ** 2) + 0.1 * np.sum(u**2)


def ratings_gradient(u: Any, v: Any, rated: Any = _RATED, penalty: float = 0.1) -> Any:
    e = 2 * rated * (u @ v.T - _RATINGS)
    return e @ v + 2 * penalty * u, e.T @ u


# The marginal likelihood of a Gaussian process in log length, log size and log noise.
_PLACES = np.linspace(0, 3, 8)
_APART = (_PLACES[:, None] - _PLACES) ** 2
_SEEN = np.sin(2 * _PLACES)


def _kernel(p: Any) -> tuple[Any, Any]:
    k = np.exp(2 * p[1]) * np.exp(-_APART * np.exp(-2 * p[0]) / 2)
    return k, k + np.exp(2 * p[2]) * np.eye(8)


def gaussian_process(p: Any) -> Any:
    _, c = _kernel(p)
    return 0.5 * _SEEN @ np.linalg.solve(c, _SEEN) + 0.5 * np.log(np.linalg.det(c))


def gaussian_process_gradient(p: Any, determinant: bool = True) -> Any:
    k, c = _kernel(p)
    inverse = np.linalg.inv(c)
    a = inverse @ _SEEN
    outer = np.outer(a, a) - (inverse if determinant else 0)
    moves = (k * _APART * np.exp(-2 * p[0]), 2 * k, 2 * np.exp(2 * p[2]) * np.eye(8))
    return np.array([-0.5 * np.sum(outer * m) for m in moves])


def normal_likelihood(mean: Any, log_scale: Any) -> Any:
    return np.sum(0.5 * ((_Y - mean) * np.exp(-log_scale)) ** 2 + log_scale)


def normal_likelihood_gradient(mean: Any, log_scale: Any, constant: float = 1.0) -> Any:
    z = (_Y - mean) * np.exp(-log_scale)
    return np.sum(-z * np.exp(-log_scale)), np.sum(constant - z**2)


def quadratic_form(a: Any) -> Any:
    return _Y[:5] @ a @ a @ _Y[5:10]


def quadratic_form_gradient(a: Any, both: bool = True) -> Any:
    first = np.outer(_Y[:5], a @ _Y[5:10])
    return first + np.outer(a.T @ _Y[:5], _Y[5:10]) if both else first


def _w(size: Any = _D) -> dict[str, Any]:
    return {"w": _random.normal(size=size) * 0.5}


_UV = {"u": _random.normal(size=(7, 3)), "v": _random.normal(size=(7, 3))}
_STEEP = _w()
_LIMIT = float(np.median(np.abs(least_squares_gradient(_STEEP["w"]))))

CASES = (
    Planted(
        "least squares: factor 2", least_squares, least_squares_gradient, _w(),
        Bug(partial(least_squares_gradient, factor=1.0), {"w": ALL}, ("factor",), "the 2 is left out"),
    ),
    Planted(
        "least squares: clipped", least_squares, least_squares_gradient, _STEEP,
        Bug(partial(least_squares_gradient, limit=_LIMIT),
            {"w": np.abs(least_squares_gradient(_STEEP["w"])) > _LIMIT}, ("clipped",),
            "the optimiser's clipping is part of the gradient"),
    ),
    Planted(
        "mean squares: sum for mean", mean_squares, mean_squares_gradient, _w(),
        Bug(partial(mean_squares_gradient, mean=False), {"w": ALL}, ("reduction", "factor"),
            "the gradient of the sum, not of the mean"),
    ),
    Planted(
        "ridge: penalty forgotten", ridge, ridge_gradient, _w(),
        Bug(partial(ridge_gradient, penalty=0.0), {"w": ALL}, ("missing-term",),
            "the regularisation has no gradient"),
    ),
    Planted(
        "ridge: penalty halved", ridge, ridge_gradient, _w(),
        Bug(partial(ridge_gradient, penalty=_PENALTY), {"w": ALL}, ("missing-term",),
            "the derivative of w^2 is 2 w"),
    ),
    Planted(
        "ridge: intercept penalised", ridge_with_intercept, ridge_with_intercept_gradient, _w(),
        Bug(partial(ridge_with_intercept_gradient, first=0), {"w": 0}, ("missing-term",),
            "the intercept is penalised in the gradient only: one entry, off by a multiple of itself"),
    ),
    Planted(
        "logistic: a sign", logistic, logistic_gradient, _w(),
        Bug(partial(logistic_gradient, sign=-1.0), {"w": 3}, ("sign", "factor"), "one feature's sign is turned"),
    ),
    Planted(
        "logistic: log base", bits, bits_gradient, _w(),
        Bug(partial(bits_gradient, base=np.e), {"w": ALL}, ("log-base",), "the loss is in bits, the gradient in nats"),
    ),
    Planted(
        "logistic: class weight forgotten", weighted_logistic, weighted_logistic_gradient, _w(),
        Bug(partial(weighted_logistic_gradient, weight=1.0), {"w": ALL}, ("missing-mask",),
            "samples of one class count three times in the loss only"),
    ),
    Planted(
        "Poisson: sign of the counts", poisson, poisson_gradient, _w(),
        Bug(partial(poisson_gradient, sign=1.0), {"w": ALL}, ("sign",), "one of two terms has the wrong sign"),
    ),
    Planted(
        "Huber: residual not clipped", huber, huber_gradient, _w(),
        Bug(partial(huber_gradient, clipped=False), {"w": ALL}, ("missing-mask",),
            "the quadratic's derivative is used in the linear tails"),
        truth="extended",
    ),
    Planted(
        "softmax regression: last class", softmax_regression, softmax_regression_gradient, _w((_D, 3)),
        Bug(partial(softmax_regression_gradient, reference=False), {"w": (slice(None), 2)}, ("zero", "column"),
            "the last class is treated as the reference, but has weights"),
    ),
    Planted(
        "factorisation: factors swapped", factorisation, factorisation_gradient, _UV,
        Bug(partial(factorisation_gradient, swapped=True), {"u": ALL, "v": ALL}, ("swapped",),
            "the gradients come back in another order"),
    ),
    Planted(
        "ratings: missing ones counted", ratings, ratings_gradient, _UV,
        Bug(partial(ratings_gradient, rated=1.0), {"u": ALL, "v": ALL}, ("missing-mask", "missing-term"),
            "ratings that nobody gave pull on the factors"),
    ),
    Planted(
        "ratings: penalty forgotten", ratings, ratings_gradient, _UV,
        Bug(partial(ratings_gradient, penalty=0.0), {"u": ALL}, ("missing-term",),
            "the regularisation of u has no gradient"),
    ),
    Planted(
        "Gaussian process: determinant", gaussian_process, gaussian_process_gradient,
        {"p": np.array([0.1, 0.2, -0.7])},
        Bug(partial(gaussian_process_gradient, determinant=False), {"p": ALL}, ("missing-term", "stopped-path"),
            "the term of log det is left out"),
    ),
    Planted(
        "normal likelihood: the scale's term", normal_likelihood, normal_likelihood_gradient,
        {"mean": np.array(0.3), "log_scale": np.array(0.2)},
        Bug(partial(normal_likelihood_gradient, constant=0.0), {"log_scale": ALL}, ("missing-term", "stopped-path"),
            "the derivative of log sigma is left out"),
    ),
    Planted(
        "matrix squared: one factor moves", quadratic_form, quadratic_form_gradient,
        {"a": _random.normal(size=(5, 5))},
        Bug(partial(quadratic_form_gradient, both=False), {"a": ALL}, ("stopped-path", "missing-term"),
            "the product rule has two terms"),
    ),
)  # fmt: skip
