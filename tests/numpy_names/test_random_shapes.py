"""Random shapes, axes and indices: what moves and adds entries is its own transpose, whatever the shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import calcgrad

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
FULL = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)
few = settings(max_examples=40, deadline=None, derandomize=True)


def entries(shape: tuple[int, ...], seed: int = 0) -> Any:
    return np.random.default_rng(seed).uniform(0.5, 2.0, shape)


def check_linear(f: Any, *x: Any) -> None:
    """Of a function that is linear in each argument: values, Jacobian times vector, and its transpose."""
    value, pull = calcgrad.vjp(f, *x)
    true = f(*x)
    np.testing.assert_allclose(value, true, rtol=1e-13)
    assert np.shape(value) == np.shape(true)
    u = [entries(np.shape(a), 5 + i) if np.ndim(a) else 0.5 + i for i, a in enumerate(x)]
    _, tangent = calcgrad.jvp(f, tuple(x), tuple(u))
    moved = sum(
        f(*[b if i == j else a for j, (a, b) in enumerate(zip(x, u, strict=True))]) for i in range(len(x))
    )
    np.testing.assert_allclose(tangent, moved, rtol=1e-12, atol=1e-12)
    v = entries(np.shape(true), 9) if np.ndim(true) else 0.7
    back = sum(np.sum(c * d) for c, d in zip(pull(v), u, strict=True))
    assert back == pytest.approx(np.sum(v * tangent), rel=1e-12, abs=1e-12)


@few
@given(SHAPES, st.data())
def test_sums_over_any_axes(shape: tuple[int, ...], data: st.DataObject) -> None:
    axes = (
        data.draw(st.none() | st.sets(st.integers(-len(shape), len(shape) - 1)).map(tuple)) if shape else None
    )
    if axes is not None and len({a % len(shape) for a in axes}) < len(axes):
        axes = None
    keepdims = data.draw(st.booleans())
    check_linear(lambda x: np.sum(x, axis=axes, keepdims=keepdims), entries(shape))


@few
@given(FULL, st.sampled_from(["prod", "max", "min", "std", "var", "mean", "ptp"]), st.data())
def test_reductions_against_differences(shape: tuple[int, ...], name: str, data: st.DataObject) -> None:
    axis = data.draw(st.none() | st.integers(-len(shape), len(shape) - 1))
    keepdims = data.draw(st.booleans())
    x = np.random.default_rng(1).permutation(np.linspace(0.5, 2.5, int(np.prod(shape)))).reshape(shape)
    u = entries(shape, 3)

    def f(a: Any) -> Any:
        return getattr(np, name)(a, axis=axis, keepdims=keepdims)

    value, tangent = calcgrad.jvp(f, (x,), (u,))
    np.testing.assert_allclose(value, f(x), rtol=1e-13, atol=1e-14)
    h = 1e-6
    if not (name == "std" and np.any(f(x) < 1e-3)):
        np.testing.assert_allclose(tangent, (f(x + h * u) - f(x - h * u)) / (2 * h), rtol=1e-6, atol=1e-7)
    v = entries(np.shape(value), 4)
    (back,) = calcgrad.vjp(f, x)[1](v if np.ndim(v) else float(v))
    assert np.sum(back * u) == pytest.approx(np.sum(v * tangent), rel=1e-11, abs=1e-12)


@few
@given(FULL, st.data())
def test_basic_indices(shape: tuple[int, ...], data: st.DataObject) -> None:
    index = data.draw(hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True))
    check_linear(lambda x: x[index], entries(shape))


@few
@given(FULL, st.data())
def test_indices_of_places(shape: tuple[int, ...], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(shape)))
    places = data.draw(
        hnp.integer_array_indices(shape[:size], result_shape=hnp.array_shapes(max_dims=2, max_side=4))
    )
    check_linear(lambda x: x[places], entries(shape))


@few
@given(FULL, st.data())
def test_masks(shape: tuple[int, ...], data: st.DataObject) -> None:
    mask = data.draw(hnp.arrays(bool, shape[: data.draw(st.integers(1, len(shape)))]))
    check_linear(lambda x: x[mask], entries(shape))


@few
@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3, min_side=0))
def test_products_of_shapes_that_fit(shapes: Any) -> None:
    first, second = shapes.input_shapes
    x, y = [entries(s, i) if s else 1.5 + i for i, s in enumerate((first, second))]
    check_linear(lambda a, b: a * b, x, y)


@few
@given(FULL, st.data())
def test_axes_in_any_order(shape: tuple[int, ...], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(shape))))
    by = data.draw(st.lists(st.integers(-5, 5), min_size=len(shape), max_size=len(shape)))
    check_linear(lambda x: np.roll(np.transpose(x, order), by, axis=tuple(range(len(by)))), entries(shape))


@few
@given(FULL, st.data())
def test_cuts_joined_again(shape: tuple[int, ...], data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    parts = data.draw(st.integers(1, 4))
    check_linear(lambda x: np.concatenate(np.array_split(x, parts, axis)[::-1], axis), entries(shape))
    widths = data.draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=len(shape), max_size=len(shape))
    )
    check_linear(lambda x: np.pad(x, widths), entries(shape))
    check_linear(lambda x: np.flip(np.cumsum(x, axis), axis), entries(shape))


@few
@given(st.data())
def test_einsum_of_any_pattern(data: st.DataObject) -> None:
    lengths = dict(zip("abcd", (2, 3, 1, 2), strict=True))
    count = data.draw(st.integers(1, 3))
    inputs = [data.draw(st.text("abcd", min_size=1, max_size=3)) for _ in range(count)]
    letters = sorted(set("".join(inputs)))
    result = "".join(data.draw(st.permutations(letters))[: data.draw(st.integers(0, len(letters)))])
    pattern = ",".join(inputs) + "->" + result
    operands = [entries(tuple(lengths[c] for c in axes), i) for i, axes in enumerate(inputs)]
    check_linear(lambda *a: np.einsum(pattern, *a), *operands)


@few
@given(st.integers(1, 6), st.integers(1, 6), st.sampled_from(["full", "same", "valid"]))
def test_convolutions(n: int, m: int, mode: Any) -> None:
    check_linear(lambda a, b: np.convolve(a, b, mode), entries((n,)), entries((m,), 1))
    check_linear(lambda a, b: np.correlate(a, b, mode), entries((n,)), entries((m,), 1))


@few
@given(FULL, st.data())
def test_fourier_transforms(shape: tuple[int, ...], data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    n = data.draw(st.none() | st.integers(1, 6))
    for op in ("fft", "ifft", "rfft"):
        transform = getattr(np.fft, op)
        check_linear(lambda x, f=transform: np.real(f(x, n, axis)) + np.imag(f(x, n, axis)), entries(shape))
    check_linear(lambda x: np.fft.irfft(x * (1 + 2j), n or 4, axis), entries(shape))
