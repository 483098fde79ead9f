"""Changes of a reverse sweep: how some steps send back, what that is called, and the pieces that changes are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from calcgrad.checking.diagnosing.located import Instruction, Located
from calcgrad.checking.diagnosing.sweeps import Change, Sent, term

Array = Any
#: Another term for one operand.
Term = Callable[[Any, Any], Any]

CONSTANT = " is taken for a constant"
OMITTED = " is left out"


@dataclass(frozen=True, slots=True)
class Altered:
    """Changes of the sweep: how some steps send back, and what that is called.

    A ``path`` leaves something out; what is left out may also come back with another factor. A ``constant`` leaves out all
    that goes back through a value. ``place`` is the instruction that is blamed where that is not the one of the last step changed.
    """

    changes: Mapping[int, Change]
    cause: str
    detail: str
    path: bool = False
    constant: bool = False
    place: Instruction | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Steps of one operation that one place of the source made; ``text`` is the place in words."""

    found: Located
    op: str
    steps: tuple[int, ...]
    text: str

    @property
    def step(self) -> Any:
        """The first of the steps."""
        return self.found.steps[self.steps[0]]

    @property
    def active(self) -> list[int]:
        """The operands that depend on the inputs, in one step at least: the first of a loop often starts from a constant."""
        steps = [self.found.steps[k][2] for k in self.steps]
        return [
            j
            for j in range(len(self.step[2]))
            if any(j < len(slots) and slots[j] is not None for slots in steps)
        ]

    def altered(
        self, change: Change, cause: str, detail: str, path: bool = False, constant: bool = False
    ) -> Altered:
        """The same change at each of the steps."""
        return Altered(dict.fromkeys(self.steps, change), cause, detail, path, constant)


#: A kind of mistake: what it may be at a site.
Kind = Callable[[Site], Iterator[Altered]]


def ordinal(j: int) -> str:
    """Which operand.

    >>> ordinal(0), ordinal(4)
    ('first', 'last')
    """
    return ("first", "second", "third", "last")[min(j, 3)]


def nothing(step: Any, d: Any) -> Sent:
    """The value is taken for a constant."""
    return iter(())


def replaced(which: int, by: Term, others: bool = True) -> Change:
    """Another term for one operand; the others as they are, or nothing for them."""
    return partial(_replaced, which, by, others)


def _replaced(which: int, by: Term, others: bool, step: Any, d: Any) -> Sent:
    for j, slot in enumerate(step[2]):
        if slot is not None and (j == which or others):
            yield slot, by(step, d) if j == which else term(step, j, d)


def redirected(which: int, target: int, by: Term) -> Change:
    """What goes back through one operand goes to an earlier slot at once; the other operands as they are."""
    return partial(_redirected, which, target, by)


def _redirected(which: int, target: int, by: Term, step: Any, d: Any) -> Sent:
    for j, slot in enumerate(step[2]):
        if slot is not None:
            yield (target, by(step, d)) if j == which else (slot, term(step, j, d))


def left_out(step: Any, d: Any) -> Any:
    """No term at all."""
    return None
