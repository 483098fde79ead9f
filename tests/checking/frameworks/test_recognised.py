"""Functions of torch and jax: their arrays in, their own gradient as a claim; what is said where they are not installed."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

import numpy as np
import pytest

from calcgrad import check_grad
from calcgrad.checking.frameworks import arrays_of, framework_of
from calcgrad.checking.project import CheckRequest
from calcgrad.checking.requests import carry_out
from calcgrad.errors import UsageError


def test_a_framework_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(UsageError, match=r"E504: torch is not installed: .*python -m pip install torch"):
        arrays_of("torch")


def test_nothing_is_imported_to_find_no_framework() -> None:
    before = set(sys.modules)
    assert framework_of([np.ones(2), {"w": [1.0]}, "relu"]) is None
    assert set(sys.modules) == before


@pytest.mark.parametrize(
    ("f", "g", "said"),
    [
        (lambda w: w, "torch", "'torch' is the gradient of no framework here"),
        (None, "autograd", "'autograd' is the gradient of no framework here"),
    ],
)
def test_a_word_for_a_gradient_needs_a_framework(f: Any, g: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_grad(f, g, np.ones(2))


has_torch = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
has_jax = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="jax is not installed")

TORCH = """import torch


def loss(params, x):
    return torch.sum(torch.tanh(x @ params["w"] + params["b"]) ** 2)


def grad(params, x):
    a = torch.tanh(x @ params["w"] + params["b"])
    d = 2 * a * (1 - a**2)
    return {"w": x.T @ d, "b": d.sum()}


def bad(params, x):
    g = grad(params, x)
    g["w"][1] *= 2
    return g


def broken(params, x):
    return torch.sum(torch.tanh(x @ params["w"].detach()) ** 2) + params["b"] ** 2
"""
ARGUMENTS = '{"params": {"w": [0.5, -1.0, 0.25], "b": 0.1}, "x": [[1.0, 2.0, 3.0], [0.5, -0.5, 1.5]]}'


def _verdicts(tmp_path: Any, framework: str, source: str, loss: str, claims: tuple[str, ...]) -> list[Any]:
    from calcgrad.inputs.arguments import Places

    name = f"planted_{framework}.py"
    (tmp_path / name).write_text(source, encoding="utf-8")
    request = CheckRequest(
        f"{name}:{loss}",
        tuple(("gradient", f"{name}:{claim}") for claim in claims),
        wrt=("params",),
        places=Places(args=(ARGUMENTS,)),
        framework=framework,
        folder=tmp_path,
    )
    return [
        (c.report.claim.rpartition(":")[2], c.report.verdict) if c.report else c.error
        for c in carry_out([request])
    ]


@has_torch
def test_functions_of_torch(tmp_path: Any) -> None:
    found = _verdicts(tmp_path, "torch", TORCH, "loss", ("grad", "bad"))
    assert found == [("grad", "right"), ("bad", "wrong"), ("torch's autograd", "right")]
    found = _verdicts(tmp_path, "torch", TORCH, "broken", ())
    assert found == [("torch's autograd", "wrong")]


@has_torch
def test_tensors_of_the_library() -> None:
    import torch

    w = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)
    assert check_grad(lambda w: torch.sum(w**3), "autograd", w).verdict == "right"
    assert check_grad(lambda w: torch.sum(w**3), lambda w: 3 * w**2, w).verdict == "right"
    assert check_grad(lambda w: torch.sum(w**3), lambda w: 2 * w**2, w).wrong_count == 3
    single = w.to(torch.float32)
    assert check_grad(lambda w: torch.sum(w**3), "autograd", single).verdict == "right"


JAX = """import jax.numpy as jnp


def loss(params, x):
    return jnp.sum(jnp.tanh(x @ params["w"] + params["b"]) ** 2)


def grad(params, x):
    a = jnp.tanh(x @ params["w"] + params["b"])
    d = 2 * a * (1 - a**2)
    return {"w": x.T @ d, "b": d.sum()}
"""


@has_jax
def test_functions_of_jax(tmp_path: Any) -> None:
    found = _verdicts(tmp_path, "jax", JAX, "loss", ("grad",))
    assert found == [("grad", "right"), ("jax's autograd", "right")]


@has_jax
def test_arrays_of_jax() -> None:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    w = jnp.array([0.5, -1.0, 2.0])
    assert check_grad(lambda w: jnp.sum(w**3), "autograd", w).verdict == "right"
    assert check_grad(lambda w: jnp.sum(w**3), lambda w: 2 * w**2, w).wrong_count == 3
