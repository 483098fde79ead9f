"""Start-up: medians of alternating runs of the command line beside Python, Typer and SymPy alone.

``--clock user`` counts the processor's seconds of a run and of its children in place of the clock's: on a busy machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from time import perf_counter

DIFF = ["-m", "calcgrad", "diff", "x**3+2*x", "--at", "2"]
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import typer": ["-c", "import typer"],
    "calcgrad --help": ["-m", "calcgrad", "--help"],
    "import sympy": ["-c", "import sympy"],
    'calcgrad diff "x**3+2*x" --at 2': DIFF,
    "calcgrad steps": ["-m", "calcgrad", "steps", "sin(x^2)*exp(x)"],
    "calcgrad trace": ["-m", "calcgrad", "trace", "x*y + sin(x)", "--at", "x=1, y=2"],
    "calcgrad nudge": ["-m", "calcgrad", "nudge", "t^2", "--at", "3", "--ascii"],
}
#: The formula of README's first command, on a terminal.
FIRST_LINE = "its formula on a terminal"
#: What is measured, against what, and the most that the ratio may be.
BARS = (
    ("calcgrad --help", "python -c pass", 8.0),
    ('calcgrad diff "x**3+2*x" --at 2', "import sympy", 1.2),
    (FIRST_LINE, "import sympy", 0.6),
    ("calcgrad steps", "import sympy", 0.6),
    ("calcgrad trace", "import sympy", 0.6),
    ("calcgrad nudge", "import sympy", 0.6),
)
#: They change what is measured: bytecode is then never kept, or the linear algebra library is told its processor.
UNSET = ("PYTHONDONTWRITEBYTECODE", "OPENBLAS_CORETYPE")


def main(argv: list[str]) -> int:
    """Print medians and ratios; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="scripts/bench startup", description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--clock", choices=("wall", "user"), default="wall")
    asked = parser.parse_args(argv)
    runs, clock = asked.runs, _user_seconds if asked.clock == "user" else perf_counter
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for k in range(runs + 1):
        for name, arguments in COMMANDS.items():
            start = clock()
            subprocess.run(
                [sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True
            )
            if k:  # the first round writes the bytecode
                times[name].append(clock() - start)
        if hasattr(os, "openpty") and clock is perf_counter:
            seconds = until_the_formula(environment)
            times.setdefault(FIRST_LINE, []).extend([seconds] if k else [])
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, seconds in medians.items():
        print(f"{1000 * seconds:8.0f} ms  {name}")
    missed = 0
    for name, base, bar in (entry for entry in BARS if entry[0] in medians):
        ratio = medians[name] / medians[base]
        missed += ratio > bar
        print(f"{ratio:8.2f} x   {name} / {base} (bar {bar:g})")
    return 1 if missed else 0


def _user_seconds() -> float:
    """The processor's seconds of all children so far that have ended, and of theirs."""
    import resource

    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def until_the_formula(environment: dict[str, str]) -> float:
    """The seconds until the formula stands on a terminal."""
    ours, theirs = os.openpty()
    start = perf_counter()
    process = subprocess.Popen(
        [sys.executable, *DIFF],
        env={**environment, "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen, seconds = b"", 0.0
    while True:
        try:
            seen += os.read(ours, 1 << 16)
        except OSError:  # the terminal's other end is closed
            break
        if not seconds and b"f'(x) = " in seen:
            seconds = perf_counter() - start
    os.close(ours)
    process.wait()
    return seconds
