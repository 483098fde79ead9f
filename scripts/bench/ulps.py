"""How far are forward and reverse mode from the proved digits, in ulps of rounding?

``scripts/bench ulps [--count N] [--seed K] [--worst W]`` draws expressions of up to 8 operations from the table's ranges, and
prints a histogram of the errors: in units of what rounding must be allowed (the evaluation condition, see
``calcgrad.comparing.rounding``), and in plain ulps; overall, by the operations that expressions hold, and the worst ones.
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections import Counter, defaultdict
from random import Random
from typing import NamedTuple

from calcgrad.comparing.judge import errors
from calcgrad.comparing.rounding import evaluation_condition
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Call, Name, postorder
from calcgrad.functions.exact import rounded
from calcgrad.functions.expression import Expression
from calcgrad.methods import method
from calcgrad.methods.certified import derivatives
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.report.estimates import Estimate
from tests.random_expressions import Drawn, drawable_rows, random_expression

#: The bar: so many units of rounding at most, and so many ulps in the median.
MOST_UNITS, MEDIAN_ULPS = 4.0, 1.0
EDGES = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 16.0, 64.0, math.inf)


class Error(NamedTuple):
    """One derivative by one mode: its error in units of rounding, and in ulps of the truth."""

    units: float
    ulps: float
    mode: str
    ops: frozenset[str]
    text: str


def main(argv: list[str]) -> int:
    """Print the histograms; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="scripts/bench ulps", description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worst", type=int, default=12)
    options = parser.parse_args(argv)
    rows = drawable_rows()
    found: list[Error] = []
    for k in range(options.count):
        random = Random(f"ulps:{options.seed}:{k}")
        found += _errors(random_expression(random, rows, random.randint(1, 8), random.randint(1, 2)))
    return _print(found, options)


def _errors(drawn: Drawn) -> list[Error]:
    nodes = list(postorder(drawn.root))
    names = sorted({node.name for node in nodes if isinstance(node, Name)})
    ops = frozenset(node.op for node in nodes if isinstance(node, Call))
    function, flat = Expression(drawn.root, names), [drawn.point[name] for name in names]
    wrts = [(i,) for i in range(len(flat))]
    proved = derivatives(rounded(function), flat, wrts, digits=30, seconds=2.0)
    found: list[Error] = []
    for mode in ("forward-ad", "reverse-ad"):
        outcome = method(mode).derivatives(Problem(function, flat, wrts))
        if not isinstance(outcome, Estimate):
            continue
        for i, (value,) in enumerate(outcome.value):
            truth = proved[i][0]
            rounding = evaluation_condition(function, flat, (i,))
            if truth.value is None or (truth.digits < 25 and not truth.is_zero) or not rounding:
                continue
            error = errors(value, truth.value)
            unit = max(rounding[0].unit, math.ulp(value))  # a constant alone has no step that rounds
            absolute = math.inf if error.absolute is None else error.absolute
            units = absolute / unit if unit else (0.0 if absolute == 0 else math.inf)
            where = ", ".join(f"{n}={v!r}" for n, v in zip(names, flat, strict=True))
            found.append(
                Error(
                    units,
                    absolute / math.ulp(value),
                    mode,
                    ops,
                    f"{to_text(drawn.root, VOCABULARY)}  {where}",
                )
            )
    return found


def _print(found: list[Error], options: argparse.Namespace) -> int:
    fine = True
    for mode in ("forward-ad", "reverse-ad"):
        mine = [e for e in found if e.mode == mode]
        ulps = statistics.median(e.ulps for e in mine)
        worst = max(e.units for e in mine)
        print(
            f"{mode}: {len(mine):,} derivatives, median {ulps:.2f} ulps, worst {worst:.2f} units of rounding"
        )
        for name, values in (("units", [e.units for e in mine]), ("ulps", [e.ulps for e in mine])):
            print(f"  {name:6}" + "  ".join(f"<={b:g}: {100 * s:.2f}%" for b, s in _shares(values)))
        fine = fine and ulps <= MEDIAN_ULPS and worst <= MOST_UNITS
    by_op: dict[str, list[Error]] = defaultdict(list)
    for e in found:
        for op in e.ops:
            by_op[op].append(e)
    print("by operation, the worst last: median ulps, worst units, derivatives")
    for op, mine in sorted(by_op.items(), key=lambda item: max(e.units for e in item[1])):
        median, worst = statistics.median(e.ulps for e in mine), max(e.units for e in mine)
        print(f"  {op:22}{median:8.2f}{worst:9.2f}{len(mine):7,}")
    print("the worst expressions")
    for e in sorted(found, reverse=True)[: options.worst]:
        print(f"  {e.units:8.2f} units {e.ulps:9.3g} ulps  {e.mode}  {e.text[:150]}")
    return 0 if fine else 1


def _shares(values: list[float]) -> list[tuple[float, float]]:
    counts = Counter(next(b for b in EDGES if v <= b) for v in values)
    total, shares = 0, []
    for edge in EDGES:
        total += counts[edge]
        shares.append((edge, total / len(values)))
    return shares
