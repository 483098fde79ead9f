"""``scripts/bench planted [--seed K]``: the planted gradients of ``tests/checking/planted`` put to the checker, as a matrix."""

from __future__ import annotations

import argparse
from time import perf_counter


def main(argv: list[str]) -> int:
    """Print the matrix; 1 where a bug passes or a right gradient is rejected."""
    from tests.checking.planted.matrix import outcomes, table

    parser = argparse.ArgumentParser(prog="scripts/bench planted", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the checker's random directions")
    options = parser.parse_args(argv)
    start = perf_counter()
    found = list(outcomes(options.seed))
    print(table(found))
    print(f"seconds                    {perf_counter() - start:.1f}")
    return int(any(o.passed or o.alarmed for o in found))
