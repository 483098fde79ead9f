"""Conventions: where automatic differentiation works exactly at a place that is not smooth, its number is chosen, not found."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.autodiff.tape import Slot, Tape, run
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.report import Tie
from calcgrad.systems.base import FLOAT64
from calcgrad.verdicts.notes import Spot
from calcgrad.verdicts.watching import ANSWERING, CHANGING, asked, watches

_STEP = "a step counts as flat also where it jumps"
_SIDE = "the slope is that of the side to which the value belongs"
#: What the table's own ``convention`` does not say of the derivative.
_WORDS = {
    **dict.fromkeys(("floor", "ceil", "round", "floordiv", "sign", "heaviside"), _STEP),
    **dict.fromkeys(("frac", "mod", "atan2", "acot", "acotd", "elu"), _SIDE),
    **dict.fromkeys(
        (*ANSWERING, "where"),
        "only the branch that is taken at the point itself is differentiated",
    ),
}


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
    if step.op in CHANGING:
        zeros.append(args[0])
    return 0 in zeros or any(watch(args) == 0 for watch in watches(step.op))


def _convention(op: str) -> str:
    row = OPERATIONS[op]
    own = row.convention if isinstance(row, Elementwise) else ""
    return _WORDS.get(op) or own or "one of the slopes around the point is taken, or their mean"
