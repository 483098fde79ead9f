"""Every row of the array half of the table, through every sweep, against differences and against its own transpose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.jets import taylor
from calcgrad.autodiff.recorder import Recorder
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import Tape, run
from calcgrad.operations import arrays, borrowed, fourier, linear_algebra, moving
from calcgrad.operations.shape_rules import result_shape
from calcgrad.operations.shapes import shape_of
from calcgrad.systems.base import system
from tests.arrays.cases import ARRAYS, inner, one_step, random_array

SLICE = ("slice", 1, None, None)
BACK = ("slice", None, None, -2)

#: Operation, shapes of its arguments, parameters.
CASES: list[tuple[str, list[tuple[int, ...]], tuple[Any, ...]]] = [
    ("sum", [(4,)], ()),
    ("sum", [()], ()),
    ("sum", [(2, 3)], (1,)),
    ("sum", [(2, 3)], (0, True)),
    ("sum", [(2, 3, 2)], ((0, 2),)),
    ("sum", [(0,)], ()),
    ("transpose", [(2, 3)], ()),
    ("transpose", [(2, 3, 4)], ((1, 2, 0),)),
    ("vector", [(), ()], ()),
    ("vector", [(2,), (2,), (2,)], ()),
    ("getitem", [(4,)], (-1,)),
    ("getitem", [(4,)], (SLICE,)),
    ("getitem", [(5, 3)], (BACK, 1)),
    ("getitem", [(4,)], ((0, 2, 0, 0),)),
    ("getitem", [(3, 2)], ((0, 0), 1)),
    ("scatter", [(3,)], ((SLICE,), (4,))),
    ("scatter", [(3,)], (((0, 2, 0),), (4,))),
    ("scatter", [()], ((1, 1), (2, 2))),
    ("reshape", [(2, 3)], ((3, 2),)),
    ("reshape", [()], ((1, 1),)),
    ("broadcast_to", [(3, 1)], ((2, 3, 4),)),
    ("broadcast_to", [(3,)], ((3, 4), (3, 1))),
    ("broadcast_to", [()], ((3,),)),
    ("sum_to", [(2, 3, 4)], ((3, 1),)),
    ("sum_to", [(3, 4)], ((3,), (3, 1))),
    ("sum_to", [(3,)], ((),)),
    ("matmul", [(3,), (3,)], ()),
    ("matmul", [(2, 3), (3,)], ()),
    ("matmul", [(3,), (3, 2)], ()),
    ("matmul", [(2, 3), (3, 4)], ()),
    ("matmul", [(5, 2, 3), (3, 4)], ()),
    ("matmul", [(3,), (5, 3, 4)], ()),
    ("matmul", [(5, 1, 2, 3), (2, 3, 1)], ()),
    ("matmul", [(2, 0), (0,)], ()),
    ("size", [(2, 3)], ()),
    ("prod", [(1,)], ()),
    ("prod", [(7,)], ()),
    ("prod", [()], ()),
    ("prod", [(0,)], ()),
    ("prod", [(3, 4)], ()),
    ("prod", [(3, 5, 2)], (1,)),
    ("prod", [(3, 2)], ((0, 1), True)),
    ("amax", [(5,)], ()),
    ("amax", [(3, 4)], (0,)),
    ("amax", [()], ()),
    ("amin", [(5,)], ()),
    ("amin", [(3, 4)], (1, True)),
    ("norm", [(4,)], ()),
    ("norm", [()], ()),
    ("norm", [(3, 4)], (1,)),
    ("norm", [(3, 4)], (None, True)),
    ("logsumexp", [(4,)], ()),
    ("logsumexp", [(3, 4)], (0, True)),
    ("logsumexp", [(2, 3, 2)], ((0, 2),)),
    ("softmax", [(4,)], ()),
    ("softmax", [()], ()),
    ("softmax", [(3, 4)], (-1,)),
]


#: Places that an index reads, from the array that they index.
PLACES = np.array([2, 0, 2, 1])
LINES = np.array([[0, 1, 1], [1, 0, 1]])

_MATRICES = {row.name for row in linear_algebra.ROWS} - {
    "convolve",
    "einsum",
    "inverse_gaps",
    "inverse_values",
    "banded_solve",
}

#: Operations whose arguments or values are complex, or which read a factorisation: through NumPy's own names they are
#: tested in tests/numpy_names.
ELSEWHERE = {
    *(
        "as_complex",
        "fft",
        "ifft",
        "rfft",
        "irfft",
        "decided",
        "decided_by_two",
        "whole",
        "logabsdet",
        "det_phase",
        "cholesky",
    ),
    *("eigh", "eigenvalues", "eigenvectors", "svd", "singular_values", "singular_left", "singular_right"),
    *("qr", "qr_q", "qr_r", "eig", "any_eigenvalues", "any_eigenvectors", "sparse_product"),
    *("lu_lower", "lu_upper"),
} | {row.name for row in borrowed.ROWS}

#: The same for operations without a name in the language; an array among the shapes is a passive argument.
MORE: list[tuple[str, list[Any], tuple[Any, ...]]] = [
    ("concatenate", [(2,), (3,), (1,)], (0,)),
    ("concatenate", [(2, 3), (2, 1)], (1,)),
    ("cumsum", [(4,)], (0,)),
    ("cumsum", [(2, 3)], (1, True)),
    ("cumprod", [(1,)], (0,)),
    ("cumprod", [(7,)], (0,)),
    ("cumprod", [(2, 5)], (1,)),
    ("cumprod", [(4, 2)], (0,)),
    ("gather", [(4,), PLACES], (0,)),
    ("gather", [(3, 4, 2), PLACES], (1,)),
    ("gather", [(3, 2), LINES], (0,)),
    ("put", [(4,), PLACES], (0, 4)),
    ("put", [(2, 4, 3), PLACES], (1, 5)),
    ("put", [(2, 3, 2), LINES], (0, 2)),
    ("take_along", [(2, 3), LINES], (1,)),
    ("take_along", [(4, 3), LINES], (0,)),
    ("put_along", [(2, 3), LINES], (1, 3)),
    ("put_along", [(2, 3), LINES], (0, 4)),
    ("put_along", [(4,), np.array([2, 0, 3, 1])], (0, 4, True)),
    ("argsort", [(3, 4)], (1,)),
    ("astype", [(3,)], ("float64",)),
    ("stop_gradient", [np.ones(3)], ()),
    ("convolve", [(4,), (3,)], ()),
    ("convolve", [(2,), (5,)], ()),
    ("convolve", [(6,), (3,)], ("valid",)),
    ("convolve", [(3,), (3,)], ("valid",)),
    ("einsum", [(2, 3), (2, 3)], ("ab,ab->a",)),
    ("einsum", [(2, 3, 4), (2, 3)], ("abc,ab->ac",)),
    ("solve", [(3, 3), (3, 2)], ()),
    ("solve", [(2, 3, 3), (3, 1)], ()),
    ("solve", [(3, 3), (2, 3, 1)], ()),
    ("sylvester", [(3, 3), (2, 2), (3, 2)], ()),
    ("sylvester", [(2, 3, 3), (2, 2), (3, 2)], ()),
    ("square_root", [(3, 3)], ()),
    ("banded_solve", [(3, 5), (5, 2)], (1, 1)),
    ("banded_solve", [(4, 4), (4, 1)], (1, 2)),
    ("banded_solve", [(1, 3), (3, 2)], (0, 0)),
    ("lu", [np.eye(3)], ()),
    ("inv", [(3, 3)], ()),
    ("inv", [(2, 2, 2)], ()),
    ("pinv", [(4, 2)], ()),
    ("pinv", [(2, 3)], ()),
    ("pinv", [(2, 3, 3)], ()),
    ("det", [(1, 1)], ()),
    ("det", [(3, 3)], ()),
    ("det", [(2, 3, 3)], ()),
    ("cofactor", [(1, 1)], ()),
    ("cofactor", [(3, 3)], ()),
    ("cofactor_change", [(3, 3), (3, 3)], ()),
    ("cofactor_change", [(2, 2, 2), (2, 2, 2)], ()),
    ("slogdet", [np.eye(3)], ()),
    ("inverse_gaps", [(3,)], ()),
    ("inverse_gaps", [(2, 3)], ()),
    ("inverse_values", [(2, 3)], ()),
    ("conj", [(3,)], ()),
    ("real", [(3,)], ()),
]


def _point(
    case: tuple[str, list[Any], tuple[Any, ...]],
) -> tuple[Tape, list[Any], list[Any], Any]:
    """The tape of one operation, its inputs, their tangents (none for a passive one), and a cotangent."""
    op, shapes, params = case
    inputs = [random_array(i, s) if isinstance(s, tuple) else s for i, s in enumerate(shapes)]
    if op in _MATRICES:
        inputs[0] = inputs[0] + 3 * np.eye(*inputs[0].shape[-2:])
    directions = [random_array(10 + i, s) if isinstance(s, tuple) else None for i, s in enumerate(shapes)]
    weight = random_array(20, result_shape(op, [shape_of(a) for a in inputs], params))
    return one_step(op, len(shapes), params), inputs, directions, weight


def _value(tape: Tape, inputs: list[Any]) -> Any:
    return ARRAYS.filled(run(tape, inputs, ARRAYS)[tape.outputs[0]])


def _moved(inputs: list[Any], directions: list[Any], h: float) -> list[Any]:
    return [a if d is None else a + h * d for a, d in zip(inputs, directions, strict=True)]


def _difference(f: Any, inputs: list[Any], directions: list[Any], h: float = 1e-5) -> Any:
    return (f(_moved(inputs, directions, h)) - f(_moved(inputs, directions, -h))) / (2 * h)


def _zeros_if_none(tangent: Any, like: Any) -> Any:
    return np.zeros(shape_of(like)) if tangent is None else ARRAYS.filled(tangent)


def test_every_row_has_a_case() -> None:
    assert {op for op, _, _ in CASES} == {row.name for row in arrays.ROWS}
    rows = {row.name for module in (moving, linear_algebra, fourier, borrowed) for row in module.ROWS}
    assert {op for op, _, _ in MORE} == rows - ELSEWHERE


@pytest.mark.parametrize("case", [*CASES, *MORE], ids=str)
class TestRow:
    def test_value_has_the_shape_that_the_rule_says(self, case: Any) -> None:
        tape, inputs, _, weight = _point(case)
        found = _value(tape, inputs)
        assert shape_of(found) == shape_of(weight)
        assert shape_of(found) or type(found) is float

    def test_pushforward_is_the_difference_quotient(self, case: Any) -> None:
        tape, inputs, directions, _ = _point(case)
        tangent = pushforward(tape, run(tape, inputs, ARRAYS), directions, ARRAYS)[-1]
        expected = _difference(lambda x: _value(tape, x), inputs, directions)
        np.testing.assert_allclose(_zeros_if_none(tangent, expected), expected, rtol=1e-8, atol=1e-8)

    def test_pullback_is_the_transpose_of_the_pushforward(self, case: Any) -> None:
        tape, inputs, directions, weight = _point(case)
        values = run(tape, inputs, ARRAYS)
        there = inner(weight, pushforward(tape, values, directions, ARRAYS)[-1])
        adjoints = pullback(tape, values, {tape.outputs[0]: weight}, ARRAYS)
        for adjoint, primal in zip(adjoints, inputs, strict=False):
            assert adjoint is None or shape_of(adjoint) == shape_of(primal)
        back = sum(inner(a, d) for a, d in zip(adjoints, directions, strict=False))
        assert back == pytest.approx(there, rel=1e-13, abs=1e-13)

    def test_second_taylor_coefficient_is_the_change_of_the_first(self, case: Any) -> None:
        tape, inputs, directions, weight = _point(case)

        def slope(x: list[Any]) -> Any:
            tangent = pushforward(tape, run(tape, x, ARRAYS), directions, ARRAYS)[-1]
            return _zeros_if_none(tangent, weight)

        (coefficients,) = taylor(tape, inputs, dict(enumerate(directions)), 2, ARRAYS)
        expected = _difference(slope, inputs, directions)
        np.testing.assert_allclose(2 * np.asarray(coefficients[2]), expected, rtol=1e-7, atol=1e-7)

    def test_traced_pushforward_can_be_pulled_back(self, case: Any) -> None:
        """The gradient of ⟨v, J(x) u⟩ by reverse mode over the tape that forward mode wrote."""
        tape, inputs, directions, weight = _point(case)
        recorder = Recorder(ARRAYS, tape.inputs, inputs)
        tangent = pushforward(tape, run(tape, recorder.inputs, recorder), directions, recorder)[-1]

        def slope(x: list[Any]) -> float:
            return inner(weight, pushforward(tape, run(tape, x, ARRAYS), directions, ARRAYS)[-1])

        written, values = recorder.finish([tangent])
        again = run(written, inputs, ARRAYS)
        assert all(
            inner(a, 1.0) == pytest.approx(inner(b, 1.0), rel=1e-15)
            for a, b in zip(values, again, strict=True)
        )
        adjoints = pullback(written, values, {written.outputs[0]: weight}, ARRAYS)
        moved = [None if d is None else random_array(30 + i, shape_of(d)) for i, d in enumerate(directions)]
        found = sum(inner(a, d) for a, d in zip(adjoints[: len(inputs)], moved, strict=True))
        assert found == pytest.approx(_difference(slope, inputs, moved), rel=1e-7, abs=1e-7)


SIDES = st.lists(st.integers(1, 3), max_size=3).map(tuple)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SIDES, st.data())
def test_broadcasting_is_undone(shape: tuple[int, ...], data: st.DataObject) -> None:
    """Two factors, each of a shape that repeats to the common one: the adjoint has the factor's own shape."""
    shapes = []
    for _ in range(2):
        thin = tuple(1 if data.draw(st.booleans()) else n for n in shape)
        shapes.append(thin[data.draw(st.integers(0, len(shape))) :])
    tape = one_step("mul", 2, ())
    a, b, u, v = [random_array(i, s) for i, s in enumerate((*shapes, *shapes))]
    values = run(tape, [a, b], ARRAYS)
    weight = random_array(9, shape_of(values[2]))
    tangent = pushforward(tape, values, [u, v], ARRAYS)[-1]
    np.testing.assert_allclose(tangent, u * b + a * v, rtol=1e-15)
    adjoints = pullback(tape, values, {2: weight}, ARRAYS)
    assert [shape_of(x) for x in adjoints[:2]] == shapes
    assert inner(adjoints[0], u) + inner(adjoints[1], v) == pytest.approx(inner(weight, tangent), rel=1e-13)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_products_of_any_shapes(data: st.DataObject) -> None:
    m, n, p = (data.draw(st.integers(1, 3)) for _ in range(3))
    batch = data.draw(st.lists(st.integers(1, 3), max_size=2).map(tuple))
    left = (n,) if data.draw(st.booleans()) else (*batch[data.draw(st.integers(0, len(batch))) :], m, n)
    right = (n,) if data.draw(st.booleans()) else (*batch, n, p)
    tape = one_step("matmul", 2, ())
    a, b, u, v = [random_array(i, s) for i, s in enumerate((left, right, left, right))]
    values = run(tape, [a, b], ARRAYS)
    weight = random_array(9, shape_of(values[2]))
    tangent = pushforward(tape, values, [u, v], ARRAYS)[-1]
    np.testing.assert_allclose(tangent, np.matmul(u, b) + np.matmul(a, v), rtol=1e-14)
    adjoints = pullback(tape, values, {2: weight}, ARRAYS)
    assert [shape_of(x) for x in adjoints[:2]] == [left, right]
    assert inner(adjoints[0], u) + inner(adjoints[1], v) == pytest.approx(inner(weight, tangent), rel=1e-13)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 40), st.data())
