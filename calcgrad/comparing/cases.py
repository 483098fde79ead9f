"""A point of a request in both exact readings: as it was written, and at the doubles that the methods get."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from calcgrad.comparing.request import flat_point
from calcgrad.expression.nodes import Node
from calcgrad.functions.exact import ExactFunction, rounded
from calcgrad.functions.expression import Expression
from calcgrad.inputs.constants import rational
from calcgrad.inputs.points import Point


class Case(NamedTuple):
    """One point: its doubles, the subject as written, and the subject that the methods get where that is another."""

    point: Point
    flat: list[float]
    written: ExactFunction
    given: ExactFunction | None

    @property
    def methods(self) -> ExactFunction:
        """The function and the point that the methods get, exactly."""
        return self.given or self.written


def cases_of(function: Expression, points: Sequence[Point]) -> list[Case]:
    """The two readings of a function at points that are bound to its variables.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.inputs.points import bind, read_points
    >>> from calcgrad.operations import VOCABULARY
    >>> f = Expression(parse("0.5*x", VOCABULARY).root, ["x"])
    >>> points = [bind(point, ["x"]) for point in read_points(["0.1", "0.25"], VOCABULARY)]
    >>> [case.given is None for case in cases_of(f, points)]
    [False, True]
    """
    doubles = rounded(function)
    return [_case(function, doubles, point) for point in points]


def _case(function: Expression, doubles: Expression, point: Point) -> Case:
    flat = flat_point(function, point)
    given = ExactFunction(doubles, tuple(flat))
    if not function.of_text:
        return Case(point, flat, given, None)
    exact = exact_point(function, point)
    same = doubles is function and not any(map(is_moved, exact, flat))
    return Case(point, flat, ExactFunction(function, tuple(exact)), None if same else given)


def is_moved(exact: float | Node, double: float) -> bool:
    """Whether the nearest double is another number than the exact one."""
    return isinstance(exact, Node) and rational(exact) != Fraction(double)


def exact_point(function: Expression, point: Point) -> list[float | Node]:
    """The point as one constant expression for each coordinate; where none was written, the double itself."""
    nodes: list[float | Node] = []
    for name in function.variables:
        coordinate = point.coordinates[name]
        if isinstance(coordinate.value, float):
            nodes.append(coordinate.value if coordinate.exact is None else coordinate.exact)
        else:
            nodes.extend(coordinate.entries or coordinate.value.ravel().tolist())
    return nodes
