"""The rounding of many first derivatives at once: one tape for all, and adjoints of many derivatives side by side.

By itself each derivative is recorded, and pulled back, in a run of its own (:mod:`calcgrad.comparing.rounding`); for a gradient of
a thousand entries that is a thousand tapes. Here reverse mode writes the whole gradient down once, and the adjoints of each slot
are an array with an entry for each derivative. A derivative on whose way a number left the doubles is measured by itself, for
the words that are said of it name that number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from calcgrad.autodiff.recorder import RecordedValue
from calcgrad.autodiff.reverse import active_slots, pullback
from calcgrad.autodiff.tape import Tape, run
from calcgrad.comparing.rounding import (
    EPS,
    SMALLEST,
    TINY,
    ConstantsRecorder,
    Rounding,
    evaluation_condition,
    exact_slots,
    vanished,
)
from calcgrad.errors import LimitError
from calcgrad.functions.expression import Expression
from calcgrad.systems.base import FLOAT64, NoClosedForm

#: From so many derivatives on they are measured together.
MANY = 32
#: So many derivatives have their adjoints side by side: a matrix of this width and of the tape's length.
_WIDTH = 256


def evaluation_conditions(
    function: Expression, flat: Sequence[float], wrts: Sequence[tuple[int, ...]]
) -> list[list[Rounding]] | None:
    """For each of many first derivatives the rounding of each output's; ``None`` where they are to be measured one by one.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> f = Expression(parse("x*y + sin(x)", VOCABULARY).root, ["x", "y"])
    >>> together = evaluation_conditions(f, [1.0, 2.0], [(0,), (1,)])
    >>> alone = [evaluation_condition(f, [1.0, 2.0], wrt) for wrt in ((0,), (1,))]
    >>> [abs(a.condition - b.condition) < 1e-12 for (a,), (b,) in zip(together, alone)]
    [True, True]
    """
    if any(len(wrt) != 1 for wrt in wrts):
        return None
    try:
        numbers = function.in_numbers if function.arrays else function
        recorder = ConstantsRecorder(FLOAT64, numbers.variables, flat)
        values = run(numbers.tape, list(recorder.inputs), recorder)
        columns = [
            pullback(numbers.tape, values, {slot: 1.0}, recorder) if slot >= 0 else [None] * len(flat)
            for slot in numbers.tape.outputs
        ]
        found = [column[i] for (i,) in wrts for column in columns]
        measured = list(_measured(recorder, found))
    except (LimitError, NoClosedForm):
        return None
    outputs = len(columns)
    rows = [measured[k : k + outputs] for k in range(0, len(measured), outputs)]
    return [
        [r for r in row if r is not None] if None not in row else evaluation_condition(function, flat, wrt)
        for row, wrt in zip(rows, wrts, strict=True)
    ]


def _measured(recorder: ConstantsRecorder, derivatives: Sequence[Any]) -> Iterator[Rounding | None]:
    """The rounding of each; ``None`` for one that is to be measured by itself."""
    recorded = [d for d in derivatives if isinstance(d, RecordedValue)]
    tape, values = recorder.finish(recorded)
    sums = _Sums(recorder, tape, values)
    found: list[Rounding | None] = []
    for k in range(0, len(recorded), _WIDTH):
        found += sums.of(tape.outputs[k : k + _WIDTH])
    each = iter(found)
    for d in derivatives:
        yield next(each) if isinstance(d, RecordedValue) else Rounding(1.0, 0.0)


class _Sums:
    """What is known of the slots of one tape, and the sums over them for many outputs at once."""

    def __init__(self, recorder: ConstantsRecorder, tape: Tape, values: Sequence[Any]) -> None:
        self.tape = tape
        self.values = values
        self.inputs = len(recorder.inputs)
        self.exact = exact_slots(tape, values, recorder.inputs)
        self.moving = active_slots(tape, range(self.inputs))
        places = range(len(tape.inputs), len(tape.inputs) + len(tape.steps))
        self.left = [p for p in places if not abs(values[p]) < float("inf")]
        self.left += [p for p in places if abs(values[p]) < SMALLEST and vanished(tape, values, p)]

    def of(self, outputs: Sequence[int]) -> list[Rounding | None]:
        """The rounding of the derivatives that stand in these slots."""
        import numpy as np

        with np.errstate(all="ignore"):
            return self._of(outputs, np)

    def _of(self, outputs: Sequence[int], np: Any) -> list[Rounding | None]:
        width = len(outputs)
        seeds: dict[int, Any] = {}
        for k, slot in enumerate(outputs):
            seeds.setdefault(slot, np.zeros(width))[k] = 1.0
        adjoints = pullback(self.tape, self.values, seeds, FLOAT64)
        total, unit, point, largest = (np.zeros(width) for _ in range(4))
        for place, (value, adjoint) in enumerate(zip(self.values, adjoints, strict=False)):
            if adjoint is None:
                continue
            size = np.abs(adjoint)
            if place < self.inputs:
                point += size * np.spacing(abs(value)) / 2
            largest = np.maximum(largest, np.where(size > 0, abs(value), 0.0))
            if value != 0 and not self.exact[place]:
                if not self.moving[place]:
                    size = np.nan_to_num(size, nan=0.0)  # a fixed exponent below whose base is 0 or negative
                total += size * abs(value)
                unit += size * max(EPS * abs(value), TINY)
        alone = np.zeros(width, bool)
        for place in self.left:
            if adjoints[place] is not None:
                alone |= adjoints[place] != 0
        alone |= ~np.isfinite(total)
        primal = np.array([abs(self.values[slot]) for slot in outputs])
        condition = np.where(primal > 0, total / primal, np.where(total > 0, np.inf, 1.0))
        rows = zip(condition.tolist(), unit.tolist(), point.tolist(), largest.tolist(), strict=True)
        return [
            None if single else Rounding(c, u, p, None, most)
            for (c, u, p, most), single in zip(rows, alone.tolist(), strict=True)
        ]
