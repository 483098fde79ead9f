"""From looks to a verdict: as many directions as it takes, beside the gradient by reverse mode where there is one."""

from __future__ import annotations

import math

from calcgrad.checking.deciding import reverse_mode
from calcgrad.checking.deciding.agreeing import Agreement, tell_a_rough_claim
from calcgrad.checking.deciding.deciding import Look
from calcgrad.checking.deciding.differing import tally, wrong_unless_on_a_tread
from calcgrad.checking.deciding.looking import Looking
from calcgrad.checking.deciding.scales import FEW, Scales, Weighing, beside
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.directions import MISSED, draw
from calcgrad.checking.measuring.traced import Gradient
from calcgrad.phrases import counted, size

#: When one direction differs and the others do not, so many are asked in all.
_MOST = 7
#: So many directions may fail to have a derivative before the function is called noisy.
_FAILURES = 4


def weigh(scales: Scales, traced: Gradient | str | None) -> Weighing:
    """Look until the verdict is clear, or the budget is spent; ``traced`` is reverse mode's gradient, or why there is none."""
    found = beside(traced)
    looking = Looking(scales, found)
    try:
        if scales.n <= FEW and scales.functionals.is_one and not scales.options.quick:
            looking.along_each_entry()
        else:
            _look_along_directions(looking)
        if found.cause is None:
            _conclude(looking)
    except SpentError:
        _conclude_early(scales, found)
    return found


def _look_along_directions(looking: Looking) -> None:
    """As many as are wanted, and more where reverse mode turns out to be no witness."""
    found = looking.found
    _look_along(looking, 0)
    done = len(found.looks)
    if found.cause is None and len(found.differs()) < 2 and reverse_mode.dismissed(looking.scales, found):
        _look_along(looking, done)


def _look_along(looking: Looking, j: int) -> None:
    """Directions from the ``j``-th on, until all that are wanted agree, two differ, or one meets trouble."""
    scales, found = looking.scales, looking.found
    wanted, failed = looking.wanted(), 0
    while j < wanted:
        each = looking.along(scales.functionals.of(j), draw([scales.options.seed, 1, j, failed], scales.size))
        if each.trouble == "noise" and failed < _FAILURES:
            failed += 1  # among many kinks one direction may be hopeless and the next fine
            looking.forget_the_last()
            continue
        if found.cause is not None:
            return
        differing = len(found.differs())
        if differing >= 2:
            return
        j += 1
        if differing == 1 and j == wanted and not _is_settled(looking):
            wanted = min(_MOST, j + 1) if j < _MOST else j


def _is_settled(looking: Looking) -> bool:
    """Whether one direction that differs is enough, where there is no time for more."""
    return looking.is_scarce and reverse_mode.settles(looking.scales, looking.found)


def _conclude(looking: Looking) -> None:
    """The verdict, from the looks and from reverse mode."""
    scales, found = looking.scales, looking.found
    if found.traced is not None and not reverse_mode.dismissed(scales, found):
        reverse_mode.ask(scales, found, found.traced)
        if found.cause is not None:
            return
    differing = found.differs()
    found.witnesses.append(tally(scales, found))
    if len(differing) >= 2 or (differing and found.trusted and _both_differ(found)):
        wrong_unless_on_a_tread(scales, found, differing)
    elif _differs_from_reverse_mode(found):
        reverse_mode.decide_alone(scales, found)
    elif differing:
        found.cause = "noise"
        found.notes.append(
            f"one direction of {len(found.looks)} differs, by {size(abs(differing[0].residual))}, and the others do not"
        )
    else:
        Agreement(looking).conclude()
    if found.verdict != "wrong":
        tell_a_rough_claim(found)


def _both_differ(found: Weighing) -> bool:
    """Whether reverse mode differs from the claim, where one direction is all that there was time for."""
    return len(found.looks) == 1 and _differs_from_reverse_mode(found)


def _differs_from_reverse_mode(found: Weighing) -> bool:
    return found.differing is not None and bool(found.differing.any())


def _conclude_early(scales: Scales, found: Weighing) -> None:
    """What can be said when the budget ran out."""
    differing = found.differs()
    if len(differing) >= 2:
        found.verdict = "wrong"
        return
    found.verdict, found.cause = "inconclusive", "budget"
    spent = counted(scales.oracle.evaluations, "evaluation")
    found.notes.append(f"the budget ran out after {spent}: {_said_early(scales, found, differing)}")


def _said_early(scales: Scales, found: Weighing, differing: list[Look]) -> str:
    agreeing = [each for each in found.every if each.state == "agrees"]
    if differing:
        return f"one direction of {len(agreeing) + 1} differs, by {size(abs(differing[0].residual))}"
    if not agreeing:
        return "not one direction could be measured"
    said = f"{counted(len(agreeing), 'direction')} agree{'s' if len(agreeing) == 1 else ''}"
    known = max(r.any_error for r in found.resolutions(scales))
    if math.isfinite(known):
        said += f"; an entry off by more than {size(known)} would have been seen"
        found.detectable, found.confidence = known, 1.0 - MISSED
    return said
