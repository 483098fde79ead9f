"""From looks to a verdict: as many directions as it takes, beside the gradient by reverse mode where there is one."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy

from calcgrad.checking.deciding.deciding import (
    BOUNDS,
    USEFUL,
    Look,
    Resolution,
    bounds_of,
    by_entry,
    forgiven_of,
    look,
    resolutions,
)
from calcgrad.checking.deciding.locating import entry_look
from calcgrad.checking.measuring.calling import EPS
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.checking.measuring.directions import MISSED, SIGMAS, draw
from calcgrad.checking.measuring.functionals import SAFETY, Functional, Functionals, norm
from calcgrad.checking.measuring.oracle import ALL_DIGITS, Oracle, Wish
from calcgrad.checking.measuring.subject import Leaf, Options, Statement
from calcgrad.checking.measuring.traced import Gradient
from calcgrad.phrases import counted, figure, size
from calcgrad.report.claims import Witness

Array = Any
#: Up to so many entries, each is looked at on its own instead of random directions.
FEW = 3
#: Up to so many entries, two directions are enough: what they say of each entry is sharper by less than the entries are many.
_SMALL = 8
#: A quick look is as accurate as this, and there are two.
_QUICK_RTOL = 1e-6
#: Where fewer evaluations are left than this for each look, one is a quick one, and all others take the step that it found.
_SCARCE = 22
#: The first direction's wish, and that of the next one, which has the first one's step, where that was as clean as this.
_FIRST_RTOL, _NEXT_RTOL, _CLEAN = 1e-10, 1e-8, 1e-9
#: A coarse look that differs is believed where it does by so many bars, and one that agrees where both would see this share.
_CLEARLY, _ENOUGH = 1e4, 1e-2
#: The error that a quick verdict tells its miss rate for, as a share of the largest entry.
_QUICK_SHARE = 0.01
#: Where directions resolve too little, up to so many entries are looked at on their own.
_ALONE = 24
#: When one direction differs and the others do not, so many are asked in all.
_MOST = 7
#: Beside reverse mode, which sees every entry, fewer directions are enough.
_BESIDE = 2
#: A function that rounds is looked at over steps so many times as large, too, and at least over such of size 1.
_WIDER = 64.0
#: So many directions may fail to have a derivative before the function is called noisy.
_FAILURES = 4
#: Leaves that the common directions do not resolve get directions of their own, up to so many leaves.
_OWN = 24
#: An entry differs from reverse mode when it is off by so many times the measured rounding of both.
ROUNDINGS = 16.0
#: Reverse mode that rounds by a larger share of the largest entry than this decides nothing where it agrees.
_COARSE = 0.25
#: A claim that moves by a larger share of itself with a unit in the last place of the point is told to be rough.
_ROUGH = 1e-7
#: A difference from reverse mode that no value can show is forgiven up to this share of the largest entry.
_SLIGHT = 0.01
#: Reverse mode alone, against bars of the function's values that are wider, is believed beyond so many roundings.
_PLAIN = 1e4


@dataclass(slots=True)
class Weighing:
    """What is known so far. ``verdict`` is the answer; ``cause`` says why it is none.

    ``vanishing`` is how many entries of the gradient are 0 as far as rounding tells.
    """

    looks: list[Look] = field(default_factory=list)
    own: list[Look] = field(default_factory=list)
    verdict: Literal["right", "wrong", "inconclusive"] = "inconclusive"
    cause: str | None = None
    notes: list[str] = field(default_factory=list)
    traced: Gradient | None = None
    trusted: bool = False
    differing: Array | None = None
    witnesses: list[Witness] = field(default_factory=list)
    vanishing: int = 0
    detectable: float | None = None
    confidence: float | None = None

    def differs(self) -> list[Look]:
        """The looks that left the bar, by more than the grain that others saw explains.

        A direction that happens to lie on a tread of a staircase sees its slope, sharply; the others see the leaps.
        """
        every = (*self.looks, *self.own)
        grain = max((e.estimate.noise or 0.0 for e in every if e.estimate.status == "noisy"), default=0.0)
        return [each for each in every if each.state == "differs" and not each.is_on_tread(grain)]


class Scales:
    """Weighs one claim. ``weigh`` fills a :class:`Weighing` and returns it, also when the budget ran out on the way."""

    def __init__(
        self,
        oracle: Oracle,
        functionals: Functionals,
        leaves: tuple[Leaf, ...],
        size: Array,
        options: Options,
        traced: Gradient | str | None,
    ) -> None:
        self.oracle = oracle
        self.functionals = functionals
        self.leaves = leaves
        self.size = size
        self.options = options
        self.n = len(size)
        self.found = Weighing()
        self._scarce = False
        self._short: tuple[float, int, float] | None = None
        self._rounded = traced.rounded if isinstance(traced, Gradient) else None
        if isinstance(traced, Gradient):
            self.found.traced = traced
        elif traced is not None:
            note = f"calcgrad's own reverse mode could not follow the function: {traced}"
            self.found.witnesses.append(Witness("reverse-ad", "nothing", note))
        self._scarce = not options.quick and oracle.room() < _SCARCE * self._wanted()

    def weigh(self) -> Weighing:
        """Look until the verdict is clear."""
        try:
            if self.n <= FEW and self.functionals.is_one and not self.options.quick:
                self._each_entry()
            else:
                self._directions()
            if self.found.cause is None:
                self._conclude()
        except SpentError:
            self._spent()
        return self.found

    def _each_entry(self) -> None:
        functional = self.functionals.of(0)
        for i in range(self.n):
            each = self._looked(functional, self._coordinate(i, 1.0))
            if each.state == "differs":
                self._looked(functional, self._coordinate(i, 0.625))
            if self.found.cause:
                return

    def _coordinate(self, i: int, share: float) -> Array:
        v = numpy.zeros(self.n)
        v[i] = self.size[i] * share
        return v

    def _wanted(self) -> int:
        """How many directions to look along."""
        if self._scarce and self.found.traced is not None:
            return 1
        few = self.options.quick or self.n <= _SMALL or self.found.traced is not None
        return min(self.options.directions, _BESIDE) if few else self.options.directions

    def _directions(self) -> None:
        self._look_along(0, self._wanted())
        done = len(self.found.looks)
        if self.found.cause is None and len(self.found.differs()) < 2 and self._dismissed():
            self._look_along(done, self._wanted())

    def _look_along(self, j: int, wanted: int) -> None:
        failed = 0
        while j < wanted:
            seed = [self.options.seed, 1, j, failed] if failed else [self.options.seed, 1, j]
            each = self._looked(self.functionals.of(j), draw(seed, self.size))
            if each.trouble == "noise" and failed < _FAILURES:
                failed += 1  # among many kinks one direction may be hopeless and the next fine
                self.found.looks.pop()
                self.found.notes.pop()
                self.found.cause = None
                continue
            if self.found.cause is not None:
                return
            differing = len(self.found.differs())
            if differing >= 2:
                return
            j += 1
            if differing == 1 and j == wanted and not self._reverse_mode_settles():
                wanted = min(_MOST, j + 1) if j < _MOST else j

    def _looked(self, functional: Functional, v: Array, own: bool = False) -> Look:
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

    def _long_look(self, functional: Functional, v: Array, own: bool) -> Look:
        """A look that is as good as it need be: coarse first where a few entries are looked at, and refined in doubt."""
        wish = ALL_DIGITS if own else self._wish()
        each = look(functional, self.oracle, v, self.options.rtol, self.leaves, wish)
        coarse = wish is not ALL_DIGITS and not (self.options.quick or self._scarce)
        if coarse and self._is_doubtful(each):
            return look(functional, self.oracle, v, self.options.rtol, self.leaves)
        return each

    def _wish(self) -> Wish:
        """How good the next direction need be: after one that was clean on a whole grid, a few points at its step do."""
        if self.options.quick or self._scarce:
            return Wish(_QUICK_RTOL)
        if not FEW < self.n <= _SMALL or not self.functionals.is_one or self.found.traced is not None:
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
        known = resolutions([*looks, each], self.size, self.leaves)
        share = _ENOUGH if looks else USEFUL
        return any((r.any_error if looks else r.single_error) > share * r.largest for r in known)

    def _reverse_mode_settles(self) -> bool:
        """Whether reverse mode says of a claim what one direction says, where there is no time for more."""
        traced = self.found.traced
        return (
            self._scarce and traced is not None and not self._off(traced) and bool(self._apart(traced).any())
        )

    def _short_look(self, functional: Functional, v: Array) -> Look | None:
        """A look of a few evaluations at the step that the first one found, where evaluations are scarce."""
        first = self.found.looks[0] if self.found.looks else None
        if not self._scarce or first is None or not self.functionals.is_one:
            return None
        if first.estimate.status != "ok" or not first.estimate.step:
            return None
        if self._short is None:
            self._short = self._shortest(functional, first)
        step, pairs, error = self._short
        value = self.oracle.quick(v, functional.reduce, step, pairs)
        if not math.isfinite(value):
            return None
        claimed, rounding = functional.claimed(v)
        estimate = replace(first.estimate, value=value, error_bound=error / BOUNDS, evaluations=2 * pairs)
        return Look(
            functional,
            v,
            claimed,
            estimate,
            rounding,
            forgiven_of(functional, self.options.rtol, self.leaves, claimed, v),
        )

    def _shortest(self, functional: Functional, first: Look) -> tuple[float, int, float]:
        """The first look's step, the fewest pairs of its points that would have told the same, and how far off they may be."""
        estimate = first.estimate
        step, bound = float(estimate.step or 0.0), float(estimate.error_bound)
        seen = 0.1 * abs(first.residual) if first.state == "differs" else 0.02 * abs(first.claimed)
        most = max(int(estimate.evaluations) // 2, 2)
        error = bound
        for pairs in range(2, most + 1):
            off = abs(self.oracle.quick(first.v, functional.reduce, step, pairs) - float(estimate.value))
            error = 30.0 * max(off, bound)
            if error <= max(seen, 100.0 * bound):
                return step, pairs, error
        return step, most, error

    def _at_limit(self) -> bool:
        most = self.options.max_evaluations
        return most is not None and self.oracle.evaluations >= most

    def _tell(self) -> None:
        if self.options.progress is None:
            return
        differing = len(self.found.differs())
        error = max(r.any_error for r in self._resolutions())
        statement = Statement(
            "deciding",
            len(self.found.looks) + len(self.found.own),
            self.oracle.evaluations,
            self.oracle.seconds,
            "wrong" if differing >= 2 else "nothing wrong" if not differing else "doubtful",
            error if math.isfinite(error) else None,
        )
        self.options.progress(statement)

    # The verdict

    def _conclude(self) -> None:
        found = self.found
        if found.traced is not None and not self._dismissed():
            self._ask_reverse_mode(found.traced)
            if found.cause is not None:
                return
        differing = found.differs()
        self._witness(len(differing))
        if len(differing) >= 2 or (differing and found.trusted and self._both_differ()):
            self._wrong_unless_on_a_tread(differing)
        elif found.differing is not None and bool(found.differing.any()):
            self._reverse_mode_differs()
        elif differing:
            found.cause = "noise"
            found.notes.append(
                f"one direction of {len(found.looks)} differs, by {size(abs(differing[0].residual))}, and the others do not"
            )
        else:
            self._right()
        if found.verdict != "wrong":
            self._tell_a_rough_claim()

    def _tell_a_rough_claim(self) -> None:
        """A claim that jumps when the point moves by a unit in the last place is no sharper than that, whatever is measured."""
        rough = [
            each for each in self.found.looks if each.state == "agrees" and each.rounding > 0.5 * each.bar
        ]
        share = max(
            (e.rounding / (SIGMAS * SAFETY * abs(e.claimed)) for e in rough if e.claimed), default=0.0
        )
        if share > _ROUGH:
            self.found.notes.append(
                f"the claim itself moves by {share:.0e} of its size when the point moves by a unit in the last place, "
                "as a difference quotient with a tiny step does: errors below that are not seen"
            )

    def _wrong_unless_on_a_tread(self, differing: list[Look]) -> None:
        """Wrong, unless the function is known to round and over larger steps has the slope that is claimed.

        Near 0 the steps of an entry may be so small that all of them lie on one tread.
        """
        found = self.found
        rounded = self._rounded
        if rounded is not None and self.functionals.is_one:
            worst = max(differing, key=lambda e: abs(e.residual) / max(e.bar, 5e-324))
            times = max(_WIDER, 1.0 / float(self.size.max()))
            wider = look(worst.functional, self.oracle, times * worst.v, self.options.rtol, self.leaves)
            if wider.state == "agrees" and 2.0 * wider.bar < times * abs(worst.residual):
                found.cause = "noise"
                found.notes.append(
                    f"the function rounds ({rounded}): close to the point it has another slope than is claimed, over "
                    f"steps {figure(times)} times as large the claimed one"
                )
                return
        found.verdict = "wrong"

    def _both_differ(self) -> bool:
        """Whether reverse mode differs from the claim, where one direction is all that there was time for."""
        return (
            len(self.found.looks) == 1
            and self.found.differing is not None
            and bool(self.found.differing.any())
        )

    def _witness(self, differing: int) -> None:
        alone = by_entry(self.found.looks, self.n)
        count, off = len(self.found.looks) + len(self.found.own), differing
        what = "random directions"
        if alone:
            count, what = len(alone), "entries, each alone" if len(alone) > 1 else "entry, alone"
            off = len(by_entry(self.found.differs(), self.n))
        says: Literal["right", "wrong"] = "wrong" if differing >= min(2, count) and differing else "right"
        note = f"{count} {what}: {off or 'none'} differ" + ("s" if off == 1 else "")
        if count == 1 and not alone:
            note = f"a random direction: it {'differs' if off else 'agrees'}"
        self.found.witnesses.append(Witness("directional", says, note))

    def _right(self) -> None:
        """All agree: is that worth anything?"""
        found = self.found
        found.vanishing = self._vanishing()
        if found.trusted:
            found.verdict = "right"
            return
        if by_entry(found.looks, self.n):
            self._entries_right()
            return
        if self.options.quick:
            found.notes.append(self._miss_rate())
        for resolution in (
            [] if self.options.quick else [r for r in self._resolutions() if not r.useful][:_OWN]
        ):
            if not self._resolve(resolution.leaf):
                return
        vague = [r for r in self._resolutions() if not r.useful]
        if vague and self.functionals.is_one and self.n <= _ALONE and not self.options.quick:
            self._one_by_one()
            return
        if vague:
            self._vague(vague[0].leaf.path, vague[0].single_error, vague[0].largest)
            return
        found.verdict = "right"
        worst = max(self._resolutions(), key=lambda r: r.any_error)
        found.detectable, found.confidence = worst.any_error, 1.0 - MISSED
        found.notes.append(
            f"the least resolved leaf is {worst.leaf.path}; there a single wrong entry, "
            f"all others being right, would be seen from {size(worst.single_error)} on"
        )

    def _vanishing(self) -> int:
        """How many entries are claimed to be 0 as far as can be told: where a wrong formula has the right value, too."""
        found = self.found
        if not found.trusted and all(abs(each.claimed) <= each.threshold for each in found.looks):
            return self.n
        zero = numpy.full(self.n, True)
        for each in found.looks:
            if each.functional.vector is None:
                return 0
            noise = numpy.asarray(each.functional.noise)
            if found.traced is not None:
                noise = noise + found.traced.noise
            zero &= numpy.abs(each.functional.vector) <= ROUNDINGS * noise
        return int(zero.sum())

    def _miss_rate(self) -> str:
        """With which probability the two directions miss one wrong entry, at most; see ``directions.py``."""
        known = self._resolutions()
        largest = max(r.largest for r in known)
        always = max(r.single_error for r in known)
        share = _QUICK_SHARE * largest
        if always <= share:
            rate = "never missed"
        else:
            rates = [
                e.threshold / (float(self.size.min()) * share) if share else 1.0 for e in self.found.looks
            ]
            rate = f"missed with a probability of up to {size(min(1.0, math.prod(rates)), 1)}"
        among = f"one wrong entry among {self.n}" if self.n > 1 else "the entry"
        return (
            f"quick, two directions: {among}, off by {_QUICK_SHARE:.0%} of the largest, is {rate}; "
            f"off by less than {size(always, 1)} it may be missed"
        )

    def _one_by_one(self) -> None:
        """Directions add up what every entry's grain allows; alone, an entry may be told."""
        self._each_entry()
        if self.found.cause is not None:
            return
        if len(self.found.differs()) >= 2:
            self.found.verdict = "wrong"
            self.found.witnesses.pop()
            self._witness(len(self.found.differs()))
        elif self.found.differs():
            self.found.cause = "noise"
        else:
            self._entries_right()

    def _entries_right(self) -> None:
        found = self.found
        errors = {i: each.threshold / abs(each.v[i]) for i, each in by_entry(found.looks, self.n).items()}
        claims = {i: abs(each.claimed / each.v[i]) for i, each in by_entry(found.looks, self.n).items()}
        found.detectable, found.confidence = max(errors.values()), 1.0 - MISSED
        for i, error in errors.items():
            leaf = next(leaf for leaf in self.leaves if leaf.start <= i < leaf.stop)
            largest = max(claims[k] for k in range(leaf.start, leaf.stop))
            if largest and error > USEFUL * largest:
                index = leaf.index(i)
                self._vague(leaf.path + (str(list(index)) if index else ""), error, largest)
                return
        found.verdict = "right"

    def _resolve(self, leaf: Leaf) -> bool:
        """Two directions in one leaf alone; false when one of them differs or meets trouble."""
        only = numpy.zeros(self.n)
        only[leaf.start : leaf.stop] = 1.0
        for k in range(2):
            v = draw([self.options.seed, 3, leaf.start, k], self.size) * only
            each = self._looked(self.functionals.of(0), v, own=True)
            if each.state == "differs":
                v = draw([self.options.seed, 3, leaf.start, 2], self.size) * only
                again = self._looked(self.functionals.of(0), v, own=True)
                differing = self.found.differs()
                if any(e is each for e in differing) and any(e is again for e in differing):
                    self.found.witnesses.pop()
                    self._witness(len(differing))
                    self._wrong_unless_on_a_tread(differing)
                else:
                    self.found.cause = "noise"
                return False
            if each.state == "undecided":
                return False
        return True

    def _vague(self, where: str, error: float, largest: float) -> None:
        found = self.found
        doubles = self.functionals.output.dtype == numpy.float64
        doubles = doubles and all(leaf.dtype == "float64" for leaf in self.leaves)
        found.cause = "noise" if doubles else "low-precision"
        found.verdict = "inconclusive"
        found.notes.append(
            f"in {where} an error below {size(error)} would not be seen, and its largest claimed entry is {size(largest)}"
        )

    def _resolutions(self) -> list[Resolution]:
        return resolutions([*self.found.looks, *self.found.own], self.size, self.leaves)

    # Reverse mode

    def _off(self, traced: Gradient) -> list[Look]:
        """The looks along which reverse mode and the function's values differ."""
        off = []
        for each in self.found.looks:
            true = float(each.estimate.value)
            bar = bounds_of(each.estimate) * float(each.estimate.error_bound) + SIGMAS * SAFETY * norm(
                traced.noise * each.v
            )
            if abs(float(numpy.sum(traced.vector * each.v)) - true) > bar:
                off.append(each)
        return off

    def _dismissed(self) -> bool:
        """A function that rounds is a staircase: where its values may have another slope than the treads, they are what counts."""
        traced = self.found.traced
        if traced is None or traced.rounded is None:
            return False
        alone = not self.found.differs() and bool(self._apart(traced).any())
        if not alone and not self._off(traced):
            return False
        self.found.traced = None
        note = f"the function rounds ({traced.rounded}): reverse mode has the slope of the treads, 0, and is not asked"
        self.found.witnesses.append(Witness("reverse-ad", "nothing", note))
        return True

    def _ask_reverse_mode(self, traced: Gradient) -> None:
        """Does reverse mode agree with the function's values, and the claim with reverse mode?"""
        found = self.found
        off = self._off(traced)
        if len(off) >= 2 or (off and len(found.looks) == 1):
            found.cause = "witnesses-disagree"
            agree = "agrees" if not found.differs() else "does not agree"
            found.notes.append(
                "reverse mode and the function's own values say different things "
                f"(in {len(off)} of {counted(len(found.looks), 'direction')}); the claim {agree} with the values"
            )
            says: Literal["right", "wrong"] = "wrong" if bool(self._apart(traced).any()) else "right"
            found.witnesses.append(Witness("reverse-ad", says, "differs from the function's values"))
            return
        found.differing = self._apart(traced)
        count = int(found.differing.sum())
        allowed = self.allowed(self.functionals.of(0), traced)
        if not count and self._is_coarse(traced, allowed):
            note = "computes in so few digits that a wrong entry would hardly be seen; the function's values decide"
            found.witnesses.append(Witness("reverse-ad", "nothing", note))
            return
        found.trusted = True
        found.detectable = float(allowed.max())
        found.confidence = 1.0 - MISSED
        all_of = f"all {self.n} entries" if self.n > 1 else "the entry"
        note = f"{all_of} compared: {count or 'none'} differ" + ("s" if count == 1 else "")
        found.witnesses.append(Witness("reverse-ad", "wrong" if count else "right", note))

    def _is_coarse(self, traced: Gradient, allowed: Array) -> bool:
        """Whether what rounding explains is as large as a share of a leaf's largest entry that ought to be seen."""
        heres = [slice(leaf.start, leaf.stop) for leaf in self.leaves]
        rounding = allowed - self.options.rtol * numpy.abs(traced.vector)
        largest = [float(numpy.abs(traced.vector[here]).max()) for here in heres]
        return any(
            float(rounding[here].max()) > _COARSE * most > 0.0
            for here, most in zip(heres, largest, strict=True)
        )

    def _apart(self, traced: Gradient) -> Array:
        """The entries in which the claim and reverse mode differ."""
        functional = self.functionals.of(0)
        assert functional.vector is not None
        return numpy.abs(functional.vector - traced.vector) > self.allowed(functional, traced)

    def allowed(self, functional: Functional, traced: Gradient) -> Array:
        """The difference of each entry that rounding explains: as measured, and that of its leaf's typical entry."""
        rounding = numpy.asarray(functional.noise) + traced.noise
        allowed = ROUNDINGS * rounding
        size = numpy.abs(traced.vector)
        for leaf in self.leaves:
            here = slice(leaf.start, leaf.stop)
            eps = EPS.get(leaf.dtype, 2.0**-52)
            typical = norm(size[here]) / math.sqrt(leaf.size)
            noisy = norm(rounding[here]) / math.sqrt(leaf.size)
            allowed[here] += ROUNDINGS * (4.0 * eps * typical + noisy)
            allowed[here] += self.options.rtol * (size[here] + typical)
        return allowed

    def _reverse_mode_differs(self) -> None:
        """Entries differ from reverse mode that no direction showed: look at the worst ones alone."""
        found = self.found
        functional, traced = self.functionals.of(0), found.traced
        assert traced is not None
        assert functional.vector is not None
        apart = numpy.abs(functional.vector - traced.vector)
        allowed = self.allowed(functional, traced)
        excess = apart / numpy.maximum(allowed, 5e-324)
        for i in numpy.argsort(-excess)[:3]:
            each = entry_look(self.oracle, functional, self.size, int(i))
            if each.state == "differs":
                found.verdict = "wrong"
                return
        if float(excess.max()) > _PLAIN:
            found.verdict = "wrong"
            found.notes.append("the function's values are too coarse to show it; reverse mode does")
            return
        worst, count = float(numpy.max(apart * (apart > allowed))), int((excess > 1).sum())
        found.notes.append(
            f"{counted(count)} differ{'s' if count == 1 else ''} from reverse mode by up to {size(worst)}, "
            "more than their measured rounding but less than the function's values can tell"
        )
        if worst > _SLIGHT * float(numpy.abs(traced.vector).max()):
            found.cause = "witnesses-disagree"
            return
        found.verdict = "right"
        found.detectable = worst + float(allowed.max())  # reverse mode itself is off by its rounding

    def _spent(self) -> None:
        found = self.found
        differing = found.differs()
        if len(differing) >= 2:
            found.verdict = "wrong"
            return
        found.verdict, found.cause = "inconclusive", "budget"
        agreeing = [each for each in (*found.looks, *found.own) if each.state == "agrees"]
        known = max(r.any_error for r in self._resolutions())
        if differing:
            said = f"one direction of {len(agreeing) + 1} differs, by {size(abs(differing[0].residual))}"
        elif agreeing:
            said = f"{counted(len(agreeing), 'direction')} agree{'s' if len(agreeing) == 1 else ''}"
            if math.isfinite(known):
                said += f"; an entry off by more than {size(known)} would have been seen"
                found.detectable, found.confidence = known, 1.0 - MISSED
        else:
            said = "not one direction could be measured"
        spent = counted(self.oracle.evaluations, "evaluation")
        found.notes.append(f"the budget ran out after {spent}: {said}")
