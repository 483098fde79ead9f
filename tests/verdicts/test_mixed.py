"""Mixed partials where the function is not smooth: the definition's nested limits, by differences of hundreds of digits."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest

from calcgrad.expression.nodes import Node
from calcgrad.verdicts import Finding

from .test_special_points import find
from .witness import tree, value

#: Steps of the outer variable, and the far smaller one of the inner.
OUTER, INNER = 30, 120


class Nested:
    """The derivative in the second name of the derivative in the first, at a point, from each side of each."""

    def __init__(self, root: Node, at: dict[str, Any], names: str) -> None:
        self.root, self.at = root, at
        self.inner, self.outer = names

    def first(self, moved: Any, sign: int) -> Any:
        """The inner slope on one side, where the outer variable has moved."""
        h = sign * mpmath.mpf(10) ** -INNER
        here = {**self.at, self.outer: self.at[self.outer] + moved}
        there = {**here, self.inner: here[self.inner] + h}
        return (value(self.root, there) - value(self.root, here)) / h

    def slope(self, moved: Any) -> Any:
        """The inner slope, nan where its two sides differ."""
        left, right = self.first(moved, -1), self.first(moved, 1)
        return right if abs(left - right) < mpmath.mpf(10) ** -40 else mpmath.nan

    def second(self, sign: int) -> Any:
        """The mixed difference on one side of the outer variable."""
        s = sign * mpmath.mpf(10) ** -OUTER
        return (self.slope(s) - self.slope(mpmath.mpf(0))) / s


def mixed(expr: str, at: str) -> Finding | None:
    (row,) = [rows[0] for rows in find(expr, at, 2)[1:2]]
    return row


EXISTING = [
    # expression, the value of both orders
    ("max(x, y)^2", "x=0, y=0"),
    ("norm([x, y])^3", "x=0, y=0"),
    ("hypot(x, y)^2", "x=0, y=0"),
    ("x*abs(x)*y", "x=0, y=1"),
    ("abs(x)^3*exp(y)", "x=0, y=1"),
    ("abs(x)^3*exp(y) + x*y*log(y)", "x=0, y=2"),
    ("abs(x)^3 - 3*x*log(y)/7", "x=0, y=2"),
    ("abs(x)^3 + x*sin(y)*exp(y)*cos(y)", "x=0, y=1"),
    ("x*y*abs(x*y)", "x=0, y=0"),
    ("x^2*y^2/hypot(x, y) + x*y if x != 0 else 0", "x=0, y=0"),
    ("where(x == 0 and y == 0, 0, x^3*y^3/(x^2 + y^2)) + 3*x*y", "x=0, y=0"),
    ("atan2(y, x)", "x=-1, y=0"),
    ("max(x - 1, 0)^2*y + x*y", "x=1, y=2"),
]


@pytest.mark.parametrize(("expr", "at"), EXISTING)
def test_a_mixed_partial_that_exists(expr: str, at: str) -> None:
    found = mixed(expr, at)
    assert found is not None
    assert found.verdict == "agree", found
    values = dict(part.split("=") for part in at.split(", "))
    with mpmath.workdps(400):
        point = {name: mpmath.mpf(text) for name, text in values.items()}
        root = tree(_plain(expr), "xy")
        ways = [Nested(root, point, names) for names in ("xy", "yx")]
        sides = [[way.second(sign) for sign in (-1, 1)] for way in ways]
        existing = [s for s in sides if all(mpmath.isfinite(v) for v in s)]
        assert existing
        for left, right in existing:
            assert abs(left - mpmath.mpf(found.value)) < 1e-12
            assert abs(right - mpmath.mpf(found.value)) < 1e-12


def _plain(expr: str) -> str:
    return expr.replace("norm([x, y])", "hypot(x, y)")


@pytest.mark.parametrize(
    ("expr", "left", "right", "names"),
    [("x*abs(y)", -1, 1, "xy"), ("abs(x)*y", -1, 1, "yx"), ("abs(x - y)*sin(x)*exp(y)", -1, 1, "xy")],
)
def test_a_kink_of_a_slope(expr: str, left: float, right: float, names: str) -> None:
    found = mixed(expr, "x=0, y=0")
    assert found is not None
    assert (found.verdict, found.left, found.right) == ("kink", left, right)
    assert found.sides == "mixed derivative"
    with mpmath.workdps(400):
        way = Nested(tree(expr, "xy"), {"x": mpmath.mpf(0), "y": mpmath.mpf(0)}, names)
        assert abs(way.second(-1) - left) < 1e-12
        assert abs(way.second(1) - right) < 1e-12


UNEQUAL = "x*y*(x^2 - y^2)/(x^2 + y^2)"  # G. Peano's example


@pytest.mark.parametrize("expr", [UNEQUAL, f"where(x == 0 and y == 0, 0, {UNEQUAL})"])
def test_unequal_mixed_partials(expr: str) -> None:
    found = mixed(expr, "x=0, y=0")
    assert found is not None
    assert found.verdict == "kink"
    assert (
        "the slope along y of the slope along x is -1, but the slope along x of the slope along y is 1"
        in found.note
    )
    with mpmath.workdps(400):
        root = tree(f"where(x == 0 and y == 0, 0, {UNEQUAL})", "xy")
        at = {"x": mpmath.mpf(0), "y": mpmath.mpf(0)}
        assert abs(Nested(root, at, "xy").second(1) + 1) < 1e-12
        assert abs(Nested(root, at, "yx").second(1) - 1) < 1e-12


@pytest.mark.parametrize(
    ("expr", "words"),
    [
        ("abs(x*y)", "the slope along x of abs(x*y) does not exist at the points beside x = 0, y = 0"),
        (
            "hypot(x, y)",
            "its slope along x is -1 on the left and 1 on the right, so it has no mixed derivative",
        ),
        ("abs(x) + x*y", "the other way round there is none"),
    ],
)
def test_words(expr: str, words: str) -> None:
    found = mixed(expr, "x=0, y=0")
    assert found is not None
    assert words in found.note


@pytest.mark.parametrize(
    ("expr", "way", "limit"),
    [("x*y/(x^2 + y^2)", (1, 1), 0.5), ("x^2*y/(x^4 + y^2)", (1, 2), 0.5), ("(x - y)/(x + y)", (1, 2), 1.0)],
)
def test_another_way_refutes_a_hole(expr: str, way: tuple[int, int], limit: float) -> None:
    for rows in find(expr, "x=0, y=0"):
        assert rows[0] is not None
        assert rows[0].verdict == "undefined"
        assert "so no value can be filled in" in rows[0].note
    with mpmath.workdps(60):
        t = mpmath.mpf(10) ** -20
        assert abs(value(tree(expr, "xy"), {"x": t ** way[0], "y": t ** way[1]}) - limit) < 1e-12


def test_a_hole_in_all_directions_is_filled() -> None:
    for rows in find(UNEQUAL, "x=0, y=0"):
        assert rows[0] is not None
        assert (rows[0].verdict, rows[0].limit, rows[0].value) == ("removable", 0.0, "0")


@pytest.mark.parametrize(
    ("expr", "at", "verdict"),
    [
        ("abs(x - sqrt(2) - sqrt(3))", "sqrt(5 + 2*sqrt(6))", "kink"),  # the square of both is 5 + 2 sqrt(6)
        ("abs(x - cos(pi/5))", "(1 + sqrt(5))/4", "kink"),  # half the golden ratio
        ("floor(8*x)", "cos(pi/7)*cos(2*pi/7)*cos(3*pi/7)", "jump"),  # the product is 1/8
        ("abs(x - 1)*(sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6)))", "1", "agree"),
        ("abs(x - cbrt(sqrt(5) + 2) + cbrt(sqrt(5) - 2))", "1", "kink"),  # Cardano's 1
        ("abs(x - sqrt(2) - sqrt(3))", "sqrt(5 + 2*sqrt(6)) + 1e-70", "ordinary"),
    ],
)
def test_zeros_that_need_algebra(expr: str, at: str, verdict: str) -> None:
    found = find(expr, at)[0][0]
    assert (found.verdict if found else "ordinary") == verdict
