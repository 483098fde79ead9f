"""Claims of which some entries are nothing, cut off, rounded, or where nothing should be."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.checking.diagnosing.diagnosis import Diagnosis, number, proportional
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.phrases import counted, size

Array = Any
#: So few entries tell of no mask.
_LEAST = 2


def zero(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """Every wrong entry is claimed to be 0: a parameter, or a part of one, that was forgotten."""
    wrong = e.wrong
    if not wrong.any() or bool(numpy.any(e.claimed[wrong] != 0.0)):
        return None
    count = int(wrong.sum())
    everywhere = not e.claimed.any()
    where = "every entry" if everywhere else f"its {counted(count, 'wrong entry')}"
    largest = float(numpy.max(numpy.abs(e.true[wrong])))
    evidence = f"{counted(count)} measured not to be 0, the largest {number(largest)}"
    return Diagnosis("zero", e, f"{where} is claimed to be 0: forgotten", evidence, count)


def missing_mask(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """Where the truth is 0 something is claimed; elsewhere the claim is right, or off by one factor (a scale of the mask)."""
    known = e.known
    masked = e.wrong & (numpy.abs(numpy.nan_to_num(e.true)) <= numpy.nan_to_num(e.bound))
    rest = known & ~masked & ((e.claimed != 0.0) | (numpy.nan_to_num(e.true) != 0.0))
    if int(masked.sum()) < 2 or int(rest.sum()) < 2:
        return None
    right = rest & ~e.wrong
    if not (e.wrong & ~masked).any():
        said = f"{counted(int(right.sum()))} elsewhere {'is' if right.sum() == 1 else 'are'} right"
        corrected = numpy.where(masked, 0.0, e.claimed) if e.whole else None
    else:
        found = proportional(e.claimed[rest], e.true[rest], e.allowed(rest))
        if found is None or found.entries < 2:
            return None
        said = f"{counted(found.entries)} elsewhere are {number(found.value)} times the truth"
        corrected = numpy.where(masked, 0.0, e.claimed / found.value) if e.whole else None
    count = int(masked.sum())
    text = f"{counted(count)} should be 0 and are not: a mask was not applied"
    return Diagnosis("missing-mask", e, text, f"{count} are 0 to their bars; {said}", count, corrected)


def inverted_mask(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """Something is claimed exactly where the truth is 0; or claimed/true is c on one side of 0, and 1/c on the other."""
    known = e.known
    zero = known & (numpy.abs(numpy.nan_to_num(e.true)) <= numpy.nan_to_num(e.bound))
    there = known & ~zero
    if int(zero.sum()) >= _LEAST and int(there.sum()) >= _LEAST and not e.claimed[there].any():
        if not bool((e.claimed[zero] != 0.0).all()):
            return None
        text = f"claimed is 0 where the truth is not, in {counted(int(there.sum()))}, and is not where the truth is"
        evidence = f"{counted(int(zero.sum()))} measured to be 0, and all of them claimed not to be"
        return Diagnosis("inverted-mask", e, text, evidence, int(known.sum()))
    return _leak(e) or _odds(e)


def _leak(e: LeafEvidence) -> Diagnosis | None:
    """``claimed/true`` is c on one side of 0 and 1/c on the other: the branches of a leaky activation are exchanged."""
    known = e.known & (numpy.nan_to_num(e.true) != 0.0)
    above, below = known & (e.x > 0.0), known & (e.x < 0.0)
    if int(above.sum()) < _LEAST or int(below.sum()) < _LEAST or not bool(e.wrong[known].all()):
        return None
    first = proportional(e.claimed[above], e.true[above], e.allowed(above))
    second = proportional(e.claimed[below], e.true[below], e.allowed(below))
    if first is None or second is None or abs(first.value * second.value - 1.0) > 1e-6:
        return None
    if abs(abs(first.value) - 1.0) < 1e-3:
        return None
    text = (
        f"claimed/true is {number(first.value)} where {e.path} is above 0, and one over it below: "
        f"the two branches are exchanged"
    )
    evidence = f"{counted(int(above.sum()))} above and {int(below.sum())} below, each within its error bar"
    return Diagnosis("inverted-mask", e, text, evidence, int(known.sum()) - 1)


def _odds(e: LeafEvidence) -> Diagnosis | None:
    """``claimed/true`` is -x/(1 - x) or one over it: ``y`` and ``1 - y`` are exchanged in a cross entropy of the probability x."""
    known = e.known & (numpy.nan_to_num(e.true) != 0.0)
    x = e.x[known]
    if int(known.sum()) < 4 or not bool(((x > 0.0) & (x < 1.0)).all()) or not bool(e.wrong[known].all()):
        return None
    odds = x / (1.0 - x)
    claimed, true, allowed = e.claimed[known], e.true[known], e.allowed(known)
    one = numpy.abs(claimed + true * odds) <= allowed * numpy.maximum(odds, 1.0)
    other = numpy.abs(claimed + true / odds) <= allowed * numpy.maximum(1.0 / odds, 1.0)
    if not bool((one | other).all()) or int(one.sum()) < _LEAST or int(other.sum()) < _LEAST:
        return None
    text = f"claimed/true is -{e.path}/(1 - {e.path}) or one over it: y and 1 - y stand in each other's place"
    evidence = f"{int(one.sum())} of the one, {int(other.sum())} of the other, each within its error bar"
    return Diagnosis("inverted-mask", e, text, evidence, int(known.sum()))


def clipped(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """All wrong entries have the same size c, smaller than the truth, of the truth's sign; no entry is larger than c."""
    wrong = e.wrong
    if not wrong.any():
        return None
    size, true = numpy.abs(e.claimed[wrong]), numpy.abs(e.true[wrong])
    c = float(size[0])
    if not c or bool(numpy.any(numpy.abs(size - c) > 1e-9 * c)) or bool(numpy.any(true <= c)):
        return None
    if bool(numpy.any(numpy.sign(e.claimed[wrong]) != numpy.sign(e.true[wrong]))):
        return None
    if float(numpy.max(numpy.abs(e.claimed))) > c * (1 + 1e-9):
        return None
    count = int(wrong.sum())
    alike = len(numpy.unique(numpy.round(e.true[wrong] / c, 6))) < 2
    if (count < 2 and abs(c - float(f"{c:.2g}")) > 1e-12 * c) or (count >= 2 and alike):
        return None
    below = int((e.known & ~wrong).sum())
    if count < 2 and not below:
        return None
    text = f"entries beyond ±{number(c)} are cut off there"
    evidence = f"{counted(count)} claimed as ±{number(c)} and larger in truth; {below} smaller ones are right"
    corrected = numpy.where(wrong, e.true, e.claimed) if e.whole else None
    return Diagnosis("clipped", e, text, evidence, count + below - 1, corrected)


