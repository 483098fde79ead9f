"""What in-place tracing promises beside values: callers' arrays, warnings, refusals at the user's line, threads, cost."""

from __future__ import annotations

import operator
import threading
import traceback
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.interpolate

import calcgrad
from calcgrad import ArgumentWrittenWarning, CalcgradError
from calcgrad.tracing import agreement
from tests.tracing.inplace import programs_refused, programs_science

X = np.array([0.7, 1.3, -0.4, 0.9, 0.21, 1.1])


def _clipped(x: Any) -> Any:
    x[x < 0] = 0.0
    x *= 2.0
    return np.sum(x**2)


def test_the_callers_array_is_never_changed_and_a_warning_says_so() -> None:
    x = X.copy()
    with pytest.warns(ArgumentWrittenWarning, match="argument 'x'") as caught:
        slope = calcgrad.grad(_clipped)(x)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert np.array_equal(slope, np.where(X < 0, 0.0, 8 * X))
    assert np.array_equal(x, X)
    with pytest.warns(ArgumentWrittenWarning):
        assert calcgrad.compile(_clipped)(x) == _clipped(X.copy())
    with pytest.warns(ArgumentWrittenWarning):
        assert np.allclose(calcgrad.hessian(_clipped)(x), np.diag(np.where(X < 0, 0.0, 8.0)))
    assert np.array_equal(x, X)


def test_other_arguments_are_not_changed_either() -> None:
    def loss(x: Any, data: Any, options: Any) -> Any:
        data[0] = x[0]
        options["w"] += x[1]
        return np.sum(data) + np.sum(options["w"] ** 2)

    data, options = np.ones(3), {"w": np.ones(2), "name": "a"}
    with pytest.warns(ArgumentWrittenWarning, match="'data'"):
        slope = calcgrad.grad(loss)(X, data, options)
    assert np.allclose(slope, [1.0, 4 * 2.3, 0, 0, 0, 0])
    assert np.array_equal(data, np.ones(3))
    assert np.array_equal(options["w"], np.ones(2))


def test_the_same_array_given_twice_is_one_array() -> None:
    def loss(x: Any, a: Any, b: Any) -> Any:
        a[0] = x[0]
        return b[0] ** 2

    a = np.zeros(2)
    with pytest.warns(ArgumentWrittenWarning):
        assert calcgrad.grad(loss)(np.array([3.0]), a, a)[0] == 6.0
    with pytest.raises(CalcgradError, match=r"E450.*shares its memory with another argument"):
        calcgrad.grad(loss)(np.array([3.0]), a, a[:1])


def test_containers_and_generators_given_twice_are_one() -> None:
    def loss(x: Any, a: Any, b: Any, first: Any, second: Any) -> Any:
        first.normal()
        a["w"][0] = 2.0
        a["k"] = 3.0
        return b["w"][0] * b.get("k", 1.0) * x[0] * second.normal()

    shared, rng = {"w": np.zeros(2)}, np.random.default_rng(5)
    draws = np.random.default_rng(5).normal(size=2)
    assert calcgrad.grad(loss)(X, shared, shared, rng, rng)[0] == pytest.approx(6.0 * draws[1])


def test_an_input_that_another_argument_changes_is_refused() -> None:
    """A plain array that is the differentiated one as well: written into, it would change the point under way."""

    def loss(x: Any, a: Any) -> Any:
        a[0] = 5.0
        return x[0] ** 2

    a = np.ones(2)
    assert calcgrad.grad(loss)(a, np.ones(2))[0] == 2.0
    with pytest.raises(CalcgradError, match="E460"):
        calcgrad.grad(loss)(a, a)


@pytest.mark.parametrize("f", programs_refused.PROGRAMS, ids=lambda f: f.__name__)
def test_what_is_refused_points_at_the_line(f: Callable[..., Any]) -> None:
    """Where a derivative could be lost there is an error, by every way, and never a number."""
    for way in (calcgrad.grad, calcgrad.jacfwd, calcgrad.compile, calcgrad.hessian):
        with pytest.raises((CalcgradError, TypeError)) as caught:  # NumPy's own, where it wants bytes
            way(f)(X.copy())
        files = [Path(frame.filename).name for frame in traceback.extract_tb(caught.value.__traceback__)]
        assert "programs_refused.py" in files
    marked = [
        frame.line or ""
        for frame in traceback.extract_tb(caught.value.__traceback__)
        if "refused" in frame.filename
    ]
    assert "here" in marked[-1], marked


