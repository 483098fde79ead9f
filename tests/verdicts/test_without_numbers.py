"""Where a function cannot be written in numbers alone, the doubles tell what has no value, and nothing more."""

from __future__ import annotations

from typing import cast

import pytest

from calcgrad.autodiff.tape import Tape, run
from calcgrad.errors import LimitError
from calcgrad.functions.exact import ExactFunction
from calcgrad.systems.base import NoClosedForm
from calcgrad.verdicts import Finding
from calcgrad.verdicts.analysing import analyse

from .test_special_points import reading


class Unwritten:
    """An exact function that has no tape in numbers."""

    def __init__(self, why: Exception) -> None:
        self.why = why

    @property
    def tape(self) -> Tape:
        raise self.why


def found(expr: str, at: dict[str, float], why: Exception) -> list[list[Finding | None]]:
    read = reading(expr, ", ".join(f"{name}={value!r}" for name, value in at.items()))
    flat = list(at.values())
    values = run(read.function.tape, flat, read.function.system)
    return analyse(read.function, cast("ExactFunction", Unwritten(why)), flat, read.wrts, values)


@pytest.mark.parametrize("why", [NoClosedForm("eigh", 0), LimitError.of("E154", "too long")])
def test_only_what_is_not_finite_is_told(why: Exception) -> None:
    ((finding,),) = found("log(x)", {"x": -1.0}, why)
    assert finding is not None
    assert finding.verdict == "undefined"
    assert finding.note.startswith("ln(x) is not defined here")
    ((finding,),) = found("exp(x)", {"x": 1000.0}, why)
    assert finding is not None
    assert finding.verdict == "overflow"
    assert found("log(x)", {"x": 2.0}, why) == [[None]]
    assert found("abs(x)", {"x": 0.0}, why) == [[None]]


def test_each_derivative_and_each_output_has_its_own() -> None:
    rows = found("[log(x), x*y, sqrt(y)]", {"x": -1.0, "y": 4.0}, NoClosedForm("eigh", 0))
    assert [[f and f.verdict for f in row] for row in rows] == [["undefined", None, None]] * 2
    assert rows[0] is not rows[1]
