"""What a compiled function reads from outside may change between two calls: the second is never answered with the first's data."""

from __future__ import annotations

import argparse
import threading
from collections import ChainMap, deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import calcgrad

X = np.array([1.0, 2.0, 3.0])
scale: Any = 1.0
activation: Any = np.tanh


def helper(x: Any) -> Any:
    return np.sum(scale * x)


class Model:
    factor = 1.0

    def __init__(self) -> None:
        self.weights: Any = {"w": np.ones(3)}
        self.power = 1.0

    def inner(self, x: Any) -> Any:
        return np.sum(self.weights["w"] * x)

    def loss(self, x: Any) -> Any:
        return self.inner(x) * self.power * self.factor

    def __call__(self, x: Any) -> Any:
        return self.loss(x) ** 2


@dataclass(slots=True)
class Slotted:
    a: float = 1.0


def calls(f: Callable[[Any], Any], change: Callable[[], object]) -> None:
    """A compiled function, its gradient too, gives what the plain one gives, before and after a change."""
    slope = calcgrad.grad(f)
    compiled, slopes = calcgrad.compile(f), calcgrad.compile(slope)
    before = f(X)
    for _ in range(2):
        assert compiled(X) == f(X)
        assert np.array_equal(slopes(X), slope(X))
        change()
    assert f(X) != before  # the change matters
    assert compiled(X) == f(X)
    traces = compiled.traces
    assert compiled(X) == f(X)
    assert compiled.traces == traces


def test_a_name_of_the_module_that_a_helper_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    for first, second in ((1.0, 2.0), (np.ones(3), np.array([2.0, 1.0, 1.0]))):
        monkeypatch.setitem(globals(), "scale", first)
        calls(lambda x: helper(x) ** 2, partial(monkeypatch.setitem, globals(), "scale", second))
    calls(lambda x: helper(x) ** 2, lambda: scale.__setitem__(1, scale[1] + 5.0))
    calls(lambda x: sum([scale[k] * x[k] for k in range(3)]), lambda: scale.__setitem__(1, scale[1] + 5.0))


def test_a_function_that_was_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    for second in (np.sin, lambda x: 3.0 * x):
        monkeypatch.setitem(globals(), "activation", np.tanh)
        calls(lambda x: np.sum(activation(x)), partial(monkeypatch.setitem, globals(), "activation", second))


@pytest.mark.parametrize(
    "of", [lambda m: m, lambda m: m.loss, lambda m: lambda x: -m(x), lambda m: lambda x, m=m: m(x)]
)
def test_an_object(of: Callable[[Model], Any]) -> None:
    for change in (
        lambda m: m.weights.update(w=m.weights["w"] * 2.0),
        lambda m: m.weights["w"].__setitem__(0, m.weights["w"][0] + 7.0),
        lambda m: setattr(m, "weights", {"w": np.full(3, m.weights["w"][0] + 0.5)}),
        lambda m: setattr(m, "power", m.power + 2.0),
        lambda m: setattr(m, "factor", m.factor + 2.0),
    ):
        model = Model()
        calls(of(model), partial(change, model))


def test_data_of_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    calls(Model().loss, lambda: monkeypatch.setattr(Model, "factor", Model.factor + 1.0))
    calls(
        lambda x: np.sum(x) * Model.factor, lambda: monkeypatch.setattr(Model, "factor", Model.factor + 1.0)
    )


def test_containers_and_records() -> None:
    numbers, table, record, slotted = [1.0, 2.0], {"a": 1.0}, SimpleNamespace(a=1.0), Slotted()
    calls(lambda x: np.sum(x) * sum(numbers), lambda: numbers.append(3.0))
    calls(lambda x: np.sum(x) * table["a"], lambda: table.update(a=table["a"] + 1.0))
    calls(lambda x: np.sum(x) * record.a, lambda: setattr(record, "a", record.a + 1.0))
    calls(lambda x: np.sum(x) * slotted.a, lambda: setattr(slotted, "a", slotted.a + 1.0))
    queue, group = deque([1.0, 2.0]), {1.0}
    calls(lambda x: np.sum(x) * queue[0], lambda: queue.appendleft(queue[0] + 1.0))
    calls(lambda x: np.sum(x) * sum(group), lambda: group.add(sum(group) + 1.0))
    calls(partial(lambda t, x: np.sum(x) * t["a"], table), lambda: table.update(a=table["a"] + 1.0))


