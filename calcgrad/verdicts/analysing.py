"""The analysis at the exact point: germs on both sides of it, and a finding for each derivative and output."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from time import thread_time
from typing import Any

from calcgrad.autodiff.tape import Slot, Tape, run
from calcgrad.debug import tell
from calcgrad.errors import CalcgradError
from calcgrad.expression import to_text
from calcgrad.functions.exact import ExactFunction, shown
from calcgrad.functions.expression import Expression
from calcgrad.inputs.constants import rational
from calcgrad.methods.protocol import Wrt
from calcgrad.operations import VOCABULARY
from calcgrad.phrases import figure
from calcgrad.systems.base import FLOAT64, NoClosedForm
from calcgrad.verdicts import notes, reasons, ties
from calcgrad.verdicts.concluding import Conclusion, Limit, conclude, expansion, to_digits, to_float
from calcgrad.verdicts.exact.functions import field
from calcgrad.verdicts.exact.numbers import Exact, Field, UndecidedError
from calcgrad.verdicts.exact.zeros import proved_zero
from calcgrad.verdicts.faults import fault
from calcgrad.verdicts.finding import Finding
from calcgrad.verdicts.germs.coefficients import Coefficient
from calcgrad.verdicts.germs.germ import Deadline, Gap, Germ, LostError, NeedDepthError, OutOfTimeError, Scope
from calcgrad.verdicts.mixed import partials
from calcgrad.verdicts.mixed_findings import settle
from calcgrad.verdicts.overflowing import overflow
from calcgrad.verdicts.paths import another
from calcgrad.verdicts.sides import UNKNOWNS, Place, constants, known
from calcgrad.verdicts.spelling import shortened

#: Bits of the balls, and powers of t that are kept beyond the order asked for: the next where one does not decide.
BITS = (192, 768, 4096)
DEPTHS = (1, 6, 16, 40)
#: The time for one derivative, and for all of a point, in seconds.
SECONDS, MOST_SECONDS = 3.0, 12.0
#: How often SymPy is asked whether a number is zero.
_MOST_QUESTIONS = 4
#: Of more coordinates than this only the one that moves is named.
_MOST_SHOWN = 3
#: A bound below this says something of a number that may be 0.
_SMALL = 1e-6


def analyse(
    function: Expression,
    subject: ExactFunction,
    flat: Sequence[float],
    wrts: Sequence[Wrt],
    values: Sequence[Any],
) -> list[list[Finding | None]]:
    """A finding, or ``None`` for an ordinary point, for each derivative and output; ``values`` are those of the tape."""
    try:
        tape = subject.tape
    except (CalcgradError, NoClosedForm):
        return _faults_only(function, values, wrts)
    if not function.arrays and tape is not function.tape:
        values = run(tape, list(flat), FLOAT64)
    analysis = _Analysis(function, subject, tape, flat, values)
    return [[analysis.finding(wrt, k) for k in range(len(tape.outputs))] for wrt in wrts]


def _faults_only(
    function: Expression, values: Sequence[Any], wrts: Sequence[Wrt]
) -> list[list[Finding | None]]:
    """What the doubles tell: a value that is not finite, and the operation to blame."""
    row: list[Finding | None] = []
    for slot in function.tape.outputs:
        value = values[slot]
        entries = [value] if isinstance(value, float) else list(value.ravel())
        bad = any(not math.isfinite(v) for v in entries)
        found = Finding(*fault(function, values, slot)) if bad and isinstance(value, float) else None
        row.extend([found] * len(entries))
    return [list(row) for _ in wrts]


class _Analysis:
    """One function at one exact point; places at several precisions are made when first needed."""

    def __init__(
        self,
        function: Expression,
        subject: ExactFunction,
        tape: Tape,
        flat: Sequence[float],
        values: Sequence[Any],
    ) -> None:
        self.function = function
        self.tape = tape
        self.flat = flat
        self.values = values
        self.exact = subject.nodes
        self.displaced = any(rational(node) != Fraction(x) for node, x in zip(self.exact, flat, strict=True))
        self._all = Deadline(MOST_SECONDS)
        #: The seconds that so many bits took; the places of one derivative serve the next, which is quicker for it.
        self._spent: dict[int, float] = {}
        self._deadline = Deadline()
        self._texts: dict[Slot, str] = {}
        if function.arrays and len(tape.outputs) == 1:
            self._texts[tape.outputs[0]] = shortened(to_text(function.root, VOCABULARY))
        self._fields: dict[int, Field] = {}
        self._places: dict[tuple[int, int], Place] = {}
        self._sides: dict[tuple[int, int, int, int], list[Any]] = {}

    def finding(self, wrt: Wrt, k: int) -> Finding | None:
        """The finding for one derivative of one output, with more bits and terms until it is decided."""
        from flint import ctx

        bits, depth, questions = list(BITS), list(DEPTHS), _MOST_QUESTIONS
        self._start_the_clock()
        while True:
            begun = thread_time()
            with ctx.workprec(bits[0]):
                try:
                    return self._attempt(wrt, self.tape.outputs[k], bits[0], depth[0] + len(wrt))
                except UNKNOWNS as unknown:
                    why = unknown
                if isinstance(why, UndecidedError):
                    self._spent[bits[0]] = max(thread_time() - begun, self._spent.get(bits[0], 0.0))
                    if len(bits) > 1 and self._deadline.affords(list(self._spent.values())):
                        del bits[0]
                    elif questions and self._vanishes(why.value):
                        questions -= 1
                    else:
                        break
                elif isinstance(why, NeedDepthError) and len(depth) > 1:
                    del depth[0]
                else:
                    break
        text = _undecided(why) if isinstance(why, UndecidedError) else str(why)
        text = text or "the terms that were computed do not decide"
        spot = self._spot(wrt[0], self.tape.outputs[k], [])
        return Finding(
            "inconclusive", f"whether {spot.function} has a derivative at {spot.here} is not decided: {text}"
        )

    def _vanishes(self, value: Any) -> bool:
        """Whether SymPy proves a number zero; the analysis begins again with that."""
        if not isinstance(value, Exact) or not proved_zero(value):
            return False
        value.field.vanishes(value)
        self._places.clear()
        self._sides.clear()
        self._start_the_clock()
        return True

    def _start_the_clock(self) -> None:
        self._deadline.wind(min(SECONDS, self._all.left))

    def _place(self, bits: int, depth: int) -> Place:
        found = self._places.get((bits, depth))
        if found is None:
            if bits not in self._fields:
                self._fields[bits] = field()
            scope = Scope(self._fields[bits], depth, self._deadline)
            inputs = constants(self.exact, scope)
            found = self._places[bits, depth] = Place(self.tape, inputs, scope)
        return found

    def _beside(
        self, place: Place, coordinate: int, side: int, slot: Slot, key: tuple[int, int]
    ) -> Germ | Gap:
        found = self._sides.get((*key, coordinate, side))
        if found is None:
            found = self._sides[(*key, coordinate, side)] = place.beside(coordinate, side)
        germ: Germ | Gap = known(found[slot])
        return germ

    def _spot(self, coordinate: int, slot: Slot, culprits: Sequence[Slot]) -> notes.Spot:
        names = self.tape.inputs
        named = range(len(names)) if len(names) <= _MOST_SHOWN else (coordinate,)
        here = ", ".join(f"{names[i]} = {to_text(shown(self.exact[i]), VOCABULARY)}" for i in named)
        return notes.Spot(self.tape, slot, names[coordinate], here, len(names) == 1, culprits, self._texts)

    def _attempt(self, wrt: Wrt, slot: Slot, bits: int, depth: int) -> Finding | None:
        place = self._place(bits, depth)
        value = known(place.values[slot])
        culprits = place.culprits(slot, set(wrt))
        spot = self._spot(wrt[0], slot, culprits)
        if isinstance(value, Germ) and not culprits:
            ordinary = None if self.function.arrays else overflow(spot, value.value, self.values)
            if ordinary is not None or not place.contributing(slot) & place.singular:
                return ordinary
        if len(set(wrt)) > 1:
            return self._mixed(place, spot, value, wrt, (bits, depth))
        left = self._side(place, wrt[0], -1, slot, (bits, depth), value)
        right = self._side(place, wrt[0], 1, slot, (bits, depth), value)
        if isinstance(left, LostError) or isinstance(right, LostError):
            assert isinstance(value, Gap)
            return self._undefined(spot, value, None, None)
        sides = [self._sides[(bits, depth, wrt[0], side)] for side in (-1, 1)]
        return self._concluded(place, spot, value, left, right, len(wrt), sides)

    def _side(
        self, place: Place, coordinate: int, side: int, slot: Slot, key: tuple[int, int], value: Germ | Gap
    ) -> Germ | Gap | LostError:
        """The germ on one side; where the point itself has no value, what is lost beside it is no matter."""
        try:
            return self._beside(place, coordinate, side, slot, key)
        except OutOfTimeError:
            raise
        except LostError as lost:
            if isinstance(value, Gap):
                return lost
            raise

    def _concluded(
        self,
        place: Place,
        spot: notes.Spot,
        value: Germ | Gap,
        left: Germ | Gap,
        right: Germ | Gap,
        order: int,
        beside: Sequence[Sequence[Any]],
    ) -> Finding | None:
        sides = {"here": value, "left": left, "right": right}
        tell("verdict", lambda: "; ".join(f"{side} {expansion(germ)}" for side, germ in sides.items()))
        try:
            found = conclude(value, left, right, order)
        except OutOfTimeError:
            raise
        except LostError as lost:
            if isinstance(value, Gap):
                which = "derivative" if order == 1 else notes.derivative(order)
                why = f", but whether it has a {which} once they are filled in is not decided: {lost}"
                return self._undefined(spot, value, left, right, why)
            raise
        if found.kind == "undefined":
            assert isinstance(value, Gap)
            return self._undefined(spot, value, left, right)
        if found.kind == "isolated":
            return Finding("undefined", notes.sentence(spot.function, spot, found))
        if isinstance(value, Gap) and found.limit is not None:
            elsewhere = another(place, spot.output, found.limit)
            if elsewhere is not None:
                return self._no_limit(spot, value, found.limit, elsewhere)
        if found.kind == "smooth":
            return self._smooth(spot, found)
        guilty = [slot for slot in spot.culprits if not _smooth(slot, (place.values, *beside), order)]
        return self._parted(spot, found, order, replace(spot, culprits=guilty))

    def _parted(self, spot: notes.Spot, found: Conclusion, order: int, blamed: notes.Spot) -> Finding:
        """What is no ordinary derivative: two sides that differ, or one side alone; ``blamed`` has the operations to blame."""
        left, right = to_float(found.left), to_float(found.right)
        limit = to_float(found.limit) if found.extended else None
        verdict: Any = found.kind
        value = None
        if (
            found.kind == "boundary"
            and found.extended
            and all(s is None or math.isfinite(s) for s in (left, right))
        ):
            slope = found.right if found.left is None else found.left
            assert isinstance(slope, Coefficient)
            verdict, value = "removable", to_digits(slope)
        tie = ties.tie(spot, self.flat)
        text = notes.note(blamed, found, order)
        if tie is None and not found.extended and self.displaced:
            text += "; the methods work at the nearest double, which lies beside that point"
        return Finding(
            verdict, text, left, right, limit, value, notes.derivative(found.order), tie, found.extended
        )

    def _smooth(self, spot: notes.Spot, found: Conclusion) -> Finding | None:
        """A derivative that exists although an operation on the way is not smooth."""
        assert isinstance(found.right, Coefficient)
        digits = to_digits(found.right)
        if found.extended:
            return Finding(
                "removable",
                notes.note(spot, found, found.order),
                limit=to_float(found.limit),
                value=digits,
                hole=True,
            )
        return Finding("agree", "", value=digits, tie=ties.tie(spot, self.flat))

    def _mixed(
        self, place: Place, spot: notes.Spot, value: Germ | Gap, wrt: Wrt, key: tuple[int, int]
    ) -> Finding | None:
        """A mixed partial; where the function has no value, nor one that can be filled in, it has none either."""
        if isinstance(value, Gap):
            for i in dict.fromkeys(wrt):
                found = self._attempt((i,), spot.output, *key)
                if found is not None and found.verdict == "undefined":
                    return found
        outcomes = partials(place, spot.output, wrt)
        found = settle(outcomes, wrt, lambda i: self._spot(i, spot.output, spot.culprits), self.flat)
        if found is None:
            assert isinstance(value, Gap)
            return self._undefined(spot, value, None, None)
        return found

    def _no_limit(self, spot: notes.Spot, value: Gap, limit: Limit, elsewhere: str) -> Finding:
        """No value can be filled in: the function has different limits along different ways."""
        goes = f"; its values go to {notes.number(limit)}{spot.along}, but {elsewhere}, so no value can be filled in"
        return Finding("undefined", reasons.gap(spot, value) + goes, hole=True)

    def _undefined(
        self, spot: notes.Spot, value: Gap, left: Germ | Gap | None, right: Germ | Gap | None, why: str = ""
    ) -> Finding:
        whose = "its" if value.slot == spot.output else "the function's"
        around = notes.around(_limit(left), _limit(right), spot.along, whose)
        text = reasons.gap(spot, value) + around + (why if around else "")
        double = self.values[spot.output] if not self.function.arrays else math.nan
        if self.displaced and math.isfinite(double):
            text += f"; the nearest double is not that point, and there the value is {figure(double)}"
        return Finding("undefined", text, hole=True)


def _smooth(slot: Slot, values: Sequence[Sequence[Any]], order: int) -> bool:
    """Whether an operation is smooth itself, here and on both sides, once a hole is filled in: then it is not to blame."""
    try:
        here, left, right = [known(there[slot]) for there in values]
        return conclude(here, left, right, order).kind == "smooth"
    except UNKNOWNS:
        return False


def _undecided(why: UndecidedError) -> str:
    """How small a number is that is not proved to be zero."""
    size = abs(why.value.ball).upper()
    small = f"; it is smaller than {size.str(1, radius=False)}" if size < _SMALL else ""
    return f"whether a number on the way is exactly 0 is not known{small}"


def _limit(side: Germ | Gap | None) -> Limit | None:
    if not isinstance(side, Germ):
        return None
    try:
        return side.limit()
    except (LostError, NeedDepthError):
        return None
