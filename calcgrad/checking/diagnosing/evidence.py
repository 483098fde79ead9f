"""What is known of a wrong claim: for every leaf the claimed entries, the true ones as far as they were measured, the point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.checking.measuring.subject import Leaf
from calcgrad.checking.measuring.traced import Loss

Array = Any


@dataclass(frozen=True, slots=True)
class LeafEvidence:
    """One leaf of a wrong claim; all arrays have the leaf's shape.

    ``true`` is nan where it is not known; ``bound`` is how far claimed and true may be apart without being different (nan where
    unknown). ``wrong`` are the entries known to be wrong. ``whole`` says that every entry is known.
    """

    leaf: Leaf
    claimed: Array
    true: Array
    bound: Array
    x: Array
    wrong: Array

    @property
    def known(self) -> Array:
        """Where the true entry is known."""
        return numpy.isfinite(self.true)

    @property
    def whole(self) -> bool:
        """Whether every entry is known."""
        return bool(self.known.all())

    @property
    def path(self) -> str:
        """The name of the leaf."""
        return self.leaf.path

    @property
    def single(self) -> bool:
        """Whether all that is claimed are numbers in single precision, and not just whole numbers and simple fractions."""
        known = self.claimed[numpy.isfinite(self.claimed)]
        with numpy.errstate(over="ignore"):
            single = bool((known == known.astype(numpy.float32)).all())
        return single and not bool((known == numpy.round(known * 64.0) / 64.0).all())

    @property
    def unit(self) -> float:
        """To what share of themselves the claimed entries may be rounded."""
        return 2.0**-22 if self.single else 2.0**-44

    def explains(self, corrected: Array, among: Array | None = None) -> bool:
        """Whether a corrected claim is right in every known entry (of ``among``), by the bounds."""
        chosen = self.known if among is None else self.known & among
        off = numpy.abs(corrected[chosen] - self.true[chosen])
        return bool(numpy.all(off <= self.allowed(chosen)))

    def same(self, left: Array, right: Array, among: Array) -> bool:
        """Whether two multiples of the claim and of the truth are equal in the entries of ``among``, by the bounds."""
        a, b = left[among], right[among]
        with numpy.errstate(all="ignore"):
            grown = numpy.abs(a) / numpy.maximum(numpy.abs(self.claimed[among]), 1e-300)
            grown = numpy.maximum(grown, numpy.abs(b) / numpy.maximum(numpy.abs(self.true[among]), 1e-300))
        close = numpy.minimum(
            self.bound[among] * grown * 2.0, 1e-3 * numpy.maximum(numpy.abs(a), numpy.abs(b))
        )
        return bool(
            numpy.all(numpy.abs(a - b) <= close + self.unit * numpy.maximum(numpy.abs(a), numpy.abs(b)))
        )

    def allowed(self, chosen: Array) -> Array:
        """The bounds of some entries, with a little for the arithmetic of a correction."""
        size = numpy.maximum(numpy.abs(self.true[chosen]), numpy.abs(self.claimed[chosen]))
        return 2.0 * self.bound[chosen] + self.unit * size


@dataclass(frozen=True, slots=True)
class Source:
    """The claim as code that can be run in a changed form.

    ``call`` is the user's own, ``run`` calls it, or another in its place, with a flat point; ``roots`` are what it is given beside
    that. ``slope`` measures the function at another point: ``(point, direction, derivative along it, its error)``. ``left`` are
    the seconds that the check has left. ``function`` is what it is the gradient of, where that is another function;
    where it is the same, ``value`` is the function's value in the last run, which a correction of the gradient leaves as it is.
    """

    call: Callable[..., Any]
    run: Callable[[Callable[..., Any], Array], Array]
    slope: Callable[[], tuple[Array, Array, float, float] | None]
    left: Callable[[], float]
    roots: Sequence[Any] = ()
    function: Callable[..., Any] | None = None
    value: Callable[[], Any] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a wrong claim.

    ``confirmed`` tests a corrected flat claim against the directions that were measured; it costs nothing and is ``None``
    where there are none to test with. ``dimensions`` are the lengths and sizes of all arguments, for factors such as 1/n.
    ``loss`` is the function of the leaves' values where it can be traced. ``moved`` evaluates the function with one entry of
    the flat point moved by so much, where it is a number. ``claim`` is the flat claim at another flat point, ``None`` where it has
    none. ``data`` are the arrays that the function reads, by name. ``source`` is the claim's own code.
    """

    leaves: tuple[LeafEvidence, ...]
    confirmed: Callable[[Array], bool] | None = None
    dimensions: tuple[tuple[int, str], ...] = ()
    loss: Loss | None = None
    moved: Callable[[int, float], float] | None = None
    claim: Callable[[Array], Array | None] | None = None
    data: tuple[tuple[str, Array], ...] = ()
    source: Source | None = None

    @property
    def wrong(self) -> tuple[LeafEvidence, ...]:
        """The leaves with a wrong entry."""
        return tuple(each for each in self.leaves if each.wrong.any())

    def with_leaf(self, place: LeafEvidence, corrected: Array) -> Array:
        """The flat claim with one leaf corrected."""
        return numpy.concatenate(
            [(corrected if each is place else each.claimed).ravel() for each in self.leaves]
        )


def evidence_of(
    leaves: tuple[Leaf, ...],
    x: Array,
    claimed: Array,
    true: Array,
    bound: Array,
    confirmed: Callable[[Array], bool] | None = None,
    dimensions: tuple[tuple[int, str], ...] = (),
    loss: Loss | None = None,
    moved: Callable[[int, float], float] | None = None,
    claim: Callable[[Array], Array | None] | None = None,
    data: tuple[tuple[str, Array], ...] = (),
    source: Source | None = None,
) -> Evidence:
    """The evidence from flat vectors.

    >>> leaf = Leaf("w", (2,), "float64", 0, 2)
    >>> e = evidence_of((leaf,), numpy.ones(2), numpy.array([1.0, 2.0]), numpy.array([1.0, 3.0]), numpy.full(2, 1e-9))
    >>> e.leaves[0].wrong
    array([False,  True])
    """
    found = []
    for leaf in leaves:
        c, t, b, at = (part[leaf.start : leaf.stop].reshape(leaf.shape) for part in (claimed, true, bound, x))
        with numpy.errstate(invalid="ignore"):
            wrong = numpy.isfinite(t) & (numpy.abs(c - t) > b)
        found.append(LeafEvidence(leaf, c, t, b, at, wrong))
    return Evidence(tuple(found), confirmed, dimensions, loss, moved, claim, data, source)
