"""Whatever a function can reach is changed between calls, at random: the compiled gradient is always the plain one's."""

from __future__ import annotations

import array
import builtins
import gc
import itertools
import random
import types
import warnings
import weakref
from collections import UserDict, UserList, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.compiling import words
from calcgrad.compiling.captured import Captured
from calcgrad.compiling.compiled import Compiled
from calcgrad.compiling.guards import guard
from calcgrad.tracing.agreement import RandomFunctionWarning

rate: Any = 1.5
own: Any = types.ModuleType("own_module")
own.inner = types.ModuleType("own_module.inner")
own.value, own.inner.value = 1.25, 0.75


class Base:
    factor = 0.5

    @staticmethod
    def shift() -> float:
        return 1.0


class Thing(Base):
    __slots__ = ("__hidden", "open")

    def __init__(self) -> None:
        self.__hidden: Any = 2.0
        self.open: Any = 0.25
        self.weight: Any = 3.0

    @property
    def gain(self) -> Any:
        return self.weight * 0.5

    def __getitem__(self, name: str) -> Any:
        return self.__hidden + self.open

    def hide(self, value: Any) -> None:
        self.__hidden = value


class Meta(type):
    value: Any = 1.0


class Made(metaclass=Meta):
    pass


class Table(dict):  # type: ignore[type-arg]
    extra: Any = 0.5


@dataclass
class World:
    """A function that reaches one value in every way, and what changes each value."""

    function: Any
    changes: dict[str, Callable[[Any], object]]


def world(monkeypatch: pytest.MonkeyPatch) -> World:
    cell: Any = 1.0
    numbers, table, group, queue = [1.0, 2.0], {"a": 1.0, "b": {"c": [1.0]}}, {1.0, 2.0}, deque([1.0, [2.0]])
    long, many, array, big = [1.0] * 300, dict.fromkeys(range(40), 1.0), np.ones(3), np.ones(5000)
    thing, record, special = Thing(), SimpleNamespace(a=1.0, deep=SimpleNamespace(b=2.0)), Table(a=1.0)

    def leaf(x: Any, power: Any = 1.0, *, bias: Any = 0.5) -> Any:
        return x * power + bias * x * x

    def second(x: Any) -> Any:
        return (leaf(x) + getattr(leaf, "mark", 0.0) * x) * cell + rate * x

    @wraps(second)
    def wrapped(x: Any) -> Any:
        return second(x) + (wrapped.__wrapped__(x) if wrapped.__wrapped__ is not second else 0.0)

    scaled = partial(lambda s, x, k=1.0: s[0] * k * x, [2.0], k=0.5)

    def function(x: Any) -> Any:
        y = wrapped(x) + scaled(x)
        for value in (
            *numbers, table["a"], table["b"]["c"][0], sum(group), queue[0], queue[1][0], sum(long), sum(many.values()),
            array[1], big[17], thing.weight, thing.gain, thing["h"], thing.factor, thing.shift(),
            record.a, record.deep.b, special["a"], special.extra, own.value, own.inner.value,
        ):  # fmt: skip
            y = y + value * x * x
        return y * abs(numbers[0])

    def rebind(value: Any) -> None:
        nonlocal cell
        cell = value

    def retype(value: Any) -> None:
        thing.__class__ = type("Thing", (Thing,), {"__slots__": (), "factor": value})

    def inside(value: Any) -> None:
        queue[1][0] = value

    def replaced(value: Any) -> None:
        table["b"] = {"c": [value]}
        gc.collect()

    put = monkeypatch.setattr
    return World(
        function,
        {
            "cell": rebind,
            "global": lambda v: monkeypatch.setitem(globals(), "rate", v),
            "shadowed": lambda v: monkeypatch.setitem(globals(), "abs", lambda x: v * x),
            "defaults": lambda v: setattr(leaf, "__defaults__", (v,)),
            "kwdefaults": lambda v: leaf.__kwdefaults__.update(bias=v),
            "new kwdefaults": lambda v: setattr(leaf, "__kwdefaults__", {"bias": v}),
            "mark": lambda v: setattr(leaf, "mark", v),
            "code": lambda v: setattr(leaf, "__code__", (lambda x, power, *, bias: bias * x).__code__),
            "wrapped": lambda v: setattr(wrapped, "__wrapped__", lambda x: v * x),
            "list": lambda v: numbers.__setitem__(1, v),
            "append": numbers.append,
            "pop": lambda v: numbers.pop() if len(numbers) > 1 else None,
            "dict": lambda v: table.update(a=v),
            "nested": replaced,
            "nested entry": lambda v: table["b"]["c"].__setitem__(0, v),  # type: ignore[index]
            "set": group.add,
            "deque": lambda v: queue.__setitem__(0, v),
            "in deque": inside,
            "long list": lambda v: long.__setitem__(290, v),
            "long dict": lambda v: many.update({39: v}),
            "array": lambda v: array.__setitem__(1, v),
            "long array": lambda v: big.__setitem__(17, v),
            "attribute": lambda v: setattr(thing, "weight", v),
            "attributes": lambda v: setattr(thing, "__dict__", {"weight": v}),
            "slot": lambda v: setattr(thing, "open", v),
            "private slot": thing.hide,
            "class": lambda v: put(Base, "factor", v),
            "class over base": lambda v: put(Thing, "factor", v, raising=False),
            "other class": retype,
            "static method": lambda v: put(Base, "shift", staticmethod(lambda: v)),
            "property": lambda v: put(Thing, "gain", property(lambda self: v)),
            "item method": lambda v: put(Thing, "__getitem__", lambda self, name: v),
            "record": lambda v: setattr(record, "a", v),
            "deep record": lambda v: setattr(record.deep, "b", v),
            "new record": lambda v: setattr(record, "deep", SimpleNamespace(b=v)),
            "own dict": lambda v: special.update(a=v),
            "own dict's attribute": lambda v: setattr(special, "extra", v),
            "module": lambda v: put(own, "value", v),
            "module in module": lambda v: put(own.inner, "value", v),
            "partial": lambda v: scaled.args[0].__setitem__(0, v),
            "keyword of partial": lambda v: scaled.keywords.update(k=v),
            "state of partial": lambda v: scaled.__setstate__(
                (lambda s, x, k: v * x, ([2.0],), {"k": 1.0}, None)
            ),
        },
    )


