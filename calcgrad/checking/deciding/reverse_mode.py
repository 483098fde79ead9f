"""Reverse mode as a witness: whether it agrees with the function's values, and the claim with it."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy

from calcgrad.checking.deciding.deciding import Look, bounds_of
from calcgrad.checking.deciding.locating import entry_look
from calcgrad.checking.deciding.scales import ROUNDINGS, Scales, Weighing
from calcgrad.checking.measuring.calling import EPS
from calcgrad.checking.measuring.directions import MISSED, SIGMAS
from calcgrad.checking.measuring.functionals import SAFETY, Functional, norm
from calcgrad.checking.measuring.traced import Gradient
from calcgrad.phrases import counted, size
from calcgrad.report.claims import Witness

Array = Any
#: Reverse mode that rounds by a larger share of the largest entry than this decides nothing where it agrees.
_COARSE = 0.25
#: A difference from reverse mode that no value can show is forgiven up to this share of the largest entry.
_SLIGHT = 0.01
#: Reverse mode alone, against bars of the function's values that are wider, is believed beyond so many roundings.
_PLAIN = 1e4


def allowed(scales: Scales, functional: Functional, traced: Gradient) -> Array:
    """The difference of each entry that rounding explains: as measured, and that of its leaf's typical entry."""
    rounding = numpy.asarray(functional.noise) + traced.noise
    found = ROUNDINGS * rounding
    entries = numpy.abs(traced.vector)
    for leaf in scales.leaves:
        here = slice(leaf.start, leaf.stop)
        eps = EPS.get(leaf.dtype, 2.0**-52)
        typical = norm(entries[here]) / math.sqrt(leaf.size)
        noisy = norm(rounding[here]) / math.sqrt(leaf.size)
        found[here] += ROUNDINGS * (4.0 * eps * typical + noisy)
        found[here] += scales.options.rtol * (entries[here] + typical)
    return found


def apart(scales: Scales, traced: Gradient) -> Array:
    """The entries in which the claim and reverse mode differ."""
    functional = scales.functionals.of(0)
    assert functional.vector is not None
    return numpy.abs(functional.vector - traced.vector) > allowed(scales, functional, traced)


def off(found: Weighing, traced: Gradient) -> list[Look]:
    """The looks along which reverse mode and the function's values differ."""
    return [each for each in found.looks if _is_off(each, traced)]


def _is_off(each: Look, traced: Gradient) -> bool:
    true = float(each.estimate.value)
    rounding = SIGMAS * SAFETY * norm(traced.noise * each.v)
    bar = bounds_of(each.estimate) * float(each.estimate.error_bound) + rounding
    return abs(float(numpy.sum(traced.vector * each.v)) - true) > bar


def settles(scales: Scales, found: Weighing) -> bool:
    """Whether reverse mode says of a claim what one direction says."""
    traced = found.traced
    return traced is not None and not off(found, traced) and bool(apart(scales, traced).any())


def dismissed(scales: Scales, found: Weighing) -> bool:
    """Whether the function's values, which have another slope than the code, are what counts.

    A function that rounds is a staircase, of which reverse mode follows the treads. A value that is found by comparisons
    (bisection) is made of numbers given at the start: reverse mode has their derivative, not that of the root.
    """
    traced = found.traced
    if traced is None or not (_on_treads(scales, found, traced) or _searched(found, traced)):
        return False
    found.traced = None
    note = (
        f"the function rounds ({traced.rounded}): reverse mode has the slope of the treads, 0, and is not asked"
        if traced.rounded is not None
        else "a value that is found by comparisons (bisection) has no derivative in the code, which reverse mode follows: "
        "it is not asked"
    )
    found.witnesses.append(Witness("reverse-ad", "nothing", note))
    return True


def _on_treads(scales: Scales, found: Weighing, traced: Gradient) -> bool:
    alone = not found.differs() and bool(apart(scales, traced).any())
    return traced.rounded is not None and (alone or bool(off(found, traced)))


