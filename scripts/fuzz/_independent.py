"""calcgrad's truth against an independent one: a verdict, a value or a one-sided slope that mpmath's values contradict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import mpmath
from _cases import OWN_SECONDS, Find, HangError, limited
from _from_sides import Beside, Side, beside, mixed
from _own_words import Question, question

import calcgrad
from calcgrad.errors import CalcgradError
from calcgrad.report import PointReport, Truth

#: How far two truths may be apart, relative: what mpmath's extrapolation from values is good for.
CLOSE = 1e-9


def compare(seed: int, index: int) -> tuple[Question, Counter[str], list[Find]]:
    """A question, what it counts for, and its finds."""
    asked = question(seed, index)
    counts: Counter[str] = Counter({"questions": 1, f"order {len(asked.wrt)}": 1})
    try:
        with limited(OWN_SECONDS):
            report = calcgrad.diff(
                asked.part.text,
                asked.point,
                wrt=sorted(set(asked.wrt)),
                order=len(asked.wrt),
                truth="certified",
                methods=("forward-ad", "reverse-ad"),
            )
    except CalcgradError as error:
        if error.diagnostic.code in ("E302", "E305"):  # a variable that the drawn text does not have
            counts["not asked"] += 1
            return asked, counts, []
        return asked, counts, [Find("refused", str(error))]
    except HangError as hang:
        return asked, counts, [Find("hang", str(hang))]
    except Exception as error:  # a crash is a find, and is printed
        return asked, counts, [Find("crash", f"{type(error).__name__}: {error}")]
    (point,) = report.points
    (row,) = [row for row in point.truth if row.wrt == asked.wrt]
    counts[f"verdict {row.verdict}"] += 1
    try:
        with limited(OWN_SECONDS):  # mpmath takes the exponential of a huge number to its last digit
            return asked, counts, list(_wrong(asked, point, row, counts))
    except HangError:
        counts["no independent truth"] += 1
        return asked, counts, []


def _wrong(asked: Question, point: PointReport, row: Truth, counts: Counter[str]) -> Iterator[Find]:
    if row.verdict == "inconclusive":
        return
    if len(set(asked.wrt)) == 2:
        true = mixed(asked)
        if true is None or row.value is None:
            counts["no independent truth"] += 1
        elif not _near(row.value, true):
            yield Find("mixed", f"{row.value}, by mpmath {mpmath.nstr(true, 20)}")
        return
    seen = beside(asked)
    if seen is None:
        counts["no independent truth"] += 1
        return
    allowed = verdicts(seen, len(asked.wrt))
    if not allowed:
        counts["no independent truth"] += 1
        return
    counts["settled"] += 1
    if row.verdict not in allowed:
        yield Find("verdict", f"{row.verdict}, by mpmath {' or '.join(allowed)}: {_told(seen)}")
        return
    if row.verdict in ("agree", "removable", "disagree", "overflow", "boundary"):
        yield from _value(row, seen)
    if row.verdict in ("kink", "jump", "infinite"):
        yield from _sides(row, seen)
    if point.verdict == "agree" and row.verdict == "agree" and row.value is not None:
        yield from _without_a_word(point, row)


def verdicts(seen: Beside, order: int) -> tuple[str, ...]:
    """The verdicts that what is seen beside the point allows; none where too little is."""
    left, right = seen.left, seen.right
    if left.outside and right.outside:
        return ("undefined",)
    limits = [side.limit for side in (left, right) if not side.outside]
    if any(limit is None for limit in limits):
        return ()
    one_sided = left.outside or right.outside
    if not all(map(mpmath.isfinite, limits)):
        return ("undefined",) if seen.value is None else ("jump", "infinite", "undefined", "boundary")
    continuous = all(_near(a, limits[0]) for a in limits)
    if seen.value is not None:
        continuous = continuous and _near(seen.value, limits[0])
    if not continuous:
        return ("undefined",) if seen.value is None else ("jump", "boundary")
    there = ("agree", "disagree", "overflow") if seen.value is not None else ("removable",)
    for kind in ("slope", "second")[:order]:
        found = [getattr(side, kind) for side in (left, right) if not side.outside]
        if any(value is None for value in found):
            return ()
        if one_sided:
            continue
        if not all(map(mpmath.isfinite, found)):
            return ("infinite", "kink", "undefined", "jump")
        if not _near(*found):
            return ("kink", "jump")
    return ("boundary", "removable") if one_sided else there


def _value(row: Truth, seen: Beside) -> Iterator[Find]:
    side, said = seen.left, row.value
    if seen.left.outside:
        side = seen.right
    if row.verdict == "boundary":
        said = next((str(v) for v in (row.left, row.right) if v is not None), said)
    true = _asked(row, side)
    if said is not None and true is not None and not _near(said, true):
        yield Find("value", f"{said}, by mpmath {_told(seen)}")


def _sides(row: Truth, seen: Beside) -> Iterator[Find]:
    for name, said, side in (("left", row.left, seen.left), ("right", row.right, seen.right)):
        true = _asked(row, side)
        if said is not None and true is not None and not _near(said, true):
            yield Find("sides", f"{row.sides} on the {name} {said}, by mpmath {_told(seen)}")


def _asked(row: Truth, side: Side) -> Any:
    """What a row's one-sided numbers are: the truth's own order, where the row does not say otherwise."""
    if row.sides == "value":
        return side.limit
    return side.slope if row.sides == "slope" or len(row.wrt) == 1 else side.second


def _without_a_word(point: PointReport, row: Truth) -> Iterator[Find]:
    """A method's number that is plainly not the truth, where the point is said to agree and the row says nothing."""
    true = float(row.value or "nan")
    for result in point.results:
        if result.wrt != row.wrt or result.value is None or result.note is not None:
            continue
        told = any(result.method in line for line in point.explanation) and len(point.explanation) > 1
        if not told and abs(result.value - true) > 1e-3 * abs(true) + 1e-12:
            yield Find("without a word", f"{result.method} {result.value!r}, truth {row.value}")


def _near(a: Any, b: Any) -> bool:
    a, b = mpmath.mpf(a), mpmath.mpf(b)
    if not (mpmath.isfinite(a) and mpmath.isfinite(b)):
        return bool(a == b)
    return bool(abs(a - b) <= CLOSE * max(abs(a), abs(b)) + mpmath.mpf("1e-12"))


def _told(seen: Beside) -> str:
    def side(s: Side) -> str:
        return (
            "outside"
            if s.outside
            else f"{_short(s.limit)} with slope {_short(s.slope)}, second {_short(s.second)}"
        )

    return f"value {_short(seen.value)}, left {side(seen.left)}, right {side(seen.right)}"


def _short(value: Any) -> str:
    return "?" if value is None else str(mpmath.nstr(value, 12))
