"""What is recorded: each rule that was applied, each tidying, and where a formula need not hold. All frozen."""

from __future__ import annotations

from dataclasses import dataclass

from calcgrad.deriving.rules import Rule
from calcgrad.errors import Span
from calcgrad.expression.nodes import Node

#: A letter of a rule's scheme and what stands for it.
Part = tuple[str, Node]


@dataclass(frozen=True, slots=True)
class Step:
    """One rule applied at one place.

    ``before`` is the expression that is differentiated and ``place`` where it stands in the function's text (``(0, 0)`` in
    derivatives of a higher order, which stand in no text). ``parts`` say what u, v, w are and ``derivatives`` what du, dv,
    dw are; ``scheme`` is the rule's right-hand side in those letters and ``after`` the same with all of them put in.
    ``uses`` are the numbers of the earlier steps in which the derivatives of the parts were found. ``operation`` names the
    function where the rule is that of a named function.
    """

    rule: Rule
    variable: str
    before: Node
    place: Span
    scheme: str
    parts: tuple[Part, ...]
    derivatives: tuple[Part, ...]
    after: Node
    uses: tuple[int, ...]
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Tidying:
    """One change of form that keeps the value: its ``name``, and the part of the formula before and after.

    ``widens`` says that the form after it has values at points where the one before has none (``x/x`` and ``1`` at 0).
    ``what`` is the factor that was taken out.
    """

    name: str
    before: Node
    after: Node
    widens: bool = False
    what: Node | None = None


@dataclass(frozen=True, slots=True)
class Seam:
    """Where a formula need not hold: the zeros of ``where`` (its whole multiples of ``period``, if there is one).

    ``kind`` is that of the table's singular places, or ``border`` between the pieces of a ``where``.
    """

    kind: str
    where: Node
    place: Span
    period: float | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derivative as the rules give it, before any tidying, with one record a step, the last of which is the whole."""

    function: Node
    variable: str
    formula: Node
    steps: tuple[Step, ...]
    seams: tuple[Seam, ...]


class NoFormulaError(Exception):
    """The derivative has no formula that the table knows; the message says why, ``place`` where."""

    def __init__(self, reason: str, place: Span) -> None:
        super().__init__(reason)
        self.place = place
