"""What a hypothesis answers with, and the sums that several of them need."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.checking.diagnosing.evidence import LeafEvidence
from calcgrad.phrases import figure
from calcgrad.report.places import SourceRange

Array = Any


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A hypothesis that fits: its cause, what it says of the claim, the figures for it.

    ``corrected`` is the leaf as the claim would be without the mistake, where the hypothesis knows; ``strength`` orders findings:
    how many known entries it explains, each beyond the parameters that it was fitted with. ``place`` is the piece of the user's
    source whose derivative is blamed.
    """

    cause: str
    leaf: LeafEvidence
    detail: str
    evidence: str
    strength: int
    corrected: Array | None = None
    place: SourceRange | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """One number c with ``target = c·base`` in so many entries, as far as the bounds tell, and how well it is known."""

    value: float
    error: float
    entries: int


def proportional(target: Array, base: Array, allowed: Array) -> Scale | None:
    """The number c for which ``|target - c·base| <= allowed`` everywhere, by least squares; ``None`` where there is none.

    At least one entry of the base must be resolved: much larger than what is allowed there.

    >>> proportional(numpy.array([2.0, 4.0]), numpy.array([1.0, 2.0]), numpy.full(2, 1e-9)).value
    2.0
    >>> proportional(numpy.array([2.0, 5.0]), numpy.array([1.0, 2.0]), numpy.full(2, 1e-9)) is None
    True
    """
    weight = 1.0 / numpy.maximum(allowed, 1e-300)
    top = float(numpy.max(numpy.abs(base) * weight, initial=0.0))
    if not top or not math.isfinite(top):
        return None
    b, t = base * weight / top, target * weight / top
    c = float(numpy.sum(t * b) / numpy.sum(b * b))
    if not math.isfinite(c) or bool(numpy.any(numpy.abs(target - c * base) > allowed)):
        return None
    resolved = int(numpy.sum(numpy.abs(c * base) > 1e3 * allowed))
    error = 1.0 / (top * float(numpy.sqrt(numpy.sum(b * b))))
    return Scale(c, error, resolved) if resolved else None


def number(value: float, error: float = 0.0) -> str:
    """A number with as many digits as are known, six at most.

    >>> number(0.5), number(0.1234567, 1e-3), number(1e-3)
    ('0.5', '0.12', '0.001')
    """
    if not value or not math.isfinite(value):
        return figure(value)
    digits = 6 if error <= 0.0 else max(1, min(6, math.floor(math.log10(abs(value) / error))))
    return figure(value, digits)
