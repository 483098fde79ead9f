"""A claimed derivative of an expression: proved or refuted by SymPy first, then at many points."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from time import perf_counter

from calcgrad.comparing.judge import ALLOWED_ULPS
from calcgrad.comparing.request import Request, flat_point, read
from calcgrad.comparing.rounding import evaluation_condition
from calcgrad.errors import UsageError
from calcgrad.expression import Parsed, parse
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import Point
from calcgrad.methods.reverse_ad import first
from calcgrad.operations import VOCABULARY
from calcgrad.phrases import counted
from calcgrad.report import CheckReport, WrongEntry
from calcgrad.sympy_process.questions import differentiate, prove_equal
from calcgrad.systems.base import NoClosedForm

POINTS = 40


def check_claim(
    text: str,
    claims: Sequence[str],
    wrt: Sequence[str] = (),
    at: Sequence[Point] = (),
    timeout: float = 10.0,
    seed: int = 1,
) -> CheckReport:
    """Whether ``claims`` are the first derivatives of an expression, one claim a variable in the variables' order.

    Raises ``ParseError`` for a text that cannot be read and ``UsageError`` (E373) for another number of claims than variables.

    >>> check_claim("x^2", ["2*x"]).verdict, check_claim("x^2", ["x"]).verdict
    ('right', 'wrong')
    """
    start = perf_counter()
    reading = read(Request(text, at=tuple(at), wrt=tuple(wrt)), statements=False)
    function = reading.function
    names = reading.request.wrt or function.variables
    if len(claims) != len(names) or function.arrays or reading.output_indices != [None]:
        raise _cannot(claims, names, function)
    points = [flat_point(function, point) for point in reading.points]
    notes: list[str] = []
    wrong: list[WrongEntry] = []
    known = True
    for name, claim in zip(names, claims, strict=True):
        parsed = parse(claim, VOCABULARY, declared=function.variables)
        _same_variables(parsed, function, claim)
        entry, note = _one(function, name, parsed, points, timeout, seed)
        notes.append(note)
        known = known and entry is not _UNKNOWN
        if isinstance(entry, WrongEntry):
            wrong.append(entry)
    return CheckReport(
        target=text,
        claim=", ".join(claims),
        at=reading.points[0].at() if reading.points else {},
        verdict="wrong" if wrong else "right" if known else "inconclusive",
        seconds=perf_counter() - start,
        wrong=tuple(wrong),
        wrong_count=len(wrong),
        notes=tuple(notes),
    )


_UNKNOWN = object()


def _one(
    function: Expression, name: str, claim: Parsed, points: list[list[float]], timeout: float, seed: int
) -> tuple[object, str]:
    """A wrong entry, ``None`` for a right claim, or ``_UNKNOWN``; and how it is known."""
    tried = [dict(zip(function.variables, flat, strict=True)) for flat in points]
    formula = differentiate(function.root, [[name]], timeout=timeout).formulas[0]
    if formula.root is not None:
        proof = prove_equal(formula.root, claim.root, timeout, tried)
        if proof.verdict == "equal":
            return None, f"d/d{name}: proved as a formula"
        if proof.verdict == "different" and proof.point and proof.left and proof.right:
            where = ", ".join(f"{n} = {v:g}" for n, v in proof.point.items())
            values = f"the claim is {_digits(proof.right)}, the derivative is {_digits(proof.left)}"
            note = f"d/d{name}: at {where or 'every point'} {values}"
            return WrongEntry(name, None, float(proof.right), float(proof.left)), note
    return _at_points(function, name, claim, points, seed)


def _digits(text: str) -> str:
    return f"{float(text):.17g}"


def _at_points(
    function: Expression, name: str, claim: Parsed, points: list[list[float]], seed: int
) -> tuple[object, str]:
    """The claim against reverse mode at the user's points and at random ones, with rounding allowed for."""
    random = Random(seed)
    drawn = [[random.uniform(-3, 3) for _ in function.variables] for _ in range(POINTS)]
    claimed = Expression(claim.root, function.variables)
    i = function.variables.index(name)
    agreed = 0
    for flat in [*points, *drawn]:
        try:
            true = first(function, flat, [i])[0][0]
        except NoClosedForm as fact:
            return _UNKNOWN, f"d/d{name}: {fact}"
        value = float(claimed.values(flat)[0])
        allowed = ALLOWED_ULPS * sum(r.unit for r in evaluation_condition(function, flat, (i,)))
        allowed += 1e-12 * max(abs(true), abs(value))
        if abs(value - true) > allowed:
            where = ", ".join(f"{n} = {v:g}" for n, v in zip(function.variables, flat, strict=True))
            note = f"d/d{name}: at {where} the claim is {value!r}, the derivative is {true!r}"
            return WrongEntry(name, None, value, true, allowed), note
        agreed += abs(value - true) <= allowed
    if not agreed:
        return _UNKNOWN, f"d/d{name}: no point was found at which both are defined"
    return None, f"d/d{name}: not proved as a formula, but right at {agreed} points"


def _same_variables(parsed: Parsed, function: Expression, claim: str) -> None:
    extra = [name for name in parsed.variables if name not in function.variables]
    if extra:
        raise UsageError.of(
            "E374", f"the claim {claim} has the variable {extra[0]}, which the function has not"
        )


def _cannot(claims: Sequence[str], names: Sequence[str], function: Expression) -> Exception:
    if len(claims) == len(names):
        return UsageError.of("E375", "a claim is checked for a function of numbers with one value")
    hint = "repeat --claim, one for each of: " + ", ".join(names) + "; or choose with --wrt"
    claimed = counted(len(claims), "claim")
    needed = counted(len(names), "derivative")
    return UsageError.of("E373", f"{claimed} for {needed}", hints=(hint,))
