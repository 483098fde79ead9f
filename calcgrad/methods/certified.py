"""``certified``: the true derivatives in proved digits, from power series over Arb's balls.

The tape runs on truncated Taylor series whose coefficients are balls (see :mod:`calcgrad.systems.series`), along directions
through the point. The k-th coefficient along one coordinate is the k-th derivative over k!. A mixed derivative is a sum over
several directions: c_k(v), the k-th coefficient along v, is a homogeneous polynomial in v, and a finite difference of order k
of such a polynomial is k! times its polar form, so that for exponents a with the sum k

    d^a f = sum over 0 <= j <= a of (-1)^(|a| - |j|) prod binomial(a_i, j_i) c_k(j).

The precision is raised until as many digits are proved as were asked for, or the time is up; digits that are lost are made
good in this way, and none is believed that is not proved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import product
from math import comb, factorial, gcd
from time import perf_counter, thread_time
from typing import Any, TypeAlias

from calcgrad.autodiff.balancing import balanced
from calcgrad.autodiff.tape import Tape, run
from calcgrad.errors import LimitError
from calcgrad.expression.nodes import Node
from calcgrad.functions.expression import Expression
from calcgrad.methods.protocol import Wrt
from calcgrad.progress import counted
from calcgrad.systems.base import NoClosedForm
from calcgrad.systems.decimals import Enclosure, enclosure
from calcgrad.systems.series import ball_series, constant_ball, has_series

DIGITS = 40
SECONDS = 10.0
#: Bits beyond those of the digits asked for, and how often they are doubled.
_GUARD = 32
_DOUBLINGS = 5
#: What twice the bits cost at least where an attempt takes long: one that would not end in time is not begun, since flint's own
#: functions cannot be interrupted.
_DEARER = 4
#: What may be 0, or has no series, is not followed to more bits after this time: more bits may never decide it.
_PATIENCE = 1.0
#: The most directions that one mixed derivative may need.
MOST_DIRECTIONS = 10_000
_STEPS_BETWEEN_LOOKS = 64

#: Weights by coordinate, without common divisor: ``((0, 1), (2, 1))`` moves coordinates 0 and 2 alike.
Direction: TypeAlias = tuple[tuple[int, int], ...]


class _OutOfTimeError(Exception):
    pass


def derivatives(
    function: Expression,
    point: Sequence[float | Node],
    wrts: Sequence[Wrt],
    digits: int = DIGITS,
    seconds: float = SECONDS,
) -> list[list[Enclosure]]:
    """What is proved of each derivative of each output, at a point; an entry of ``wrts`` may also be ``()``, the value.

    The function's numbers are taken exactly as they stand (see :mod:`calcgrad.functions.exact` for the two readings of a
    text). ``point`` has a double or a constant expression for each of its coordinates. Nothing is raised for what cannot be
    proved: that entry has no value, or fewer digits, and a note.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> f = Expression(parse("x*y + sin(x)", VOCABULARY).root, ["x", "y"])
    >>> [[row]] = derivatives(f, [1.0, 2.0], [(0,)])
    >>> row.value, row.radius, row.digits
    ('2.540302305868139717400936607442976603732', '3.2e-40', 40)
    >>> derivatives(f, [1.0, 2.0], [(0, 1)])[0][0].value
    '1'
    >>> tenth = parse("1/10", VOCABULARY).root
    >>> derivatives(f, [1.0, tenth], [(0, 0), (1,)])[1][0].value
    '1'
    """
    try:
        tape = _series_tape(function)
    except (LimitError, NoClosedForm) as error:
        why = error.diagnostic.message if isinstance(error, LimitError) else str(error)
        return [[Enclosure(None, note=why)] * len(function.output_indices) for _ in wrts]
    return _Proof(tape, point, wrts, digits, seconds).found()


def _series_tape(function: Expression) -> Tape:
    """The function's tape in numbers. Raises ``LimitError`` where there is none, or an operation on it has no series."""
    tape = balanced(function.in_numbers.tape)
    for op in dict.fromkeys(step.op for step in tape.steps):
        if not has_series(op):
            raise LimitError.of("E423", f"the operation {op} has no power series")
    return tape


