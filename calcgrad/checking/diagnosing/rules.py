"""Mistakes in one rule of the reverse sweep, tried on the traced function: each comes out as the claim, or is not told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from time import perf_counter
from typing import Any

import numpy

from calcgrad.checking.diagnosing.finding import counted, number, proportional
from calcgrad.checking.diagnosing.program import Mistake, Program, Terms
from calcgrad.report import Likely

Array = Any
#: Seconds that each search for a wrong rule may take.
_SECONDS = 1.0
#: A program of more steps is a loop, most likely.
_LONG = 100
#: A rule that was fitted with one number must explain so many entries.
_LEAST = 3
#: Operations whose derivative is taken as 1 when the activation is forgotten.
_SMOOTH = "tanh sigmoid softplus exp log sqrt sin cos erf gelu silu elu arctan square log1p expm1"
_BROKEN = "relu maximum max minimum abs clip leaky_relu"
ACTIVATIONS = frozenset(f"{_SMOOTH} {_BROKEN}".split())
_CONSTANT = ("mul", "where", "div")


@dataclass(frozen=True, slots=True)
class Claimed:
    """The claim and the truth as flat vectors, and how far two numbers of an entry may be apart."""

    claimed: Array
    true: Array
    allowed: Array

    def is_(self, gradient: Array) -> bool:
        """Whether a gradient with a mistake is the claim, in every entry."""
        slack = 2.0**-40 * (numpy.abs(self.claimed) + numpy.abs(gradient))
        return bool(numpy.all(numpy.abs(gradient - self.claimed) <= 2.0 * self.allowed + slack))

    @property
    def wrong(self) -> Array:
        """The wrong entries."""
        found: Array = numpy.abs(self.claimed - self.true) > self.allowed
        return found


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of mistake: the cause that it is, the words for it, and the steps that it may be made in."""

    cause: str
    words: str
    of: Callable[[Program], Iterator[tuple[str, frozenset[int]]]]
    change: Callable[[Any, Any, Terms], Terms]


def likely_rules(program: Program, claim: Claimed) -> tuple[Likely, ...]:
    """The mistake in a rule that gives the claim, the simplest kind that does; nothing where none does."""
    if int(claim.wrong.sum()) < 1 or not len(program.steps):
        return ()
    searches = [_one_path, _one_rule, _one_path_in_a_loop, _two_paths]
    if len(program.steps) > _LONG:
        searches = [_one_rule, _one_path_in_a_loop, _one_path]
    for search in searches:
        found = search(program, claim, perf_counter() + _SECONDS)
        if found:
            return found
    return ()


def _one_rule(program: Program, claim: Claimed, deadline: float) -> tuple[Likely, ...]:
    for rule in RULES:
        for where, places in rule.of(program):
            if perf_counter() > deadline:
                return ()
            if claim.is_(program.swept(_mistake(rule, places))):
                return (Likely(rule.cause, None, rule.words.format(where=where), _comes_out(claim)),)
    return ()


def _comes_out(claim: Claimed) -> str:
    wrong = counted(int(claim.wrong.sum()), "wrong one", "wrong ones")
    return (
        f"the reverse sweep with this mistake gives the claim in all {len(claim.claimed)} entries ({wrong})"
    )


def _mistake(rule: Rule, places: frozenset[int]) -> Mistake:
    def change(place: int, step: Any, d: Any, terms: Terms) -> Terms:
        return rule.change(step, d, terms) if place in places else terms

    return change


# Which steps a mistake may be made in: all of one operation together, then each alone


def _of(*names: str) -> Callable[[Program], Iterator[tuple[str, frozenset[int]]]]:
    wanted = frozenset(names)

    def places(program: Program) -> Iterator[tuple[str, frozenset[int]]]:
        by_name: dict[str, list[int]] = {}
        for place in program.steps:
            op = program.step(place)[1]
            if isinstance(op, str) and op in wanted and place in program.terms:
                by_name.setdefault(op, []).append(place)
        for op, found in by_name.items():
            yield (op if len(found) == 1 else f"every {op}"), frozenset(found)
        for op, found in by_name.items():
            if len(found) > 1:
                for i, place in enumerate(found):
                    yield f"{op} ({i + 1} of {len(found)})", frozenset([place])

    return places


def _as_identity(step: Any, d: Any, terms: Terms) -> Terms:
    """The derivative taken as 1: the cotangent goes through as it is, where the shapes allow."""
    return {slot: d if numpy.shape(term) == numpy.shape(d) else term for slot, term in terms.items()}


def _unmasked(step: Any, d: Any, terms: Terms) -> Terms:
    """A constant mask (or condition) left out; a constant without a zero is no mask."""
    constants = [p for p, slot in zip(step[3], step[2], strict=True) if slot is None]
    if not any(numpy.size(c) > 1 and bool(numpy.any(numpy.asarray(c) == 0)) for c in constants):
        return terms
    return _as_identity(step, d, terms)


