"""A program in stages: what native code makes at once, and what NumPy does in between (products of matrices, and all else)."""

from __future__ import annotations

from dataclasses import dataclass, field

from calcgrad.compiling.graph import Graph
from calcgrad.native.fitting import VIEWS, Fitting, basic


@dataclass(slots=True)
class Stage:
    """What one native function makes: ``exports``, from ``stored`` values, by way of those ``inside``."""

    inside: list[int] = field(default_factory=list)
    exports: list[int] = field(default_factory=list)
    stored: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Staged:
    """A program: stages, and values that NumPy makes, in the order in which they can be made."""

    order: list[Stage | int]

    @property
    def whole(self) -> bool:
        """Whether there is one stage, and nothing besides."""
        return len(self.order) == 1 and bool(self.stages)

    @property
    def stages(self) -> list[Stage]:
        """The native functions."""
        return [item for item in self.order if isinstance(item, Stage)]


def staged(graph: Graph) -> Staged:
    """The stages of a program. A view that NumPy reads is NumPy's too: it costs nothing there."""
    return _Staging(graph).staged()


class _Staging:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.values = graph.values
        self.inside = Fitting(graph).inside
        #: The first stage that can read a value, and the stage after which NumPy can.
        self.number: dict[int, int] = {}
        self.after: dict[int, int] = {}
        self.wanted: set[int] = set()

    def staged(self) -> Staged:
        for value in self.values:
            if value.op in ("input", "constant"):
                continue
            place, args = value.place, value.args
            stage = max([self.number.get(a, 0) for a in args], default=0)
            after = max([self.after.get(a, 0) for a in args], default=0)
            if not self.inside[place]:
                stage = after + 1
            elif not self._view(place):
                after = stage
            self.number[place], self.after[place] = stage, after
        outside, read = self._outside()
        self._later(read)
        self._exports(read)
        order: list[Stage | int] = []
        for number in range(1 + max(self.number.values(), default=0)):
            found = self._stage(number)
            if found.exports:
                order.append(found)
            order.extend(p for p in sorted(outside) if self.after[p] == number)
        return Staged(order)

    def _later(self, read: set[int]) -> None:
        """Put values off to the stage that reads them first, unless NumPy reads them before: less goes through memory."""
        fixed = read | set(self.graph.outputs) | {p for p, _ in self.graph.guards}
        first: dict[int, int] = {}
        for value in reversed(self.values):
            place = value.place
            if place not in self.number or not self.inside[place]:
                continue
            if place not in fixed and place in first:
                self.number[place] = max(self.number[place], first[place])
            for a in value.args:
                first[a] = min(first.get(a, self.number[place]), self.number[place])

    def _stage(self, number: int) -> Stage:
        """A stage may go over views of what earlier ones have made."""
        stage = Stage()
        for value in self.values:
            place = value.place
            if (
                place not in self.number
                or not self.inside[place]
                or (self.number[place] < number and place in self.wanted)
            ):
                stage.stored.add(place)
            elif self.number[place] <= number:
                stage.inside.append(place)
                if self.number[place] == number and place in self.wanted:
                    stage.exports.append(place)
        return stage

    def _outside(self) -> tuple[set[int], set[int]]:
        """The values that NumPy makes, views among them, and all that it reads besides."""
        outside = {p for p in self.number if not self.inside[p]}
        seen: set[int] = set()
        for place in sorted(outside, reverse=True):
            todo = list(self.values[place].args)
            while todo:
                a = todo.pop()
                if a in seen or a not in self.number or not self.inside[a]:
                    continue
                if self._view(a):
                    outside.add(a)
                    todo.extend(self.values[a].args)
                else:
                    seen.add(a)
        return outside, seen

    def _view(self, place: int) -> bool:
        value = self.values[place]
        if value.op not in VIEWS or not value.shape or not self.values[value.args[0]].shape:
            return False
        return value.op != "getitem" or basic(value.params) is not None

    def base(self, place: int) -> int:
        """The value that a view is a view of."""
        while self._view(place) and self.inside[place]:
            place = self.values[place].args[0]
        return place

    def _exports(self, read: set[int]) -> None:
        self.wanted |= read
        self.wanted.update(p for p in (*self.graph.outputs, *(p for p, _ in self.graph.guards)))
        for value in self.values:
            if not self.inside[value.place]:
                continue
            for a in value.args:
                base = self.base(a)
                if base in self.number and self.number[base] < self.number[value.place]:
                    self.wanted.add(base)
