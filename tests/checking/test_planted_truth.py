"""The planted gradients themselves: the right ones against an outside truth, the wrong ones wrong just where they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.checking.planted import CASES, Planted, parts

#: Central differences of order 8: the weights of the offsets 1 to 4.
WEIGHTS = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
EXTENDED = np.finfo(np.longdouble).eps < 1e-18


def true_gradient(case: Planted) -> list[Any]:
    """The derivative in every entry, by calls of the loss alone."""
    found = [np.zeros(np.shape(a)) for a in case.arguments]
    for k, part in enumerate(found):
        for index in np.ndindex(part.shape):
            part[index] = (
                _complex_step(case, k, index) if case.truth == "complex" else _extended(case, k, index)
            )
    return found


def _complex_step(case: Planted, k: int, index: tuple[int, ...]) -> float:
    arguments = [a.astype(complex) for a in case.arguments]
    step = 1e-30 * max(abs(arguments[k][index]), 1e-12)
    arguments[k][index] += 1j * step
    return float(case.loss(*arguments).imag / step)


def _extended(case: Planted, k: int, index: tuple[int, ...]) -> float:
    """In 80-bit floats where the machine has them."""

    def at(offset: float) -> Any:
        arguments = [a.astype(np.longdouble) for a in case.arguments]
        arguments[k][index] += offset
        return case.loss(*arguments)

    h = np.longdouble(2.0**-8)
    return float(sum(w * (at(j * h) - at(-j * h)) for j, w in enumerate(WEIGHTS, 1)) / h)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_right_gradient_is_right_and_the_wrong_one_wrong_where_it_says(case: Planted) -> None:
    true = true_gradient(case)
    right = parts(case.gradient(*case.arguments))
    wrong = parts(case.bug.gradient(*case.arguments))
    tolerance = case.tolerance if EXTENDED or case.truth == "complex" else max(case.tolerance, 1e-6)
    for name, mask, t, r, w in zip(
        case.point, case.wrong_entries().values(), true, right, wrong, strict=True
    ):
        assert np.shape(r) == np.shape(w) == np.shape(t), name
        np.testing.assert_allclose(
            r, t, rtol=tolerance, atol=tolerance * np.max(np.abs(t), initial=0.0) * 1e-2
        )
        slips = np.abs(np.asarray(w, dtype=float) - r) > 1e-9 * np.abs(r)
        np.testing.assert_array_equal(slips, mask, err_msg=name)


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
