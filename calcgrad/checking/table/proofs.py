"""The table proves itself: every value and every partial of every elementwise row, against mpmath and SymPy.

For each row points are drawn from its own range, near its ends and inside. There the value in double precision is held
against mpmath's at 50 digits, each partial (evaluated in mpmath) against mpmath's numerical derivative of mpmath's own
function, and the partial in double precision against both. SymPy proves the partial as a formula where it can.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from calcgrad.expression.nodes import Call, Name, Node
from calcgrad.operations import ROWS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS, Range
from calcgrad.report.proofs import ProofRow
from calcgrad.systems.base import FLOAT64, system

DIGITS = 50
TOLERANCE = 1e-20
#: The most that a value or a partial may be off, in ulps of the result times max(1, the input's condition).
ALLOWED_ULPS = 64.0


@dataclass
class RowSubject:
    """A row and the points at which it is proved; mpmath's figures there are computed once.

    ``points`` hold a double for each argument. All figures are mpmath's, at 50 digits.
    """

    row: Elementwise
    points: list[tuple[float, ...]]

    @cached_property
    def values(self) -> list[Any]:
        """mpmath's value at each point."""
        return [self.value(*point) for point in self.points]

    def value(self, *args: Any) -> Any:
        """mpmath's value of the row's own function."""
        import mpmath

        with mpmath.workdps(DIGITS):
            return system("mpmath").function(self.row.name)(*[mpmath.mpf(a) for a in args])

    def derivatives(self, j: int) -> list[Any]:
        """mpmath's numerical derivative in argument ``j`` at each point: the truth that a partial must meet."""
        import mpmath

        function = system("mpmath").function(self.row.name)
        orders = tuple(int(i == j) for i in range(self.row.arity))
        with mpmath.workdps(DIGITS):
            return [mpmath.diff(function, tuple(map(mpmath.mpf, p)), orders) for p in self.points]

    def partials(self, partial: Node) -> list[Any]:
        """A partial, in the language, evaluated by mpmath at each point."""
        return [self.partial(partial, point, y) for point, y in zip(self.points, self.values, strict=True)]

    def partial(self, partial: Node, point: Sequence[float], y: Any) -> Any:
        """A partial at one point; nan where mpmath finds no value (a wrong partial may ask outside a domain)."""
        import mpmath

        with mpmath.workdps(DIGITS):
            bound = system("mpmath").expression(partial, ("y", *ARGUMENTS[: self.row.arity]))
            try:
                return bound(y, *map(mpmath.mpf, point))
            except (ValueError, ZeroDivisionError, OverflowError, mpmath.libmp.NoConvergence):
                return mpmath.nan


def subjects(points: int, seed: int = 1) -> list[RowSubject]:
    """Every elementwise row that has a range, with so many points inside its domain."""
    rows = [row for row in ROWS if isinstance(row, Elementwise) and row.sample]
    return [RowSubject(row, draw_points(row, points, Random(f"{seed} {row.name}"))) for row in rows]


def draw_points(row: Elementwise, count: int, random: Random) -> list[tuple[float, ...]]:
    """Points from the row's ranges, a quarter of them close to an end, where its domain holds."""
    holds: Callable[..., Any] | None = None
    if row.domain:
        holds = FLOAT64.expression(parsed(row.domain), ARGUMENTS[: row.arity])
    found: list[tuple[float, ...]] = []
    for _ in range(20 * count):
        point = tuple([_draw(where, random) for where in row.sample])
        if holds is None or holds(*point):
            found.append(point)
        if len(found) == count:
            break
    return found


def _draw(where: Range, random: Random) -> float:
    if where.whole:
        return float(random.randint(int(where.low), int(where.high)))
    if random.random() < 0.25:
        end, other = (where.low, where.high) if random.random() < 0.5 else (where.high, where.low)
        return end + (other - end) * 10 ** random.uniform(-6, -1)
    return random.uniform(where.low, where.high)


def prove(points: int = 40, seed: int = 1, symbolic: bool = True) -> Iterator[ProofRow]:
    """A row for each value and each partial of the table, as they are proved.

    ``symbolic`` has SymPy try the formula of each partial too, in its own process.
    """
    for subject in subjects(points, seed):
        yield prove_value(subject)
        for j, text in enumerate(subject.row.partials):
            if text is not None:
                yield prove_partial(subject, j, text, symbolic)


