"""The numerical witness of a verdict: what the function's values beside the point say, with no rule and no analysis.

Each contradiction is one where the witness is as sure as numbers can be; a point that only its exact form makes special
(pi/2) has no witness among the doubles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from calcgrad.comparing.request import Request, flat_point, read
from calcgrad.report.derivatives import PointReport, Result, Truth

#: How far beside the point the function is looked at, relative to the point's size (absolute at 0).
STEPPING = (
    "<",
    ">",
    "==",
    "!=",
    "floor",
    "ceil",
    "round",
    "%",
    "frac",
    "sign",
    "heaviside",
    " and ",
    " or ",
    "not ",
)
STEPS = (1e-3, 1e-4, 1e-5, 1e-6)


#: Where all doubles are whole numbers, or nearly, nothing is beside the point.
LARGEST = 1e12


def contradictions(request: Request, point: PointReport) -> Iterator[tuple[str, str]]:
    """Pairs of a class and what was seen."""
    if point.at_exact is not None or not point.truth or _steps(request.text):
        return
    adaptive = [row for row in point.results if row.method == "adaptive"]
    for k, (truth, row) in enumerate(zip(point.truth, adaptive, strict=True)):
        said = _against_adaptive(truth, row)
        if said is None and truth.verdict in ("undefined", "removable", "boundary", "jump"):
            said = _against_values(request, truth, k)
        if said is not None:
            yield said


def _steps(text: str) -> bool:
    """Whether the function compares or rounds: its values then say little of what is not defined on the way."""
    return any(sign in text for sign in STEPPING)


def _against_adaptive(truth: Truth, row: Result) -> tuple[str, str] | None:
    """A break where the adaptive derivative saw a slope as sure as can be, or other slopes than it saw."""
    seen = f"{row.value!r} within {row.error_bound!r} ({row.status})"
    sides = (truth.left, truth.right)
    if row.status == "kink" and truth.verdict == "kink":
        for name, mine, its in (("left", truth.left, row.left), ("right", truth.right, row.right)):
            if mine is None or its is None or not (math.isfinite(mine) and math.isfinite(its)):
                continue
            if abs(mine - its) > 100 * (row.error_bound or 0.0) + 1e-3 * max(abs(mine), abs(its)):
                return "kink sides", f"{name} {mine!r}, adaptive saw {its!r}"
    if row.status != "ok" or row.value is None or row.error_bound is None:
        return None
    sure = row.error_bound <= 1e-6 * abs(row.value)
    if truth.verdict == "kink" and None not in sides:
        left, right = sides
        assert left is not None
        assert right is not None
        if abs(left - right) == math.inf or row.error_bound < abs(left - right) / 100:
            return "kink unseen", f"{truth.left!r} | {truth.right!r}, adaptive {seen}"
    if truth.verdict in ("jump", "infinite", "boundary") and sure:
        return f"{truth.verdict} unseen", f"{truth.note}; adaptive {seen}"
    return None


def _against_values(request: Request, truth: Truth, k: int) -> tuple[str, str] | None:
    """What values on both sides say: an extension that is missed, a limit that is wrong, a side that is there after all."""
    reading = read(request)
    function, flat = reading.function, flat_point(reading.function, reading.points[0])
    wrt, output = divmod(k, len(reading.output_indices))
    (coordinate,) = reading.wrts[wrt]

    def f(t: float) -> float:
        return float(function.values([t if i == coordinate else v for i, v in enumerate(flat)])[output])

    x = flat[coordinate]
    size = abs(x) or 1.0
    if size > LARGEST:
        return None
    left, right = ([f(x + side * step * size) for step in STEPS] for side in (-1, 1))
    a, b = _settled(left), _settled(right)
    if truth.verdict == "removable" and truth.limit is not None:
        for name, value in (("left", a), ("right", b)):
            if value is not None and abs(value - truth.limit) > 0.01 * max(
                abs(value), abs(truth.limit), 1e-3
            ):
                return "limit", f"limit {truth.limit!r}, but from the {name} {value!r}"
    poles = truth.note is not None and ("pole" in truth.note or "infinity" in truth.note)
    if (
        truth.verdict == "undefined"
        and not poles
        and math.isnan(f(x))
        and None not in (a, b)
        and abs(a - b) <= 1e-6 * abs(a)
    ):
        return "extension missed", f"{truth.note}; values beside it {left[-1]!r}, {right[-1]!r}"
    if truth.verdict == "boundary" and a is not None and b is not None and math.isfinite(f(x)):
        return "boundary on both sides", f"{truth.note}; values {left[-1]!r}, {right[-1]!r}"
    return None


def _settled(values: list[float]) -> float | None:
    """The limit that values on one side plainly run to, by a factor of ten a step; None where they do not."""
    if not all(map(math.isfinite, values)):
        return None
    gaps = [abs(p - q) for p, q in pairwise(values)]
    scale = max(map(abs, values))
    if scale == 0 or any(g > 0.2 * before + 1e-12 * scale for before, g in pairwise(gaps)):
        return None
    return values[-1]
