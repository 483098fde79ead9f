"""Claims of which one part is right and another is not, as far as that shows without the function's graph.

``claimed = k · true + c · b`` with an array b: one of two terms has another factor. An amount that is softmax times one
number a line: the off-diagonal part of its Jacobian is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy

from calcgrad.checking.diagnosing.diagnosis import Diagnosis, number, proportional
from calcgrad.checking.diagnosing.evidence import Evidence, LeafEvidence
from calcgrad.checking.diagnosing.factors import named_factor, wrong_by_factor
from calcgrad.checking.diagnosing.ratios import arrays_like
from calcgrad.phrases import counted

Array = Any
#: Two numbers are fitted: so many entries must be explained.
_LEAST = 5
_VARIES = 1e-6
#: Lines with fewer entries along an axis say little.
_SHORTEST = 3
_MOST_PAIRED = 10


def one_term(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """``claimed = k · true + c · b`` in every known entry, for a constant or an array b that the function reads."""
    known = e.known
    if int(known.sum()) < _LEAST or int(e.wrong.sum()) < _LEAST or wrong_by_factor(e) is not None:
        return None
    claimed, true, allowed = e.claimed[known], e.true[known], e.allowed(known)
    for name, base in _bases(e, everything):
        fit, *_ = numpy.linalg.lstsq(numpy.column_stack([true, base[known]]), claimed, rcond=None)
        k, c = float(fit[0]), float(fit[1])
        apart = float(numpy.max(numpy.abs(base[known] * c)))
        if abs(k - 1.0) < 1e-6 or abs(k) < 1e-6 or apart < 1e3 * float(allowed.max()):
            continue
        if bool(numpy.any(numpy.abs(k * true + c * base[known] - claimed) > 4.0 * (1.0 + abs(k)) * allowed)):
            continue
        cause, words = named_factor(k, 1e-9 * abs(k), everything.dimensions)
        text = f"claimed = {words}, plus {number(c)} · {name}: one of two terms has another factor"
        return Diagnosis(
            cause, e, text, f"fits {counted(int(known.sum()))} with two numbers", int(known.sum()) - 2
        )
    return None


def _bases(e: LeafEvidence, everything: Evidence) -> Iterator[tuple[str, Array]]:
    yield "a constant", numpy.ones_like(e.x)
    yield e.path, e.x
    yield from arrays_like(e, everything)


def missing_array(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """``true - claimed = c · b`` for an array b that the function reads, or for the difference of two."""
    known = e.known
    if int(e.wrong.sum()) < 2 or int(known.sum()) < _SHORTEST or wrong_by_factor(e) is not None:
        return None
    missing = e.true - e.claimed
    arrays = [(name, a) for name, a in arrays_like(e, everything) if not _alike(a[known])]
    for name, array in arrays:
        found = proportional(missing[known], array[known], e.allowed(known))
        if found is not None and found.entries >= 2 and abs(found.error) < 1e-3 * abs(found.value):
            text = f"true - claimed = {number(found.value)} · {name}: a term with {name} is missing, or has another factor"
            evidence = f"fits {counted(int(known.sum()))} with one number"
            return Diagnosis("missing-term", e, text, evidence, found.entries - 1)
    named = [(e.path, e.x), *arrays] if len(arrays) < _MOST_PAIRED else []
    for i, (right, a) in enumerate(named):
        for wrong, b in named[i + 1 :]:
            found = proportional(missing[known], (a - b)[known], e.allowed(known))
            if (
                found is not None
                and found.entries >= _SHORTEST
                and abs(found.error) < 1e-3 * abs(found.value)
            ):
                text = f"true - claimed = {number(found.value)} · ({right} - {wrong}): one stands in the other's place in a term"
                evidence = f"fits {counted(int(known.sum()))} with one number"
                return Diagnosis("wrong-operand", e, text, evidence, found.entries - 1)
    return None


def _alike(values: Array) -> bool:
    return float(values.max() - values.min()) <= _VARIES * float(numpy.abs(values).max())


def softmax_part(e: LeafEvidence, everything: Evidence) -> Diagnosis | None:
    """What is wrong, over the softmax of the argument, is one number a line; or one number a line and one a column.

    The true gradient must be one of a softmax: its sum along each line is 0.
    """
    if not e.whole or e.claimed.ndim != 2 or min(e.claimed.shape) < _SHORTEST:
        return None
    for axis in (1, 0):
        x = e.x if axis else e.x.T
        grown = numpy.exp(x - x.max(axis=1, keepdims=True))
        p = grown / grown.sum(axis=1, keepdims=True)
        off = (e.claimed - e.true if axis else (e.claimed - e.true).T) / p
        close = 8.0 * (float(e.bound.max()) + e.unit * float(numpy.abs(e.true).max())) / float(p.min())
        true = numpy.abs(
            e.true.sum(axis=axis)
        )  # of what only the softmax sees, a shift of a line changes nothing
        if float(numpy.abs(off).max()) < 1e3 * close or float(true.max()) > close:
            continue
        rows = off - off.mean(axis=1, keepdims=True)
        if float(numpy.abs(rows).max()) <= close:
            text = f"claimed - true is softmax({e.path}) along axis {axis} times a number a line: the off-diagonal part is missing"
            return Diagnosis(
                "stopped-path",
                e,
                text,
                f"in all {counted(off.size)}, one number in each of {len(off)} lines",
                off.size - len(off),
            )
        both = rows - rows.mean(axis=0, keepdims=True)
        if float(numpy.abs(both).max()) <= close and float(numpy.abs(rows).max()) > 1e3 * close:
            text = f"in the derivative of the softmax of {e.path} along axis {axis} the sum runs along axis {1 - axis}"
            return Diagnosis(
                "wrong-axis",
                e,
                text,
                f"(claimed - true)/softmax is one number a line and one a column in all {counted(off.size)}",
                off.size - sum(off.shape),
            )
    return None
