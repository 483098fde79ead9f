"""The adaptive derivative: walk to the scale of the function, shoot, refine, and say what is there.

1. A probe walks the step down by factors of 8 until two central differences agree to a quarter.
2. A shot there (``shot.py``) gives a value, its bound, and what limits it; the step follows what limits it.
3. What no grid resolves is looked at from both sides (``breaks.py``), or is noise (``noise.py``).

All of it works on one real component along a line, seen through
:class:`~calcgrad.numerical_diff.sampling.Samples`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from calcgrad.numerical_diff.breaks import (
    Break,
    judge,
    judge_edge,
    judge_without_value,
    room,
)
from calcgrad.numerical_diff.sampling import Samples, exact_step
from calcgrad.numerical_diff.scout import resolves, rough_shot, scout
from calcgrad.numerical_diff.shot import HALF, Shot, take_shot
from calcgrad.numerical_diff.touching import Slope

MAX_SHOTS = 6
#: The probe gives up after so many factors of 8.
_MAX_LEVELS = 40
#: Differences of so many roundings of the values that then vanish have drowned in them: beyond, f only seems to stand still.
_DROWNED = 2.0**12
#: Without a wish the search is content with this bound, relative to the derivative.
BEST = 5e-14
#: A wish above this may be met by the nine points of the scout.
_QUICK = 1e-13


@dataclass(slots=True)
class Search:
    """The state of one search; ``walk`` fills it, and the second look (``second_look.py``) corrects it.

    ``wish`` is the relative bound to stop at; ``start`` is a spacing to begin with, 0 for the scale of x.
    ``shots`` are those that can be trusted. ``finding`` is what was found at a break. ``noisy`` is whether
    the level of noise was confirmed by a second grid. ``resized`` counts growths of the step, or with a minus
    its reductions. ``suspects`` are the grids that saw noise or a break, or did not resolve f. ``grain`` is the size of
    leaps all over f, ``continuous`` says that there are none under the noise, ``slope`` is that of a seam. ``doubted``:
    the budget ended before the second look did. ``whole``: the nine points of the scout are never enough, and noise
    is looked into whatever the wish.
    """

    samples: Samples
    order: int
    wish: float
    start: float = 0.0
    shots: list[Shot] = field(default_factory=list)
    rough: Shot | None = None
    finding: Break | None = None
    noisy: bool = False
    budget_spent: bool = False
    width: float = 0.0
    resized: int = 0
    judged: int = 0
    suspects: list[Shot] = field(default_factory=list)
    grain: float = 0.0
    continuous: bool = False
    slope: Slope | None = None
    doubted: bool = False
    whole: bool = False

    @property
    def best(self) -> Shot | None:
        return min(self.shots, key=lambda s: s.bound, default=None)

    @property
    def content(self) -> bool:
        """Is the best bound what was wished for?"""
        best = self.best
        return best is not None and self._content(best)

    @property
    def widest(self) -> float:
        """How far f is known to have values on both sides."""
        return min(self.samples.bad_left, self.samples.bad_right)

    def walk(self) -> None:
        """Find the scale, shoot there, and note what is found."""
        samples, order = self.samples, self.order
        self.width = HALF * self.start or 0.5 * max(abs(samples.x), 1.0)
        self.width = min(self.width, max(-samples.lower, samples.upper))
        if math.isnan(samples.one(0.0)):
            self.finding = judge_without_value(samples, self.width, order)
            return
        edges = tuple(s for s, e in ((-1, -samples.lower), (1, samples.upper)) if e < samples.smallest)
        if edges:
            self.finding = judge_edge(samples, self.width, order, edges)
            return
        for outer in self._agreeing_widths(min(self.width, -samples.lower, samples.upper)):
            if self.refine(outer):
                break
        else:
            if self.finding is None:
                self.finding = judge(samples, self.width, order)

    # The probe

    def _agreeing_widths(self, outer: float) -> Iterator[float]:
        """Half-widths at which the central differences of that step and an eighth of it agree to a quarter.

        So does one where the last change is less than 1/32 of that before: converging like h², toward
        whatever. Where the differences have drowned in rounding there is nothing that could agree.
        """
        samples, even = self.samples, self.order % 2 == 0
        centre = samples.one(0.0)
        previous: tuple[float, float] | None = None
        last_apart = last_change = 0.0
        for _ in range(_MAX_LEVELS):
            if outer < 8.0 * samples.smallest:
                return
            h = HALF * exact_step(samples.x, outer / HALF)
            left, right = samples.at((-h, h))
            if math.isnan(left) or math.isnan(right):
                outer = self._room_within(h, math.isnan(left), math.isnan(right))
                if not outer:
                    return
                previous = None
                continue
            change = (right - centre) + (left - centre) if even else right / 2 - left / 2
            if not change and 0.0 < last_change <= _DROWNED * samples.floor * abs(centre):
                return
            last_change = abs(change)
            quotient = change / h / h if even else change / h
            self.rough = rough_shot(samples, h, quotient, previous)
            if previous is not None:
                last_h, last = previous
                apart = abs(quotient / 2 - last / 2)
                if apart <= 0.125 * max(abs(quotient), abs(last)) or 0.0 < 32.0 * apart < last_apart:
                    yield last_h
                last_apart = apart
            previous = (h, quotient)
            outer = h / HALF

    def _room_within(self, bad: float, left: bool, right: bool) -> float:
        """Half of the room up to the nearer edge; 0, with the finding noted, when x is on one."""
        rooms = {s: room(self.samples, s, bad) for s, is_bad in ((-1, left), (1, right)) if is_bad}
        edges = tuple(s for s, r in rooms.items() if r == 0.0)
        if edges:
            self.finding = judge_edge(self.samples, self.width, self.order, edges)
            return 0.0
        return 0.5 * min(rooms.values())

    # The refinement

    def refine(self, outer: float) -> bool:
        """Shoot from this half-width on until content; False when the function is not resolved at this scale."""
        samples = self.samples
        step = exact_step(samples.x, outer / HALF)
        scouted = scout(samples, step, self.order)
        if scouted is not None:
            quick, step = scouted
            self.rough = quick
            if (
                self.wish > _QUICK
                and not self.whole
                and self._content(quick)
                and resolves(samples, quick, self.order)
            ):
                self.shots.append(quick)
                return True
        self.resized = 0
        for _ in range(MAX_SHOTS):
            if step < samples.smallest:
                return False
            shot = take_shot(samples, step, self.order, noisy=self.noisy)
            if isinstance(shot, float):
                step = exact_step(samples.x, min(shot / (HALF + 1), 0.5 * step))
            elif shot.kind == "aliased" or (shot.kind == "noisy" and shot.noise > 0.1 * shot.spread):
                self.suspects.append(shot)
                return self.resized > 0
            elif shot.kind == "broken":
                self.suspects.append(shot)
                step = 0.0 if self.resized > 0 else self._around_break(shot)
                if not step:
                    return self.resized > 0 or self.finding is not None
            else:
                factor = self._resize(shot)
                if not factor:
                    return True
                step *= factor
        return True

    def _resize(self, shot: Shot) -> float:
        """Keep the shot, and say by what factor the step should change; 0 when there is nothing to gain."""
        before = self.best
        if shot.kind == "noisy":
            self.suspects.append(shot)
        if shot.kind == "noisy" and not self.noisy and not self._content(shot):
            finer = take_shot(self.samples, shot.step / 4.0, self.order)
            if isinstance(finer, float) or finer.noise < 0.3 * shot.noise:
                return 0.25
            self.noisy = True
        self.shots.append(shot)
        if self._content(shot) or (before is not None and shot.bound > 3.0 * before.bound):
            return 0.0
        if shot.kind == "truncated":
            factor = 0.5 ** max(1, min(3, round(-math.log2(max(shot.advice, 0.125)))))
            gains = shot.reachable / factor**self.order < 0.6 * shot.bound
            self.resized -= 1
            return factor if gains and self.resized < 0 else 0.0
        growth = 2.0 ** math.floor(math.log2(max(shot.advice, 1.0)))
        if growth < 2.0 or not 0 <= self.resized < 3 or HALF * shot.step * growth >= self.widest:
            return 0.0
        self.resized += 1
        return growth

    def _content(self, shot: Shot) -> bool:
        wish = BEST if self.whole and shot.kind == "noisy" else self.wish
        return shot.bound <= wish * max(abs(shot.value), 0.01 * shot.slope) or shot.spread == 0.0

    def _around_break(self, shot: Shot) -> float:
        """The step at which the grid stays clear of the break; 0 when it is at x, with the finding noted."""
        samples = self.samples
        place = abs(shot.break_at or 0.0)
        if place > 1.5 * shot.step:
            return exact_step(samples.x, min(place / (HALF + 1), shot.step / 2.0))
        self.judged += 1
        if self.judged > 2:
            return 0.0
        finding = judge(samples, HALF * shot.step, self.order)
        if finding.kind == "near":
            return exact_step(samples.x, finding.distance / (HALF + 1))
        if finding.kind == "smooth" and finding.left is not None and finding.right is not None:
            width = min(finding.left.width, finding.right.width)
            if width < shot.step and self.judged == 1 and finding.left.coefficients:
                return exact_step(samples.x, width / HALF)
        if finding.kind != "unclear":
            self.finding = finding
        return 0.0
