"""Judging a method's value against the truth: errors, ulps, and whether the difference is more than rounding.

The truth is a decimal string of 30 digits or more; differences are taken in decimal arithmetic, so that an error far below
one ulp is still seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from functools import partial
from typing import NamedTuple

from calcgrad.comparing.rounding import SMALLEST, TINY, Rounding
from calcgrad.methods import facts
from calcgrad.phrases import figure
from calcgrad.report.derivatives import Result, Truth, Verdict
from calcgrad.report.estimates import Status
from calcgrad.systems.decimals import WIDE

#: How many ulps, times the evaluation condition, an exact method may be off.
ALLOWED_ULPS = 64.0
#: What a row that tells its own bound may be off by, in units of that bound.
ALLOWED_BOUNDS = 10.0
#: A truth of fewer digits than this is exact: SymPy's values have forty, and zeros at the end are left out.
SHORTEST = 30
#: A complex step may leave out so many times its square: a sixth of the third derivative.
STEEPEST = 1e6


class Errors(NamedTuple):
    """How far a value is from the truth: absolute, relative (``None`` for a truth of 0), in ulps of the truth."""

    absolute: float | None = None
    relative: float | None = None
    ulps: float | None = None


def errors(value: float | None, truth: str | None) -> Errors:
    """The errors of a value; all ``None`` where there is no truth, or no finite value.

    >>> errors(0.5, "0.25")
    Errors(absolute=0.25, relative=1.0, ulps=4503599627370496.0)
    """
    if value is None or truth is None or not math.isfinite(value):
        return Errors()
    with localcontext(WIDE):
        exact = Decimal(truth)
        absolute = abs(Decimal(value) - exact)
        digits = len(exact.as_tuple().digits)
        if digits >= SHORTEST and absolute <= abs(exact).scaleb(2 - digits):
            absolute = Decimal(0)  # the truth itself is not known better
        relative = float(absolute / abs(exact)) if exact else None
        nearest = float(exact)
        ulp = math.ulp(nearest) if math.isfinite(nearest) else math.inf
        return Errors(float(absolute), relative, float(absolute / Decimal(ulp)) if ulp < math.inf else None)


def right(value: float, truth: str, rounding: Rounding | None) -> bool:
    """Whether a value is the truth up to rounding: 64 ulps times the evaluation condition.

    Without a known condition the derivative is taken to be well-conditioned, up to a thousandfold; one that is 0, to be made
    of terms of size 1.
    """
    absolute = errors(value, truth).absolute
    if absolute is None:
        return _overflowed(value, truth)
    size = abs(float(Decimal(truth)))
    ulp = math.ulp(size) if math.isfinite(size) else math.inf
    return absolute <= ALLOWED_ULPS * max(_unit(rounding, 1000 * ulp if size else math.ulp(1.0)), ulp)


def _unit(rounding: Rounding | None, otherwise: float) -> float:
    """The measure of rounding; one that is not finite (its own adjoints left the doubles) measures nothing."""
    return rounding.unit if rounding and math.isfinite(rounding.unit) else otherwise


def _resolution(row: Result) -> float:
    """The smallest derivative that a quotient of values by this row's step can tell from 0: values end at 5e-324."""
    step = math.prod([abs(row.step or 0.0)] * len(row.wrt))  # inf where a power would raise
    return TINY / step if step else 0.0


def _truncated(row: Result) -> bool:
    """Whether an error is no more than a complex step's own truncation, f'''h^2/6: seen only where the truth is 0 or nearly."""
    if not facts(row.method).truncates:
        return False
    return (
        row.step is not None and row.abs_error is not None and row.abs_error <= STEEPEST * row.step * row.step
    )


def _overflowed(value: float, truth: str) -> bool:
    """An infinite value is right only where the truth itself is beyond the doubles, on the same side."""
    exact = float(Decimal(truth))
    return math.isinf(value) and exact == value


def right_digits(error: Errors) -> float:
    """How many decimal digits of the value are right: -log10 of the relative error, at most 17.

    >>> right_digits(Errors(1e-8, 1e-8, 1.0))
    8.0
    """
    if not error.absolute:
        return 17.0
    return 0.0 if error.relative is None else min(17.0, max(0.0, -math.log10(error.relative)))


