"""Our own functions against mpmath, and every operation that is written in IR against NumPy's, also where numbers end."""

from __future__ import annotations

import itertools

import mpmath
import numpy as np
import pytest

from calcgrad.native.functions import FAR
from calcgrad.native.lowering import LOWERED, lowering
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.tracing.values import array_function
from tests.native.single import alone

COUNT = 256
RNG = np.random.default_rng(20)


def between(low: float, high: float) -> np.ndarray:
    return RNG.uniform(low, high, COUNT)


def sizes(low: float, high: float) -> np.ndarray:
    return 10.0 ** between(low, high)


MEASURED = {
    "exp": (1.0, [between(-745, 709.7), between(-1, 1), between(-745.1, -708), sizes(-300, 0)]),
    "expm1": (2.0, [between(-60, 50), between(-1, 1), sizes(-300, 0), -sizes(-20, 0), between(30, 709)]),
    "log": (1.0, [sizes(-307, 308), between(0.5, 1.5), 1 + sizes(-16, -1), 5e-324 * 2.0 ** between(0, 50)]),
    "log1p": (2.0, [sizes(-300, 300), -sizes(-20, -1e-9), between(-0.9, 1)]),
    "sin": (
        1.5,
        [between(-10, 10), between(-FAR, FAR), sizes(-300, 5), np.round(between(1, 6e8)) * (np.pi / 2)],
    ),
    "cos": (
        1.5,
        [between(-10, 10), between(-FAR, FAR), sizes(-300, 5), np.round(between(1, 6e8)) * (np.pi / 2)],
    ),
    "tanh": (1.5, [between(-22, 22), between(-1, 1), sizes(-300, 0)]),
}


@pytest.mark.parametrize("op", MEASURED)
def test_own_functions_are_right_to_their_ulps(op):
    bar, sets = MEASURED[op]
    native = alone(op, 1, COUNT)
    with mpmath.workprec(160):
        for xs in sets:
            ys, raised = native(xs)
            assert not raised
            for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
                true = getattr(mpmath, op)(mpmath.mpf(x))
                unit = max(np.spacing(abs(float(true))), 5e-324)
                assert abs(mpmath.mpf(y) - true) <= bar * unit, (x, y, mpmath.nstr(true, 20))


ODD = [
    0.0,
    -0.0,
    np.inf,
    -np.inf,
    np.nan,
    5e-324,
    -5e-324,
    2.2e-308,
    1e-310,
    1e308,
    -1e308,
    1e5,
    1e8,
    0.5,
    -0.5,
]
ODD += [
    1.0,
    -1.0,
    2.0,
    -2.0,
    3.0,
    709.78,
    710.0,
    -745.0,
    -746.0,
    1 + 2**-52,
    1 - 2**-53,
    -1 + 2**-53,
    1e16,
    np.pi,
    40.0,
]
ENTRYWISE = [
    op
    for op, row in OPERATIONS.items()
    if isinstance(row, Elementwise) and lowering(op) is not None and op != "where"
]


def _numpy(op, args):
    function = np.square if op == "square" else array_function(op)
    with np.errstate(all="ignore"):
        return np.asarray(function(*args)).astype(float)


@pytest.mark.parametrize("op", ENTRYWISE)
def test_every_row_at_odd_places(op):
    """nan where NumPy has nan, the same infinities and signs of zero; the rest within the row's ulps."""
    row, arity = lowering(op), OPERATIONS[op].arity
    points = ODD if arity == 1 else [p for p in ODD if abs(p) != 1e308 or arity == 2]
    combined = (
        list(itertools.product(points, repeat=arity))
        if arity < 3
        else list(zip(*[RNG.permutation(points * 20) for _ in range(3)], strict=True))
    )
    columns = [np.array(column) for column in zip(*combined, strict=True)]
    found, raised = alone(op, arity, len(combined))(*columns)
    assert raised == (row.turns and bool(found.size))  # 1e16 and inf are far out
    args = [c != 0 for c in columns] if row.truths else columns
    wanted = _numpy(op, args)
    for point, a, b in zip(combined, found.tolist(), wanted.tolist(), strict=True):
        if row.turns and any(abs(p) > FAR for p in point):
            continue
        if np.isnan(b):
            assert np.isnan(a), (point, a, b)
        elif row.ulps == 0 or np.isinf(b):
            assert a == b, (point, a, b)
        else:
            assert abs(a - b) <= (row.ulps + 1) * max(np.spacing(abs(b)), 5e-324), (point, a, b)
        if b == 0 and op in LOWERED and row.ulps == 0:
            assert np.signbit(a) == np.signbit(b), (point, a, b)


def test_the_table_names_operations_of_the_table():
    assert set(LOWERED) <= set(OPERATIONS)
