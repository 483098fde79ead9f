"""Compiled functions: the same numbers, traced again where anything differs, readable, and safe to keep."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.compiling.blocks import LONG
from calcgrad.errors import CalcgradError
from calcgrad.pytrees import flatten
from calcgrad.scipy.special import digamma

X = np.array([0.5, 1.5, 2.5])


def test_other_shapes_and_precisions_are_traced_again() -> None:
    f = calcgrad.grad(lambda x: np.sum(x * x), compile=True)
    for x in (np.ones(3), np.ones(4), np.ones((2, 2)), np.ones(3, np.float32)):
        assert np.array_equal(f(x), 2 * x)
        assert f(x).dtype == x.dtype
    assert f.traces == 4
    f(np.ones(4))
    assert f.traces == 4
    assert calcgrad.compile(lambda x: x * x)(np.float64(3.0)) == 9.0


def test_another_outcome_of_a_branch_is_traced_again() -> None:
    def f(x: Any) -> Any:
        return x * x if x > 1 else -x if x < 0 else x * 3.0

    g = calcgrad.grad(f, compile=True)
    assert [g(x) for x in (2.0, 0.5, -1.0, 3.0, 0.25, -5.0)] == [4.0, 3.0, -1.0, 6.0, 3.0, -1.0]
    assert g.traces == 3


def test_a_loop_that_stops_by_a_value() -> None:
    def root(a: Any) -> Any:
        x = a
        while abs(x * x - a) > 1e-14 * a:
            x = (x + a / x) / 2
        return x

    g = calcgrad.grad(root, compile=True)
    for a in (2.0, 3.0, 100.0, 2.0):
        assert g(a) == pytest.approx(0.5 / math.sqrt(a), rel=1e-6)
    assert g.traces >= 2


def test_a_mask_is_computed_anew() -> None:
    f = calcgrad.grad(lambda x: np.sum(np.where(x > 0, x * x, -x)), compile=True)
    assert f(np.array([1.0, -1.0])).tolist() == [2.0, -1.0]
    assert f(np.array([-1.0, 3.0])).tolist() == [-1.0, 6.0]
    assert f.traces == 1


@pytest.mark.parametrize(
    ("f", "traces"),
    [
        (lambda x: np.sum(np.sort(x) * np.arange(3.0)), 1),  # the order is found anew
        (lambda x: np.median(x) ** 2, 1),
        (lambda x: np.sum(np.maximum(x, 1.5)), 1),
        (lambda x: x[np.argmax(x)] ** 2, 2),  # another place is another program
        (lambda x: np.sum(x[x > 1.5] ** 2), 2),
    ],
)
def test_what_depends_on_the_order_of_values(f: Any, traces: int) -> None:
    quick = calcgrad.grad(f, compile=True)
    for x in (np.array([3.0, 1.0, 2.0]), np.array([1.0, 3.0, 2.5]), np.array([0.5, 4.0, 1.75])):
        assert quick(x).tolist() == calcgrad.grad(f)(x).tolist()
    assert quick.traces == traces


def test_single_entries_are_read_and_added_up() -> None:
    def f(x: Any) -> Any:
        p = 1.0
        for k in range(len(x)):
            p = p * x[k]
        return p + np.sum(x[2:] * x[:-2])

    x = np.linspace(0.5, 1.5, 9)
    quick = calcgrad.grad(f, compile=True)
    quick(x + 1)
    assert quick(x) == pytest.approx(calcgrad.grad(f)(x), rel=1e-14)
    assert "x.tolist()" in quick.source


def test_values_that_are_no_floats_are_part_of_the_program() -> None:
    f = calcgrad.compile(lambda x, n, name: x**n if name == "power" else n * x)
    assert [f(2.0, 3, "power"), f(2.0, 3, "product"), f(2.0, 4, "power")] == [8.0, 6.0, 16.0]
    assert f.traces == 3


def test_captured_numbers_and_arrays_that_change_are_noticed() -> None:
    scale, data = 2.0, np.array([1.0, 2.0])

    def f(x: Any) -> Any:
        return np.sum(x * (data * data)) * scale

    g = calcgrad.grad(f, compile=True)
    x = np.ones(2)
    assert g(x).tolist() == [2.0, 8.0]
    scale = 3.0
    assert g(x).tolist() == [3.0, 12.0]
    data[0] = 5.0
    assert g(x).tolist() == [75.0, 12.0]
    data = np.array([1.0, 1.0])
    assert g(x).tolist() == [3.0, 3.0]


def test_results_are_new_arrays() -> None:
    f = calcgrad.compile(lambda x: (x, x * 2.0, x[::-1], x * 2.0))
    x = np.array([1.0, 2.0])
    first = f(x)
    second = f(np.array([5.0, 6.0]))
    assert [a.tolist() for a in first] == [[1.0, 2.0], [2.0, 4.0], [2.0, 1.0], [2.0, 4.0]]
    assert [a.tolist() for a in second] == [[5.0, 6.0], [10.0, 12.0], [6.0, 5.0], [10.0, 12.0]]
    first[0][0] = 99.0
    first[1][0] = 98.0
    assert x[0] == 1.0
    assert first[3][0] == 2.0


def test_edges_follow_ieee() -> None:
    with np.errstate(all="ignore"):
        f = calcgrad.compile(lambda x: (1.0 / x, np.exp(1000.0 * x), np.log(x), np.sqrt(x)))
        f(1.0 / 1024)
        assert f(0.0) == (math.inf, 1.0, -math.inf, 0.0)
        value = f(-1.0)
        assert value[:2] == (-1.0, 0.0)
        assert math.isnan(value[2])
        assert math.isnan(value[3])
        assert f(10.0)[1] == math.inf
    assert f.traces == 1


@pytest.mark.parametrize("shape", [(LONG + 17,), (3, LONG), (LONG, 2)])
def test_long_arrays_run_in_blocks(shape: tuple[int, ...]) -> None:
    def f(x: Any, bias: Any) -> Any:
        return np.sum(np.exp(-x * x) * np.sin(x + bias) / (1.0 + x * x))

    rng = np.random.default_rng(7)
    x, bias = rng.normal(size=shape), rng.normal(size=shape[-1:])
    g = calcgrad.value_and_grad(f, (0, 1), compile=True)
    value, (dx, dbias) = g(x, bias)
    known, (kx, kbias) = calcgrad.value_and_grad(f, (0, 1))(x, bias)
    assert value == pytest.approx(known, rel=1e-12)
    assert np.allclose(dx, kx, rtol=1e-13, atol=1e-15)
    assert np.allclose(dbias, kbias, rtol=1e-10, atol=1e-12)
    assert "for start in range" in g.source


def test_the_text_of_a_program() -> None:
    def area(width: Any, height: Any) -> Any:
        return width * height

    f = calcgrad.grad(area, (0, 1), compile=True)
    assert f.source.startswith("# not called yet")
    f(2.0, 3.0)
    assert f.source == "def area(width, height):\n    return (height, width)\n"


def test_within_another_derivative_the_function_itself_runs() -> None:
    f = calcgrad.grad(lambda x: x**3, compile=True)
    assert calcgrad.grad(f)(2.0) == 12.0
    assert f.traces == 0


def test_names_that_python_or_numpy_has_are_safe() -> None:
    def f(sin: Any, v1: Any, lambda_: Any) -> Any:
        return np.sin(sin) * np.cos(v1) * lambda_

    g = calcgrad.compile(f)
    assert g(1.0, 2.0, 3.0) == pytest.approx(math.sin(1) * math.cos(2) * 3)


#: The words of programs over floats, over arrays, and around native functions.
_WORDS = (
    *(
        "make0",
        "minus_inf",
        "r",
        "t_float64",
        "f_sum",
        "u_digamma",
        "s_exp",
        "multiply",
        "native0",
        "ready0",
        "c0",
        "xw5_0",
    ),
    *(
        "g0",
        "v1",
        "w1_0",
        "e0",
        "l0",
        "b0",
        "_g0",
        "_called",
        "_absent",
        "MISS",
        "workspace",
        "numbers",
        "psi",
    ),
)


@pytest.mark.parametrize("backend", ["numpy", "native"])
@pytest.mark.parametrize("name", _WORDS)
def test_an_argument_may_have_a_name_that_programs_use(name: str, backend: str) -> None:
    names: dict[str, Any] = {"np": np, "digamma": digamma}
    body = f"np.sin({name}) * other, {{(1, 2): np.where(other > 0, -np.inf, {name} * other)}}, 3 * digamma({name})"
    exec(f"def f({name}, other):\n    return {body}", names)
    exec(
        f"def g({name}, other):\n    a = np.exp({name} @ other)\n"
        f"    return np.linalg.inv(a + 9 * np.eye(3)) @ {name} + np.linalg.norm(a) * {name}, a.sum() * {name}",
        names,
    )
    matrix = np.arange(9.0).reshape(3, 3) / 9.0
    cases: list[tuple[str, Any, Any]] = [("f", 1.5, -2.5), ("f", X + 1.0, X), ("g", matrix, matrix.T.copy())]
    for which, a, b in cases:
        f = names[which]
        for want, got in zip(
            flatten(f(a, b))[0], flatten(calcgrad.compile(f, backend=backend)(a, b))[0], strict=True
        ):
            np.testing.assert_allclose(got, want, rtol=1e-13)


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_the_truth_of_a_number_is_whether_it_is_zero(backend: str) -> None:
    def f(x: Any) -> Any:
        return 1 / x if x else x

    g = calcgrad.compile(f, backend=backend)
    for x in (1.5, math.nan, math.inf, 0.0, -0.0, -2.5, 5e-324, 7.0):
        with np.errstate(all="ignore"):
            want = f(np.float64(x))
        for made in (x, np.float64(x)):
            assert struct.pack("d", g(made)) == struct.pack("d", want) or (
                want != want and g(made) != g(made)
            )
    assert g.traces == 4  # two outcomes for floats, two for NumPy's doubles


def test_an_outcome_chooses_from_a_list() -> None:
    g = calcgrad.compile(lambda x: [x * 2.0, x * 3.0][x > 0])
    assert [g(x) for x in (1.0, -1.0, 2.0)] == [3.0, -2.0, 6.0]


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.longdouble])
def test_arrays_without_axes_keep_their_precision(kind: Any) -> None:
    def f(x: Any) -> Any:
        return np.sin(x) * x

    g, x = calcgrad.compile(f), np.array(1.5, kind)
    for _ in range(4):
        assert (g(x).dtype, g(x)) == (f(x).dtype, f(x))


def test_arrays_without_axes_that_are_results_are_new() -> None:
    for x in (1.5, X):
        f = calcgrad.compile(lambda x: (x * 2, np.zeros(())))
        for _ in range(3):
            found = f(x)[1]
            assert found == 0.0
            found[...] = 7.0


class _Box:
    """What calcgrad does not look into."""

    def __init__(self, value: Any) -> None:
        self.value = value


_KEPT = _Box(1.0)


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_objects_that_the_function_makes_are_made_at_each_call(backend: str) -> None:
    def f(x: Any) -> Any:
        entries = np.empty(1, object)
        entries[0] = [1]
        return x * 2.0, _Box(x * 3.0), {1.0}, bytearray(b"a"), entries, lambda y: x * y

    g = calcgrad.compile(f, backend=backend)
    for x in (1.5, 2.5, 3.5):
        double, box, numbers, letters, entries, times = g(x)
        assert (double, box.value, times(2.0)) == (2.0 * x, 3.0 * x, 2.0 * x)
        assert (numbers, letters, entries.tolist()) == ({1.0}, b"a", [[1]])
        numbers.add(2.0)
        letters.append(1)
        entries[0].append(2)


def test_objects_that_a_function_found_outside_are_given_as_they_are() -> None:
    g = calcgrad.compile(lambda x, own: (x * 2.0, _KEPT, own, _Box, np.sin, np.dtype(float), slice(2)))
    own = _Box(2.0)
    for _ in range(3):
        assert g(1.5, own) == (3.0, _KEPT, own, _Box, np.sin, np.dtype(float), slice(2))
    assert g.traces == 1


def test_results_that_are_constants() -> None:
    f = calcgrad.compile(lambda x: {"a": 1.0, "b": "text", "c": x + 0.5, "d": math.inf, "e": np.ones(2)})
    found = f(1.0)
    assert (found["a"], found["b"], found["c"], found["d"]) == (1.0, "text", 1.5, math.inf)
    found["e"][0] = 7.0
    assert f(1.0)["e"].tolist() == [1.0, 1.0]


def test_two_traces_of_different_numbers_of_programs_are_kept() -> None:
    f = calcgrad.compile(lambda x: x * int(calcgrad.stop_gradient(np.floor(x) * 0.0) == 0.0))
    assert f(2.5) == 2.5


def test_masks_are_joined_by_pythons_operators() -> None:
    known = np.array([True, True, True, False])

    def f(x: Any) -> Any:
        both, either, one = (x > 0) & (x < 1), (x < -1) | (x > 0.3), (x > 0) ^ (x > 2)
        return (
            np.sum(x[~(x > 0)] ** 2)
            + np.sum(np.where(known & both, x**3, 0.0))
            + np.sum(either * x + one * x.flat[1])
        )

    compiled, slope = calcgrad.compile(f), calcgrad.compile(calcgrad.grad(f))
    for x in (np.array([0.5, -1.5, 3.0, -0.2]), np.array([-0.5, 1.5, 0.25, 0.75])):
        plain = f(x)
        assert compiled(x) == plain
        differences = [(f(x + h) - f(x - h)) / 2e-6 for h in 1e-6 * np.eye(4)]
        assert np.allclose(slope(x), differences, rtol=1e-6)
    with pytest.raises(CalcgradError, match="bitwise_and"):
        calcgrad.grad(lambda x: np.sum(x & 1))(np.ones(3))


def test_truth_values_may_be_results():
    found = calcgrad.compile(lambda x: (x > 0, x * 2))(np.array([1.0, -1.0]))
    assert found[0].tolist() == [True, False]


def _greater_into(x):
    mask = np.zeros(x.shape, bool)
    np.greater(x, 0.5, out=mask)
    return mask


def _or_in_place(x):
    mask = np.full(x.shape, False)
    mask |= x > 0.5
    return mask


def _only_some(x):
    mask = np.full(x.shape, False)
    np.greater(x, 0.5, out=mask, where=~np.isnan(x))
    return mask


def _into_a_row(x):
    mask = np.zeros((2, *x.shape), bool)
    np.greater(x, 0.5, out=mask[1])
    return mask[1]


@pytest.mark.parametrize("mask", [_greater_into, _or_in_place, _only_some, _into_a_row])
@pytest.mark.parametrize("x", [[0.2, 0.7, 0.9], [0.9, 0.7, 0.2], [0.1, 0.2, 0.3]])
def test_a_mask_that_is_written_is_decided_again_at_each_call(mask, x):
    gradient = calcgrad.grad(lambda x: np.sum(np.where(mask(x), x * x, 0.0)), compile=True)
    for point in ([0.6, 0.1, 0.8], x, x):
        np.testing.assert_array_equal(gradient(np.array(point)), [2 * e if e > 0.5 else 0.0 for e in point])


def _chosen_masks(x: Any) -> Any:
    mask = np.where(np.sin(x) > 0, x > 1, x < -1)
    other = np.where(x > 0, mask, np.where(mask, x < -2, x > -0.5))
    return np.sum(np.where(mask, x * x, 2 * x)) + np.sum(np.where(other, np.exp(-x), 0.0))


@pytest.mark.parametrize("length", [7, 70_001])
def test_a_mask_that_is_chosen_by_a_mask(length: int) -> None:
    """The first mask is read no more after it: what is chosen may not be written over it before that."""
    x = np.linspace(-4.0, 4.0, length)
    assert calcgrad.compile(_chosen_masks)(x) == pytest.approx(_chosen_masks(x), rel=1e-12)
    gradient = calcgrad.grad(_chosen_masks)
    assert np.allclose(calcgrad.grad(_chosen_masks, compile=True)(x), gradient(x), rtol=1e-13, atol=0.0)
