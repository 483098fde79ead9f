"""What certifying adds to ``diff``: the page's examples with SymPy's truth alone and with Arb's proof beside it, in turn."""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

PAGE = Path(__file__).parents[2] / "calcgrad" / "docs" / "diff.md"
#: The most that certifying may add to all examples together.
BAR = 0.20
UNSET = ("PYTHONDONTWRITEBYTECODE", "OPENBLAS_CORETYPE")


def examples() -> list[list[str]]:
    """The arguments of the page's runs of ``diff`` that need no file and choose no truth."""
    found: list[list[str]] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        _, prompt, command = line.partition("calcgrad diff ")
        if not prompt or not line.startswith("$ ") or any(c in command for c in "|<>"):
            continue
        arguments = shlex.split(command)
        if not {"--truth", "--input", "--data"} & set(arguments) and arguments not in found:
            found.append(arguments)
    return found


def seconds(arguments: list[str], truth: str) -> float:
    """One run of the command line."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    command = [sys.executable, "-m", "calcgrad", "diff", *arguments, "--truth", truth]
    start = perf_counter()
    subprocess.run(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return perf_counter() - start


def main(argv: list[str]) -> int:
    """Print each example's medians, and the sum's ratio; 1 when the bar is missed."""
    parser = argparse.ArgumentParser(prog="scripts/bench certify", description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args(argv).runs
    totals = [0.0, 0.0]
    print("symbolic      both  added  example")
    for arguments in examples():
        seconds(arguments, "both")  # writes the bytecode
        pairs = [(seconds(arguments, "symbolic"), seconds(arguments, "both")) for _ in range(runs)]
        without, beside = (statistics.median(times) for times in zip(*pairs, strict=True))
        totals[0] += without
        totals[1] += beside
        text = shlex.join(arguments)
        print(
            f"{1000 * without:5.0f} ms  {1000 * beside:5.0f} ms  {beside / without - 1:+5.0%}  {text:.50}",
            flush=True,
        )
    added = totals[1] / totals[0] - 1
    print(
        f"{1000 * totals[0]:5.0f} ms  {1000 * totals[1]:5.0f} ms  {added:+5.0%}  all together (bar {BAR:+.0%})"
    )
    return 1 if added > BAR else 0
