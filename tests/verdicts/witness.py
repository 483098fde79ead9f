"""One-sided values and slopes of a function beside an exact point, in hundreds of digits: it knows nothing of expansions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath

from calcgrad.comparing.request import Request, read
from calcgrad.expression.nodes import Call, Name, Node
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.systems.base import system

DIGITS = 330
#: Distances from the point; at the smallest the value stands for the limit.
FAR, NEAR, AT = 20, 40, 130
#: Bits before the point of a number beyond which nothing is asked of mpmath: it would take for ever.
_LARGEST = 3000


class Side(NamedTuple):
    """One side of the point: the limit of the values, and difference quotients from far and near."""

    value: Any
    far: Any
    near: Any

    @property
    def defined(self) -> bool:
        """Whether the function has values there."""
        return all(mpmath.isfinite(v) for v in self)

    @property
    def grows(self) -> bool:
        """Whether the slope grows without bound."""
        return bool(abs(self.near) > 1.4 * abs(self.far) and abs(self.near) > 8)


def tree(expr: str, names: str = "x") -> Node:
    """The expression's tree."""
    at = ", ".join(f"{name}=0" for name in names)
    return read(Request(expr, at=read_points([at], VOCABULARY))).parsed.root


def value(root: Node, at: Mapping[str, Any]) -> Any:
    """The value at a point, nan where some number on the way is not real and finite; a branch not taken is not on the way.

    Raises ``OverflowError`` where a number on the way has a thousand digits.
    """
    if isinstance(root, Name):
        return at[root.name]
    if not isinstance(root, Call):
        return system("mpmath").constant(root)
    if root.op == "where":
        condition = value(root.args[0], at)
        return mpmath.nan if mpmath.isnan(condition) else value(root.args[1 if condition else 2], at)
    args = [value(a, at) for a in root.args]
    if not all(mpmath.isfinite(a) for a in args) or (root.op == "atan2" and args == [0, 0]):
        return mpmath.nan
    if any(mpmath.mag(a) > _LARGEST for a in args):
        raise OverflowError
    found = system("mpmath").function(root.op)(*args, *root.params)
    return mpmath.nan if isinstance(found, mpmath.mpc) or not mpmath.isfinite(found) else mpmath.mpf(found)


def side(root: Node, point: Fraction, sign: int) -> Side:
    """What the function does on one side of a rational point."""
    p = mpmath.mpf(point.numerator) / point.denominator
    start = value(root, {"x": p + sign * mpmath.mpf(10) ** -AT})

    def slope(power: int) -> Any:
        h = sign * mpmath.mpf(10) ** -power
        return (value(root, {"x": p + h}) - start) / h

    return Side(start, slope(FAR), slope(NEAR))


def there(root: Node, point: Fraction) -> Any:
    """The value at the point, where several precisions agree on it; ``None`` where rounding decides."""
    found = []
    for digits in (150, 211, DIGITS):
        with mpmath.workdps(digits):
            found.append(value(root, {"x": mpmath.mpf(point.numerator) / point.denominator}))
    finite = [v for v in found if mpmath.isfinite(v)]
    if not finite:
        return mpmath.nan
    if len(finite) < len(found) or max(finite) - min(finite) > mpmath.mpf(10) ** -100 * (1 + abs(finite[0])):
        return None
    return finite[0]
