"""Conventions: where automatic differentiation works exactly at a place that is not smooth, its number is chosen, not found."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.autodiff.tape import Slot, Tape, run
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.report.derivatives import Tie
from calcgrad.systems.base import FLOAT64
from calcgrad.verdicts.notes import Spot
from calcgrad.verdicts.watching import asked, watches


def tie(spot: Spot, flat: Sequence[float]) -> Tie | None:
    """The last operation that stands exactly at its singular place in doubles too, and what AD does there."""
    values = run(spot.tape, list(flat), FLOAT64)
    for slot in reversed(spot.culprits):
        if _exactly(spot.tape, slot, values):
            return Tie(spot.text(slot), _convention(spot.step(slot).op))
    return None


def _exactly(tape: Tape, slot: Slot, values: Sequence[float]) -> bool:
    step = tape.steps[slot - len(tape.inputs)]
    args = [values[i] for i in step.args]
    zeros = [values[i] for i in asked(tape, slot)]
    row = OPERATIONS[step.op]
    if isinstance(row, Elementwise) and row.varying_domain:
        zeros.append(args[0])
    return 0 in zeros or any(watch(args) == 0 for watch in watches(step.op))


def _convention(op: str) -> str:
    row = OPERATIONS[op]
    own = (row.tie or row.convention) if isinstance(row, Elementwise) else ""
    return own or "one of the slopes around the point is taken, or their mean"
