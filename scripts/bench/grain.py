"""Does the checker cry wolf at losses with a rounded part, and does it still find what is wrong there?

``scripts/bench grain [COUNT] [SEED]``: COUNT losses of single and half precision, decimals, fixed point, integers and
tables beside a smooth part, each checked with its right gradient, and with one entry 30 % off.
"""

from __future__ import annotations

from collections import Counter

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from tests.data.rough_losses import KINDS, RoughLoss, losses

SHARE = 0.3


def verdict(loss: RoughLoss, share: float = 0.0) -> str:
    """What the checker says of the loss with an entry of its gradient off by this share."""
    claim = Claim(loss.spoiled(share) if share else loss.g)
    return check_subject(
        Subject(loss.f, (claim,), {"w": loss.x}), Options(diagnose=False, locate=False)
    ).verdict


def main(argv: list[str]) -> int:
    """A line for each kind of rounding, and the sums; 1 where a right gradient is called wrong."""
    drawn = losses(int(argv[0]) if argv else 1000, int(argv[1]) if len(argv) > 1 else 1)
    print(f"{'rounding':15}{'losses':>8}{'wrong':>7}{'undecided':>11}{'found of 30 % off':>20}{'missed':>8}")
    rights: Counter[tuple[str, str]] = Counter((loss.kind, verdict(loss)) for loss in drawn)
    wrongs: Counter[tuple[str, str]] = Counter((loss.kind, verdict(loss, SHARE)) for loss in drawn)
    for kind in (*KINDS, "all"):
        a, b = _of(rights, kind), _of(wrongs, kind)
        total = sum(a.values())
        if total:
            found = f"{100.0 * b['wrong'] / total:.1f} %"
            print(f"{kind:15}{total:8}{a['wrong']:7}{a['inconclusive']:11}{found:>20}{b['right']:8}")
    return 1 if _of(rights, "all")["wrong"] else 0


def _of(counts: Counter[tuple[str, str]], kind: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for (name, said), count in counts.items():
        if kind in (name, "all"):
            found[said] += count
    return found
