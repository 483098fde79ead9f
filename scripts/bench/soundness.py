"""``scripts/bench soundness [CASES] [SEED]``: is a right gradient ever called wrong, or one that is off by more than stated right?

Random losses (smooth, kinked, nearly at their optimum, cancelling, noisy, in single precision) of 1 to 1,000,000 entries
at scales from 1e-12 to 1e12, each with its right gradient, and with errors of every size planted in one entry, in some, in all.
"""

from __future__ import annotations

import sys
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.errors import CalcgradError

Array = Any
SIZES = (1, 2, 3, 5, 8, 9, 12, 30, 100, 300, 1000, 10_000, 100_000, 1_000_000)
SHARES = np.array([8, 8, 8, 8, 8, 10, 10, 10, 10, 8, 6, 3, 2, 1]) / 100


class Loss(NamedTuple):
    """A loss, its gradient, a point."""

    f: Callable[[Array], Any]
    g: Callable[[Array], Array]
    x: Array


def smooth(rng: Any, n: int, scale: float, size: float) -> Loss:
    """Softplus of each entry, a penalty, and a coupling of all."""
    a, x = rng.uniform(0.2, 2.0, n) / scale, rng.standard_normal(n) * scale

    def f(w: Array) -> Any:
        u = np.sum(a * w) / n
        return size * (np.sum(np.logaddexp(0.0, a * w)) + 0.05 * np.sum((w / scale) ** 2) + np.sin(u))

    def g(w: Array) -> Array:
        u = np.sum(a * w) / n
        return size * (a / (1.0 + np.exp(-a * w)) + 0.1 * w / scale**2 + np.cos(u) * a / n)

    return Loss(f, g, x)


def optimum(rng: Any, n: int, scale: float, size: float) -> Loss:
    """A quartic bowl, very near its bottom."""
    centre, a = rng.standard_normal(n) * scale, rng.uniform(0.5, 2.0, n)
    x = centre * (1.0 + 10.0 ** rng.uniform(-12, -4))

    def f(w: Array) -> Any:
        z = (w - centre) / scale
        return size * np.sum(a * z**2 + z**4)

    def g(w: Array) -> Array:
        z = (w - centre) / scale
        return size * (2.0 * a * z + 4.0 * z**3) / scale

    return Loss(f, g, x)


def cancelling(rng: Any, n: int, scale: float, size: float) -> Loss:
    """A small loss on a large constant."""
    inner = smooth(rng, n, scale, 1.0)
    offset = 10.0 ** rng.uniform(2, 8)
    return Loss(lambda w: size * (inner.f(w) + offset), lambda w: size * inner.g(w), inner.x)


def kinked(rng: Any, n: int, scale: float, size: float) -> Loss:
    """Piecewise linear, the kinks anywhere."""
    a, b, x = rng.standard_normal(n), rng.standard_normal(n) * scale, rng.standard_normal(n) * scale

    def f(w: Array) -> Any:
        return size * np.sum(a * np.maximum(w - b, 0.0) + np.abs(w)) / scale

    def g(w: Array) -> Array:
        return size * (a * (w > b) + np.sign(w)) / scale

    return Loss(f, g, x)


