"""What makes a program of a graph. The one over ``math`` and NumPy is here; others are handed in from floors above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from calcgrad.compiling.captured import Captured
from calcgrad.compiling.graph import Graph
from calcgrad.compiling.straight import Straight, straight
from calcgrad.pytrees import Structure


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A program that is wanted: of which graph, what its inputs are called, and the tree of its result.

    ``kinds`` are those of the arguments, where each is a leaf; ``leaves`` are the values that it was traced at.
    ``watched`` says that a sweep in it may lose numbers that matter: then the program says ``LOST`` where any left the doubles.
    """

    name: str
    graph: Graph
    inputs: Sequence[str]
    structure: Structure
    captured: Captured
    kinds: Sequence[Any] | None
    leaves: Sequence[Any]
    watched: bool = False


#: Makes a program; one that cannot be made in its own way is made in NumPy's.
Backend: TypeAlias = Callable[[Wanted], Straight]


def in_numpy(wanted: Wanted) -> Straight:
    """The program over ``math``, or over NumPy."""
    w = wanted
    return straight(w.name, w.graph, w.inputs, w.structure, w.captured, w.kinds, w.watched)
