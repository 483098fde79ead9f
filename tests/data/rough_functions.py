"""Functions of one variable that are not what they look like at one scale, each with its true derivative, drawn at random.

Four kinds: a smooth function beside one that is rounded (``grainy``), functions with a continuous slope whose curvature
jumps (``seams``), true kinks (``kinks``), and smooth functions with a second, much finer scale (``fine``). Truth is the
closed form of the derivative, of the function before it was rounded. Every set is the same for the same seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Scalar = Callable[[float], float]
#: Distances from a seam at which it is looked at.
DISTANCES = (0.0, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 3e-2)


@dataclass(frozen=True, slots=True)
class Rough:
    """A function, a point, and the derivative there; at a kink ``left`` and ``right`` in its place."""

    kind: str
    f: Scalar
    x: float
    truth: float = math.nan
    left: float = math.nan
    right: float = math.nan


def smooth_pair(rng: Any) -> tuple[Scalar, Scalar]:
    """A smooth function of size and scale 1, and its derivative."""
    a, b, c = float(rng.uniform(0.4, 2.5)), float(rng.normal()), float(rng.uniform(0.3, 2.0))
    pairs: tuple[tuple[Scalar, Scalar], ...] = (
        (lambda t: c * math.sin(a * t + b), lambda t: c * a * math.cos(a * t + b)),
        (lambda t: c * math.exp(0.4 * a * t), lambda t: 0.4 * a * c * math.exp(0.4 * a * t)),
        (lambda t: c * math.tanh(a * t + b), lambda t: c * a / math.cosh(a * t + b) ** 2),
        (lambda t: c * (t - b) ** 2 + a, lambda t: 2.0 * c * (t - b)),
        (lambda t: c * math.log1p((a * t) ** 2), lambda t: 2.0 * c * a * a * t / (1.0 + (a * t) ** 2)),
        (lambda t: c * math.atan(a * t) + b * t, lambda t: c * a / (1.0 + (a * t) ** 2) + b),
    )
    return pairs[int(rng.integers(len(pairs)))]


def _single_inside(g: Scalar) -> Scalar:
    return lambda t: float(np.float32(g(float(np.float32(t)))))


def rounded(kind: str, g: Scalar, size: float, rng: Any) -> Scalar:
    """The function with its value, or its argument, in a coarse grain of 2^-8 to 2^-40 of its size."""
    unit = size * 2.0 ** -float(rng.uniform(8, 40))
    digits = int(rng.integers(3, 10))
    whole = int(10.0 ** rng.uniform(3, 9))
    sensor = 2.0 ** -float(rng.uniform(9, 30))
    made: dict[str, Scalar] = {
        "float32": lambda t: float(np.float32(g(t))),
        "float16": lambda t: float(np.float16(g(t))),
        "decimals": lambda t: round(g(t), digits),
        "fixed point": lambda t: unit * round(g(t) / unit),
        "single inside": _single_inside(g),
        "sensor": lambda t: g(sensor * math.floor(t / sensor + 0.5)),
        "integer": lambda t: int(g(t) * whole) / whole,
        "floor": lambda t: unit * math.floor(g(t) / unit),
    }
    return made[kind]


ROUNDINGS = ("float32", "float16", "decimals", "fixed point", "single inside", "sensor", "integer", "floor")


def grainy(count: int, seed: int) -> list[Rough]:
    """A rounded part beside a smooth one that is from a thirtieth of it to five times as large."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(count):
        (g, dg), (h, dh) = smooth_pair(rng), smooth_pair(rng)
        share, x = float(10.0 ** rng.uniform(-1.5, 0.7)), float(rng.normal()) * 1.5
        kind = ROUNDINGS[i % len(ROUNDINGS)]
        q = rounded(kind, g, max(abs(g(x)), 0.3), rng)
        made.append(Rough(kind, _sum(q, h, share), x, dg(x) + share * dh(x)))
    return made


def _sum(p: Scalar, h: Scalar, share: float) -> Scalar:
    return lambda t: p(t) + share * h(t)


def _spline(t: float) -> float:
    a = abs(t)
    return 2.0 / 3.0 - a * a + a**3 / 2.0 if a < 1.0 else (2.0 - a) ** 3 / 6.0 if a < 2.0 else 0.0


def _spline_slope(t: float) -> float:
    a = abs(t)
    found = -2.0 * a + 1.5 * a * a if a < 1.0 else -((2.0 - a) ** 2) / 2.0 if a < 2.0 else 0.0
    return math.copysign(1.0, t) * found


