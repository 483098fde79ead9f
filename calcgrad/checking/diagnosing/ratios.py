"""Claims that are the truth times a function of the argument, or times an array that the function reads.

For an opaque loss that is all that shows: a chain factor left out, an activation's derivative in a wrong form, a mask or weights
that were not applied, another array in place of the right one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy

from calcgrad.checking.diagnosing.activations import ACTIVATIONS
from calcgrad.checking.diagnosing.diagnosis import Diagnosis, number
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.diagnosing.factors import happens, named_factor, wrong_by_factor
from calcgrad.phrases import counted

Array = Any
#: A number beside the ratio is fitted in so many entries.
_LEAST_SCALED = 4
#: A ratio that hardly varies is a factor.
_VARIES = 1e-6
#: Beyond so many arrays pairs of them are not tried.
_MOST_PAIRED = 14


@dataclass(frozen=True, slots=True)
class Ratio:
    """``claimed · above = true · below``, entry by entry: what it is called.

    One of the argument's ``own`` may be seen in a single entry; one that is ``scaled`` may have a number beside it.
    """

    cause: str
    words: str
    below: Array
    above: Array
    own: bool = False
    scaled: bool = False


def wrong_ratio(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """The first row of the table that gives the claim in every wrong entry, and leaves no right one wrong."""
    if _is_factor(e, everything):
        return None
    for ratio in _ratios(e, everything):
        chosen = e.wrong & (ratio.above != 0.0)
        factor = (ratio.below / numpy.where(ratio.above == 0.0, 1.0, ratio.above))[chosen]
        if int(chosen.sum()) < int(e.wrong.sum()) or not numpy.isfinite(factor).all():
            continue
        if _alike(factor) and (factor.size > 1 or not ratio.own):
            continue
        times = _times(e, ratio)
        if times is None:
            continue
        count = int(e.wrong.sum())
        where = "" if count == int(e.known.sum()) else f"in {count} of {counted(int(e.known.sum()))}, "
        least, most = (number(float(f) * times) for f in (factor.min(), factor.max()))
        words = ratio.words if times == 1.0 else f"{ratio.words}, and all of it times {number(times)}"
        evidence = f"{where}claimed/true is that in each, from {least} to {most}"
        return Diagnosis(ratio.cause, e, words, evidence, count, _corrected(e, ratio, times))
    return None


def _times(e: LeafEvidence, ratio: Ratio) -> float | None:
    """1 where the ratio is that of claim and truth; where it is so but for one number, in enough entries, that number."""
    left, right = e.claimed * ratio.above, e.true * ratio.below
    if e.same(left, right, e.wrong):
        return 1.0
    if int(e.wrong.sum()) < _LEAST_SCALED or not ratio.scaled:
        return None
    size = numpy.where(e.wrong, numpy.abs(right), 0.0)
    worst = int(numpy.argmax(size))
    times = float(left.flat[worst] / right.flat[worst]) if size.flat[worst] else 0.0
    return times if times and e.same(left, right * times, e.wrong) else None


def _corrected(e: LeafEvidence, ratio: Ratio, times: float) -> Array | None:
    if bool((ratio.below == 0.0).any()):
        return None
    better = e.claimed * ratio.above / (ratio.below * times)
    return numpy.where(e.wrong | ~e.known, better, e.claimed)


def _is_factor(e: LeafEvidence, everything: Evidence) -> bool:
    """Whether one number is the factor of all that is wrong; a single entry always has one, which must be one that happens."""
    found = wrong_by_factor(e)
    if found is None or int(e.wrong.sum()) > 1:
        return found is not None
    if found.error > 1e-6 * abs(found.value):
        return True
    cause, _ = named_factor(found.value, found.error, everything.dimensions)
    return cause != "factor" or happens(found.value, found.error)


def _alike(factor: Array) -> bool:
    size = numpy.abs(factor)
    return bool(size.max() - size.min() <= _VARIES * size.max()) and bool(
        numpy.all(numpy.sign(factor) == numpy.sign(factor[0]))
    )


def _ratios(e: LeafEvidence, everything: Evidence) -> Iterator[Ratio]:
    with numpy.errstate(all="ignore"):
        yield from _of_powers(e)
        yield from _of_activations(e)
        arrays = list(arrays_like(e, everything))
        yield from _of_one_array(e, arrays)
        yield from _of_two_arrays(arrays)


def _of_activations(e: LeafEvidence) -> Iterator[Ratio]:
    if not numpy.nan_to_num(e.claimed).any():
        return  # all of it is forgotten: that a slope is 0 there, too, says nothing
    for activation in ACTIVATIONS:
        value = activation.value(e.x)
        slope = activation.slope(e.x, value)
        for form in activation.forms():
            words = f"claimed/true is as if the derivative of {activation.name} at {e.path} were {form.words}"
            if form.words == "left out":
                words = f"true/claimed is the derivative of {activation.name} at {e.path}: it was left out"
                if activation.link:
                    words += f", as in a gradient by {_parameter(activation.name, e.path)} that was not brought back to {e.path}"
            below, above = (part * numpy.ones_like(e.x) for part in (form.of(e.x, value), slope))
            ratio = Ratio(form.cause, words, below, above, own=True, scaled=True)
            if numpy.isfinite(ratio.below).all() and numpy.isfinite(ratio.above).all():
                yield ratio


def _parameter(link: str, path: str) -> str:
    return f"{path}^2" if link == "the square" else f"{link}({path})"


def arrays_like(e: LeafEvidence, everything: Evidence) -> Iterator[tuple[str, Array]]:
    """The arrays of the leaf's shape, as they are or broadcast to it."""
    for name, array in everything.data:
        if name == e.path or array.ndim > e.x.ndim or array.ndim == 0:
            continue
        try:
            whole = numpy.broadcast_to(array, e.x.shape).astype(float)
        except ValueError:
            continue
        if numpy.isfinite(whole).all():
            yield name, whole


def _of_one_array(e: LeafEvidence, arrays: list[tuple[str, Array]]) -> Iterator[Ratio]:
    one = numpy.ones_like(e.x)
    for name, array in arrays:
        what = "mask" if bool((array == 0.0).any()) else "weights"
        cause = "missing-mask" if what == "mask" else "factor"
        yield Ratio(cause, f"claimed · {name} = true: the {what} {name} left out", one, array)
        yield Ratio("factor", f"claimed = true · {name}: multiplied by {name} once too often", array, one)
        if set(numpy.unique(array)) == {0.0, 1.0}:
            yield Ratio("inverted-mask", f"{name} is the wrong way round", 1.0 - array, array)


def _of_powers(e: LeafEvidence) -> Iterator[Ratio]:
    one = numpy.ones_like(e.x)
    yield Ratio("factor", f"claimed = true · {e.path}: a power of {e.path} too many", e.x, one, own=True)
    yield Ratio("factor", f"claimed = true/{e.path}: a power of {e.path} too few", one, e.x, own=True)
    yield Ratio(
        "factor", f"claimed = true · {e.path}^2: two powers of {e.path} too many", e.x**2, one, own=True
    )


def _of_two_arrays(arrays: list[tuple[str, Array]]) -> Iterator[Ratio]:
    if len(arrays) > _MOST_PAIRED:
        return
    for (wrong, a), (right, b) in permutations(arrays, 2):
        yield Ratio("wrong-operand", f"claimed = true · {wrong}/{right}: {wrong} in place of {right}", a, b)
