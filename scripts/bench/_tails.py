"""Every row of the table walked over the doubles: its value and its partials in floats against Arb's balls.

A partial's truth is a difference quotient of the balls of the *value*, at a step far below the double's last bit, so that no
partial of the table is its own judge. Where the argument is so large that this would take too many bits, it is the partial's own
formula over balls: that shows lost digits, not a wrong formula.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from calcgrad.operations import ROWS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.systems.base import FLOAT64, NoClosedForm, system

BITS = (500, 1500, 5000)
ENOUGH = 80
#: Beyond this no quotient is taken.
LARGE = 1e15
#: A row whose arguments are more than one is walked over this many points.
MOST_POINTS = 400


class Miss(NamedTuple):
    """How far off a row is at a point: ``argument`` is -1 for the value, else the partial's place."""

    ulps: float
    name: str
    argument: int
    point: tuple[float, ...]
    found: float
    true: str


def rows() -> list[Elementwise]:
    """The rows that are walked: all elementwise ones but comparisons and logic, which have nothing to lose."""
    return [r for r in ROWS if isinstance(r, Elementwise) and r.group != "comparisons and logic" and r.sample]


def points(row: Elementwise, step: int = 12) -> list[tuple[float, ...]]:
    """Points where the row is smooth: every ``step`` powers of ten, both signs, and near the edges of its ranges."""
    axes = [_whole(where) if where.whole else _axis(where.low, where.high, step) for where in row.sample]
    found: list[tuple[float, ...]] = list(product(*axes)) if len(axes) == 1 else []
    if not found:
        draw = random.Random(row.name)
        found = [tuple(draw.choice(axis) for axis in axes) for _ in range(MOST_POINTS * 12 // step)]
    return [p for p in dict.fromkeys(found) if _inside(row, p) and _smooth(row, p)]


def _axis(low: float, high: float, step: int) -> list[float]:
    sizes = [float(f"1e{k}") for k in range(-300, 301, step)] + [
        1e-8,
        1e-5,
        1e-3,
        0.03,
        0.3,
        3.0,
        30.0,
        300.0,
        3e3,
        1e5,
    ]
    sizes += [1 + s * 2.0**-k for s in (-1, 1) for k in (52, 40, 26, 10, 3)]
    ends = [e + s * 2.0**-k * (abs(e) or 1) for e in {low, high} for s in (-1, 0, 1) for k in (50, 20, 4)]
    return sorted({*sizes, *(-s for s in sizes), *ends, *(k + 2.0**-20 for k in range(-6, 4))} - {0.0})


def _whole(where: Any) -> list[float]:
    return [float(k) for k in range(int(where.low), int(where.high) + 1)]


def _inside(row: Elementwise, p: Sequence[float]) -> bool:
    return not row.domain or bool(FLOAT64.expression(parsed(row.domain), ARGUMENTS[: row.arity])(*p))


def _smooth(row: Elementwise, p: Sequence[float]) -> bool:
    for singular in row.singular:
        at = FLOAT64.expression(parsed(singular.where), ARGUMENTS[: row.arity])(*p)
        if at == 0 or math.isnan(at) or (singular.period and (at % singular.period == 0 or abs(at) > 1e15)):
            return False
    return True


def misses(row: Elementwise, at: Sequence[tuple[float, ...]]) -> Iterator[Miss | None]:
    """For each point the worst of the row's value and partials, ``None`` where balls have no answer for any."""
    for p in at:
        found = [m for j in range(-1, row.arity) if (m := miss(row, j, p)) is not None]
        yield max(found, key=lambda m: m.ulps) if found else None


def miss(row: Elementwise, j: int, p: tuple[float, ...]) -> Miss | None:
    """How far the value (j = -1) or the j-th partial is off, in ulps over max(1, its condition)."""
    if j >= 0 and row.partials[j] is None:
        return None
    truth = _truth(row, j, p)
    if truth is None:
        return None
    true, condition = truth
    found = float(FLOAT64.function(row.name)(*p)) if j < 0 else partial(row.name, j, p)
    return Miss(ulps(found, true) / max(1.0, condition), row.name, j, p, found, true.str(20, radius=False))


def partial(name: str, j: int, p: Sequence[float]) -> float:
    """The j-th partial as a sweep over floats computes it."""
    found = FLOAT64.push(name, j)(FLOAT64.function(name)(*p), *p, 1.0)
    return 0.0 if found is None else float(found)


def ulps(found: float, true: Any) -> float:
    """The error of a double in units of the last place of the true ball; below the normal doubles, of their smallest."""
    from flint import arb

    nearest = float(true.mid())
    if not math.isfinite(nearest) or not math.isfinite(found):
        return 0.0 if found == nearest else math.inf
    unit = max(math.ulp(nearest), math.ulp(2.0**-1022))
    return float((abs(arb(found) - true) / arb(unit)).mid())


def _truth(row: Elementwise, j: int, p: tuple[float, ...]) -> tuple[Any, float] | None:
    """The true value or partial as a ball, and its condition."""
    from flint import arb, ctx

    balls = system("arb")
    value = balls.function(row.name)
    for bits in BITS:
        with ctx.workprec(bits):
            at = [arb(a) for a in p]
            try:
                if j < 0:
                    function: Callable[..., Any] = value
                else:
                    function = _quotient(value, j, p) or _formula(row.name, j)
                true = function(*at)
                if true.rel_accuracy_bits() < ENOUGH and not _nothing(true):
                    continue
                return true, _condition(function, at, true, row)
            except (ValueError, ZeroDivisionError, OverflowError, NoClosedForm):
                return None
    return None


def _nothing(true: Any) -> bool:
    return bool(true.is_finite() and true.abs_upper() < 2.0**-1080)


def _quotient(value: Callable[..., Any], j: int, p: Sequence[float]) -> Callable[..., Any] | None:
    """The slope of the value in argument j, at a step that changes no bit of what is asked; None for a large argument."""
    from flint import arb

    if abs(p[j]) > LARGE:
        return None
    step = arb(min(abs(p[j]), 1 / abs(p[j]))) * arb(2) ** -120

    def slope(*at: Any) -> Any:
        left, right = ([a + s * step if i == j else a for i, a in enumerate(at)] for s in (-1, 1))
        found = (value(*right) - value(*left)) / (2 * step)
        return found + arb(
            0, abs(found).abs_upper() * arb(2) ** -90
        )  # truncation, of the order of the step squared

    return slope


def _formula(name: str, j: int) -> Callable[..., Any]:
    from flint import arb

    balls = system("arb")
    push, value = balls.push(name, j), balls.function(name)

    def slope(*at: Any) -> Any:
        found = push(value(*at), *at, arb(1))
        return arb(0) if found is None else found

    return slope


def _condition(function: Callable[..., Any], at: Sequence[Any], true: Any, row: Elementwise) -> float:
    """The sum of |x_i f_i / f|, by differences; 1 where balls do not say."""
    from flint import arb

    total = 0.0
    for i, a in enumerate(at):
        if row.sample[i].whole or not true.abs_lower() > 0:
            continue
        nudge = arb(2) ** -60 / max(abs(float(a)), 1.0)
        moved = function(*[b * (1 + nudge) if k == i else b for k, b in enumerate(at)])
        ratio = abs((moved - true) / nudge / true)
        total += float(ratio.mid()) if ratio.is_finite() else 1.0
    return total
