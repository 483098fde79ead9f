"""The computation graph of a function of numbers, slot by slot: what each mode fills in."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.reverse import pullback
from calcgrad.autodiff.tape import run
from calcgrad.functions.expression import Expression
from calcgrad.report.modes import TraceRow
from calcgrad.systems.base import FLOAT64
from calcgrad.verdicts.spelling import spell


def trace(function: Expression, flat: Sequence[float]) -> tuple[TraceRow, ...]:
    """Forward the values and tangents, backward the adjoints; a row a slot."""
    tape = function.tape
    values = run(tape, flat, FLOAT64)
    tangents = [pushforward(tape, values, function.seed(i), FLOAT64) for i in range(len(flat))]
    adjoints = pullback(tape, values, {tape.outputs[0]: 1.0}, FLOAT64)
    return tuple(
        TraceRow(
            f"v{place + 1}",
            spell(function, place),
            values[place],
            tuple([column[place] or 0.0 for column in tangents]),
            adjoint or 0.0,
        )
        for place, adjoint in enumerate(adjoints)
    )
