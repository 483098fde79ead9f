"""The analysis at the exact point: germs on both sides of it, and a finding for each derivative and output."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from fractions import Fraction
from time import perf_counter
from typing import Any

from calcgrad.constants import fraction_node
from calcgrad.errors import CalcgradError
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Node
from calcgrad.functions import Expression
from calcgrad.lowering import lower
from calcgrad.methods.protocol import Wrt
from calcgrad.operations import VOCABULARY
from calcgrad.points import Point
from calcgrad.tape import Slot, Tape
from calcgrad.verdicts import notes, reasons, ties
from calcgrad.verdicts.coefficients import Coefficient
from calcgrad.verdicts.concluding import Conclusion, Limit, conclude, to_digits, to_float
from calcgrad.verdicts.exact import Exact, Field, UndecidedError
from calcgrad.verdicts.faults import fault
from calcgrad.verdicts.finding import Finding
from calcgrad.verdicts.germs import Gap, Germ, LostError, NeedDepthError, Scope
from calcgrad.verdicts.mixed import partials
from calcgrad.verdicts.mixed_findings import settle
from calcgrad.verdicts.paths import another
from calcgrad.verdicts.sides import UNKNOWNS, Place, constants, known
from calcgrad.verdicts.spelling import shortened
from calcgrad.verdicts.zeros import proved_zero

#: Bits of the balls, and powers of t that are kept beyond the order asked for: the next where one does not decide.
BITS = (192, 768, 4096)
DEPTHS = (1, 6, 16, 40)
SECONDS = 3.0
#: How often SymPy is asked whether a number is zero.
_MOST_QUESTIONS = 4
#: Of more coordinates than this only the one that moves is named.
_MOST_SHOWN = 3


def analyse(
    function: Expression, flat: Sequence[float], point: Point, wrts: Sequence[Wrt], values: Sequence[Any]
) -> list[list[Finding | None]]:
    """A finding, or ``None`` for an ordinary point, for each derivative and output; ``values`` are those of the tape."""
    try:
        tape = _scalar_tape(function)
    except CalcgradError:
        return _faults_only(function, values, wrts)
    subject = _Subject(function, tape, flat, point, values)
    return [[subject.finding(wrt, k) for k in range(len(tape.outputs))] for wrt in wrts]


def _scalar_tape(function: Expression) -> Tape:
    """The function's tape; one without arrays, if it has any. Raises ``CalcgradError`` where that grows too large."""
    if not function.arrays:
        return function.tape
    from calcgrad.scalarising import scalar_name, scalarise

    names = [c.name if c.index is None else scalar_name(c.name, c.index) for c in function.coordinates]
    return lower(scalarise(function.root, function.shapes), names)


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


