"""``scripts/bench checkers [--list]``: the planted gradients put to this checker and to others, each with its defaults.

A miss is a bug that is accepted, a false alarm a right gradient that is rejected; told apart are the losses with neither.
Evaluations are calls of the loss; seconds
are those of all checks together. A library that is not installed is a blank line.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
from _checkers import CHECKERS, Checker, accepts


class Flat:
    """A planted loss, or one of its gradients, as a function of one flat vector; ``calls`` counts."""

    def __init__(self, function: Any, arguments: list[Any]) -> None:
        self.function = function
        self.shapes = [np.shape(a) for a in arguments]
        self.calls = 0

    def parts(self, flat: Any) -> list[Any]:
        """The arguments in a flat vector."""
        found, start = [], 0
        for shape in self.shapes:
            stop = start + int(np.prod(shape))
            found.append(flat[start:stop].reshape(shape) if shape else flat[start])
            start = stop
        return found

    def __call__(self, flat: Any) -> Any:
        self.calls += 1
        return self.function(*self.parts(flat))

    def gradient(self, flat: Any) -> Any:
        """The gradient as a flat vector of the point's type."""
        answer = self.function(*self.parts(flat))
        parts = answer if isinstance(answer, tuple) else (answer,)
        return np.concatenate([np.ravel(part) for part in parts]).astype(flat.dtype)


@dataclass(slots=True)
class Tally:
    """What a checker did over the suite."""

    missed: list[str] = field(default_factory=list)
    alarmed: list[str] = field(default_factory=list)
    evaluations: int = 0
    seconds: float = 0.0


def tally(checker: Checker, cases: Any) -> Tally:
    """Run one checker over the right and the wrong gradient of every case."""
    found = Tally()
    for case in cases:
        arguments = case.arguments
        point = np.concatenate([np.ravel(a) for a in arguments])
        loss = Flat(case.loss, arguments)
        start = perf_counter()
        right = accepts(checker, loss, Flat(case.gradient, arguments).gradient, point.copy())
        wrong = accepts(checker, loss, Flat(case.bug.gradient, arguments).gradient, point.copy())
        found.seconds += perf_counter() - start
        found.evaluations += loss.calls
        if wrong:
            found.missed.append(case.name)
        if not right:
            found.alarmed.append(case.name)
    return found


def main(argv: list[str]) -> int:
    """Print the table; 1 when this checker misses a bug or rejects a right gradient."""
    from tests.checking.planted import CASES

    parser = argparse.ArgumentParser(prog="scripts/bench checkers", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name what each missed and rejected")
    options = parser.parse_args(argv)
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    print(f"{len(CASES)} losses, each with a right and a wrong gradient\n")
    print(
        f"{'checker':24}{'misses':>8}{'false alarms':>14}{'told apart':>12}{'evaluations':>13}{'seconds':>9}"
    )
    bad = False
    for name, (library, checker) in CHECKERS.items():
        if importlib.util.find_spec(library) is None:
            print(f"{name:24}  {library} is not installed")
            continue
        found = tally(checker, CASES)
        apart = len(CASES) - len({*found.missed, *found.alarmed})
        counts = f"{len(found.missed):8}{len(found.alarmed):14}{apart:12}"
        counts += f"{found.evaluations:13}{found.seconds:9.1f}"
        print(f"{name:24}{counts}", flush=True)
        if options.list:
            print("".join(f"    missed   {n}\n" for n in found.missed), end="")
            print("".join(f"    rejected {n}\n" for n in found.alarmed), end="")
        bad = bad or (library == "calcgrad" and bool(found.missed or found.alarmed))
    return int(bad)