#: Functions with a continuous slope: value, slope, and the places where the curvature jumps.
SEAMS: dict[str, tuple[Scalar, Scalar, tuple[float, ...]]] = {
    "Huber": (
        lambda r: 0.5 * r * r if abs(r) <= 1.0 else abs(r) - 0.5,
        lambda r: min(max(r, -1.0), 1.0),
        (1.0, -1.0),
    ),
    "squared hinge": (lambda r: max(0.0, 1.0 - r) ** 2, lambda r: -2.0 * max(0.0, 1.0 - r), (1.0,)),
    "epsilon-insensitive": (
        lambda r: max(0.0, abs(r) - 0.3) ** 2,
        lambda r: 2.0 * max(0.0, abs(r) - 0.3) * math.copysign(1.0, r),
        (0.3, -0.3),
    ),
    "cubic": (lambda r: max(r - 0.5, 0.0) ** 3 + r, lambda r: 3.0 * max(r - 0.5, 0.0) ** 2 + 1.0, (0.5,)),
    "cut-off": (
        lambda r: math.sin(r) + 2.0 * max(r - 0.7, 0.0) ** 2 * math.exp(r),
        lambda r: math.cos(r) + (4.0 * max(r - 0.7, 0.0) + 2.0 * max(r - 0.7, 0.0) ** 2) * math.exp(r),
        (0.7,),
    ),
    "spline": (_spline, _spline_slope, (1.0, -1.0, 2.0)),
    "ELU": (lambda r: r if r > 0.0 else math.expm1(r), lambda r: 1.0 if r > 0.0 else math.exp(r), (0.0,)),
    "squared relu": (lambda r: max(r, 0.0) ** 2, lambda r: 2.0 * max(r, 0.0), (0.0,)),
}


def seams(count: int, seed: int) -> list[Rough]:
    """Points on a seam and at every distance of ``DISTANCES`` beside it, alone or beside a smooth function."""
    rng = np.random.default_rng(seed)
    names, made = list(SEAMS), []
    for i in range(count):
        p, dp, places = SEAMS[names[i % len(names)]]
        place = places[int(rng.integers(len(places)))]
        off = DISTANCES[(i // len(names)) % len(DISTANCES)] * float(rng.choice([-1.0, 1.0]))
        h, dh = smooth_pair(rng)
        share = float(rng.uniform(0.2, 2.0)) * bool(rng.random() < 0.6)
        x = place + off
        made.append(Rough(names[i % len(names)], _sum(p, h, share), x, dp(x) + share * dh(x)))
    return made


def kinks(count: int, seed: int) -> list[Rough]:
    """A slope that jumps at x, by a hundred-thousandth of the smooth part's slope to twice as much."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(count):
        h, dh = smooth_pair(rng)
        x = round(float(rng.normal()), 3) if rng.random() < 0.7 else 0.0
        k = float(10.0 ** rng.uniform(-5.0, 0.3)) * max(abs(dh(x)), 0.1)
        kind, p, left, right = _kink(i % 4, x, k)
        made.append(Rough(kind, _sum(p, h, 1.0), x, math.nan, dh(x) + left, dh(x) + right))
    return made


def _kink(which: int, x: float, k: float) -> tuple[str, Scalar, float, float]:
    return (
        ("abs", lambda t: k * abs(t - x), -k, k),
        ("relu", lambda t: k * max(t - x, 0.0), 0.0, k),
        ("hinge", lambda t: k * max(x - t, 0.0), -k, 0.0),
        ("largest of two", lambda t: k * max(t - x, (t - x) ** 2), 0.0, k),
    )[which]


def fine(count: int, seed: int) -> list[Rough]:
    """A smooth function beside one of a scale of 1e-1 to 1e-7: what is fine is no grain, and its slope counts."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(count):
        h, dh = smooth_pair(rng)
        x, phase = float(rng.normal()), float(rng.uniform(0.0, 6.0))
        kind, p, slope = _fine(i % 4, x, phase, rng)
        made.append(Rough(kind, _sum(p, h, 1.0), x, slope + dh(x)))
    return made


def _fine(which: int, x: float, phase: float, rng: Any) -> tuple[str, Scalar, float]:
    rate = float(10.0 ** rng.uniform(2, 5))
    size, steep = float(10.0 ** rng.uniform(-1, 0.5)) / rate, float(10.0 ** rng.uniform(1, 7))
    wide = float(10.0 ** rng.uniform(2, 8))
    at = phase / 6.0 / math.sqrt(wide)
    return (
        ("ripple", lambda t: size * math.sin(rate * (t - x) + phase), size * rate * math.cos(phase)),
        ("switch", lambda t: math.tanh(steep * (t - x) + phase / 6.0), steep / math.cosh(phase / 6.0) ** 2),
        ("bump", lambda t: math.exp(-wide * (t - x - at) ** 2), 2.0 * wide * at * math.exp(-wide * at * at)),
        (
            "two ripples",
            lambda t: size * (math.sin(rate * (t - x)) + 0.5 * math.sin(2.7 * rate * (t - x) + 1.0)),
            size * rate * (1.0 + 1.35 * math.cos(1.0)),
        ),
    )[which]
