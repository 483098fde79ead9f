"""Where rounding decides: operations that stand on one side of their kink, jump or edge exactly, and on another in doubles.

``sech(x)`` is positive everywhere, but 0 in doubles far out, so that ``where(sech(x), x, 2)`` takes its other branch there, and all
methods follow it. The exact side is that of numbers with proved signs, by as many bits as decide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from time import thread_time
from typing import Any, NamedTuple

from calcgrad.autodiff.tape import Slot, Step, run
from calcgrad.errors import CalcgradError
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.functions.exact import ExactFunction
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.phrases import figure
from calcgrad.systems.base import FLOAT64, NoClosedForm
from calcgrad.verdicts.concluding import to_digits
from calcgrad.verdicts.crossing import follows, side
from calcgrad.verdicts.exact.numbers import UndecidedError
from calcgrad.verdicts.germs.germ import Deadline, Germ
from calcgrad.verdicts.notes import shown
from calcgrad.verdicts.sides import UNKNOWNS, Place, place_of
from calcgrad.verdicts.spelling import spell_in, spell_slot
from calcgrad.verdicts.watching import answers, asked, domain_varies

#: Bits of the balls: the next where the sign of a number is not decided.
BITS = (192, 768, 4096)
#: Seconds for all of a point; what is not known by then is not told.
SECONDS = 1.0


class Astray(NamedTuple):
    """An operation that stands elsewhere in doubles than exactly: what is decided there, in words, exactly and in doubles."""

    what: str
    exact: str
    rounded: str

    @property
    def text(self) -> str:
        """Both sides as one phrase: ``what sech(x) is in where(sech(x), x, 2): 1.015e-434 exactly, but 0 in doubles``."""
        return f"{self.what}: {self.exact}, but {self.rounded}"


class _Turn(NamedTuple):
    """A number whose sign, or whose place among multiples of a period, decides what an operation does."""

    where: str
    period: float | None
    #: The slot that is the number, where a condition asks it or a power turns on it.
    slot: Slot | None = None


def astray(subject: ExactFunction, flat: Sequence[float]) -> list[Astray]:
    """The operations that a function's outputs are made of and whose side in doubles is not the exact one, at a point of doubles
    whose exact reading is ``subject``; the innermost alone, since what is computed from them is elsewhere for that reason.
    """
    from flint import ctx

    deadline = Deadline(SECONDS)
    try:
        doubles = run(subject.tape, list(flat), FLOAT64)
    except (CalcgradError, NoClosedForm, ArithmeticError):
        return []
    found: list[Astray] = []
    spent: list[float] = []
    for bits in BITS:
        if not deadline.affords(spent):
            break
        begun = thread_time()
        with ctx.workprec(bits):
            try:
                seen, undecided = _Look(place_of(subject, deadline), doubles).found()
            except (CalcgradError, *UNKNOWNS):
                return found
        found = max(found, seen, key=len)  # where the time was up on the way, less is seen by more bits
        if not undecided:
            break
        spent.append(thread_time() - begun)
    return found


def exact_values(subject: ExactFunction) -> list[Decimal | None]:
    """Each output's value to 17 digits, on a kink or a jump too, where enclosures have none; ``None`` where it is not known."""
    from flint import ctx

    with ctx.workprec(BITS[0]):
        try:
            place = place_of(subject, Deadline(SECONDS))
            return [_decimal(place.values[slot]) for slot in subject.tape.outputs]
        except (CalcgradError, *UNKNOWNS):
            return [None] * len(subject.tape.outputs)


def _decimal(value: Any) -> Decimal | None:
    if not isinstance(value, Germ) or not value.constant:
        return None
    if value.zero:
        return Decimal(0)
    return Decimal(to_digits(value.value, 17))