def judge(
    results: Sequence[Result],
    truth: Sequence[Truth],
    targets: Sequence[str | None],
    rounding: Callable[[int], Rounding | None],
    in_reverse: Callable[[int], Rounding | None] = lambda _: None,
) -> tuple[tuple[Result, ...], tuple[Truth, ...]]:
    """The results with their errors, and the truth rows with their verdicts.

    ``truth`` has a row for each derivative and output, ``targets`` the truth of what the methods get, ``results`` as many for each
    method, in the same order; ``rounding`` gives what rounding may do to a row, ``in_reverse`` what it may do to reverse mode's
    number, and both are asked only where it matters. Where a row has no target the methods are held against each other.
    """
    width = len(truth)
    out = [
        _held(row, truth[k % width], targets[k % width], partial(rounding, k % width))
        for k, row in enumerate(results)
    ]
    verdicts: list[Truth] = []
    for k, row in enumerate(truth):
        if row.verdict != "agree":
            verdicts.append(row)
            continue
        rows = [r for r in out[k::width] if r.value is not None]
        goal = targets[k]
        if goal is None:
            alone = _against_each_other(rows, partial(rounding, k), partial(in_reverse, k))
            verdicts.append(row if alone == row.verdict else replace(row, verdict=alone))
            continue
        within = 0.0 if row.digits else float(row.radius or 0.0)
        held = Goal(goal, row.value or goal, within)
        verdict, why = _against_truth(rows, held, partial(rounding, k), partial(in_reverse, k))
        if verdict == "overflow" and row.note:
            why = f"{left_the_doubles(row)}; {row.note}"
        verdicts.append(replace(row, verdict=verdict, note=why or row.note))
    return tuple(out), tuple(verdicts)


def left_the_doubles(row: Truth) -> str:
    """What it is that leaves the range of doubles, in words: the derivative, or a number on the way to it."""
    if row.value is None:
        return "a number on the way to the derivative leaves the range of doubles"
    exact = Decimal(row.value)
    if math.isinf(float(exact)):
        return f"the derivative is {figure(exact)}, beyond the largest double, 1.8e308"
    return f"the derivative is {figure(exact)}, but on the way to it a number leaves the range of doubles"


def _held(row: Result, truth: Truth, goal: str | None, rounding: Callable[[], Rounding | None]) -> Result:
    """A row with what the row of truth says of it; itself where that says nothing."""
    if truth.verdict == "agree" and truth.value is None and goal is None and truth.tie is None:
        return row
    return _unseen(_in_vain(_by_convention(_with_errors(row, truth, goal), truth, goal, rounding), truth))


class Goal(NamedTuple):
    """What a row is held against: the truth of what the methods get, and the truth as written; ``within`` is the bound of a truth
    that is not told from 0.
    """

    given: str
    written: str
    within: float = 0.0

    @property
    def lost(self) -> bool:
        """Whether rounding to doubles alone leaves no digit, so that those of the truth at the doubles mean nothing."""
        if self.given == self.written:
            return False
        with localcontext(WIDE):
            given, written = Decimal(self.given), Decimal(self.written)
            return abs(given - written) > max(abs(given), abs(written)) / 10


def _with_errors(row: Result, truth: Truth, goal: str | None) -> Result:
    """A row with its errors: of the formula against the truth as written, of all others against that of what they get."""
    if truth.verdict not in ("agree", "overflow", "disagree"):
        return row
    if facts(row.method).formula:
        if truth.method != "certified":
            return row  # the truth is its own value
        goal = truth.value
    if goal is None:
        return row
    error = errors(row.value, goal)
    return replace(row, abs_error=error.absolute, rel_error=error.relative, ulps=error.ulps)


def _by_convention(
    row: Result, truth: Truth, goal: str | None, ask_rounding: Callable[[], Rounding | None]
) -> Result:
    """A row that says so where its number is a convention at a place that is not smooth, or no number at all."""
    known = facts(row.method)
    if truth.tie is None or not known.by_chain_rule or row.value is None or row.status != "ok":
        return row
    grows = truth.verdict in ("infinite", "boundary")
    if math.isnan(row.value) or (math.isinf(row.value) and not grows):
        note = f"the chain rule gives no number through {truth.tie.place} here"
        return replace(row, status="undefined", note=note)
    if math.isinf(row.value) or _found(row.value, truth, goal, ask_rounding):
        return row
    status: Status = "jump" if truth.verdict == "jump" and truth.sides == "value" else "kink"
    which = "the derivative" if truth.value is not None else "a derivative"
    note = f"a convention, not {which}: {truth.tie.convention}"
    return replace(row, status=status, note=known.undefined or note)