def _searched(found: Weighing, traced: Gradient) -> bool:
    """Along all directions differences without trouble contradict the derivative of a code that compares."""
    clean = all(each.trouble is None for each in found.looks)
    return traced.compared and clean and len(found.looks) >= 2 and len(off(found, traced)) == len(found.looks)


def ask(scales: Scales, found: Weighing, traced: Gradient) -> None:
    """Does reverse mode agree with the function's values, and the claim with reverse mode?"""
    other = off(found, traced)
    if len(other) >= 2 or (other and len(found.looks) == 1):
        _contradict(scales, found, traced, len(other))
    else:
        _compare(scales, found, traced)


def _contradict(scales: Scales, found: Weighing, traced: Gradient, count: int) -> None:
    """Reverse mode and the values differ along so many directions: the witnesses are told, and nothing is decided."""
    found.cause = "witnesses-disagree"
    agree = "agrees" if not found.differs() else "does not agree"
    found.notes.append(
        "reverse mode and the function's own values say different things "
        f"(in {count} of {counted(len(found.looks), 'direction')}); the claim {agree} with the values"
    )
    says: Literal["right", "wrong"] = "wrong" if bool(apart(scales, traced).any()) else "right"
    found.witnesses.append(Witness("reverse-ad", says, "differs from the function's values"))


def _compare(scales: Scales, found: Weighing, traced: Gradient) -> None:
    """Set every entry of the claim beside reverse mode's, which is trusted unless it is coarse and saw nothing."""
    found.differing = apart(scales, traced)
    count = int(found.differing.sum())
    explained = allowed(scales, scales.functionals.of(0), traced)
    if not count and _is_coarse(scales, traced, explained):
        note = (
            "computes in so few digits that a wrong entry would hardly be seen; the function's values decide"
        )
        found.witnesses.append(Witness("reverse-ad", "nothing", note))
        return
    found.trusted = True
    found.detectable = float(explained.max())
    found.confidence = 1.0 - MISSED
    all_of = f"all {scales.n} entries" if scales.n > 1 else "the entry"
    note = f"{all_of} compared: {count or 'none'} differ" + ("s" if count == 1 else "")
    found.witnesses.append(Witness("reverse-ad", "wrong" if count else "right", note))


def _is_coarse(scales: Scales, traced: Gradient, explained: Array) -> bool:
    """Whether what rounding explains is as large as a share of a leaf's largest entry that ought to be seen."""
    heres = [slice(leaf.start, leaf.stop) for leaf in scales.leaves]
    rounding = explained - scales.options.rtol * numpy.abs(traced.vector)
    largest = [float(numpy.abs(traced.vector[here]).max()) for here in heres]
    return any(
        float(rounding[here].max()) > _COARSE * most > 0.0 for here, most in zip(heres, largest, strict=True)
    )


def decide_alone(scales: Scales, found: Weighing) -> None:
    """Entries differ from reverse mode that no direction showed: look at the worst ones alone."""
    functional, traced = scales.functionals.of(0), found.traced
    assert traced is not None
    assert functional.vector is not None
    differences = numpy.abs(functional.vector - traced.vector)
    explained = allowed(scales, functional, traced)
    excess = differences / numpy.maximum(explained, 5e-324)
    for i in numpy.argsort(-excess)[:3]:
        if entry_look(scales.oracle, functional, scales.size, int(i)).state == "differs":
            found.verdict = "wrong"
            return
    if float(excess.max()) > _PLAIN:
        found.verdict = "wrong"
        found.notes.append("the function's values are too coarse to show it; reverse mode does")
        return
    worst, count = float(numpy.max(differences * (differences > explained))), int((excess > 1).sum())
    found.notes.append(
        f"{counted(count)} differ{'s' if count == 1 else ''} from reverse mode by up to {size(worst)}, "
        "more than their measured rounding but less than the function's values can tell"
    )
    if worst > _SLIGHT * float(numpy.abs(traced.vector).max()):
        found.cause = "witnesses-disagree"
        return
    found.verdict = "right"
    found.detectable = worst + float(explained.max())  # reverse mode itself is off by its rounding
