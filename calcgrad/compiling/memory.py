"""Which buffer holds which value of a program over arrays, and until when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from calcgrad.compiling.graph import Graph, GraphValue
from calcgrad.compiling.tasks import Group
from calcgrad.operations.shapes import Shape


def views(value: GraphValue) -> bool:
    """Whether the result of an operation shares its argument's memory, or may."""
    return value.op in (
        "getitem",
        "transpose",
        "reshape",
        "broadcast_to",
        "sum_to",
        "stop_gradient",
    ) or not (isinstance(value.op, str) or getattr(value.op, "fresh", False))


class Memory:
    """The buffers that a program is given, ``workspace``; ``free`` are those that nobody reads, by number.

    ``guarded`` are the values that a decision still waits for. ``fresh`` values are no buffer: they are made at each call, so that
    the caller may keep them.
    """

    def __init__(self, graph: Graph, guarded: Collection[int]) -> None:
        self.graph = graph
        self.workspace: list[tuple[Shape, Any]] = []
        self.free: list[int] = []
        self.fresh: set[int] = set()
        self._guarded = guarded
        self._held: dict[int, int] = {}
        self._roots: dict[int, int] = {}
        self._last: dict[int, int] = {}
        self._now = 0

    # Lifetimes

    def note_last_uses(self, groups: Sequence[Group]) -> None:
        """When each value or a view of it is read last, in tasks (a loop is one); outputs are read at the end."""
        now = 0
        for group in groups:
            for task in group.tasks:
                if task.kind == "other" and views(self.graph.values[task.place]):
                    self._roots[task.place] = self._root(task.args[0])
                for a in (*task.args, task.place):
                    self._last[self._root(a)] = now
                now += group.shape is None
            now += group.shape is not None
        for place in self.graph.outputs:
            self._last[self._root(place)] = now

    def _root(self, place: int) -> int:
        """The value whose memory this one is a view of; itself, as a rule."""
        return self._roots.get(place, place)

    def dies(self, place: int) -> bool:
        """Whether nothing reads a value after the present task."""
        return self._is_last(place) and place not in self._guarded

    def _is_last(self, place: int) -> bool:
        return self._last.get(place, -1) <= self._now

    def step(self) -> None:
        """The present task is done: give back the buffers that nobody reads any more."""
        for place in [p for p in self._held if self._is_last(p)]:
            self.free.append(self._held.pop(place))
        self._now += 1

    # Buffers

    def hold(self, place: int) -> int:
        """A buffer of full length for a value."""
        value = self.graph.values[place]
        self._held[place] = number = self.take((value.shape, value.dtype), self.free)
        return number

    def take(self, wanted: tuple[Shape, Any], *pools: list[int]) -> int:
        """A buffer out of the first pool that has such a one, else a new one."""
        for pool in pools:
            found = next((b for b in pool if self.workspace[b] == wanted), None)
            if found is not None:
                pool.remove(found)
                return found
        self.workspace.append(wanted)
        return len(self.workspace) - 1

    def take_over(self, value: GraphValue) -> int | None:
        """The argument whose buffer the result of an entrywise operation may have, as nobody reads it later."""
        if value.place in self.graph.outputs:
            return None
        for a in value.args:
            if a in self._held and self.dies(a) and self.alike(a, value):
                self._held[value.place] = self._held.pop(a)
                return a
        return None

    def alike(self, place: int, value: GraphValue) -> bool:
        """Whether two values fit into one buffer."""
        other = self.graph.values[place]
        return other.shape == value.shape and other.dtype == value.dtype

    def is_own(self, place: int, k: int) -> bool:
        """Whether the ``k``-th output may be handed out as it is: made at this call, and no other output looks at it."""
        root, outputs = self._root(place), self.graph.outputs
        alone = sum(self._root(out) == root for out in outputs) == 1
        return root in self.fresh and place not in outputs[:k] and alone