def _in_vain(row: Result, truth: Truth) -> Result:
    """A row that claims a bound around a finite slope, where every slope is infinite: the bound is taken back, and it says so.

    A slope that grows like a logarithm (x^x at 0) looks finite over the steps that doubles have.
    """
    slopes = [side for side in (truth.left, truth.right) if side is not None]
    if (
        truth.verdict not in ("boundary", "infinite")
        or truth.sides != "slope"
        or not facts(row.method).bounded
        or row.value is None
        or not math.isfinite(row.value)
        or not slopes
        or any(map(math.isfinite, slopes))
    ):
        return row
    note = "not the slope here, which is infinite, and grows too slowly for differences to see it"
    return replace(row, error_bound=None, note=note)


def _unseen(row: Result) -> Result:
    """A complex step that gives nothing of a derivative too small for it: its product with the step is no double."""
    if not facts(row.method).truncates or row.status != "ok" or not _no_digit(row):
        return row
    if row.abs_error is None:
        return row
    if row.abs_error > ALLOWED_ULPS * _resolution(row):
        note = "so small a derivative is lost beside what the step itself leaves out"
        return replace(row, status="noisy", note=note) if _truncated(row) else row
    note = "so small a derivative is lost: its product with the step is below the smallest doubles"
    return replace(row, status="noisy", note=note)


def _found(value: float, truth: Truth, goal: str | None, ask_rounding: Callable[[], Rounding | None]) -> bool:
    """Whether a number is the derivative, or the one-sided one where the function ends."""
    if goal is not None or truth.value is not None:
        return right(value, goal or truth.value or "", ask_rounding())
    sides = (truth.left, truth.right) if truth.verdict == "boundary" else ()
    return any(s is not None and math.isclose(s, value, rel_tol=1e-9) for s in sides)


def _conventions_differ(rows: Sequence[Result], rounding: Rounding | None) -> bool:
    """Whether the methods that share the table's conventions (forward and reverse mode) do not report the same one."""
    both = [r for r in rows if facts(r.method).by_table and r.status in ("ok", "kink")]
    values = [r.value for r in both if r.value is not None]
    if all(r.status == "ok" for r in both) or len(values) < 2:
        return False
    spread = max(values) - min(values)
    return spread > ALLOWED_ULPS * max(_unit(rounding, 0.0), math.ulp(values[0]))


def _against_truth(
    rows: Sequence[Result],
    goal: Goal,
    ask_rounding: Callable[[], Rounding | None],
    ask_in_reverse: Callable[[], Rounding | None],
) -> tuple[Verdict, str | None]:
    """The verdict on the rows of one derivative, and why, where that is a row without one right digit."""
    rounding = ask_rounding()
    verdict: Verdict = "overflow" if abs(float(Decimal(goal.given))) == math.inf else "agree"
    if _conventions_differ(rows, rounding):
        return "disagree", None
    if any(_beyond(row, rounding) for row in rows):
        return "overflow", None
    for row in rows:
        value = row.value
        if value is None or facts(row.method).formula:
            continue  # held against Arb's proof with all its digits, in certifying.py
        least = max(goal.within, ALLOWED_ULPS * _resolution(row))
        close = (row.abs_error is not None and row.abs_error <= least) or _truncated(row)
        as_written = goal.lost and right(value, goal.written, rounding)
        close = close or as_written or (rounding is None and _within_the_doubles(row, goal))
        if facts(row.method).exact and row.status == "ok" and not close:
            if not right(value, goal.given, rounding) and not _by_its_own_sums(row, goal, ask_in_reverse):
                if not _left_range(value, rounding):
                    told = _no_digit(row) and _lost_to(goal, rounding) is not None
                    return "disagree", _why_no_digit(row, goal, rounding) if told else None
                verdict = "overflow"
            elif _no_digit(row) and not goal.lost:
                return "disagree", _why_no_digit(row, goal, rounding)
        bounded = row.error_bound is not None and row.status in ("ok", "noisy")
        spread = ALLOWED_ULPS * (_unit(rounding, 0.0) + _resolution(row)) + goal.within
        off = row.abs_error is not None and row.abs_error > ALLOWED_BOUNDS * (row.error_bound or 0.0) + spread
        if bounded and off and not as_written:
            told = _no_digit(row) and _lost_to(goal, rounding) is not None
            return "disagree", _why_no_digit(row, goal, rounding) if told else None
    return verdict, None


