"""A claimed derivative of an expression: proved or refuted by SymPy first, then at many points; and why it is wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations_with_replacement
from random import Random
from time import perf_counter

from calcgrad.checking.borders import wrong_at_a_border
from calcgrad.checking.reasons import Points, answer, reason
from calcgrad.comparing.judge import ALLOWED_ULPS
from calcgrad.comparing.options import require_timeout, time_up
from calcgrad.comparing.request import Reading, Request, flat_point, read
from calcgrad.comparing.rounding import evaluation_condition
from calcgrad.deadline import Deadline
from calcgrad.deriving import NoFormulaError
from calcgrad.deriving.finding import LEAST_POINTS, derivative
from calcgrad.errors import UsageError
from calcgrad.expression import Parsed, parse
from calcgrad.expression.nodes import Node
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import Point
from calcgrad.methods.reverse_ad import first
from calcgrad.operations import VOCABULARY
from calcgrad.phrases import counted, figure
from calcgrad.report.claims import CheckReport, Mistake, WrongEntry
from calcgrad.sympy_process.questions import differentiate, prove_equal
from calcgrad.systems.base import NoClosedForm

POINTS = 40
#: A claim may have these beside the function's variables: what people write for a constant of integration.
_FREE_CONSTANTS = ("C", "c")


def check_claim(
    text: str,
    claims: Sequence[str],
    wrt: Sequence[str] = (),
    at: Sequence[Point] = (),
    timeout: float = 30.0,
    seed: int = 1,
    order: int = 1,
    show_answer: bool = False,
) -> CheckReport:
    """Whether ``claims`` are the derivatives of an expression, one claim a variable in the variables' order.

    With ``order`` 2 and more there is one claim for each choice of variables in their order (``xx``, ``xy``, ``yy``). The text
    may be ``f(x) = …`` or ``y = …``, a claim ``f'(x) = …``, ``y'' = …`` or ``dy/dx = …``: it then says the order itself. A
    wrong claim comes with the mistake that explains it, where one does; ``show_answer`` adds the right formulas. What is not known
    after ``timeout`` seconds is inconclusive where another claim is known.

    Raises ``ParseError`` for a text that cannot be read, ``TimeUpError`` (E902) where the time is up and nothing is known, and
    ``UsageError`` (E373) for another number of claims than variables.

    >>> check_claim("x^2", ["2*x"]).verdict, check_claim("x^2", ["x"]).verdict
    ('right', 'wrong')
    >>> check_claim("sin(x^2)", ["cos(x^2)"]).mistakes[0].detail
    'the inner derivative of x^2, which is 2*x, is left out (chain rule)'
    """
    require_timeout(timeout)
    start, deadline = perf_counter(), Deadline(timeout)
    asking = Request(text, at=tuple(at), wrt=tuple(wrt), order=order)
    reading = deadline.attempt(lambda: read(asking), None)
    if reading is None:
        raise time_up(timeout)
    function = reading.function
    free = [name for name in _FREE_CONSTANTS if name not in function.variables]
    parsed = [parse(c, VOCABULARY, declared=(*function.variables, *free), statements=True) for c in claims]
    wrts = _wanted(reading, parsed)
    if len(claims) != len(wrts) or function.arrays or reading.output_indices != [None]:
        raise _cannot(claims, wrts, function)
    for claim, said in zip(claims, parsed, strict=True):
        _same_variables(said, function, claim)
    points = [flat_point(function, point) for point in reading.points]
    asked = _Asked(function, points, deadline, seed)
    found = [_in_time(asked, names, claim) for names, claim in zip(wrts, parsed, strict=True)]
    if deadline.left <= 0 and not any(f.known for f in found):
        raise time_up(timeout)
    wrong = [f.entry for f in found if f.entry is not None]
    verdict = "wrong" if wrong else "right" if all(f.known for f in found) else "inconclusive"
    answers = [deadline.attempt(partial(answer, function, n), None) for n in wrts] if show_answer else []
    return CheckReport(
        target=text,
        claim=", ".join(claims),
        at=reading.points[0].at() if reading.points else {},
        verdict=verdict,  # type: ignore[arg-type]
        seconds=perf_counter() - start,
        wrong=tuple(wrong),
        wrong_count=len(wrong),
        notes=tuple(f.note for f in found),
        mistakes=tuple(f.mistake for f in found if f.mistake is not None),
        answers=tuple(a for a in answers if a is not None),
    )


def _wanted(reading: Reading, claims: Sequence[Parsed]) -> list[tuple[str, ...]]:
    """For each claim the variables that it is the derivative by, one after another."""
    variables = reading.function.variables
    names = reading.request.wrt or variables
    said = [claim.statement for claim in claims if claim.statement is not None and claim.statement.left_order]
    order = reading.request.order
    if said and order == 1:
        order = said[0].left_order
    if len(said) == 1 == len(claims) and said[0].left_wrt:
        return [said[0].left_wrt if len(said[0].left_wrt) == order else said[0].left_wrt[:1] * order]
    constants = [name for name in names if name not in _FREE_CONSTANTS]
    if not reading.request.wrt and constants and order == 1 and len(claims) == len(constants):
        names = tuple(constants)  # x^2 + C is a function of x
    if not names and len(claims) == 1:
        names = ("x",)  # a constant, whose derivative by anything is 0
    return list(combinations_with_replacement(names, order))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is the same for every claim of a function."""

    function: Expression
    points: list[list[float]]
    deadline: Deadline
    seed: int


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of one claim: a wrong entry with its mistake, or whether it is known to be right; and how."""

    entry: WrongEntry | None
    known: bool
    note: str
    mistake: Mistake | None = None


def _in_time(asked: _Asked, wrt: tuple[str, ...], claim: Parsed) -> _Found:
    """What is known of a claim when the time is up, at the latest."""
    late = _Found(None, False, f"{_label(wrt)}: {asked.deadline.note}")
    return asked.deadline.attempt(lambda: _one(asked, wrt, claim), late)


def _one(asked: _Asked, wrt: tuple[str, ...], claim: Parsed) -> _Found:
    function = asked.function
    variables = tuple(dict.fromkeys([*function.variables, *wrt, *claim.variables]))
    wider = Expression(function.root, variables)
    points = [[*flat, *[0.0] * (len(variables) - len(flat))] for flat in asked.points]
    found = _decided(replace(asked, function=wider, points=points), wrt, claim)
    if found.entry is None:
        found = _undefined(wider, wrt, claim, found, asked.seed) if found.known else found
    if found.entry is not None and found.mistake is None:
        extra = [name for name in claim.variables if name not in function.variables]
        told = _constant_of_integration(wrt, extra[0]) if extra else None
        found = replace(found, mistake=told or reason(wider, wrt, claim.root, variables, asked.seed))
    return found


def _constant_of_integration(wrt: tuple[str, ...], name: str) -> Mistake:
    words = f"the claim has the constant {name}: that belongs to an integral, not to a derivative"
    return Mistake(wrt[0], "constant of integration", words, None, "formula")


def _label(wrt: tuple[str, ...]) -> str:
    """``d/dx``, ``d2/dx2``, ``d2/dx dy``."""
    if len(wrt) == 1:
        return f"d/d{wrt[0]}"
    if len(set(wrt)) == 1:
        return f"d{len(wrt)}/d{wrt[0]}{len(wrt)}"
    return f"d{len(wrt)}/" + " ".join("d" + name for name in wrt)


def _decided(asked: _Asked, wrt: tuple[str, ...], claim: Parsed) -> _Found:
    """By SymPy, or else at points."""
    function, label = asked.function, _label(wrt)
    tried = [dict(zip(function.variables, flat, strict=True)) for flat in asked.points]
    formula = differentiate(function.root, [list(wrt)], timeout=asked.deadline.left).formulas[0]
    if formula.root is not None:
        proof = prove_equal(formula.root, claim.root, asked.deadline.left, tried)
        if proof.verdict == "equal":
            return _at_borders(asked, wrt, claim, formula.borders, f"{label}: proved as a formula")
        if proof.verdict == "different" and proof.point is not None and proof.left and proof.right:
            where = ", ".join(f"{n} = {figure(v)}" for n, v in proof.point.items())
            values = f"the claim is {_digits(proof.right)}, the derivative is {_digits(proof.left)}"
            note = f"{label}: at {where or 'every point'} {values}"
            return _Found(WrongEntry(wrt[0], None, float(proof.right), float(proof.left)), True, note)
    found = _at_points(asked, wrt[0], claim) if len(wrt) == 1 else _by_rules(asked, wrt, claim)
    if found.entry is not None or not found.known:
        return found
    return _at_borders(asked, wrt, claim, formula.borders, found.note)


def _by_rules(asked: _Asked, wrt: tuple[str, ...], claim: Parsed) -> _Found:
    """The claim against the formula that the table's own rules give, by certified arithmetic at points."""
    function, label = asked.function, _label(wrt)
    try:
        ours = derivative(function.root, wrt)
    except NoFormulaError as fact:
        return _Found(None, False, f"{label}: {fact}")
    points = Points(function.root, function.variables, asked.seed)
    agreed = points.agreeing(ours, claim.root)
    if agreed >= LEAST_POINTS:
        return _Found(
            None, True, f"{label}: not proved as a formula, but right at {agreed} points, certified"
        )
    for flat, true, value in zip(points.few, points.values(ours), points.values(claim.root), strict=True):
        if abs(value - true) > 1e-6 * max(abs(true), abs(value)):
            note = f"{label}: at {_where(function, flat)} the claim is {value!r}, the derivative is {true!r}"
            return _Found(WrongEntry(wrt[0], None, value, true), True, note)
    return _Found(None, False, f"{label}: not proved as a formula")


