"""How a descent ended: at a minimum, a saddle, a kink, away to infinity, at no number, or still on its way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from calcgrad.explaining.losses import Loss, Place, TextLoss, safely

Kind = Literal[
    "minimum",
    "arrived",
    "saddle",
    "maximum",
    "flat",
    "kink",
    "circling",
    "swinging",
    "uphill",
    "diverged",
    "nan",
    "descending",
    "stuck",
]
#: Steps that must rise, one after another, to say that a descent goes away.
_RISES = 3
#: Slopes to and fro of which the last is not below this share of the first do not come to rest.
_STILL = 0.5
_HALVINGS = 80
#: A fall of the loss by less than this share of it is none.
_LITTLE = 1e-9


@dataclass(frozen=True, slots=True)
class Ending:
    """The kind, and for a kink where it is (a number of the one variable) and the slopes on its sides.

    ``reason`` is why there is no number, or what the verdict says of the kink that it came to rest on.
    """

    kind: Kind
    at: float | None = None
    left: float | None = None
    right: float | None = None
    reason: str = ""


def ended(
    loss: Loss,
    place: Place,
    losses: Sequence[float],
    sizes: Sequence[float],
    until: float | None,
    recent: Sequence[Turn] = (),
    claimed: bool = False,
    carried: bool = False,
) -> Ending:
    """What to say of a descent whose losses and lengths of the gradient these were, in order; ``recent`` are its last places.

    At an arrival the second derivatives tell a minimum from a saddle; a claimed gradient that is 0 proves nothing, for it may be
    wrong. A momentum (``carried``) goes past a minimum and back, which is no fault of the rate.
    """
    if not (math.isfinite(losses[-1]) and math.isfinite(sizes[-1])):
        found = loss.judged(place)
        away = losses[-1] == -math.inf or (_rising(losses[:-1], 1) and len(losses) > 2)
        return (
            Ending("diverged")
            if away and found.verdict != "undefined"
            else Ending("nan", reason=found.reason)
        )
    if sizes[-1] == 0 or (until is not None and sizes[-1] <= until):
        return Ending("arrived") if claimed else _arrived(loss, place)
    if _rising(losses, _RISES):
        return Ending("diverged" if sizes[-1] > sizes[0] else "uphill")
    if claimed or len(sizes) < 4 or not _no_nearer(losses, sizes):
        return Ending("descending")
    if carried:
        return Ending("swinging")
    turned = next((pair for pair in pairwise(reversed(recent)) if _against(*pair)), None)
    if turned is None:
        return Ending("descending")
    if isinstance(loss, TextLoss) and len(place) == 1:
        return _between(loss, *sorted((turned[0].at[0], turned[1].at[0])))
    return Ending("circling")


class Turn(NamedTuple):
    """A place of few numbers, and the gradient there."""

    at: Sequence[float]
    gradient: Sequence[float]


def _against(a: Turn, b: Turn) -> bool:
    """Whether the gradients of two places point against each other."""
    return sum(x * y for x, y in zip(a.gradient, b.gradient, strict=True)) < 0


def _no_nearer(losses: Sequence[float], sizes: Sequence[float]) -> bool:
    """Whether the last two steps brought neither a lower loss nor a much smaller slope."""
    best, two_ago = min(losses[:-2]), losses[-3]
    lower = losses[-1] < best - _LITTLE * abs(best) or losses[-1] < two_ago - _LITTLE * abs(two_ago)
    return sizes[-1] >= _STILL * sizes[-3] and not lower


def _rising(losses: Sequence[float], rises: int) -> bool:
    """Whether the last steps all rose, above where it began."""
    last = losses[-rises - 1 :]
    return len(last) == rises + 1 and losses[-1] > losses[0] and all(b > a for a, b in pairwise(last))


def _arrived(loss: Loss, place: Place) -> Ending:
    verdict, reason, kink = loss.judged(place)
    if verdict == "kink":
        at, left, right = kink or (None, None, None)
        return Ending("kink", at, left, right, reason)
    matrix = loss.hessian(place)
    if matrix is None or not all(math.isfinite(x) for row in matrix for x in row):
        return Ending("arrived")
    if len(matrix) == 1:
        values = [matrix[0][0]]
    else:
        import numpy

        values = numpy.linalg.eigvalsh(numpy.array(matrix)).tolist()
    largest = max(map(abs, values))
    signs = {0 if abs(v) <= 1e-12 * largest else math.copysign(1, v) for v in values}
    if signs == {1}:
        return Ending("minimum")
    if {1, -1} <= signs:
        return Ending("saddle")
    return Ending("maximum" if signs == {-1} else "flat")


def _between(loss: TextLoss, low: float, high: float) -> Ending:
    """Halve until the slopes' change of sign is between neighbours: does the slope pass through 0 there, or jump?"""
    for _ in range(_HALVINGS):
        middle = low + (high - low) / 2
        if not low < middle < high:
            break
        _, [slope] = safely(loss, [middle])
        if slope == 0:  # a minimum, or AD's convention at a kink: the neighbours tell
            low, high = math.nextafter(middle, low), math.nextafter(middle, high)
            break
        low, high = (middle, high) if slope < 0 else (low, middle)
    _, [left] = safely(loss, [low])
    _, [right] = safely(loss, [high])
    width = 1e-6 * max(abs(low), 1.0)
    _, [far_left] = safely(loss, [low - width])
    _, [far_right] = safely(loss, [high + width])
    jump, wide = right - left, far_right - far_left
    if jump > _STILL * wide and jump > 0:
        return Ending("kink", low + (high - low) / 2, left, right)
    return Ending("circling", low + (high - low) / 2)
