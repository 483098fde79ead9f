"""The report of ``diff``: the formulas, and at each point the truth, each method's result and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from calcgrad.errors import Diagnostic
from calcgrad.report.estimates import Status
from calcgrad.report.shown import Shown

if TYPE_CHECKING:
    from calcgrad.explaining.records import StepsReport


Verdict: TypeAlias = Literal[
    "agree",
    "removable",
    "boundary",
    "disagree",
    "kink",
    "jump",
    "infinite",
    "undefined",
    "overflow",
    "inconclusive",
    "unjudged",
]


#: A value or an array of values as nested lists: what JSON can hold.
Value: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Derivative:
    """A formula of the derivative, one for each tuple of variables (and output)."""

    wrt: tuple[str, ...]
    formula: str | None
    latex: str | None = None
    note: str | None = None
    output: tuple[int, ...] | None = None
    index: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A place at which AD's number is a convention: the sub-expression, and what is done there."""

    place: str
    convention: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What the derivative truly is at a point; where it does not exist, what is there instead.

    ``value`` and ``radius`` are decimal strings: the truth lies within ``radius`` of ``value``, of which ``digits`` digits are
    proved. ``method`` says whose they are: ``certified`` (Arb's balls) or ``symbolic`` (SymPy's formula); ``certified``
    says whether both agree, and ``other`` is the other side's value where they do not. ``point_error`` is how far the
    derivative moves, to first order, when every coordinate moves by half an ulp. ``left``, ``right`` and ``limit`` are
    floats, ``None`` where there is nothing (the function is not defined on that side); ``sides`` says what the two are: a
    ``slope``, a ``value``, a ``second derivative``. ``tie`` says, where AD works exactly at a place that is not smooth, by
    which convention. ``value`` is that of the function and the point as written; ``at_double`` is the truth at the nearest
    doubles, which the methods get, where the two round to different doubles.
    """

    wrt: tuple[str, ...]
    exact: str | None = None
    value: str | None = None
    certified: bool = False
    radius: str | None = None
    verdict: Verdict = "agree"
    status: Literal["ok", "timeout", "none"] = "ok"
    note: str | None = None
    left: float | None = None
    right: float | None = None
    limit: float | None = None
    sides: str | None = None
    tie: Tie | None = None
    output: tuple[int, ...] | None = None
    index: tuple[int, ...] | None = None
    method: Literal["certified", "symbolic"] | None = None
    digits: int | None = None
    other: str | None = None
    point_error: float | None = None
    at_double: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One method's value of one derivative at one point, and how far it is from the truth."""

    method: str
    wrt: tuple[str, ...]
    value: float | None
    abs_error: float | None = None
    rel_error: float | None = None
    ulps: float | None = None
    error_bound: float | None = None
    step: float | None = None
    evaluations: int | None = None
    passes: int | None = None
    seconds: float | None = None
    status: Status = "ok"
    note: str | None = None
    left: float | None = None
    right: float | None = None
    output: tuple[int, ...] | None = None
    index: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class PointReport:
    """Everything about one point. ``explanation`` says in words what happened, a sentence a line.

    ``value`` is what the methods get; ``value_written`` has the digits of the function's value as it was written, where the double
    is not the nearest to it, and ``held`` says whether doubles hold all that was written, so that they are other for rounding
    on the way.
    """

    at: dict[str, Value]
    value: Value
    verdict: Verdict
    conditioning: float | None = None
    truth: tuple[Truth, ...] = ()
    results: tuple[Result, ...] = ()
    at_exact: dict[str, str] | None = None
    explanation: tuple[str, ...] = ()
    value_written: str | None = None
    held: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Report(Shown):
    """What ``calcgrad diff`` computes: the function as it was read, its derivatives, and each point.

    In a notebook a report shows itself (see :class:`~calcgrad.report.shown.Shown`).
    """

    input: str
    parsed: str
    variables: tuple[str, ...]
    order: int = 1
    warnings: tuple[Diagnostic, ...] = ()
    derivatives: tuple[Derivative, ...] = ()
    points: tuple[PointReport, ...] = ()
    command: str = "diff"
    id: Any = None
    derivation: StepsReport | None = None
    latex: str | None = None

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of the points, ``agree`` when there are none."""
        return gravest([p.verdict for p in self.points])


_GRAVITY: tuple[Verdict, ...] = (
    "undefined",
    "overflow",
    "disagree",
    "jump",
    "infinite",
    "kink",
    "inconclusive",
    "boundary",
    "removable",
    "unjudged",
    "agree",
)


def gravest(verdicts: list[Verdict]) -> Verdict:
    """The gravest of several verdicts, in the order of the exit codes.

    >>> gravest(["agree", "kink", "inconclusive"])
    'kink'
    """
    return min(verdicts, key=_GRAVITY.index, default="agree")
