"""Two truths that know nothing of each other: SymPy's value of a formula, and what Arb's balls prove. Both certify."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Context, Decimal, localcontext
from typing import NamedTuple

from calcgrad.comparing.cases import Case
from calcgrad.comparing.known import Known
from calcgrad.comparing.request import Reading
from calcgrad.comparing.symbolic_truth import PointTruth
from calcgrad.deadline import Deadline
from calcgrad.functions.exact import ExactFunction
from calcgrad.methods import method
from calcgrad.methods.certified import derivatives
from calcgrad.methods.protocol import Problem, Wrt
from calcgrad.phrases import size
from calcgrad.purse import within
from calcgrad.report.estimates import Estimate, Skipped
from calcgrad.sympy_process.questions import DIGITS, Value
from calcgrad.systems.decimals import Enclosure
from calcgrad.verdicts import Finding, vanishes

#: How many digits the two must share.
AGREEMENT = 30
#: A zero that is not proved is told where it is known within this.
OPEN = 1e-40
#: A point's own error is no matter below this share of the derivative.
SMALL = 1e-10
_FEW, _SHORT_TIME, _MOST_MOVES = 17, 1.0, 12
NOT_ASKED = Known(status="none", note="SymPy was not asked (--truth certified)")

#: The digits of a function's value, and the seconds that they may take.
_OF_A_VALUE, _FOR_A_VALUE = 20, 1.0
_LATE = "no digits were proved in the time given"

Proofs = list[list[Enclosure | None]]


class BothProofs(NamedTuple):
    """What Arb proves of each derivative and output at one point: as written, and at the doubles."""

    written: Proofs
    given: Proofs


def wanted_digits(digits: int | None) -> int:
    """The digits of the truth: forty, or more where they are asked for."""
    return max(DIGITS, digits or 0)


def certify(
    reading: Reading,
    points: Sequence[tuple[Case, list[list[Finding | None]], list[list[Finding | None]]]],
    deadline: Deadline,
) -> list[BothProofs]:
    """What Arb proves of each derivative and output at each point, in both readings: a point is a case, and what is singular
    there as written and at the doubles.

    Where there is no ordinary derivative nothing is tried. All points together may take the time that is left.
    """
    found = []
    for case, as_written, as_given in points:
        written = _at_point(reading, case.written, as_written, deadline)
        given = written if case.given is None else _at_point(reading, case.given, as_given, deadline)
        found.append(BothProofs(written, given))
    return found


def _at_point(
    reading: Reading, subject: ExactFunction, findings: list[list[Finding | None]], deadline: Deadline
) -> Proofs:
    late: Proofs = [[Enclosure(None, note=_LATE)] * len(row) for row in findings]
    return deadline.attempt(lambda: _proofs(reading, subject, findings, deadline.left), late)


def _proofs(
    reading: Reading, subject: ExactFunction, findings: list[list[Finding | None]], left: float
) -> Proofs:
    ordinary = [
        k
        for k, row in enumerate(findings)
        if any(f is None or f.verdict in ("overflow", "agree") for f in row)
    ]
    wrts = [reading.wrts[k] for k in ordinary]
    digits = wanted_digits(reading.request.digits)
    found = derivatives(subject.function, subject.point, wrts, digits, left) if wrts else []
    rows: Proofs = [[None] * len(row) for row in findings]
    for k, proved in zip(ordinary, found, strict=True):
        rows[k] = [_zero_by_form(subject, reading.wrts[k], o, row) for o, row in enumerate(proved)]
    return rows


def certified_value(case: Case) -> Value:
    """The function's value as written, where Arb proves its digits."""
    ((found,),) = derivatives(
        case.written.function, case.written.point, [()], _OF_A_VALUE, within(_FOR_A_VALUE)
    )
    if found.value is None or not found.digits:
        return Value("none")
    return Value("zero" if found.value == "0" else "ok", found.value)


def _zero_by_form(subject: ExactFunction, wrt: Wrt, output: int, proof: Enclosure) -> Enclosure:
    """A proof that leaves 0 open, closed where the derivative is 0 by the form of its exact terms."""
    if proof.value is None or proof.digits or not vanishes(subject, wrt, output):
        return proof
    return Enclosure("0", "0", DIGITS)


def combined(symbolic: PointTruth | None, proofs: BothProofs | None, digits: int) -> PointTruth | None:
    """The truth of a point from both sides, of which either may be missing."""
    if proofs is None:
        return symbolic
    if symbolic is None:
        why = NOT_ASKED.note or ""
        none = [[NOT_ASKED] * len(row) for row in proofs.written]
        symbolic = PointTruth(Skipped(why), none, none, None)
    return symbolic._replace(
        written=_rows(symbolic.written, proofs.written, digits),
        given=_rows(symbolic.given, proofs.given, digits),
    )


def _rows(symbolic: Sequence[Sequence[Known]], proofs: Proofs, digits: int) -> list[list[Known]]:
    return [
        [beside(row, proof, digits) for row, proof in zip(rows, proved, strict=True)]
        for rows, proved in zip(symbolic, proofs, strict=True)
    ]


