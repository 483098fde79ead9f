"""Where a function breaks, and what the break is: kink, jump, edge of the domain, vertical tangent.

Both sides are fitted apart from each other and from the value at x. Where a side's limit is not the value at
x, or the limits or slopes of the sides differ by more than their bounds, the break is at x, or so close that
the fits have run over it: then its distance is found by bisection in the exponent, and the search goes on
inside of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from calcgrad.numerical_diff.one_sided import Side, best_side, fit_side, secant_side, steepens
from calcgrad.numerical_diff.sampling import Samples

#: Slopes differ when they are further apart than this many times the sum of their bounds.
_APART = 4.0
#: So many of them where one side is fitted so much worse than the other that it may reach over a seam.
_UNLIKE, _WORSE = 64.0, 1e6
#: Slopes of two sides that agree to this share are one: a bound is a sample of the rounding, and now and then too small.
_ONE = 2.0**-34


@dataclass(frozen=True, slots=True)
class Break:
    """What was found at x, or beside it.

    ``kind`` is ``kink``, ``jump``, ``infinite``, ``boundary`` (one side only), ``undefined`` (no value at x),
    ``smooth`` (the sides that there are agree), ``near`` (a break ``distance`` away from x), or ``unclear``.
    ``left`` and ``right`` are the fits; ``tangents`` are ±inf on a side whose slope grows without end.
    """

    kind: str
    left: Side | None = None
    right: Side | None = None
    distance: float = 0.0
    tangents: tuple[float, float] = (0.0, 0.0)

    def apart(self, order: int) -> bool:
        """Do the derivatives of this order (0: the limits) on the two sides differ by more than their bounds?"""
        left, right = self.left, self.right
        if left is None or right is None:
            return False
        a, b = left.derivatives[order], right.derivatives[order]
        share = _ONE * max(abs(a), abs(b)) if order else 0.0
        fine, coarse = sorted((left.noise, right.noise))
        bounds = _UNLIKE if 0.0 < fine * _WORSE < coarse else _APART
        return abs(b - a) > bounds * (right.bounds[order] + left.bounds[order]) + share


def room(samples: Samples, sign: int, known_bad: float) -> float:
    """How far f has values on that side, given a distance at which it has none: within a factor of 2, from
    below.

    0 when it has none even a few units in the last place away: x is on the edge.
    """
    edge = samples.upper if sign > 0 else -samples.lower
    if edge <= known_bad:
        return edge if edge >= samples.smallest else 0.0
    near, far = samples.smallest, known_bad
    if math.isnan(samples.one(samples.landing(sign * near))):
        return 0.0
    while far > 2.0 * near:
        middle = math.sqrt(near) * math.sqrt(far)
        if math.isnan(samples.one(samples.landing(sign * middle))):
            far = middle
        else:
            near = middle
    return near


def judge(samples: Samples, width: float, order: int) -> Break:
    """Look at both sides of x over this width and say what is there."""
    right, left = (clean_side(samples, sign, width, order) for sign in (1, -1))
    if right is None or left is None:
        tangents = (steepens(samples, -1, width), steepens(samples, 1, width))
        if all(tangent or side for tangent, side in zip(tangents, (left, right), strict=True)):
            return Break("infinite", left, right, tangents=tangents)
        return _judge_secants(samples, width) if order == 1 else Break("unclear")
    centre = samples.one(0.0)
    strays = [side for side in (right, left) if strays_from(side, centre)]
    if strays:
        tangents = (steepens(samples, -1, width), steepens(samples, 1, width))
        if any(tangents):
            return Break("infinite", left, right, tangents=tangents)
    for side in strays:
        distance = _distance_of_break(samples, side, centre)
        if distance:
            return Break("near", left, right, distance)
    if strays:
        return Break("jump", left, right)
    if order == 1 and (_is_vague(left) or _is_vague(right)):
        tangents = (steepens(samples, -1, width), steepens(samples, 1, width))
        return (
            Break("infinite", left, right, tangents=tangents)
            if any(tangents)
            else _clearer(samples, left, right)
        )
    return _kink_or_smooth(left, right, order)


def _is_vague(side: Side) -> bool:
    return side.bounds[1] > 1e-4 * abs(side.derivatives[1])


def _kink_or_smooth(left: Side, right: Side, order: int) -> Break:
    finding = Break("smooth", left, right)
    return Break("kink", left, right) if any(map(finding.apart, range(1, order + 1))) else finding


def _clearer(samples: Samples, left: Side, right: Side) -> Break:
    """The fits, or the limits of the secants where those are sharper (a root's branch point at x)."""
    sharper = []
    for side in (left, right):
        by_secants = secant_side(samples, side.sign, side.width)
        better = by_secants is not None and by_secants.bounds[1] < side.bounds[1]
        sharper.append(by_secants if better and by_secants is not None else side)
    return _kink_or_smooth(sharper[0], sharper[1], 1)


def _judge_secants(samples: Samples, width: float) -> Break:
    left, right = (secant_side(samples, sign, width) for sign in (-1, 1))
    if left is None or right is None:
        return Break("unclear")
    return _kink_or_smooth(left, right, 1)


def steps_at(samples: Samples, noise: float) -> Break | None:
    """A jump at x among the many of a staircase: f keeps still on either side close to x, at different
    values.
    """
    offsets = [samples.landing(k * samples.smallest) for k in (1.0, 2.0, 4.0)]
    right, left = samples.at(offsets), samples.at([-t for t in offsets])
    still = max(max(side) - min(side) for side in (left, right)) < 1e-3 * noise
    gap = abs(right[0] - left[0])
    if not still or gap < max(noise, 1e-6 * max(abs(right[0]), abs(left[0]))):
        return None
    fits = [
        Side(s, samples.smallest, (v[0],), (1e-3 * noise,), 0.0, True, ())
        for s, v in ((-1, left), (1, right))
    ]
    return Break("jump", fits[0], fits[1])


def judge_without_value(samples: Samples, width: float, order: int) -> Break:
    """The two sides of a point where f has no value: what its continuous extension would be."""
    left, right = (clean_side(samples, sign, width, order) for sign in (-1, 1))
    return Break("undefined", left, right)


def judge_edge(samples: Samples, width: float, order: int, edges: tuple[int, ...]) -> Break:
    """x is on the edge of the domain: the one side that there is."""
    if len(edges) > 1:
        return Break("undefined")
    sign = -edges[0]
    width = min(width, samples.upper if sign > 0 else -samples.lower)
    side = clean_side(samples, sign, width, order)
    tangent = 0.0
    if side is None or strays_from(side, samples.one(0.0)) or _is_vague(side):
        tangent = steepens(samples, sign, width)
        by_secants = secant_side(samples, sign, width) if order == 1 and not tangent else None
        if by_secants is not None and (side is None or by_secants.bounds[1] < side.bounds[1]):
            side = by_secants
    if sign > 0:
        return Break("boundary", None, side, tangents=(0.0, tangent))
    return Break("boundary", side, None, tangents=(tangent, 0.0))


def beside_edge(samples: Samples, width: float, order: int) -> Break:
    """An edge is close to x, on one side or both: the sides that reach further than it, if they meet f(x)."""
    sides: list[Side | None] = []
    for sign, bad in ((-1, samples.bad_left), (1, samples.bad_right)):
        side = clean_side(samples, sign, min(width, 0.45 * bad), order)
        sides.append(side if side is not None and not strays_from(side, samples.one(0.0)) else None)
    left, right = sides
    if left is not None and right is not None and Break("smooth", left, right).apart(order):
        return Break("unclear")
    if left is not None and right is not None:
        better = min(sides, key=lambda s: s.bounds[order] if s else math.inf)
        left, right = (better, None) if better is left else (None, better)
    return Break("smooth", left, right)


def clean_side(samples: Samples, sign: int, width: float, order: int) -> Side | None:
    """The best fit of a side that settles, and that the function keeps to very near x; None where there is
    none.
    """
    near = [samples.landing(sign * t) for t in (samples.smallest, 1e-3 * width, 0.37 * width)]
    if all(map(math.isnan, samples.at(near))):
        return None
    for _ in range(5):
        if width < 64.0 * samples.smallest:
            return None
        side = fit_side(samples, sign, width, order)
        if side is not None and side.settled and _keeps_to(samples, side):
            return best_side(samples, side, order, _keeps_to)
        width /= 64.0
    return None


def strays_from(side: Side, value: float) -> bool:
    """Is the side's limit something else than this value?"""
    return abs(side.value - value) > _value_tolerance(side)


def _keeps_to(samples: Samples, side: Side) -> bool:
    """Does the function follow the fit at two irregular points closer to x than the fit's own?

    Where it does not but stays near f(x) instead, the break lies between, which is found out later.
    """
    centre = samples.one(0.0)
    for share in (0.000831, 0.01173):
        offset = samples.landing(side.sign * side.width * share)
        value = samples.one(offset)
        miss = abs(value - side.predict(offset))
        if not miss <= 2.0 * _value_tolerance(side):
            return abs(value - centre) < miss
    return True


def _value_tolerance(side: Side) -> float:
    return 4.0 * side.bounds[0] + 20.0 * side.noise + 1e-15 * abs(side.value)


def _distance_of_break(samples: Samples, side: Side, centre: float) -> float:
    """How far from x the function begins to follow this side's fit; 0 when it does so at once."""
    miss = abs(side.value - centre)

    def follows(distance: float) -> bool:
        offset = samples.landing(side.sign * distance)
        return abs(samples.one(offset) - side.predict(offset)) < 0.5 * miss

    near, far = samples.smallest, side.width
    if follows(near):
        return 0.0
    while far > 1.5 * near:
        middle = math.sqrt(near) * math.sqrt(far)
        near, far = (near, middle) if follows(middle) else (middle, far)
    return near
