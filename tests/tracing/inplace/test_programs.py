"""In-place programs, byte for byte as they are: values, gradients by both modes, second order, compiled."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import calcgrad
from tests.tracing.inplace import programs_numpy, programs_polynomials, programs_python, programs_science
from tests.tracing.inplace.differences import along, gradient
from tests.tracing.inplace.random_programs import Writer

X = np.array([0.7, 1.3, -0.4, 0.9, 0.21, 1.1])
PROGRAMS = [
    f
    for module in (programs_science, programs_numpy, programs_python, programs_polynomials)
    for name, f in vars(module).items()
    if type(f) is FunctionType and f.__module__ == module.__name__ and name[0] != "_"
]


def test_there_are_many() -> None:
    assert len(PROGRAMS) >= 60


@pytest.mark.slow
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_a_program(f: Callable[..., Any]) -> None:
    x, v = X.copy(), np.array([0.3, -0.8, 0.5, 0.2, 0.9, -0.4])
    value, slope = calcgrad.value_and_grad(f)(x)
    assert value == pytest.approx(f(X.copy()), rel=1e-13)
    expected = gradient(f, X)
    close = {"rtol": 1e-8, "atol": 1e-9}
    np.testing.assert_allclose(slope, expected, **close)
    np.testing.assert_allclose(calcgrad.jacfwd(f)(x), expected, **close)
    np.testing.assert_allclose(calcgrad.jvp(f, (x,), (v,))[1], expected @ v, **close)
    twice = along(f, X, v)[1]
    assert calcgrad.hvp(f, (x,), (v,)) @ v == pytest.approx(twice, rel=1e-6, abs=1e-6)
    assert v @ calcgrad.jacrev(calcgrad.grad(f))(x) @ v == pytest.approx(twice, rel=1e-6, abs=1e-6)
    compiled = calcgrad.compile(calcgrad.grad(f))
    for at in (x, x):
        np.testing.assert_allclose(compiled(at), expected, **close)
    assert calcgrad.compile(f)(x) == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(calcgrad.grad(calcgrad.checkpoint(f))(x), expected, **close)
    assert np.array_equal(x, X)


def _made(seed: int) -> Callable[..., Any]:
    text = Writer(seed).program()
    name = f"<random program {seed}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    names: dict[str, Any] = {"np": np}
    exec(compile(text, name, "exec"), names)
    made: Callable[..., Any] = names["f"]
    return made


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::calcgrad.errors.ArgumentWrittenWarning")
@pytest.mark.parametrize("part", range(8))
def test_random_programs(part: int) -> None:
    for seed in range(10 * part, 10 * part + 10):
        f = _made(seed)
        step = 1e-30
        expected = np.array([np.imag(f(X + 1j * step * e)) / step for e in np.eye(6)])
        value, slope = calcgrad.value_and_grad(f)(X)
        assert value == pytest.approx(f(X.copy()), rel=1e-12), seed
        for found in (slope, calcgrad.jacfwd(f)(X), calcgrad.compile(calcgrad.grad(f))(X)):
            np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10, err_msg=str(seed))