def beside(row: Known, proof: Enclosure | None, digits: int) -> Known:
    """SymPy's number and Arb's proof as one: certified, or doubted, or the word of one side alone.

    >>> proof = Enclosure("0.5403023058681397174009366074429766037323", "2.9e-41", 40)
    >>> row = Known("0.5403023058681397174009366074429766037323")
    >>> beside(row, proof, 40).certified
    True
    >>> beside(Known("0.54030230586813971740"), proof, 40).disputed
    True
    """
    if proof is None:
        return row
    if proof.value is None:
        told = row.note is not None and (proof.note or "") in row.note
        return row if told else replace(row, note=_joined(row.note, f"not certified: {proof.note}"))
    if row.value is None and _tells_nothing(proof):
        note = f"Arb's series proves no more than that it is 0 within {proof.radius}"
        return replace(row, note=_joined(row.note, f"not certified: {note}"))
    proved = replace(
        row, value=proof.value, radius=proof.radius, digits=proof.digits, method="certified", status="ok"
    )
    if row.value is None:
        why = f"SymPy has no value to confirm it: {row.note}" if row is not NOT_ASKED else NOT_ASKED.note
        note = _joined(proof.note or _open_zero(proof), why)
        return replace(proved, certified=proof.is_zero, note=note)
    with localcontext(Context(prec=2 * digits + 20, Emax=999_999_999, Emin=-999_999_999)):
        return _both(row, proved, proof, digits)


def _both(row: Known, proved: Known, proof: Enclosure, digits: int) -> Known:
    """Both sides have a value. SymPy's is 0 exactly, 0 within a bound (its ``radius``), or a decimal of so many digits."""
    ours, theirs = Decimal(proof.value or 0), Decimal(row.value or 0)
    radius = Decimal(proof.radius or 0)
    last = Decimal(row.radius) if row.radius else theirs.scaleb(1 - digits).copy_abs()
    if abs(ours - theirs) > radius + last:
        note = f"Arb's series gives {proof.value}, but SymPy's formula gives {row.value}"
        return replace(proved, other=row.value, note=note)
    if proof.digits == 0:
        if theirs:
            note = (
                f"SymPy's digits alone: Arb's series proves no more than that it is 0 within {proof.radius}"
            )
            return replace(row, note=note)
        if row.radius is None:
            return replace(proved, certified=True, radius="0", digits=digits, note=None)
        return replace(proved, note=_open_zero(proof))
    certified = proof.is_zero or (proof.digits >= AGREEMENT and not row.radius)
    return replace(proved, certified=certified, note=proof.note)


def _tells_nothing(proof: Enclosure) -> bool:
    """Whether a proof leaves 0 open within a bound so wide that the derivative may be any number."""
    return proof.digits == 0 and float(proof.radius or 0) > OPEN


def _joined(*notes: str | None) -> str:
    return "; ".join(filter(None, notes))


def _open_zero(proof: Enclosure) -> str | None:
    return "whether it is exactly 0 is not proved" if proof.digits == 0 else None


def point_error(case: Case, known: Known, wrt: Wrt, output: int, estimate: float) -> float | None:
    """How far a derivative moves, to first order, when every coordinate moves by half an ulp.

    ``estimate`` is what adjoints in doubles say. Where that would take digits away it is not believed, since the same cancellation
    may have made it: then Arb gives the next derivatives.
    """
    size = abs(float(known.value or 0))
    if not math.isfinite(estimate) or estimate > SMALL * size > 0:
        if len(case.flat) > _MOST_MOVES:
            return None
        moves = [tuple(sorted((*wrt, j))) for j in range(len(case.flat))]
        subject = case.methods
        found = derivatives(subject.function, subject.point, moves, _FEW, within(_SHORT_TIME))
        proved = [row[output].value for row in found]
        if any(value is None for value in proved):
            return None
        return sum(abs(float(v or 0)) * math.ulp(x) / 2 for v, x in zip(proved, case.flat, strict=True))
    return estimate


def with_witness(reading: Reading, case: Case, known: Known, wrt: Wrt, output: int) -> Known:
    """A number on which SymPy and Arb disagree, with what the numerical witness says of the two; its value is that of the side
    which the witness supports, Arb's where it supports both or neither.
    """
    outcome = method("adaptive").derivatives(Problem(reading.function, case.flat, [wrt]))
    if not isinstance(outcome, Estimate):
        return replace(known, note=f"{known.note}; the numerical witness has no value")
    value, bound = outcome.value[0][output], outcome.error_bound[0][output]
    near, said = witnessed(value, bound, known.value or "", known.other or "")
    known = replace(known, note=f"{known.note}; {said}")
    if near != ["SymPy's"]:
        return known
    return replace(known, value=known.other, other=known.value, radius=None, digits=None, method="symbolic")


def witnessed(value: float, bound: float, arb: str, symbolic: str) -> tuple[list[str], str]:
    """Which of two values the adaptive difference supports, those within ten times its own bound; and the same in words.

    >>> witnessed(0.5403, 1e-5, "0.5403023", "0.55")[1]
    "adaptive, a witness of values alone, gives 0.5403 ± 1e-5 and supports Arb's"
    """
    if not abs(value) + bound < math.inf:
        return [], "the numerical witness has no value"
    said = f"adaptive, a witness of values alone, gives {value!r} ± {size(bound, 1)}"
    near = [
        name
        for name, side in (("Arb's", arb), ("SymPy's", symbolic))
        if abs(Decimal(value) - Decimal(side)) <= 10 * Decimal(bound)
    ]
    if len(near) == 1:
        return near, f"{said} and supports {near[0]}"
    return near, f"{said}, which {'does not tell them apart' if near else 'supports neither'}"