def _by_its_own_sums(row: Result, goal: Goal, ask_in_reverse: Callable[[], Rounding | None]) -> bool:
    """Whether reverse mode's number is right by the rounding of its own sums."""
    if not facts(row.method).adds_adjoints or row.value is None or not math.isfinite(row.value):
        return False
    own = ask_in_reverse()
    return own is not None and right(row.value, goal.given, own)


def _within_the_doubles(row: Result, goal: Goal) -> bool:
    """Whether a row is off by no more than the rounding of what was written to doubles moves the derivative: a measure of what
    rounding does to it, where the table has no partial to measure it by.
    """
    with localcontext(WIDE):
        return row.abs_error is not None and Decimal(row.abs_error) <= abs(
            Decimal(goal.given) - Decimal(goal.written)
        )


def _beyond(row: Result, rounding: Rounding | None) -> bool:
    """Whether a row by the chain rule has no number because one on the way is beyond the doubles."""
    by_table = facts(row.method).by_table and row.status == "ok"
    return by_table and row.value is not None and _left_range(row.value, rounding)


def _left_range(value: float, rounding: Rounding | None) -> bool:
    """Whether a value is beyond the doubles for a number on the way that is, or the measure of its rounding is so too."""
    if math.isfinite(value) or rounding is None:
        return False
    return rounding.left == "overflow" or not math.isfinite(rounding.unit)


def _no_digit(row: Result) -> bool:
    """Whether not one digit of a row is right, although the doubles could hold one."""
    if row.abs_error is None or row.rel_error is None or row.abs_error <= TINY:
        return False
    return right_digits(Errors(row.abs_error, row.rel_error, row.ulps)) < 1


#: What takes every digit of a derivative away, in words.
_LOST = {
    "underflow": "a number on the way is too small for the doubles (underflow)",
    "overflow": "a number on the way is too large for the doubles (overflow)",
    None: "its terms cancel (cancellation)",
}


def _lost_to(goal: Goal, rounding: Rounding | None) -> str | None:
    """Whether a number on the way left the doubles, or what is left of large terms is too small to be held beside them."""
    if rounding is None:
        return None
    with localcontext(WIDE):
        small = abs(Decimal(goal.given)) < Decimal(rounding.largest) * Decimal(SMALLEST)
    return rounding.left or ("underflow" if small else None)


def _why_no_digit(row: Result, goal: Goal, rounding: Rounding | None) -> str:
    lost, true = _lost_to(goal, rounding), float(Decimal(goal.given))
    why = _LOST[lost]
    if lost is None and rounding is not None and not rounding.cancels:
        why = f"one last bit of the numbers on the way moves it by {figure(rounding.unit, 2)}"
    shown = repr(true) if true and math.isfinite(true) else figure(Decimal(goal.given))
    return f"no digit of {row.method}'s {row.value!r} is right, the truth is {shown}: {why}"


def _against_each_other(
    rows: Sequence[Result],
    ask_rounding: Callable[[], Rounding | None],
    ask_in_reverse: Callable[[], Rounding | None],
) -> Verdict:
    """Agreement of the exact methods among themselves, and with a bound where there is one; of one alone, none at all."""
    if any(r.status in ("kink", "jump") for r in rows):
        return "inconclusive"
    exact = [r.value for r in rows if facts(r.method).exact and r.value is not None]
    if not all(math.isfinite(v) for v in exact):
        return "inconclusive"
    bounded = [r for r in rows if r.error_bound is not None and r.status == "ok" and r.value is not None]
    if len(exact) + len(bounded) < 2 or not exact:
        return "unjudged"
    centre, spread = exact[0], max(exact) - min(exact)
    allowed = 4 * max(math.ulp(centre), TINY)
    if spread > allowed:
        rounding = ask_rounding()
        allowed = ALLOWED_ULPS * (_unit(rounding, 1000 * allowed))
        if spread > allowed and any(facts(row.method).adds_adjoints for row in rows):
            allowed = max(allowed, ALLOWED_ULPS * _unit(ask_in_reverse(), 0.0))
    if spread > allowed:
        return "inconclusive"
    for row in bounded:
        if (
            row.value is not None
            and abs(row.value - centre) > ALLOWED_BOUNDS * (row.error_bound or 0.0) + allowed
        ):
            return "inconclusive"
    return "agree"
