"""How far a value is from the truth in ulps, over what its input's condition allows; and points to measure at."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import mpmath

from calcgrad.operations import parsed
from calcgrad.operations.row import ARGUMENTS, Elementwise
from calcgrad.systems.base import FLOAT64

#: Digits of the truth at ordinary points, and where numbers of size 1e-300 and 1e300 meet.
DIGITS, TAIL_DIGITS = 60, 1100
SIZES = (
    *(1e-300, 1e-160, 1e-100, 1e-17, 1e-9, 1e-4, 0.1, 0.75, 1.0, 1.5),
    *(3.0, 19.0, 40.0, 354.0, 700.0, 1e4, 1e9, 1e17, 1e100, 1e160, 1e300),
    *(1 + s * 2.0**-k for s in (-1, 1) for k in (52, 40, 26, 10, 3)),
)
Function = Callable[..., Any]


def digits_for(args: Sequence[float]) -> int:
    """Enough digits that no sum of such numbers, or of their exponentials with 1, rounds one of them away."""
    return DIGITS if all(a == 0 or 1e-3 < abs(a) < 100 for a in args) else TAIL_DIGITS


def exact(function: Function, args: Sequence[float]) -> Any:
    """The function's true value at doubles, in the working precision."""
    return function(*[mpmath.mpf(a) for a in args])


def condition(truth: Function, args: Sequence[float], value: Any) -> Any:
    """The input's condition: the sum of |x_i f_i / f| over the arguments."""
    nudge = mpmath.mpf(10) ** -(mpmath.mp.dps // 2)
    total = mpmath.mpf(0)
    for i, a in enumerate(args):
        moved = [mpmath.mpf(x) for x in args]
        moved[i] = mpmath.mpf(a) * (1 + nudge)
        total += abs((truth(*moved) - value) / nudge)
    return total / abs(value) if value else mpmath.mpf(1)


def ulps(value: float, true: Any, allowed: Any = 1) -> float:
    """The error in units of the last place of the truth, over ``max(1, allowed)``; inf where only one is finite.

    An underflow to 0 is right where the truth is subnormal; so is an overflow where the truth overflows.
    """
    nearest = float(true)
    if value in (true, nearest) or (math.isnan(value) and math.isnan(nearest)):
        return float(abs(mpmath.mpf(value) - true) / math.ulp(nearest)) if math.isfinite(value) else 0.0
    if abs(true) < 2.3e-308 and abs(value) < 2.3e-308:
        return 0.0
    if not math.isfinite(value) or not math.isfinite(nearest):
        return 0.0 if abs(true) > 1.797e308 and value * nearest > 0 else math.inf
    return float(abs(mpmath.mpf(value) - true) / math.ulp(nearest) / max(1, allowed))


def slope(truth: Function, j: int) -> Function:
    """The true partial derivative in argument ``j``, by a difference in many digits."""

    def partial(*args: Any) -> Any:
        step = min(abs(args[j]) or 1, 1) * mpmath.mpf(10) ** -(mpmath.mp.dps // 7)
        up, down = list(args), list(args)
        up[j] += step
        down[j] -= step
        return (truth(*up) - truth(*down)) / (2 * step)

    return partial


def inside(row: Elementwise, args: Sequence[float]) -> bool:
    """Whether the row's own condition lets these arguments in."""
    if not row.domain:
        return True
    return bool(FLOAT64.expression(parsed(row.domain), ARGUMENTS[: row.arity])(*args))


def ordinary(row: Elementwise, count: int) -> list[tuple[float, ...]]:
    """Points of the row's own range."""
    draw = random.Random(row.name)
    return [
        tuple(float(draw.randint(int(r.low), int(r.high))) if r.whole else draw.uniform(r.low, r.high)
              for r in row.sample)
        for _ in range(count)
    ]  # fmt: skip


def far(row: Elementwise) -> Iterator[tuple[float, ...]]:
    """Points of every size and of both signs, and beside 1, where the row's domain has them."""
    if row.name == "sphericalj":
        return
    sizes = [s * t for t in SIZES for s in (1.0, -1.0)]
    draw = random.Random(row.name)
    points: list[tuple[float, ...]] = [(s,) for s in sizes]
    if row.arity > 1:
        points = [tuple(draw.choice(sizes) for _ in row.sample) for _ in range(50)]
    for point in points:
        if inside(row, point) and not _out_of_reach(row.name, point):
            yield point


def _out_of_reach(name: str, point: tuple[float, ...]) -> bool:
    """What the truth itself cannot say in its digits."""
    if name in ("mod", "floordiv"):
        return abs(point[0] / point[1]) > 1e15
    return name in ("pow", "root", "logb") and max(abs(a) for a in point) > 1e18


def decided(row: Elementwise, point: tuple[float, ...]) -> bool:
    """Whether the point is off the places where the row is not smooth."""
    names = ARGUMENTS[: row.arity]
    for singular in row.singular:
        at = FLOAT64.expression(parsed(singular.where), names)(*point)
        if at == 0 or (singular.period and (at % singular.period == 0 or abs(at) > 1e15)):
            return False
    return True
