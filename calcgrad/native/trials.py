"""A nest written once into a text that nobody reads: where its loops are to be parted, and which axes may be one."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.native.entries import Entries
from calcgrad.native.indices import Form, Index, linear, symbol
from calcgrad.native.plans import Root
from calcgrad.native.reductions import Running
from calcgrad.operations.shapes import Shape


class Trial:
    """The nest of some roots over ``space``, in a text of its own."""

    def __init__(self, entries: Entries, roots: Sequence[Root], space: Shape) -> None:
        self.entries = entries.aside()
        self.roots = roots
        self.space = space
        self.axes = [f"%{k}" for k in range(len(space))]
        self.index: Index = tuple(map(symbol, self.axes))
        self.entries.reader.ranges = {axis: (0, n) for axis, n in zip(self.axes, space, strict=True)}
        self.entries.here = (frozenset(root.place for root in roots), self.index)
        for root in roots:
            self.entries.made_of(root, self.index)

    def cuts(self) -> list[set[int]]:
        """Where, on each axis, a test would change its outcome."""
        return [self.entries.reader.cuts.get(axis, set()) for axis in self.axes]

    def lengths(self) -> Shape:
        """The lengths of the loops: neighbouring axes are one loop, the later one, where all that is read and written lies as if
        they were one, and nothing is decided by one of them.
        """
        assert self.entries.flats is not None
        flats = [self._flat_of(root) for root in self.roots] + self.entries.flats
        factors = [dict(flat.terms) for flat in flats]
        words = {word.rstrip(",") for line in self.entries.text.lines for word in line.split()}
        asked = words | self.entries.reader.asked
        lengths = list(self.space)
        for k in range(len(lengths) - 1):
            one, two = self.axes[k], self.axes[k + 1]
            alike = all(f.get(one, 0) == self.space[k + 1] * f.get(two, 0) for f in factors)
            if alike and not asked & {one, two}:
                lengths[k : k + 2] = [1, lengths[k] * lengths[k + 1]]
        return tuple(lengths)

    def _flat_of(self, root: Root) -> Form:
        """Where a root's entry goes, among all its entries."""
        value = self.entries.values[root.place]
        if not root.gathers:
            return linear(self.index, value.shape)
        return Running(self.entries, root, len(self.space)).flat(self.index) if value.shape else Form()
