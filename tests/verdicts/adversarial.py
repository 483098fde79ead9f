"""Random compositions of what has kinks, jumps, edges and poles, met exactly there; and what must hold of a verdict."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
from hypothesis import strategies as st

from calcgrad.verdicts import Finding

from .test_special_points import find
from .witness import DIGITS, Side, side, there, tree

POINTS = ("0", "1", "-1", "1/2", "2", "1/3")
_ONE = [
    "abs({})", "sqrt({})", "cbrt({})", "floor({})", "sign({})", "({})^2", "({})^3", "sin({})", "cos({})", "exp({})", "tanh({})",
    "max({}, 0)", "min({}, 1)", "relu({})", "frac({})", "round({})", "1/({})", "({})^1.5", "sqrt(({})^2)", "abs({})^3", "atan({})",
    "asin({})", "log({})", "ceil({})", "sin({})/({})", "where({} > 0, x, 0)", "heaviside({})", "tan({})", "log1p({})", "acos({})",
    "clip({}, -1, 1)", "expm1({})", "exp(-1/({})^2)", "atan(1/({}))",
]  # fmt: skip
_TWO = [
    "({}) + ({})", "({}) - ({})", "({})*({})", "({})/({})", "max({}, {})", "min({}, {})", "hypot({}, {})", "where({} > 0, {}, x)",
    "where({} == 0, 1, {})", "where({} < {}, x, x^2)", "({}) % ({})", "atan2({}, {})", "where(x > {}, {}, 0)",
]  # fmt: skip


def expressions(point: str) -> st.SearchStrategy[str]:
    """Expressions in x that like to meet their breaks at the point."""
    leaves = st.sampled_from(
        ["x", f"(x - ({point}))", "2", "-x", "x^2", f"(x - ({point}))^2", f"(x^2 - ({point})^2)", "0.5"]
    )

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        one = st.builds(lambda form, a: form.replace("{}", a), st.sampled_from(_ONE), inner)
        two = st.builds(lambda form, a, b: form.format(a, b), st.sampled_from(_TWO), inner, inner)
        return one | two

    return st.recursive(leaves, grown, max_leaves=5)


CASES = st.sampled_from(POINTS).flatmap(lambda p: st.tuples(expressions(p), st.just(p)))


def near(found: float | str | None, true: Any) -> bool:
    """Whether a finding's number is the witness's, whose steps leave an error of a small power of 1e-40."""
    return found is not None and abs(mpmath.mpf(found) - true) <= mpmath.mpf(10) ** -8 * (1 + abs(true))


def wrong(expr: str, at: str) -> str | None:
    """What is wrong with the verdict of a first derivative, as far as one-sided differences tell; ``None`` for nothing."""
    found = find(expr, f"x={at}")[0][0]
    if found is not None and found.verdict in ("inconclusive", "overflow"):
        return None
    with mpmath.workdps(DIGITS):
        root, point = tree(expr), Fraction(at)
        try:
            left, right, value = side(root, point, -1), side(root, point, 1), there(root, point)
        except OverflowError:
            return None
        return _complaint(found, left, right, value)


def _complaint(found: Finding | None, left: Side, right: Side, value: Any) -> str | None:
    verdict = "agree" if found is None else found.verdict
    has = None if value is None else bool(mpmath.isfinite(value))
    ok = _CHECKS[verdict](found, left, right, value, has)
    return (
        None
        if ok
        else f"{found}\n left {_shown(left)}\n right {_shown(right)}\n value {mpmath.nstr(value, 12)}"
    )


def _shown(s: Side) -> str:
    return ", ".join(mpmath.nstr(v, 12) for v in s)


def _agree(found: Finding | None, left: Side, right: Side, value: Any, has: bool | None) -> bool:
    if not (left.defined and right.defined) or has is False or left.grows or right.grows:
        return False
    continuous = value is None or (_same(left.value, value) and _same(right.value, value))
    equal = near(mpmath.nstr(left.near, 40), right.near)
    return continuous and equal and (found is None or found.value is None or near(found.value, right.near))


def _same(a: Any, b: Any) -> bool:
    return bool(abs(a - b) <= mpmath.mpf(10) ** -25 * (1 + abs(b)))


def _slope(given: float | None, s: Side) -> bool:
    if given is None:
        return not s.defined
    if math.isinf(given):
        return s.defined and s.grows and (s.near > 0) == (given > 0)
    return s.defined and (near(given, s.near) or _closing(given, s))


def _closing(given: Any, s: Side) -> bool:
    """Whether the slope comes nearer as 1/log of the distance does, too slowly to arrive."""
    return bool(abs(s.near - mpmath.mpf(given)) < 0.7 * abs(s.far - mpmath.mpf(given)))


def _slopes(found: Finding, left: Side, right: Side, value: Any, has: bool | None) -> bool:
    holds = has is None or has == (found.limit is None)
    limit = value if found.limit is None else found.limit
    continuous = limit is None or all(
        near(mpmath.nstr(s.value, 40), limit) for s in (left, right) if s.defined
    )
    return holds and continuous and _slope(found.left, left) and _slope(found.right, right)


def _jump(found: Finding, left: Side, right: Side, value: Any, has: bool | None) -> bool:
    sides = [
        (g, s) for g, s in ((found.left, left), (found.right, right)) if g is not None and math.isfinite(g)
    ]
    there_ = all(near(g, s.value) for g, s in sides)
    missing = all(not s.defined for g, s in ((found.left, left), (found.right, right)) if g is None)
    parts = {mpmath.nstr(s.value, 12) for _, s in sides} | (
        {mpmath.nstr(value, 12)} if value is not None else set()
    )
    return has is not False and there_ and missing and (len(parts) > 1 or value is None or len(sides) < 2)


def _undefined(found: Finding, left: Side, right: Side, value: Any, has: bool | None) -> bool:
    return has is not True or not (left.defined or right.defined)


def _removable(found: Finding, left: Side, right: Side, value: Any, has: bool | None) -> bool:
    there_ = [s for s in (left, right) if s.defined]
    return (
        has is not True
        and bool(there_)
        and all(near(found.limit, s.value) and not s.grows for s in there_)
        and all(near(found.value, s.near) or _closing(found.value, s) for s in there_)
    )


_CHECKS: dict[str, Any] = {
    "agree": _agree, "kink": _slopes, "infinite": _slopes, "boundary": _slopes,
    "jump": _jump, "undefined": _undefined, "removable": _removable,
}  # fmt: skip
