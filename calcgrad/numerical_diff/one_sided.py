"""One side of a point: a Chebyshev interpolant on an interval that ends there, its value and derivatives at
that end.

Interpolation at Chebyshev points keeps its accuracy up to the end of the interval, where equally spaced
points lose it; the coefficients of a smooth function fall to the noise and stay there, which shows both (L.
N. Trefethen, *Approximation Theory and Approximation Practice*, 2013, ch. 3, 8, 21).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from calcgrad.numerical_diff.sampling import Samples
from calcgrad.numerical_diff.shot import normalized, scaled

NODES = 16
_SIGMAS = 3.0
#: Secants of nothing but rounding grow by less than so many of it (the terms of a sum may be larger than the sum).
_ROUNDINGS = 1e3


@dataclass(frozen=True, slots=True)
class Side:
    """What the function is on one side of x: ``value`` is its limit there, ``derivatives[k]`` ± ``bounds[k]``
    its k-th derivative (k = 0 is the value), from an interval of this ``width`` on the side of ``sign``.

    ``noise`` is the level seen in the values; ``settled`` is whether the coefficients fell down to a level at
    all.
    """

    sign: int
    width: float
    derivatives: tuple[float, ...]
    bounds: tuple[float, ...]
    noise: float
    settled: bool
    coefficients: tuple[float, ...]

    @property
    def value(self) -> float:
        return self.derivatives[0]

    def end_derivative(self, order: int) -> float:
        """The interpolant's own derivative at x, of any order; without a bound."""
        ends = _end_derivatives(order)
        terms = [c * e for c, e in zip(self.coefficients, ends, strict=True)]
        return scaled((2.0 * self.sign) ** order * math.fsum(terms), 0, self.width, order)

    def predict(self, offset: float) -> float:
        """The interpolant at x + offset (Clenshaw's recurrence)."""
        t = 2.0 * self.sign * offset / self.width - 1.0
        later = last = 0.0
        for c in reversed(self.coefficients[1:]):
            later, last = 2.0 * t * later - last + c, later
        return t * later - last + self.coefficients[0]


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """The Chebyshev points on [-1, 1], and T_k at each of them."""
    angles = [(2 * i + 1) * math.pi / (2 * NODES) for i in range(NODES)]
    return tuple(math.cos(a) for a in angles), tuple(
        tuple(math.cos(k * a) for a in angles) for k in range(NODES)
    )


@lru_cache(maxsize=16)
def _end_derivatives(order: int) -> tuple[float, ...]:
    """The derivative of this order of every T_k at -1: ± prod (k² - i²)/(2i + 1)."""
    return tuple(
        (-1.0) ** (k + order) * math.prod([(k * k - i * i) / (2 * i + 1) for i in range(order)])
        for k in range(NODES)
    )


def fit_side(samples: Samples, sign: int, width: float, order: int) -> Side | None:
    """Fit the side of ``sign`` (+1 right, -1 left) over this width; None where the function has no value
    somewhere.
    """
    points, polynomials = _tables()
    raw = samples.at([samples.landing(sign * 0.5 * width * (1.0 + t)) for t in points])
    if any(map(math.isnan, raw)):
        return None
    values, exponent = normalized(raw)
    shift = values[-1]
    coefficients = [
        (2.0 if k else 1.0) / NODES * math.fsum([(v - shift) * p for v, p in zip(values, row, strict=True)])
        for k, row in enumerate(polynomials)
    ]
    # Noise of level s in the values is noise of level s·sqrt(2/n) in each coefficient.
    share = math.sqrt(2.0 / NODES)
    floor = samples.floor * math.sqrt(math.fsum([v * v for v in values]) / NODES) * share
    tail = [abs(c) for c in coefficients[-4:]]
    level = max(math.sqrt(math.fsum([c * c for c in tail]) / 4.0), floor)
    largest = max(abs(c) for c in coefficients[1:])
    settled = level <= 64.0 * floor or level <= 1e-4 * largest
    coefficients[0] += shift
    derivatives, bounds = [], []
    for k in range(order + 1):
        unit, error = _best_length(coefficients, _end_derivatives(k), level, k)
        toward = float(sign) ** k
        derivatives.append(toward * scaled(unit, exponent, width / 2.0, k))
        bounds.append(scaled(error, exponent, width / 2.0, k) + 4.0 * samples.floor * abs(derivatives[-1]))
    return Side(
        sign,
        width,
        tuple(derivatives),
        tuple(bounds),
        math.ldexp(level / share, exponent),
        settled,
        tuple(math.ldexp(c, exponent) for c in coefficients),
    )


def _best_length(
    coefficients: Sequence[float], ends: Sequence[float], level: float, order: int
) -> tuple[float, float]:
    """The series cut off where noise and what is cut off are least together: its value, and that error."""
    terms = [c * e for c, e in zip(coefficients, ends, strict=True)]
    beyond = _beyond(coefficients, terms)
    best = (math.fsum(terms), math.inf)
    for length in range(max(order + 2, 3), NODES + 1):
        noise = _SIGMAS * level * math.sqrt(math.fsum([e * e for e in ends[:length]]))
        error = noise + math.fsum([abs(t) for t in terms[length:]]) + beyond
        if error < best[1]:
            best = (math.fsum(terms[:length]), error)
    return best


