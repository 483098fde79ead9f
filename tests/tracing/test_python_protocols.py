"""What Python itself asks of a value: copies, pickles, attributes that may be missing, assignment to ``shape``."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad import CalcgradError, grad

X = np.array([1.0, 2.0, 3.0])


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_keeps_the_derivative(copied: Any) -> None:
    assert grad(lambda x: copied(x) ** 2)(3.0) == 6.0
    np.testing.assert_array_equal(grad(lambda x: np.sum(copied(x) ** 2))(X), 2 * X)
    tree = {"a": 3.0, "b": [X, 1.0]}
    found = grad(lambda p: copied(p)["a"] ** 2 + np.sum(copied(p)["b"][0] ** 2))(tree)
    assert found["a"] == 6.0
    np.testing.assert_array_equal(found["b"][0], 2 * X)
    assert grad(grad(lambda x: copied(x) ** 3))(2.0) == 12.0
    assert grad(lambda x: copied(x) ** 2, compile=True)(3.0) == 6.0


def test_a_pickle_is_refused_by_name() -> None:
    with pytest.raises(CalcgradError, match="pickled"):
        grad(lambda x: pickle.loads(pickle.dumps(x)))(3.0)


def test_a_missing_attribute_can_be_asked_for() -> None:
    def f(x: Any) -> Any:
        assert not hasattr(x, "device")
        assert not hasattr(x, "nothing")
        assert getattr(x, "flags", None) is None
        assert getattr(x, "strides", 7) == 7
        return np.sum(x)

    np.testing.assert_array_equal(grad(f)(X), np.ones(3))
    with pytest.raises(CalcgradError, match=r"E405.*ctypes"):
        grad(lambda x: x.ctypes.size * np.sum(x))(X)


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")  # since NumPy 2.5
def test_the_shape_can_be_assigned() -> None:
    def f(x: Any) -> Any:
        y = x * 2
        z = y
        y.shape = (3, 1)
        assert z.shape == (3, 1)
        return np.sum(z @ np.ones((1, 2)) * x[:2])

    true = np.full(3, 0.0)
    h = 1e-5
    for k in range(3):
        e = np.eye(3)[k] * h
        true[k] = (f(X + e) - f(X - e)) / (2 * h)
    for g in (grad(f), grad(f, compile=True), calcgrad.jacfwd(f)):
        np.testing.assert_allclose(g(X), true, rtol=1e-8)


@pytest.mark.parametrize(
    ("output", "word"),
    [
        (True, "bool"),
        (3, "int"),
        ("3", "str"),
        (np.int64(3), "int64"),
        (np.bool_(True), "bool"),
        (None, "nothing"),
    ],
)
def test_a_result_without_a_slope_is_refused(output: Any, word: str) -> None:
    with pytest.raises(CalcgradError, match=rf"E407.*{word}"):
        grad(lambda x: output)(2.0)
    with pytest.raises(CalcgradError, match="E407"):
        calcgrad.value_and_grad(lambda x: output)(X)


def test_what_is_decided_of_an_entry_is_numpys_own() -> None:
    kinds: list[type] = []

    def f(x: Any) -> Any:
        kinds.extend([type(x[0] > 1), type(np.floor(x[0])), type(np.isnan(x[0])), type(np.allclose(x, x))])
        return np.sum(x)

    with calcgrad.trusted():
        grad(f)(X)
    f(X)
    assert kinds[:4] == kinds[4:]
