"""Copies of a call's arguments for another run: what was one object is one object in the copies, too.

Arrays, generators of random numbers and the containers around them are copied; any other value is handed on as it is.
"""

from __future__ import annotations

import copy
import random
import sys
from collections.abc import Callable, Collection
from typing import Any

import numpy

from calcgrad.pytrees import children, map_node
from calcgrad.tracing.traced import primal_of


class Duplicates:
    """One set of copies. ``apart`` holds the identities of what a trace takes as inputs of their own, which share nothing."""

    def __init__(self, leaf: Callable[[Any], Any] | None = None, apart: Collection[int] = ()) -> None:
        self.leaf = leaf or plain_leaf
        self.apart = apart
        #: By identity, kept with the original so that none is used twice.
        self._met: dict[int, tuple[Any, Any]] = {}
        self._deep: dict[int, Any] = {}

    def of(self, tree: Any) -> Any:
        """The copy of a tree."""
        if id(tree) in self.apart:
            return self.leaf(tree)
        met = self._met.get(id(tree))
        if met is None:
            met = self._met[id(tree)] = (tree, self._made(tree))
        return met[1]

    def _made(self, tree: Any) -> Any:
        if _draws(tree):
            return self._generator(tree)
        return self.leaf(tree) if children(tree) is None else map_node(self.of, tree)

    def _generator(self, source: Any) -> Any:
        try:
            return copy.deepcopy(source, self._deep)
        except (NotImplementedError, TypeError):  # the system's own randomness has no state
            return source


def plain_leaf(leaf: Any) -> Any:
    """A leaf without its trace; an array as an array of its own."""
    leaf = primal_of(leaf)
    return leaf.copy() if isinstance(leaf, numpy.ndarray) else leaf


def _draws(leaf: Any) -> bool:
    """Whether a value is a generator of random numbers."""
    if isinstance(leaf, random.Random):
        return True
    loaded = sys.modules.get("numpy.random")
    # Another thread may be loading it at this moment: what is not there yet has made nothing.
    kinds = (getattr(loaded, name, None) for name in ("Generator", "RandomState", "BitGenerator"))
    return isinstance(leaf, tuple(kind for kind in kinds if kind is not None))
