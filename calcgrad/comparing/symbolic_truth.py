"""The truth beside the methods: SymPy's formula, and its value to forty digits at the very doubles that the methods get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from calcgrad.comparing.request import Reading
from calcgrad.errors import Diagnostic, LimitError
from calcgrad.expression.nodes import Node
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import Point
from calcgrad.methods.protocol import Outcome
from calcgrad.report import Estimate, Failed, Skipped, Truth
from calcgrad.sympy_process.questions import (
    DIGITS,
    TIDY,
    AtPoint,
    Coordinate,
    Formula,
    Question,
    SymbolicAnswer,
    Value,
    begin,
)

#: Characters; decimal arithmetic ends at exponents of some eighteen digits, and doubles end at three.
LONGEST_EXPONENT = 12


class Found(NamedTuple):
    """One formula: a tree of the language, or SymPy's own text where the language lacks a function of it."""

    node: Node | None
    text: str | None
    note: str | None


class PointTruth(NamedTuple):
    """SymPy at one point: the method ``symbolic``'s outcome, and a truth row for each derivative and output."""

    outcome: Outcome
    rows: Sequence[Sequence[Truth]]
    seconds: float | None


class Answer(NamedTuple):
    """SymPy's answer: formulas by derivative and output, and what it found at each point."""

    formulas: Sequence[Sequence[Found]]
    points: Sequence[PointTruth]


def ask(reading: Reading, tidy: float = TIDY) -> Callable[[], Answer]:
    """Send the question to SymPy's process and return at once; the function that comes back waits for the answer.

    ``tidy`` is the time, in seconds, that shortening a long formula may take.
    """
    function, request = reading.function, reading.request
    names = [coordinate_name(function, i) for i in range(len(function.coordinates))]
    try:
        root = _scalar_root(function)
    except LimitError as error:
        answer = _no_answer(reading, error.diagnostic.message)
        return lambda: answer
    question = Question(
        root=root,
        wrt=[[names[i] for i in wrt] for wrt in reading.wrts],
        points=[_coordinates(function, point, names) for point in reading.points],
        digits=max(DIGITS, request.digits or 0),
        tidy=tidy,
    )
    waiting = begin(question, request.timeout)
    return lambda: _answer(reading, waiting())


def _no_answer(reading: Reading, why: str) -> Answer:
    """The answer where SymPy cannot be asked at all."""
    outputs = len(reading.output_indices)
    row = Truth((), status="none", note=f"no truth: {why}")
    formulas = [[Found(None, None, why)] * outputs for _ in reading.wrts]
    point = PointTruth(Skipped(why), [[row] * outputs for _ in reading.wrts], None)
    return Answer(formulas, [point] * len(reading.points))


def coordinate_name(function: Expression, i: int) -> str:
    """The scalar name of a coordinate: ``x``, or ``A[1,2]`` for an entry of an array."""
    place = function.coordinates[i]
    return place.name if place.index is None else f"{place.name}[{','.join(map(str, place.index))}]"


def _scalar_root(function: Expression) -> Node:
    if not function.arrays:
        return function.root
    from calcgrad.functions.scalars import scalarise

    return scalarise(function.root, function.shapes)


def _coordinates(function: Expression, point: Point, names: Sequence[str]) -> dict[str, Coordinate]:
    found: dict[str, Coordinate] = {}
    for variable in function.variables:
        coordinate = point.coordinates[variable]
        if isinstance(coordinate.value, float):
            found[variable] = Coordinate(coordinate.value, coordinate.exact)
        else:
            mine = names[len(found) : len(found) + coordinate.value.size]
            found.update(zip(mine, map(Coordinate, coordinate.value.ravel().tolist()), strict=True))
    return found


def _answer(reading: Reading, answer: SymbolicAnswer) -> Answer:
    width = len(reading.wrts)
    outputs = len(reading.output_indices)
    by_wrt = [[o * width + k for o in range(outputs)] for k in range(width)]
    formulas = [[_found(answer.formulas[i]) for i in row] for row in by_wrt]
    points = [_at_point(reading, answer, at, by_wrt) for at in answer.points]
    return Answer(formulas, points)


def _found(formula: Formula) -> Found:
    return Found(formula.root, formula.text, formula.note)


def _at_point(
    reading: Reading, answer: SymbolicAnswer, at: AtPoint, by_wrt: Sequence[Sequence[int]]
) -> PointTruth:
    timeout = reading.request.timeout
    rows = [[_row(at.derivatives[i], at.exact[i], timeout) for i in row] for row in by_wrt]
    values = [[_float(at.derivatives[i]) for i in row] for row in by_wrt]
    if all(value is None for row in values for value in row):
        why = next((row.note for line in rows for row in line if row.note), None) or answer.note
        return PointTruth(Failed(Diagnostic("E901", why or "SymPy has no value here")), rows, answer.seconds)
    found = [[value is not None for value in row] for row in values]
    return PointTruth(
        Estimate(
            values,
            status=[["ok" if ok else "failed" for ok in row] for row in found],
            note=[
                [None if ok else rows[k][o].note for o, ok in enumerate(row)] for k, row in enumerate(found)
            ],
        ),
        rows,
        answer.seconds,
    )


def _row(value: Value, exact: Node | None, timeout: float) -> Truth:
    from calcgrad.expression import to_text
    from calcgrad.operations import VOCABULARY

    text = to_text(exact, VOCABULARY) if exact is not None else None
    if value.status == "ok" and len((value.text or "").partition("e")[2]) > LONGEST_EXPONENT:
        return Truth(
            (), exact=text, status="none", note="SymPy's value is too large, or too small, for a decimal"
        )
    if value.status == "ok":
        return Truth((), exact=text, value=_without_zeros(value.text or ""), method="symbolic")
    if value.status == "zero":
        return Truth((), exact=text, value="0", radius=value.bound, note=value.note, method="symbolic")
    if value.status == "timeout":
        return Truth((), status="timeout", note=f"none within {timeout:g} s")
    return Truth((), exact=text, status="none", note=value.note or f"SymPy's value is {value.status}")


def _without_zeros(text: str) -> str:
    """A decimal without the zeros at its end, where there are so many that the number is plainly short.

    >>> _without_zeros("2.00000000000000000000"), _without_zeros("0.30000000000000000001")
    ('2', '0.30000000000000000001')
    """
    short = text.rstrip("0").rstrip(".")
    return short if "." in text and "e" not in text and len(text) - len(short) > 15 else text


def _float(value: Value) -> float | None:
    if value.status == "zero":
        return 0.0
    return float(value.text) if value.status in ("ok", "singular", "infinite") and value.text else None