def _at_borders(
    asked: _Asked, wrt: tuple[str, ...], claim: Parsed, borders: Sequence[tuple[Node, Node]], note: str
) -> _Found:
    """A claim that is right beside the places that conditions single out, at these places too."""
    if not borders:
        return _Found(None, True, note)
    found = wrong_at_a_border(asked.function, wrt, claim.root, borders, asked.deadline)
    if found is None:
        return _Found(None, False, f"{note} beside the places that the conditions single out, not at them")
    entry, said = found
    return (
        _Found(None, True, f"{note}; {said}")
        if entry is None
        else _Found(entry, True, f"{_label(wrt)}: {said}")
    )


def _digits(text: str) -> str:
    return figure(float(text), 17)


def _drawn(function: Expression, seed: int) -> list[list[float]]:
    random = Random(seed)
    return [[random.uniform(-3, 3) for _ in function.variables] for _ in range(POINTS)]


def _at_points(asked: _Asked, name: str, claim: Parsed) -> _Found:
    """The claim against reverse mode at the user's points and at random ones, with rounding allowed for."""
    function = asked.function
    claimed = Expression(claim.root, function.variables)
    i = function.variables.index(name)
    agreed = 0
    for flat in [*asked.points, *_drawn(function, asked.seed)]:
        try:
            true = first(function, flat, [i])[0][0]
        except NoClosedForm as fact:
            return _Found(None, False, f"d/d{name}: {fact}")
        value = float(claimed.values(flat)[0])
        allowed = ALLOWED_ULPS * sum(r.unit for r in evaluation_condition(function, flat, (i,)))
        allowed += 1e-12 * max(abs(true), abs(value))
        if abs(value - true) > allowed:
            where = _where(function, flat)
            note = f"d/d{name}: at {where} the claim is {value!r}, the derivative is {true!r}"
            return _Found(WrongEntry(name, None, value, true, allowed), True, note)
        agreed += abs(value - true) <= allowed
    if not agreed:
        return _Found(None, False, f"d/d{name}: no point was found at which both are defined")
    return _Found(None, True, f"d/d{name}: not proved as a formula, but right at {agreed} points")


