"""Layers of networks: normalisation, softmax, convolution, embedding, dropout, dense."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tests.checking.planted.planted import ALL, Bug, Planted

_random = np.random.default_rng(11)
_N, _D, _K = 6, 4, 3
_X = _random.normal(size=(_N, _D))
_G = _random.normal(size=(_N, _D))
_LABELS = np.array([0, 2, 1, 1, 0, 2])
_ROWS = np.arange(_N)


# Batch normalisation: the batch's mean and variance depend on every sample.
def _normalised(x: Any, axis: int) -> tuple[Any, Any]:
    mean = np.mean(x, axis=axis, keepdims=True)
    spread = np.sqrt(np.mean((x - mean) ** 2, axis=axis, keepdims=True) + 1e-5)
    return (x - mean) / spread, spread


def batch_norm(x: Any, gamma: Any, beta: Any) -> Any:
    return np.sum(_G * np.tanh(gamma * _normalised(x, 0)[0] + beta))


def batch_norm_gradient(x: Any, gamma: Any, beta: Any, moving: bool = True, over: Any = np.sum) -> Any:
    z, spread = _normalised(x, 0)
    dy = _G * (1 - np.tanh(gamma * z + beta) ** 2)
    dz = dy * gamma
    dx = dz - dz.mean(0) - z * (dz * z).mean(0) if moving else dz
    return dx / spread, over(dy * z, axis=0), over(dy, axis=0)


def layer_norm(x: Any, gamma: Any) -> Any:
    return np.sum(_G * (gamma * _normalised(x, 1)[0]) ** 2)


def layer_norm_gradient(x: Any, gamma: Any, centred: bool = True) -> Any:
    z, spread = _normalised(x, 1)
    dy = 2 * _G * gamma * z
    dz = dy * gamma
    dx = dz - z * (dz * z).mean(1, keepdims=True)
    if centred:
        dx = dx - dz.mean(1, keepdims=True)
    return dx / spread, (dy * z).sum(0)


# Softmax and cross-entropy, the mean over the batch.
def _probabilities(logits: Any) -> Any:
    e = np.exp(logits - logits.real.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(logits: Any) -> Any:
    return -np.mean(np.log(_probabilities(logits)[_ROWS, _LABELS]))


def cross_entropy_gradient(logits: Any, mean: bool = True) -> Any:
    g = _probabilities(logits)
    g[_ROWS, _LABELS] -= 1
    return g / _N if mean else g


_KEPT = np.array([1.0, 1.0, 0.0, 1.0, 0.0, 1.0])  # two padded tokens


def padded_entropy(logits: Any) -> Any:
    return -np.sum(_KEPT * np.log(_probabilities(logits)[_ROWS, _LABELS])) / _KEPT.sum()


def padded_entropy_gradient(logits: Any, masked: bool = True) -> Any:
    g = _probabilities(logits)
    g[_ROWS, _LABELS] -= 1
    return g * (_KEPT[:, None] if masked else 1.0) / _KEPT.sum()


def softmax_layer(logits: Any) -> Any:
    return np.sum(_G[:, :_K] * _probabilities(logits))


def softmax_layer_gradient(logits: Any, whole: bool = True) -> Any:
    p, g = _probabilities(logits), _G[:, :_K]
    return p * (g - (p * g).sum(-1, keepdims=True)) if whole else p * g


# Convolution along one axis, "same" padding.
_SIGNAL = _random.normal(size=20)
_PULL = _random.normal(size=20)


def convolution(kernel: Any, signal: Any) -> Any:
    padded = np.concatenate([np.zeros(2), signal, np.zeros(2)])
    out = sum(kernel[j] * padded[j : j + 20] for j in range(5))
    return np.sum(_PULL * np.sin(out))


def convolution_gradient(kernel: Any, signal: Any, late: int = 0, flipped: bool = False) -> Any:
    padded = np.concatenate([np.zeros(2), signal, np.zeros(2)])
    dy = _PULL * np.cos(sum(kernel[j] * padded[j : j + 20] for j in range(5)))
    dk = np.array([dy @ padded[j : j + 20] for j in range(5)])
    dpadded = np.zeros(24)
    for j in range(5):
        dpadded[j : j + 20] += kernel[4 - j if flipped else j] * dy
    dsignal = np.concatenate([dpadded, np.zeros(late)])[2 + late : 22 + late]
    return dk, dsignal


def convolution_2d(kernel: Any, bias: Any) -> Any:
    return np.sum(np.tanh(_windows(kernel) + bias[:, None, None]))


_IMAGE = _random.normal(size=(7, 7))
_PATCHES = np.lib.stride_tricks.sliding_window_view(_IMAGE, (3, 3))


def _windows(kernel: Any) -> Any:
    return np.einsum("ijab,cab->cij", _PATCHES, kernel)


def convolution_2d_gradient(kernel: Any, bias: Any, summed: bool = True, crossed: bool = False) -> Any:
    dy = 1 - np.tanh(_windows(kernel) + bias[:, None, None]) ** 2
    dk = np.einsum("ijab,cij->cba" if crossed else "ijab,cij->cab", _PATCHES, dy)
    return dk, dy.sum((1, 2)) if summed else dy[:, 0, 0].copy()


# An embedding whose tokens repeat: the rows' gradients add up.
_TOKENS = np.array([1, 4, 1, 0, 4, 1])


def embedding(table: Any) -> Any:
    return np.sum(_G * np.tanh(table[_TOKENS]))


def embedding_gradient(table: Any, adding: bool = True) -> Any:
    dy = _G * (1 - np.tanh(table[_TOKENS]) ** 2)
    g = np.zeros_like(table)
    if adding:
        np.add.at(g, _TOKENS, dy)
    else:
        g[_TOKENS] = dy
    return g


_DROPPED = (_random.random((_N, _D)) > 0.4) / 0.6


def dropout(x: Any) -> Any:
    return np.sum(np.exp(0.3 * x * _DROPPED))


def dropout_gradient(x: Any, masked: bool = True) -> Any:
    dy = 0.3 * np.exp(0.3 * x * _DROPPED)
    return dy * _DROPPED if masked else dy


# A dense network with one hidden layer.
_TARGET = _random.normal(size=(_N, 5))


def dense(w1: Any, b1: Any, w2: Any) -> Any:
    return 0.5 * np.sum((np.tanh(_X @ w1 + b1) @ w2 - _TARGET) ** 2)


def dense_gradient(
    w1: Any, b1: Any, w2: Any, active: bool = True, crossed: bool = False, first: bool = False
) -> Any:
    hidden = np.tanh(_X @ w1 + b1)
    error = hidden @ w2 - _TARGET
    dw2 = hidden.T @ error
    back = error @ w2.T * (1 - hidden**2 if active else 1)
    return _X.T @ back, back[0] if first else back.sum(0), dw2.T.copy() if crossed else dw2


def sigmoid_layer(w: Any) -> Any:
    return np.sum(_TARGET[:, :3] / (1 + np.exp(-(_X @ w))))


def sigmoid_layer_gradient(w: Any, active: bool = True) -> Any:
    a = 1 / (1 + np.exp(-(_X @ w)))
    return _X.T @ (_TARGET[:, :3] * a * (1 - a if active else 1))


def _point(**shapes: Any) -> dict[str, Any]:
    return {name: _random.normal(size=shape) * 0.7 for name, shape in shapes.items()}


_NORM = {"x": _X, "gamma": 1 + 0.3 * _random.normal(size=_D), "beta": 0.2 * _random.normal(size=_D)}
_LOGITS = _point(logits=(_N, _K))
_CONV = _point(kernel=5) | {"signal": _SIGNAL}
_CONV2 = _point(kernel=(2, 3, 3), bias=2)
_DENSE = _point(w1=(_D, 5), b1=5, w2=(5, 5))
_SEEN = _DROPPED.copy()

CASES = (
    Planted(
        "batch norm: constant statistics", batch_norm, batch_norm_gradient, _NORM,
        Bug(partial(batch_norm_gradient, moving=False), {"x": ALL}, ("stopped-path", "missing-term"),
            "the mean and the variance of the batch are taken for constants"),
    ),
    Planted(
        "batch norm: mean for sum", batch_norm, batch_norm_gradient, _NORM,
        Bug(partial(batch_norm_gradient, over=np.mean), {"gamma": ALL, "beta": ALL}, ("reduction", "factor"),
            "the parameters' gradients are averaged over the batch where they are summed"),
    ),
    Planted(
        "layer norm: not centred", layer_norm, layer_norm_gradient,
        {"x": _X, "gamma": 1 + 0.3 * _random.normal(size=_D)},
        Bug(partial(layer_norm_gradient, centred=False), {"x": ALL}, ("missing-term", "stopped-path"),
            "the path through the mean is forgotten"),
    ),
    Planted(
        "cross-entropy: sum for mean", cross_entropy, cross_entropy_gradient, _LOGITS,
        Bug(partial(cross_entropy_gradient, mean=False), {"logits": ALL}, ("reduction", "factor"),
            "the loss is a mean over the batch, the gradient that of the sum"),
    ),
    Planted(
        "cross-entropy: padding counted", padded_entropy, padded_entropy_gradient, _LOGITS,
        Bug(partial(padded_entropy_gradient, masked=False), {"logits": [2, 4]}, ("missing-mask", "row"),
            "padded tokens have a gradient"),
    ),
    Planted(
        "softmax: its own derivative only", softmax_layer, softmax_layer_gradient, _LOGITS,
        Bug(partial(softmax_layer_gradient, whole=False), {"logits": ALL}, ("missing-term", "stopped-path"),
            "the normalising sum is taken for a constant"),
    ),
    Planted(
        "convolution: late by one", convolution, convolution_gradient, _CONV,
        Bug(partial(convolution_gradient, late=1), {"signal": ALL}, ("shifted",),
            "the padding is cut off one place too late"),
    ),
    Planted(
        "convolution: kernel flipped", convolution, convolution_gradient, _CONV,
        Bug(partial(convolution_gradient, flipped=True), {"signal": ALL}, (),
            "the kernel is flipped where the forward pass does not flip it"),
    ),
    Planted(
        "convolution 2d: kernel transposed", convolution_2d, convolution_2d_gradient, _CONV2,
        Bug(partial(convolution_2d_gradient, crossed=True),
            {"kernel": (slice(None), *np.nonzero(~np.eye(3, dtype=bool)))}, ("transposed",),
            "rows and columns of the kernel change places"),
    ),
    Planted(
        "convolution 2d: bias not summed", convolution_2d, convolution_2d_gradient, _CONV2,
        Bug(partial(convolution_2d_gradient, summed=False), {"bias": ALL}, ("broadcast", "reduction"),
            "the bias takes the gradient of one place instead of the sum over all"),
    ),
    Planted(
        "embedding: the last token wins", embedding, embedding_gradient, _point(table=(5, _D)),
        Bug(partial(embedding_gradient, adding=False), {"table": [1, 4]}, ("row", "accumulated", "missing-term"),
            "rows used several times get their last gradient, not the sum"),
    ),
    Planted(
        "dropout: not masked", dropout, dropout_gradient, {"x": _X},
        Bug(partial(dropout_gradient, masked=False), {"x": ALL}, ("missing-mask",),
            "the mask and its scale are left out"),
    ),
    Planted(
        "dense: activation forgotten", dense, dense_gradient, _DENSE,
        Bug(partial(dense_gradient, active=False), {"w1": ALL, "b1": ALL}, ("missing-activation",),
            "the derivative of tanh is left out"),
    ),
    Planted(
        "dense: weight transposed", dense, dense_gradient, _DENSE,
        Bug(partial(dense_gradient, crossed=True), {"w2": np.nonzero(~np.eye(5, dtype=bool))}, ("transposed",),
            "error.T @ hidden for hidden.T @ error"),
    ),
    Planted(
        "dense: bias of the first sample", dense, dense_gradient, _DENSE,
        Bug(partial(dense_gradient, first=True), {"b1": ALL}, ("broadcast", "reduction"),
            "the bias was broadcast over the batch, its gradient is not summed"),
    ),
    Planted(
        "sigmoid: half its derivative", sigmoid_layer, sigmoid_layer_gradient, _point(w=(_D, 3)),
        Bug(partial(sigmoid_layer_gradient, active=False), {"w": ALL}, ("missing-activation", "missing-term"),
            "a in place of a (1 - a)"),
    ),
)  # fmt: skip
