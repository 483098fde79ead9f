"""How a function of NumPy arrays is measured: its values against NumPy's, both modes against each other and differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

import calcgrad

#: Whether some of NumPy's own values and precisions are those of before NumPy 2.
NUMPY_1 = np.lib.NumpyVersion(np.__version__) < "2.0.0"
#: The first two numbers of SciPy's version.
SCIPY = tuple(map(int, scipy.__version__.split(".")[:2]))


@dataclass(frozen=True)
class Case:
    """A call of a function, the shapes of its arguments, and the range from which they are drawn.

    ``second`` and ``single`` say whether second derivatives, and single precision, are measured too.
    """

    name: str
    call: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]
    low: float = 0.5
    high: float = 2.5
    second: bool = True
    single: bool = True

    def arguments(self, seed: int) -> list[Any]:
        """Arguments in the range, no two entries alike; a number where the shape is ()."""
        return [drawn(seed + i, shape, self.low, self.high) for i, shape in enumerate(self.shapes)]


def case(name: str, call: Callable[..., Any], *shapes: tuple[int, ...], **options: Any) -> Case:
    return Case(name, call, shapes, **options)


def drawn(seed: int, shape: Sequence[int], low: float, high: float) -> Any:
    rng = np.random.default_rng(seed)
    n = int(np.prod(shape))
    entries = low + (high - low) * (rng.permutation(n) + rng.uniform(0.2, 0.8, n)) / max(n, 1)
    return entries.reshape(shape) if len(shape) else float(entries[0])


def floats_of(out: Any) -> list[Any]:
    """The outputs that can have a derivative, in a row: those that are real, and the two parts of complex ones."""
    parts = list(out) if isinstance(out, list | tuple) else [out]
    found = []
    for part in parts:
        kind = getattr(part, "dtype", np.dtype(type(part))).kind
        if kind == "c":
            found += [np.real(part), np.imag(part)]
        elif kind == "f":
            found.append(part)
    return found


def inner(a: Sequence[Any], b: Sequence[Any]) -> float:
    """The sum of the products of all entries."""
    return float(sum(np.sum(np.asarray(x) * np.asarray(y)) for x, y in zip(a, b, strict=True)))


def moved(arguments: Sequence[Any], directions: Sequence[Any], step: float) -> list[Any]:
    return [a + step * d for a, d in zip(arguments, directions, strict=True)]


def first_difference(
    f: Callable[..., list[Any]], x: Sequence[Any], u: Sequence[Any], h: float = 1e-4
) -> list[Any]:
    """Central differences of fourth order along a direction."""
    near = [f(*moved(x, u, k * h)) for k in (-2, -1, 1, 2)]
    return [
        (a - 8 * b + 8 * c - d) / (12 * h)
        for a, b, c, d in zip(*[map(np.asarray, n) for n in near], strict=True)
    ]


def second_difference(
    f: Callable[..., list[Any]], x: Sequence[Any], u: Sequence[Any], h: float = 2e-3
) -> list[Any]:
    """The second derivative along a direction, of fourth order."""
    near = [f(*moved(x, u, k * h)) for k in (-2, -1, 0, 1, 2)]
    return [
        (-a + 16 * b - 30 * c + 16 * d - e) / (12 * h * h)
        for a, b, c, d, e in zip(*[map(np.asarray, n) for n in near], strict=True)
    ]


def pushed(f: Callable[..., list[Any]], x: Sequence[Any], u: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Values and tangents by forward mode."""
    values, tangents = calcgrad.jvp(f, tuple(x), tuple(u))
    return list(values), list(tangents)


def pulled(f: Callable[..., list[Any]], x: Sequence[Any], weights: Sequence[Any]) -> list[Any]:
    """Cotangents by reverse mode."""
    _, pull = calcgrad.vjp(f, *x)
    return list(pull(list(weights)))
