"""The truth beside the methods: SymPy's formula, and its value to forty digits, as written and at the doubles of the methods."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from calcgrad.comparing.cases import Case
from calcgrad.comparing.known import Known
from calcgrad.comparing.request import Reading
from calcgrad.errors import Diagnostic, LimitError
from calcgrad.expression.nodes import Call, Node
from calcgrad.functions.exact import mapped, nearest_double, shown
from calcgrad.functions.expression import Expression
from calcgrad.functions.lowering import entries
from calcgrad.methods.protocol import Outcome
from calcgrad.progress import tell
from calcgrad.report.estimates import Estimate, Failed, Skipped
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

#: The seconds of a long time limit that are left to the start of SymPy's process, so that it still hands over what it has found,
#: and to what comes after it.
_FOR_THE_START = 2.0
#: Characters; decimal arithmetic ends at exponents of some eighteen digits, and doubles end at three.
LONGEST_EXPONENT = 12


class Found(NamedTuple):
    """One formula: a tree of the language, or SymPy's own text where the language lacks a function of it; and the pairs of
    sides of the conditions between whose pieces it need not hold.
    """

    node: Node | None
    text: str | None
    note: str | None
    borders: Sequence[tuple[Node, Node]] = ()


class PointTruth(NamedTuple):
    """What is known at one point: the method ``symbolic``'s outcome, and of each derivative and output the value as written,
    and at the doubles that the methods get.
    """

    outcome: Outcome
    written: Sequence[Sequence[Known]]
    given: Sequence[Sequence[Known]]
    seconds: float | None


class Answer(NamedTuple):
    """SymPy's answer: formulas by derivative and output, what it found at each point, and the first output's value there."""

    formulas: Sequence[Sequence[Found]]
    points: Sequence[PointTruth]
    values: Sequence[Value] = ()


#: SymPy's answer, waited for so many seconds at most; without a number, as long as the request says from when SymPy begins.
Awaited: TypeAlias = Callable[..., Answer]


def ask(reading: Reading, cases: Sequence[Case], tidy: float = TIDY) -> Awaited:
    """Send the question to SymPy's process and return at once; the function that comes back waits for the answer.

    ``tidy`` is the time, in seconds, that shortening a long formula may take.
    """
    function, request = reading.function, reading.request
    names = [coordinate_name(function, i) for i in range(len(function.coordinates))]
    try:
        root = _one_list(function.in_numbers.root)
    except LimitError as error:
        answer = no_answer(reading, error.diagnostic.message)
        return lambda within=None: answer
    exactly = function.of_text or mapped(root, nearest_double) is root
    question = Question(
        root=root,
        wrt=[[names[i] for i in wrt] for wrt in reading.wrts],
        points=[_coordinates(case, names, exactly) for case in cases],
        digits=max(DIGITS, request.digits or 0),
        tidy=tidy,
        doubles=[case.given is not None for case in cases],
        written=function.of_text,
    )
    waiting = begin(question, max(0.75 * request.timeout, request.timeout - _FOR_THE_START))

    def answered(within: float | None = None) -> Answer:
        tell("SymPy is asked for the truth", 0, 0)
        return _answer(reading, waiting(within))

    return answered


def _one_list(root: Node) -> Node:
    """A matrix as one list of its entries, for SymPy is asked of outputs in a row; anything else as it is."""
    if isinstance(root, Call) and root.op == "vector":
        return Call("vector", tuple(entries(root)))
    return root


def no_answer(reading: Reading, why: str) -> Answer:
    """The answer where SymPy cannot be asked at all."""
    outputs = len(reading.output_indices)
    rows = [[Known(status="none", note=why)] * outputs for _ in reading.wrts]
    formulas = [[Found(None, None, why)] * outputs for _ in reading.wrts]
    point = PointTruth(Skipped(why), rows, rows, None)
    return Answer(formulas, [point] * len(reading.points))


def coordinate_name(function: Expression, i: int) -> str:
    """The scalar name of a coordinate: ``x``, or ``A[1,2]`` for an entry of an array."""
    place = function.coordinates[i]
    return place.name if place.index is None else f"{place.name}[{','.join(map(str, place.index))}]"


def _coordinates(case: Case, names: Sequence[str], exactly: bool) -> dict[str, Coordinate]:
    """Each coordinate by its name; one that is a double without a short fraction is given as that double alone.

    Where the root does not stand ``exactly`` for the function (decimals for the doubles of Python code), all are.
    """
    exact = [node if exactly and shown(node) is node else None for node in case.written.nodes]
    return dict(zip(names, map(Coordinate, case.flat, exact), strict=True))


def _answer(reading: Reading, answer: SymbolicAnswer) -> Answer:
    width = len(reading.wrts)
    outputs = len(reading.output_indices)
    by_wrt = [[o * width + k for o in range(outputs)] for k in range(width)]
    formulas = [[_found(answer.formulas[i]) for i in row] for row in by_wrt]
    points = [_at_point(reading, answer, at, by_wrt) for at in answer.points]
    return Answer(formulas, points, [at.values[0] for at in answer.points])


def _found(formula: Formula) -> Found:
    return Found(formula.root, formula.text, formula.note, formula.borders)


def _at_point(
    reading: Reading, answer: SymbolicAnswer, at: AtPoint, by_wrt: Sequence[Sequence[int]]
) -> PointTruth:
    timeout = reading.request.timeout
    rows = [[_known(at.derivatives[i], at.exact[i], timeout) for i in row] for row in by_wrt]
    given = rows
    if at.doubles is not None:
        given = [[_known(at.doubles[i], None, timeout) for i in row] for row in by_wrt]
    values = [[_float(at.derivatives[i]) for i in row] for row in by_wrt]
    if all(value is None for row in values for value in row):
        why = next((row.note for line in rows for row in line if row.note), None) or answer.note
        failed = Failed(Diagnostic("E901", why or "SymPy has no value here"))
        return PointTruth(failed, rows, given, answer.seconds)
    found = [[value is not None for value in row] for row in values]
    outcome = Estimate(
        values,
        status=[["ok" if ok else "failed" for ok in row] for row in found],
        note=[[None if ok else rows[k][o].note for o, ok in enumerate(row)] for k, row in enumerate(found)],
    )
    return PointTruth(outcome, rows, given, answer.seconds)


def _known(value: Value, exact: Node | None, timeout: float) -> Known:
    from calcgrad.expression import to_text
    from calcgrad.operations import VOCABULARY

    text = to_text(exact, VOCABULARY) if exact is not None else None
    if value.status == "ok" and len((value.text or "").partition("e")[2]) > LONGEST_EXPONENT:
        note = "SymPy's value is too large, or too small, for a decimal"
        return Known(exact=text, status="none", note=note)
    if value.status == "ok":
        return Known(_without_zeros(value.text or ""), exact=text, method="symbolic")
    if value.status == "zero":
        return Known("0", radius=value.bound, exact=text, note=value.note, method="symbolic")
    if value.status == "timeout":
        return Known(status="timeout", note=f"none within {timeout:g} s")
    return Known(exact=text, status="none", note=value.note or f"SymPy's value is {value.status}")


#: How far a value may be off from rounding alone before it is said, by its size: 64 units in the last place.
_ROUNDED = 2.0**-46


def value_as_written(value: Value, given: float, rounded: bool = False) -> str | None:
    """The digits of a function's value as written, where the double that the methods get is not the nearest to it.

    ``0.1*x`` at 3 is 0.3, and 0.30000000000000004 in doubles: what was written comes first. With ``rounded`` doubles hold all
    that was written, and only more than ordinary rounding is worth a word: ``(x + 1e16) - 1e16`` at 1 is 1, and 0 in doubles.
    """
    if value.status == "zero":
        return "0" if given else None
    if value.status != "ok" or value.text is None or not math.isfinite(given):
        return None
    if len(value.text.partition("e")[2]) > LONGEST_EXPONENT or float(value.text) == given:
        return None
    if rounded and abs(float(value.text) - given) <= _ROUNDED * abs(given):
        return None
    return _without_zeros(value.text)


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