@pytest.mark.parametrize("text", [str, repr, lambda v: f"{v}", lambda v: f"{v:.1f}", lambda v: f"{float(v)}"])
def test_a_number_read_from_the_text_of_a_traced_one_is_refused(text: Callable[[Any], str]) -> None:
    """The text has no derivative, and a compiled program would keep the first one."""

    def plain(x: Any) -> Any:
        return np.sum(x) * float(text(x[0]))

    def written(x: Any) -> Any:
        y = np.zeros(2)
        y[0] = x[0]
        return np.sum(x) * float(text(y[0]))

    for f in (plain, written):
        for way in (calcgrad.grad, calcgrad.jacfwd, calcgrad.compile, calcgrad.hessian):
            with pytest.raises((CalcgradError, ValueError), match=r"E402|could not convert string to float"):
                way(f)(X)


_KEPT = np.zeros(2)


@pytest.mark.parametrize(
    "write",
    [
        lambda x: operator.setitem(_KEPT, 0, x[0]),
        lambda x: np.multiply(x[:2], 2.0, out=_KEPT),
        lambda x: np.add.at(_KEPT, [0], x[:1]),
        lambda x: np.array([x[0]], dtype=int),
        lambda x: operator.setitem(np.zeros(2), 0, x[0] * 1j),
    ],
)
def test_a_refusal_that_the_function_catches_is_raised_all_the_same(write: Callable[[Any], Any]) -> None:
    def loss(x: Any) -> Any:
        made = np.zeros(6)
        made[:] = x
        try:
            write(made)
        except Exception:
            made *= 2.0
        return np.sum(made)

    with pytest.raises(CalcgradError, match=r"E40[124]"):
        calcgrad.grad(loss)(X)


def test_a_library_that_still_holds_the_array() -> None:
    def loss(x: Any) -> Any:
        y = np.zeros(3)
        f = scipy.interpolate.interp1d(np.arange(3.0), y, copy=False, assume_sorted=True)
        y[0] = x[0]
        return float(f(0.0)) + y[0]

    with pytest.raises(CalcgradError, match=r"E450.*code outside still holds it"):
        calcgrad.grad(loss)(X)


def test_a_library_that_is_done_with_the_array() -> None:
    def loss(x: Any) -> Any:
        y = np.ones(3)
        total = float(scipy.interpolate.interp1d(np.arange(3.0), y)(0.5))
        y[0] = x[0]
        return total * y[0]

    assert calcgrad.grad(loss)(X)[0] == 1.0


def _entry_of_whole_numbers(x: Any) -> Any:
    y = np.arange(6)
    y[1] = 10 * x[1]
    return np.sum(y * x)


def _row_of_whole_numbers(x: Any) -> Any:
    y = np.zeros(6, dtype=int)
    for k in range(6):
        y[k] = 10 * x[k]
    y[2] += 3
    return np.sum(y * x**2)


def _text_of_a_whole_number(x: Any) -> Any:
    y = np.zeros(6)
    y[0] = float(f"{int(x[0] * 10)}")
    return np.sum(x) * y[0]


def _stairs(x: Any) -> Any:
    return np.trunc(10 * x)


@pytest.mark.parametrize(
    ("f", "slope", "curvature"),
    [
        (_entry_of_whole_numbers, lambda x: np.array([0, _stairs(x)[1], 2, 3, 4, 5]), lambda x: np.zeros(6)),
        (
            _row_of_whole_numbers,
            lambda x: 2 * x * (_stairs(x) + 3 * np.eye(6)[2]),
            lambda x: 2 * (_stairs(x) + 3 * np.eye(6)[2]),
        ),
        (_text_of_a_whole_number, lambda x: np.full(6, _stairs(x)[0]), lambda x: np.zeros(6)),
    ],
)
def test_a_write_into_whole_numbers_is_a_step_of_slope_zero(
    f: Callable[..., Any], slope: Callable[..., Any], curvature: Callable[..., Any]
) -> None:
    """What is cut off is a constant between two steps; a compiled program goes on to the next step."""
    made = [calcgrad.grad(f), calcgrad.jacfwd(f), calcgrad.grad(f, compile=True)]
    value, second = calcgrad.compile(f), calcgrad.hessian(f)
    for x in (X, 2.53 * X, -3.07 * X, X):
        for way in made:
            np.testing.assert_allclose(way(x), slope(x), rtol=1e-13)
        assert value(x) == pytest.approx(f(x), rel=1e-13)
        np.testing.assert_allclose(second(x), np.diag(curvature(x)), rtol=1e-13)


def test_a_function_without_its_source() -> None:
    names: dict[str, Any] = {}
    text = (
        "import numpy as np, math\nfrom math import exp\n"
        "def helper(v):\n    z = np.zeros(2)\n    z[0] = v\n    return z\n"
        "def loss(x):\n    y = np.zeros(2)\n    y[0] = math.exp(x[0]) + exp(x[1])\n    y[1] = y[0] * x[1]\n"
        "    y += helper(x[2])\n    return np.sum(y * np.array([x[0], 1.0]))\n"
    )
    exec(text, names)
    loss = names["loss"]
    step = 1e-6
    expected = [(loss(X + step * e) - loss(X - step * e)) / (2 * step) for e in np.eye(6)]
    for found in (calcgrad.grad(loss)(X), calcgrad.jacfwd(loss)(X)):
        assert np.allclose(found, expected, atol=1e-8)
    assert names["helper"] is loss.__globals__["helper"]


