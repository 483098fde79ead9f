"""Is the numerical derivative honest about functions that change with the scale?

``scripts/bench rough [COUNT] [SEED]``: functions with a rounded part, with seams in the curvature, with true kinks, and
with a second, finer scale, COUNT of each. *Fooled* is off by more than ten times the bound; a bound *holds* where it
covers the error. At seams no kink may be seen, at kinks one must be, with both slopes.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter

from calcgrad.numerical_diff import derivative
from calcgrad.report.estimates import Estimate
from tests.data.rough_functions import Rough, fine, grainy, kinks, seams

ULP = 2.0**-53
SETS = {"grainy": grainy, "seams": seams, "fine": fine}


def main(argv: list[str]) -> int:
    """Print a line for each set, and what it was that fooled; 1 where a true kink is missed."""
    count = int(argv[0]) if argv else 2000
    seed = int(argv[1]) if len(argv) > 1 else 1
    print(f"{'set':10}{'count':>7}{'fooled':>8}{'holds':>9}{'ok':>7}{'noisy':>7}{'broken':>8}{'points':>8}")
    for name, draw in SETS.items():
        problems = draw(count, seed)
        answers = [derivative(p.f, p.x) for p in problems]
        _tell(name, problems, answers)
    return _kinks(kinks(count, seed))


def off(problem: Rough, found: Estimate) -> float:
    """The error in bounds; infinite where there is no value."""
    if not math.isfinite(found.value):
        return math.inf
    return abs(found.value - problem.truth) / (found.error_bound + 2.0 * ULP * abs(problem.truth) + 5e-324)


def _tell(name: str, problems: list[Rough], answers: list[Estimate]) -> None:
    pairs = list(zip(problems, answers, strict=True))
    errors = [off(p, a) for p, a in pairs]
    fooled = [p.kind for (p, a), e in zip(pairs, errors, strict=True) if e > 10.0 and math.isfinite(a.value)]
    said = Counter(a.status for a in answers)
    broken = sum(said[s] for s in ("kink", "jump", "undefined", "boundary", "failed"))
    points = statistics.median(a.evaluations for a in answers)
    holds = 100.0 * sum(e <= 1.0 for e in errors) / len(errors)
    print(
        f"{name:10}{len(pairs):7}{len(fooled):8}{holds:8.1f}%{said['ok']:7}{said['noisy']:7}{broken:8}{points:8.0f}"
    )
    if fooled:
        print(f"           fooled by {dict(Counter(fooled))}; statuses {dict(said)}")


def _kinks(problems: list[Rough]) -> int:
    right = 0
    answers = [derivative(p.f, p.x) for p in problems]
    for p, a in zip(problems, answers, strict=True):
        ends = ((a.left, p.left), (a.right, p.right))
        right += a.status == "kink" and all(
            x is not None and abs(x - y) <= 2.0 * a.error_bound + 4.0 * ULP * abs(y) for x, y in ends
        )
    points = statistics.median(a.evaluations for a in answers)
    print(f"kinks: {right} of {len(problems)} found with both slopes; {points:.0f} points")
    return 0 if right == len(problems) else 1
