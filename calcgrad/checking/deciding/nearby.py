"""A kink, or a gradient that vanishes: which entries the kink is in, and what the claim is worth at a point nearby."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy

from calcgrad.checking.deciding.scales import Scales, Weighing
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.oracle import Oracle, Wish
from calcgrad.errors import CalcgradError
from calcgrad.report.claims import CheckReport

Array = Any
#: How far a point nearby is, as a share of the size of each entry.
SHARE = 2.0**-7
#: A search for the kink may halve so often: 2^20 entries.
_HALVINGS = 20


def kinked(report: CheckReport, weighing: Weighing, scales: Scales) -> CheckReport:
    """The report with the entry in which the kink is, where halving finds one that has it alone."""
    last = weighing.looks[-1]
    if last.trouble != "kink":  # one of a leaf's own met it
        return report
    try:
        place = _kinked_entry(scales.oracle, last.functional.reduce, last.v)
    except SpentError:
        return report
    if place is None:
        note = "the kink is in no single entry: it needs several to move together"
    else:
        leaf = next(leaf for leaf in scales.leaves if leaf.start <= place < leaf.stop)
        index = leaf.index(place)
        note = f"there is a kink in {leaf.path}{list(index) if index else ''}"
    return replace(report, notes=(note, *report.notes))


def _kinked_entry(oracle: Oracle, reduce: Callable[[Array], Any], v: Array) -> int | None:
    """An entry along which alone the function has a kink, by halving the direction that has one."""
    inside = numpy.nonzero(v)[0]
    for _ in range(_HALVINGS):
        if len(inside) == 1:
            break
        half = len(inside) // 2
        for part in (inside[:half], inside[half:]):
            if _has_kink(oracle, reduce, v, part):
                inside = part
                break
        else:
            return None
    return int(inside[0]) if len(inside) == 1 else None


def _has_kink(oracle: Oracle, reduce: Callable[[Array], Any], v: Array, part: Array) -> bool:
    w = numpy.zeros(len(v))
    w[part] = v[part]
    return oracle.derivative(w, reduce, wish=Wish(1e-6)).status in ("kink", "jump")


def compared(report: CheckReport, why: str, check: Callable[[], CheckReport]) -> CheckReport:
    """What the claim is worth nearby: wrong there is wrong; right there is said, and decides where nothing but zeros was amiss.

    ``why`` a point nearby is tried is one of :data:`KINK` and what :func:`zeros` says.
    """
    try:
        other = check()
    except CalcgradError as error:
        note = f"a point nearby was tried {why}, and failed: {error.diagnostic.message}"
        return replace(report, notes=(*report.notes, note))
    total = report.evaluations + other.evaluations
    moved = f"{why}, a point nearby was tried too (each entry moved by about {SHARE:.0%} of its size)"
    if other.verdict == "wrong":
        notes = (f"{moved}: there the claim is wrong, and the entries are of that point", *report.notes)
        return replace(
            other, at=report.at, evaluations=total, notes=(*notes, *other.notes), witnesses=other.witnesses
        )
    said = other.verdict if other.cause is None else f"{other.verdict} ({other.cause})"
    note = f"{moved}: there the claim is {said}"
    report = replace(report, evaluations=total, notes=(*report.notes, note))
    if why != KINK and other.verdict == "right":
        return replace(report, verdict="right", cause=None)
    return report


KINK = "because of the kink"


def zeros(count: int, n: int) -> str:
    """Why a point nearby is tried where so many entries of the gradient are 0.

    >>> zeros(3, 3), zeros(1, 3)
    ('because the gradient here is too small to tell from 0', 'because 1 of 3 entries of the gradient is 0 here')
    """
    if count == n:
        return "because the gradient here is too small to tell from 0"
    return f"because {count} of {n} entries of the gradient {'is' if count == 1 else 'are'} 0 here"
