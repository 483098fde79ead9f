"""Zeros by structure within a traced value: a mask and the values under it go the same way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calcgrad.systems.values.masked import Masked
from calcgrad.tracing.levels import levels
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced

SUPPORT = np.array([[True, False, True], [False, False, True]])


@pytest.mark.parametrize(
    ("op", "params"),
    [
        ("getitem", (0,)),
        ("getitem", (slice(None), slice(1, 3))),
        ("reshape", ((3, 2),)),
        ("transpose", ()),
        ("broadcast_to", ((4, 2, 3),)),
    ],
)
def test_moves(op: str, params: tuple[Any, ...]) -> None:
    values = np.arange(6.0).reshape(2, 3)
    found = levels(masked=True).function(op)(Masked(Trace().input(values), SUPPORT), *params)
    plain = levels().function(op)
    assert type(found) is Masked
    assert type(found.values) is Traced
    assert np.array_equal(found.values.primal, plain(values, *params))
    assert np.array_equal(found.support, plain(SUPPORT, *params))


def test_what_is_moved_out_of_the_mask_is_nothing_and_other_operations_see_numbers() -> None:
    value = Masked(Trace().input(np.ones((2, 3))), SUPPORT)
    assert levels(masked=True).function("getitem")(value, slice(None), 1) is None
    assert levels(masked=True).function("exp")(value).primal.tolist() == np.exp(np.ones((2, 3))).tolist()
