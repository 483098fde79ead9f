"""The results: what commands compute and what renderers read. Plain frozen data; nothing here knows a screen.

Numbers are Python floats; a high-precision number is its decimal string. The shape of a report is the shape of the
JSON contract, row by row, so that a renderer only writes it down.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from calcgrad.errors import Diagnostic

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
Status: TypeAlias = Literal[
    "ok", "noisy", "kink", "jump", "boundary", "undefined", "budget", "skipped", "failed"
]
#: A value or an array of values as nested lists: what JSON can hold.
Value: TypeAlias = Any


#: Who draws a report that is printed or shown in a notebook. It stands above this file, and is found by its name when first asked.
SHOWING = "calcgrad.render.showing"


class Shown:
    """What shows itself: ``str()`` is what the command prints, ``repr()`` a line with the verdict, and a notebook gets HTML,
    LaTeX and Markdown. A kind of report is drawn by its file in ``calcgrad/render/views``.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return str(import_module(SHOWING).text(self))

    def __repr__(self) -> str:
        return str(import_module(SHOWING).line(self))

    def _repr_html_(self) -> str:
        return str(import_module(SHOWING).html(self))

    def _repr_latex_(self) -> str:
        return str(import_module(SHOWING).latex(self))

    def _repr_markdown_(self) -> str:
        return str(import_module(SHOWING).markdown(self))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle: dict[str, str] = import_module(SHOWING).bundle(self)
        return bundle


@dataclass(frozen=True, slots=True, repr=False)
class Estimate(Shown):
    """What a method, or a numerical derivative, returns: a value and all that is known of it.

    ``value`` is a float, a complex number or an array, the shape that was asked for. ``error_bound`` is absolute, of
    ``value``'s shape, or ``None`` when the method has none. ``noise`` is the level of noise seen in the function's
    values, absolute. ``step`` is the step used. ``evaluations`` counts calls of the function, a point each;
    ``passes`` counts sweeps. ``left`` and ``right`` are one-sided derivatives (one-sided values at a jump) where
    ``status`` says that there are two. All but ``ok`` carry a ``note``. Where ``value`` is a table of several derivatives,
    ``status`` and ``note`` may be tables of the same shape.
    """

    value: Any
    error_bound: Any = None
    noise: float | None = None
    step: Any = None
    evaluations: int = 0
    passes: int = 0
    seconds: float | None = None
    status: Status | list[list[Status]] = "ok"
    left: Any = None
    right: Any = None
    note: str | list[list[str | None]] | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A method does not apply to this function, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A method ought to apply, but did not get through."""

    diagnostic: Diagnostic


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
    is not the nearest to it.
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


@dataclass(frozen=True, slots=True, repr=False)
class Report(Shown):
    """What ``calcgrad diff`` computes: the function as it was read, its derivatives, and each point.

    In a notebook a report shows itself; the renderer is registered from outside (see :data:`notebook_renderer`).
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


@dataclass(frozen=True, slots=True)
class WrongEntry:
    """An entry of a claimed gradient that is wrong: what was claimed, what is true, and how well that is known."""

    argument: str
    index: tuple[int, ...] | None
    claimed: float
    true: float
    error_bound: float | None = None


@dataclass(frozen=True, slots=True)
class SourceRange:
    """A piece of a source file: lines and columns count from 1, in characters, and the end column is the one after the last.

    ``column`` and what follows it are ``None`` where only the line is known. ``file`` is relative to the working folder where it
    lies in it; ``text`` is its line.
    """

    file: str
    line: int
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    text: str | None = None

    @classmethod
    def of(cls, file: str, *place: Any) -> SourceRange:
        """The piece of a file that is named by its whole path."""
        path, here = Path(file), Path.cwd()
        return cls(str(path.relative_to(here)) if path.is_relative_to(here) else file, *place)


@dataclass(frozen=True, slots=True)
class Likely:
    """A likely cause of a wrong gradient, with the figures that speak for it. ``argument`` is the leaf that it is about, ``place``
    the operation of the function whose derivative is blamed, where one is.
    """

    cause: str
    argument: str | None
    detail: str
    evidence: str
    place: SourceRange | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a claimed derivative of an expression is wrong: the mistake's name, a sentence, and its place in the function's text.

    ``argument`` is the variable, ``step`` the number of the step of ``calcgrad steps`` at which it was made, with ``--wrt`` where
    the variable is ``one_of_several``. ``known`` says how the claim and the derivative with this mistake were found to be equal: as
    a ``formula``, or at so many ``points`` by certified arithmetic.
    """

    argument: str
    name: str
    detail: str
    place: tuple[int, int] | None
    known: Literal["formula", "points"]
    points: int = 0
    step: int | None = None
    one_of_several: bool = False


@dataclass(frozen=True, slots=True)
class Witness:
    """One independent view of the derivative: what it says of the claim, or why it says nothing."""

    name: Literal["reverse-ad", "directional", "dot-product"]
    says: Literal["right", "wrong", "nothing"]
    note: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Wrong entries that form a block of an argument: all of it, a row, a column, a slice along an axis, a stride.

    ``index`` has ``None`` where the block runs over the whole axis: row 3 of a matrix is ``(3, None)``.
    """

    kind: Literal["argument", "row", "column", "slice", "stride"]
    argument: str
    index: tuple[int | None, ...]
    count: int
    detail: str


@dataclass(frozen=True, slots=True)
class WrongRuns:
    """All entries of an argument that are known to be wrong: from one flat index (C order) up to another, pair by pair."""

    argument: str
    runs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class TaylorRow:
    """A row of the Taylor test: the step, what the claim leaves over, and the power of h with which it fell since the row before.

    ``rate`` is ``None`` in the first row, and where the remainder is rounding.
    """

    h: float
    remainder: float
    rate: float | None


