"""From the wrong entries to the likely cause: a hypothesis is a function of the evidence that answers with figures, or not at all.

``HYPOTHESES`` is the registry, one leaf at a time; ``diagnose`` asks them all. A hypothesis never guesses: it must explain
every known entry of its leaf within the error bars, with fewer numbers fitted than entries explained.
"""

from __future__ import annotations

from collections.abc import Callable

from calcgrad.checking.diagnosing.arrangements import permuted, shifted, swapped, transposed
from calcgrad.checking.diagnosing.diagnosis import Diagnosis
from calcgrad.checking.diagnosing.differences import finite_difference
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.diagnosing.factors import by_row, factor
from calcgrad.checking.diagnosing.paths import altered_paths
from calcgrad.checking.diagnosing.terms import missing_term
from calcgrad.checking.diagnosing.values import (
    clipped,
    missing_activation,
    missing_mask,
    one_line,
    single_precision,
    zero,
)
from calcgrad.report import Likely

Hypothesis = Callable[[LeafEvidence, Evidence], Diagnosis | None]

#: In the order in which they are told: what explains most precisely comes first.
HYPOTHESES: dict[str, Hypothesis] = {
    "swapped": swapped,
    "factor": factor,
    "zero": zero,
    "transposed": transposed,
    "shifted": shifted,
    "permuted": permuted,
    "missing-term": missing_term,
    "missing-activation": missing_activation,
    "missing-mask": missing_mask,
    "clipped": clipped,
    "finite-difference": finite_difference,
    "float32": single_precision,
    "by-row": by_row,
    "row": one_line,
}
_MOST = 4

__all__ = ["HYPOTHESES", "Diagnosis", "Hypothesis", "findings", "likely"]


def findings(evidence: Evidence) -> list[Diagnosis]:
    """What each hypothesis says of each wrong leaf; the ones that say nothing are left out."""
    found = []
    for leaf in evidence.wrong:
        for hypothesis in HYPOTHESES.values():
            finding = hypothesis(leaf, evidence)
            if finding is not None and _confirmed(finding, evidence):
                found.append(finding)
    return _plainest(found + altered_paths(evidence))


def _plainest(found: list[Diagnosis]) -> list[Diagnosis]:
    """A claim that a difference quotient gives to its last digits is off by that alone, whatever else would fit."""
    quotients = {finding.leaf.path for finding in found if finding.cause == "finite-difference"}
    return [f for f in found if f.cause == "finite-difference" or f.leaf.path not in quotients]


def _confirmed(finding: Diagnosis, evidence: Evidence) -> bool:
    """A correction of a leaf that is known only in part must also agree with the directions that were measured."""
    if finding.corrected is None or finding.leaf.whole or evidence.confirmed is None:
        return True
    if len(evidence.wrong) > 1:
        return True
    return evidence.confirmed(evidence.with_leaf(finding.leaf, finding.corrected))


def likely(found: list[Diagnosis]) -> tuple[Likely, ...]:
    """The findings as the report has them; one that is the same in several leaves is told once."""
    order = {name: i for i, name in enumerate(HYPOTHESES)}
    grouped: dict[tuple[str, str], list[Diagnosis]] = {}
    for finding in found:
        quotes = "`" in finding.detail  # the user's source, in which a leaf's name is not the leaf
        text = finding.detail if quotes else finding.detail.replace(finding.leaf.path, "…")
        grouped.setdefault((finding.cause, text), []).append(finding)

    def rank(group: list[Diagnosis]) -> tuple[bool, int]:
        """What names a line of the source explains every entry at once: it comes first."""
        return "`" not in group[0].detail, order.get(group[0].cause, len(order) - 2)

    ranked = sorted(grouped.values(), key=rank)
    told = []
    for group in ranked[:_MOST]:
        first = max(group, key=lambda finding: finding.strength)
        paths = list(dict.fromkeys(finding.leaf.path for finding in group))
        argument = ", ".join(paths[:4]) + (f" and {len(paths) - 4} more" if len(paths) > 4 else "")
        told.append(Likely(first.cause, argument, first.detail, first.evidence))
    return tuple(told)
