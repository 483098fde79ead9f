"""Claims that are a multiple of the truth: of all of it, or of the wrong entries only."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy

from calcgrad.checking.diagnosing.diagnosis import Diagnosis, Scale, number, proportional
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.diagnosing.units import unit_of
from calcgrad.phrases import counted, figure, size

#: Constants by which logarithms of different bases differ.
LOGARITHMS = {
    math.log(2): "ln 2",
    math.log(10): "ln 10",
    1 / math.log(2): "1/ln 2",
    1 / math.log(10): "1/ln 10",
    math.log(10, 2): "ln 10/ln 2",
    math.log(2, 10): "ln 2/ln 10",
}
#: A factor of one entry alone is one that happens: a whole number up to this, one over it, or a power of ten.
_WHOLE = 6
#: In so many entries the same factor is no chance, whatever the entries are that were not measured.
_LEAST = 3
#: The factor must be known to this accuracy to be given a name.
_KNOWN = 1e-5


def factor(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """``claimed = c · true`` with one c for all wrong entries: a factor, a sign, a sum for a mean, a logarithm's base."""
    found = wrong_by_factor(e)
    if found is None:
        return None
    c = found.value
    cause, detail = named_factor(c, found.error, everything.dimensions)
    if found.entries == 1 and cause == "factor" and not happens(c, found.error):
        return None
    count = int(e.wrong.sum())
    whole = e.wrong.size > 1 and bool((e.wrong | (e.true == 0.0) | ~e.known).all())
    evidence = (
        f"the ratio is {number(c)} in {counted(found.entries)}, known to {size(found.error / abs(c), 1)}"
    )
    corrected = numpy.where(e.wrong | ~e.known, e.claimed / c, e.claimed)
    measured = ""
    if not _agrees(
        e, everything, corrected
    ):  # entries that were not measured are not all wrong by the factor
        corrected, whole = numpy.where(e.wrong, e.claimed / c, e.claimed), False
        if not _agrees(e, everything, corrected):
            if found.entries < _LEAST:
                return None
            corrected, measured = None, " that were measured"
    where = "in every entry " if whole else f"in the {count} wrong entries{measured} " if count > 1 else ""
    return Diagnosis(cause, e, f"{where}claimed = {detail}", evidence, found.entries, corrected)


def _agrees(e: LeafEvidence, everything: Evidence, corrected: Any) -> bool:
    """Whether the directions that were measured agree with a corrected leaf, where they can tell."""
    if e.whole or everything.confirmed is None or len(everything.wrong) > 1:
        return True
    return everything.confirmed(everything.with_leaf(e, corrected))


def wrong_by_factor(e: LeafEvidence) -> Scale | None:
    """The one factor of the wrong entries, none of which is claimed to be zero."""
    chosen = e.wrong
    claimed, true = e.claimed[chosen], e.true[chosen]
    if not claimed.size or bool(numpy.any(claimed == 0.0)):
        return None
    found = proportional(claimed, true, e.allowed(chosen))
    if found is None or found.error > 1e-3 * abs(found.value) or found.error > 0.1 * abs(found.value - 1.0):
        return None
    return found


def named_factor(
    c: float, error: float, dimensions: Iterable[tuple[int, str]], true: str = "true"
) -> tuple[str, str]:
    """The cause that a factor speaks for, and the factor of what is ``true`` as a person would write it."""
    allowed = max(error, 1e-12 * abs(c))

    def near(value: float) -> bool:
        return abs(c - value) <= allowed <= _KNOWN * abs(c)

    if near(-1.0):
        return "sign", f"-{true}"
    for value, name in LOGARITHMS.items():
        if near(value) or near(-value):
            sign = "-" if c < 0 else ""
            return "log-base", f"{sign}{name} · {true}"
    for count, what in dimensions:
        if count > 2 and (near(count) or near(1.0 / count)):
            text = f"{count} · {true}" if near(count) else f"{true}/{count}"
            return (
                "reduction",
                f"{text}, and {count} is {what}: a sum in place of a mean, or the other way round",
            )
    unit = unit_of(c, allowed)
    if unit is not None:
        return "unit", f"{number(c)} · {true}, and {number(abs(c))} is {unit}"
    whole = round(1.0 / c) if abs(c) < 1.0 and c else 0
    if whole and near(1.0 / whole):
        return "factor", f"{true}/{whole}" + (" (a forgotten 2)" if whole == 2 else "")
    if near(2.0):
        return "factor", f"2 · {true} (a forgotten 1/2, or added up twice)"
    if number(abs(c)) == "1":
        sign = "-" if c < 0.0 else ""
        return "factor", f"{sign}(1 {'+' if abs(c) > 1.0 else '-'} {figure(abs(abs(c) - 1.0), 2)}) · {true}"
    text = number(c, allowed)
    return "factor", f"{number(c) if text == '1' else text} · {true}"


def happens(c: float, error: float) -> bool:
    """Whether a factor is one that slips into a formula, and known well enough to tell: any two numbers have some ratio.

    >>> happens(2.0, 1e-9), happens(-0.5, 1e-9), happens(100.0, 1e-9)
    (True, True, True)
    >>> happens(0.8, 1e-9), happens(1.05, 1e-9), happens(2.0, 1e-3)
    (False, False, False)
    """
    if error > _KNOWN * abs(c):
        return False
    size = max(abs(c), 1.0 / abs(c))
    ten = 10.0 ** round(math.log10(size))
    usual = float(round(size)) if size < _WHOLE + 0.5 else ten
    return abs(size - usual) <= max(2.0 * error / abs(c), 1e-12) * size


def by_row(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """Each row (or column) has a factor of its own: masses, class weights, a scale that was left out."""
    if e.claimed.ndim < 2 or not e.wrong.any():
        return None
    for axis, cause in ((0, "row"), (e.claimed.ndim - 1, "column")):
        factors = _factors(e, axis)
        if factors is None:
            continue
        corrected = e.claimed.copy()
        for place, found in factors.items():
            at: list[Any] = [slice(None)] * e.claimed.ndim
            at[axis] = place
            corrected[tuple(at)] /= found.value
        values = ", ".join(f"{number(f.value)} in {cause} {place}" for place, f in list(factors.items())[:3])
        entries = sum(f.entries for f in factors.values())
        text = f"each {cause} has a factor of its own: claimed/true is {values}"
        evidence = f"{counted(entries)} in {counted(len(factors), cause)}, one factor in each"
        return Diagnosis(cause, e, text, evidence, entries - len(factors), corrected)
    return None


def _factors(e: LeafEvidence, axis: int) -> dict[int, Scale] | None:
    """The factor of each row with known entries; ``None`` where some row has none, or all have the same."""
    found: dict[int, Scale] = {}
    excess = 0
    for place in range(e.claimed.shape[axis]):
        at: list[Any] = [slice(None)] * e.claimed.ndim
        at[axis] = place
        row = tuple(at)
        chosen = numpy.zeros(e.claimed.shape, dtype=bool)
        chosen[row] = e.known[row]
        if not chosen.any() or not e.true[chosen].any():
            continue
        if not e.wrong[chosen].any():
            excess += int(chosen.sum())
            continue
        scale = proportional(e.claimed[chosen], e.true[chosen], e.allowed(chosen))
        if scale is None or scale.value == 0.0 or scale.entries < 2:
            return None
        found[place] = scale
    values = [f.value for f in found.values()]
    differ = len(values) >= 2 and max(values) - min(values) > 1e-6 * max(abs(v) for v in values)
    return found if differ else None