def _first_only(step: Any, d: Any, terms: Terms) -> Terms:
    """A broadcast argument takes the cotangent of the first row instead of the sum of all."""
    return _not_summed(step, d, terms, lambda rows: rows[0])


def _last_only(step: Any, d: Any, terms: Terms) -> Terms:
    return _not_summed(step, d, terms, lambda rows: rows[-1])


def _averaged(step: Any, d: Any, terms: Terms) -> Terms:
    return _not_summed(step, d, terms, lambda rows: rows.mean(axis=0))


def _not_summed(step: Any, d: Any, terms: Terms, choose: Callable[[Array], Any]) -> Terms:
    """Each broadcast argument's cotangent chosen from those of its copies, which are put first, instead of summed."""
    op, slots, primals = step[1], step[2], step[3]
    changed = dict(terms)
    for place, slot in enumerate(slots):
        shape, whole = numpy.shape(primals[place]), numpy.shape(d)
        if slot is None or slot not in terms or shape == whole or not whole:
            continue
        full = numpy.asarray(-d if op == "sub" and place == 1 else d)
        if op == "mul":
            full = full * primals[1 - place]
        padded = (1,) * (len(whole) - len(shape)) + shape
        copied = [axis for axis, length in enumerate(padded) if length == 1 and whole[axis] > 1]
        kept = [axis for axis in range(len(whole)) if axis not in copied]
        rows = full.transpose(copied + kept).reshape(-1, *[whole[axis] for axis in kept])
        changed[slot] = numpy.reshape(choose(rows), shape)
    return changed


def _overwritten(step: Any, d: Any, terms: Terms) -> Terms:
    """Repeated indices overwrite one another instead of adding up."""
    index = step[4]
    changed = dict(terms)
    for place, slot in enumerate(step[2]):
        if slot is None or slot not in terms or place:
            continue
        whole = numpy.zeros(numpy.shape(step[3][0]))
        try:
            whole[index[0] if len(index) == 1 else tuple(index)] = d
        except (IndexError, ValueError, TypeError):
            return terms
        changed[slot] = whole
    return changed


def _not_transposed(step: Any, d: Any, terms: Terms) -> Terms:
    """The cotangent of a product goes back through the matrix itself instead of its transpose."""
    slots, primals = step[2], step[3]
    changed = dict(terms)
    for place, slot in enumerate(slots):
        other = numpy.asarray(primals[1 - place])
        if slot is None or slot not in terms or other.ndim != 2 or other.shape[0] != other.shape[1]:
            continue
        try:
            turned = d @ other if place == 0 else other @ d
        except ValueError:
            continue
        if numpy.shape(turned) == numpy.shape(terms[slot]):
            changed[slot] = turned
    return changed


RULES: tuple[Rule, ...] = (
    Rule("missing-activation", "the derivative of {where} is left out", _of(*ACTIVATIONS), _as_identity),
    Rule("missing-mask", "the mask (or condition) in {where} is left out", _of(*_CONSTANT), _unmasked),
    Rule("broadcast", "in {where} a broadcast argument takes the first row's cotangent, not the sum of all",
         _of("add", "sub", "mul"), _first_only),
    Rule("broadcast", "in {where} a broadcast argument takes the last row's cotangent, not the sum of all",
         _of("add", "sub", "mul"), _last_only),
    Rule("broadcast", "in {where} a broadcast argument takes the mean of the cotangents, not their sum",
         _of("add", "sub", "mul"), _averaged),
    Rule("accumulated", "in {where} repeated indices overwrite one another instead of adding up",
         _of("getitem"), _overwritten),
    Rule("transposed", "the cotangent goes back through the matrix of {where} untransposed",
         _of("matmul"), _not_transposed),
)  # fmt: skip


# One path with another factor


