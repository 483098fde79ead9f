"""The one protocol of a method: a name, and the derivatives of a function at a point, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from calcgrad.functions.expression import Expression
from calcgrad.report import Estimate, Failed, Skipped

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


class Method(Protocol):
    """A way to a derivative. ``derivatives`` gives an :class:`Estimate` whose ``value`` is a list with an entry for
    each of the problem's ``wrts``, itself a list with a float for each output of the function."""

    name: str

    def derivatives(self, problem: Problem) -> Outcome:
        """The derivatives, or ``Skipped`` with the reason where the method does not apply."""
        ...