def test_one_entry_of_a_long_array() -> None:
    data = np.ones(20_001)
    f = calcgrad.compile(lambda x: np.sum(x) * np.sum(data))
    assert f(X) == 6.0 * 20_001
    data[777] = 2.0
    assert f(X) == 6.0 * 20_002


def test_a_compiled_function_in_another() -> None:
    table = {"a": 1.0}
    inner = calcgrad.compile(lambda x: np.sum(x) * table["a"])
    calls(lambda x: inner(x) ** 2, lambda: table.update(a=table["a"] + 1.0))


def test_what_stays_is_not_traced_again() -> None:
    model = Model()
    f = calcgrad.compile(calcgrad.grad(lambda x: helper(x) + model(x)))
    for k in range(4):
        f(X + k)
    assert f.traces == 1


def test_a_long_list_of_tuples() -> None:
    rows = [(k % 2, k, (k + 1, "name")) for k in range(3000)]
    f = calcgrad.compile(lambda x: np.sum(x) * sum(rows[k][2][0] for k in (0, 1, 2999)))
    for _ in range(3):
        assert f(X) == 6.0 * 3003
    assert f.traces == 1
    rows[2999] = (1, 2999, (4000, "name"))
    assert f(X) == 6.0 * 4003
    rows[1] = (1, 1, ([5.0][0], rows))  # type: ignore[arg-type]
    assert f(X) == 6.0 * 4006


def test_what_lies_in_a_tuple_may_change() -> None:
    inside = [1.0]
    rows = [(0.0, (inside,))] * 2
    calls(lambda x: np.sum(x) * rows[1][1][0][0], lambda: inside.append(inside.pop() + 1.0))


def test_values_of_a_derivative_outside() -> None:
    def within(w: Any, x: Any) -> Any:
        return calcgrad.compile(lambda x: np.sum(w * x**2))(x)

    assert np.array_equal(calcgrad.grad(within)(2 * X, X), X**2)
    assert np.array_equal(calcgrad.jacfwd(within)(2 * X, X), X**2)
    assert np.array_equal(calcgrad.compile(calcgrad.grad(within))(2 * X, X), X**2)
    assert np.array_equal(calcgrad.grad(lambda w: calcgrad.compile(lambda x: w)(1.0)[1])(X), [0.0, 1.0, 0.0])
    slope = calcgrad.grad(lambda w: np.sum(calcgrad.compile(calcgrad.grad(lambda x: np.sum(w * x**2)))(X)))
    assert np.array_equal(slope(X), 2 * X)
    held: dict[str, Any] = {"w": 1.0}
    kept = calcgrad.compile(lambda x: np.sum(held["w"] * x))

    def through(w: Any) -> Any:
        held["w"] = w
        return kept(X)

    assert kept(X) == 6.0
    assert np.array_equal(calcgrad.grad(through)(2 * X), X)
    held["w"] = 2.0
    assert kept(X) == 12.0


def test_arguments_that_are_written_into_between_calls() -> None:
    chosen, mask, model = np.array([0, 1]), np.array([True, False, True]), Model()
    f = calcgrad.compile(lambda x, i, m, model: np.sum(x[i]) + np.sum(x[m]) * np.sum(x[m]) + model.loss(x))
    assert f(X, chosen, mask, model) == 3.0 + 16.0 + 6.0
    chosen[1] = 2
    assert f(X, chosen, mask, model) == 4.0 + 16.0 + 6.0
    mask[1] = True
    assert f(X, chosen, mask, model) == 4.0 + 36.0 + 6.0
    model.power = 2.0
    assert f(X, chosen, mask, model) == 4.0 + 36.0 + 12.0


