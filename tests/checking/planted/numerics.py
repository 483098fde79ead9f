"""Where a fixed step or a fixed tolerance goes wrong: scales, tails, optima, precision, single entries."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tests.checking.planted.planted import ALL, Bug, Planted

_random = np.random.default_rng(15)
_X = _random.normal(size=(40, 5))
_TRUE = _random.normal(size=5)
_Y = _X @ _TRUE
_SCALES = 10.0 ** np.arange(-6, 7, 2)


def scaled(x: Any) -> Any:
    return np.sum(np.sin(_SCALES * x) + (_SCALES * x) ** 2)


def scaled_gradient(x: Any, sign: float = 1.0) -> Any:
    g = _SCALES * np.cos(_SCALES * x) + 2 * _SCALES**2 * x
    g[0] *= sign
    return g


def near_optimum(w: Any) -> Any:
    return np.sum((_X @ w - _Y) ** 2)


def near_optimum_gradient(w: Any, factor: float = 2.0) -> Any:
    return factor * _X.T @ (_X @ w - _Y)


_FAST = 1e4


def fast_wave(x: Any) -> Any:
    return np.sum(np.sin(_FAST * x) * np.exp(-x))


def fast_wave_gradient(x: Any, inner: float = _FAST) -> Any:
    return np.exp(-x) * (inner * np.cos(_FAST * x) - np.sin(_FAST * x))


def tiny(x: Any) -> Any:
    return 1e-8 * np.sum(np.sin(x))


def tiny_gradient(x: Any, sign: float = 1.0) -> Any:
    g = 1e-8 * np.cos(x)
    g[2] *= sign
    return g


def huge(x: Any) -> Any:
    return 1e150 * np.prod(x)


def huge_gradient(x: Any, factor: float = 1.0) -> Any:
    return factor * 1e150 * np.prod(x) / x


def offset(x: Any) -> Any:
    return 1e6 + np.sum(np.cos(x))


def offset_gradient(x: Any, one: float = 1.0) -> Any:
    g = -np.sin(x)
    g[3] *= one
    return g


def large_logits(z: Any) -> Any:
    top = z.real.max()
    return top + np.log(np.sum(np.exp(z - top))) - z[1]


def large_logits_gradient(z: Any, limit: float = np.inf) -> Any:
    e = np.exp(np.clip(z, -limit, limit) - np.clip(z, -limit, limit).max())
    g = e / e.sum()
    g[1] -= 1
    return g


def _softplus(z: Any) -> Any:
    return np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0)


def hinge_tail(z: Any) -> Any:
    return np.sum(_softplus(z))


def hinge_tail_gradient(z: Any, slope: Any = None) -> Any:
    return 1 / (1 + np.exp(-z)) if slope is None else slope(z)


def far_apart(x: Any) -> Any:
    return np.sqrt(np.sum((x - 1e3) ** 2)) + np.sum(np.log(x))


def far_apart_gradient(x: Any, inner: float = 1.0) -> Any:
    return inner * (x - 1e3) / np.sqrt(np.sum((x - 1e3) ** 2)) + 1 / x


# A network whose loss is computed in single precision throughout.
_X32 = _X.astype(np.float32)
_Y32 = _Y.astype(np.float32)


def single_network(w: Any) -> Any:
    return np.mean((np.tanh(_X.astype(w.dtype) @ w) - _Y.astype(w.dtype)) ** 2)


def single_network_gradient(w: Any, active: bool = True) -> Any:
    a = np.tanh(_X.astype(w.dtype) @ w)
    slope = 1 - a**2 if active else np.ones_like(a)
    return (2 * _X.astype(w.dtype).T @ ((a - _Y.astype(w.dtype)) * slope) / len(_Y)).astype(w.dtype)


def single_entry_gradient(w: Any) -> Any:
    g = single_network_gradient(w)
    g[3] *= np.float32(1.05)
    return g


def smooth(x: Any) -> Any:
    return np.sum(np.exp(np.sin(x)))


def smooth_gradient(x: Any, single: bool = False) -> Any:
    if single:
        x = x.astype(np.float32)
    return (np.exp(np.sin(x)) * np.cos(x)).astype(float)


# One entry of many.
_WIDE = _random.normal(size=(20, 20))


def wide(w: Any) -> Any:
    return np.sum(np.tanh(w * _WIDE) ** 2) + np.sum(w[:-1] * w[1:])


def wide_gradient(w: Any, off: float = 0.0, row: int | None = None) -> Any:
    a = np.tanh(w * _WIDE)
    g = 2 * a * (1 - a**2) * _WIDE
    g[:-1] += w[1:]
    g[1:] += w[:-1]
    g[7, 13] += off
    if row is not None:
        g[row] = 0
    return g


# A buffer that an earlier call has filled.
class Accumulating:
    """A gradient that adds to a buffer which nobody clears."""

    def __init__(self) -> None:
        self.buffer: Any = 0.0

    def __call__(self, x: Any) -> Any:
        self.buffer = self.buffer + smooth_gradient(x)
        return self.buffer


def doubled(x: Any) -> Any:
    """What an accumulating gradient gives at its second call."""
    return 2 * smooth_gradient(x)


def product(x: Any) -> Any:
    return np.prod(x)


def product_gradient(x: Any, safe: bool = True) -> Any:
    if not safe:
        with np.errstate(all="ignore"):
            return np.nan_to_num(np.prod(x) / x)
    return np.array([np.prod(np.delete(x, i)) for i in range(len(x))])


def distance(a: Any, b: Any) -> Any:
    return np.sum((a - b) ** 2) ** 1.5


def distance_gradient(a: Any, b: Any, sign: float = -1.0) -> Any:
    g = 3 * np.sqrt(np.sum((a - b) ** 2)) * (a - b)
    return g, sign * g


def log_ratio(p: Any) -> Any:
    return np.sum(p * np.log10(p))


def log_ratio_gradient(p: Any, base: float = 10.0) -> Any:
    return (np.log(p) + 1) / np.log(base)


_AT = {"x": _random.normal(size=9)}
_W32 = {"w": (_random.normal(size=5) * 0.5).astype(np.float32)}
_GRID = {"w": _random.normal(size=(20, 20))}
_PAIR = {"a": _random.normal(size=4), "b": _random.normal(size=4)}

CASES = (
    Planted(
        "badly scaled: a sign at 1e-6", scaled, scaled_gradient,
        {"x": np.array([0.7, -0.4, 0.9, 0.3, -1.1, 0.6, 0.2]) / _SCALES},
        Bug(partial(scaled_gradient, sign=-1.0), {"x": 0}, ("sign", "factor"),
            "the smallest of entries from 1e-6 to 1e6 has the wrong sign"),
    ),
    Planted(
        "near optimum: factor 2", near_optimum, near_optimum_gradient, {"w": _TRUE + 1e-7 * _TRUE**2},
        Bug(partial(near_optimum_gradient, factor=1.0), {"w": ALL}, ("factor",),
            "a factor in a gradient of size 1e-6"),
        tolerance=1e-7,  # the gradient is a difference of numbers a million times its size
    ),
    Planted(
        "fast wave: chain rule", fast_wave, fast_wave_gradient, _AT,
        Bug(partial(fast_wave_gradient, inner=1.0), {"x": ALL}, ("missing-term", "factor"),
            "the inner derivative 1e4 is left out"),
    ),
    Planted(
        "tiny values: a sign", tiny, tiny_gradient, _AT,
        Bug(partial(tiny_gradient, sign=-1.0), {"x": 2}, ("sign", "factor"), "a wrong sign at size 1e-8"),
    ),
    Planted(
        "huge values: factor", huge, huge_gradient, {"x": np.array([0.5, -2.0, 1.5])},
        Bug(partial(huge_gradient, factor=0.5), {"x": ALL}, ("factor",), "one half, at size 1e150"),
    ),
    Planted(
        "large offset: one entry by 10 %", offset, offset_gradient, _AT,
        Bug(partial(offset_gradient, one=1.1), {"x": 3}, ("factor",), "the loss is a million and a little"),
    ),
    Planted(
        "large logits: clipped", large_logits, large_logits_gradient, {"z": np.array([301.0, 300.0, 298.5, 4.0])},
        Bug(partial(large_logits_gradient, limit=30.0), {"z": ALL}, ("clipped",),
            "logits are clipped in the gradient only"),
        truth="extended",
    ),
    Planted(
        "softplus: step for sigmoid", hinge_tail, hinge_tail_gradient,
        {"z": np.array([-3.0, -0.5, 0.2, 1.0, 2.5, 6.0])},
        Bug(partial(hinge_tail_gradient, slope=lambda z: (z > 0).astype(float)), {"z": ALL}, ("missing-term", "stopped-path"),
            "the derivative of max(z, 0)"),
        truth="extended",
    ),
    Planted(
        "distance: inner sign", far_apart, far_apart_gradient, {"x": np.array([1.0, 2.0, 3.0])},
        Bug(partial(far_apart_gradient, inner=-1.0), {"x": ALL}, ("sign",), "the sign of one of two terms"),
    ),
    Planted(
        "float32 network: activation", single_network, single_network_gradient, _W32,
        Bug(partial(single_network_gradient, active=False), {"w": ALL}, ("missing-activation", "missing-term"),
            "single precision throughout; the derivative of tanh is left out"),
        truth="extended", tolerance=2e-6, tags=("float32",),
    ),
    Planted(
        "float32 network: one entry by 5 %", single_network, single_network_gradient, _W32,
        Bug(single_entry_gradient, {"w": 3}, ("factor",), "single precision throughout; one entry is off"),
        truth="extended", tolerance=2e-6, tags=("float32",),
    ),
    Planted(
        "cast to float32 inside", smooth, smooth_gradient, _AT,
        Bug(partial(smooth_gradient, single=True), {"x": ALL}, ("float32",),
            "seven digits where the loss has sixteen"),
        tags=("cast",),
    ),
    Planted(
        "one of 400 by 1 %", wide, wide_gradient, _GRID,
        Bug(partial(wide_gradient, off=0.01), {"w": (7, 13)}, (), "a slip in a single entry"),
    ),
    Planted(
        "one row of twenty zero", wide, wide_gradient, _GRID,
        Bug(partial(wide_gradient, row=11), {"w": 11}, ("zero", "row"), "a row is never written"),
    ),
    Planted(
        "accumulated: doubled", smooth, smooth_gradient, _AT,
        Bug(doubled, {"x": ALL}, ("factor", "accumulated"), "an earlier call's gradient is still in the buffer"),
    ),
    Planted(
        "product with a zero", product, product_gradient, {"x": np.array([2.0, 0.0, -1.5, 3.0])},
        Bug(partial(product_gradient, safe=False), {"x": 1}, ("zero",), "prod / x where an x is 0"),
    ),
    Planted(
        "distance: second argument", distance, distance_gradient, _PAIR,
        Bug(partial(distance_gradient, sign=1.0), {"b": ALL}, ("sign", "factor"),
            "the derivative in b is minus that in a"),
    ),
    Planted(
        "entropy: natural logarithm", log_ratio, log_ratio_gradient, {"p": np.array([0.2, 0.5, 0.1, 0.9])},
        Bug(partial(log_ratio_gradient, base=np.e), {"p": ALL}, ("log-base", "factor"),
            "the loss has log10, the gradient log"),
    ),
)  # fmt: skip