def test_nothing_global_changes_and_threads_do_not_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "_AGREED", {})  # each thread's first call is compared with a plain run
    before = dict(vars(programs_science)), dict(vars(np)), programs_science.kalman_filter.__code__
    filters, drawn = list(warnings.filters), np.random.get_state(legacy=False)["state"]["pos"]
    with ThreadPoolExecutor(8) as pool:
        slopes = list(pool.map(calcgrad.grad(programs_science.kalman_filter), [X * k for k in range(1, 17)]))
        plain = list(pool.map(programs_science.kalman_filter, [X * k for k in range(1, 17)]))
    assert np.allclose(slopes[3], calcgrad.grad(programs_science.kalman_filter)(4 * X))
    assert plain[3] == programs_science.kalman_filter(4 * X)
    assert before == (dict(vars(programs_science)), dict(vars(np)), programs_science.kalman_filter.__code__)
    assert filters == warnings.filters
    assert drawn == np.random.get_state(legacy=False)["state"]["pos"]


def test_the_plain_run_leaves_filters_and_generators_to_other_threads() -> None:
    """While one thread is compared, another's warnings are heard, and no draw of its is taken back."""
    inside, done = threading.Event(), threading.Event()

    def loss(x: Any) -> Any:
        if type(x) is np.ndarray:  # the plain run, or the in-place one
            inside.set()
            done.wait(20)
        return np.sum(x**2)

    filters = list(warnings.filters)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(calcgrad.grad(loss), X)
        assert inside.wait(20)
        try:
            # One more is there, which ignores nothing of this thread's: see test_quiet.py.
            assert filters == [f for f in warnings.filters if f[2].__name__ != "_Silent"]
            with pytest.warns(UserWarning, match="heard"):
                warnings.warn("heard", UserWarning, stacklevel=1)
            first = np.random.normal()
        finally:
            done.set()
        np.testing.assert_array_equal(found.result(20), 2 * X)
    assert np.random.normal() != first


def test_side_effects_happen_once_where_the_code_shows_that_it_writes() -> None:
    """And once more for the comparison with a plain run, which a function has when it is new."""
    calls: list[int] = []

    def loss(x: Any) -> Any:
        calls.append(1)
        y = np.zeros(2)
        y[0] = x[0]
        return y.sum()

    with calcgrad.trusted():
        calcgrad.grad(loss)(X)
    assert len(calls) == 1
    calcgrad.grad(loss)(X)
    assert len(calls) == 1 + 2
    calcgrad.grad(loss)(X)
    assert len(calls) == 1 + 2 + 1


def test_random_numbers_are_drawn_as_ever() -> None:
    def loss(x: Any, rng: Any) -> Any:
        y = np.zeros(6)
        y[:] = x * rng.normal(size=6)
        noise = rng.normal(size=6)
        noise[0] = x[0]
        return np.sum(y * noise)

    value, slope = calcgrad.value_and_grad(loss)(X, np.random.default_rng(3))
    assert value == pytest.approx(loss(X, np.random.default_rng(3)), rel=1e-14)
    rng = np.random.default_rng(3)
    scale, noise = rng.normal(size=6), rng.normal(size=6)
    assert np.allclose(slope, [2 * X[0] * scale[0], *(scale * noise)[1:]])
    mine = np.random.default_rng(3)
    calcgrad.grad(loss)(np.ones(6, np.float32), mine)  # a new kind of call: compared, and yet drawn from once
    assert mine.normal() == rng.normal()


def test_a_second_trace_draws_the_same_random_numbers() -> None:
    def helper(v: Any) -> Any:
        z = np.zeros(2)
        z[0] = v
        return z

    def loss(x: Any) -> Any:
        scale = np.random.normal()
        return helper(x[0]).sum() * scale

    np.random.seed(4)
    slope = calcgrad.grad(loss)(X)
    after = np.random.normal()
    draws = np.random.RandomState(4).normal(size=2)
    assert slope[0] == draws[0]
    assert after == draws[1]


def _steps(f: Callable[..., Any], n: int) -> tuple[int, int]:
    pull = calcgrad.vjp(f, np.linspace(0.1, 1.0, n))[1]
    return pull.operations, pull.nbytes


def _written(x: Any) -> Any:
    out = np.zeros(len(x))
    out[0] = x[0]
    for i in range(1, len(x)):
        out[i] = 0.5 * out[i - 1] + x[i] ** 2
    return out.sum()


