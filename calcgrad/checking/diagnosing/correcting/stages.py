"""The stages of a search: each tries changes of one kind at given sites, and yields those that make the claim true."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy

from calcgrad.checking.diagnosing.correcting.correction import PUT_IN, Correction
from calcgrad.checking.diagnosing.correcting.kinds import DROPPED, FAR, NUMBER, PLAIN
from calcgrad.checking.diagnosing.correcting.program import Site
from calcgrad.checking.diagnosing.correcting.putting import Candidate, Put
from calcgrad.checking.diagnosing.correcting.trials import Array, Trials
from calcgrad.checking.diagnosing.diagnosis import Scale, proportional
from calcgrad.checking.diagnosing.factors import happens

#: A number is fitted to so many entries, or is one that happens.
_LEAST = 3
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


def edited(trials: Trials, sites: Sequence[Site]) -> Iterator[Correction]:
    """The plain changes of a place: its row of ``kinds``, or another value that its source names."""
    for rank in (PLAIN, NUMBER, DROPPED, FAR):
        for site in sites:
            for which, edit in enumerate(site.edits):
                if edit.rank == rank and trials.meets(trials.answer(site.number, which)):
                    yield Correction(site, edit.new, edit.cause, rank + _longer(site, edit.new))
        if rank == PLAIN:
            yield from _tried(trials, [s for s in sites if not _is_number(s)], Put.replaced, 0.5)
            yield from _renamed(trials, sites)
        elif rank == NUMBER:  # for a number another one is plainer than a name that happens to have its value
            yield from _tried(trials, [s for s in sites if _is_number(s)], Put.replaced, 1.5)


def _is_number(site: Site) -> bool:
    return isinstance(site.place.node, ast.Constant)


def _renamed(trials: Trials, sites: Sequence[Site]) -> Iterator[Correction]:
    """Another value for one that a statement reads more than once: ``b * (1 - b)`` for ``a * (1 - a)``."""
    for first, *others in _alike([s for s in sites if s.number in trials.shaken]):
        for each in trials.shaken[first.number].replaced():
            new = ast.parse(each.text, mode="eval").body
            correction = Correction(first, new, each.cause, 0.6 + _longer(first, new), also=others)
            if trials.meets(trials.put(correction.numbers, each.value)):
                yield correction


def scaled(trials: Trials, sites: Sequence[Site]) -> Iterator[Correction]:
    """A number times the value, fitted; or plus the value."""
    for site in sites:
        if site.number not in trials.shaken:
            continue
        for form, cause in (("_ * {}", "factor"), ("_ + {}", "missing-term")):
            scale = _fitted(trials, site, form)
            if scale is None:
                continue
            number = scale.value + (1.0 if cause == "factor" else 0.0)
            if scale.entries < _LEAST and not (abs(number) < 1e-9 or happens(number, scale.error)):
                continue
            text = _written(form, number, scale.error)
            new = ast.parse(text, mode="eval").body
            rank = PUT_IN + 0.3 - _length(site) * 1e-4
            correction = Correction(site, new, cause, rank, replace(scale, value=number))
            if trials.holds(correction):
                yield correction


def _fitted(trials: Trials, site: Site, form: str) -> Scale | None:
    """The number for which the claim is true, if it depends on it by a straight line."""
    code = compile(form.format("2.0" if "*" in form else "1.0"), "<candidate>", "eval")
    put = trials.put(site.number, lambda value, frame: eval(code, {"_": value}))
    if put is None:
        return None
    target, known = trials.target, numpy.isfinite(trials.target.true)
    slope = (put - target.claimed)[known]
    if not slope.any():
        return None
    return proportional((target.true - target.claimed)[known], slope, target.allowed[known])


def put_in(trials: Trials, sites: Sequence[Site]) -> Iterator[Correction]:
    """A value that is missing at a place, of the plainest kind that is found."""
    for rank, kind in _PUT:
        found = False
        for correction in _tried(trials, sites, kind, rank):
            found = True
            yield correction
        if found:
            return


def _tried(
    trials: Trials, sites: Sequence[Site], kind: Callable[[Put], Iterator[Candidate]], rank: float
) -> Iterator[Correction]:
    for site in sites:
        put = trials.shaken.get(site.number)
        if put is None or site.place.role not in ("value", "exponent"):
            continue
        for each in kind(put):
            answer = trials.put(site.number, each.value)
            if answer is None:
                continue
            length = (_length(site) + len(each.text)) * 1e-4
            if trials.meets(answer):
                yield Correction(site, ast.parse(each.text, mode="eval").body, each.cause, rank + length)
            elif each.scaled:
                yield from _with_number(trials, site, each, answer, rank + 0.1 + length)


def _with_number(
    trials: Trials, site: Site, each: Candidate, answer: Array, rank: float
) -> Iterator[Correction]:
    """A term with a number of its own, fitted: the claim depends on it by a straight line."""
    known = numpy.isfinite(trials.target.true)
    more = (answer - trials.first)[known]
    if not numpy.isfinite(more).all() or not more.any():
        return
    scale = proportional((trials.target.true - trials.first)[known], more, trials.target.allowed[known])
    if scale is None or (scale.entries < _LEAST and not happens(scale.value, scale.error)):
        return
    text = _with_sign(each.scaled, _round(scale.value, scale.error))
    correction = Correction(site, ast.parse(text, mode="eval").body, each.cause, rank)
    if trials.holds(correction):
        yield correction


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
