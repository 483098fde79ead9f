"""The Hessian of a function of one output: forward over reverse, forward alone, differences of differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement
from time import perf_counter
from typing import Any

from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import run
from calcgrad.errors import CalcgradError
from calcgrad.functions.expression import Expression
from calcgrad.methods import facts, method
from calcgrad.methods.protocol import Problem
from calcgrad.modes import timing
from calcgrad.modes.measuring import BEARABLE, Measured, timed
from calcgrad.modes.reference import count_inputs, count_outputs, in_numbers, largest_error
from calcgrad.phrases import counted
from calcgrad.report.estimates import Estimate
from calcgrad.report.modes import ModeRow, Story
from calcgrad.systems.base import NoClosedForm, system

#: The modes by the method that computes them, and how a Hessian of n inputs is put together.
_MODES = (
    ("forward-over-reverse", "reverse-ad", "a backward pass over first-order series for each input"),
    ("forward-ad", "forward-ad", "a forward pass over second-order series for each pair of inputs"),
    ("central-difference", "central-difference", "passes are evaluations of the function"),
)
#: A Hessian of more inputs is not shown, and a truth of more is not computed.
MOST_INPUTS, MOST_TRUE = 400, 40
_SAMPLED = 6


def hessian_story(
    function: Expression, flat: Sequence[float], name: str, budget: float = 0.3
) -> Story | None:
    """What the Hessian costs by each mode; ``None`` where the function has no Hessian, or one too large."""
    n = count_inputs(function)
    if count_outputs(function) != 1 or not 1 <= n <= MOST_INPUTS:
        return None
    pairs = list(combinations_with_replacement(range(n), 2))
    truth = _truth(function, flat, pairs)
    found = [_measured(mode, function, list(flat), pairs, truth) for mode in _MODES]
    rows = timed(found, budget)
    return Story(f"Hessian of {name}", tuple(rows), words=_words(rows, n))


def _measured(
    mode: tuple[str, str, str],
    function: Expression,
    flat: list[float],
    pairs: Sequence[tuple[int, ...]],
    truth: Sequence[float] | None,
) -> Measured:
    shown, by, note = mode
    try:
        return _run(shown, by, note, function, flat, pairs, truth)
    except (CalcgradError, NoClosedForm) as error:
        said = error.diagnostic.message if isinstance(error, CalcgradError) else str(error)
        return Measured(ModeRow(shown, len(flat), 1, note=f"left out: {said}"))


def _run(
    shown: str,
    by: str,
    note: str,
    function: Expression,
    flat: list[float],
    pairs: Sequence[tuple[int, ...]],
    truth: Sequence[float] | None,
) -> Measured:
    derivatives = method(by).derivatives
    counts = facts(by).sweeps is None
    # A unit of work is what shares a pass: all pairs of one first input for reverse mode, a pair for the others.
    units = (
        [[p for p in pairs if p[0] == i] for i in range(len(flat))]
        if by == "reverse-ad"
        else [[p] for p in pairs]
    )
    start = perf_counter()
    outcome = derivatives(Problem(function, flat, units[0]))
    first = perf_counter() - start
    if not isinstance(outcome, Estimate):
        return Measured(
            ModeRow(shown, len(flat), 1, note=f"left out: {getattr(outcome, 'reason', 'it failed')}")
        )
    if len(units) > _SAMPLED and first * len(units) > 2 * BEARABLE:
        return Measured(_extrapolated(shown, note, function, flat, units, derivatives, counts))
    problem = Problem(function, flat, pairs)
    whole = derivatives(problem)
    if not isinstance(whole, Estimate):
        return Measured(
            ModeRow(shown, len(flat), 1, note=f"left out: {getattr(whole, 'reason', 'it failed')}")
        )
    row = ModeRow(
        shown,
        len(flat),
        1,
        passes=whole.evaluations if counts else whole.passes,
        bytes=timing.peak(lambda: derivatives(problem)),
        max_rel_error=largest_error([v for entry in whole.value for v in entry], truth),
        note=note,
    )
    return Measured(row, lambda: derivatives(problem))


def _extrapolated(
    shown: str,
    note: str,
    function: Expression,
    flat: list[float],
    units: Sequence[Sequence[tuple[int, ...]]],
    derivatives: Callable[[Problem], Any],
    counts: bool,
) -> ModeRow:
    """Reckoned from some units of work, spread evenly over all."""
    chosen = [units[k * len(units) // _SAMPLED] for k in range(_SAMPLED)]
    times, passes = [], 0
    for unit in chosen:
        start = perf_counter()
        outcome = derivatives(Problem(function, flat, unit))
        times.append(perf_counter() - start)
        passes += outcome.evaluations if counts else outcome.passes
    found = timing.reckoned(times, len(units))
    return ModeRow(
        shown,
        len(flat),
        1,
        passes=round(passes / len(chosen) * len(units)),
        seconds=found.seconds,
        extrapolated=True,
        seconds_interval=found.interval,
        note=f"{note}; extrapolated from {len(chosen)} of {len(units):,} parts",
    )


def _truth(
    function: Expression, flat: Sequence[float], pairs: Sequence[tuple[int, ...]]
) -> list[float] | None:
    """The second derivatives in 30 digits: central differences of exact gradients in 60, whose error is below 1e-30."""
    import mpmath

    written = in_numbers(function) if len(flat) <= MOST_TRUE else None
    if written is None:
        return None
    numbers, tape = system("mpmath"), written.tape
    step = mpmath.mpf(10) ** -20

    def gradient(moved: int, by: Any) -> list[Any]:
        point = [mpmath.mpf(x) + (by if i == moved else 0) for i, x in enumerate(flat)]
        values = run(tape, point, numbers)
        return [a or mpmath.mpf(0) for a in pullback(tape, values, {tape.outputs[0]: mpmath.mpf(1)}, numbers)]

    try:
        with mpmath.workdps(70):
            columns = []
            for i in range(len(flat)):
                above, below = gradient(i, step), gradient(i, -step)
                columns.append([(a - b) / (2 * step) for a, b in zip(above, below, strict=True)])
            return [float(columns[i][j]) if abs(columns[i][j]) > 1e-35 else 0.0 for i, j in pairs]
    except (CalcgradError, NoClosedForm, KeyError, ArithmeticError, ValueError):
        return None


def _words(rows: Sequence[ModeRow], n: int) -> tuple[str, ...]:
    by_mode = {row.mode: row for row in rows}
    over, forward = by_mode["forward-over-reverse"], by_mode["forward-ad"]
    if over.passes is None or forward.passes is None:
        return ()
    entries = n * (n + 1) // 2
    return (
        f"{counted(entries, 'different entry')}: forward over reverse takes {over.passes:,} "
        f"pass{'' if over.passes == 1 else 'es'}, forward mode alone {forward.passes:,}",
    )
