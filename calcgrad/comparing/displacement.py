"""Warnings of what rounding to doubles does to a derivative: the methods are right about a function, or a point, that is another
than the one that was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from calcgrad.comparing.cases import Case, is_moved
from calcgrad.comparing.request import Reading
from calcgrad.comparing.truths import Evidence
from calcgrad.comparing.words import derivative_text, short
from calcgrad.errors import Diagnostic, Span
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Node, Number, postorder
from calcgrad.functions.exact import mapped, nearest_double, shown
from calcgrad.functions.expression import Expression
from calcgrad.methods.certified import derivatives
from calcgrad.methods.protocol import Wrt
from calcgrad.operations import VOCABULARY
from calcgrad.phrases import listed
from calcgrad.purse import within
from calcgrad.report.derivatives import Truth
from calcgrad.systems.decimals import WIDE
from calcgrad.verdicts import between

#: A share of the derivative that is its last right digit.
ONE_DIGIT = Decimal("0.1")
#: Digits and seconds for the question which literal is to blame, and the most literals that are asked about.
_FEW, _SECONDS, _MOST = 17, 0.5, 8


def displacement_warnings(
    reading: Reading, case: Case, evidence: Sequence[Evidence], truth: Sequence[Truth]
) -> list[Diagnostic]:
    """W203 where rounding leaves no digit of a derivative, W204 where something lies between the point and its doubles."""
    if case.given is None:
        return []
    crossed = _crossed(reading, case, evidence, truth)
    if crossed:
        return crossed
    lost = (found for k, e in enumerate(evidence) if (found := _lost(reading, case, k, e, truth[k])))
    first = next(lost, None)
    return [] if first is None else [first]


def moved(value: str, given: str) -> Decimal:
    """How far the truth at the doubles is from the truth as written, as a share of the larger of the two."""
    with localcontext(WIDE):
        a, b = Decimal(value), Decimal(given)
        size = max(abs(a), abs(b))
        return abs(a - b) / size if size else Decimal(0)


def _crossed(
    reading: Reading, case: Case, evidence: Sequence[Evidence], truth: Sequence[Truth]
) -> list[Diagnostic]:
    """A warning for each operation that the doubles put on another piece; none where no row has a derivative as written."""
    assert case.given is not None
    ordinary = [e.at_written is None or e.at_written.verdict in ("agree", "overflow") for e in evidence]
    if not any(ordinary):
        return []
    found, jumps = between(reading.function, case.written, case.given, case.flat)
    if not jumps and not any(
        row.at_double or e.on_a_singular_double for row, e in zip(truth, evidence, strict=True)
    ):
        return []
    where = ", ".join(_coordinates(reading, case)) or "the point"
    told = "; ".join(_both(row, truth) for row in truth if row.at_double is not None)
    return [
        Diagnostic(
            "W204",
            f"{c.text} is {c.first} at {where} as written, but {c.second} at the nearest doubles, which the methods get"
            + (f"; {told}" if told else ""),
            hints=("move the point off that place, or choose numbers that doubles hold",),
        )
        for c in found
    ]


def _both(row: Truth, truth: Sequence[Truth]) -> str:
    what = derivative_text(row) if len(truth) > 1 else "the derivative"
    return f"{what} is {short(row.value or '')} as written, {short(row.at_double or '')} at the doubles"


def _coordinates(reading: Reading, case: Case) -> Iterator[str]:
    """The coordinates that no double holds, as they were written."""
    names = [place.name for place in reading.function.coordinates]
    for name, exact, double in zip(names, case.written.point, case.flat, strict=True):
        if is_moved(exact, double):
            assert isinstance(exact, Node)
            yield f"{name} = {to_text(shown(exact), VOCABULARY)}"


def _lost(reading: Reading, case: Case, k: int, evidence: Evidence, row: Truth) -> Diagnostic | None:
    """The warning where the two truths have no digit in common, with the numbers that are to blame."""
    if row.at_double is None or row.value is None or moved(row.value, row.at_double) <= ONE_DIGIT:
        return None
    which, output = divmod(k, len(reading.output_indices))
    blamed = _blamed(case, reading.wrts[which], output, row.value)
    names = listed([literal.text for literal in blamed]) if blamed else "the numbers"
    what = derivative_text(row)
    message = (
        f"rounding {names} to doubles leaves no digit of {what}: it is {short(row.value)} as written, "
        f"{short(row.at_double)} at the doubles, which the methods get"
    )
    span = next((literal.span for literal in blamed if literal.span), None)
    if span is None:
        return Diagnostic("W203", message)
    label = "no double holds this number"
    return Diagnostic("W203", message, span=span, label=label, source=reading.request.text)


class _Literal(NamedTuple):
    """A number of the text, or a coordinate, that no double holds."""

    text: str
    span: Span | None = None
    number: Number | None = None
    coordinate: int | None = None


def _blamed(case: Case, wrt: Wrt, output: int, value: str) -> list[_Literal]:
    """The literals of which each alone, rounded, moves the derivative by more than its last digit; all where none does alone."""
    literals = _literals(case)
    if len(literals) > _MOST:
        return literals[:_MOST]
    found = []
    for literal in literals:
        function, point = _with_rounded(case, literal)
        [[*proofs]] = derivatives(function, point, [wrt], _FEW, within(_SECONDS))
        there = proofs[output].value
        if there is not None and moved(value, there) > ONE_DIGIT:
            found.append(literal)
    return found or literals


def _literals(case: Case) -> list[_Literal]:
    found: dict[object, _Literal] = {}
    for node in postorder(case.written.function.root):
        if isinstance(node, Number) and nearest_double(node) is not node:
            found.setdefault(node.value, _Literal(to_text(node, VOCABULARY), node.span, node))
    for i, exact in enumerate(case.written.point):
        if is_moved(exact, case.flat[i]):
            assert isinstance(exact, Node)
            found[i, "coordinate"] = _Literal(to_text(exact, VOCABULARY), coordinate=i)
    return list(found.values())


def _with_rounded(case: Case, literal: _Literal) -> tuple[Expression, list[float | Node]]:
    """The function and the point as written, but for one literal, which is at its nearest double."""
    function, at = case.written.function, list(case.written.point)
    if literal.coordinate is not None:
        at[literal.coordinate] = case.flat[literal.coordinate]
        return function, at
    value = literal.number.value if literal.number else None
    root = mapped(function.root, lambda n: nearest_double(n) if n.value == value else n)
    return Expression(root, function.variables, function.shapes), at
