"""The reverse sweep of a located loss, once as it is right, and again with some steps changed.

The sweep is linear in the adjoints: a changed sweep is the right one plus what the changes send back in excess, taken down by
the right rules. Only steps that the excess reaches are visited, so that most changes cost a few steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy

from calcgrad.checking.diagnosing.located import Located
from calcgrad.tracing.levels import levels

Array = Any
#: What a step sends back: (slot, term) for each operand.
Sent = Iterator[tuple[int, Any]]
Change = Callable[[Any, Any], Sent]
#: So many entries of a step's value cost as much as the step itself.
_ENTRIES = 500
_LARGEST = ("amax", "amin")
#: What is left of a gradient where it is 0 but for rounding.
_NONE = 1e-10


def rightly(step: Any, d: Any) -> Sent:
    """What the table's rules send back."""
    for j, slot in enumerate(step[2]):
        if slot is not None:
            yield slot, term(step, j, d)


def term(step: Any, j: int, d: Any) -> Any:
    """What goes back to one operand."""
    _, op, _, args, params, y = step
    return levels().pull(op, j)(y, *args, *params, d)


class Sweep:
    """The right adjoints of a loss, and those of a sweep in which some steps send back otherwise.

    ``work`` is what has been spent: one for a step, and one more for so many entries.
    """

    def __init__(self, found: Located) -> None:
        self.found = found
        self.work = 0
        self._sizes = [
            0 if step is None else 1 + int(numpy.size(step[5])) // _ENTRIES for step in found.steps
        ]
        self._right: list[Any] = [None] * len(found.steps)
        self._right[found.output] = 1.0
        self._still: frozenset[int] = frozenset()
        self._down(self._right, {}, len(found.steps) - 1)
        self._hold()

    def _hold(self) -> None:
        """Largest entries that are subtracted against overflow are held still, as people do: the right gradient is the same.

        A changed sweep is not the same, and nobody's code sends anything back through such a maximum.
        """
        steps = self.found.steps
        largest = frozenset(
            k
            for k in range(self.found.inputs, len(steps))
            if steps[k] is not None and steps[k][1] in _LARGEST
        )
        excess = self.changed(dict.fromkeys(largest, _nothing))
        if largest and all(_small(e, right) for e, right in zip(excess, self.inputs, strict=True)):
            self._still = largest

    @property
    def inputs(self) -> list[Any]:
        """The gradient, ``None`` where there is none."""
        return self._right[: self.found.inputs]

    def changed(self, changes: Mapping[int, Change]) -> list[Any]:
        """The excess of the inputs' adjoints over the right ones; ``None`` where there is none."""
        excess: list[Any] = [None] * len(self.found.steps)
        if changes:
            self._down(excess, changes, max(changes))
        return excess[: self.found.inputs]

    def _down(self, adjoints: list[Any], changes: Mapping[int, Change], start: int) -> None:
        steps = self.found.steps
        for k in range(start, self.found.inputs - 1, -1):
            if k in self._still:
                continue
            d = adjoints[k]
            change = changes.get(k)
            if change is None:
                if d is not None:
                    self.work += self._sizes[k]
                    _add(adjoints, rightly(steps[k], d), 1.0)
                continue
            right = self._right[k]
            whole = right if d is None else d if right is None else d + right
            if whole is None:
                continue
            self.work += 2 * self._sizes[k]
            _add(adjoints, change(steps[k], whole), 1.0)
            if right is not None:
                _add(adjoints, rightly(steps[k], right), -1.0)


def _nothing(step: Any, d: Any) -> Sent:
    return iter(())


def _small(excess: Any, right: Any) -> bool:
    if excess is None:
        return True
    size = numpy.max(numpy.abs(right), initial=0.0) if right is not None else 0.0
    return bool(numpy.max(numpy.abs(excess), initial=0.0) <= _NONE * size)


def _add(adjoints: list[Any], sent: Sent, sign: float) -> None:
    for slot, part in sent:
        if part is not None:
            signed = part if sign > 0 else -part
            adjoints[slot] = signed if adjoints[slot] is None else adjoints[slot] + signed
