"""Claims that lack a term: what is missing is proportional to the argument itself, or to a simple function of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from calcgrad.checking.diagnosing.diagnosis import Diagnosis, number, proportional
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.diagnosing.factors import happens, wrong_by_factor
from calcgrad.phrases import counted, size

Array = Any
#: What the missing term may be proportional to, and of what it is the derivative.
TERMS: tuple[tuple[str, str, Callable[[Array], Array]], ...] = (
    ("{w}", "a squared penalty on {w}", lambda w: w),
    ("sign({w})", "an absolute penalty on {w}", numpy.sign),
    ("{w}^3", "a quartic term in {w}", lambda w: w**3),
    ("{w}^2", "a cubic term in {w}", lambda w: w**2),
    (
        "({w} - sign({w}))",
        "an absolute penalty on {w} stands for a squared one: a term",
        lambda w: w - numpy.sign(w),
    ),
    ("a constant", "a linear term in {w}", numpy.ones_like),
)
_LEAST = 3
#: Numbers whose multiples are the same number everywhere tell nothing of what they are proportional to.
_ALIKE = 1e-9


def missing_term(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """``true - claimed = c · b(w)`` in every known entry, for a simple function b of the argument."""
    missing = e.true - e.claimed
    known = e.known
    if int(e.wrong.sum()) == 1 and not _happens(e):
        return _in_some(e, missing)
    if int(known.sum()) < _LEAST or int(e.wrong.sum()) < 2 or wrong_by_factor(e) is not None:
        return None
    if not e.true[known].any():
        return None  # the function does not depend on it here: that a whole derivative is missing is no term
    return _everywhere(e, missing) or _in_some(e, missing)


def _in_some(e: LeafEvidence, missing: Array) -> Diagnosis | None:
    """A penalty that only some entries lack, or have too much: the wrong ones are explained, and the others are right."""
    count, all_of = int(e.wrong.sum()), int(e.known.sum())
    if count == all_of:
        return None
    if count < _LEAST:
        return _in_few(e, missing)
    for shape, what, base in TERMS:
        values = base(e.x)
        if shape == "a constant" or _alike(values[e.wrong]):
            continue
        found = proportional(missing[e.wrong], values[e.wrong], e.allowed(e.wrong))
        if found is None or found.entries < _LEAST or abs(found.error) > 1e-3 * abs(found.value):
            continue
        term = f"{number(found.value, found.error)} · {shape.format(w=e.path)}"
        text = (
            f"in {count} of {counted(all_of)} true - claimed = {term}: "
            f"{what.format(w=e.path)} is missing there, or is there and should not be"
        )
        evidence = f"fits {found.entries} of the {count} wrong ones with one number; the others are right"
        corrected = numpy.where(e.wrong, e.claimed + found.value * values, e.claimed)
        return Diagnosis("missing-term", e, text, evidence, found.entries - 1, corrected if e.whole else None)
    return None


def _happens(e: LeafEvidence) -> bool:
    """Whether a single wrong entry is off by a factor that people slip in."""
    found = wrong_by_factor(e)
    return found is not None and (abs(found.value + 1.0) < 1e-6 or happens(found.value, found.error))


def _in_few(e: LeafEvidence, missing: Array) -> Diagnosis | None:
    """One or two entries, as an intercept: the number that is fitted must be a round one, as people choose for penalties."""
    values = e.x[e.wrong]
    if any(value == float(f"{value:.2g}") for value in values):
        return None  # any round number is one times another
    found = proportional(missing[e.wrong], values, e.allowed(e.wrong))
    if found is None or found.error > 1e-7 * abs(found.value):
        return None
    c = found.value
    if abs(c - float(f"{c:.2g}")) > max(4.0 * found.error, 1e-9 * abs(c)):
        return None
    where = ", ".join(f"{e.path}{[int(i) for i in at]}" for at in numpy.argwhere(e.wrong))
    text = (
        f"in {where} true - claimed = {number(c)} · {e.path}: "
        f"a squared penalty is missing there, or is there and should not be"
    )
    right = int((e.known & ~e.wrong).sum())
    evidence = f"the number is {number(c)} to {size(max(found.error / abs(c), 1e-15), 1)}; the other {right} are right"
    return Diagnosis("missing-term", e, text, evidence, int(e.wrong.sum()))


def _everywhere(e: LeafEvidence, missing: Array) -> Diagnosis | None:
    """The same term is missing in every known entry."""
    known = e.known
    allowed = e.allowed(known)
    for shape, what, base in TERMS:
        values = base(e.x)
        if _alike(values[known]) and shape != "a constant":
            continue
        found = proportional(missing[known], values[known], allowed)
        if found is None or found.entries < 2 or abs(found.error) > 1e-3 * abs(found.value):
            continue
        term = f"{number(found.value, found.error)} · {shape.format(w=e.path)}"
        if shape == "a constant":
            term = number(found.value, found.error)
        text = f"true - claimed = {term}: {what.format(w=e.path)} is missing, or has another factor or sign"
        evidence = (
            f"fits {counted(int(known.sum()))} with one number, {found.entries} of them well above their bars"
        )
        return Diagnosis(
            "missing-term", e, text, evidence, found.entries - 1, e.claimed + found.value * values
        )
    return None


def _alike(values: Array) -> bool:
    size = numpy.abs(values)
    return bool(size.max() - size.min() <= _ALIKE * size.max()) and bool(numpy.all(values == values[0]))
