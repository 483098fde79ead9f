"""Points of several variables: each verdict, and its numbers found again by one-sided differences along the coordinate."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import pytest

from calcgrad.verdicts import Finding

from .test_special_points import find
from .tracker_points import SEVERAL, TRACKER_POINTS, Several
from .witness import AT, DIGITS, tree, value


def _name(row: Several) -> str:
    return f"{row.expr} at {row.at} along {row.along}"


def _finding(row: Several) -> Finding | None:
    names = [part.split("=")[0] for part in row.at.split(", ")]
    return find(row.expr, row.at)[names.index(row.along)][0]


@pytest.mark.parametrize("row", SEVERAL, ids=_name)
def test_verdict(row: Several) -> None:
    found = _finding(row)
    if found is None:
        assert (row.verdict, row.limit) == ("agree", None)
        return
    assert found.verdict == row.verdict, found.note
    if row.verdict != "undefined":
        assert (found.left, found.right) == pytest.approx((row.left, row.right))
        assert found.limit == row.limit
        assert found.value is None if row.value is None else float(str(found.value)) == row.value


@pytest.mark.parametrize("row", [r for r in SEVERAL if r.verdict != "undefined"], ids=_name)
def test_numbers_are_limits(row: Several) -> None:
    root = tree(row.expr.replace("norm([x, y])", "hypot(x, y)"), "".join(p[0] for p in row.at.split(", ")))
    with mpmath.workdps(DIGITS):
        point = {p.split("=")[0]: mpmath.mpf(p.split("=")[1]) for p in row.at.split(", ")}

        def there(h: Any) -> Any:
            return value(root, {**point, row.along: point[row.along] + h})

        for sign, of_side in ((-1, row.left), (1, row.right)):
            near = there(sign * mpmath.mpf(10) ** -AT)
            expected = row.value if row.left is None and row.right is None else of_side
            if expected is None:
                assert not mpmath.isfinite(near)
            elif row.verdict == "jump":
                assert abs(near - expected) < 1e-12
            else:
                start = near if row.limit is not None else there(mpmath.mpf(0))
                slopes = [
                    (there(sign * mpmath.mpf(10) ** -k) - start) / (sign * mpmath.mpf(10) ** -k)
                    for k in (20, 40)
                ]
                if math.isinf(expected):
                    assert abs(slopes[1]) > 1e3 * abs(slopes[0])
                    assert (slopes[1] > 0) == (expected > 0)
                else:
                    assert abs(slopes[1] - expected) < 1e-12
                if row.limit is not None:
                    assert abs(near - row.limit) < 1e-12


def test_each_has_its_origin() -> None:
    assert all(row.origin for row in (*SEVERAL, *TRACKER_POINTS))
