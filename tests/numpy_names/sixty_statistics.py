"""Functions of statistics and machine learning, with gradients from textbooks, written by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special as sp
import scipy.stats as st

from calcgrad.special import log_softmax, logsumexp, multigammaln, softmax

rng = np.random.default_rng(7)
X = rng.normal(size=(6, 3))
Y = rng.normal(size=6)
LABELS = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
CLASSES = np.array([0, 2, 1, 1, 0, 2])
W = rng.normal(size=3)
P = np.array([0.2, 0.5, 0.3])
SPD = X.T @ X + np.eye(3)
SPD_INV = np.linalg.inv(SPD)
POS = rng.uniform(0.5, 2.0, 5)
G = rng.normal(size=(6, 3))
ONE_HOT = np.eye(3)[CLASSES]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def gaussian_nll(mu: Any, sigma: Any) -> Any:
    return np.sum(np.log(sigma) + 0.5 * ((Y - mu) / sigma) ** 2)


def gaussian_nll_grad(mu: Any, sigma: Any) -> Any:
    return np.sum(mu - Y) / sigma**2, np.sum(1 / sigma - (Y - mu) ** 2 / sigma**3)


def covariance_nll(mean: Any, cov: Any) -> Any:
    d = W - mean
    return 0.5 * (np.linalg.slogdet(cov)[1] + d @ np.linalg.solve(cov, d))


def covariance_nll_grad(mean: Any, cov: Any) -> Any:
    inverse = np.linalg.inv(cov)
    a = inverse @ (W - mean)
    return -a, 0.5 * (inverse - np.outer(a, a))


def student(x: Any) -> Any:
    return np.sum(2.5 * np.log1p(x**2 / 4.0))


def correlation(x: Any, y: Any) -> Any:
    return np.corrcoef(x, y)[0, 1]


def correlation_grad(x: Any, y: Any) -> Any:
    a, b = x - x.mean(), y - y.mean()
    na, nb = np.linalg.norm(a), np.linalg.norm(b)
    r = a @ b / na / nb
    return b / na / nb - r * a / na**2, a / na / nb - r * b / nb**2


def batch_norm(x: Any, axis: int = 0) -> Any:
    return np.sum(
        G * (x - x.mean(axis=axis, keepdims=True)) / np.sqrt(x.var(axis=axis, keepdims=True) + 1e-3)
    )


def batch_norm_grad(x: Any, axis: int = 0) -> Any:
    s = np.sqrt(x.var(axis=axis, keepdims=True) + 1e-3)
    h = (x - x.mean(axis=axis, keepdims=True)) / s
    return [(G - G.mean(axis=axis, keepdims=True) - h * (G * h).mean(axis=axis, keepdims=True)) / s]


def network(w1: Any, b1: Any, w2: Any) -> Any:
    hidden = np.maximum(X @ w1 + b1, 0)
    logits = hidden @ w2
    return -np.mean(log_softmax(logits, axis=1)[np.arange(6), CLASSES])


def network_grad(w1: Any, b1: Any, w2: Any) -> Any:
    hidden = np.maximum(X @ w1 + b1, 0)
    delta = (sp.softmax(hidden @ w2, axis=1) - ONE_HOT) / 6
    back = (delta @ w2.T) * (hidden > 0)
    return X.T @ back, back.sum(0), hidden.T @ delta


def recurrent(w: Any, u: Any) -> Any:
    h = np.zeros(3)
    for x in X:
        h = np.tanh(w @ h + u @ x)
    return np.sum(h**2)


def recurrent_grad(w: Any, u: Any) -> Any:
    states = [np.zeros(3)]
    for x in X:
        states.append(np.tanh(w @ states[-1] + u @ x))
    dw, du, dh = np.zeros((3, 3)), np.zeros((3, 3)), 2 * states[-1]
    for t in range(6, 0, -1):
        da = dh * (1 - states[t] ** 2)
        dw, du, dh = dw + np.outer(da, states[t - 1]), du + np.outer(da, X[t - 1]), w.T @ da
    return dw, du


def attention(q: Any, k: Any, v: Any) -> Any:
    return np.sum(G * (softmax(q @ k.T / np.sqrt(3.0), axis=-1) @ v))


def attention_grad(q: Any, k: Any, v: Any) -> Any:
    p = sp.softmax(q @ k.T / np.sqrt(3.0), axis=-1)
    dp = G @ v.T
    ds = p * (dp - np.sum(dp * p, axis=-1, keepdims=True)) / np.sqrt(3.0)
    return ds @ k, ds.T @ q, p.T @ G


def convolution(image: Any, kernel: Any) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.sum(np.einsum("ijkl,kl->ij", windows, kernel) ** 2)


def convolution_grad(image: Any, kernel: Any) -> Any:
    rows, columns = (a - b + 1 for a, b in zip(image.shape, kernel.shape, strict=True))
    out, di, dk = np.zeros((rows, columns)), np.zeros_like(image), np.zeros_like(kernel)
    for i in range(rows):
        for j in range(columns):
            patch = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            out[i, j] = np.sum(patch * kernel)
            dk += 2 * out[i, j] * patch
            di[i : i + kernel.shape[0], j : j + kernel.shape[1]] += 2 * out[i, j] * kernel
    return di, dk


def pooled(x: Any) -> Any:
    return np.sum(np.max(x.reshape(3, 2, 3), axis=1) * G[:3])


def pooled_grad(x: Any) -> Any:
    out = np.zeros_like(x)
    for i in range(3):
        for j in range(3):
            out[2 * i + np.argmax(x[2 * i : 2 * i + 2, j]), j] = G[i, j]
    return [out]


def embedded(table: Any) -> Any:
    return np.sum(table[CLASSES] * G)


def embedded_grad(table: Any) -> Any:
    out = np.zeros_like(table)
    np.add.at(out, CLASSES, G)
    return [out]


def lstm_cell(w: Any, x: Any) -> Any:
    """One cell with h = c = 0 before: h = σ(o) tanh(σ(i) tanh(g))."""
    i, g, o = np.split(w @ x, 3)
    return np.sum(sp.expit(o) * np.tanh(sp.expit(i) * np.tanh(g)))


def lstm_cell_grad(w: Any, x: Any) -> Any:
    i, g, o = np.split(w @ x, 3)
    si, so, tg = sigmoid(i), sigmoid(o), np.tanh(g)
    tc = np.tanh(si * tg)
    dc = so * (1 - tc**2)
    a = np.concatenate([dc * tg * si * (1 - si), dc * si * (1 - tg**2), tc * so * (1 - so)])
    return np.outer(a, x), w.T @ a


def kde(x: Any) -> Any:
    return logsumexp(-((x - Y) ** 2) / 0.5)


def kde_grad(x: Any) -> Any:
    w = np.exp(-((x - Y) ** 2) / 0.5)
    return [np.sum(w * -4 * (x - Y)) / np.sum(w)]


def gaussian_kl(m: Any, s: Any) -> Any:
    return np.sum(0.5 * (s**2 + m**2 - 1) - np.log(s))


def dirichlet(a: Any) -> Any:
    return sp.gammaln(np.sum(a)) - np.sum(sp.gammaln(a)) + np.sum((a - 1) * np.log(P))


def wishart(n: Any) -> Any:
    return multigammaln(n / 2, 3) + n * np.log(2.0)


def triplet(a: Any, p: Any, n: Any) -> Any:
    return np.maximum(np.sum((a - p) ** 2) - np.sum((a - n) ** 2) + 1.0, 0.0)


def entropy(z: Any) -> Any:
    return np.sum(sp.entr(softmax(z)))


def entropy_grad(z: Any) -> Any:
    p = sp.softmax(z)
    return [-p * (np.log(p) - np.sum(p * np.log(p)))]


CASES: list[tuple[Any, tuple[Any, ...], Any]] = [
    (gaussian_nll, (0.3, 1.2), gaussian_nll_grad),
    (covariance_nll, (np.zeros(3), SPD), covariance_nll_grad),
    (lambda b: np.sum(np.exp(X @ b) - LABELS * (X @ b)), (W,), lambda b: [X.T @ (np.exp(X @ b) - LABELS)]),
    (
        lambda w: np.mean(np.logaddexp(0.0, X @ w) - LABELS * (X @ w)),
        (W,),
        lambda w: [X.T @ (sigmoid(X @ w) - LABELS) / 6],
    ),
    (
        lambda w: np.sum((X @ w - Y) ** 2) + 0.1 * np.sum(w**2),
        (W,),
        lambda w: [2 * X.T @ (X @ w - Y) + 0.2 * w],
    ),
    (lambda r: np.sum(sp.huber(0.7, r)), (Y,), lambda r: [np.clip(r, -0.7, 0.7)]),
    (lambda q: np.sum(np.maximum(0.3 * (Y - q), -0.7 * (Y - q))), (0.1,), lambda q: [np.sum(np.where(q < Y, -0.3, 0.7))]),
    (
        lambda a, b: sp.betaln(a, b) - (a - 1) * np.log(0.3) - (b - 1) * np.log(0.7),
        (2.0, 3.5),
        lambda a, b: (sp.psi(a) - sp.psi(a + b) - np.log(0.3), sp.psi(b) - sp.psi(a + b) - np.log(0.7)),
    ),
    (
        lambda k: np.sum((k - 1) * np.log(POS) - POS - sp.gammaln(k)),
        (2.3,),
        lambda k: [np.sum(np.log(POS)) - 5 * sp.psi(k)],
    ),
    (dirichlet, (np.array([1.5, 2.0, 0.7]),), lambda a: [sp.psi(a.sum()) - sp.psi(a) + np.log(P)]),
    (wishart, (7.0,), lambda n: [0.5 * sum(sp.psi((n - j) / 2) for j in range(3)) + np.log(2.0)]),
    (student, (Y,), lambda x: [5 * x / (4 + x**2)]),
    (
        lambda x, y: x @ y / np.linalg.norm(x) / np.linalg.norm(y),
        (W, P),
        lambda x, y: [
            (b - a * (a @ b) / (a @ a)) / np.linalg.norm(a) / np.linalg.norm(b) for a, b in ((x, y), (y, x))
        ],
    ),
    (correlation, (Y, X[:, 0]), correlation_grad),
    (lambda x: np.var(x, ddof=1), (Y,), lambda x: [2 * (x - x.mean()) / 5]),
    (np.std, (Y,), lambda x: [(x - x.mean()) / 6 / x.std()]),
    (entropy, (W,), entropy_grad),
    (gaussian_kl, (W, P), lambda m, s: (m, s - 1 / s)),
    (lambda z: -log_softmax(z)[1], (W,), lambda z: [sp.softmax(z) - np.eye(3)[1]]),
    (lambda p: np.sum(sp.rel_entr(p, np.array([0.1, 0.1, 0.8]))), (P,), lambda p: [np.log(p / np.array([0.1, 0.1, 0.8])) + 1]),
    (lambda x: np.sqrt((x - P) @ SPD_INV @ (x - P)), (W,), lambda x: [SPD_INV @ (x - P) / np.sqrt((x - P) @ SPD_INV @ (x - P))]),
    (kde, (0.4,), kde_grad),
    (lambda x: np.exp(np.mean(np.log(x))), (POS,), lambda x: [st.gmean(x) / (5 * x)]),
    (lambda x: 1 / np.mean(1 / x), (POS,), lambda x: [st.hmean(x) ** 2 / (5 * x**2)]),
    (
        lambda w: np.average(POS, weights=w),
        (POS[::-1].copy(),),
        lambda w: [(POS - POS @ w / w.sum()) / w.sum()],
    ),
    (np.median, (Y,), lambda x: [np.where((np.argsort(np.argsort(x)) == 2) | (np.argsort(np.argsort(x)) == 3), 0.5, 0.0)]),
    (batch_norm, (X,), batch_norm_grad),
    (lambda x: batch_norm(x, 1), (X,), lambda x: batch_norm_grad(x, 1)),
    (network, (rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=(4, 3))), network_grad),
    (recurrent, (rng.normal(size=(3, 3)), rng.normal(size=(3, 3))), recurrent_grad),
    (attention, (X, rng.normal(size=(6, 3)), rng.normal(size=(6, 3))), attention_grad),
    (lambda w: np.sum(np.maximum(0.0, 1 - (2 * LABELS - 1) * (X @ w))), (W,),
     lambda w: [-X.T @ ((2 * LABELS - 1) * (1 - (2 * LABELS - 1) * (X @ w) > 0))]),
    (lambda x: np.sum(x * 0.5 * (1 + sp.erf(x / np.sqrt(2.0)))), (Y,), lambda x: [st.norm.cdf(x) + x * st.norm.pdf(x)]),
    (lambda x: np.sum(x * sp.expit(x)), (Y,), lambda x: [sigmoid(x) * (1 + x * (1 - sigmoid(x)))]),
    (pooled, (X,), pooled_grad),
    (convolution, (rng.normal(size=(4, 5)), rng.normal(size=(2, 3))), convolution_grad),
    (embedded, (rng.normal(size=(4, 3)),), embedded_grad),
    (lstm_cell, (rng.normal(size=(6, 3)), W), lstm_cell_grad),
    (
        lambda u, v: np.sum((u @ v.T - G) ** 2),
        (rng.normal(size=(6, 2)), rng.normal(size=(3, 2))),
        lambda u, v: (2 * (u @ v.T - G) @ v, 2 * (u @ v.T - G).T @ u),
    ),
    (triplet, (W, P, np.zeros(3)), lambda a, p, n: (2 * (n - p), 2 * (p - a), 2 * (a - n))),
]  # fmt: skip
