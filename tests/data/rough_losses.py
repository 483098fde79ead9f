"""Losses with a part in a coarse grain, each with its gradient: what the checker must not call wrong.

``losses`` draws them: a rounded sum of smooth terms beside a smooth double part, in one to twenty entries. The grain is
2^-10 to 2^-40 of the rounded part: single and half precision, decimals, fixed point, integer arithmetic, quantised
readings, tables looked up, and tables with linear interpolation (which are continuous: the cell's slope is the slope).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any
KINDS = (
    "float32",
    "float16",
    "decimals",
    "fixed point",
    "integer",
    "single inside",
    "reading",
    "table",
    "interpolated",
)


@dataclass(frozen=True, slots=True)
class RoughLoss:
    """A loss, its right gradient, a point."""

    kind: str
    f: Callable[[Array], float]
    g: Callable[[Array], Array]
    x: Array

    def spoiled(self, share: float) -> Callable[[Array], Array]:
        """The gradient with its largest entry off by this share."""
        worst = int(np.argmax(np.abs(self.g(self.x))))

        def wrong(w: Array) -> Array:
            found = self.g(w).copy()
            found[worst] *= 1.0 + share
            return found

        return wrong


def losses(count: int, seed: int) -> list[RoughLoss]:
    """The same losses for the same seed."""
    rng = np.random.default_rng(seed)
    return [_loss(KINDS[i % len(KINDS)], rng) for i in range(count)]


def _loss(kind: str, rng: Any) -> RoughLoss:
    n = int(rng.choice([1, 2, 3, 5, 8, 12, 20]))
    a, b = rng.uniform(0.4, 2.0, n), rng.normal(size=n)
    share, x = float(10.0 ** rng.uniform(-1.5, 0.5)), rng.normal(size=n) * 1.5
    size = max(abs(float(np.sum(np.sin(a * x + b)))), 0.3)
    part, slope = _rounded(kind, a, b, size, rng)

    def f(w: Array) -> float:
        w = np.asarray(w, dtype=float)
        return part(w) + share * float(np.sum(w * w) + np.sin(np.sum(w)))

    def g(w: Array) -> Array:
        w = np.asarray(w, dtype=float)
        return slope(w) + share * (2.0 * w + np.cos(np.sum(w)))

    return RoughLoss(kind, f, g, x)


def _rounded(
    kind: str, a: Array, b: Array, size: float, rng: Any
) -> tuple[Callable[[Array], float], Callable[[Array], Array]]:
    """The rounded part and its slope."""
    unit = size * 2.0 ** -float(rng.uniform(10, 40))
    digits, whole = int(rng.integers(3, 10)), int(10.0 ** rng.uniform(3, 9))
    reading = 2.0 ** -float(rng.uniform(10, 40))
    grid = np.linspace(-12.0, 12.0, int(10.0 ** rng.uniform(3.5, 6)))
    values = np.sin(grid) if kind in ("table", "interpolated") else grid
    a32, b32 = a.astype(np.float32), b.astype(np.float32)

    def inner(w: Array) -> float:
        return float(np.sum(np.sin(a * w + b)))

    def slope(w: Array) -> Array:
        return a * np.cos(a * w + b)

    def nearest(w: Array) -> float:
        return float(
            np.sum(values[np.rint((a * w + b + 12.0) / (grid[1] - grid[0])).astype(int) % len(grid)])
        )

    def cells(w: Array) -> Array:
        k = np.clip(np.searchsorted(grid, a * w + b, side="right") - 1, 0, len(grid) - 2)
        return a * (values[k + 1] - values[k]) / (grid[k + 1] - grid[k])

    parts: dict[str, Callable[[Array], float]] = {
        "float32": lambda w: float(np.float32(inner(w))),
        "float16": lambda w: float(np.float16(inner(w))),
        "decimals": lambda w: round(inner(w), digits),
        "fixed point": lambda w: unit * round(inner(w) / unit),
        "integer": lambda w: int(inner(w) * whole) / whole,
        "single inside": lambda w: float(np.sum(np.sin(a32 * w.astype(np.float32) + b32))),
        "reading": lambda w: inner(reading * np.rint(w / reading)),
        "table": nearest,
        "interpolated": lambda w: float(np.sum(np.interp(a * w + b, grid, values))),
    }
    return parts[kind], cells if kind == "interpolated" else slope