class _Proof:
    """One function at one point; ``rows`` are the best enclosures so far, by derivative and output."""

    def __init__(
        self, tape: Tape, point: Sequence[float | Node], wrts: Sequence[Wrt], digits: int, seconds: float
    ) -> None:
        self.tape = tape
        self.point = point
        self.wrts = wrts
        self.digits = digits
        self.seconds = seconds
        self.deadline = perf_counter() + seconds
        late = Enclosure(None, note="no digits were proved in the time given")
        self.rows = [[late] * len(tape.outputs) for _ in wrts]

    def found(self) -> list[list[Enclosure]]:
        """Raise the precision until every derivative is known well enough, or the time is up."""
        from flint import ctx

        from calcgrad.systems.values.lengths import keeping

        bits = int(self.digits * 3.33) + _GUARD
        open_ = set(range(len(self.wrts)))
        with keeping(ctx.cap), suppress(_OutOfTimeError):
            for _ in range(_DOUBLINGS + 1):
                started = thread_time()
                with ctx.workprec(bits):
                    self._attempt(open_)
                if (thread_time() - started) * _DEARER > self.deadline - perf_counter():
                    break
                if self.deadline - perf_counter() < self.seconds - _PATIENCE:
                    open_ -= {k for k in open_ if self._stuck(k)}
                if not open_:
                    break
                bits *= 2
        return [[self._explained(row) for row in rows] for rows in self.rows]

    def _stuck(self, k: int) -> bool:
        return all(row.digits in (0, self.digits) for row in self.rows[k])

    def _explained(self, row: Enclosure) -> Enclosure:
        if row.value is None or row.digits in (0, self.digits):
            return row
        note = f"no more than {row.digits} digits were proved"
        return Enclosure(row.value, row.radius, row.digits, note)

    def _attempt(self, open_: set[int]) -> None:
        """Every derivative that is still open, at this precision."""
        paths = _Paths(self.tape, self.point, self.deadline)
        for k in counted(sorted(open_), "proofs of the truth"):
            balls = _derivative(paths, self.wrts[k])
            done = True
            for o, ball in enumerate(balls):
                row = self._row(ball)
                if row.value is not None or self.rows[k][o].value is None:
                    self.rows[k][o] = row
                done = done and row.digits == self.digits
            if done:
                open_.discard(k)

    def _row(self, ball: Any) -> Enclosure:
        if ball is None:
            return Enclosure(None, note=f"it would take more than {MOST_DIRECTIONS:,} directions")
        if not ball.is_finite():
            return Enclosure(None, note="Arb's power series do not reach this point")
        return enclosure(ball, self.digits)


class _Paths:
    """The tape's coefficients along directions through a point, at one precision; each direction is followed once."""

    def __init__(self, tape: Tape, point: Sequence[float | Node], deadline: float) -> None:
        from flint import arb

        self.tape = tape
        self.deadline = deadline
        self.system = ball_series()
        self.values = run(
            tape, [constant_ball(x) if isinstance(x, Node) else arb(x) for x in point], self.system
        )
        self._found: dict[tuple[Direction, int], list[Any]] = {}
        self._users: list[list[int]] = [[] for _ in range(len(tape.inputs) + len(tape.steps))]
        for place, step in enumerate(tape.steps, len(tape.inputs)):
            for slot in set(step.args):
                if slot >= 0:
                    self._users[slot].append(place)

    def coefficients(self, direction: Direction, k: int) -> list[Any]:
        """The k-th Taylor coefficient of each output along a direction: a ball, nan where there is no series."""
        key = (direction, k)
        if key not in self._found:
            self._found[key] = self._followed(direction, k)
        return self._found[key]

    def _followed(self, direction: Direction, k: int) -> list[Any]:
        from flint import arb, arb_series, ctx

        ctx.cap = k + 1
        values = list(self.values)
        for i, weight in direction:
            values[i] = arb_series([values[i], weight])
        for count, place in enumerate(self._moving([i for i, _ in direction])):
            if count % _STEPS_BETWEEN_LOOKS == 0 and perf_counter() > self.deadline:
                raise _OutOfTimeError
            step = self.tape.steps[place - len(self.tape.inputs)]
            values[place] = self.system.function(step.op)(*[values[i] for i in step.args], *step.params)
        if perf_counter() > self.deadline:
            raise _OutOfTimeError
        return [_coefficient(values[slot], k, arb, arb_series) for slot in self.tape.outputs]

    def _moving(self, inputs: Sequence[int]) -> list[int]:
        """The steps that depend on some of the inputs, in their order."""
        found: set[int] = set()
        todo = list(inputs)
        while todo:
            for place in self._users[todo.pop()]:
                if place not in found:
                    found.add(place)
                    todo.append(place)
        return sorted(found)


def _coefficient(value: Any, k: int, arb: Any, arb_series: Any) -> Any:
    """A series' coefficient; nan where the value itself is unknown, or the series too short."""
    if isinstance(value, bool):  # a comparison, or logic: 0 or 1, and flat where the balls decide it
        return arb(0 if k else int(value))
    if not isinstance(value, arb_series):
        known = isinstance(value, arb) and value.is_finite()
        return (arb(0) if k else value) if known else arb("nan")
    below = all(value[i].is_finite() for i in range(k))  # a nan's own higher coefficients may read 0
    return value[k] if value.prec > k and below else arb("nan")


def _derivative(paths: _Paths, wrt: Wrt) -> list[Any]:
    """One derivative of each output as a ball, or ``None`` where it takes too many directions."""
    powers = sorted(Counter(wrt).items())
    if len(powers) <= 1:
        direction = tuple((i, 1) for i, _ in powers)
        return [c * factorial(len(wrt)) for c in paths.coefficients(direction, len(wrt))]
    count = 1
    for _, a in powers:
        count *= a + 1
    outputs = len(paths.tape.outputs)
    if count > MOST_DIRECTIONS:
        return [None] * outputs
    totals: list[Any] = [0] * outputs
    for weights in product(*[range(a + 1) for _, a in powers]):
        common = gcd(*weights)
        if common:
            direction = tuple((i, w // common) for (i, _), w in zip(powers, weights, strict=True) if w)
            factor = (-1) ** (len(wrt) - sum(weights)) * common ** len(wrt)
            for (_, a), w in zip(powers, weights, strict=True):
                factor *= comb(a, w)
            terms = paths.coefficients(direction, len(wrt))
            totals = [total + factor * c for total, c in zip(totals, terms, strict=True)]
    return totals