class _Look:
    """A tape exactly at a place beside its doubles."""

    def __init__(self, place: Place, doubles: Sequence[Any]) -> None:
        self.place = place
        self.doubles = doubles
        self.tape = place.tape
        self.undecided = False

    def found(self) -> tuple[list[Astray], bool]:
        """What is astray, and whether some side is not decided."""
        first = len(self.tape.inputs)
        made_of = self._made_of()
        slots: list[Slot] = []
        told: list[Astray] = []
        for slot, step in enumerate(self.tape.steps, first):
            if slot not in made_of or follows(self.tape, slot, slots):
                continue
            turn = next((t for t in self._turns(slot, step) if self._differs(step, t)), None)
            if turn is not None:
                slots.append(slot)
                told.append(self._told(slot, step, turn))
        return told, self.undecided

    def _made_of(self) -> set[Slot]:
        """The slots that the outputs are made of, the conditions of their branches among them, but no branch that is not taken."""
        made_of: set[Slot] = set()
        todo = list(self.tape.outputs)
        while todo:
            for slot in self.place.contributing(todo.pop()) - made_of:
                made_of.add(slot)
                step = self.tape.steps[slot - len(self.tape.inputs)]
                if step.op == "where":
                    todo.append(step.args[0])
        return made_of

    def _turns(self, slot: Slot, step: Step) -> list[_Turn]:
        row = OPERATIONS[step.op]
        args = [self.place.values[i] for i in step.args]
        turns = [_Turn("", None, i) for i in asked(self.tape, slot)]
        if domain_varies(step):
            turns.append(_Turn("", None, step.args[0]))
        if isinstance(row, Elementwise) and all(isinstance(a, Germ) for a in args):
            turns += [_Turn(spot.where, spot.period) for spot in (*row.singular, *row.later)]
        return turns

    def _differs(self, step: Step, turn: _Turn) -> bool:
        """Whether the exact side is known and the doubles' one is another."""
        rounded = self._rounded(step, turn)
        if rounded is None:
            return False
        try:
            exact = self._exact(step, turn)
        except UndecidedError:
            self.undecided = True
            return False
        except UNKNOWNS:
            return False
        return exact is not None and exact != rounded

    def _exact(self, step: Step, turn: _Turn) -> Any:
        if turn.slot is not None:
            value = self.place.values[turn.slot]
            return value.sign() if isinstance(value, Germ) else None
        return side(self.place, turn.where, turn.period, [self.place.values[i] for i in step.args])

    def _rounded(self, step: Step, turn: _Turn) -> Any:
        if turn.slot is not None:
            return _sign(self.doubles[turn.slot])
        value = _in_doubles(turn.where, len(step.args))(*[self.doubles[i] for i in step.args])
        if turn.period is None:
            return _sign(value)
        if not math.isfinite(value):
            return None
        ratio = value / turn.period
        whole = math.floor(ratio)
        return Fraction(whole), _sign(ratio - whole)

    def _told(self, slot: Slot, step: Step, turn: _Turn) -> Astray:
        text = spell_slot(self.tape, slot)
        of = "" if answers(step.op) else f" in {text}"
        if turn.slot is not None:
            return self._of_slot(turn.slot, of)
        if turn.period is not None:
            return self._valued(f"what {text} is", self.place.values[slot], self.doubles[slot])
        bare = _bare(parsed(turn.where))
        if isinstance(bare, Call) and bare.op == "sub":
            return self._compared(step, bare, of)
        if isinstance(bare, Name):
            return self._of_slot(step.args[ARGUMENTS.index(bare.name)], of)
        number = spell_in(self.tape, step, turn.where)
        exact, rounded = self._exact(step, turn), self._rounded(step, turn)
        return Astray(
            f"the sign of {number}{of}", f"{_SIGNS[exact]} exactly", f"{_SIGNS[rounded]} in doubles"
        )

    def _compared(self, step: Step, difference: Call, of: str) -> Astray:
        """A comparison of two arguments, or of one with a number."""
        first, second = [_spelled(self, step, node) for node in difference.args]
        letters = ARGUMENTS[: len(step.args)]
        exact = self.place.system.expression(difference, letters)(*[self.place.values[i] for i in step.args])
        rounded = _sign(FLOAT64.expression(difference, letters)(*[self.doubles[i] for i in step.args]))
        by = "" if exact.zero else f", by {shown(exact).removeprefix('-')}"
        return Astray(
            f"the comparison of {first} with {second}{of}",
            f"{_RELATIONS[exact.sign()]} exactly{by}",
            f"{_RELATIONS[rounded or 0]} in doubles",
        )

    def _of_slot(self, slot: Slot, of: str) -> Astray:
        return self._valued(
            f"what {spell_slot(self.tape, slot)} is{of}", self.place.values[slot], self.doubles[slot]
        )

    def _valued(self, what: str, exact: Any, rounded: float) -> Astray:
        return Astray(what, f"{shown(exact)} exactly", f"{figure(float(rounded), 10)} in doubles")


_SIGNS = {1: "positive", -1: "negative", 0: "0"}
_RELATIONS = {1: "the first is larger", -1: "the second is larger", 0: "they are equal"}


def _sign(value: float) -> int | None:
    return None if math.isnan(value) else (value > 0) - (value < 0)


@cache
def _in_doubles(where: str, arity: int) -> Any:
    return FLOAT64.expression(parsed(where), ARGUMENTS[:arity])


def _bare(where: Node) -> Node:
    """The number that counts in ``where(condition, number, 1)``."""
    while isinstance(where, Call) and where.op == "where" and isinstance(where.args[2], Number):
        where = where.args[1]
    return where


def _spelled(look: _Look, step: Step, node: Node) -> str:
    if isinstance(node, Name):
        return spell_slot(look.tape, step.args[ARGUMENTS.index(node.name)])
    return str(node)
