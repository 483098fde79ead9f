"""Trials: the claim, run with one change at a time within a budget, and asked whether it is true then."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time
from types import FrameType
from typing import Any

import numpy

from calcgrad.checking.diagnosing.correcting.correction import Correction
from calcgrad.checking.diagnosing.correcting.keeping import Kept, codes_of
from calcgrad.checking.diagnosing.correcting.program import Program, Several, Site, StoppedError
from calcgrad.checking.diagnosing.correcting.putting import Candidate, Put, is_number

Array = Any
#: A run may take so many times as long as the first one, which compiles; then a loop of it is taken for an endless one.
_LONGER = 5.0


@dataclass(frozen=True, slots=True)
class Target:
    """What the claim should be: ``true`` (nan where unknown), how far from it is right, and where the claim is wrong.

    ``confirmed`` asks, of a corrected claim at the point, whether it also agrees with all else that was measured;
    ``elsewhere`` whether a claim as a function of the point is right at another one.
    """

    claimed: Array
    true: Array
    allowed: Array
    wrong: Array
    confirmed: Callable[[Array], bool]
    elsewhere: Callable[[Callable[[Array], Array]], bool]

    def is_met(self, found: Array) -> bool:
        """Whether an answer is right in every known entry."""
        known = numpy.isfinite(self.true)
        return bool(numpy.all(numpy.abs(found - self.true)[known] <= self.allowed[known]))


@dataclass(frozen=True, slots=True)
class Budget:
    """Runs of the claim, and seconds of the processor."""

    runs: int = 10_000
    seconds: float = 5.0


#: How a claim is run: the callable and the flat point; raises what it raises.
Run = Callable[[Callable[..., Any], Array], Array]


class BudgetSpentError(Exception):
    """The budget is used up."""


class Trials:
    """A claim with switches. ``runs`` counts them; ``shaken`` is what can be put in at each site whose value reaches the claim."""

    def __init__(
        self,
        call: Callable[..., Any],
        run: Run,
        x: Array,
        target: Target,
        budget: Budget,
        roots: Sequence[Any],
        tick: Callable[[int], bool],
        function: Any,
    ) -> None:
        self._tick = tick
        self._shared = codes_of(function)
        self._call, self._run, self._x, self._budget = call, run, x, budget
        self._roots = roots
        self._patience = budget.seconds
        self._started = process_time()
        self._kept: Kept | None = None
        self.target, self.first = target, target.claimed
        self.runs = 0
        self.program = Program(call)
        self.shaken: dict[int, Put] = {}

    def opened(self, packages: bool) -> bool:
        """The first run, with nothing changed, must give the claim, and so must the second. ``packages``: as of ``Program``."""
        self.program, self.shaken = Program(self._call, packages), {}
        self._started, self.runs = process_time(), self.runs if packages else 0
        self._kept = Kept([self._call, *self._roots])
        self._patience, before = self._budget.seconds, process_time()
        first = self.answer()
        self._patience = _LONGER * (process_time() - before) + 0.02
        if first is None or not self.program.sites:
            return False
        self.first = first
        self._kept = Kept([self._call, *self._roots, *self.program.originals()])
        again = self.answer()
        same = again is not None and numpy.array_equal(again, first)
        return same and bool(numpy.allclose(first, self.target.claimed, rtol=1e-12, atol=0.0))

    def answer(self, site: int | Several = -1, which: int = -1) -> Array | None:
        """The claim at the point with one change; ``None`` where it has none then. Raises ``BudgetSpentError``."""
        if self.runs >= self._budget.runs or process_time() - self._started > self._budget.seconds:
            raise BudgetSpentError
        self.runs += 1
        if not self._tick(self.runs):
            return None
        self.program.until = process_time() + self._patience
        self.program.set(site, which)
        try:
            return self._run(self.program.call, self._x)
        except (Exception, SystemExit, StoppedError):
            return None
        finally:
            self.back()

    def put(self, site: int | Several, change: Callable[[Any, FrameType], Any]) -> Array | None:
        """The claim at the point with a change of a site's value."""
        self.program.change = change
        return self.answer(site)

    def meets(self, answer: Array | None) -> bool:
        """Whether an answer is true, as far as can be seen at the point."""
        return answer is not None and self.target.is_met(answer) and self.target.confirmed(answer)

    def holds(self, correction: Correction) -> bool:
        """Whether a correction, as it is written, makes the claim true at the point."""
        self._switch(correction)
        return self.meets(self.answer(*self.program.switched()))

    def elsewhere(self, correction: Correction) -> bool:
        """Whether it does at another point, too."""
        return self.target.elsewhere(lambda x: self._corrected(correction, x))

    def back(self) -> None:
        """Nothing is changed, and what the last run wrote is as it was."""
        self.program.set()
        if self._kept is not None:
            self._kept.back()

    def _corrected(self, correction: Correction, x: Array) -> Array:
        """The claim with a correction, at any point. Raises what it raises."""
        self._switch(correction)
        self.program.until = process_time() + self._patience
        try:
            return self._run(self.program.call, x)
        finally:
            self.back()

    def _switch(self, correction: Correction) -> None:
        site = correction.site
        for which, edit in enumerate(site.edits):
            if edit.new is correction.new:
                self.program.set(site.number, which)
                return
        code = compile(ast.unparse(correction.new), "<candidate>", "eval")
        self.program.change = Candidate("", correction.cause, code).value
        self.program.set(correction.numbers)

    def reaching(self, shared: bool) -> list[Site]:
        """The places from which every wrong entry can be changed, and those that cannot be shaken; as far as the budget goes.

        ``shared``: those in code that the function runs too, or those in the gradient's own.
        """
        chosen: list[Site] = []
        reached: set[int] = set()
        sites = self.program.sites
        k = 0
        while k < len(sites):  # more may come while others run
            site = sites[k]
            k += 1
            if (site.code in self._shared) is not shared:
                continue
            number = isinstance(site.place.node, ast.Constant) and site.place.role != "value"
            if number or site.place.role in ("callee", "statement"):
                chosen.append(site)
                continue
            try:
                is_reached = self._is_reached(site)
            except BudgetSpentError:
                break
            if is_reached:
                reached.add(site.number)
                chosen.append(site)
        alive = {id(s.place.around) for s in chosen if s.number in reached}
        return [s for s in chosen if s.number in reached or id(s.place.around) in alive]

    def _is_reached(self, site: Site) -> bool:
        """Whether a site runs, and its value, where that is a number, reaches every wrong entry; it is noted what can be put in."""
        seen: list[Any] = []
        answer = self.put(site.number, _shaking(site, seen))
        if not seen:
            return False  # never run
        if isinstance(seen[0], Put):
            wrong = self.target.wrong
            still = answer is not None and not bool((answer != self.first)[wrong].all())
            if still and not _decides(site):
                return False
            self.shaken[site.number] = seen[0]
        return True


def _decides(site: Site) -> bool:
    """Whether a value may reach the claim by a comparison alone, or as an index."""
    compared = (n for n in ast.walk(site.place.around) if isinstance(n, ast.Compare))
    return site.place.role != "value" or any(site.place.node in ast.walk(n) for n in compared)


def _shaking(site: Site, seen: list[Any]) -> Callable[[Any, FrameType], Any]:
    """A change that moves every entry of a number by a share of its own, and notes what can be put in there."""

    def shaken(value: Any, frame: FrameType) -> Any:
        number = is_number(value)
        if not seen:
            seen.append(Put(site, value, frame) if number else value)
        if not number or not isinstance(seen[0], Put):
            return value
        shape = numpy.shape(value)
        rng = numpy.random.default_rng(17)
        shares = rng.uniform(0.1, 0.4, shape)
        moved = value * (1.0 + shares) + 1e-3 * shares
        return moved if shape else float(moved)

    return shaken
