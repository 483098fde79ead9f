"""Mixed partials in words: which order exists, what it is one-sided or over a hole of, and in which step it breaks."""

from __future__ import annotations

from math import inf

import pytest

from .test_special_points import find

#: The variables in turn -> verdict, both sides, what they are of, the value, and the note or its start.
FOUND: dict[tuple[str, str, tuple[int, ...]], tuple[str, float | None, float | None, str | None, str | None, str]] = {
    ("x*y + x^3*y^3/(x^2 + y^2)", "x=0, y=0", (0, 1)): (
        "removable", None, None, None, "1",
        "x*y + x^3*y^3/(x^2 + y^2) has no value at x = 0, y = 0, but goes to 0 along the axes; "
        "with that value filled in, its mixed derivative there is 1",
    ),
    ("x^1.5*y", "x=0, y=1", (0, 1)): (
        "boundary", None, 0.0, "mixed derivative", None,
        "x^1.5*y ends at x = 0, y = 1: its mixed derivative there, 0, is one-sided",
    ),
    ("x^1.5*y + 3*x*y", "x=0, y=1", (0, 1)): (
        "boundary", None, 3.0, "mixed derivative", None,
        "x^1.5*y + 3*x*y ends at x = 0, y = 1: its mixed derivative there, 3, is one-sided",
    ),
    ("y^2*x^1.5", "x=0, y=1", (0, 1, 1)): (
        "boundary", None, 0.0, "mixed derivative", None,
        "y^2*x^1.5 ends at x = 0, y = 1: its mixed derivative there, 0, is one-sided",
    ),
    ("y*sqrt(x)", "x=0, y=1", (0, 1)): (
        "boundary", None, inf, "mixed derivative", None,
        "the slope along y of y*sqrt(x) ends at x = 0, y = 1: it has values along x only to the right, and its slope "
        "on that side "
        "goes to infinity (because of sqrt(x)), so it has no mixed derivative there",
    ),
    ("cbrt(x)*y", "x=0, y=1", (0, 1)): (
        "infinite", inf, inf, "mixed derivative", None,
        "the slope along y of cbrt(x)*y has a vertical tangent at x = 0, y = 1: its slope along x goes to infinity on "
        "both sides "
        "(because of cbrt(x)), so it has no mixed derivative there",
    ),
    ("abs(x)*y^2", "x=0, y=1", (0, 1, 1)): (
        "kink", -2.0, 2.0, "mixed derivative", None,
        "the second derivative along y of abs(x)*y^2 has a kink at x = 0, y = 1: its slope along x is -2 on the left "
        "and 2 on the "
        "right (because of abs(x)), so it has no mixed derivative there",
    ),
    ("abs(x)*y^2", "x=0, y=1", (0, 0, 1)): (
        "jump", -2.0, 2.0, "slope along x of the slope along y", None,
        "the slope along y of abs(x)*y^2 has a kink at x = 0, y = 1: its slope along x is -2 on the left and 2 on the "
        "right (because of "
        "abs(x)), so it has no mixed derivative there",
    ),
    ("abs(x)^3*y", "x=0, y=1", (0, 0, 0, 1)): (
        "kink", -6.0, 6.0, "mixed derivative", None,
        "the slope along y of abs(x)^3*y has a kink in its second derivative at x = 0, y = 1: its third derivative "
        "along x is -6 on the "
        "left and 6 on the right (because of abs(x)), so it has no mixed derivative there",
    ),
    ("floor(x)*y", "x=0, y=1", (0, 1)): (
        "jump", -1.0, 0.0, "value along x of the slope along y", None,
        "the slope along y of floor(x)*y jumps at x = 0, y = 1: along x it goes to -1 on the left and 0 on the right "
        "(0 is its value "
        "there) (because of floor(x)), so it has no mixed derivative there",
    ),
    ("where(x > 0, y, 0)", "x=0, y=1", (0, 1)): (
        "jump", 0.0, 1.0, "value along x of the slope along y", None,
        "the slope along y of where(x > 0, y, 0) jumps at x = 0, y = 1: along x it goes to 0 on the left and 1 on the "
        "right (0 is its "
        "value there) (x > 0 changes there), so it has no mixed derivative there",
    ),
    ("x^2*abs(y)", "x=0, y=0", (0, 1, 1)): (
        "agree", None, None, None, "0",
        "this is the second derivative along y of the slope along x; the other way round there is none: the second "
        "derivative along y "
        "of x^2*abs(y) does not exist at the points beside x = 0, y = 0",
    ),
    ("sqrt(x)*sqrt(y)", "x=0, y=0", (0, 1)): (
        "boundary", None, None, None, None,
        "the slope along x of sqrt(x)*sqrt(y) does not exist at the points beside x = 0, y = 0, so it has no mixed "
        "derivative there",
    ),
    ("y*(exp(x) - 1)/x", "x=0, y=0", (0, 1)): (
        "undefined", None, None, None, None, "y*(exp(x) - 1)/x is not defined at x = 0, y = 0: it divides by x, which is 0",
    ),
    ("where(x == 0, 0, x^2*y*Ei(x))", "x=0, y=1", (0, 1)): ("agree", None, None, None, "0", ""),
    ("where(x == 0, 0, x^3*y^2*Ei(x)) + x*y^2", "x=0, y=1", (0, 1)): ("agree", None, None, None, "2", ""),
    ("where(x == 0, 0, x^3*y^2*gamma(x)) + abs(x)^3*y", "x=0, y=1", (0, 0, 1)): ("agree", None, None, None, "4", ""),
}  # fmt: skip


@pytest.mark.parametrize("asked", FOUND, ids=str)
def test_what_is_said_of_a_mixed_partial(asked: tuple[str, str, tuple[int, ...]]) -> None:
    expr, at, wrt = asked
    found = find(expr, at, len(wrt))
    order = len(wrt)
    # Of two variables the derivatives of an order are those by x alone first, and by y alone last.
    (finding,) = found[wrt.count(1)]
    assert len(found) == order + 1
    assert finding is not None
    assert (
        finding.verdict,
        finding.left,
        finding.right,
        finding.sides,
        finding.value,
        finding.note,
    ) == FOUND[asked]
