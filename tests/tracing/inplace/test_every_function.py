"""Every covered function of NumPy's, where its result or its argument is written into afterwards: a view stays a view.

Truth is NumPy's own value, with the same writes: what shares memory there has to share it here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad
from tests.numpy_names import cases_linalg, cases_moving, cases_numbers, cases_sums
from tests.numpy_names.measuring import Case

CASES: list[Case] = [
    c
    for c in (*cases_moving.CASES, *cases_sums.CASES, *cases_linalg.CASES, *cases_numbers.CASES)
    if any(len(shape) for shape in c.shapes)
    and c.name != "numpy.broadcast_arrays"  # writing into it is deprecated
]


def _arrays(out: Any) -> list[Any]:
    parts = list(out) if isinstance(out, list | tuple) else [out]
    return [p for p in parts if getattr(p, "shape", ()) and p.dtype.kind == "f"]


def _sum(arrays: list[Any]) -> Any:
    return sum((np.sum(a * (k + 1.5)) for k, a in enumerate(arrays)), np.sum(np.zeros(1)))


def _program(call: Callable[..., Any], result_first: bool) -> Callable[..., Any]:
    """Write into the result and look at the arguments; or the other way."""

    def program(*arguments: Any) -> Any:
        own = [a * 1.0 for a in arguments]
        results = _arrays(call(*own))
        written = results if result_first else _arrays(own)
        for array in written:
            try:
                array[...] = array * 3.0 + 0.1
            except ValueError as error:
                if "read-only" not in str(error):
                    raise
        return _sum([*results, *_arrays(own)])

    return program


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:Numpy has detected:DeprecationWarning")
@pytest.mark.parametrize("result_first", [True, False])
def test_what_shares_memory(result_first: bool) -> None:
    wrong = []
    for case in CASES:
        x = case.arguments(7)
        program = _program(case.call, result_first)
        with np.errstate(all="ignore"):
            expected = program(*x)
        try:
            found = calcgrad.vjp(program, *x)[0]
        except calcgrad.CalcgradError as error:
            wrong.append((case.name, case.shapes, str(error)))
            continue
        if not np.allclose(found, expected, rtol=1e-11, equal_nan=True):
            wrong.append((case.name, case.shapes, found, expected))
    assert not wrong, wrong