@dataclass(frozen=True, slots=True, repr=False)
class CheckReport(Shown):
    """What checking one claim found. ``cause`` says why a verdict is not ``right``, where it is no plain wrong entry.

    ``detectable`` and ``confidence`` are a statement about a claim that is not ``wrong``: were any one entry off by more
    than ``detectable``, it would have been seen with probability ``confidence``. ``wrong`` lists the worst
    entries; ``wrong_complete`` is true when ``wrong_count`` is known to be all of them. ``patterns`` are the blocks
    that they form. ``reused`` evaluations came from a journal. ``entries`` is how many the claim was
    compared in, 0 where it came to no comparison. ``mistakes`` say why a claimed formula is wrong, ``answers`` are
    the right formulas, ``taylor`` the rows of the Taylor test, where they were asked for. ``runs`` are the places of all wrong
    entries, for pictures; JSON has the worst.
    """

    target: str
    claim: str
    at: dict[str, Value]
    verdict: Literal["right", "wrong", "inconclusive"]
    cause: str | None = None
    confidence: float | None = None
    evaluations: int = 0
    seconds: float = 0.0
    wrong: tuple[WrongEntry, ...] = ()
    wrong_count: int = 0
    wrong_complete: bool = True
    likely: tuple[Likely, ...] = ()
    notes: tuple[str, ...] = ()
    command: str = "check"
    kind: str = "gradient"
    detectable: float | None = None
    witnesses: tuple[Witness, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    reused: int = 0
    entries: int = 0
    mistakes: tuple[Mistake, ...] = ()
    answers: tuple[str, ...] = ()
    taylor: tuple[TaylorRow, ...] = ()
    runs: tuple[WrongRuns, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """One of the things that ``check`` was asked for: its report, or the error that stands in its place.

    ``written`` says where the claim is written, ``blamed`` which piece of source its mistake is about, as far as they are known.
    """

    title: str
    report: CheckReport | None
    error: Diagnostic | None = None
    exit_code: int = 0
    written: SourceRange | None = None

    blamed: SourceRange | None = None

    @property
    def where(self) -> SourceRange | None:
        """Where to look first."""
        return self.blamed or self.written

    @property
    def name(self) -> str | None:
        """The name that the project gives it, where that is not its target's."""
        report = self.report
        return None if report is None or self.title in (report.target, report.claim) else self.title


@dataclass(frozen=True, slots=True, repr=False)
class ProofReport(Shown):
    """What bare ``calcgrad check`` found: a row for each value and each partial of the table."""

    rows: tuple[ProofRow, ...]
    seconds: float = 0.0
    command: str = "check"
    target: str = "operations"

    @property
    def verdict(self) -> str:
        """``right`` when every row is."""
        return "right" if all(row.verdict == "right" for row in self.rows) else "wrong"


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A slot of the tape at a point: its expression, its value, its tangent for each seed, its adjoint."""

    slot: str
    expression: str
    value: float
    tangents: tuple[float, ...]
    adjoint: float


@dataclass(frozen=True, slots=True)
class ModeRow:
    """What one mode costs for the whole gradient or Jacobian of a function with so many inputs and outputs.

    ``passes`` are sweeps (evaluations, for differences), ``operations`` elementary operations of all passes together,
    ``bytes`` the peak of allocated memory. ``extrapolated`` marks figures that were not measured but reckoned from some of the
    passes, the time with its 95 % interval. ``size`` is what grows in a story where that is neither inputs nor outputs.
    """

    mode: str
    inputs: int
    outputs: int
    passes: int | None = None
    operations: int | None = None
    seconds: float | None = None
    bytes: int | None = None
    max_rel_error: float | None = None
    extrapolated: bool = False
    note: str | None = None
    seconds_interval: tuple[float, float] | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Growth:
    """How a cost grows: ``of`` ~ ``with_what`` to the power ``exponent``, with a 95 % interval."""

    mode: str
    of: str
    with_what: str
    exponent: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Story:
    """One comparison: a function, or a family of functions that grows with ``grows``, which is called ``called``.

    ``words`` say what is seen, a sentence a line.
    """

    name: str
    rows: tuple[ModeRow, ...]
    growth: tuple[Growth, ...] = ()
    trace: tuple[TraceRow, ...] = ()
    grows: Literal["inputs", "outputs", "size"] | None = None
    called: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ModesReport(Shown):
    """What ``calcgrad compare-modes`` computes."""

    stories: tuple[Story, ...]
    command: str = "compare-modes"


@dataclass(frozen=True, slots=True)
class ProofRow:
    """The proof of one value (``argument`` is ``None``) or one partial of the table of operations.

    ``max_ulps`` is the worst error in double precision, in ulps times max(1, the input's condition).
    """

    operation: str
    argument: int | None
    partial: str | None
    proof: str
    points: int
    max_ulps: float | None
    verdict: str


EXIT_CODES: dict[str, int] = {
    "agree": 0,
    "unjudged": 0,
    "removable": 0,
    "boundary": 0,
    "right": 0,
    "wrong": 1,
    "disagree": 1,
    "kink": 1,
    "jump": 1,
    "infinite": 1,
    "undefined": 3,
    "overflow": 3,
    "inconclusive": 5,
}
#: The first of these that is present is the exit code of many results.
EXIT_ORDER = (70, 130, 2, 4, 3, 1, 5, 0)
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


def worst_exit_code(codes: list[int]) -> int:
    """The exit code of several results at once.

    >>> worst_exit_code([0, 5, 1]), worst_exit_code([])
    (1, 0)
    """
    return min(codes, key=EXIT_ORDER.index, default=0)
