"""The one protocol of a method: a name, its facts, and the derivatives of a function at a point, or why there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from calcgrad.functions.expression import Expression
from calcgrad.report.estimates import Estimate, Failed, Skipped
from calcgrad.systems.base import System

#: The coordinates differentiated by, one for each differentiation: ``(0, 0)`` is the second derivative in the first.
Wrt: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a method is asked: these derivatives of this function at this point.

    ``flat`` is the point, a float for each of the function's coordinates; ``step`` is the user's wish, for differences.
    """

    function: Expression
    flat: list[float]
    wrts: Sequence[Wrt]
    step: float | None = None

    @property
    def order(self) -> int:
        """How many differentiations."""
        return len(self.wrts[0])


Outcome: TypeAlias = Estimate | Skipped | Failed

#: What ``compare-modes`` counts as one pass, in the order in which it shows the methods.
Passes: TypeAlias = Literal["sweeps", "evaluations", "formulas"]
#: All sweeps of a full derivative over a tape's values, one an item; run in a recording system, their operations are counted.
Sweeps: TypeAlias = Callable[[Expression, Sequence[Any], System], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a method before it runs. Judging, wording and counting ask for these, never for a method's name.

    What a method does not state does not hold of it: its values are shown with their errors, and no verdict rests on them.
    """

    #: What it does, in a line for people.
    sentence: str = ""
    #: Right up to rounding wherever there is a derivative: off by more, it disagrees with the truth.
    exact: bool = False
    #: Leaves out terms of its step's square, so small that they show only where the truth is 0 or nearly: they are allowed.
    truncates: bool = False
    #: Follows the chain rule, so that its number may be a convention where a function is not smooth.
    by_chain_rule: bool = False
    #: Its conventions are those of the table's rows: all methods that say so must give the same number there.
    by_table: bool = False
    #: Adds up adjoints, which forward mode may never meet: the rounding of these sums is its own.
    adds_adjoints: bool = False
    #: A difference of a step fixed beforehand: it is off, as it must be, and does not know by how much.
    plain: bool = False
    #: States its own bound, which is held against the truth; a nan is its way to say that it found nothing.
    bounded: bool = False
    #: The value of SymPy's formula, which is truth, or a second truth beside Arb's, and is not judged as a method.
    formula: bool = False
    #: What is said instead of a convention where there is no derivative; ``None`` where the table's convention is named.
    undefined: str | None = None
    #: What a pass of it is; ``None`` where ``compare-modes`` does not show it.
    passes: Passes | None = None
    #: The sweeps themselves, where passes are sweeps.
    sweeps: Sweeps | None = None


class Method(Protocol):
    """A way to a derivative. ``derivatives`` gives an :class:`Estimate` whose ``value`` is a list with an entry for
    each of the problem's ``wrts``, itself a list with a float for each output of the function. Its file has it as
    ``METHOD``, and its :class:`Facts` beside it as ``FACTS``."""

    name: str

    def derivatives(self, problem: Problem) -> Outcome:
        """The derivatives, or ``Skipped`` with the reason where the method does not apply."""
        ...
