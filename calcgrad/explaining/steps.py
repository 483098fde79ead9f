"""``steps``: the derivation of an expression rule by rule, each line judged by certified arithmetic, the last against the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from calcgrad.comparing.cases import cases_of
from calcgrad.comparing.compute import compute
from calcgrad.comparing.holding import where_it_holds
from calcgrad.comparing.options import require_timeout, time_up
from calcgrad.comparing.request import Reading, Request, read
from calcgrad.comparing.rows import labels
from calcgrad.deadline import Deadline
from calcgrad.deriving import NoFormulaError
from calcgrad.deriving.letters import prime
from calcgrad.deriving.lines import Line, Told
from calcgrad.deriving.telling import tell
from calcgrad.errors import TimeUpError, UsageError
from calcgrad.explaining.records import Check, CheckedLine, Derivation, StepsReport
from calcgrad.explaining.witnesses import Place, Witnesses
from calcgrad.expression.nodes import Node
from calcgrad.functions.expression import Expression
from calcgrad.functions.lowering import entries
from calcgrad.methods.certified import derivatives
from calcgrad.methods.protocol import Wrt
from calcgrad.report.derivatives import PointReport

Detail = Literal["brief", "full"]
DETAILS: tuple[Detail, ...] = ("brief", "full")
#: Digits of a truth of higher order that a result is compared with, and the seconds that one of them may take.
_DIGITS, _SECONDS = 20, 1.0
#: SymPy is given no less than this, in seconds.
_LEAST = 0.1


def explain(
    request: Request,
    detail: Detail = "full",
    prove: bool = False,
    judged: tuple[PointReport, ...] | None = None,
) -> StepsReport:
    """The derivation of what is asked for; ``prove`` has SymPy prove each result as a formula.

    ``judged`` is what ``diff`` says of the points, where that is known already.

    Raises ``CalcgradError`` where the request cannot be read, ``UsageError`` (E600) for a Python function, which has no text.

    >>> report = explain(Request("x*sin(x)"))
    >>> [line.line.rule for line in report.derivations[0].lines if line.line.rule], report.check
    (['product rule', 'derivative of sin'], 'right')
    """
    if request.function is not None:
        raise UsageError.of(
            "E600",
            f"{request.text} is a Python function: steps are those of an expression",
            hints=(f"calcgrad diff {request.text} --at POINT differentiates it",),
        )
    require_timeout(request.timeout)
    deadline = Deadline(request.timeout)
    reading = deadline.attempt(lambda: _read(request), None)
    if reading is None:
        raise time_up(request.timeout)
    derivations = _derivations(reading, detail, prove, deadline)
    if derivations and all(d.formula is None and d.reason == deadline.note for d in derivations):
        raise time_up(request.timeout)
    points = _judged(reading, deadline) if judged is None else judged
    if len(points) < len(
        reading.points
    ):  # the time was up: what a line is worth at a point that is not told of is not told either
        derivations = [_without_values(d) for d in derivations]
    return StepsReport(
        input=request.text,
        function=reading.parsed.root,
        variables=reading.function.variables,
        order=reading.request.order,
        detail=detail,
        warnings=tuple(
            dict.fromkeys([*reading.parsed.warnings, *(w for p in reading.points for w in p.warnings)])
        ),
        derivations=tuple(derivations),
        points=points,
    )


def _read(request: Request) -> Reading:
    reading = read(request)
    # of a constant the derivative by anything is 0
    return reading if reading.wrts else read(replace(request, wrt=("x",)))


def _derivations(reading: Reading, detail: Detail, prove: bool, deadline: Deadline) -> list[Derivation]:
    """The derivations of every output, as far as the time goes."""
    function = reading.function.in_numbers
    points = [case.written.point for case in cases_of(reading.function, reading.points)]
    found: list[Derivation] = []
    for output, root in zip(reading.output_indices, entries(function.root), strict=True):
        telling = _Telling(reading, Expression(root, function.variables), points, detail, prove, deadline)
        found += [replace(d, output=output) for d in telling.all_of(reading.wrts)]
    return found


def _without_values(derivation: Derivation) -> Derivation:
    """A derivation as it is where no point is known."""
    return replace(
        derivation,
        lines=tuple(
            replace(line, values=(), parts=tuple(() for _ in line.parts)) for line in derivation.lines
        ),
    )


def _judged(reading: Reading, deadline: Deadline) -> tuple[PointReport, ...]:
    """What ``diff`` says of the points in the time that is left: the values, the truth, the verdicts."""
    if not reading.points or not deadline.left:
        return ()
    asked = replace(reading.request, truth="certified", methods=("reverse-ad",), timeout=deadline.left)
    try:
        return compute(asked).points
    except TimeUpError:
        return ()


class _Telling:
    """The derivations of one function of numbers; those of a higher order go on from those of the order below."""

    def __init__(
        self,
        reading: Reading,
        function: Expression,
        points: Sequence[Sequence[float | Node]],
        detail: Detail,
        prove: bool,
        deadline: Deadline,
    ) -> None:
        self.reading = reading
        self.function = function
        self.points = points
        self.detail = detail
        self.prove = prove
        self.deadline = deadline
        self.found: dict[Wrt, Derivation] = {}

    def all_of(self, wrts: Sequence[Wrt]) -> list[Derivation]:
        """The derivations for these tuples of coordinates, and for all that they go on from."""
        for order in range(1, 1 + max(map(len, wrts), default=0)):
            for wrt in wrts:
                self._derivation(wrt[:order])
        return list(self.found.values())

    def _derivation(self, wrt: Wrt) -> None:
        if wrt in self.found:
            return
        before = self.found.get(wrt[:-1])
        root = self.function.root if before is None else before.formula
        name = _function_name(self.function.variables) if before is None else prime(before.name)
        variable = self.function.variables[wrt[-1]]
        names, index = labels(self.reading.function, wrt)
        blank = Derivation(
            wrt=names,
            name=name,
            variable=variable,
            function=root or self.function.root,
            formula=None,
            index=index,
        )
        if root is None:
            reason = "the derivative that it goes on from has no formula"
            self.found[wrt] = replace(blank, reason=reason)
            return
        try:
            told = self.deadline.attempt(lambda: tell(root, variable, name, self.detail == "brief"), None)
        except NoFormulaError as fact:
            self.found[wrt] = replace(blank, reason=str(fact))
            return
        if told is None:
            self.found[wrt] = replace(blank, reason=self.deadline.note)
            return
        blank = replace(blank, formula=told.formula)
        unchecked = replace(blank, lines=tuple([CheckedLine(line, "open", 0) for line in told.lines]))
        # half of what is left, so that something is said of the others, and of the points
        most = self.deadline.left / 2
        self.found[wrt] = self.deadline.attempt(lambda: self._checked(blank, told, wrt), unchecked, most)

    def _checked(self, blank: Derivation, told: Told, wrt: Wrt) -> Derivation:
        """The lines with what certified arithmetic says of each."""
        witnesses = Witnesses(told, self.function.variables, deadline=self.deadline.end)
        at = [witnesses.place(point) for point in self.points]
        checked = tuple([_checked(witnesses, line, at) for line in told.lines])
        last = checked[-1]
        check, points = last.check, last.points
        if len(wrt) > 1 and check == "right":
            check, points = self._against_truth(told, wrt, witnesses.drawn)
        proof = self._proof(told.formula, wrt) if self.prove else None
        holds = where_it_holds(self.function, told.formula, wrt, 0)
        return replace(blank, lines=checked, check=check, points=points, proof=proof, holds=holds)

    def _against_truth(self, told: Told, wrt: Wrt, drawn: Sequence[Place]) -> tuple[Check, int]:
        """A result of higher order against the truth of the function itself, which knows nothing of the orders between."""
        from flint import arb

        agreed = 0
        result = Expression(told.formula, self.function.variables)
        for place in drawn:
            if not self.deadline.left:
                break
            flat = [float(x.mid()) for x in place.coordinates]
            [[truth]] = derivatives(self.function, flat, [wrt], _DIGITS, _SECONDS)
            [[value]] = derivatives(result, flat, [()], _DIGITS, _SECONDS)
            if truth.value is None or value.value is None:
                continue
            sides = [arb(found.value, found.radius or "0") for found in (truth, value)]
            if not sides[0].overlaps(sides[1]):
                return "wrong", agreed
            agreed += 1
        return ("right" if agreed else "open"), agreed

    def _proof(self, formula: Node, wrt: Wrt) -> str:
        """What SymPy says of the result."""
        from calcgrad.sympy_process.questions import differentiate, prove_equal

        names = [self.function.variables[i] for i in wrt]
        if not self.deadline.left:
            return f"not proved: {self.deadline.note}"
        found = differentiate(self.function.root, [names], timeout=self.deadline.left).formulas[0]
        if found.root is None:
            return f"not proved: SymPy has no formula ({found.note})" if found.note else "not proved"
        verdict = prove_equal(found.root, formula, max(self.deadline.left, _LEAST), []).verdict
        if verdict == "equal":
            return "proved as a formula"
        return "SymPy finds another formula" if verdict == "different" else "not proved as a formula"


def _checked(witnesses: Witnesses, line: Line, at: Sequence[Place]) -> CheckedLine:
    points, agreed = witnesses.holds(line)
    check: Check = "wrong" if not agreed else "right" if points else "open"
    values = tuple([witnesses.shown(line, place) for place in at])
    return CheckedLine(line, check, points, values, witnesses.parts(line, at))


def _function_name(variables: Sequence[str]) -> str:
    """A name for the function that no variable has."""
    return next(name for name in ("f", "g", "h", "F", "G", "H", "f0") if name not in variables)
