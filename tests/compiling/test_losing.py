"""Compiled sweeps that lose numbers below or beyond the doubles give what is right all the same; truth is mpmath's."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.compiling import boxes, losing
from calcgrad.compiling.graph import build
from calcgrad.compiling.program import trace
from calcgrad.compiling.straight import straight
from calcgrad.pytrees import flatten
from calcgrad.tracing.scaling import flagged
from tests.tracing.test_scaling import CASES, TWICE, WAYS, _true

FAR = [name for name in CASES if name not in ("1e300/x", "1e200*(x/1e250)**3")]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_a_compiled_gradient_keeps_its_digits(name: str, way: str) -> None:
    f, x = CASES[name]
    compiled = calcgrad.compile(WAYS[way](lambda t: f(t, np)), backend="numpy")
    compiled(1.25)
    for _ in range(3):  # the thorough way, and the quick one
        assert float(compiled(x)) == pytest.approx(_true(name, 1), rel=1e-13)
    assert compiled.traces == 1


@pytest.mark.parametrize("way", TWICE)
@pytest.mark.parametrize("name", FAR)
def test_so_does_a_second_derivative(name: str, way: str) -> None:
    f, x = CASES[name]
    compiled = calcgrad.compile(TWICE[way](lambda t: f(t, np)), backend="numpy")
    assert [float(compiled(x)) for _ in range(3)] == pytest.approx([_true(name, 2)] * 3, rel=1e-12)


@pytest.mark.parametrize("way", [calcgrad.grad, calcgrad.value_and_grad, calcgrad.hessian, calcgrad.jacrev])
@pytest.mark.parametrize("name", CASES)
def test_so_it_is_over_arrays(name: str, way: Any) -> None:
    f, x = CASES[name]
    plain = way(lambda v: np.sum(f(v, np)))
    compiled = calcgrad.compile(plain, backend="numpy")
    at = np.array([x, 0.5 * x])
    compiled(np.array([1.25, 1.5]))
    for _ in range(3):
        for found, wanted in zip(flatten(compiled(at))[0], flatten(plain(at))[0], strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_a_number_of_an_array_is_seen_as_well() -> None:
    f, x = CASES["y**2/exp(y)"]
    plain = calcgrad.grad(lambda v: f(np.sum(v), np))  # NumPy forgets what Python's floats lost
    compiled = calcgrad.compile(plain, backend="numpy")
    at = np.array([x - 1.0, 1.0])
    assert compiled(at) == pytest.approx([_true("y**2/exp(y)", 1)] * 2, rel=1e-13)


def test_long_loops_are_watched() -> None:
    at = np.full(70_000, 400.0)
    compiled = calcgrad.compile(calcgrad.grad(lambda v: np.sum(v**2 / np.exp(v))), backend="numpy")
    assert "for start in range" in (compiled(at), compiled.source)[1]
    assert np.max(np.abs(compiled(at) / _true("y**2/exp(y)", 1) - 1)) < 1e-13


def test_single_precision_is_watched_too() -> None:
    f = calcgrad.grad(lambda t: np.sum(t**2 / np.exp(t)))
    at = np.array([50.0, 1.0], np.float32)
    found = calcgrad.compile(f, backend="numpy")(at)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, f(at))


def _lost(function: Callable[..., Any], *leaves: Any) -> bool:
    """Whether the compiled function leaves this call to the function itself."""
    calls: list[Any] = []

    def counted(*args: Any) -> Any:
        calls.append(args)
        return function(*args)

    compiled = calcgrad.compile(counted, backend="numpy")
    compiled(*leaves)
    calls.clear()
    compiled(*leaves)
    return bool(calls)


FAR_TAILS = np.array([0.0, -800.0, -1e4, 3.0])


@pytest.mark.parametrize(
    "loss",
    [
        lambda v: np.sum(v * np.exp(v)),
        lambda v: np.log(np.sum(np.exp(v - np.max(v)))),
        lambda v: np.sum(1 / (1 + np.exp(v))) + v[0] * v[1] * v[2],
        lambda v: np.sum(np.tanh(v) ** 2 * v),
    ],
)
def test_what_no_seed_mends_slows_nothing_down(loss: Any) -> None:
    assert not _lost(calcgrad.grad(loss), FAR_TAILS)


def test_a_lost_number_is_left_to_the_function() -> None:
    assert _lost(calcgrad.grad(lambda y: y**2 / np.exp(y)), 400.0)
    assert not _lost(calcgrad.grad(lambda y: y**2 / np.exp(y)), 4.0)


def test_functions_without_sweeps_are_not_watched() -> None:
    compiled = calcgrad.compile(lambda x: 1e-200 * x * 1e-200 * x * 1e300, backend="numpy")
    assert compiled(2.0) == 0.0
    assert not _lost(lambda x: 1e-200 * x * 1e-200 * x * 1e300, 2.0)


# --- which programs are watched, and the boxes ---


def _graph(function: Any, *leaves: Any) -> Any:
    program, output = trace(function, leaves)
    return program, build(program, [o.slot for o in flatten(output)[0]])


def test_a_product_that_is_only_added_is_no_risk() -> None:
    assert not losing.risky(_graph(calcgrad.grad(lambda x: x * 3.0 + x * np.sin(x)), 1.0)[1])
    assert losing.risky(_graph(calcgrad.grad(lambda x: np.exp(x) / np.sin(x)), 1.0)[1])
    assert losing.risky(_graph(calcgrad.grad(lambda x: x * x * x * x), 1.0)[1])


BOXED: dict[str, Any] = {
    "exp(x)/(sin^3+cos^3)": lambda x: np.exp(x) / (np.sin(x) ** 3 + np.cos(x) ** 3),
    "y**2/exp(y)": lambda y: y**2 / np.exp(y),
    "x/sqrt(1+x^4)": lambda x: x / np.sqrt(1 + x**4),
    "log(x)^5*tanh(x)": lambda x: np.log(x) ** 5 * np.tanh(x),
    "log1p(x*x)/x^3": lambda x: np.log1p(x * x) / x**3,
    "atan(x-1)**-4": lambda x: np.arctan(x - 1.0) ** -4.0,
}


@pytest.mark.parametrize("name", BOXED)
def test_nothing_is_lost_within_a_box(name: str) -> None:
    _, graph = _graph(calcgrad.value_and_grad(BOXED[name]), 1.5)
    condition = boxes.box(graph, ["x"])
    assert condition is not None
    holds = eval(f"lambda x: {condition}")
    assert holds(0.0)
    assert holds(1.5)
    assert holds(-1.5)
    assert not holds(1e300)
    assert not holds(5e-324)
    assert not holds(float("nan"))
    compiled = calcgrad.compile(calcgrad.value_and_grad(BOXED[name]), backend="numpy")
    random, seen = Random(0), 0
    compiled(1.5)
    while seen < 2000:
        x = random.choice([-1.0, 1.0]) * 2.0 ** random.uniform(-101, 101)
        x = np.nextafter(round(x), x) if random.random() < 0.2 and abs(x) < 1e9 else x
        if holds(float(x)) and not (x <= 0 and "log(" in name):
            seen += 1
            flagged()
            compiled(float(x))
            assert not flagged(), x


def test_a_graph_with_an_unknown_function_has_no_box() -> None:
    import scipy.special

    _, graph = _graph(calcgrad.grad(lambda x: scipy.special.gamma(x) / x), 1.5)
    assert boxes.box(graph, ["x"]) is None


def test_a_program_of_an_unknown_function_is_asked_in_between() -> None:
    import scipy.special

    plain = calcgrad.grad(lambda x: scipy.special.erfc(1e-3 * x) * (x**2 / np.exp(x)))
    compiled = calcgrad.compile(plain, backend="numpy")
    compiled(2.0)
    assert compiled(400.0) == plain(400.0) != 0.0


def test_where_the_processor_has_no_flags_what_is_in_no_box_is_left_to_the_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from calcgrad.tracing import scaling

    monkeypatch.setattr(scaling, "_processor", lambda: None)
    f, x = CASES["1/cosh(x)"]
    compiled = calcgrad.compile(calcgrad.grad(lambda t: f(t, np)), backend="numpy")
    assert [compiled(x) for _ in range(3)] == pytest.approx([_true("1/cosh(x)", 1)] * 3, rel=1e-13)


def test_a_written_program_says_that_it_lost() -> None:
    program, graph = _graph(calcgrad.grad(lambda y: y**2 / np.exp(y)), 2.0)
    from calcgrad.compiling.captured import Captured

    structure = flatten(1.0)[1]
    made = straight("slope", graph, ["y"], structure, Captured(lambda y: y), None, True)
    assert made.run([400.0]) is losing.LOST
    assert made.run([2.0]) == 0.0
    assert repr(losing.LOST) == "LOST"
    assert program.scalable


# --- drawn functions in far ranges ---

DRAWN = ("exp", "cosh", "sinh", "tanh", "arctan", "log1p", "sqrt", "arcsinh", "sin", "expm1", "cbrt")


def _drawn(random: Random) -> tuple[Callable[[Any], Any], float]:
    f, g = getattr(np, random.choice(DRAWN)), getattr(np, random.choice(DRAWN))
    c, a = 10.0 ** random.randint(-300, 300), 10.0 ** random.choice([-3, -1, 0, 0, 1, 2])
    p = random.choice([-3.0, -2.0, -1.0, 1.0, 2.0])
    forms: list[Callable[[Any], Any]] = [
        lambda t: c * f(a * t) ** p,
        lambda t: f(t) / g(a * t),
        lambda t: c * t**p * f(a * t),
        lambda t: f(c * t) * g(t),
        lambda t: 1 / (c + f(a * t)),
        lambda t: t + f(t) / g(a * t),
    ]
    x = random.choice([random.uniform(1, 900), 10.0 ** random.randint(-200, 200), random.uniform(0.1, 30)])
    return random.choice(forms), x


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_drawn_functions_far_out_are_as_plain_ones(way: str) -> None:
    random = Random(7)
    for _ in range(40):
        f, x = _drawn(random)
        with np.errstate(all="ignore"):
            plain = WAYS[way](f)
            compiled = calcgrad.compile(plain, backend="numpy")
            compiled(1.7)
            found = [float(compiled(x)) for _ in range(3)]
            assert found == pytest.approx([float(plain(x))] * 3, rel=1e-9, abs=1e-322, nan_ok=True)


# --- constants that a sweep loses while it is written ---

#: Functions whose adjoints are constant for a part of the way and leave the doubles there, a point, and the derivative there.
CONSTANT: dict[str, tuple[Callable[..., Any], float, float]] = {
    "below": (lambda x: x * x * 1e300 * 1e-200 * 1e-200, 3.0, 6e-100),
    "beyond": (lambda x: (x * x * 1e-300) * 1e200 * 1e200 * 1e-50, 3.0, 6e50),
    "added": (lambda x: (((x * 1e194) * 1e-194) + np.arctan(x)) * 1e-155, 0.5, 1.8e-155),
    "digits": (lambda x: x**2 * 1e27 * 1e66 * 1e-93 / 1e96 * 1e-86 / 1e44, 1.5, 3e-226),
    "quotient": (lambda x: 1 / x * 1e300 / 1e200 / 1e200, 0.5, -4e-100),
}
BACKENDS = ["numpy", "native"]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CONSTANT)
def test_constants_that_are_lost_are_noticed(name: str, way: str, backend: str) -> None:
    f, x, true = CONSTANT[name]
    compiled = calcgrad.compile(WAYS[way](f), backend=backend)
    compiled(1.25)
    assert [float(compiled(x)) for _ in range(3)] == pytest.approx([true] * 3, rel=1e-13)
    assert compiled.traces == 1


@pytest.mark.parametrize("way", [calcgrad.grad, calcgrad.value_and_grad, calcgrad.hessian, calcgrad.jacfwd])
@pytest.mark.parametrize("name", CONSTANT)
def test_so_are_constant_arrays(name: str, way: Any) -> None:
    f, x, _ = CONSTANT[name]
    plain = way(lambda v: np.sum(f(v)))
    compiled = calcgrad.compile(plain, backend="numpy")
    for at in (np.array([1.25, 2.0]), np.array([x, -x])):
        for found, wanted in zip(flatten(compiled(at))[0], flatten(plain(at))[0], strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_where_each_sweep_needs_a_seed_of_its_own_the_function_is_run() -> None:
    def f(y: Any) -> Any:
        return np.square(((y * 7.3) * 1e-148) / 1e-86 * 1e148)

    compiled = calcgrad.compile(lambda y: calcgrad.hvp(f, (y,), (1.0,)), backend="numpy")
    assert [compiled(y) for y in (0.8, 1.0, 0.8)] == pytest.approx([2 * 7.3e86**2] * 3, rel=1e-13)
    assert compiled.traces == 1


def test_true_zeros_are_no_lost_constants() -> None:
    f = calcgrad.grad(lambda v: np.sum(np.maximum(v, 0) ** 2 * np.array([0.0, 1e-310])) + v[0] * v[1] * 0.0)
    compiled = calcgrad.compile(f, backend="numpy")
    at = np.array([2.0, 0.0])
    np.testing.assert_array_equal(compiled(at), f(at))
    assert "6.0" not in compiled.source
    assert not _lost(f, np.array([2.0, 3.0]))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.complex64])
def test_constants_are_multiplied_within_their_precision(kind: Any, backend: str) -> None:
    far = 1e3 if kind is np.float16 else 1e25
    compiled = calcgrad.compile(lambda v: v / far * far * (far / 10), backend=backend)
    for _ in range(2):
        np.testing.assert_allclose(compiled(np.array([1, 2], kind)), np.array([1, 2]) * far / 10, rtol=1e-2)


# --- floats beside arrays ---


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("size", [2, 10, 5_000])
@pytest.mark.parametrize("way", [calcgrad.grad, calcgrad.value_and_grad, calcgrad.jacrev])
def test_what_entries_lose_is_noticed(way: Any, size: int, backend: str) -> None:
    """The numbers are computed where the list of what is added to the vector is made, after the last question."""
    plain = way(lambda v: v[0] ** 2 / np.exp(v[0]) + v[1])
    at = np.full(size, 2.5)
    compiled = calcgrad.compile(plain, backend=backend)
    compiled(at)
    at[0] = 400.0
    for _ in range(3):
        found = flatten(compiled(at))[0][-1]
        assert found[0] == pytest.approx(_true("y**2/exp(y)", 1), rel=1e-13)


def test_numbers_written_where_they_are_read_are_asked_about() -> None:
    plain = calcgrad.grad(
        lambda v: np.sum(np.stack([v[0] ** 2 / np.exp(v[0]), v[1]])) * v[1] + v[1] * np.sum(v[2:])
    )
    compiled = calcgrad.compile(plain, backend="numpy")
    at = np.array([400.0, 1.5, 1.0, 2.0])
    for _ in range(3):
        np.testing.assert_allclose(compiled(at), plain(at), rtol=1e-13)
    assert compiled(at)[0] == pytest.approx(1.5 * _true("y**2/exp(y)", 1), rel=1e-13)


def test_what_is_gathered_is_asked_about_once() -> None:
    def product(v: Any) -> Any:
        total = 1.0
        for k in range(30):
            total = total * v[k]
        return total

    compiled = calcgrad.compile(calcgrad.grad(product), backend="numpy")
    compiled(np.linspace(0.5, 1.5, 30))
    assert 1 <= compiled.source.count("ask()") <= 2
    far = np.full(30, 1e-12)
    far[20:] = 1e24
    np.testing.assert_allclose(compiled(far), calcgrad.grad(product)(far), rtol=1e-12)
