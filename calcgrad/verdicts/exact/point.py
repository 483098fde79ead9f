"""The exact point: its coordinates as expressions, and the function written for them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from calcgrad.autodiff.tape import Tape
from calcgrad.expression.nodes import Node
from calcgrad.functions.expression import Expression
from calcgrad.functions.lowering import lower
from calcgrad.inputs.constants import fraction_node, rational
from calcgrad.inputs.points import Point


def scalar_tape(function: Expression) -> Tape:
    """The function's tape; one without arrays, if it has any. Raises ``CalcgradError`` where that grows too large."""
    if not function.arrays:
        return function.tape
    from calcgrad.functions.scalars import scalar_name, scalarise

    names = [c.name if c.index is None else scalar_name(c.name, c.index) for c in function.coordinates]
    return lower(scalarise(function.root, function.shapes), names)


def exact_nodes(function: Expression, flat: Sequence[float], point: Point) -> list[Node]:
    """An expression for each coordinate: as it was written, or the shortest decimal of the double."""
    nodes: list[Node] = []
    for coordinate, value in zip(function.coordinates, flat, strict=True):
        exact = point.coordinates[coordinate.name].exact if coordinate.index is None else None
        nodes.append(fraction_node(Fraction(repr(float(value)))) if exact is None else exact)
    return nodes


def is_displaced(exact: Node, value: float) -> bool:
    """Whether the double is another point than the exact one."""
    return rational(exact) != Fraction(value)
