"""The search for the one change of the user's gradient that makes it true: in every known entry, and at another point too.

First every place is shaken: one whose value does not reach every wrong entry cannot be the one. Then what is plain is tried (an
operator, an index, an axis), then a number times the value (fitted, since most gradients are linear in what goes back), then values
of the source that may be missing there. A stage that finds something is the last one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from time import process_time
from types import FrameType
from typing import Any

import numpy

from calcgrad.checking.diagnosing.correcting.keeping import Kept, TooMuchError, codes_of
from calcgrad.checking.diagnosing.correcting.kinds import DROPPED, FAR, NUMBER, PLAIN
from calcgrad.checking.diagnosing.correcting.program import Program, Several, Site, StoppedError
from calcgrad.checking.diagnosing.correcting.putting import Candidate, Put, is_number
from calcgrad.checking.diagnosing.diagnosis import Scale, proportional
from calcgrad.checking.diagnosing.factors import happens
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.tracing.quiet import quiet

Array = Any
#: A number is fitted to so many entries, or is one that happens.
_LEAST = 3
#: A run may take so many times as long as the first one, which compiles; then a loop of it is taken for an endless one.
_LONGER = 5.0
#: From here on a correction is not a change of what stands there, but something put in.
_PUT_IN = 4.0


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


@dataclass(frozen=True, slots=True)
class Correction:
    """A change that makes the claim true: the site, what stands there then, the cause, how plain it is (less is plainer).

    ``scale`` is a fitted factor, where that is the change. ``also`` are further sites of the statement that are changed alike.
    """

    site: Site
    new: ast.expr | ast.stmt
    cause: str
    rank: float
    scale: Scale | None = None
    also: Sequence[Site] = ()

    @property
    def numbers(self) -> int | Several:
        """The number of its site, or of all of them."""
        if not self.also:
            return self.site.number
        return Several(s.number for s in (self.site, *self.also))


#: How a claim is run: the callable and the flat point; raises what it raises.
Run = Callable[[Callable[..., Any], Array], Array]


class _SpentError(Exception):
    """The budget is used up."""


class Search:
    """One search. ``corrections`` are those of the plainest stage that has any, the plainest first."""

    def __init__(
        self,
        call: Callable[..., Any],
        run: Run,
        x: Array,
        target: Target,
        budget: Budget,
        roots: Sequence[Any] = (),
        tick: Callable[[int], bool] = lambda run: True,
        function: Any = None,
    ) -> None:
        self._tick = tick
        self._shared = codes_of(function)
        self._call, self._run, self._x, self._target, self._budget = call, run, x, target, budget
        self._roots, self._first = roots, target.claimed
        self._patience = budget.seconds
        self._started = process_time()
        self.runs = 0
        self._program = Program(call)
        self._kept: Kept | None = None
        self._shaken: dict[int, Put] = {}

    def corrections(self) -> list[Correction]:
        """What makes the claim true; nothing where the program cannot be run in a changed form.

        A number or a value put into the user's own code may stand for a mistake in the package that it calls: then both are asked.
        """
        found: list[Correction] = []
        with quiet(), numpy.errstate(all="ignore"), redirect_stdout(StringIO()):
            for packages in (False, True):
                if found and found[0].rank < _PUT_IN:
                    break
                try:
                    found += self._searched() if self._opened(packages) else []
                except (TooMuchError, SpentError, _SpentError):
                    break
                finally:
                    self._program.set()
                    if self._kept is not None:
                        self._kept.back()
        return sorted(found, key=lambda c: c.rank)

    def _opened(self, packages: bool) -> bool:
        """The first run, with nothing changed, must give the claim, and do so twice."""
        self._program, self._shaken = Program(self._call, packages), {}
        self._started, self.runs = process_time(), self.runs if packages else 0
        self._kept = Kept([self._call, *self._roots])
        self._patience, before = self._budget.seconds, process_time()
        first = self._answer()
        self._patience = _LONGER * (process_time() - before) + 0.02
        if first is None or not self._program.sites:
            return False
        self._first = first
        self._kept = Kept([self._call, *self._roots, *self._program.originals()])
        again = self._answer()
        same = again is not None and numpy.array_equal(again, first)
        return same and bool(numpy.allclose(first, self._target.claimed, rtol=1e-12, atol=0.0))

    def _searched(self) -> list[Correction]:
        """What is found in the gradient's own code, or in what the function runs too, right but for what it keeps.

        The function may compute its gradient there too: a plain change comes before a number of the caller's.
        """
        found: list[Correction] = []
        kept: list[Correction] = []
        second: list[Correction] = []
        try:
            own = self._reaching(shared=False)
            kept = self._staged(self._edited, own, found)
            if not _is_plain(kept):
                both = self._reaching(shared=True)
                second = self._staged(self._edited, both, found)
                if _is_plain(second):
                    return second
                kept = (
                    kept or self._staged(self._scaled, own, found) or self._staged(self._put_in, own, found)
                )
                kept = kept or second or self._staged(self._scaled, both, found)
                kept = kept or self._staged(self._put_in, both, found)
            return kept
        except _SpentError:
            return kept or self._confirmed(found) or second

    def _staged(
        self,
        stage: Callable[[Sequence[Site]], Iterator[Correction]],
        sites: Sequence[Site],
        found: list[Correction],
    ) -> list[Correction]:
        """What a stage finds and what is right elsewhere too; ``found`` holds what is not yet looked at there."""
        for correction in stage(sites):
            found.append(correction)
            if len(found) > 60:
                break
        kept = self._confirmed(found)
        found.clear()
        return kept

    def _confirmed(self, found: Sequence[Correction]) -> list[Correction]:
        """Those that are right elsewhere too, the plainest first; a few are enough."""
        kept: list[Correction] = []
        for correction in sorted(found, key=lambda c: c.rank)[:8]:
            if self._target.elsewhere(lambda x, c=correction: self._corrected(c, x)):  # type: ignore[misc]
                kept.append(correction)
            if len(kept) == 2:
                break
        return kept

    def _corrected(self, correction: Correction, x: Array) -> Array:
        """The claim with a correction, at any point. Raises what it raises."""
        self._switch(correction)
        self._program.until = process_time() + self._patience
        try:
            return self._run(self._program.call, x)
        finally:
            self._program.set()
            assert self._kept is not None
            self._kept.back()

    def _switch(self, correction: Correction) -> None:
        site = correction.site
        for which, edit in enumerate(site.edits):
            if edit.new is correction.new:
                self._program.set(site.number, which)
                return
        code = compile(ast.unparse(correction.new), "<candidate>", "eval")
        self._program.change = Candidate("", correction.cause, code).value
        self._program.set(correction.numbers)

    def _answer(self, site: int | Several = -1, which: int = -1) -> Array | None:
        """The claim at the point with one change; ``None`` where it has none then. Raises when the budget is spent."""
        if self.runs >= self._budget.runs or process_time() - self._started > self._budget.seconds:
            raise _SpentError
        self.runs += 1
        if not self._tick(self.runs):
            return None
        self._program.until = process_time() + self._patience
        self._program.set(site, which)
        try:
            return self._run(self._program.call, self._x)
        except (Exception, SystemExit, StoppedError):
            return None
        finally:
            self._program.set()
            if self._kept is not None:
                self._kept.back()

    def _reaching(self, shared: bool) -> list[Site]:
        """The places from which every wrong entry can be changed; what cannot be shaken stays.

        ``shared``: those in code that the function runs too, or those in the gradient's own.
        """
        chosen: list[Site] = []
        reached: set[int] = set()
        wrong = self._target.wrong
        k = 0
        while k < len(self._program.sites):  # more may come while others run
            site = self._program.sites[k]
            k += 1
            if (site.code in self._shared) is not shared:
                continue
            number = isinstance(site.place.node, ast.Constant) and site.place.role != "value"
            if number or site.place.role in ("callee", "statement"):
                chosen.append(site)
                continue
            seen: list[Any] = []
            self._program.change = _shaking(site, seen)
            answer = self._answer(site.number)
            if not seen:
                continue  # never run
            if isinstance(seen[0], Put):
                still = answer is not None and not bool((answer != self._first)[wrong].all())
                if still and not self._decides(site):
                    continue
                self._shaken[site.number] = seen[0]
            reached.add(site.number)
            chosen.append(site)
        alive = {id(s.place.around) for s in chosen if s.number in reached}
        return [s for s in chosen if s.number in reached or id(s.place.around) in alive]

    @staticmethod
    def _decides(site: Site) -> bool:
        """Whether a value may reach the claim by a comparison alone, or as an index."""
        compared = (n for n in ast.walk(site.place.around) if isinstance(n, ast.Compare))
        return site.place.role != "value" or any(site.place.node in ast.walk(n) for n in compared)

    def _edited(self, sites: Sequence[Site]) -> Iterator[Correction]:
        for rank in (PLAIN, NUMBER, DROPPED, FAR):
            for site in sites:
                for which, edit in enumerate(site.edits):
                    if edit.rank == rank and self._meets(self._answer(site.number, which)):
                        yield Correction(site, edit.new, edit.cause, rank + _longer(site, edit.new))
            if rank == PLAIN:
                yield from self._tried(sites, Put.replaced, 0.5)
                yield from self._renamed(sites)

    def _renamed(self, sites: Sequence[Site]) -> Iterator[Correction]:
        """Another value for one that a statement reads more than once: ``b * (1 - b)`` for ``a * (1 - a)``."""
        for first, *others in _alike([s for s in sites if s.number in self._shaken]):
            for each in self._shaken[first.number].replaced():
                self._program.change = each.value
                new = ast.parse(each.text, mode="eval").body
                correction = Correction(first, new, each.cause, 0.6 + _longer(first, new), also=others)
                if self._meets(self._answer(correction.numbers)):
                    yield correction

    def _scaled(self, sites: Sequence[Site]) -> Iterator[Correction]:
        """A number times the value, fitted; or plus the value."""
        for site in sites:
            if site.number not in self._shaken:
                continue
            for form, cause in (("_ * {}", "factor"), ("_ + {}", "missing-term")):
                scale = self._fitted(site, form)
                if scale is None:
                    continue
                number = scale.value + (1.0 if cause == "factor" else 0.0)
                if scale.entries < _LEAST and not (abs(number) < 1e-9 or happens(number, scale.error)):
                    continue
                text = _written(form, number, scale.error)
                new = ast.parse(text, mode="eval").body
                correction = Correction(
                    site, new, cause, _PUT_IN + 0.3 - _length(site) * 1e-4, replace(scale, value=number)
                )
                self._switch(correction)
                if self._meets(self._again()):
                    yield correction

    def _fitted(self, site: Site, form: str) -> Scale | None:
        """The number for which the claim is true, if it depends on it by a straight line."""
        put = self._with(site, form.format("2.0" if "*" in form else "1.0"))
        if put is None:
            return None
        target, known = self._target, numpy.isfinite(self._target.true)
        slope = (put - target.claimed)[known]
        if not slope.any():
            return None
        return proportional((target.true - target.claimed)[known], slope, target.allowed[known])

    def _with(self, site: Site, text: str) -> Array | None:
        code = compile(text, "<candidate>", "eval")
        self._program.change = lambda value, frame: eval(code, {"_": value})
        return self._answer(site.number)

    def _again(self) -> Array | None:
        at, which = self._program.switched()
        return self._answer(at, which)

    def _put_in(self, sites: Sequence[Site]) -> Iterator[Correction]:
        for rank, kind in _PUT:
            found = False
            for correction in self._tried(sites, kind, rank):
                found = True
                yield correction
            if found:
                return

    def _tried(
        self, sites: Sequence[Site], kind: Callable[[Put], Iterator[Candidate]], rank: float
    ) -> Iterator[Correction]:
        for site in sites:
            put = self._shaken.get(site.number)
            if put is None or site.place.role not in ("value", "exponent"):
                continue
            for each in kind(put):
                self._program.change = each.value
                answer = self._answer(site.number)
                if answer is None:
                    continue
                length = (_length(site) + len(each.text)) * 1e-4
                if self._meets(answer):
                    yield Correction(site, ast.parse(each.text, mode="eval").body, each.cause, rank + length)
                elif each.scaled:
                    yield from self._with_number(site, each, answer, rank + 0.1 + length)

    def _with_number(self, site: Site, each: Candidate, answer: Array, rank: float) -> Iterator[Correction]:
        """A term with a number of its own, fitted: the claim depends on it by a straight line."""
        known = numpy.isfinite(self._target.true)
        more = (answer - self._first)[known]
        if not numpy.isfinite(more).all() or not more.any():
            return
        scale = proportional((self._target.true - self._first)[known], more, self._target.allowed[known])
        if scale is None or (scale.entries < _LEAST and not happens(scale.value, scale.error)):
            return
        text = _with_sign(each.scaled, _round(scale.value, scale.error))
        correction = Correction(site, ast.parse(text, mode="eval").body, each.cause, rank)
        self._switch(correction)
        if self._meets(self._again()):
            yield correction

    def _meets(self, answer: Array | None) -> bool:
        return answer is not None and self._target.is_met(answer) and self._target.confirmed(answer)


#: What is put in, by how plain it is.
_PUT: tuple[tuple[float, Callable[[Put], Iterator[Candidate]]], ...] = (
    (4.4, Put.bent),
    (4.45, Put.wrapped),
    (4.5, Put.factors),
    (4.7, Put.formed),
    (5.0, Put.terms),
    (5.5, Put.turned),
    (6.0, Put.paired),
)


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


def _is_plain(found: Sequence[Correction]) -> bool:
    return bool(found) and found[0].rank < NUMBER


def _alike(sites: Sequence[Site]) -> Iterator[Sequence[Site]]:
    """Sites of one statement that read the same, two or more: those in one expression of it, the smaller ones first."""
    groups: dict[tuple[int, str], list[Site]] = {}
    for site in sites:
        if site.place.role in ("value", "exponent"):
            groups.setdefault((id(site.place.around), ast.unparse(site.place.node)), []).append(site)
    for group in groups.values():
        if len(group) > 1:
            parts = [frozenset(map(id, ast.walk(part))) for part in ast.walk(group[0].place.around)]
            within = [tuple(k for k, s in enumerate(group) if id(s.place.node) in part) for part in parts]
            for chosen in sorted({w for w in within if len(w) > 1}, key=len):
                yield [group[k] for k in chosen]


def _length(site: Site) -> int:
    return min(len(ast.unparse(site.place.node)), 1000)


def _longer(site: Site, new: ast.AST) -> float:
    """Of two changes of a kind the plainer is the one that leaves the shorter source, then the smaller one."""
    return (len(ast.unparse(new)) - _length(site)) * 1e-3 + _length(site) * 1e-5


def _with_sign(form: str, number: float) -> str:
    """A term with its number: ``_ - 2.0 * a``, and ``_ + a`` for one."""
    if number < 0.0:
        form = form.replace("_ + ", "_ - ", 1)
    if abs(number) == 1.0:
        return form.replace("{} * ", "", 1).replace("{}", "1", 1)
    return form.format(repr(abs(number)))


def _written(form: str, number: float, error: float) -> str:
    """A fitted number in its place, as a divisor where it is one over a whole number."""
    whole = round(1.0 / number) if number and "*" in form else 0
    if abs(whole) > 1 and abs(number * whole - 1.0) <= max(error, 1e-12):
        return f"_ / {whole}"
    if "*" in form and abs(number + 1.0) <= max(error, 1e-12):
        return "-_"
    return "_ * 0.0" if "*" in form and abs(number) < 1e-9 else form.format(repr(_round(number, error)))


def _round(value: float, error: float) -> float:
    """A fitted number as a person would write it: with fewer digits where that is as near."""
    for digits in range(1, 15):
        short = float(f"{value:.{digits}g}")
        if abs(short - value) <= max(error, 1e-12 * abs(value)):
            return short
    return value