def clipped_norm(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """All of the claim is the truth times one number below 1, and its norm is a round number: it was cut to that norm."""
    leaves = everything.leaves
    if not all(leaf.whole for leaf in leaves):
        return None
    claimed, true = (
        numpy.concatenate([getattr(leaf, what).ravel() for leaf in leaves]) for what in ("claimed", "true")
    )
    allowed = numpy.concatenate([leaf.allowed(leaf.known).ravel() for leaf in leaves])
    found = proportional(claimed, true, allowed)
    norm = float(numpy.linalg.norm(claimed))
    if found is None or not 0.0 < found.value < 1.0 - 1e-6 or len(claimed) < _LEAST or not norm:
        return None
    if abs(norm - float(f"{norm:.2g}")) > 1e-9 * norm:
        return None
    text = f"the gradient is cut to the norm {number(norm)}; the true one has {number(norm / found.value)}"
    evidence = (
        f"one factor in all {counted(len(claimed))}, and the claim's norm is {number(norm)} to 9 digits"
    )
    return Diagnosis("clipped", e, text, evidence, len(claimed))


def single_precision(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """The claim has the accuracy of float32 in a function of doubles: something was cast on the way."""
    if e.leaf.dtype != "float64" or int(e.wrong.sum()) < 1:
        return None
    known = e.known & (numpy.nan_to_num(e.true) != 0.0)
    if bool((e.wrong & ~known).any()):
        return None  # what is 0 is 0 in single precision, too
    top = float(numpy.max(numpy.abs(e.true[known]), initial=0.0))
    typical = top * float(numpy.sqrt(numpy.mean((e.true[known] / top) ** 2))) if top else 0.0
    off = numpy.abs(e.claimed[known] - e.true[known])
    if not typical or float(off.max()) > 2.0**-17 * typical:
        return None
    with numpy.errstate(over="ignore"):
        exact = e.claimed[known] == e.claimed[known].astype(numpy.float32)
    if bool(exact.all()) and int(known.sum()) >= 1:
        said = f"{counted(int(known.sum()))} exactly representable in float32"
    elif int(known.sum()) >= 4 and float(off.max()) >= 2.0**-30 * typical and _scattered(e, known):
        said = f"{counted(int(known.sum()))} off by random amounts"
    else:
        return None
    worst = float(off.max()) / typical
    text = f"the claim is right to single precision only ({size(worst, 1)} of the typical entry)"
    return Diagnosis("float32", e, text, said, int(e.wrong.sum()))


def _scattered(e: LeafEvidence, known: Array) -> bool:
    """Whether the errors have both signs and many values: rounding, not a factor or a term."""
    signs = numpy.sign(e.claimed[known] - e.true[known])
    return bool((signs > 0).any() and (signs < 0).any())


def one_line(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """The wrong entries are one whole row, or one whole column, of a leaf that is right elsewhere."""
    if e.claimed.ndim < 2 or int(e.wrong.sum()) < 2:
        return None
    for axis, cause in ((0, "row"), (e.claimed.ndim - 1, "column")):
        places = numpy.unique(numpy.nonzero(e.wrong)[axis])
        if len(places) != 1 or e.claimed.shape[axis] < 2:
            continue
        at: list[Any] = [slice(None)] * e.claimed.ndim
        at[axis] = int(places[0])
        inside = numpy.zeros(e.claimed.shape, dtype=bool)
        inside[tuple(at)] = True
        differ = e.wrong | (numpy.nan_to_num(e.true) == numpy.nan_to_num(e.claimed))
        outside = int((e.known & ~inside).sum())
        if not bool(differ[inside].all()) or not outside or e.claimed[tuple(at)].size < 2:
            continue
        text = f"{cause} {int(places[0])} is wrong, all of it, and nothing else"
        evidence = f"{counted(int(e.wrong.sum()))} in it wrong, {counted(outside)} outside right"
        return Diagnosis(cause, e, text, evidence, int(e.wrong.sum()))
    return None