def network(rng: Any, n: int, scale: float, size: float) -> Loss:
    """A layer of relu: kinks across many entries."""
    width = max(1, int(np.sqrt(n)))
    data, x = rng.standard_normal((min(n, 8), width)), rng.standard_normal(n) * scale
    used = width * (n // width)

    def parts(w: Array) -> Array:
        return data @ w[:used].reshape(width, -1) / scale

    def f(w: Array) -> Any:
        h = np.maximum(parts(w), 0.0)
        return size * np.sum(h**2 + h)

    def g(w: Array) -> Array:
        h = parts(w)
        found = np.zeros(n)
        found[:used] = (data.T @ ((h > 0) * (2.0 * h + 1.0))).ravel() / scale
        return size * found

    return Loss(f, g, x)


def noisy(rng: Any, n: int, scale: float, size: float) -> Loss:
    """A loss with noise that is the same in every call: a solver that stops early."""
    inner, level = smooth(rng, n, scale, 1.0), 10.0 ** rng.uniform(-12, -6)

    def f(w: Array) -> Any:
        drawn = zlib.crc32(np.ascontiguousarray(w).tobytes()) / 2.0**32
        return size * (float(inner.f(w)) + level * (drawn - 0.5))

    return Loss(f, lambda w: size * inner.g(w), inner.x)


def single(rng: Any, n: int, scale: float, size: float) -> Loss:
    """Computed in single precision inside."""
    scale, size = min(max(scale, 1e-6), 1e6), min(max(size, 1e-6), 1e6)
    a = rng.uniform(0.2, 2.0, n).astype(np.float32)
    x = rng.standard_normal(n) * scale

    def f(w: Array) -> Any:
        z = a * (w / scale).astype(np.float32)
        return np.float32(size) * np.sum(np.sin(z) + z * z, dtype=np.float32)

    def g(w: Array) -> Array:
        z = a * w / scale
        return size * a * (np.cos(z) + 2.0 * z) / scale

    return Loss(f, g, x)


FAMILIES = (smooth, optimum, cancelling, kinked, network, noisy, single)


def planted(rng: Any, g: Callable[[Array], Array], x: Array) -> tuple[Callable[[Array], Array], float]:
    """A wrong gradient, and how far its worst entry is off; sometimes a right one (0)."""
    right = g(x)
    n, kind = len(x), rng.integers(0, 5)
    largest = float(np.max(np.abs(right))) or 1.0
    if kind == 0:
        return g, 0.0
    error = np.zeros(n)
    size = largest * 10.0 ** rng.uniform(-13, 1)
    if kind == 1:
        error[rng.integers(n)] = size * rng.choice([-1, 1])
    elif kind == 2:
        chosen = rng.choice(n, max(1, n // 10), replace=False)
        error[chosen] = size * rng.standard_normal(len(chosen))
    elif kind == 3 and n > 1:
        i, j = rng.choice(n, 2, replace=False)
        error[i], error[j] = size, -size
    else:
        error = right * 10.0 ** rng.uniform(-13, 0) * rng.choice([-1, 1])
    return (lambda w: g(w) + error), float(np.max(np.abs(error)))


def one(seed: int) -> tuple[str, str]:
    """One case: its family, and what came of it."""
    rng = np.random.default_rng([seed, 77])
    n = int(rng.choice(SIZES, p=SHARES / SHARES.sum()))
    family = FAMILIES[rng.integers(len(FAMILIES))]
    loss = family(rng, n, 10.0 ** rng.uniform(-12, 12), 10.0 ** rng.uniform(-12, 12))
    claim, off = planted(rng, loss.g, loss.x)
    options = Options(seed=seed, trace=bool(rng.integers(2)), locate=n <= 1000, diagnose=False)
    try:
        report = check_subject(Subject(loss.f, (Claim(claim),), {"w": loss.x}), options)
    except CalcgradError as error:
        return family.__name__, f"error {error.diagnostic.code}"
    what = "right" if off == 0.0 else "wrong"
    if what == "right" and report.verdict == "wrong":
        return family.__name__, f"FALSE ALARM (seed {seed}, n {n})"
    if what == "wrong" and report.verdict == "right":
        if report.detectable is None or off > report.detectable:
            return family.__name__, f"MISSED {off:.1e} over {report.detectable} (seed {seed}, n {n})"
        return family.__name__, "wrong, below what is stated"
    if report.cause == "witnesses-disagree":
        print(family.__name__, f"witnesses disagree (seed {seed}, n {n})", file=sys.stderr, flush=True)
    return family.__name__, f"{what}, called {report.verdict}" + (
        f" ({report.cause})" if report.cause else ""
    )


def main(argv: list[str]) -> int:
    """Run the cases and print the counts; 1 where anything was missed or called wrong falsely."""
    cases, first = (int(argv[0]) if argv else 2000), (int(argv[1]) if len(argv) > 1 else 0)
    counts: Counter[tuple[str, str]] = Counter()
    for seed in range(first, first + cases):
        found = one(seed)
        counts[found] += 1
        if found[1].isupper() or "FALSE" in found[1] or "MISSED" in found[1]:
            print(*found, file=sys.stderr, flush=True)
    for (family, what), count in sorted(counts.items()):
        print(f"{family:12s} {count:6d}  {what}")
    bad = sum(count for (_, what), count in counts.items() if "FALSE" in what or "MISSED" in what)
    print(f"{cases} cases: {bad} bad")
    return 1 if bad else 0
