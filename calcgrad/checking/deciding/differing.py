"""Directions that differ: how many, and whether a function that rounds explains it."""

from __future__ import annotations

from typing import Literal

from calcgrad.checking.deciding.deciding import Look, by_entry, look
from calcgrad.checking.deciding.scales import Scales, Weighing
from calcgrad.phrases import figure
from calcgrad.report.claims import Witness

#: A function that rounds is looked at over steps so many times as large, too, and at least over such of size 1.
_WIDER = 64.0


def tally(scales: Scales, found: Weighing) -> Witness:
    """How many of the looks differ, in words: entries, where these were looked at alone."""
    differing = found.differs()
    alone = by_entry(found.looks, scales.n)
    count, off = len(found.every), len(differing)
    what = "random directions"
    if alone:
        count, what = len(alone), "entries, each alone" if len(alone) > 1 else "entry, alone"
        off = len(by_entry(differing, scales.n))
    says: Literal["right", "wrong"] = "wrong" if len(differing) >= min(2, count) and differing else "right"
    note = f"{count} {what}: {off or 'none'} differ" + ("s" if off == 1 else "")
    if count == 1 and not alone:
        note = f"a random direction: it {'differs' if off else 'agrees'}"
    return Witness("directional", says, note)


def wrong_unless_on_a_tread(scales: Scales, found: Weighing, differing: list[Look]) -> None:
    """Wrong, unless the function is known to round and over larger steps has the slope that is claimed.

    Near 0 the steps of an entry may be so small that all of them lie on one tread.
    """
    if found.rounded is not None and scales.functionals.is_one:
        worst = max(differing, key=lambda e: abs(e.residual) / max(e.bar, 5e-324))
        times = max(_WIDER, 1.0 / float(scales.size.max()))
        wider = look(worst.functional, scales.oracle, times * worst.v, scales.options.rtol, scales.leaves)
        if wider.state == "agrees" and 2.0 * wider.bar < times * abs(worst.residual):
            found.cause = "noise"
            found.notes.append(
                f"the function rounds ({found.rounded}): close to the point it has another slope than is claimed, over "
                f"steps {figure(times)} times as large the claimed one"
            )
            return
    found.verdict = "wrong"
