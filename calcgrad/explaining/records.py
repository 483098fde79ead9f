"""The reports of this room: plain frozen data, which renderers only write down. Formulas are trees, numbers proved digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from calcgrad.deriving.lines import Line
from calcgrad.errors import Diagnostic
from calcgrad.expression.nodes import Node
from calcgrad.report.derivatives import PointReport
from calcgrad.report.shown import Shown

#: Whether a line holds: at every point that was tried, not at one of them, or no point could decide.
Check = Literal["right", "wrong", "open"]


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line of a derivation, whether it holds, at how many points, and its value at each point of the report.

    A value is a decimal all of whose digits are proved, or ``None`` where there is none. ``parts`` has the values of each part
    of the line that has a letter.
    """

    line: Line
    check: Check
    points: int = 0
    values: tuple[str | None, ...] = ()
    parts: tuple[tuple[str | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derivative told: of ``function``, called ``name``, by ``variable``; ``formula`` is what the last line has.

    ``wrt`` are all the variables so far, one for each differentiation, and ``output`` and ``index`` say which entry of a list
    and of an array variable it is. ``reason`` says why there is no formula. ``check`` is that of the whole, against the truth, at
    so many ``points``; ``proof`` says what a proof as a formula came to, where one was asked for. ``holds`` says in words where
    the formula holds, where it has values also at places without a derivative: sign(x), of abs(x), is 0 at 0.
    """

    wrt: tuple[str, ...]
    name: str
    variable: str
    function: Node
    formula: Node | None
    lines: tuple[CheckedLine, ...] = ()
    check: Check = "open"
    points: int = 0
    proof: str | None = None
    reason: str | None = None
    holds: str | None = None
    output: tuple[int, ...] | None = None
    index: tuple[Any, ...] | None = None

    @property
    def failed(self) -> tuple[CheckedLine, ...]:
        """The lines that do not hold."""
        return tuple([line for line in self.lines if line.check == "wrong"])


@dataclass(frozen=True, slots=True, repr=False)
class StepsReport(Shown):
    """What ``calcgrad steps`` computes: a derivation for each derivative, and what is true at each point."""

    input: str
    function: Node
    variables: tuple[str, ...]
    order: int = 1
    detail: Literal["brief", "full"] = "full"
    warnings: tuple[Diagnostic, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    points: tuple[PointReport, ...] = ()
    command: str = "steps"

    @property
    def check(self) -> Check:
        """``right`` where every line of every derivation is."""
        checks = {line.check for d in self.derivations for line in d.lines} | {
            d.check for d in self.derivations
        }
        return "wrong" if "wrong" in checks else "open" if "open" in checks else "right"
