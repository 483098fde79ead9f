"""How fast gradients of NumPy functions are, beside hand-written ones and peers: ``scripts/bench speed``.

Every library runs in a process of its own, on one thread; they take turns, and the best time of each counts. All derivatives of
a row are checked against the hand-written one before any is timed; a row is printed as soon as it is measured. Figures are
ratios to the hand-written derivative in the same run; ours stand beside the bars that they are held to, ``*`` marks one that is
missed, ``<`` native code that a peer is ahead of (numba, which is written by hand too, does not count as one). ``memory`` is the
peak of bytes of ours, traced, compiled and native, over that of the function itself. ``--clock cpu`` counts a process's own time,
for a machine that does other things too. ``--runs 3`` does it all so often, with new processes, and ends with the medians
and the spread of each; ``--first`` shows the seconds from the function to its first result instead, for native code also
with what is kept on disk.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from _speed_table import Row, Table

HERE = Path(__file__).resolve().parent
PEERS = ("autograd", "jax", "torch", "casadi", "numba")
OURS = ("traced", "compiled", "native")
#: Settings of this environment that would make one library's arithmetic slower than another's.
UNSET = ("PYTHONDONTWRITEBYTECODE", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Worker:
    """A library's process; what it is asked, it answers in a line."""

    def __init__(self, library: str, clock: str) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in UNSET}
        environment |= dict.fromkeys(THREADS, "1")
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        environment["JAX_PLATFORMS"] = "cpu"
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "_speed_worker.py"), library, clock],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )

    def ask(self, number: int, what: str, budget: float = 0.0) -> dict[str, Any]:
        """The answer, or that the process has ended."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps([number, what, budget]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else {"why": "its process ended"}

    def close(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait()


def main(argv: list[str]) -> int:
    """Measure in turns and print the table."""
    from _workloads import WORKLOADS

    options = _options(argv)
    words, peers = options.words, [p for p in options.peers.split(",") if p]
    numbers = [k for k, w in enumerate(WORKLOADS) if not words or any(word in w.name for word in words)]
    print(_versions(peers) + f"; {options.clock} time", flush=True)
    ours = [name for name in OURS if name != "native" or find_spec("llvmlite")]
    columns = [*ours, *peers]
    if options.first:
        _first(columns, numbers, options.clock)
        return 0
    runs: list[list[Row]] = []
    table = Table(ours, peers)
    for k in range(options.runs):
        if options.runs > 1:
            print(f"\nrun {k + 1} of {options.runs}", flush=True)
        runs.append(_run(table, numbers, options))
    if options.runs > 1:
        table.print_medians(runs)
    return 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench speed", description=__doc__)
    parser.add_argument("words", nargs="*", help="only workloads whose name holds one of these")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each library, a row")
    parser.add_argument(
        "--runs", type=int, default=1, help="whole tables; their medians and spread come last"
    )
    parser.add_argument("--budget", type=float, default=0.3, help="seconds of a turn")
    parser.add_argument("--peers", default=",".join(PEERS), help="the libraries beside ours")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="which time counts")
    parser.add_argument("--first", action="store_true", help="the seconds to a first result instead")
    return parser.parse_args(argv)


def _run(table: Table, numbers: Sequence[int], options: argparse.Namespace) -> list[Row]:
    """One table, with processes of its own."""
    from _workloads import WORKLOADS

    workers = {name: Worker(name, options.clock) for name in ("hand", *table.ours, *table.peers)}
    rows: list[Row] = []
    try:
        table.print_head()
        for k in numbers:
            best, why = _measured(workers, k, options)
            rows.append(Row(WORKLOADS[k], best, _memory(workers, k)))
            table.print_row(rows[-1])
            for name, reason in why.items():
                print(f"    {name}: {reason}", flush=True)
    finally:
        for worker in workers.values():
            worker.close()
    return rows


def _first(columns: Sequence[str], numbers: Sequence[int], clock: str) -> None:
    """The seconds to a first result, row by row."""
    from _workloads import WORKLOADS

    workers = {name: Worker(name, clock) for name in columns}
    print(f"{'seconds to a first result':<34}" + "".join(f"{c:>9}" for c in (*columns, "kept")), flush=True)
    try:
        for name, worker in workers.items():  # what a library loads when it is first used is not the row's
            worker.ask(0, "first") if name != "native" else worker.ask(0, "seconds", 0.0)
        for k in numbers:
            found = {name: worker.ask(k, "first") for name, worker in workers.items()}
            seconds = [a.get("first") for a in found.values()] + [found.get("native", {}).get("again")]
            cells = [f"{'-' if s is None else f'{s:.4f}':>9}" for s in seconds]
            print(f"{WORKLOADS[k].name:<34}" + "".join(cells), flush=True)
    finally:
        for worker in workers.values():
            worker.close()


def _versions(peers: list[str]) -> str:
    """What is compared with what."""
    found = [f"Python {platform.python_version()}"]
    for name in ("calcgrad", "numpy", "llvmlite", *peers):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} (not installed)")
    return ", ".join(found)


def _measured(
    workers: dict[str, Worker], k: int, options: argparse.Namespace
) -> tuple[dict[str, float], dict[str, str]]:
    """The best seconds of every library for one workload, and why there are none: first all are checked, then they take turns."""
    why = {name: a["why"] for name, w in workers.items() if "why" in (a := w.ask(k, "check"))}
    best: dict[str, float] = {}
    for _ in range(options.rounds):
        for name, worker in workers.items():
            if name in why:
                continue
            answer = worker.ask(k, "seconds", options.budget)
            if "seconds" in answer:
                best[name] = min(best.get(name, float("inf")), answer["seconds"])
            else:
                why[name] = answer["why"]
    return {name: seconds for name, seconds in best.items() if name not in why}, why


def _memory(workers: dict[str, Worker], k: int) -> dict[str, float | None]:
    function = workers["hand"].ask(k, "function").get("bytes")
    found: dict[str, float | None] = {}
    for name in OURS:
        peak = workers[name].ask(k, "bytes").get("bytes") if name in workers else None
        found[name] = peak / function if peak and function and function > 10_000 else None
    return found
