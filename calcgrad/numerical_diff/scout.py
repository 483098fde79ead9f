"""The scout: nine points on a grid that grows by doubling, of which the probe has six already.

From 0, ±1, ±2, ±4, ±8 steps comes the extrapolation of L. F. Richardson (*The approximate arithmetical
solution by finite differences*, 1911). It answers a wish that is far from the last digit, and it foretells
the step that the full grid wants, which then shares most of these points whichever it is.
"""

from __future__ import annotations

import math

from calcgrad.numerical_diff.sampling import Samples
from calcgrad.numerical_diff.shot import HALF, Shot, apply, normalized, scaled
from calcgrad.numerical_diff.stencils import symmetric_weights

NODES = (1, 2, 4, 8)
_FEWER = (1, 2, 8)
_FEWEST = (1, 8)
#: An irregular pair of points, in steps, that the polynomial must predict.
_CHECK = 2.763932
#: How much more than rounding the noise may be, where no table has measured it.
_WIDEN = 8.0
#: At the irregular pair a smooth function is off by up to about one bound, and one with a kink at x by 2.6 or more.
_STRAYS = 2.0
#: The full grid's truncation reaches rounding when its spacing is this share of the radius of convergence.
_SHARE = 1.0 / 32.0


def scout(samples: Samples, step: float, order: int) -> tuple[Shot, float] | None:
    """The nine-point estimate, and the spacing for the full grid; None where a point has no value."""
    if order > 2:
        return None
    raw = samples.at([0.0, *(j * step for j in NODES), *(-j * step for j in NODES)])
    if any(map(math.isnan, raw)):
        return None
    values, exponent = normalized(raw)
    right, left = dict(zip(NODES, values[1:5], strict=True)), dict(zip(NODES, values[5:], strict=True))
    estimates = []
    for nodes in (_FEWEST, _FEWER, NODES):
        weights = symmetric_weights(order, nodes)
        estimates.append(
            apply(weights, order, values[0], [right[n] for n in nodes], [left[n] for n in nodes])
        )
    first, second = abs(estimates[1] - estimates[0]), abs(estimates[2] - estimates[1])
    floor = samples.floor * math.sqrt(math.fsum([v * v for v in values]) / len(values))
    rounding = _WIDEN * floor * symmetric_weights(order, NODES).norm
    truncation = second * min(1.0, max(0.05, 10.0 * second / first)) if first > 0.0 else second
    scale = scaled(1.0, exponent, step, order)
    spread = max(values) - min(values)
    value = estimates[2] * scale
    shot = Shot(
        kind="smooth",
        step=step,
        value=value,
        bound=(rounding + truncation) * scale + 2.0 * samples.floor * abs(value),
        rounding=rounding * scale,
        truncation=truncation * scale,
        noise=math.ldexp(floor, exponent),
        floor=math.ldexp(floor, exponent),
        slope=spread / (2.0 * HALF) * scale,
        spread=math.ldexp(spread, exponent),
    )
    return shot, step * _factor(abs(estimates[2]), first, second, rounding)


def _factor(value: float, first: float, second: float, rounding: float) -> float:
    """1, 1/2 or 1/4: the full grid's spacing, from the rate at which the estimates converge.

    The change from seven points is (1·2·8)²·(h/R)^6 of the value when the nearest singularity is R away.
    """
    if not (rounding < second < 0.1 * first) or not value:
        return 1.0
    radius = (256.0 * value / second) ** (1.0 / 6.0)
    for factor in (1.0, 0.5):
        if factor <= _SHARE * radius:
            return factor
    return 0.25


def rough_shot(samples: Samples, h: float, quotient: float, previous: tuple[float, float] | None) -> Shot:
    """The last central difference, bounded by its change from the one before: all there is after a few
    points.
    """
    size = max(abs(v) for v in samples.at((-h, h)))
    change = abs(quotient - previous[1]) if previous is not None else math.inf
    floor = samples.floor * size
    return Shot(
        "aliased", h, quotient, change + _WIDEN * floor / h, 0.0, change, floor, floor, abs(quotient), size
    )


def resolves(samples: Samples, shot: Shot, order: int) -> bool:
    """Is an irregular pair of points where the polynomial through the nine points says?

    Both its odd part and its even part must be: a kink at x itself is even, and the slope alone would not see
    it.
    """
    step = shot.step
    raw = samples.at([0.0, *(j * step for j in NODES), *(-j * step for j in NODES)])
    offset = samples.landing(_CHECK * step)
    t = offset / step
    right, left = samples.at((offset, -offset))
    odd, even = right / 2 - left / 2, (right / 2 + left / 2) - raw[0]
    for i, n in enumerate(NODES):
        weight = math.prod([(t * t - m * m) / (n * n - m * m) for m in NODES if m != n])
        plus, minus = raw[1 + i], raw[5 + i]
        odd -= weight * (t / n) * (plus / 2 - minus / 2)
        even -= weight * (t / n) ** 2 * ((plus / 2 + minus / 2) - raw[0])
    noise = 4.0 * _WIDEN * shot.floor
    own, other = (odd, even) if order % 2 else (even, odd)
    strict = _STRAYS * offset**order * shot.bound + noise
    loose = strict + 1e-6 * shot.spread
    return abs(own) <= strict and abs(other) <= loose
