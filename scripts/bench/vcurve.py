"""The V-shaped curve: the error of finite differences against the step, for exp at 1, as text.

Truncation falls with the step, rounding grows: each stencil has its best step between, and far below it every
digit is lost. The adaptive derivative's choice is marked.
"""

from __future__ import annotations

import math
import sys

from calcgrad.numerical_diff import derivative, stencil

STENCILS = {
    "f": ("forward, 2 points", "0..1"),
    "c": ("central, 2", "-1..1"),
    "4": ("central, 4", "-2..2"),
    "8": ("central, 8", "-4..4"),
}


def main(argv: list[str]) -> int:
    """Print the curve: a column a step, a row a decade of relative error."""
    if argv:
        print("usage: scripts/bench vcurve", file=sys.stderr)
        return 2
    steps = [10.0 ** (-k / 4) for k in range(61)]
    rows = [[" "] * len(steps) for _ in range(17)]
    for mark, (_, points) in STENCILS.items():
        formula = stencil(1, points)
        pairs = [(float(w), float(o)) for w, o in zip(formula.weights, formula.offsets, strict=True) if w]
        for column, h in enumerate(steps):
            value = math.fsum(w * math.exp(1.0 + o * h) for w, o in pairs) / h
            rows[_row(value)][column] = mark
    ours = derivative(math.exp, 1.0)
    column = min(range(len(steps)), key=lambda i: abs(math.log(steps[i] / ours.step)))
    rows[_row(ours.value)][column] = "A"
    print("relative error of the derivative of exp at 1, against the step")
    for k, row in enumerate(rows):
        print(f"1e-{k:02d} |{''.join(row)}")
    print("      +" + "".join(f"1e-{k:<5d}" for k in range(0, 16, 2)))
    print("; ".join(f"{mark}: {name}" for mark, (name, _) in STENCILS.items()))
    print(
        f"A: adaptive, step {ours.step:.3g}, error {abs(ours.value / math.e - 1):.1e}, {ours.evaluations} points"
    )
    return 0


def _row(value: float) -> int:
    error = abs(value / math.e - 1.0)
    return min(max(round(-math.log10(error)), 0), 16) if error else 16
