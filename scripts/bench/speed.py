"""How fast gradients of NumPy functions are, beside hand-written ones and peers: ``scripts/bench speed``.

Every library runs in a process of its own, on one thread; they take turns, and the best time of each counts. All derivatives of
a row are checked against the hand-written one before any is timed; a row is printed as soon as it is measured. Figures are
ratios to the hand-written derivative in the same run; ours stand beside the bars that they are held to, ``*`` marks one that is
missed. ``numba`` is hand-written too, as loops. ``memory`` is the peak of bytes of ours, traced and compiled, over that of the
function itself. ``--clock cpu`` counts a process's own time, for a machine that does other things too.
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

HERE = Path(__file__).resolve().parent
PEERS = ("autograd", "jax", "torch", "casadi", "numba")
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


def main(argv: list[str]) -> int:
    """Measure in turns and print the table."""
    from _workloads import WORKLOADS

    parser = argparse.ArgumentParser(prog="scripts/bench speed", description=__doc__)
    parser.add_argument("words", nargs="*", help="only workloads whose name holds one of these")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=",".join(PEERS), help="the libraries beside ours")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="which time counts")
    options = parser.parse_args(argv)
    words, peers = options.words, [p for p in options.peers.split(",") if p]
    numbers = [k for k, w in enumerate(WORKLOADS) if not words or any(word in w.name for word in words)]
    print(_versions(peers) + f"; {options.clock} time", flush=True)
    columns = (*(("native",) if find_spec("calcgrad.native") else ()), *peers)
    workers = {name: Worker(name, options.clock) for name in ("hand", "traced", "compiled", *columns)}
    try:
        _print_head(columns)
        for k in numbers:
            best, why = _measured(workers, k, options.rounds)
            _print_row(WORKLOADS[k], best, _memory(workers, k), columns)
            for name, reason in why.items():
                print(f"    {name}: {reason}", flush=True)
    finally:
        for worker in workers.values():
            worker.close()
    return 0


def _versions(peers: list[str]) -> str:
    """What is compared with what."""
    found = [f"Python {platform.python_version()}"]
    for name in ("calcgrad", "numpy", *peers):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} (not installed)")
    return ", ".join(found)


def _measured(workers: dict[str, Worker], k: int, rounds: int) -> tuple[dict[str, float], dict[str, str]]:
    """The best seconds of every library for one workload, and why there are none: first all are checked, then they take turns."""
    why = {name: a["why"] for name, w in workers.items() if "why" in (a := w.ask(k, "check"))}
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, worker in workers.items():
            if name in why:
                continue
            answer = worker.ask(k, "seconds", 0.3)
            if "seconds" in answer:
                best[name] = min(best.get(name, float("inf")), answer["seconds"])
            else:
                why[name] = answer["why"]
    return {name: seconds for name, seconds in best.items() if name not in why}, why


def _memory(workers: dict[str, Worker], k: int) -> dict[str, float | None]:
    function = workers["hand"].ask(k, "function").get("bytes")
    found: dict[str, float | None] = {}
    for name in ("traced", "compiled"):
        peak = workers[name].ask(k, "bytes").get("bytes")
        found[name] = peak / function if peak and function and function > 10_000 else None
    return found


def _print_head(peers: Sequence[str]) -> None:
    head = ("workload", "hand", "traced", "bar", "compiled", "bar", *peers, "memory")
    print(
        f"{head[0]:<34}{head[1]:>9}" + "".join(f"{h:>9}" for h in head[2:-1]) + f"{head[-1]:>13}", flush=True
    )


def _print_row(w: Any, best: dict[str, float], memory: dict[str, float | None], peers: Sequence[str]) -> None:
    base = best.get("hand")
    if base is None:
        print(f"{w.name:<34} no hand-written time", flush=True)
        return
    cells = [f"{w.name:<34}", f"{_spelled(base):>9}"]
    for name, bar in zip(("traced", "compiled"), w.bars, strict=True):
        cells += [_ratio(best.get(name), base, bar), f"{'-' if bar is None else bar:>9}"]
    cells += [_ratio(best.get(name), base, None) for name in peers]
    cells.append(f"{' / '.join('-' if m is None else f'{m:.1f}' for m in memory.values()):>13}")
    print("".join(cells), flush=True)


def _ratio(found: float | None, base: float, bar: float | None) -> str:
    if found is None:
        return f"{'-':>9}"
    ratio = found / base
    text = f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
    return f"{text + ('*' if bar is not None and ratio > bar else ''):>9}"


def _spelled(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
