"""From the wrong entries to the likely cause: a hypothesis is a function of the evidence that answers with figures, or not at all.

``HYPOTHESES`` is the registry, one leaf at a time; ``diagnose`` asks them all. A hypothesis never guesses: it must explain
every known entry of its leaf within the error bars, with fewer numbers fitted than entries explained.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from calcgrad.checking.diagnosing.arrangements import shifted, swapped, transposed
from calcgrad.checking.diagnosing.correcting import Budget
from calcgrad.checking.diagnosing.corrections import corrected_source
from calcgrad.checking.diagnosing.diagnosis import Diagnosis
from calcgrad.checking.diagnosing.differences import finite_difference
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.diagnosing.factors import by_row, factor
from calcgrad.checking.diagnosing.labels import label
from calcgrad.checking.diagnosing.orders import permuted
from calcgrad.checking.diagnosing.paths import altered_paths
from calcgrad.checking.diagnosing.ratios import wrong_ratio
from calcgrad.checking.diagnosing.stale import kept
from calcgrad.checking.diagnosing.structures import missing_array, one_term, softmax_part
from calcgrad.checking.diagnosing.terms import missing_term
from calcgrad.checking.diagnosing.values import (
    clipped,
    clipped_norm,
    inverted_mask,
    missing_mask,
    one_line,
    single_precision,
    zero,
)
from calcgrad.report.claims import Likely

Hypothesis = Callable[[LeafEvidence, Evidence], Diagnosis | None]

#: In the order in which they are told: what explains most precisely comes first.
HYPOTHESES: dict[str, Hypothesis] = {
    "swapped": swapped,
    "clipped-norm": clipped_norm,
    "factor": factor,
    "zero": zero,
    "transposed": transposed,
    "shifted": shifted,
    "permuted": permuted,
    "missing-term": missing_term,
    "label": label,
    "ratio": wrong_ratio,
    "inverted-mask": inverted_mask,
    "missing-array": missing_array,
    "one-term": one_term,
    "softmax": softmax_part,
    "missing-mask": missing_mask,
    "clipped": clipped,
    "finite-difference": finite_difference,
    "float32": single_precision,
    "by-row": by_row,
    "row": one_line,
}
#: Told where nothing else fits: a claim that is wrong otherwise may be the same everywhere too.
LAST: dict[str, Hypothesis] = {"stale": kept}
_MOST = 4
#: How long a change of the claim's source is looked for: where nothing else is known, and where it only adds the line.
_ALL, _MORE = Budget(), Budget(seconds=2.0)

__all__ = ["HYPOTHESES", "Diagnosis", "Findings", "Hypothesis", "findings", "likely"]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the hypotheses found, and notes on those that failed."""

    found: list[Diagnosis]
    notes: tuple[str, ...] = ()


def findings(evidence: Evidence) -> Findings:
    """What each hypothesis says of each wrong leaf; the ones that say nothing are left out, those that fail are named."""
    failed: list[str] = []
    found = _asked(HYPOTHESES, evidence, failed)
    try:
        found += altered_paths(evidence)
    except Exception as error:  # a diagnosis is a courtesy: no failure of it may hide the verdict
        failed.append(f"{_FAILED} a wrong rule of reverse mode: {_told(error)}")
    try:
        found = [*corrected_source(evidence, _MORE if found else _ALL), *found]
    except Exception as error:
        failed.append(f"{_FAILED} a change of the source: {_told(error)}")
    found = found or _asked(LAST, evidence, failed)
    return Findings(_plainest(found), tuple(dict.fromkeys(failed)))


def _asked(hypotheses: dict[str, Hypothesis], evidence: Evidence, failed: list[str]) -> list[Diagnosis]:
    """What they say; one that fails is noted."""
    found = []
    for leaf in evidence.wrong:
        for name, hypothesis in hypotheses.items():
            try:
                finding = hypothesis(leaf, evidence)
            except Exception as error:
                failed.append(f"{_FAILED} {name}: {_told(error)}")
                continue
            if finding is not None and _confirmed(finding, evidence):
                found.append(finding)
    return found


#: How a note begins that tells of a failure of ours.
_FAILED = "the search for a cause failed at"


def _told(error: Exception) -> str:
    """An exception and the last line of ours that it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}".splitlines()[0][:160] + place


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
        told.append(Likely(first.cause, argument, first.detail, first.evidence, first.place))
    return tuple(told)