def _where(function: Expression, flat: Sequence[float]) -> str:
    return ", ".join(f"{n} = {figure(v)}" for n, v in zip(function.variables, flat, strict=True))


def _undefined(function: Expression, wrt: tuple[str, ...], claim: Parsed, found: _Found, seed: int) -> _Found:
    """A claim that is right where it has a value, but has none where the derivative exists, is wrong there."""
    if len(wrt) > 1:
        return found
    claimed = Expression(claim.root, function.variables)
    i = function.variables.index(wrt[0])
    right: list[float] = []
    missing: list[tuple[list[float], float]] = []
    for flat in _drawn(function, seed):
        true, value = _true(function, flat, i), float(claimed.values(flat)[0])
        if true is not None and math.isnan(value):
            missing.append((flat, true))
        elif true is not None and math.isfinite(value):
            right.append(flat[i])
    if not missing:
        return found
    flat, true = missing[0]
    side = _side(right, [point[i] for point, _ in missing], wrt[0]) if len(function.variables) == 1 else None
    words = f"right {side or 'where it has a value'} only"
    note = f"d/d{wrt[0]}: {words}: at {_where(function, flat)} the claim is undefined, the derivative is {true!r}"
    mistake = Mistake(
        wrt[0],
        "undefined in places",
        f"the claim is {words}: elsewhere it is undefined",
        None,
        "points",
        len(right),
    )
    return _Found(WrongEntry(wrt[0], None, math.nan, true), True, note, mistake)


def _true(function: Expression, flat: list[float], i: int) -> float | None:
    """The derivative at a point where the function and it are finite."""
    try:
        true = first(function, flat, [i])[0][0]
        value = float(function.values(flat)[0])
    except (NoClosedForm, ArithmeticError):
        return None
    return float(true) if math.isfinite(true) and math.isfinite(value) else None


def _side(right: Sequence[float], missing: Sequence[float], name: str) -> str | None:
    """``for x > 0`` where the sign of the variable tells the two apart."""
    if right and min(right) > 0 > max(missing):
        return f"for {name} > 0"
    if right and max(right) < 0 < min(missing):
        return f"for {name} < 0"
    return None


def _same_variables(parsed: Parsed, function: Expression, claim: str) -> None:
    extra = [name for name in parsed.variables if name not in (*function.variables, *_FREE_CONSTANTS)]
    if extra and function.variables:
        raise UsageError.of(
            "E374", f"the claim {claim} has the variable {extra[0]}, which the function has not"
        )


def _cannot(claims: Sequence[str], wrts: Sequence[tuple[str, ...]], function: Expression) -> Exception:
    if len(claims) == len(wrts):
        return UsageError.of("E375", "a claim is checked for a function of numbers with one value")
    hint = "repeat --claim, one for each of: " + ", ".join(_name(w) for w in wrts) + "; or choose with --wrt"
    claimed = counted(len(claims), "claim")
    needed = counted(len(wrts), "derivative")
    return UsageError.of("E373", f"{claimed} for {needed}", hints=(hint,))


def _name(wrt: tuple[str, ...]) -> str:
    return wrt[0] if len(wrt) == 1 else _label(wrt)
