"""How right is the numerical derivative, and how right is what it says of itself?

``scripts/bench accuracy [--random N] [--all] [--list] [--methods a,b]`` runs the corpus, the rows of the
built-in table, random expressions against mpmath's truth, and the points at breaks. Every third problem, by
the hash of its name, is held out: the algorithm's constants were never tuned on those; they have tables of
their own.
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections.abc import Sequence

from _methods import METHODS, Answer, answer
from _problems import Problem, break_problems, corpus_problems, held_out, random_problems, table_problems

ULP = 2.0**-53


def main(argv: list[str]) -> int:
    """Print the tables; 1 when a bar of the project is missed on the smooth problems."""
    parser = argparse.ArgumentParser(prog="scripts/bench accuracy", description=__doc__)
    parser.add_argument("--random", type=int, default=300, help="how many random expressions")
    parser.add_argument("--methods", default=",".join(METHODS), help="a comma-separated choice")
    parser.add_argument("--tuning-only", action="store_true", help="leave out the held-out third")
    parser.add_argument("--list", action="store_true", help="every problem of the first method, a line each")
    options = parser.parse_args(argv)
    methods = [name for name in METHODS if name in options.methods.split(",")]
    problems = [*corpus_problems(), *table_problems(), *random_problems(options.random)]
    problems = [p for p in problems if not (options.tuning_only and held_out(p.name))]
    smooth = [p for p in problems if p.kind == "smooth"]
    answers = {m: {p.name: answer(m, p.f, p.x) for p in smooth} for m in methods}
    if options.list:
        _list(smooth, answers[methods[0]])
    for title, chosen in _groups(smooth):
        print_table(title, chosen, answers)
    rest = [p for p in problems if p.kind != "smooth"]
    wrong = print_statuses([*rest, *break_problems()])
    return 1 if wrong or not _bars_hold([p for p in smooth if held_out(p.name)], answers) else 0


def _groups(smooth: list[Problem]) -> list[tuple[str, list[Problem]]]:
    groups = [(f"{g}", [p for p in smooth if p.group == g]) for g in ("corpus", "table", "random")]
    kept = [p for p in smooth if held_out(p.name)]
    seen = [p for p in smooth if not held_out(p.name)]
    fixed = [p for p in smooth if p.group != "random"]
    return [*groups, ("corpus and table", fixed), ("tuned on", seen), ("held out", kept)]


def error(problem: Problem, found: Answer) -> float:
    """The relative error; the absolute one where the true derivative is zero."""
    if not math.isfinite(found.value):
        return math.inf
    gap = abs(found.value - problem.truth)
    return gap / abs(problem.truth) if problem.truth else gap


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else math.nan


def print_table(title: str, problems: list[Problem], answers: dict[str, dict[str, Answer]]) -> None:
    """One line a method: errors, wrong without a word, bounds that hold and how wide they are, evaluations."""
    if not problems:
        return
    print(f"\n{title}: {len(problems)} smooth problems")
    print(
        f"{'method':24}{'median':>9}{'90th':>9}{'worst':>9}{'silent':>8}{'holds':>8}{'width':>8}{'points':>8}"
    )
    for method, found in answers.items():
        print(f"{method:24}" + "".join(_cells(problems, found)))


def _cells(problems: list[Problem], found: dict[str, Answer]) -> list[str]:
    pairs = [(p, found[p.name]) for p in problems]
    errors = [error(p, a) for p, a in pairs]
    silent = sum(e > 0.01 and not a.word for e, (_, a) in zip(errors, pairs, strict=True))
    bounded = [(p, a) for p, a in pairs if a.bound is not None and math.isfinite(a.value)]
    holds = [_holds(p, a) for p, a in bounded]
    widths = [
        a.bound / max(abs(a.value - p.truth), ULP * abs(p.truth)) for p, a in bounded if a.bound and p.truth
    ]
    return [
        f"{_quantile(errors, 0.5):9.1e}",
        f"{_quantile(errors, 0.9):9.1e}",
        f"{max(errors):9.1e}",
        f"{silent:8d}",
        f"{100 * sum(holds) / len(holds):7.1f}%" if holds else f"{'':>8}",
        f"{statistics.median(widths):8.1f}" if widths else f"{'':>8}",
        f"{_quantile([a.evaluations for _, a in pairs], 0.5):8.0f}",
    ]


def _holds(problem: Problem, found: Answer) -> bool:
    """Truth itself is rounded to a double here, which a bound may not be blamed for."""
    assert found.bound is not None
    return abs(found.value - problem.truth) <= found.bound + ULP * abs(problem.truth)


def _list(problems: list[Problem], found: dict[str, Answer]) -> None:
    for p in problems:
        a = found[p.name]
        miss = "" if a.bound is not None and _holds(p, a) else " MISS"
        relative = (a.bound or 0.0) / abs(p.truth) if p.truth else (a.bound or 0.0)
        print(
            f"{error(p, a):9.1e} ±{relative:8.1e} {a.evaluations:4} {a.status:9} {p.group:7} {p.name[:90]}{miss}"
        )


def print_statuses(problems: list[Problem]) -> int:
    """What is said at breaks, edges and under noise, against what is there; the number of wrong answers."""
    wrong = 0
    for p in problems:
        found = answer("adaptive", p.f, p.x)
        faults = [] if found.status == p.status else [f"said {found.status}, is {p.status}"]
        for name, want, have in (("left", p.left, found.left), ("right", p.right, found.right)):
            if want is not None and not _within(have, want, found.bound):
                faults.append(f"{name} {have} is not {want}")
        if not math.isnan(p.truth) and not _within(found.value, p.truth, found.bound):
            faults.append(f"value {found.value} ± {found.bound} is not {p.truth}")
        if faults:
            wrong += 1
            print(f"  {p.name}: {'; '.join(faults)}")
    print(f"\nbreaks, edges, noise: {len(problems) - wrong} of {len(problems)} statuses and values right")
    return wrong


def _within(have: float | None, want: float, bound: float | None) -> bool:
    return have is not None and (have == want or abs(have - want) <= (bound or 0.0) < math.inf)


def _bars_hold(problems: list[Problem], answers: dict[str, dict[str, Answer]]) -> bool:
    found = answers.get("adaptive")
    if found is None or not problems:
        return True
    errors = [error(p, found[p.name]) for p in problems]
    holds = [_holds(p, found[p.name]) for p in problems]
    silent = any(e > 0.01 and found[p.name].status == "ok" for e, p in zip(errors, problems, strict=True))
    points = _quantile([found[p.name].evaluations for p in problems], 0.5)
    fine = _quantile(errors, 0.5) <= 3e-15 and _quantile(errors, 0.9) <= 1e-10 and not silent
    return fine and sum(holds) >= 0.97 * len(holds) and points <= 41