def _unwritten(x: Any) -> Any:
    total = last = x[0]
    for i in range(1, len(x)):
        last = 0.5 * last + x[i] ** 2
        total = total + last
    return total


def _windows(x: Any) -> Any:
    out = np.zeros(len(x))
    for i in range(3, len(x)):
        out[i] = x[i] + 0.1 * out[i - 3 : i].sum()
        out[i - 1] *= 0.5
    return out @ out


def test_the_cost_grows_with_the_writes_alone() -> None:
    """Counted in steps and bytes: a number that is written and read again costs nothing."""
    operations, _ = _steps(_written, 1000)
    plain, _ = _steps(_unwritten, 1000)
    assert operations <= plain
    for f in (_written, _windows):
        (small, few), (large, many) = _steps(f, 500), _steps(f, 2000)
        assert large <= 4.1 * small
        assert many <= 4.1 * few
    assert np.allclose(calcgrad.grad(_written)(X), calcgrad.grad(_unwritten)(X))


def test_plain_code_is_traced_as_plain_code(monkeypatch: pytest.MonkeyPatch) -> None:
    from calcgrad.tracing.inplace import choosing

    monkeypatch.setattr(choosing, "entered", lambda f: pytest.fail("plain code was rewritten"))

    def loss(x: Any) -> Any:
        total = 0.0
        for v in x:
            total += np.sin(v) * v
        return total + np.sum(np.where(x > 0, x, 0.0))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        calcgrad.hessian(loss)(X)
        calcgrad.compile(calcgrad.grad(loss))(X)


def test_derivatives_within_in_place_code() -> None:
    def inner(w: Any, scale: Any) -> Any:
        out = np.zeros(2)
        out[0] = w * scale[0]
        out[1] = out[0] ** 2
        return out.sum()

    def loss(x: Any) -> Any:
        slopes = np.zeros(3)
        for i in range(3):
            slopes[i] = calcgrad.grad(inner)(x[i], x[3:])
        return np.sum(slopes**2)

    def by_hand(x: Any) -> Any:
        return np.sum((x[3] + 2 * x[:3] * x[3] ** 2) ** 2)

    assert calcgrad.value_and_grad(loss)(X)[0] == pytest.approx(by_hand(X), rel=1e-13)
    assert np.allclose(calcgrad.grad(loss)(X), calcgrad.grad(by_hand)(X))
    assert np.allclose(calcgrad.jacfwd(loss)(X), calcgrad.grad(by_hand)(X))
    assert np.allclose(calcgrad.hessian(loss)(X), calcgrad.hessian(by_hand)(X))


def test_an_untaken_infinite_slope_stays_untaken() -> None:
    def loss(x: Any) -> Any:
        y = np.zeros(3)
        y[:2] = np.sqrt(x[:2])
        y[2] = x[2]
        safe = np.where(np.array([False, True, True]), y, 0.0)
        return np.sum(safe)

    at = np.array([0.0, 4.0, 1.0])
    assert np.array_equal(calcgrad.grad(loss)(at), [0.0, 0.25, 1.0])
    assert np.array_equal(calcgrad.jacfwd(loss)(at), [0.0, 0.25, 1.0])

    def rooted(x: Any) -> Any:
        y = np.zeros(3)
        y[0] = x[0]
        return np.sum(np.sqrt(y))

    assert np.array_equal(calcgrad.grad(rooted)(np.array([4.0, 1.0])), [0.25, 0.0])
    assert np.array_equal(calcgrad.jacfwd(rooted)(np.array([4.0, 1.0])), [0.25, 0.0])


def test_single_precision_stays_single() -> None:
    def loss(x: Any) -> Any:
        y = np.zeros(3, np.float32)
        y[:] = x
        y[0] *= 2.0
        assert_ = y.dtype == np.float32
        return np.sum(y**2) if assert_ else 0.0

    value, slope = calcgrad.value_and_grad(loss)(np.ones(3, np.float32))
    assert slope.dtype == np.float32
    assert np.array_equal(slope, np.array([8, 2, 2], np.float32))
    assert value == 6.0
    assert np.allclose(calcgrad.grad(loss)(np.ones(3)), [8, 2, 2])


def test_sparse_patterns_and_taylor_series_follow_writes() -> None:
    def stencil(x: Any) -> Any:
        out = np.zeros(len(x))
        for i in range(1, len(x)):
            out[i] = x[i] * x[i - 1]
        return out

    found = calcgrad.jacobian(stencil, sparsity="detect")(X)
    assert found.nnz == 10
    assert np.allclose(found.toarray(), calcgrad.jacfwd(stencil)(X))
    series = calcgrad.taylor(programs_science.heat_equation, (X,), (np.ones(6),), 2)
    assert series[1] == pytest.approx(float(np.sum(calcgrad.grad(programs_science.heat_equation)(X))))
