"""A derivative from six or eight points, with the step learned on a neighbouring coordinate.

The pairs stand at 1, 2 and 27/8 steps: the last is irregular, so that no periodic function falls in with all
three. How the estimates change from pair to pair says how far away the function's nearest singularity seems;
from that follow the error, and the step for the next coordinate. Where three pairs do not reach the wish, a
fourth at 5/8 of a step does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from calcgrad.numerical_diff.sampling import Samples, exact_step
from calcgrad.numerical_diff.shot import Shot, apply, normalized, scaled
from calcgrad.numerical_diff.stencils import symmetric_weights

#: The nodes, in eighths of the step.
_EIGHTHS = (8, 16, 27, 5)
#: How much more than rounding the noise may be, where no table has measured it.
_WIDEN = 8.0
#: The spacings that a search ends at are about this share of the radius of convergence.
_SEARCH_SHARE = 1.0 / 30.0


@dataclass(slots=True)
class Lesson:
    """What the coordinates so far have taught: the radius of convergence per unit of scale, and the noise in
    f.
    """

    radius: float = 0.0
    noise: float = 0.0

    def learn_from_search(self, step: float, scale: float, noise: float) -> None:
        """Take the radius from the step of a full search."""
        self.radius = step / _SEARCH_SHARE / scale
        self.noise = noise

    def eighth(self, x: float, scale: float, wish: float) -> float:
        """An eighth of the step at which three pairs should just meet the wish (see :func:`_rate`)."""
        return exact_step(x, 0.125 * self.radius * scale * (wish / 600.0) ** (1.0 / 6.0), reach=32)


def trial_offsets(eighth: float, pairs: int = 3) -> list[float]:
    """The offsets that a trial needs besides 0."""
    return [sign * n * eighth for n in _EIGHTHS[:pairs] for sign in (1, -1)]


def trial(
    samples: Samples, eighth: float, order: int, lesson: Lesson, pairs: int = 3
) -> tuple[Shot, float] | None:
    """The estimate from three pairs or four, and the radius that it shows; None where a point has no value,
    or the even part is not smooth.
    """
    raw = samples.at([0.0, *trial_offsets(eighth, pairs)])
    if any(map(math.isnan, raw)):
        return None
    values, exponent = normalized(raw)
    estimates, norm = _estimates(values, order, pairs)
    floor = samples.floor * max(abs(v) for v in values)
    noise = max(_WIDEN * floor, 4.0 * math.ldexp(lesson.noise, -exponent))
    rounding = noise * norm
    spread = max(values) - min(values)
    slope = spread / (2.0 * _EIGHTHS[2])
    size = max(abs(estimates[-1]), 0.01 * slope)
    rate = _rate(estimates, size, rounding)
    truncation = 40.0 * size * rate**3
    if pairs > 3:
        truncation = max(abs(estimates[3] - estimates[2]), 0.05 * truncation)
    if order == 1 and not _is_even_part_smooth(values, size, rate, 8.0 * noise):
        return None
    scale = scaled(1.0, exponent, eighth, order)
    value = estimates[-1] * scale
    shot = Shot(
        kind="smooth",
        step=8.0 * eighth,
        value=value,
        bound=(rounding + truncation) * scale + 2.0 * samples.floor * abs(value),
        rounding=rounding * scale,
        truncation=truncation * scale,
        noise=math.ldexp(noise, exponent) / _WIDEN,
        floor=math.ldexp(floor, exponent),
        slope=slope * scale,
        spread=math.ldexp(spread, exponent),
    )
    return shot, 8.0 * eighth * math.sqrt(2.0 / rate) if rate else math.inf


def _estimates(values: Sequence[float], order: int, pairs: int) -> tuple[list[float], float]:
    """The estimates from one pair, two, and so on, and the norm of the last one's weights."""
    right, left = values[1::2], values[2::2]
    weights = [symmetric_weights(order, _EIGHTHS[:k]) for k in range(1, pairs + 1)]
    found = [apply(w, order, values[0], right[:k], left[:k]) for k, w in enumerate(weights, 1)]
    return found, weights[-1].norm


def _rate(estimates: Sequence[float], size: float, rounding: float) -> float:
    """How fast the estimates converge, as about 2·(h/R)² with R the radius of convergence.

    The first change is (h/R)² of the value, the second 4·(h/R)^4, and the third, which is the error,
    45·(h/R)^6. The larger of the two says the rate, so that one that is small by accident does not.
    """
    if not size:
        return 0.0
    first, second = abs(estimates[1] - estimates[0]), abs(estimates[2] - estimates[1])
    return max(first / size, math.sqrt(max(second - rounding, 0.0) / size))


def _is_even_part_smooth(values: Sequence[float], size: float, rate: float, noise: float) -> bool:
    """A kink at x is even, and the first derivative would not see it: does a·t² + b·t^4 fit the even part?

    What is left over is of the size of the third change (45·(h/R)^6 of f, which may be some R times the
    slope), and of the size of the step times the slopes' gap at a kink.
    """
    near, middle, far = (
        (r - values[0]) + (s - values[0]) for r, s in zip(values[1:7:2], values[2:7:2], strict=True)
    )
    x, y, z = (n * n for n in _EIGHTHS[:3])
    predicted = near * (z * (z - y)) / (x * (x - y)) + middle * (z * (z - x)) / (y * (y - x))
    largest = max(abs(near), abs(middle), abs(far))
    return abs(far - predicted) <= noise + 30.0 * max(size * rate**2, largest * rate**2, 1e-7 * size)
