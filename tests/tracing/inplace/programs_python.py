"""In-place programs that use the rest of Python: closures, classes, generators, comprehensions, errors, decorators."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

W = np.array([0.3, -0.2, 0.5, 0.1, 0.9, -0.7])


def closure_with_nonlocal(x: Any) -> Any:
    buffer, k = np.zeros(4), 0

    def put(v: Any) -> None:
        nonlocal k
        buffer[k] = v
        k += 1

    for i in range(4):
        put(x[i] * x[i + 1])
    return np.sum(buffer**3)


class _Integrator:
    def __init__(self, n: int) -> None:
        self.values, self.k = np.zeros(n), 0

    def push(self, v: Any) -> None:
        self.values[self.k] = v
        self.k += 1

    def total(self) -> Any:
        return self.values.sum()


class _Weighted(_Integrator):
    __scale = 2.0

    def __init__(self, n: int) -> None:
        super().__init__(n)
        self.weights = np.ones(n)

    def push(self, v: Any) -> None:
        super().push(v * self.__scale)
        self.weights[self.k - 1] = v

    def total(self) -> Any:
        return super().total() * self.weights[0]


def instance_made_inside(x: Any) -> Any:
    it = _Integrator(len(x))
    for v in x:
        it.push(v * v)
    return it.total()


def class_with_a_base(x: Any) -> Any:
    it = _Weighted(len(x))
    for v in x:
        it.push(math.sin(v))
    return it.total()


class _Model:
    def __init__(self) -> None:
        self.w = 1.5

    def forward(self, x: Any) -> Any:
        h = np.zeros(len(x))
        for i in range(len(x)):
            h[i] = math.tanh(self.w * x[i])
        return h

    def __call__(self, x: Any) -> Any:
        return self.forward(x)

    @staticmethod
    def squares(x: Any) -> Any:
        out = np.empty(3)
        out[:] = x[:3] ** 2
        return out

    @classmethod
    def made(cls, x: Any) -> Any:
        return cls.squares(x) * cls().forward(x)[:3]


_MODEL = _Model()


def methods_of_an_outer_object(x: Any) -> Any:
    return np.sum(_MODEL.forward(x) * _MODEL(x)) + np.sum(_Model.made(x))


@dataclass
class _State:
    position: Any
    velocity: Any = field(default_factory=lambda: np.zeros(2))

    def advance(self, dt: float) -> None:
        self.velocity[1] -= 9.8 * dt
        self.position += dt * self.velocity


def dataclass_with_arrays(x: Any) -> Any:
    s = _State(np.array([x[0], x[1]]), np.array([x[2], x[3]]))
    for _ in range(3):
        s.advance(0.1)
    return s.position[0] * s.position[1]


def generator(x: Any) -> Any:
    def sums() -> Iterator[Any]:
        b = np.zeros(2)
        for v in x:
            b[0] = v
            b[1] = b[0] * b[1] + v
            yield b[1] * 1.0

    return sum(sums())


def yielded_views(x: Any) -> Any:
    def rows(a: Any) -> Iterator[Any]:
        yield from a

    a = np.zeros((3, 2))
    for k, row in enumerate(rows(a)):
        row[:] = x[2 * k : 2 * k + 2] * (k + 1)
    return np.sum(a**2)


def comprehensions(x: Any) -> Any:
    a = np.array([v * math.exp(-v) for v in x])
    b = np.array([[x[i] * x[j] for j in range(3)] for i in range(3)])
    c = {k: np.array([v]) for k, v in enumerate(x)}
    c[0] += 1.0
    return np.sum(a) + np.sum(b @ b) + c[0][0] * c[1][0]


def reduced_and_mapped(x: Any) -> Any:
    def step(total: Any, v: Any) -> Any:
        total[0] += v * v
        total[1] = total[0] * v
        return total

    r = functools.reduce(step, x, np.zeros(2))
    s = sum(map(lambda v: math.exp(v), x)) + max(x, key=lambda v: math.sin(v))  # noqa: C417, PLW0108
    return r[0] * r[1] + s + list(itertools.accumulate(x, lambda a, b: a * math.cos(b)))[-1]


def caught_errors(x: Any) -> Any:
    try:
        v = float(x[0])
    except TypeError:
        v = 0.0
    a = np.zeros(2)
    try:
        a[0] = x[1]
        a[5] = x[2]
    except IndexError:
        a[1] = x[3]
    finally:
        a *= 2.0
    return v**2 + a[0] * a[1]


def early_return(x: Any) -> Any:
    out = np.zeros(6)
    for i, v in enumerate(x):
        out[i] = v * v
        if out[: i + 1].sum() > 1.0:
            return out.sum() * v
    return out.sum()


def while_loop_until_small(x: Any) -> Any:
    y, n = x * 1.0, 0
    while np.max(np.abs(y)) > 0.2 and n < 20:
        y *= 0.7
        y[0] += 0.01
        n += 1
    return np.sum(y) + n


def _timed(f: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(f)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return f(*args, **kwargs)

    return inner


@_timed
def _shifted(x: Any, *, by: int = 1) -> Any:
    out = np.zeros_like(x)
    out[by:] = x[:-by] ** 2
    return out


@functools.lru_cache
def _weights(n: int) -> Any:
    w = np.zeros(n)
    for i in range(n):
        w[i] = math.exp(-i)
    return w


def decorated_helpers(x: Any) -> Any:
    return np.sum(_shifted(x) * _weights(len(x))) + np.sum(_shifted(x, by=2))


_TABLE: dict[str, Any] = {"square": lambda v: np.asarray(v) ** 2, "shift": _shifted}


def functions_in_a_table(x: Any, more: Any = functools.partial(_shifted, by=3)) -> Any:  # noqa: B008
    first, second = lambda a: np.asarray(a) * 2.0, lambda a: np.array([a[0], a[1]]) ** 2
    return np.sum(_TABLE["shift"](_TABLE["square"](x))) + np.sum(more(x)) + np.sum(first(x[0]) * second(x))


def _clears(a: Any) -> None:
    a[0] = 0.0
    a *= 2.0


def helper_that_writes(x: Any) -> Any:
    y = x**2
    _clears(y[2:])
    return np.sum(y * x)


def walrus_and_conditional(x: Any) -> Any:
    a = np.zeros(3)
    a[0] = (y := x[0] * 2.0) if x[0] > 0 else -x[0]
    a[1] = y * a[0]
    a[2] = sum(v for v in a[:2])
    return np.prod(a + 1.0)


def matched(x: Any) -> Any:
    a = np.zeros(2)
    for kind, v in (("add", x[0]), ("scale", x[1]), ("add", x[2])):
        match kind:
            case "add":
                a += v
            case "scale":
                a[1] *= v
    return a[0] * a[1]


def with_statement(x: Any) -> Any:
    a = np.zeros(3)
    with np.errstate(divide="ignore"):
        a[:] = np.log(x[:3] ** 2)
        a[1] /= x[3]
    return np.sum(a)


def asked_about_types(x: Any) -> Any:
    y = np.zeros(3)
    y[0] = x[0]
    if not isinstance(y, np.ndarray) or not isinstance(x, np.ndarray) or type(x) is not np.ndarray:
        return 0.0
    if not isinstance(y[0], float) or not np.isscalar(y[0]):
        return 0.0
    return y[0] ** 2


def defaults_and_keywords(x: Any, scale: float = 2.0, *, offset: Any = 1.0) -> Any:
    a = np.zeros(len(x))
    a[:] = scale * x
    a[0] = offset
    return np.sum(a**2)


def recursion(x: Any) -> Any:
    memo = np.full(6, np.nan)

    def value(k: int) -> Any:
        if k < 2:
            return x[k]
        if np.isnan(memo[k]):
            memo[k] = value(k - 1) * x[k] + value(k - 2)
        return memo[k]

    return value(5)


def deleted_and_rebound(x: Any) -> Any:
    a = np.zeros(2)
    b = a
    a = a + x[0]
    b[0] = x[1]
    del a
    return b[0] ** 2 + b[1]


def lists_of_buffers(x: Any) -> Any:
    layers = [np.zeros(2) for _ in range(3)]
    for k, layer in enumerate(layers):
        layer[:] = x[2 * k : 2 * k + 2]
    layers[0] += layers[1]
    layers[2][0] = layers[0][1] * layers[1][0]
    return sum(np.sum(layer**2) for layer in layers)


def objects_with_buffers(x: Any) -> Any:
    class Box:
        def __init__(self) -> None:
            self.data = np.zeros((2, 3))

    box = Box()
    box.data[0] = x[:3]
    box.data += 1.0
    box.data[1, 1] *= x[5]
    return np.sum(box.data**2)


def _power(x: Any, n: int) -> Any:
    out = np.ones(1)
    if n:
        out[0] = x * _power(x, n - 1)[0]
    return out


class _Tree:
    depth = 3

    def __init__(self, x: Any) -> None:
        self.x = np.array([x, x * x])

    def total(self, depth: int = 0) -> Any:
        if depth == _Tree.depth:
            return self.x[1]
        self.x[1] += self.x[0] * 0.5
        return _Tree(self.x[1]).total(depth + 1)


def recursion_of_a_global_function(x: Any) -> Any:
    return _power(x[0], 3)[0] * x[1] + _Tree(x[2]).total()
