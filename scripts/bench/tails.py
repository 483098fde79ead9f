"""How right is every row of the table, from 1e-300 to 1e300 and beside its edges?

``scripts/bench tails [--step K] [--rows a,b] [--over U]`` walks values and partials over the doubles, every K powers of ten,
against Arb's balls, and prints the worst point of each row, in ulps over max(1, condition).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
from time import perf_counter
from typing import Any

from _tails import Miss, misses, points, rows

#: Seconds for one point, by the clock; more is a hang.
PATIENCE = 20.0


def main(argv: list[str]) -> int:
    """Print a line a row, the worst last; 1 when one is off by more than ``--over``."""
    parser = argparse.ArgumentParser(prog="scripts/bench tails", description=__doc__)
    parser.add_argument("--step", type=int, default=12, help="powers of ten between points")
    parser.add_argument("--rows", default="", help="a comma-separated choice")
    parser.add_argument("--over", type=float, default=4.0, help="print every miss of more ulps than this")
    options = parser.parse_args(argv)
    chosen = [r for r in rows() if not options.rows or r.name in options.rows.split(",")]
    worst: list[Miss] = []
    walked = silent = hangs = 0
    for row in chosen:
        start = perf_counter()
        found, stuck = _walk(row, options.step)
        known = [m for m in found if m is not None]
        for p in stuck:
            print(f"HANG {row.name}{p}", flush=True)
        for m in sorted(known, key=lambda m: m.ulps):
            if m.ulps > options.over:
                print(_line(m), flush=True)
        walked, silent, hangs = walked + len(found), silent + len(found) - len(known), hangs + len(stuck)
        if known:
            worst.append(max(known, key=lambda m: m.ulps))
        if perf_counter() - start > 30:
            print(f"slow {row.name}: {perf_counter() - start:.0f} s for {len(found)} points", flush=True)
    worst.sort(key=lambda m: m.ulps)
    print(*map(_line, worst), sep="\n")
    bad = [m for m in worst if m.ulps > options.over]
    print(
        f"{len(chosen)} rows, {walked:,} points, {silent} without a truth, {hangs} hangs;"
        f" {len(bad)} rows beyond {options.over:g} ulps"
    )
    return 1 if bad or hangs else 0


def _line(m: Miss) -> str:
    what = "value" if m.argument < 0 else f"partial {m.argument}"
    return f"{m.ulps:10.3g}  {m.name:20} {what:9} {m.point} is {m.found!r}, true {m.true}"


def _walk(row: Any, step: int) -> tuple[list[Miss | None], list[tuple[float, ...]]]:
    """The misses at a row's points, in a child that is killed and started again past a point where it hangs."""
    todo, found, stuck = points(row, step), [], []
    while todo:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.get_context("fork").Process(target=_child, args=(theirs, row, todo))
        child.start()
        theirs.close()
        try:
            while todo and ours.poll(PATIENCE):
                found.append(ours.recv())
                todo.pop(0)
        except EOFError:
            pass
        if todo:
            stuck.append(todo.pop(0))
        if child.is_alive() and child.pid:
            os.kill(child.pid, signal.SIGKILL)
        child.join()
    return found, stuck


def _child(pipe: Any, row: Any, todo: list[tuple[float, ...]]) -> None:
    for m in misses(row, todo):
        pipe.send(m)