def test_products_of_all_entries_with_zeros(n: int, data: st.DataObject) -> None:
    """Whole numbers, so that the products of all others (by NumPy) are exact."""
    a = np.array(data.draw(st.lists(st.sampled_from([0.0, 1.0, 2.0, -1.0]), min_size=n, max_size=n)))
    tape = one_step("prod", 1, ())
    adjoint = pullback(tape, run(tape, [a], ARRAYS), {1: 1.0}, ARRAYS)[0]
    np.testing.assert_array_equal(adjoint, [np.prod(np.delete(a, i)) for i in range(n)])


def test_arrays_in_single_precision_have_adjoints_in_single_precision() -> None:
    w, x = np.ones((2, 3), np.float32), np.arange(3, dtype=np.float32)
    tape = one_step("matmul", 2, ())
    adjoints = pullback(tape, run(tape, [w, x], ARRAYS), {2: np.ones(2)}, ARRAYS)
    assert [a.dtype for a in adjoints[:2]] == [np.float32, np.float32]
    mixed = one_step("mul", 2, ())
    adjoint = pullback(mixed, run(mixed, [x, np.ones(3)], ARRAYS), {2: np.ones(3)}, ARRAYS)
    assert [adjoint[0].dtype, adjoint[1].dtype] == [np.float32, np.float64]


def test_the_scalar_system_has_no_array_rules() -> None:
    floats = system("float64")
    assert floats.pull("mul", 0) is floats.push("mul", 0)
