"""The report of ``check``: what a claim's gradient was found to be, what is wrong in it, and where that is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from calcgrad.errors import Diagnostic
from calcgrad.report.derivatives import Value
from calcgrad.report.places import SourceRange
from calcgrad.report.shown import Shown


@dataclass(frozen=True, slots=True)
class WrongEntry:
    """An entry of a claimed gradient that is wrong: what was claimed, what is true, and how well that is known."""

    argument: str
    index: tuple[int, ...] | None
    claimed: float
    true: float
    error_bound: float | None = None


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