def _beyond(coefficients: Sequence[float], terms: Sequence[float]) -> float:
    """What the terms that were never computed may add up to: a geometric tail at the rate of the last eight.

    Coefficients that no longer fall are noise, and have no tail.
    """
    earlier, later = (math.fsum(map(abs, coefficients[i : i + 4])) for i in (NODES - 8, NODES - 4))
    if not earlier or later > 0.6 * earlier:
        return 0.0
    # No term is 0 where its coefficient is not: no derivative of an order below 8 of T_8 and the following is 0 at an end.
    earlier, later = (math.fsum(map(abs, terms[i : i + 4])) for i in (NODES - 8, NODES - 4))
    ratio = min((later / earlier) ** 0.25, 0.95)
    return float(2.0 * max(map(abs, terms[-2:])) * ratio / (1.0 - ratio))


def best_side(samples: Samples, first: Side, order: int, accept: Callable[[Samples, Side], bool]) -> Side:
    """The best fit of one side near a first one: wider by 4, or narrower by 4 until the bound stops falling."""
    best = first
    for factor in (4.0, 0.25):
        width = first.width
        for _ in range(4):
            width *= factor
            if best.bounds[order] <= 1e-13 * abs(best.derivatives[order]) or width < 64.0 * samples.smallest:
                return best
            side = fit_side(samples, first.sign, width, order)
            if side is None or not side.settled or side.bounds[order] >= best.bounds[order]:
                break
            if accept(samples, side):
                best = side
        if best is not first:
            break
    return best


def secants(samples: Samples, sign: int, width: float) -> list[tuple[float, float]]:
    """(offset, slope) of thirteen secants from x to that side, the offset falling by a constant factor; []
    where f has no value at one of them, or x has too few digits for so many.
    """
    least = 2.0**-10 if samples.x == 0.0 else 1.0 / 8.0
    ratio = max(least, (64.0 * samples.smallest / width) ** (1.0 / 12.0))
    if not ratio < 0.7:
        return []
    centre = samples.one(0.0)
    offsets = [samples.landing(sign * width * ratio**k) for k in range(13)]
    values = samples.at(offsets)
    if math.isnan(centre) or any(map(math.isnan, values)):
        return []
    return [(t, (v - centre) / t) for t, v in zip(offsets, values, strict=True)]


def steepens(samples: Samples, sign: int, width: float) -> float:
    """±inf where the secants from x to that side grow without end (a vertical tangent), otherwise 0.

    They must grow at every one of twelve steps toward x, and at none of the last six much faster than at the end: a slope
    that settles, however late, is not infinite. The values must come together, or it is a jump, and at each step, or it is an
    oscillation (sin(1/x) at 0, whose secants grow by chance). Growth that had all but stopped and comes back as large as
    the rounding of the values, divided by a tiny step, may be, is that of rounding.
    """
    row = secants(samples, sign, width)
    if not row:
        return 0.0
    slopes = [secant for _, secant in row]
    grows = [abs(b) - abs(a) for a, b in pairwise(slopes)]
    changes = [abs(t * slope) for t, slope in row]
    size = max(abs(samples.one(0.0)), samples.smallest)
    rounding = samples.floor * size / abs(row[-1][0])
    stopped = any(b < 0.5 * a for a, b in pairwise(grows[len(grows) // 2 :]))
    settles = (
        min(grows) <= 0.0
        or (stopped and grows[-1] <= _ROUNDINGS * rounding)
        or grows[-1] < 0.9 * max(grows[len(grows) // 2 :])
        or slopes[0] * slopes[-1] <= 0.0
    )
    late = changes[len(changes) // 2 :]
    if settles or late[-1] > 0.5 * late[0] or any(b > a for a, b in pairwise(late)):
        return 0.0
    return math.copysign(math.inf, slopes[-1])


def secant_side(samples: Samples, sign: int, width: float) -> Side | None:
    """Where no interpolant settles (|x|^1.5 at 0), the limit of the secants, from where they change least."""
    row = secants(samples, sign, width)
    if not row:
        return None
    slopes = [slope for _, slope in row]
    changes = [abs(b - a) for a, b in pairwise(slopes)]
    # The changes must have been falling steadily for a while, which those of noise do not.
    steady = [
        i
        for i in range(3, len(changes))
        if all(changes[j] <= 0.9 * changes[j - 1] for j in range(i - 2, i + 1))
    ]
    if not steady:
        return None
    value = samples.one(0.0)
    # Nearer to x the values differ by less than their own rounding, and secants settle on whatever that leaves.
    size = max(abs(value), samples.smallest)
    bounds = {i: 2.0 * (changes[i - 1] + samples.floor * size / abs(row[i + 1][0])) for i in steady}
    last = min(bounds, key=lambda i: bounds[i])
    return Side(sign, abs(row[last + 1][0]), (value, slopes[last + 1]), (0.0, bounds[last]), 0.0, True, ())
