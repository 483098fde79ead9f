"""A told derivation as data: its lines, and the parts that have letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from calcgrad.deriving.building import ZERO
from calcgrad.errors import Span
from calcgrad.expression.nodes import NOWHERE, Node

#: A sentence with formulas in it.
Words = tuple[str | Node, ...]
Kind = Literal["rule", "put in", "tidied"]


@dataclass(frozen=True, slots=True)
class Part:
    """What a letter stands for; without a letter, a part that stands for itself.

    ``told`` says why no step follows for it: its derivative is known, and what it is stands in ``derivative``.
    """

    name: str
    node: Node
    told: str = ""
    derivative: Node | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a derivation: ``left = right`` follows by one ``rule`` from the lines numbered ``uses``.

    ``of`` names the part that is differentiated and ``node`` is that part, which stands at ``place`` in the function's text.
    ``right`` is written in the letters of ``parts``, and of earlier lines; ``whole`` is the derivative with all of them put in,
    where this line has it. ``widens`` says that ``right`` has values where the line before it has none.
    """

    number: int
    kind: Kind
    of: str
    because: Words
    left: Node
    right: Node
    rule: str = ""
    parts: tuple[Part, ...] = ()
    uses: tuple[int, ...] = ()
    node: Node = ZERO
    place: Span = NOWHERE
    widens: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A derivation: its lines, what each letter stands for, and the derivative of each, all of it put in."""

    function: Node
    variable: str
    name: str
    lines: tuple[Line, ...]
    letters: dict[str, Node]
    derivatives: dict[str, Node]
    formula: Node
