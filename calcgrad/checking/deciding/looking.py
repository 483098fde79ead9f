"""One look after another, each as good as it need be: whole, coarse, or at the step that the first one found."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from calcgrad.checking.deciding.deciding import BOUNDS, USEFUL, Look, forgiven_of, look, resolutions
from calcgrad.checking.deciding.scales import FEW, Scales, Weighing
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.functionals import Functional
from calcgrad.checking.measuring.oracle import ALL_DIGITS, Wish
from calcgrad.checking.measuring.subject import Statement

Array = Any
#: Up to so many entries, two directions are enough: what they say of each entry is sharper by less than the entries are many.
_SMALL = 8
#: Beside reverse mode, which sees every entry, fewer directions are enough.
_BESIDE = 2
#: A quick look is as accurate as this, and there are two.
_QUICK_RTOL = 1e-6
#: Where fewer evaluations are left than this for each look, one is a quick one, and all others take the step that it found.
_SCARCE = 22
#: The first direction's wish, and that of the next one, which has the first one's step, where that was as clean as this.
_FIRST_RTOL, _NEXT_RTOL, _CLEAN = 1e-10, 1e-8, 1e-9
#: A coarse look that differs is believed where it does by so many bars, and one that agrees where both would see this share.
_CLEARLY, _ENOUGH = 1e4, 1e-2


class Looking:
    """Looks, writes down what was seen, and tells of it; ``is_scarce`` where evaluations are few."""

    def __init__(self, scales: Scales, found: Weighing) -> None:
        self.scales = scales
        self.found = found
        self.is_scarce = not scales.options.quick and scales.oracle.room() < _SCARCE * self._plenty()
        self._short: tuple[float, int, float] | None = None

    def wanted(self) -> int:
        """How many directions to look along."""
        return 1 if self.is_scarce and self.found.traced is not None else self._plenty()

    def _plenty(self) -> int:
        """How many where evaluations are not scarce."""
        options = self.scales.options
        few = options.quick or self.scales.n <= _SMALL or self.found.traced is not None
        return min(options.directions, _BESIDE) if few else options.directions

    def along_each_entry(self) -> None:
        """Look at every entry on its own, twice where it differs, until one meets trouble."""
        functional = self.scales.functionals.of(0)
        for i in range(self.scales.n):
            each = self.along(functional, self.scales.coordinate(i))
            if each.state == "differs":
                self.along(functional, self.scales.coordinate(i, 0.625))
            if self.found.cause:
                return

    def along(self, functional: Functional, v: Array, own: bool = False) -> Look:
        """One more look, written down; ``own`` where it is in one leaf alone. Raises ``SpentError`` at the budget's end."""
        each = self._short_look(functional, v)
        if each is None:
            each = self._long_look(functional, v, own)
        (self.found.own if own else self.found.looks).append(each)
        if each.estimate.status == "budget" and self._at_limit():
            raise SpentError
        if each.trouble is not None:
            self.found.cause = each.trouble
            self.found.notes.append(str(each.estimate.note))
        self._tell()
        return each

    def forget_the_last(self) -> None:
        """Take back a look that met trouble."""
        self.found.looks.pop()
        self.found.notes.pop()
        self.found.cause = None

    def _at_limit(self) -> bool:
        most = self.scales.options.max_evaluations
        return most is not None and self.scales.oracle.evaluations >= most

    def _tell(self) -> None:
        if self.scales.options.progress is None:
            return
        differing = len(self.found.differs())
        error = max(r.any_error for r in self.found.resolutions(self.scales))
        statement = Statement(
            "deciding",
            len(self.found.every),
            self.scales.oracle.evaluations,
            self.scales.oracle.seconds,
            "wrong" if differing >= 2 else "nothing wrong" if not differing else "doubtful",
            error if math.isfinite(error) else None,
        )
        self.scales.options.progress(statement)

    # Whole and coarse looks

    def _long_look(self, functional: Functional, v: Array, own: bool) -> Look:
        """A look that is as good as it need be: coarse first where a few entries are looked at, and refined in doubt."""
        oracle, options, leaves = self.scales.oracle, self.scales.options, self.scales.leaves
        wish = ALL_DIGITS if own else self._wish()
        each = look(functional, oracle, v, options.rtol, leaves, wish)
        coarse = wish is not ALL_DIGITS and not (options.quick or self.is_scarce)
        if coarse and self._is_doubtful(each):
            return look(functional, oracle, v, options.rtol, leaves)
        return each

    def _wish(self) -> Wish:
        """How good the next direction need be: after one that was clean on a whole grid, a few points at its step do."""
        if self.scales.options.quick or self.is_scarce:
            return Wish(_QUICK_RTOL)
        few = FEW < self.scales.n <= _SMALL
        if not few or not self.scales.functionals.is_one or self.found.traced is not None:
            return ALL_DIGITS
        if not self.found.looks:
            return Wish(_FIRST_RTOL, whole_grid=True)
        first = self.found.looks[0].estimate
        if first.status == "ok" and first.step and first.error_bound <= _CLEAN * abs(float(first.value)):
            return Wish(_NEXT_RTOL, step=0.5 * float(first.step))
        return ALL_DIGITS

    def _is_doubtful(self, each: Look) -> bool:
        """Whether a coarse look leaves something open: noise, a small disagreement, another verdict, or what it would not see."""
        if each.estimate.status != "ok" or each.state == "undecided":
            return True
        looks = self.found.looks
        if any(other.state != each.state for other in looks):
            return True
        if each.state == "differs":
            return abs(each.residual) < _CLEARLY * each.bar
        known = resolutions([*looks, each], self.scales.size, self.scales.leaves)
        share = _ENOUGH if looks else USEFUL
        return any((r.any_error if looks else r.single_error) > share * r.largest for r in known)

    # Short looks, where evaluations are scarce

    def _short_look(self, functional: Functional, v: Array) -> Look | None:
        """A look of a few evaluations at the step that the first one found, where evaluations are scarce."""
        first = self.found.looks[0] if self.found.looks else None
        if not self.is_scarce or first is None or not self.scales.functionals.is_one:
            return None
        if first.estimate.status != "ok" or not first.estimate.step:
            return None
        if self._short is None:
            self._short = self._shortest(functional, first)
        step, pairs, error = self._short
        value = self.scales.oracle.quick(v, functional.reduce, step, pairs)
        if not math.isfinite(value):
            return None
        claimed, rounding = functional.claimed(v)
        estimate = replace(first.estimate, value=value, error_bound=error / BOUNDS, evaluations=2 * pairs)
        forgiven = forgiven_of(functional, self.scales.options.rtol, self.scales.leaves, claimed, v)
        return Look(functional, v, claimed, estimate, rounding, forgiven)

    def _shortest(self, functional: Functional, first: Look) -> tuple[float, int, float]:
        """The first look's step, the fewest pairs of its points that would have told the same, and how far off they may be."""
        estimate = first.estimate
        step, bound = float(estimate.step or 0.0), float(estimate.error_bound)
        seen = 0.1 * abs(first.residual) if first.state == "differs" else 0.02 * abs(first.claimed)
        most = max(int(estimate.evaluations) // 2, 2)
        error = bound
        for pairs in range(2, most + 1):
            off = abs(
                self.scales.oracle.quick(first.v, functional.reduce, step, pairs) - float(estimate.value)
            )
            error = 30.0 * max(off, bound)
            if error <= max(seen, 100.0 * bound):
                return step, pairs, error
        return step, most, error
