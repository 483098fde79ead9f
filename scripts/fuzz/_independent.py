"""calcgrad's truth against an independent one: a verdict, a value or a one-sided slope that mpmath's values contradict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import mpmath
from _cases import OWN_SECONDS, Find, HangError, limited
from _from_sides import Beside, Limit, Side, beside, mixed
from _own_words import Question, question

import calcgrad
from calcgrad.errors import CalcgradError
from calcgrad.report.derivatives import PointReport, Truth


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
        elif not true.holds(row.value):
            yield Find("mixed", f"{row.value}, by mpmath {_short(true)}")
        return
    seen = beside(asked)
    if seen is None:
        counts["no independent truth"] += 1
        return
    allowed = verdicts(seen, len(asked.wrt))
    if not allowed:
        counts["no independent truth"] += 1
        return
    if (
        seen.value is None and len(asked.at) == 2
    ):  # what can be filled in along one variable, perhaps along others it cannot
        allowed = (*allowed, "undefined")
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
    sides = [side for side in (seen.left, seen.right) if not side.outside]
    if not sides:
        return ("undefined",)
    there = Limit(seen.value, 0) if seen.value is not None else None
    limits = [side.limit for side in sides]
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits):
        return ()
    if not all(mpmath.isfinite(limit.value) for limit in known):
        return ("jump", "infinite", "undefined", "boundary") if there else ("undefined",)
    continuous = _all_near([*known, *([there] if there else [])])
    if continuous is None:
        return ()
    if not continuous:
        return ("jump", "boundary") if there else ("undefined",)
    one_sided = len(sides) == 1
    for kind in ("slope", "second")[:order]:
        found = [value for side in sides if (value := getattr(side, kind)) is not None]
        if len(found) < len(sides):
            return ()
        if one_sided:
            continue
        if not all(mpmath.isfinite(limit.value) for limit in found):
            return ("infinite", "kink", "undefined", "jump")
        same = _all_near(found)
        if same is None:
            return ()
        if not same:
            return ("kink", "jump")
    if one_sided:
        return ("boundary", "removable")
    return ("agree", "disagree", "overflow") if there else ("removable",)


def _all_near(limits: list[Limit]) -> bool | None:
    answers = [limits[0].near(limit) for limit in limits[1:]]
    return False if False in answers else None if None in answers else True


def _value(row: Truth, seen: Beside) -> Iterator[Find]:
    side, said = seen.left, row.value
    if seen.left.outside:
        side = seen.right
    if row.verdict == "boundary":
        said = next((str(v) for v in (row.left, row.right) if v is not None), said)
    true = _asked(row, side)
    if said is not None and true is not None and not true.holds(said):
        yield Find("value", f"{said}, by mpmath {_told(seen)}")


def _sides(row: Truth, seen: Beside) -> Iterator[Find]:
    for name, said, side in (("left", row.left, seen.left), ("right", row.right, seen.right)):
        true = _asked(row, side)
        if said is not None and true is not None and not true.holds(said):
            yield Find("sides", f"{row.sides} on the {name} {said}, by mpmath {_told(seen)}")


def _asked(row: Truth, side: Side) -> Limit | None:
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


def _told(seen: Beside) -> str:
    def side(s: Side) -> str:
        return (
            "outside"
            if s.outside
            else f"{_short(s.limit)} with slope {_short(s.slope)}, second {_short(s.second)}"
        )

    value = "none" if seen.value is None else mpmath.nstr(seen.value, 20)
    return f"value {value}, left {side(seen.left)}, right {side(seen.right)}"


def _short(limit: Limit | None) -> str:
    return "?" if limit is None else str(mpmath.nstr(limit.value, 20))
