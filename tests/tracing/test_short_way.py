"""Functions of one argument have a short way through tracing: with it and without it, all is the same to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.numpy_names.registry import HANDLERS
from calcgrad.numpy_names.ufuncs import single_operation
from calcgrad.tracing import traced
from calcgrad.tracing.shorts import Short
from calcgrad.tracing.values import inert

SINGLE = sorted({f.__name__ for f in HANDLERS if isinstance(f, np.ufunc) and single_operation(f)})
#: One point within every domain, and one for arccosh and its kind.
VALUES = (0.625, 1.75)


@pytest.mark.parametrize("name", SINGLE)
def test_both_ways_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    f: Any = getattr(np, name, None)
    op = single_operation(f)
    if f is None or op is None or inert(op):
        pytest.skip("of another library, or without a derivative")

    def answers() -> list[Any]:
        found = []
        with np.errstate(all="ignore"):
            for v in VALUES:
                for x in (v, np.full(3, v), np.full((2, 2), v, np.float32)):
                    both = calcgrad.value_and_grad(lambda a: np.sum(f(a) * f(a)))(x)
                    found += [np.asarray(part).tobytes() for part in both]
        return found

    short = answers()
    monkeypatch.setattr(traced, "short_way", lambda ufunc: Short("", None, None, _none, _none))
    monkeypatch.setattr(traced, "SHORTS", {})
    assert answers() == short


def _none(x: Any) -> None:
    return None


def test_the_table_is_not_empty() -> None:
    assert {"sin", "exp", "log", "tanh", "sqrt", "square", "negative"} <= set(SINGLE)


def test_what_is_no_plain_call() -> None:
    x = np.array([0.5, 2.0])
    assert np.allclose(
        calcgrad.grad(lambda a: np.sum(np.sin(a, where=np.array([True, False]), out=a * 0.0)))(x),
        [np.cos(0.5), 0.0],
    )
    assert calcgrad.grad(lambda a: np.sum(np.floor(a) * a))(x).tolist() == [0.0, 2.0]
    assert calcgrad.grad(lambda a: np.sum(np.sin(a * 1j).imag))(x) == pytest.approx(np.cosh(x))
    assert calcgrad.grad(calcgrad.grad(np.sin))(0.5) == -np.sin(0.5)
