"""One shot: all symmetric stencils on one grid, the noise seen there, and the best of them with its bound.

For every half-width k the error is (noise × the stencil's norm ÷ h^order) + truncation, the latter from how
the estimates change with k; that split, and the search for its minimum, follow P. E. Gill, W. Murray, M. A.
Saunders and M. H. Wright (*Computing forward-difference intervals for numerical optimization*, SIAM J. Sci.
Stat. Comput. 4, 1983).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from calcgrad.numerical_diff.noise import Table, difference_table
from calcgrad.numerical_diff.sampling import Samples
from calcgrad.numerical_diff.stencils import Symmetric, symmetric_weights

HALF = 8
#: Check points in steps from x: irregular, so that no periodic function can fall in with both the grid and
#: them.
CHECK_POINTS = (0.381966, -1.763932)
#: Standard deviations of noise that the bound allows for.
NOISE_SIGMAS = 3.0
#: More noise than this many times rounding is worth a word.
NOISY = 16.0

#: A check point this far off, as a share of the range of the values, is not noise: the grid does not see the
#: function.
_MISSED = 0.003
_GREATEST_ADVICE = 64.0

Kind = Literal["smooth", "truncated", "noisy", "broken", "aliased"]


@dataclass(frozen=True, slots=True)
class Shot:
    """What one grid says. ``value`` ± ``bound`` is the derivative; ``rounding`` and ``truncation`` are its
    two errors.

    ``noise`` and ``floor`` are the level seen in the values and the level that rounding alone would give,
    absolute. ``slope`` is the mean slope of the function over the grid to the order of the derivative: the
    size against which a derivative is zero. ``reachable`` is the rounding error that this step would have
    without noise or truncation. ``advice`` is the factor by which the step had better grow or shrink, and
    ``break_at`` the offset of a break. ``spread`` is the range of the values.
    """

    kind: Kind
    step: float
    value: float
    bound: float
    rounding: float
    truncation: float
    noise: float
    floor: float
    slope: float
    spread: float
    reachable: float = 0.0
    advice: float = 1.0
    break_at: float | None = None

    @property
    def slope_of_values(self) -> float:
        """The mean first slope over the grid."""
        return self.spread / (2.0 * HALF * self.step)


def scaled(number: float, exponent: int, step: float, order: int) -> float:
    """``number * 2**exponent / step**order`` without overflow or underflow on the way."""
    mantissa, step_exponent = math.frexp(step)
    try:
        return math.ldexp(number / mantissa**order, exponent - order * step_exponent)
    except OverflowError:
        return math.copysign(math.inf, number)


def normalized(values: Sequence[float]) -> tuple[list[float], int]:
    """The values divided by a power of two that brings the largest to about 1, and its exponent."""
    exponent = math.frexp(max(abs(v) for v in values))[1]
    return [math.ldexp(v, -exponent) for v in values], exponent


@cache
def _stencils(order: int) -> list[Symmetric]:
    """The symmetric stencils of all half-widths that the order allows."""
    return [symmetric_weights(order, tuple(range(1, k + 1))) for k in range((order + 1) // 2, HALF + 1)]


def apply(
    weights: Symmetric, order: int, centre: float, right: Sequence[float], left: Sequence[float]
) -> float:
    """The stencil on values at the nodes to the right and to the left, for unit spacing."""
    return math.fsum([w * p for w, p in zip(weights.sides, paired(order, centre, right, left), strict=True)])


def paired(order: int, centre: float, right: Sequence[float], left: Sequence[float]) -> list[float]:
    """The values of both sides put together, as a symmetric stencil weighs them."""
    if order % 2:
        return [r - s for r, s in zip(right, left, strict=True)]
    # Differences from the centre first: for even orders the weights sum to zero, and this keeps the digits.
    return [(r - centre) + (s - centre) for r, s in zip(right, left, strict=True)]


@lru_cache(maxsize=64)
def _interpolation_weights(target: float) -> tuple[tuple[float, ...], float]:
    """Lagrange weights of the 17 grid points at a target (in steps), and the norm of the prediction's error."""
    nodes = range(-HALF, HALF + 1)
    weights = tuple(math.prod((target - m) / (j - m) for m in nodes if m != j) for j in nodes)
    return weights, math.sqrt(1.0 + math.fsum(w * w for w in weights))


