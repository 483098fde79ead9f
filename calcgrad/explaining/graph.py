"""The report of ``trace``: the computation graph as data, and what flows through it.

Slots are called ``v1 … vn``: inputs first, then a slot a step. Formulas are trees in the names of slots. What flows through a slot
is a :class:`Figure`: the double that a sweep computed, and the digits that are proved where these are other digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from calcgrad.errors import Diagnostic
from calcgrad.expression.nodes import Node
from calcgrad.report.derivatives import PointReport
from calcgrad.report.shown import Shown

Mode = Literal["both", "forward", "reverse"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or an array at a slot: ``value`` is a float or nested lists, ``None`` for a zero by structure.

    Of an array of more than a few entries, and of complex numbers, ``value`` is ``None`` and ``norm`` its Euclidean norm.
    ``digits`` are proved decimals of the exact number, where the double's own first digits are others; a number that may be 0
    lies within ``radius`` of it.
    ``proved`` says whether balls had a say at all.
    """

    value: Any = None
    shape: tuple[int, ...] = ()
    norm: float | None = None
    digits: str | None = None
    radius: str | None = None
    proved: bool = False

    @property
    def structural_zero(self) -> bool:
        """Whether nothing flows here, whatever the values are."""
        return self.value is None and self.norm is None


@dataclass(frozen=True, slots=True)
class Edge:
    """From a slot into a step, as its argument number ``argument``: the local partial as a formula, and its value.

    ``value`` is ``None`` where the partial is zero by structure; ``note`` says so, or that no closed form is known. Edges of
    arrays have no single number: ``pullback`` is what they do to an adjoint, as a formula.
    """

    source: str
    target: str
    argument: int
    partial: Node | None = None
    value: float | None = None
    pullback: Node | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """What one edge adds to an adjoint: the target's adjoint times the local partial."""

    edge: Edge
    adjoint: Figure
    product: Figure


@dataclass(frozen=True, slots=True)
class Adjoint:
    """The adjoint of a slot in one backward pass: the sum of its terms, or the seed 1 of an output.

    ``holds`` says whether the sum of the terms shown is what the sweep computed, to the last bit.
    """

    value: Figure
    terms: tuple[Term, ...] = ()
    seed: bool = False
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of the tape: an input called ``text``, or a step with its ``formula`` in slots.

    ``label`` is the operation for a box of a picture (``*``, ``sin``, ``^2``). ``tangents`` has a figure for each forward pass
    that is shown, ``adjoints`` one for each backward pass. ``where`` is the line of the source.
    """

    name: str
    kind: Literal["input", "step"]
    label: str
    formula: Node
    value: Figure
    tangents: tuple[Figure, ...] = ()
    adjoints: tuple[Adjoint, ...] = ()
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output: its name (``f``, ``f[0]``), and the slot that it is; ``None`` where it is a constant."""

    name: str
    slot: str | None


@dataclass(frozen=True, slots=True)
class Passes:
    """The passes of one mode: how many the whole derivative takes, and the seeds of those that are shown."""

    needed: int
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the picture of a long program: a run of steps that belong together, or one slot."""

    name: str
    title: str
    slots: tuple[str, ...]
    shape: tuple[int, ...]
    where: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class TraceReport(Shown):
    """What ``calcgrad trace`` computes."""

    input: str
    parsed: str
    variables: tuple[str, ...]
    slots: tuple[Slot, ...]
    edges: tuple[Edge, ...]
    outputs: tuple[Output, ...]
    forward: Passes
    backward: Passes
    mode: Mode = "both"
    constants: tuple[tuple[str, Figure], ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    points: tuple[PointReport, ...] = ()
    boxes: tuple[Box, ...] = ()
    depth: int | None = None
    faults: tuple[str, ...] = ()
    note: str = ""
    command: str = "trace"

    @property
    def check(self) -> Literal["right", "wrong"]:
        """``wrong`` where a figure shown is not what a sweep computed: a bug of calcgrad."""
        return "wrong" if self.faults else "right"

    @property
    def arrays(self) -> bool:
        """Whether anything in it is an array."""
        return any(slot.value.shape for slot in self.slots)
