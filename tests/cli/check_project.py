"""A small project with right and wrong gradients, for the tests of ``calcgrad check``."""

from __future__ import annotations

from pathlib import Path

MODEL = """import sys

import numpy as np

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(40, 6)), rng.normal(size=40)


def ridge(w):
    return np.sum((X @ w - Y) ** 2) + 0.5 * np.sum(w**2)


def ridge_grad(w):
    return 2 * X.T @ (X @ w - Y) + w


def ridge_bad(w):
    return 2 * X.T @ (X @ w - Y)


def ridge_both(w):
    return ridge(w), ridge_grad(w)


def ridge_hvp(w, v):
    return 2 * X.T @ (X @ v) + v


def residual(w):
    return np.tanh(X[:3] @ w)


def residual_jacobian(w):
    return (1 - residual(w) ** 2)[:, None] * X[:3]


def residual_jvp(w, v):
    return residual_jacobian(w) @ v


def residual_vjp(w, u):
    return residual_jacobian(w).T @ u


def residual_vjp_bad(w, u):
    return residual_jacobian(w).T @ u[::-1]


def net(params):
    return np.sum(np.tanh(params["W"] @ params["b"]) ** 2)


def net_grad(params):
    a = np.tanh(params["W"] @ params["b"])
    da = 2 * a * (1 - a**2)
    return {"W": np.outer(da, params["b"]), "b": params["W"].T @ da}


def net_bad(params):
    g = net_grad(params)
    g["W"][3, 1] *= 2
    return g


def chatty(w):
    print("computing")
    return ridge(w)


def broken(w):
    return w["no such key"]


def vector(w):
    return w


def undefined(w):
    return float("nan") * np.sum(w)


def interrupted(w):
    raise KeyboardInterrupt


def grid(w):
    return np.sum(np.sin(w))


def grid_bad(w):
    g = np.cos(w)
    g[5] = 0
    return g
"""


def write(folder: Path) -> None:
    """Write the project's files."""
    import numpy as np

    (folder / "model.py").write_text(MODEL, encoding="utf-8")
    random = np.random.default_rng(3)
    np.save(folder / "w.npy", random.normal(size=6))
    np.savez(folder / "params.npz", W=random.normal(size=(5, 4)), b=random.normal(size=4))
    np.save(folder / "grid.npy", random.normal(size=(30, 50)))
    (folder / "answers.txt").write_text(SHEET, encoding="utf-8")


SHEET = """# week 3: the product rule
x^2*sin(x)  ; 2*x*sin(x) + x^2*cos(x)
x*y         ; y ; x                      # one claim for each variable
exp(x)/x    ; exp(x)/x^2
x^3         ; 3*x^
x*y         ; y
x^2
"""
