"""Why a method's number is wrong where no number on the way left the doubles and no comparison is decided otherwise.

An operation may turn so fast that the last bit of its argument changes its value altogether (``sin`` of 1e142, ``fresnelc`` of
1e16): what is computed from it knows nothing of the function, and differences see nothing between two doubles. Or the function
bends within the steps of a difference, which then measures a mean slope.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from functools import partial

from calcgrad.autodiff.tape import Tape, made_of, run
from calcgrad.comparing.culprit import culprit
from calcgrad.comparing.looks import Looks
from calcgrad.comparing.words import DECIDED, worst_row, wrong_row
from calcgrad.errors import LimitError
from calcgrad.functions.exact import ExactFunction
from calcgrad.methods import facts
from calcgrad.methods.certified import derivatives
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.phrases import figure
from calcgrad.purse import within
from calcgrad.report.derivatives import Result, Truth
from calcgrad.systems.base import FLOAT64, NoClosedForm
from calcgrad.systems.decimals import WIDE
from calcgrad.verdicts.spelling import spell_slot

#: A value that the last bit of its argument moves by more than this share of it is not known by its doubles.
_SHARE = 0.1
#: Digits and seconds for the values at a difference's steps.
_DIGITS, _SECONDS = 17, 0.5


def with_causes(looks: Looks, truth: Sequence[Truth], results: Sequence[Result]) -> tuple[Truth, ...]:
    """The rows of truth, each with the cause of a wrong number where nothing was said of it."""
    return tuple(_with_cause(looks, k, row, results) for k, row in enumerate(truth))


def _with_cause(looks: Looks, k: int, row: Truth, results: Sequence[Result]) -> Truth:
    if row.verdict != "disagree" or row.other is not None or row.value is None:
        return row
    worst = worst_row(row, results)
    if worst is None or (row.note or "").startswith(("no digit of ", DECIDED)):
        return row
    cause = looks.look(partial(_cause, looks, k, row, worst), "")
    return replace(row, note=f"{wrong_row(row, results)}: {cause}") if cause else row


def _cause(looks: Looks, k: int, row: Truth, worst: Result) -> str:
    subject = looks.case.methods
    wrt, output = divmod(k, len(looks.reading.output_indices))
    try:
        tape = subject.function.in_numbers.tape
        found = steepest(tape, looks.case.flat, output)
    except (LimitError, NoClosedForm):
        found = None
    if found is not None:
        return found
    coordinates = looks.reading.wrts[wrt]
    if facts(worst.method).by_table and len(coordinates) == 1 and worst.abs_error:
        blamed = culprit(looks.reading.function, looks.case.flat, coordinates[0], output, worst.abs_error)
        if blamed is not None:
            what, moved = blamed
            by = "altogether" if moved is None else f"by {figure(moved, 2)}"
            return f"the last bits of {what} move the derivative {by}"
    measured = looks.rounding(k)
    if facts(worst.method).exact and (measured is None or not math.isfinite(measured.unit)):
        return (
            "how far rounding may move it is not known, since the measure of that leaves the doubles itself"
        )
    if not facts(worst.method).bounded or worst.step is None or worst.value is None or len(coordinates) > 1:
        return ""
    true = Decimal(row.at_double or row.value or 0)
    return _over_its_step(
        subject, looks.case.flat, coordinates[0], output, worst.step, (Decimal(worst.value), true)
    )


def steepest(tape: Tape, flat: Sequence[float], output: int = 0) -> str | None:
    """The first operation that the last bit of an argument moves by more than a tenth of its value, in words.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.functions.expression import Expression
    >>> from calcgrad.operations import VOCABULARY
    >>> f = Expression(parse("x + sin(x^2)", VOCABULARY).root, ["x"])
    >>> steepest(f.tape, [3e10])
    'one last bit of x^2, 131072, moves sin(x^2) by more than its value'
    >>> steepest(f.tape, [3.0])
    """
    values = run(tape, list(flat), FLOAT64)
    used = made_of(tape, tape.outputs[output])
    for slot, step in enumerate(tape.steps, len(tape.inputs)):
        row, value = OPERATIONS[step.op], values[slot]
        if (
            slot not in used
            or not isinstance(row, Elementwise)
            or not row.analytic
            or not math.isfinite(value)
        ):
            continue
        args = [values[i] for i in step.args]
        for j, i in enumerate(step.args):
            if i < 0 or args[j] == 0 or not math.isfinite(args[j]) or step.op in ("add", "sub"):
                continue
            bit = math.ulp(args[j])
            try:
                moved = FLOAT64.push(step.op, j)(value, *args, *step.params, bit)
            except NoClosedForm:
                continue
            if moved is not None and abs(moved) > _SHARE * abs(value):
                by = figure(abs(moved), 2) if abs(moved) <= abs(value) else "more than its value"
                return f"one last bit of {spell_slot(tape, i)}, {figure(bit)}, moves {spell_slot(tape, slot)} by {by}"
    return None


def _over_its_step(
    subject: ExactFunction,
    flat: Sequence[float],
    i: int,
    output: int,
    step: float,
    numbers: tuple[Decimal, Decimal],
) -> str:
    """Whether the exact function's mean slope over a difference's step is not its derivative; ``numbers`` are what the method gives
    and the truth.
    """
    ends = [flat[i] - abs(step), flat[i], flat[i] + abs(step)]
    values = [_value(subject, [*flat[:i], x, *flat[i + 1 :]], output) for x in ends]
    known = [(x, v) for x, v in zip(ends, values, strict=True) if v is not None]
    if len(known) < 2:
        return ""
    (low, first), (high, last) = known[0], known[-1]
    given, true = numbers
    with localcontext(WIDE):
        mean = (last - first) / (Decimal(high) - Decimal(low))
        if 2 * abs(mean - true) <= abs(given - true):
            return ""
    return f"its steps are too long for the function, whose mean slope from {figure(low)} to {figure(high)} is {figure(mean)}"


def _value(subject: ExactFunction, point: Sequence[float], output: int) -> Decimal | None:
    """The function's exact value at some doubles."""
    ((*proved,),) = derivatives(subject.function, point, [()], _DIGITS, within(_SECONDS))
    found = proved[output]
    return Decimal(found.value) if found.value is not None and found.digits else None
