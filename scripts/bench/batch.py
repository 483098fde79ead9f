"""Many at once: expressions a second through ``diff --input``, start-up included, by which rows are computed.

``--clock cpu`` counts the time of the command itself (and of SymPy's process), for a machine that does other things too.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

EXPRESSIONS = (
    "x^2*sin({k}*x)", "exp(-x^2/{k})", "log(1 + {k}*x^2)", "sqrt(x^2 + {k})", "tanh({k}*x)/x", "x^3 - {k}*x + 1",
    "atan({k}*x)*exp(x)", "1/(1 + exp(-{k}*x))", "sin(x)*cos({k}*x)", "(x + {k})^5/(x^2 + 1)",
)  # fmt: skip
AD = "forward-difference,central-difference,complex-step,forward-ad,reverse-ad"
#: What is asked, and the fewest expressions a second; SymPy is as fast as it is.
RUNS = {
    "without adaptive and SymPy": (["--truth", "none", "--methods", AD], 2000.0),
    "with adaptive": (["--truth", "none", "--methods", f"{AD},adaptive"], 1000.0),
    "with SymPy": ([], 0.0),
}


def _of_children() -> float:
    """The processor time of the processes that were waited for."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


CLOCKS = {"wall": perf_counter, "cpu": _of_children}


def main(argv: list[str]) -> int:
    """Print the rates; 1 when one is below its bar."""
    parser = argparse.ArgumentParser(prog="scripts/bench batch", description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--no-sympy", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--clock", choices=tuple(CLOCKS), default="wall", help="which time counts")
    options = parser.parse_args(argv)
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "expressions.txt"
        kinds = len(EXPRESSIONS)
        lines = [EXPRESSIONS[k % kinds].format(k=k // kinds + 1) for k in range(options.count)]
        path.write_text("\n".join(lines), encoding="utf-8")
        for name, (arguments, bar) in RUNS.items():
            if options.no_sympy and not bar:
                continue
            clock = CLOCKS[options.clock]
            start = clock()
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "calcgrad",
                    "diff",
                    "--input",
                    str(path),
                    "--at",
                    "0.7",
                    "--format",
                    "jsonl",
                    "--workers",
                    str(options.workers),
                    *arguments,
                ],
                stdout=subprocess.DEVNULL,
                check=True,
            )
            rate = options.count / (clock() - start)
            missed += rate < bar
            print(f"{rate:8.0f} a second  {name} (bar {bar:g})", flush=True)
    return 1 if missed else 0
