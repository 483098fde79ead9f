"""What may be differentiated by: arrays of other kinds give their own gradient, and what is none is refused in our words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.pytrees import flatten

WAYS: dict[str, Callable[..., Any]] = {
    "grad": calcgrad.grad,
    "compiled": lambda f: calcgrad.compile(calcgrad.grad(f), backend="numpy"),
    "native": lambda f: calcgrad.compile(calcgrad.grad(f), backend="native"),
    "jacrev": calcgrad.jacrev,
    "jacfwd": calcgrad.jacfwd,
    "vjp": lambda f: lambda v: calcgrad.vjp(f, v)[1](1.0)[0],
    "hvp": lambda f: lambda v: calcgrad.hvp(f, (v,), (v,)),
}


def loss(v: Any) -> Any:
    return np.sum(np.sin(v) * v)


def _own(tmp_path: Path) -> dict[str, Any]:
    class Own(np.ndarray):
        pass

    mapped = np.memmap(tmp_path / "a", float, "w+", shape=3)
    mapped[:] = [1.0, 2.0, 3.0]
    frozen = np.array([1.0, 2.0, 3.0])
    frozen.flags.writeable = False
    return {
        "memmap": mapped,
        "class of one's own": np.array([1.0, 2.0, 3.0]).view(Own),
        "read-only": frozen,
        "every second": np.array([1.0, 0.0, 2.0, 0.0, 3.0])[::2],
        "backwards": np.array([3.0, 2.0, 1.0])[::-1],
        "big-endian": np.array([1.0, 2.0, 3.0], ">f8"),
    }


@pytest.mark.parametrize("way", [way for way in WAYS if way != "hvp"])
@pytest.mark.parametrize(
    "kind", ["memmap", "class of one's own", "read-only", "every second", "backwards", "big-endian"]
)
def test_arrays_of_other_kinds_have_their_gradient(kind: str, way: str, tmp_path: Path) -> None:
    """The gradient by a memmap, and by any class of one's own, was the sum of its entries."""
    v = _own(tmp_path)[kind]
    plain = np.array([1.0, 2.0, 3.0])
    for _ in range(3):
        found = WAYS[way](loss)(v)
        assert np.shape(found) == (3,)
        np.testing.assert_allclose(found, np.cos(plain) * plain + np.sin(plain), rtol=1e-14)


@pytest.mark.parametrize("kind", ["memmap", "class of one's own"])
def test_what_broadcasting_repeated_is_summed_by_its_axes_alone(kind: str, tmp_path: Path) -> None:
    v = _own(tmp_path)[kind]
    np.testing.assert_array_equal(calcgrad.grad(lambda v: np.sum(v * np.ones((2, 3))))(v), [2.0, 2.0, 2.0])
    np.testing.assert_allclose(np.diag(calcgrad.hessian(lambda v: np.sum(v**3))(v)), [6.0, 12.0, 18.0])


NONE: dict[str, tuple[Any, str]] = {
    "whole numbers": (np.array([1, 2, 3]), "E400"),
    "bytes": (np.array([1, 2, 3], np.uint8), "E400"),
    "truth values": (np.array([True, False]), "E400"),
    "objects": (np.array([1.0, 2.0], object), "E406"),
    "days": (np.array(["2020-01-01"], "M8[D]"), "E406"),
    "texts": (np.array(["a", "b"]), "E406"),
    "records": (np.array([(1.0, 2)], [("a", float), ("b", int)]), "E406"),
    "masked": (np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]), "E406"),
    "matrix": (np.ones((2, 2)).view(np.matrix), "E406"),
    "a whole number of 400 digits": (10**400, "E400"),
    "a text": ("abc", "E406"),
    "a range": (range(3), "E406"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_array_of_floats_is_refused(kind: str, way: str) -> None:
    """Compiled gradients took whole numbers, and gave theirs in half precision for bytes."""
    value, code = NONE[kind]
    with pytest.raises(calcgrad.CalcgradError) as told:
        WAYS[way](loss)(value)
    assert told.value.diagnostic.code == code
    assert "v " in told.value.diagnostic.message
    assert len(str(told.value)) < 200


def test_compiled_functions_that_are_no_derivatives_take_whole_numbers() -> None:
    compiled = calcgrad.compile(lambda v: v * 2, backend="numpy")
    for _ in range(3):
        assert flatten(compiled(np.array([1, 2])))[0][0].tolist() == [2, 4]


@pytest.mark.parametrize(
    ("axes", "value", "says"),
    [
        (0, [1.0, 2.0], "a float has no axes"),
        (0, 1.5, "a float has no axes"),
        ("0", np.ones(2), "has no axis '0'"),
        (1.0, np.ones(2), "has no axis 1.0"),
        (5, np.ones(2), "has no axis 5"),
    ],
)
def test_axes_that_vmap_cannot_go_along_are_told(axes: Any, value: Any, says: str) -> None:
    with pytest.raises(calcgrad.CalcgradError, match=says) as told:
        calcgrad.vmap(lambda x: x * x, in_axes=axes)(value)
    assert told.value.diagnostic.code == "E462"


def test_results_of_different_forms_are_told() -> None:
    with pytest.raises(calcgrad.CalcgradError, match="different trees"):
        calcgrad.vmap(lambda x: (x,) if x > 1 else (x, x))(np.array([1.0, 2.0]))
