"""What a check costs: ``calcgrad check`` on ten modules, median seconds and evaluations of the function.

Eight modules are in ``checked/``, beside them the fit of README and the network of ``calcgrad.examples.digits`` with its 101,632
weights. Each run is a process of its own, its start included. ``--clock cpu`` counts the processor's seconds of it and of
its children (the default), ``wall`` the clock's. ``checking`` are the report's own seconds, by the clock. They are files, not
functions, so that the checker finds and reads their source as it does a user's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
UNSET = ("PYTHONDONTWRITEBYTECODE", "OPENBLAS_CORETYPE")


@dataclass(frozen=True, slots=True)
class Module:
    """A file with ``loss`` and ``loss_grad``, where they are checked, and what the verdict has to be."""

    file: Path
    verdict: str
    place: tuple[str, ...]

    def command(self) -> list[str]:
        """The arguments of ``calcgrad`` that check it."""
        return [
            "check", f"{self.file}:loss", "--grad", f"{self.file}:loss_grad", *self.place, "--format", "json"
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """One check of a module; ``inside`` are the report's own seconds, by the clock."""

    verdict: str
    cause: str
    evaluations: int
    seconds: float
    inside: float


def modules(folder: Path) -> list[Module]:
    """The ten; README's goes into the folder as a file."""
    fit = folder / "fit.py"
    fit.write_text(of_readme(), encoding="utf-8")
    digits = ROOT / "calcgrad" / "examples" / "digits.py"
    weights = ("--args", f"{digits}:make_args", "--wrt", "w1,w2")
    return [
        Module(fit, "wrong", ("--at", "w=[1,2,3]")),
        Module(digits, "right", weights),
        *(_own(name, "right") for name in ("rosenbrock", "logistic", "hinge", "filtered", "single")),
        *(_own(name, "wrong") for name in ("normal", "recurrent", "opaque")),
    ]


def _own(name: str, verdict: str) -> Module:
    file = HERE / "checked" / f"{name}.py"
    return Module(file, verdict, ("--args", f"{file}:make_args"))


def of_readme() -> str:
    """The block of README that calls itself ``fit.py``."""
    _, found, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition("```python\n# fit.py\n")
    if not found:
        raise LookupError("README.md has no block that begins with # fit.py")
    return rest.partition("```")[0]


def run(module: Module, clock: Callable[[], float]) -> Run:
    """Check it once."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    command = [sys.executable, "-m", "calcgrad", *module.command()]
    start = clock()
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = clock() - start
    if done.returncode not in (0, 1, 5):
        raise RuntimeError(f"{module.file.stem}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    report = json.loads(done.stdout)
    causes = ", ".join(dict.fromkeys(likely["cause"] for likely in report["likely"]))
    return Run(report["verdict"], causes, report["evaluations"], seconds, report["seconds"])


def _of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


CLOCKS = {"wall": perf_counter, "cpu": _of_children}


def row(module: Module, runs: list[Run]) -> str:
    """The module's line: what was found, the medians, and how far the runs are apart."""
    seconds = [r.seconds for r in runs]
    middle = statistics.median(seconds)
    spread = (max(seconds) - min(seconds)) / middle
    evaluations = statistics.median(r.evaluations for r in runs)
    inside = statistics.median(r.inside for r in runs)
    sign = "" if all(r.verdict == module.verdict for r in runs) else f"  not {module.verdict}"
    return (
        f"{module.file.stem:12}{runs[0].verdict:>14}{evaluations:13.0f}{middle:9.2f}{spread:8.0%}{inside:10.2f}"
        f"  {runs[0].cause}{sign}"
    )


def main(argv: list[str]) -> int:
    """Print a line for each module as soon as it is known; 1 where a verdict is not what it has to be."""
    parser = argparse.ArgumentParser(prog="scripts/bench checking", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--clock", choices=tuple(CLOCKS), default="cpu", help="which time counts")
    options = parser.parse_args(argv)
    clock = CLOCKS[options.clock]
    print(
        f"{'module':12}{'verdict':>14}{'evaluations':>13}{'seconds':>9}{'spread':>8}{'checking':>10}  cause"
    )
    found: list[Run] = []
    bad = False
    with tempfile.TemporaryDirectory() as folder:
        for module in modules(Path(folder)):
            runs = [run(module, clock) for _ in range(options.runs)]
            found += runs
            bad = bad or any(r.verdict != module.verdict for r in runs)
            print(row(module, runs), flush=True)
    seconds = statistics.median(r.seconds for r in found)
    evaluations = statistics.median(r.evaluations for r in found)
    print(f"{'median':12}{'':14}{evaluations:13.0f}{seconds:9.2f}")
    return int(bad)
