"""``scripts/bench locate [SEEDS]``: how many evaluations it takes to find 1, 2, 5 and 20 wrong entries of 100,000.

Misses and false alarms are counted. The loss is a sum of softplus terms, a penalty and a product that couples the first and
the last thousand entries; it is not traced. The evaluations are all of the check's: deciding, locating, verifying each entry,
and a last direction that sees nothing else.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Any

import numpy as np

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject

Array = Any
N = 100_000
RNG = np.random.default_rng(0)
A, X = RNG.uniform(0.2, 2.0, N), RNG.standard_normal(N)
CASES = ((0, 0.0), (1, 1.0), (1, 1e-3), (1, 1e-6), (2, 0.1), (5, 0.1), (20, 0.1))


def loss(x: Array) -> float:
    """A function of 100,000 entries."""
    u, q = np.sum(x[:1000]) * 0.01, np.sum(x[-1000:] ** 2)
    return float(np.sum(np.logaddexp(0.0, A * x)) + 0.05 * np.sum(x * x) + 1e-3 * np.sin(u) * q)


def gradient(x: Array) -> Array:
    """Its gradient."""
    u, q = np.sum(x[:1000]) * 0.01, np.sum(x[-1000:] ** 2)
    g = A / (1.0 + np.exp(-A * x)) + 0.1 * x
    g[:1000] += 1e-5 * np.cos(u) * q
    g[-1000:] += 2e-3 * np.sin(u) * x[-1000:]
    return g


def run(count: int, size: float, seed: int) -> tuple[int, int, int, bool, str]:
    """One check: evaluations, wrong entries found, entries falsely found, whether complete, the verdict."""
    rng = np.random.default_rng([seed, count])
    wrong = rng.choice(N, count, replace=False)
    error = size * rng.choice([-1, 1], count) * rng.uniform(0.5, 2.0, count)

    def claim(x: Array) -> Array:
        g = gradient(x)
        g[wrong] += error
        return g

    report = check_subject(
        Subject(loss, (Claim(claim),), {"x": X}), Options(seed=seed, trace=False, diagnose=False)
    )
    found = {entry.index[0] for entry in report.wrong if entry.index}
    planted = {int(i) for i in wrong}
    return (
        report.evaluations,
        len(found & planted),
        len(found - planted),
        report.wrong_complete,
        report.verdict,
    )


def main(argv: list[str]) -> int:
    """Print a line a case; 1 where an entry was missed that the report calls complete, or a right one named."""
    seeds = int(argv[0]) if argv else 10
    bad = 0
    print("wrong  size    found  false  complete  evaluations: median  most  seconds")
    for count, size in CASES:
        start = perf_counter()
        rows = [run(count, size, seed) for seed in range(seeds)]
        evaluations = sorted(row[0] for row in rows)
        found, false = sum(row[1] for row in rows), sum(row[2] for row in rows)
        complete = sum(row[3] for row in rows)
        bad += false + sum(row[3] and row[1] < count for row in rows)
        bad += sum((row[4] == "wrong") != (count > 0) for row in rows)
        share = f"{found}/{count * seeds}"
        print(
            f"{count:5d}  {size:5.0e}  {share:>6s}  {false:5d}  {complete:4d}/{seeds:<3d}  "
            f"{int(np.median(evaluations)):19d}  {evaluations[-1]:4d}  {(perf_counter() - start) / seeds:.1f}",
            flush=True,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
