"""The places in a range where a function of one number is not smooth: found by its operations, judged by the verdicts.

Each row of the table says where its operation is not smooth: the zeros of a condition in its arguments. The condition is followed
along the range; where it changes its sign, or touches 0, is a candidate. A candidate near a number that people write (a fraction,
a multiple of pi, a root) is judged there exactly, as ``diff`` does it; for others it is said what is seen at their two sides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from calcgrad.autodiff.tape import run
from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Request
from calcgrad.errors import CalcgradError
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import read_points
from calcgrad.methods.reverse_ad import first
from calcgrad.operations import OPERATIONS, VOCABULARY, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.phrases import figure
from calcgrad.report.derivatives import PointReport
from calcgrad.systems.base import FLOAT64, NoClosedForm
from calcgrad.verdicts.watching import asked

#: Equal parts of the range at whose ends the conditions are looked at, and the most places that are told.
PARTS, MOST = 600, 40
_HALVINGS, _NEAR = 200, 1e-9
#: How far off a place may be found where a condition only touches 0: half of a double's digits do not tell it from 0 there.
_TOUCHED = 1e-7
#: Denominators of the fractions that a candidate may be.
_SQUARE = 1000  # the largest number under a root
_DENOMINATORS = (1, 2, 3, 4, 6, 10, 12, 100, 1000)
#: Verdicts at which the function has a value that is worth a point.
_DRAWN = ("kink", "infinite", "boundary")
#: A part in ten of a step, by which values on one side of it may be rough.
_ROUGH = 0.1
#: Beside an infinite value one above this is no edge of the domain, but of the doubles.
_NEARLY_INFINITE = 1e300
Condition = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that is not smooth: what is there, in words, and the values of the function on it and beside it.

    ``kind`` is a verdict of ``diff``; ``exact`` is the number as it is written, and ``None`` where the place was only seen, by
    values at both sides. ``heights`` are the values where a point or a hole is drawn.
    """

    x: float
    kind: str
    note: str
    exact: str | None = None
    heights: tuple[float, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether the curve itself must not be drawn across it."""
        return self.kind in ("jump", "undefined", "removable", "boundary", "overflow")


def spots(request: Request, function: Expression, low: float, high: float) -> tuple[list[Spot], bool]:
    """The places between two numbers, in order, and whether there are more of them than were looked at."""
    found: list[Spot] = []
    candidates = _candidates(function, low, high)
    for x in candidates[:MOST]:
        spot = _judged(request, function, x)
        if (
            spot is not None
            and low <= spot.x <= high
            and not any(abs(spot.x - s.x) <= _tiny(s.x) for s in found)
        ):
            found.append(spot)
    return sorted(found, key=lambda spot: spot.x), len(candidates) > MOST


def _tiny(x: float) -> float:
    return _NEAR * max(abs(x), 1.0)


def _candidates(function: Expression, low: float, high: float) -> list[float]:
    """Where a condition is 0, or the values begin or end; neighbours count once."""
    xs = [low + (high - low) * k / PARTS for k in range(PARTS + 1)]
    found: list[float] = []
    for condition, period in _conditions(function):
        values = [condition(x) for x in xs]
        zeros = [_zero(value, period) for value in values]
        for k, (x, value) in enumerate(zip(xs, values, strict=True)):
            if zeros[k]:  # within a stretch of zeros nothing changes
                found += [] if all(zeros[max(k - 1, 0) : k + 2]) else [x]
            elif k and _crossed(values[k - 1], value, period) and not zeros[k - 1]:
                same_side = partial(_crosses_to, condition, period, value)
                found.append(_halved(same_side, xs[k - 1], x))
        found += _touching(condition, period, xs, values)
    there = [_has_value(function, x) for x in xs]
    for k in range(1, len(xs)):
        if there[k] is not there[k - 1]:
            before = partial(_has_value, function, wanted=there[k - 1])
            found.append(_halved(before, xs[k - 1], xs[k]))
    distinct: list[float] = []
    for x in sorted(found):
        if not distinct or x - distinct[-1] > _tiny(x):
            distinct.append(x)
    return distinct


def _conditions(function: Expression) -> Iterator[tuple[Condition, float | None]]:
    """The conditions of every operation on the tape, as functions of the one number, with their periods."""
    tape = function.in_numbers.tape  # the sum of a number is that number
    for slot, step in enumerate(tape.steps, len(tape.inputs)):
        row = OPERATIONS[step.op]
        if not isinstance(row, Elementwise):
            continue
        places: list[tuple[str, float | None]] = [(s.where, s.period) for s in (*row.singular, *row.later)]
        if row.varying_domain and step.args[1] >= 0:
            places.append((ARGUMENTS[0], None))
        for where, period in places:
            value = FLOAT64.expression(parsed(where), ARGUMENTS[: len(step.args)])

            def condition(
                x: float, args: Sequence[int] = step.args, value: Callable[..., float] = value
            ) -> float:
                slots = run(tape, [x], FLOAT64)
                return float(value(*[slots[i] for i in args]))

            yield condition, period
        for i in asked(tape, slot):
            yield (lambda x, i=i: float(run(tape, [x], FLOAT64)[i])), None  # type: ignore[misc]


def _zero(value: float, period: float | None) -> bool:
    return value == 0 if period is None else math.isfinite(value) and math.remainder(value, period) == 0


def _crossed(before: float, after: float, period: float | None) -> bool:
    if not (math.isfinite(before) and math.isfinite(after)):
        return False
    if period is not None:
        return math.floor(before / period) != math.floor(after / period)
    return before * after < 0 or (before == 0) is not (after == 0)


def _crosses_to(condition: Condition, period: float | None, after: float, x: float) -> bool:
    """Whether the condition crosses 0 between ``x`` and where it has the value ``after``."""
    return _crossed(condition(x), after, period)


def _has_value(function: Expression, x: float, wanted: bool = True) -> bool:
    """Whether the function has a finite value, or has none, as is wanted."""
    return math.isfinite(function.values([x])[0]) is wanted


def _halved(left_of: Callable[[float], bool], low: float, high: float) -> float:
    """The border between where something holds, at ``low``, and where it does not, at ``high``."""
    for _ in range(_HALVINGS):
        middle = low + (high - low) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if left_of(middle) else (low, middle)
    return high


def _touching(
    condition: Condition, period: float | None, xs: Sequence[float], values: Sequence[float]
) -> Iterator[float]:
    """Where a condition comes down to 0 and goes up again: the least of its sizes between three neighbours."""
    if period is not None:
        return
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    for k in range(1, len(xs) - 1):
        a, b, c = (abs(v) for v in values[k - 1 : k + 2])
        if not (b <= a and b <= c and b < max(a, c)) or b == 0 or values[k - 1] * values[k + 1] < 0:
            continue
        low, high = xs[k - 1], xs[k + 1]
        for _ in range(_HALVINGS):
            first_third, second_third = low + (high - low) / 3, high - (high - low) / 3
            if abs(condition(first_third)) <= abs(condition(second_third)):
                high = second_third
            else:
                low = first_third
        middle = low + (high - low) / 2
        if abs(condition(middle)) <= _NEAR * largest:
            yield middle


def written(x: float, near: float = _NEAR) -> Iterator[str]:
    """Numbers that people write, as near to this one as a share of its size: fractions, multiples of pi, roots; simple ones first.

    >>> next(written(1.5)), next(written(-3.141592653589793)), next(written(1.4142135623730951)), list(written(0.7236481))
    ('3/2', '-pi', 'sqrt(2)', [])
    """
    sign, close = "-" if x < 0 else "", near * max(abs(x), 1.0)
    for scale in (1.0, math.pi):
        numbers = (_fraction(x / scale, most) for most in _DENOMINATORS)
        found = next(
            (n for n in numbers if abs(float(n) * scale - abs(x)) <= min(close, _by_chance(n))), None
        )
        if found is not None and (found or scale == 1.0):
            yield sign + (str(found) if scale == 1.0 else _multiple_of_pi(found)) if found else "0"
    square = Fraction(x * x).limit_denominator(12)
    if square and square.numerator <= _SQUARE and abs(math.sqrt(square) - abs(x)) <= close:
        yield f"{sign}sqrt({square})"


def _by_chance(n: Fraction) -> float:
    """How near a fraction must be not to be met by chance: those with larger denominators lie closer together."""
    return 1e-3 / n.denominator**2


def _fraction(x: float, most: int) -> Fraction:
    return Fraction(abs(x)).limit_denominator(most)


def _multiple_of_pi(near: Fraction) -> str:
    above = "pi" if near.numerator == 1 else f"{near.numerator}*pi"
    return above if near.denominator == 1 else f"{above}/{near.denominator}"


def _judged(request: Request, function: Expression, x: float) -> Spot | None:
    """What is at a candidate: by the verdict at the number that it is, else by what is seen beside it.

    Where that is something, numbers further off are tried too: a condition that touches 0 is found to half of the digits.
    """
    near = list(written(x))
    further = [text for text in written(x, _TOUCHED) if text not in near] if _seen(function, x) else []
    for text in near + further:
        try:
            at = read_points([f"{function.variables[0]}={text}"], VOCABULARY)
            point = compute(replace(request, at=at, truth="certified", methods=("reverse-ad",))).points[0]
        except CalcgradError:
            continue
        if point.verdict == "agree":
            if _seen(function, x) is None:
                return None
            continue  # another number is meant: this one is an ordinary place beside it
        alone = point.verdict not in ("undefined", "overflow")  # what holds at one number, and not all along
        if point.verdict not in ("inconclusive", "unjudged", "disagree") and (alone or text in near):
            return _spot(point, function.variables[0], text)
    return _seen(function, x)


def _spot(point: PointReport, name: str, exact: str) -> Spot:
    """A verdict as a place."""
    truth = point.truth[0] if point.truth else None
    heights: tuple[float, ...] = ()
    if point.verdict == "removable" and truth is not None and truth.limit is not None:
        heights = (truth.limit,)
    elif point.verdict == "jump" and truth is not None:
        heights = tuple(
            [side for side in (truth.left, truth.right) if side is not None and math.isfinite(side)]
        )
    elif isinstance(point.value, float) and math.isfinite(point.value):
        # of "undefined" too: a point alone, with no values beside it
        heights = (point.value,) if point.verdict in _DRAWN or point.at_exact is None else ()
    x = point.at[name]
    note = point.explanation[0] if point.explanation else ""
    return Spot(float(x), point.verdict, note, exact, heights)


def _seen(function: Expression, x: float) -> Spot | None:
    """What values and slopes at both sides show of a place that no exact number is known for; ``None`` for a smooth one.

    What breaks there must not become less as the sides come a thousand times nearer: a narrow peak is no pole, and a tight bend
    no kink.
    """
    scale = max(abs(x), 1.0)
    sides = [(_beside(function, x, -d * scale), _beside(function, x, d * scale)) for d in _DISTANCES]
    far, (left, right), nearest = sides
    nearest_left, nearest_right = nearest
    there = [math.isfinite(value) for value, _ in (left, right)]
    if not any(there):
        return None
    if there[0] != there[1]:
        k = there.index(True)
        if math.isinf((left, right)[1 - k][0]) and abs((left, right)[k][0]) > _NEARLY_INFINITE:
            return Spot(x, "overflow", "the values pass the largest double, 1.8e308")
        if abs(nearest[k][0] - (left, right)[k][0]) > _STAYS * abs((left, right)[k][0] - far[k][0]):
            return Spot(x, "undefined", "the values grow without end on one side (seen, not proved)")
        return Spot(x, "boundary", "the values end here (seen, not proved)", heights=((left, right)[k][0],))
    lows = [min(abs(a[0]), abs(b[0])) for a, b in sides]
    if lows[1] > _MORE * lows[0] and not lows[2] <= _GROWS * lows[1]:
        return Spot(x, "undefined", "the values grow without end (seen, not proved)")
    step, slope = abs(nearest_right[0] - nearest_left[0]), max(abs(left[1]), abs(right[1]))
    apart = step > _STAYS * abs(right[0] - left[0]) and step > _NEAR * max(abs(left[0]), abs(right[0]))
    if apart and step > _MORE * _DISTANCES[2] * scale * slope:
        if _rough(function, x, scale) > _ROUGH * step:
            return Spot(
                x, "inconclusive", "rounding hides what is here (seen, not proved)", heights=(left[0],)
            )
        return Spot(x, "jump", "the values jump (seen, not proved)", heights=(left[0], right[0]))
    steep = [min(abs(a[1]), abs(b[1])) for a, b in sides]
    if steep[1] > _MORE * steep[0] and steep[2] > _MORE * steep[1]:
        return Spot(x, "infinite", "the tangent is vertical (seen, not proved)", heights=(left[0],))
    turn = abs(nearest_right[1] - nearest_left[1])
    if turn > _STAYS * abs(right[1] - left[1]) and turn > _NEAR * slope:
        note = f"slopes {figure(left[1])} and {figure(right[1])} (seen, not proved)"
        return Spot(x, "kink", note, heights=(left[0],))
    return None


#: How far aside a place is looked at, as a share of its size, and how much more, or how little less, counts as a break there.
_DISTANCES = (1e-5, 1e-8, 1e-11)
_MORE, _STAYS, _GROWS = 10.0, 0.5, 1.5


def _rough(function: Expression, x: float, scale: float) -> float:
    """How far values close to a place are from a line on either side of it: what rounding does to them."""
    sides = []
    for sign in (-1, 1):
        a, b, c = (float(function.values([x + sign * k * _DISTANCES[1] * scale])[0]) for k in (1, 2, 3))
        sides.append(abs(a - 2 * b + c))
    return max(sides) if all(map(math.isfinite, sides)) else 0.0


def _beside(function: Expression, x: float, distance: float) -> tuple[float, float]:
    """The value and the slope a little aside; nan for a slope that there is no closed form of."""
    value = float(function.values([x + distance])[0])
    if not math.isfinite(value):
        return value, math.nan
    try:
        return value, float(first(function, [x + distance], [0])[0][0])
    except NoClosedForm:
        return value, math.nan
