"""Claims that are off by one entry in each row, or by two of opposite sign: a label's -1 forgotten, or put beside its place."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.checking.diagnosing.diagnosis import Diagnosis, number
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.phrases import counted

Array = Any
_LEAST = 3


def label(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """Along an axis each line has one wrong entry, all off by the same number; or two, off by that number up and down."""
    if not e.whole or e.claimed.ndim < 2:
        return None
    for axis in range(e.claimed.ndim - 1, -1, -1):
        off = numpy.moveaxis(numpy.where(e.wrong, e.claimed - e.true, 0.0), axis, -1)
        rows = off.reshape(-1, off.shape[-1])
        allowed = numpy.moveaxis(numpy.broadcast_to(2.0 * e.bound, e.claimed.shape), axis, -1).reshape(
            rows.shape
        )
        wrong = rows != 0.0
        counts = wrong.sum(axis=1)
        lines = rows[counts > 0]
        if len(lines) < _LEAST or lines.shape[1] < _LEAST:
            continue
        if bool((counts[counts > 0] == 1).all()):
            return _one(e, everything, lines, float(allowed.max()))
        if bool((counts[counts > 0] == 2).all()):
            return _two(e, lines, float(allowed.max()))
    return None


def _one(e: LeafEvidence, everything: Evidence, lines: Array, allowed: float) -> Diagnosis | None:
    sizes = lines.sum(axis=1)
    c = float(numpy.mean(sizes))
    if float(numpy.max(numpy.abs(sizes - c))) > 2.0 * allowed + 1e-12 * abs(c):
        return None
    count = len(lines)
    evidence = (
        f"{counted(count, 'line')} with one wrong entry each, all off by {number(c)}; the others are right"
    )
    part = _part(abs(c), everything)
    if part is not None:
        text = f"one entry of each line is off by {number(c)}, which is {part}: one term is averaged and the other is not"
        return Diagnosis("reduction", e, text, evidence, count)
    text = f"one entry of each line is off by {number(c)}: what belongs to its label is missing, as the -1 of a softmax"
    return Diagnosis("missing-term", e, text, evidence, count)


def _part(c: float, everything: Evidence) -> str | None:
    """``1 - 1/n`` or ``n - 1`` for a length n of the data."""
    for size, what in everything.dimensions:
        if size > 2 and abs(c - (1.0 - 1.0 / size)) <= 1e-9:
            return f"1 - 1/{size}, and {size} is {what}"
        if size > 2 and abs(c - (size - 1.0)) <= 1e-9 * size:
            return f"{size} - 1, and {size} is {what}"
    return None


def _two(e: LeafEvidence, lines: Array, allowed: float) -> Diagnosis | None:
    up, down = lines.argmax(axis=1), lines.argmin(axis=1)
    high, low = lines.max(axis=1), lines.min(axis=1)
    c = float(numpy.mean(high))
    if float(numpy.max(numpy.abs(numpy.concatenate([high - c, low + c])))) > 2.0 * allowed + 1e-12 * abs(c):
        return None
    by = (down - up) % lines.shape[1]
    if not bool((by == by[0]).all()):
        return None
    step = int(by[0]) if int(by[0]) <= lines.shape[1] // 2 else int(by[0]) - lines.shape[1]
    if abs(step) > 2:
        return None
    count = len(lines)
    text = (
        f"in each line {number(c)} stands {step:+d} from where it belongs: the labels are off by {abs(step)}"
    )
    evidence = f"{counted(count, 'line')} with two wrong entries each, by {number(c)} up and down; the others are right"
    return Diagnosis("off-by-one", e, text, evidence, 2 * count)
