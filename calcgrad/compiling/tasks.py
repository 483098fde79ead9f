"""The work of a program over arrays, in an order that brings together what runs over the same entries.

Entrywise operations on arrays of one shape, sums of all their entries, and additions into parts of a larger array can share a
loop over blocks. Everything else is done in between, as soon as it can be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.compiling.graph import Graph, GraphValue, elementwise
from calcgrad.operations.shapes import Shape


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do.

    ``kind``: ``entry`` (an entrywise operation on arrays), ``total`` (the sum of all entries), ``zeros`` (an array to add into),
    ``add`` (add ``args[0]`` into ``place`` at ``index``), ``other``. ``shape`` is that of the loop it can be in, or ``None``.
    """

    kind: str
    place: int
    args: tuple[int, ...]
    shape: Shape | None = None
    index: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks in a row; of one shape when ``shape`` is given."""

    tasks: list[Task]
    shape: Shape | None = None


def tasks_of(graph: Graph) -> list[Task]:
    """What there is to do for each value that is neither input nor constant."""
    uses = Counter(a for value in graph.values for a in value.args)
    uses.update(graph.outputs)
    uses.update(place for place, _ in graph.guards)
    parts = _assembled(graph, uses)
    inside = {place for contributions in parts.values() for place in contributions.inner}
    found: list[Task] = []
    for value in graph.values:
        if value.op in ("input", "constant") or value.place in inside:
            continue
        if value.place in parts:
            found.append(Task("zeros", value.place, ()))
            found.extend(
                Task("add", value.place, (source,), _loop_shape(graph.values[source]), index)
                for index, source in parts[value.place].sources
            )
        elif elementwise(value.op) and value.shape:
            found.append(Task("entry", value.place, value.args, value.shape))
        elif value.op == "sum" and value.scalar and graph.values[value.args[0]].shape:
            found.append(Task("total", value.place, value.args, graph.values[value.args[0]].shape))
        else:
            found.append(Task("other", value.place, value.args))
    return found


def _loop_shape(source: GraphValue) -> Shape | None:
    return source.shape or None


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is added into an array of zeros, and the values that are thereby not computed on their own."""

    sources: list[tuple[tuple[Any, ...] | None, int]]
    inner: list[int]


def _assembled(graph: Graph, uses: Counter[int]) -> dict[int, _Parts]:
    """The sums of arrays that are zero but for a part: each part is added into one array."""
    found: dict[int, _Parts] = {}
    for value in graph.values:
        if _scattered(value):
            found[value.place] = _Parts([(value.params[0], value.args[0])], [])
        elif value.op == "add" and value.shape:
            sides = [(a, found.get(a)) for a in value.args]
            known = [parts for a, parts in sides if parts is not None and uses[a] == 1]
            if not known or value.args[0] == value.args[1]:
                continue
            if any(
                graph.values[a].shape != value.shape or graph.values[a].dtype != value.dtype
                for a in value.args
            ):
                continue
            sources: list[tuple[tuple[Any, ...] | None, int]] = []
            inner: list[int] = []
            for a, parts in sides:
                if parts is not None and uses[a] == 1:
                    sources += parts.sources
                    inner += [a, *parts.inner]
                    del found[a]
                else:
                    sources.append((None, a))
            found[value.place] = _Parts(sources, inner)
    return found


def _scattered(value: GraphValue) -> bool:
    if value.op != "scatter":
        return False
    return all(isinstance(e, int | slice) or e is None or e is Ellipsis for e in value.params[0])


def schedule(graph: Graph, tasks: list[Task], long: int) -> list[Group]:
    """The tasks in groups; loops are made of arrays with at least ``long`` entries."""
    done = {v.place for v in graph.values if v.op in ("input", "constant")}
    pending = _Pending(tasks, done)
    groups: list[Group] = []
    while pending:
        rest = pending.take(lambda task: not _loops(task, long))
        if rest:
            groups.append(Group(rest))
            continue
        first = pending.first()
        group: list[Task] = []
        while more := pending.take(lambda task: task.shape == first.shape, sinks_wait=True):  # noqa: B023
            group += more
        pending.finish(group)
        groups.append(Group(group, first.shape))
    return groups


def _loops(task: Task, long: int) -> bool:
    return task.shape is not None and int(numpy.prod(task.shape)) >= long


class _Pending:
    """Tasks that are not done; a value is there when all that belongs to it is."""

    def __init__(self, tasks: list[Task], done: set[int]) -> None:
        self.tasks = tasks
        self.done = done
        self.zeroed: set[int] = set()
        self.adds = Counter(task.place for task in tasks if task.kind == "add")

    def __bool__(self) -> bool:
        return bool(self.tasks)

    def first(self) -> Task:
        """The first task that can be done."""
        return next(task for task in self.tasks if self._ready(task))

    def _ready(self, task: Task) -> bool:
        if task.kind == "add" and task.place not in self.zeroed:
            return False
        return all(a in self.done for a in task.args)

    def take(self, fits: Any, sinks_wait: bool = False) -> list[Task]:
        """The fitting tasks that can be done now, in their order; what they make is there for the next of them."""
        taken: list[Task] = []
        left: list[Task] = []
        for task in self.tasks:
            if fits(task) and self._ready(task):
                taken.append(task)
                if not (sinks_wait and task.kind in ("total", "add")):
                    self.finish([task])
            else:
                left.append(task)
        self.tasks = left
        return taken

    def finish(self, tasks: Iterable[Task]) -> None:
        """Note what these tasks have made."""
        for task in tasks:
            if task.kind == "zeros":
                self.zeroed.add(task.place)
            elif task.kind == "add":
                if task.place in self.done:
                    continue
                self.adds[task.place] -= 1
                if not self.adds[task.place]:
                    self.done.add(task.place)
            else:
                self.done.add(task.place)