def take_shot(samples: Samples, step: float, order: int, *, noisy: bool = False) -> Shot | float:
    """The shot at this spacing; where a point has no value, the room that there is instead (an offset).

    ``noisy`` says that f is known to carry noise, so that a table which still falls is not taken for a smooth
    one.
    """
    offsets = [j * step for j in range(-HALF, HALF + 1)]
    raw = samples.at(offsets)
    bad = [abs(t) for t, v in zip(offsets, raw, strict=True) if math.isnan(v)]
    if bad:
        return min(bad)
    values, exponent = normalized(raw)
    root_mean_square = math.sqrt(math.fsum([v * v for v in values[4:13]]) / 9.0)
    floor = samples.floor * root_mean_square
    table = difference_table(values, floor)
    level = table.noise if noisy else _likely_noise(table, floor)
    noise, aliased = _check(samples, step, values, exponent, max(level, floor))
    # Noise that is not rounding need not be white (a staircase is not): allow it more.
    allowance = 1.4 if noise > NOISY * floor else 1.0
    unit, rounding, truncation = _best_order(values, order, allowance * max(noise, floor))
    spread = max(values) - min(values)
    kind = _kind(table, aliased, noise, floor)
    scale = scaled(1.0, exponent, step, order)
    slope = spread / (2.0 * HALF) * scale
    value = scaled(unit, exponent, step, order)
    return Shot(
        kind=kind,
        step=step,
        value=value,
        bound=(rounding + truncation) * scale + 2.0 * samples.floor * abs(value),
        rounding=rounding * scale,
        truncation=truncation * scale,
        noise=math.ldexp(noise, exponent),
        floor=math.ldexp(floor, exponent),
        slope=slope,
        spread=math.ldexp(spread, exponent),
        reachable=NOISE_SIGMAS * floor * _stencils(order)[-1].norm * scale,
        advice=_advice(table, max(noise, floor), floor),
        break_at=None if table.break_at is None else (table.break_at - HALF) * step,
    )


def _likely_noise(table: Table, floor: float) -> float:
    """The level to reckon with: the table's own, or, while it still falls, half way (in digits) to rounding."""
    return math.sqrt(table.noise * max(floor, 1e-6 * table.noise)) if table.decaying else table.noise


def _check(
    samples: Samples, step: float, values: list[float], exponent: int, noise: float
) -> tuple[float, bool]:
    """Predict the two check points by interpolation; a large miss means that the grid lies."""
    if step < 64.0 * math.ulp(samples.x):
        return noise, False
    targets = [samples.landing(t * step) for t in CHECK_POINTS]
    worst = 0.0
    for target, seen in zip(targets, samples.at(targets), strict=True):
        if math.isnan(seen) or not math.isfinite(
            target
        ):  # beyond the largest double there is no point either
            return noise, True
        weights, norm = _interpolation_weights(target / step)
        predicted = math.fsum([w * v for w, v in zip(weights, values, strict=True)])
        worst = max(worst, abs(predicted - math.ldexp(seen, -exponent)) / norm)
    # A small miss is noise that the grid points happen not to have (x on a round grid is often rounded less).
    return max(noise, 0.7 * worst), worst > _MISSED * (max(values) - min(values)) and worst > 6.0 * noise


def _best_order(values: list[float], order: int, noise: float) -> tuple[float, float, float]:
    """The half-width with the least error: its estimate, rounding error and truncation error, for unit
    spacing.
    """
    stencils = _stencils(order)
    pairs = paired(order, values[HALF], values[HALF + 1 :], values[HALF - 1 :: -1])
    estimates = [math.fsum([w * p for w, p in zip(s.sides, pairs, strict=False)]) for s in stencils]
    norms = [s.norm for s in stencils]
    changes = [math.inf, *(abs(b - a) for a, b in pairwise(estimates))]
    best = (estimates[-1], math.inf, math.inf)
    for i in range(1, len(estimates)):
        rounding = NOISE_SIGMAS * noise * norms[i]
        truncation = _truncation(changes, i)
        if rounding + truncation < best[1] + best[2]:
            best = (estimates[i], rounding, truncation)
    return best


def _truncation(changes: list[float], i: int) -> float:
    """The truncation error of the i-th estimate, from the changes between successive ones.

    It is about the next change. At the end of the row that is foretold by the decay of the last two, and one
    that is small by accident is not believed below half of what the decay foretells.
    """
    here = changes[i]
    ratio = min(1.0, here / changes[i - 1]) if i > 1 and changes[i - 1] > 0.0 else 1.0
    foretold = here * ratio
    if i + 1 < len(changes):
        return max(changes[i + 1], 0.5 * foretold) if i > 1 else max(changes[i + 1], 0.1 * here)
    return here * max(ratio, 0.02)


def _kind(table: Table, aliased: bool, noise: float, floor: float) -> Kind:
    if table.break_at is not None:
        return "broken"
    if aliased:
        return "aliased"
    if table.decaying:
        return "truncated"
    return "noisy" if noise > NOISY * floor else "smooth"


def _advice(table: Table, noise: float, floor: float) -> float:
    """The factor for the step at which the smooth part would just reach the noise at the top of the table.

    Level k of a smooth function falls like q^k, q in proportion to the step. From where it met the noise (or
    how far above it the top still is) follows q, and the factor.
    """
    levels = table.levels
    top = len(levels) - 2
    if not levels[0] or not noise:
        return _GREATEST_ADVICE
    if table.decaying:
        wanted = 4.0 * floor / levels[0]
        q = (levels[top] / levels[0]) ** (1.0 / top)
    else:
        wanted = min(4.0 * noise / levels[0], 1.0)
        met = next((k for k in range(1, top) if levels[k] <= 4.0 * noise), top)
        q = wanted ** (1.0 / met)
    return min(wanted ** (1.0 / top) / q, _GREATEST_ADVICE) if q else _GREATEST_ADVICE