def test_an_object_that_answers_nothing() -> None:
    class Closed:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

    closed = Closed()
    assert calcgrad.compile(lambda x: np.sum(x) if closed is not None else x)(X) == 6.0


def test_other_indices_are_another_program() -> None:
    f = calcgrad.compile(calcgrad.grad(lambda x, i: np.sum(x[i] ** 2)))
    for chosen in (np.array([0, 1]), np.array([1, 2]), np.array([2, 2]), np.array([0, 1])):
        assert np.array_equal(f(X, chosen), 2 * X * np.bincount(chosen, minlength=3))
    for mask in (np.array([True, False, True]), np.array([False, True, True])):
        assert np.array_equal(f(X, mask), 2 * X * mask)
    assert f.traces == 5
    branch = calcgrad.compile(lambda x, t: np.sum(x) if t else np.prod(x * x))
    assert [branch(X, t) for t in (1.0, 0.0, 2.0)] == [6.0, 36.0, 6.0]


@pytest.mark.parametrize(
    ("holder", "read"),
    [
        (argparse.Namespace(rate=1.0), lambda h: h.rate),
        (SimpleNamespace(rate=1.0), lambda h: h.rate),
        (threading.local(), lambda h: getattr(h, "rate", 1.0)),
        (ChainMap({}, {"rate": 1.0}), lambda h: h["rate"]),
    ],
)
def test_what_lies_in_a_namespace_of_the_standard_library_is_watched(holder: Any, read: Any) -> None:
    f = calcgrad.compile(lambda x: x * read(holder))
    for rate in (1.0, 2.0, 3.0):
        if isinstance(holder, ChainMap):
            holder["rate"] = rate
        else:
            holder.rate = rate
        assert [f(1.5) for _ in range(60)] == [1.5 * rate] * 60


def test_a_context_variable_is_read_again() -> None:
    rate: ContextVar[float] = ContextVar("rate", default=4.0)
    f = calcgrad.compile(lambda x: x * rate.get())
    assert [f(1.5) for _ in range(60)] == [6.0] * 60
    for value in (1.0, 2.0, 4.0):
        rate.set(value)
        assert [f(1.5) for _ in range(60)] == [1.5 * value] * 60


def test_long_arrays_whose_entries_change_places_are_noticed() -> None:
    data = np.random.default_rng(0).normal(size=(1_000, 200))
    f = calcgrad.compile(lambda x: x * (data * 2.0)[:9])
    for _ in range(5):
        f(1.5)
    for k, axis in enumerate((0, 1, 0, 1)):
        rows = data if axis == 0 else data.T
        rows[[k, k + 1]] = rows[[k + 1, k]]
        assert np.array_equal(f(1.5), 1.5 * (data * 2.0)[:9])
    data[0, 1], data[0, 2] = data[0, 2], data[0, 1]
    assert np.array_equal(f(1.5), 1.5 * (data * 2.0)[:9])


class _Keeps:
    """A layer that keeps its weights in a dictionary, and what it was given."""

    def __init__(self) -> None:
        self.W: dict[str, Any] = {"val": np.ones((2, 3))}
        self.x: Any = None

    def forward(self, x: Any) -> Any:
        self.x = x
        out = np.zeros(2)
        out[:] = self.W["val"] @ x
        return np.tanh(out)


@pytest.mark.parametrize("backend", ["auto", "numpy"])
def test_a_layer_that_is_given_its_weights_by_each_call(backend: Any) -> None:
    """What the trace left in the layer is no array; the second call looked at it as if it were (E405)."""
    layer, x = _Keeps(), np.array([0.3, -0.2, 0.9])

    def loss(W: Any) -> Any:
        layer.W["val"] = W
        return np.sum(layer.forward(x) ** 2)

    gradient = calcgrad.grad(loss, compile=backend)
    for scale in (1.0, 1.0, 2.0, 0.5):
        W = scale * np.array([[0.4, -1.1, 0.3], [0.8, 0.2, -0.6]])
        t = np.tanh(W @ x)
        np.testing.assert_allclose(gradient(W), (2 * t * (1 - t * t))[:, None] * x, rtol=1e-13)