def how_many() -> int:
    """The number of rows that :func:`prove` gives."""
    rows = [row for row in ROWS if isinstance(row, Elementwise) and row.sample]
    return sum(1 + sum(text is not None for text in row.partials) for row in rows)


def prove_value(subject: RowSubject) -> ProofRow:
    """The double-precision value of a row against mpmath's."""
    row = subject.row
    function = FLOAT64.function(row.name)
    worst = 0.0
    for point, truth in zip(subject.points, subject.values, strict=True):
        condition = _condition(subject.value, point, truth, row)
        worst = max(worst, _ulps(function(*point), truth) / condition)
    verdict = _verdict(worst) if subject.points else "wrong"
    return ProofRow(row.name, None, None, "numeric", len(subject.points), worst, verdict)


def prove_partial(subject: RowSubject, j: int, text: str, symbolic: bool) -> ProofRow:
    """One partial of a row: as a formula, and in numbers."""
    row = subject.row
    partial = parsed(text)
    truths = subject.derivatives(j)
    if not agrees(subject.partials(partial), truths):
        return ProofRow(row.name, j, text, "numeric", len(subject.points), None, "wrong")
    worst = 0.0
    for point, truth in zip(subject.points, truths, strict=True):
        pushed = FLOAT64.push(row.name, j)(FLOAT64.function(row.name)(*point), *point, 1.0)

        def partial_at(*p: float) -> Any:
            return subject.partial(partial, p, subject.value(*p))

        condition = _condition(partial_at, point, truth, row)
        worst = max(worst, _ulps(0.0 if pushed is None else pushed, truth) / condition)
    proof = "symbolic" if symbolic and proved_by_sympy(row, j, partial) else "numeric"
    return ProofRow(row.name, j, text, proof, len(subject.points), worst, _verdict(worst))


def agrees(found: Sequence[Any], truths: Sequence[Any]) -> bool:
    """Whether a partial meets the truth at every point, to 20 digits of the larger of the two."""
    for a, b in zip(found, truths, strict=True):
        if not abs(a - b) <= TOLERANCE * max(abs(a), abs(b), 1e-20):
            return False
    return bool(found)


def proved_by_sympy(row: Elementwise, j: int, partial: Node, timeout: float = 2.0) -> bool:
    """Whether SymPy, differentiating its own function, arrives at the partial as a formula."""
    from calcgrad.sympy_process.questions import differentiate, prove_equal

    names = [Name(name) for name in ARGUMENTS[: row.arity]]
    call = Call(row.name, tuple(names))
    formula = differentiate(call, [[names[j].name]], tidy=0.0, timeout=timeout).formulas[0]
    if formula.root is None:
        return False
    return prove_equal(formula.root, replaced(partial, "y", call), timeout=timeout).verdict == "equal"


def replaced(root: Node, name: str, by: Node) -> Node:
    """A tree of the table with a name replaced. Such trees are small, so recursion is fine."""
    if isinstance(root, Name):
        return by if root.name == name else root
    if not isinstance(root, Call):
        return root
    return Call(root.op, tuple([replaced(a, name, by) for a in root.args]), root.params)


def _ulps(value: float, truth: Any) -> float:
    """How far a double is from the truth, in ulps of the truth."""
    import mpmath

    nearest = float(truth)
    if truth == 0 or not math.isfinite(nearest) or not math.isfinite(value):
        return 0.0 if value == nearest else math.inf
    with mpmath.workdps(DIGITS):
        return float(abs(mpmath.mpf(value) - truth) / math.ulp(nearest))


def _condition(function: Callable[..., Any], point: Sequence[float], truth: Any, row: Elementwise) -> float:
    """The input's condition, at least 1: how many ulps one ulp of each argument moves the value."""
    import mpmath

    if not truth or not mpmath.isfinite(truth):
        return 1.0
    total = mpmath.mpf(0)
    with mpmath.workdps(DIGITS):
        for i, x in enumerate(point):
            if row.sample[i].whole or x == 0:
                continue
            moved = list(map(mpmath.mpf, point))
            moved[i] += mpmath.mpf(x) * mpmath.mpf(2) ** -60
            total += abs((function(*moved) - truth) / truth) * mpmath.mpf(2) ** 60
    return max(1.0, float(total))


def _verdict(worst: float) -> str:
    return "right" if worst <= ALLOWED_ULPS else "wrong"