class _Subject:
    """One function at one point; places at several precisions are made when first needed."""

    def __init__(
        self,
        function: Expression,
        tape: Tape,
        flat: Sequence[float],
        point: Point,
        values: Sequence[Any],
    ) -> None:
        self.function = function
        self.tape = tape
        self.flat = flat
        self.values = values
        self.exact = _exact_nodes(function, flat, point)
        self.displaced = [_displaced(node, value) for node, value in zip(self.exact, flat, strict=True)]
        self.deadline = perf_counter() + SECONDS
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
        while True:
            with ctx.workprec(bits[0]):
                try:
                    return self._attempt(wrt, self.tape.outputs[k], bits[0], depth[0] + len(wrt))
                except UNKNOWNS as unknown:
                    why = unknown
                    if (
                        isinstance(why, UndecidedError)
                        and len(bits) == 1
                        and questions
                        and self._vanishes(why.value)
                    ):
                        questions -= 1
                        continue
                    more = (
                        bits
                        if isinstance(why, UndecidedError)
                        else depth
                        if isinstance(why, NeedDepthError)
                        else []
                    )
                    if len(more) < 2:
                        break
                    del more[0]
        text = str(why) or "the terms that were computed do not decide"
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
        self.deadline = perf_counter() + SECONDS
        return True

    def _place(self, bits: int, depth: int) -> Place:
        found = self._places.get((bits, depth))
        if found is None:
            if bits not in self._fields:
                self._fields[bits] = Field()
            scope = Scope(self._fields[bits], depth, self.deadline)
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
        shown = range(len(names)) if len(names) <= _MOST_SHOWN else (coordinate,)
        here = ", ".join(f"{names[i]} = {to_text(self.exact[i], VOCABULARY)}" for i in shown)
        return notes.Spot(self.tape, slot, names[coordinate], here, len(names) == 1, culprits, self._texts)

    def _attempt(self, wrt: Wrt, slot: Slot, bits: int, depth: int) -> Finding | None:
        place = self._place(bits, depth)
        value = known(place.values[slot])
        culprits = place.culprits(slot, set(wrt))
        spot = self._spot(wrt[0], slot, culprits)
        if isinstance(value, Germ) and not culprits:
            ordinary = self._ordinary(spot, value)
            if ordinary is not None or any(self.displaced) or not place.contributing(slot) & place.singular:
                return ordinary
        if len(set(wrt)) > 1:
            return self._mixed(place, spot, value, wrt, (bits, depth))
        left = self._side(place, wrt[0], -1, slot, (bits, depth), value)
        right = self._side(place, wrt[0], 1, slot, (bits, depth), value)
        if isinstance(left, LostError) or isinstance(right, LostError):
            assert isinstance(value, Gap)
            return self._undefined(spot, value, None, None)
        return self._concluded(place, spot, value, left, right, len(wrt))

    def _side(
        self, place: Place, coordinate: int, side: int, slot: Slot, key: tuple[int, int], value: Germ | Gap
    ) -> Germ | Gap | LostError:
        """The germ on one side; where the point itself has no value, what is lost beside it is no matter."""
        try:
            return self._beside(place, coordinate, side, slot, key)
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
    ) -> Finding | None:
        try:
            found = conclude(value, left, right, order)
        except LostError:
            if isinstance(value, Gap):
                return self._undefined(spot, value, left, right)
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
        return self._parted(spot, found, order)

    def _parted(self, spot: notes.Spot, found: Conclusion, order: int) -> Finding:
        """What is no ordinary derivative: two sides that differ, or one side alone."""
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
        text = notes.note(spot, found, order)
        if tie is None and not found.extended and any(self.displaced):
            text += "; the methods work at the nearest double, which lies beside that point"
        return Finding(verdict, text, left, right, limit, value, notes.derivative(found.order), tie)

    def _smooth(self, spot: notes.Spot, found: Conclusion) -> Finding | None:
        """A derivative that exists although an operation on the way is not smooth."""
        assert isinstance(found.right, Coefficient)
        digits = to_digits(found.right)
        if found.extended:
            return Finding(
                "removable", notes.note(spot, found, found.order), limit=to_float(found.limit), value=digits
            )
        if any(self.displaced):
            return None
        return Finding("agree", "", value=digits, tie=ties.tie(spot, self.flat))

    def _ordinary(self, spot: notes.Spot, value: Germ) -> Finding | None:
        """A smooth point; a number that a double cannot hold may still stand on the way."""
        if self.function.arrays:
            return None
        double = self.values[spot.output]
        if math.isfinite(double):
            return None
        where = next(
            (
                s
                for s in range(len(self.tape.inputs), spot.output + 1)
                if _overflows(self.values, self.tape, s)
            ),
            None,
        )
        true = value.value.ball.str(6, radius=False)
        if where is None:
            return Finding(
                "inconclusive",
                f"the function has the value {true} at the exact point, but not at the nearest doubles",
            )
        text = spot.text(where)
        if _beyond(value.value):
            return Finding("overflow", f"{text} is {true}, beyond the largest double, 1.8e308")
        return Finding(
            "overflow",
            f"{spot.function} is {true}, but on the way to it in doubles {text} comes out as {self.values[where]}",
        )

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
        if found.verdict == "agree" and any(self.displaced):
            return None
        return found

    def _no_limit(self, spot: notes.Spot, value: Gap, limit: Limit, elsewhere: str) -> Finding:
        """No value can be filled in: the function has different limits along different ways."""
        goes = f"; its values go to {notes.number(limit)}{spot.along}, but {elsewhere}, so no value can be filled in"
        return Finding("undefined", reasons.gap(spot, value) + goes)

    def _undefined(
        self, spot: notes.Spot, value: Gap, left: Germ | Gap | None, right: Germ | Gap | None
    ) -> Finding:
        text = reasons.gap(spot, value) + notes.around(_limit(left), _limit(right), spot.along)
        double = self.values[spot.output] if not self.function.arrays else math.nan
        if any(self.displaced) and math.isfinite(double):
            text += f"; the nearest double is not that point, and there the value is {double:.6g}"
        return Finding("undefined", text)


def _limit(side: Germ | Gap | None) -> Limit | None:
    if not isinstance(side, Germ):
        return None
    try:
        return side.limit()
    except (LostError, NeedDepthError):
        return None


def _beyond(value: Coefficient) -> bool:
    from flint import arb

    return bool(abs(value.ball) > arb(sys.float_info.max))


def _overflows(values: Sequence[Any], tape: Tape, slot: Slot) -> bool:
    """Whether a step made an infinity of finite numbers."""
    step = tape.steps[slot - len(tape.inputs)]
    return bool(math.isinf(values[slot]) and all(math.isfinite(values[i]) for i in step.args))


def _exact_nodes(function: Expression, flat: Sequence[float], point: Point) -> list[Node]:
    nodes: list[Node] = []
    for coordinate, value in zip(function.coordinates, flat, strict=True):
        exact = point.coordinates[coordinate.name].exact if coordinate.index is None else None
        nodes.append(fraction_node(Fraction(repr(float(value)))) if exact is None else exact)
    return nodes


def _displaced(exact: Node, value: float) -> bool:
    """Whether the double is another point than the exact one."""
    from calcgrad.constants import rational

    return rational(exact) != Fraction(value)