def _one_path(program: Program, claim: Claimed, deadline: float) -> tuple[Likely, ...]:
    """``true - claimed = c · (what comes through one edge)``: 1 for a path left out, 2 for a sign, else a factor."""
    missing = claim.true - claim.claimed
    allowed = 2.0 * claim.allowed + 2.0**-42 * (numpy.abs(claim.true) + numpy.abs(claim.claimed))
    fits: list[tuple[int, str, str, str]] = []
    for place, slot in program.edges():
        if perf_counter() > deadline:
            break
        part = program.through(slot, program.terms[place][slot])
        found = proportional(missing, part, allowed)
        if found is None or found.error > 1e-4 * abs(found.value):
            continue
        c = found.value
        whole = abs(c - round(c)) <= max(10.0 * found.error, 1e-9) and round(c) in (1, 2)
        if not whole and (found.entries < _LEAST or not numpy.any(part == 0.0)):
            continue
        if whole and found.entries < 2 and not numpy.any(part == 0.0):
            continue
        op = program.step(place)[1]
        name = op if isinstance(op, str) else "a step"
        evidence = (
            f"what comes through it, times {number(c)}, is what is missing in all {len(missing)} entries"
        )
        if whole and round(c) == 2:
            fits.append((1, "sign", f"what comes through an argument of {name} has the wrong sign", evidence))
        elif whole and name in ("add", "sub"):
            fits.append((0, "missing-term", f"a term of {name} is left out of the gradient", evidence))
        elif whole:
            fits.append((0, "stopped-path", f"the path through an argument of {name} is left out", evidence))
        else:
            text = f"what comes through an argument of {name} has the factor {number(1.0 - c)}"
            fits.append((2, "factor", text, evidence))
    if not fits:
        return ()
    _, cause, text, evidence = min(fits, key=lambda fit: fit[0])
    return (Likely(cause, None, text, evidence),)


def _two_paths(program: Program, claim: Claimed, deadline: float) -> tuple[Likely, ...]:
    """Two paths left out together: statistics of a batch taken as constants, say."""
    edges = list(program.edges())
    for pair in combinations(edges, 2):
        if perf_counter() > deadline:
            return ()
        if claim.is_(program.swept(_cut(pair))):
            names = " and ".join(str(program.step(place)[1]) for place, _ in pair)
            text = f"two paths are left out, through {names}"
            return (Likely("stopped-path", None, text, _comes_out(claim)),)
    return ()


def _one_path_in_a_loop(program: Program, claim: Claimed, deadline: float) -> tuple[Likely, ...]:
    """The same path in every turn of a loop left out, or of the wrong sign, or without its activation's derivative."""
    for group in _loops(program):
        for edges, turns in ((group, "every turn"), (group[1:], "all turns but the first"),
                             (group[:-1], "all turns but the last")):  # fmt: skip
            op = str(program.step(edges[0][0])[1])
            for cause, words, mistake in (
                ("stopped-path", f"the path through {op} is left out in {turns} of a loop", _cut(edges)),
                (
                    "missing-activation",
                    f"the derivative of {op} is left out in {turns} of a loop",
                    _plain(edges),
                ),
                ("sign", f"what comes through {op} has the wrong sign in {turns} of a loop", _turned(edges)),
            ):
                if perf_counter() > deadline:
                    return ()
                if claim.is_(program.swept(mistake)):
                    return (Likely(cause, None, words, _comes_out(claim)),)
    return ()


def _loops(program: Program) -> Iterator[tuple[tuple[int, int], ...]]:
    """The edges that correspond to one another in the turns of the longest loop: operations that come again and again."""
    names = [str(program.step(place)[1]) for place in program.steps]
    period, start, stop = _period(names)
    if not period:
        return
    first = program.trace.inputs
    for offset in range(period):
        places = [first + k for k in range(start + offset, stop, period)]
        for argument in range(len(program.step(places[0])[2])):
            edges = []
            for place in places:
                slots = program.step(place)[2]
                slot = slots[argument] if argument < len(slots) else None
                if slot is not None and program.terms.get(place, {}).get(slot) is not None:
                    edges.append((place, slot))
            if len(edges) >= 2:
                yield tuple(edges)


def _period(names: list[str]) -> tuple[int, int, int]:
    """The period of the longest stretch in which names come again, and where it starts and stops; 0 for none.

    >>> _period(["a", "m", "t", "m", "t", "m", "t", "s"])
    (2, 1, 7)
    """
    best = (0, 0, 0)
    for period in range(2, len(names) // 2 + 1):
        run = 0
        for k in range(len(names) - period + 1):
            if k < len(names) - period and names[k] == names[k + period]:
                run += 1
                continue
            if run >= period and run + period > best[2] - best[1]:
                best = (period, k - run, k + period)
            run = 0
    return best


def _plain(edges: tuple[tuple[int, int], ...]) -> Mistake:
    places = frozenset(place for place, _ in edges)

    def mistake(place: int, step: Any, d: Any, terms: Terms) -> Terms:
        return _as_identity(step, d, terms) if place in places else terms

    return mistake


def _turned(edges: tuple[tuple[int, int], ...]) -> Mistake:
    turned = frozenset(edges)

    def mistake(place: int, step: Any, d: Any, terms: Terms) -> Terms:
        return {slot: -term if (place, slot) in turned else term for slot, term in terms.items()}

    return mistake


def _cut(edges: tuple[tuple[int, int], ...]) -> Mistake:
    cut = frozenset(edges)

    def mistake(place: int, step: Any, d: Any, terms: Terms) -> Terms:
        return {slot: None if (place, slot) in cut else term for slot, term in terms.items()}

    return mistake
