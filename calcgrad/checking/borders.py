"""A claim at the places that the conditions of a function single out: a formula proved on either side says nothing there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Request
from calcgrad.comparing.truths import same
from calcgrad.deadline import Deadline
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Call, Name, Node, Number, postorder
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import Point, coordinate
from calcgrad.inputs.values import PointValue
from calcgrad.methods.certified import derivatives
from calcgrad.operations import VOCABULARY
from calcgrad.report.claims import WrongEntry
from calcgrad.sympy_process.questions import solve

#: Where the other variables stand while one of them is solved for, and where those that no condition names stand.
_OTHERS = (Fraction(0), Fraction(1, 2))
_ELSEWHERE = Fraction(3, 4)
_MOST_POINTS = 12
#: Digits in which the claim and the derivative are compared.
_DIGITS = 30
#: A question is given no less than this, in seconds; when the time is up the whole ends by itself.
_LEAST = 0.1


def wrong_at_a_border(
    function: Expression,
    wrt: tuple[str, ...],
    claim: Node,
    borders: Sequence[tuple[Node, Node]],
    deadline: Deadline,
) -> tuple[WrongEntry | None, str] | None:
    """What becomes of a claim that is right beside some borders: the place where it is wrong, and why; or in words that it is right
    at those looked at; ``None`` where none could be looked at.
    """
    looked: list[str] = []
    none: list[str] = []
    for place in _points(function, borders, deadline):
        where = ", ".join(f"{v} = {to_text(c.exact, VOCABULARY)}" for v, c in place.items() if c.exact)
        true, exists = _derivative(function, wrt, place, deadline)
        if true is None and not exists:
            none.append(where)
            continue
        if true is None:
            return None
        said = _value(claim, function, place)
        if said is None or not same(said, true):
            told = "has no value" if said is None else f"is {said}"
            note = f"beside {where} it is right, but there the claim {told}, and the derivative is {true}"
            found = float("nan") if said is None else float(said)
            return WrongEntry(wrt[0], None, found, float(true)), note
        looked.append(where)
    if not looked and not none:
        return None
    right = [f"right at {'; '.join(looked)}"] if looked else []
    absent = [f"there is no derivative at {'; '.join(none)}"] if none else []
    return None, ", and ".join(right + absent)


def _part(deadline: Deadline) -> float:
    """The seconds that one question may take: those that are left."""
    return max(deadline.left, _LEAST)


def _points(
    function: Expression, borders: Sequence[tuple[Node, Node]], deadline: Deadline
) -> Iterator[dict[str, PointValue]]:
    """Points on the borders: each variable of one solved for, the others standing still."""
    count = 0
    for left, right in borders:
        difference = Call("sub", (left, right))
        names = [
            v
            for v in function.variables
            if v in {n.name for n in postorder(difference) if isinstance(n, Name)}
        ]
        for variable in names:
            for value in _OTHERS[: 1 + (len(names) > 1)]:
                fixed = {v: Number(value) for v in names if v != variable}
                for root in solve(difference, variable, fixed, _part(deadline)) or ():
                    count += 1
                    if count > _MOST_POINTS:
                        return
                    nodes: Mapping[str, Node] = {**fixed, variable: root}
                    yield {v: coordinate(nodes.get(v, Number(_ELSEWHERE))) for v in function.variables}


def _derivative(
    function: Expression, wrt: tuple[str, ...], place: Mapping[str, PointValue], deadline: Deadline
) -> tuple[str | None, bool]:
    """The derivative at an exact point, where it is known, and whether it may exist."""
    named: dict[str | int | None, PointValue] = {}
    named.update(place)
    point = Point(named)
    text = to_text(function.root, VOCABULARY)
    by = tuple(dict.fromkeys(wrt))
    asked = Request(
        text, at=(point,), wrt=by, order=len(wrt), methods=("forward-ad",), timeout=_part(deadline)
    )
    report = compute(asked)
    row = next(row for row in report.points[0].truth if row.wrt == wrt)
    if row.verdict in ("agree", "disagree", "overflow") and row.other is None:
        return row.value, True
    return None, row.verdict == "inconclusive"


def _value(claim: Node, function: Expression, place: Mapping[str, PointValue]) -> str | None:
    nodes = [place[v].exact or Number(0) for v in function.variables]
    [[found]] = derivatives(Expression(claim, function.variables), nodes, [()], _DIGITS)
    return found.value