@pytest.mark.parametrize("by_words", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_each_change_is_seen_at_once(monkeypatch: pytest.MonkeyPatch, by_words: bool) -> None:
    if not by_words:  # as in a Python whose objects are laid out otherwise
        monkeypatch.setattr(words, "offsets", dict)
    for name in world(monkeypatch).changes:
        with monkeypatch.context() as here:
            made = world(here)
            slope = calcgrad.grad(made.function)
            compiled = calcgrad.compile(slope)
            before = compiled(1.5)
            for _ in range(4):  # by then calls go the quick way
                assert compiled(1.5) == before == slope(1.5), name
            assert type(compiled).__call__ is not Compiled.__call__
            made.changes[name](7.75)
            assert slope(1.5) != before, f"{name} does not matter"
            assert compiled(1.5) == slope(1.5), name


@pytest.mark.parametrize("seed", range(2))
def test_changes_at_random(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    chance, made = random.Random(seed), world(monkeypatch)
    slope = calcgrad.grad(made.function)
    compiled = calcgrad.compile(slope)
    for _ in range(15):
        for name in chance.choices(list(made.changes), k=chance.choice((0, 1, 1, 2))):
            made.changes[name](chance.choice((0.5, 2.0, chance.random())))
        for _ in range(chance.choice((1, 4))):
            assert compiled(1.5) == slope(1.5)


def test_methods_of_containers_and_users_containers() -> None:
    table, numbers, users, users_list = {"a": 1.0}, [1.0], UserDict(a=1.0), UserList([1.0])
    doubles, octets, objects = array.array("d", [1.0]), bytearray(b"\1"), np.array([[1.0], None], object)
    numbers_in_objects = np.array([1.0, 2.0], object)
    seen, kept = {"a": 1.0}, Thing()
    kept.a = 1.0  # type: ignore[attr-defined]
    view, proxy, weak = seen.values(), types.MappingProxyType(seen), weakref.ref(kept)
    get, item = table.get, numbers.__getitem__
    for function, change in (
        (lambda x: x * get("a"), lambda: table.update(a=3.0)),
        (lambda x: x * item(0), lambda: numbers.__setitem__(0, 3.0)),
        (lambda x: x * doubles[0], lambda: doubles.__setitem__(0, 3.0)),
        (lambda x: x * octets[0], lambda: octets.__setitem__(0, 3)),
        (lambda x: x * objects[0][0], lambda: objects[0].__setitem__(0, 3.0)),
        (lambda x: x * numbers_in_objects[0], lambda: numbers_in_objects.__setitem__(0, 3.0)),
        (lambda x: x * sum(view), lambda: seen.update(a=3.0)),
        (lambda x: x * proxy["a"], lambda: seen.update(a=4.0)),
        (lambda x: x * weak().a, lambda: setattr(kept, "a", 3.0)),
        (lambda x: x * Made.value, lambda: setattr(Meta, "value", 3.0)),
        (lambda x: x * users["a"], lambda: users.update(a=3.0)),
        (lambda x: x * users_list[0], lambda: users_list.__setitem__(0, 3.0)),
        (lambda x: x * users_list[0], lambda: setattr(users_list, "data", [5.0])),
    ):
        compiled = calcgrad.compile(function)
        for _ in range(4):
            assert compiled(2.0) == function(2.0)
        change()
        assert compiled(2.0) == function(2.0)


def test_equal_values_are_no_new_trace() -> None:
    table = {"a": 1.5, "w": np.ones(3)}
    f = calcgrad.compile(calcgrad.grad(lambda x: np.sum(table["w"]) * table["a"] * x))
    for _ in range(4):
        table["a"] = float("1.5")  # another object each time
        assert f(2.0) == 4.5
    assert f.traces == 1
    table["a"] = -0.0
    assert np.signbit(f(2.0))
    table["a"] = 0.0
    assert not np.signbit(f(2.0))


def test_too_much_to_watch_is_traced_anew() -> None:
    chain: Any = [1.0]
    last = chain
    for _ in range(50):
        chain = [chain]
    many = [[1.0] for _ in range(2100)]
    for value, change in ((chain, last), (many, many[2099])):
        f = calcgrad.compile(lambda x, v=value: x * _deepest(v))
        assert f(2.0) == 2.0
        change[0] = 3.0
        assert f(2.0) == 6.0


def _deepest(value: Any) -> Any:
    while isinstance(value, list):
        value = value[-1]
    return value


def test_a_look_is_by_identity_first() -> None:
    numbers = [1.0, 2.0]
    captured = Captured(lambda x: x * sum(numbers))
    assert captured.same()
    numbers[0] = float("1.0")
    assert not captured.same()
    assert captured.unchanged()
    assert captured.same()
    assert guard([("{} is {}", (numbers, numbers))])()
    assert not guard([("{}[5] is {}", (numbers, numbers))])()
    numbers[1] = 2.5
    assert not captured.same()
    assert not captured.unchanged()


@pytest.mark.parametrize(
    "made", [lambda: iter([1.0, 2.0] * 50), lambda: (1.0 + k for k in range(99)), itertools.count]
)
def test_iterators_are_read_on(made: Callable[[], Any]) -> None:
    numbers, others = made(), made()
    warnings.simplefilter("ignore", RandomFunctionWarning)
    compiled = calcgrad.compile(lambda x: x * next(numbers))
    compiled(2.0)
    seen = [compiled(2.0) for _ in range(4)]
    known = [2.0 * next(others) for _ in range(20)]
    assert any(seen == known[k : k + 4] for k in range(10))


def test_a_built_in_that_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = calcgrad.compile(calcgrad.grad(lambda x: abs(x) * 2.0 + max(x, 0.0)))
    for _ in range(4):
        assert compiled(-2.0) == -2.0
    with monkeypatch.context() as here:
        here.setattr(builtins, "abs", lambda x: x * 10.0)
        assert [compiled(-2.0) for _ in range(4)] == [20.0] * 4
    assert [compiled(-2.0) for _ in range(4)] == [-2.0] * 4


def test_built_ins_of_its_own() -> None:
    names: dict[str, Any] = {"__builtins__": {"abs": abs}}
    exec("def f(x):\n    return abs(x) * 3.0\n", names)
    compiled = calcgrad.compile(names["f"])
    for _ in range(4):
        assert compiled(-1.0) == 3.0
    names["__builtins__"]["abs"] = lambda x: x
    assert compiled(-1.0) == -3.0


def test_long_lists_are_looked_at_by_their_entries() -> None:
    data = [float(k) for k in range(300)]
    program = Compiled(lambda x: x * sum(data[10:20]) + data[299])
    for _ in range(4):
        assert program(2.0) == 2.0 * 145.0 + 299.0
    data[299] = 0.5
    for _ in range(4):
        assert program(2.0) == 2.0 * 145.0 + 0.5
    data.append(1.0)
    data[10] = 0.0
    for _ in range(4):
        assert program(2.0) == 2.0 * 135.0 + 0.5
    kinds = [1] * 200
    program = Compiled(lambda x: x * (2.0 if kinds[150] is True else 3.0))
    for _ in range(4):
        assert program(1.0) == 3.0
    kinds[150] = True  # equal, and not the same
    for _ in range(4):
        assert program(1.0) == 2.0
