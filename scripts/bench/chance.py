"""Losses that draw random numbers: alarms, what is found, and whether the p-values of right claims are uniform.

``scripts/bench chance [RUNS] [SEED]``: additive noise of 1e-3, minibatches and dropout, each with its right gradient, with
the gradient 33 % too large, and with one entry off by ten times the noise of the mean, in 2,000 evaluations.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from scipy.stats import kstest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from tests.data.noisy_losses import KINDS, NoisyLoss, noisy_losses


def said(loss: NoisyLoss, factor: float = 1.0, extra: float = 0.0) -> tuple[str, float, float]:
    """The verdict, the p-value, and the error that would have been found."""

    def claim(w: np.ndarray) -> np.ndarray:
        found = factor * loss.g(w)
        found[0] += extra
        return found

    report = check_subject(Subject(loss.f, (Claim(claim),), {"w": loss.x}), Options(trace=False))
    p = next((float(n.rsplit(" ", 1)[1]) for n in report.notes if "with a probability of" in n), float("nan"))
    return report.verdict, p, float(report.detectable or float("nan"))


def main(argv: list[str]) -> int:
    """A line for each kind of noise; 1 where a right gradient is called wrong."""
    runs, seed = int(argv[0]) if argv else 300, int(argv[1]) if len(argv) > 1 else 1
    losses = noisy_losses(runs, seed)
    print(
        f"{'noise':12}{'runs':>6}{'alarms':>8}{'right':>7}{'p uniform':>11}{'33 % found':>12}{'at the limit':>14}"
    )
    alarms = 0
    for kind in KINDS:
        chosen = [loss for loss in losses if loss.kind == kind]
        right = [said(loss) for loss in chosen]
        verdicts = Counter(verdict for verdict, _, _ in right)
        alarms += verdicts["wrong"]
        third = sum(said(loss, 1.33)[0] == "wrong" for loss in chosen)
        limit = sum(said(loss, extra=d)[0] == "wrong" for loss, (_, _, d) in zip(chosen, right, strict=True))
        uniform = kstest([p for _, p, _ in right], "uniform").pvalue
        shares = f"{100 * third / len(chosen):11.1f}%{100 * limit / len(chosen):13.1f}%"
        print(f"{kind:12}{len(chosen):6}{verdicts['wrong']:8}{verdicts['right']:7}{uniform:11.3f}{shares}")
    return 1 if alarms else 0
