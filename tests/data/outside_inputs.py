"""The truth of the inputs from outside: ``python -m tests.data.outside_inputs`` proves every entry of the list again.

Nothing of calcgrad is used. SymPy reads ``meaning`` with every decimal as the rational that stands there, differentiates it and
evaluates to 30 digits; mpmath's difference quotients of the undifferentiated function, with 250 digits, say the same to
25. One-sided slopes, limits and ends of the domain are mpmath's alone. ``--write`` fills in what the entries leave out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import sympy
from sympy.parsing.sympy_parser import parse_expr, rationalize, standard_transformations

LIST = Path(__file__).with_suffix(".json")
#: A second list, collected later.
SECOND = LIST.with_name("outside_inputs_second.json")
#: A third: what people type and paste, mostly homework, in many languages.
THIRD = LIST.with_name("outside_inputs_third.json")
#: Digits that are written, digits that are worked with, and the digits to which the two witnesses have to agree.
DIGITS, WORKING, AGREEING = 30, 60, 25
#: How far from the point a limit is read off, and the digits that this takes.
NEAR, DEEP = mpmath.mpf(10) ** -40, 250
#: What no derivative of the list comes near: two witnesses below it say nought.
NOUGHT = mpmath.mpf(10) ** -180

Entry = dict[str, Any]
Real = Callable[[Any], Any]


def load(path: Path = LIST) -> list[Entry]:
    """The entries, in the order of the list."""
    entries: list[Entry] = json.loads(path.read_text(encoding="utf-8"))
    return entries


def read(text: str, names: dict[str, sympy.Symbol]) -> sympy.Expr:
    """A text of ours, in SymPy's spelling, with decimals as rationals."""
    return parse_expr(
        text.replace("^", "**"),
        local_dict=dict(names),
        transformations=(*standard_transformations, rationalize),
    )


def point_of(entry: Entry) -> dict[str, str]:
    """The names and values of the point: ``point`` where the typed names are no names of SymPy's, else ``at``."""
    if "point" in entry:
        return dict(entry["point"])
    return dict(part.strip().split("=", 1) for part in entry["at"].split(", "))


class Meaning:
    """A function of one variable at a point: what an entry means, everything else put in."""

    def __init__(self, entry: Entry, text: str) -> None:
        values = point_of(entry)
        names = {name: sympy.Symbol(name, real=True) for name in values}
        wrt = entry.get("point_wrt") or entry.get("wrt") or next(iter(values))
        self.order: int = entry.get("order", 1)
        self.variable = names[wrt]
        others = {names[name]: read(value, {}) for name, value in values.items() if name != wrt}
        self.formula = read(text, names).subs(others)
        self.at = read(values[wrt], {})

    def real(self) -> Real:
        """The function over mpmath's numbers; what is not real is nan."""
        raw = sympy.lambdify(
            [self.variable], self.formula.rewrite((sympy.Max, sympy.Min), sympy.Piecewise), "mpmath"
        )

        def function(x: Any) -> Any:
            try:
                y = raw(x)
            except (ZeroDivisionError, ValueError, OverflowError):
                return mpmath.nan
            return mpmath.nan if mpmath.im(y) != 0 else mpmath.re(y)

        return function

    def x(self) -> Any:
        """The point with the digits that mpmath works with."""
        return mpmath.mpf(sympy.N(self.at, mpmath.mp.dps + 10)._to_mpmath(mpmath.mp.prec))

    def derivative(self) -> Any:
        """SymPy's derivative at the point, or None where it has none, or only a convention for a tie."""
        formula = sympy.diff(self.formula, self.variable, self.order)
        if formula.has(sympy.Derivative, sympy.Subs, sympy.DiracDelta, sympy.Heaviside):
            return None
        value = sympy.N(formula.subs(self.variable, self.at), WORKING)
        return mpmath.mpf(value._to_mpmath(mpmath.mp.prec)) if value.is_Number and value.is_finite else None


def near(a: Any, b: Any, digits: int = AGREEING) -> bool:
    """Whether two numbers agree to so many digits, or, beside nought, to so many decimals."""
    if mpmath.isinf(a) or mpmath.isinf(b):
        return bool(a == b)
    return bool(abs(a - b) <= mpmath.mpf(10) ** -digits * (max(abs(a), abs(b)) or 1))


def written(value: Any) -> str:
    """Thirty digits, or a word."""
    if mpmath.isinf(value):
        return "inf" if value > 0 else "-inf"
    return str(mpmath.nstr(value, DIGITS))


def slope(entry: Entry, text: str) -> str:
    """The derivative, by both witnesses."""
    with mpmath.workdps(DEEP):
        meaning = Meaning(entry, text)
        quotient = mpmath.diff(meaning.real(), meaning.x(), meaning.order)
        exact = meaning.derivative()
        if exact is None:
            exact = mpmath.mpf(mpmath.nstr(quotient, DIGITS))
        if near(exact, quotient):
            return written(exact)
        if max(abs(exact), abs(quotient)) < NOUGHT:
            return "0"
        raise AssertionError(f"{entry['id']}: SymPy {written(exact)}, mpmath {written(quotient)}")


def one_sided(entry: Entry, sign: int, *, hole: bool = False) -> Any:
    """The slope on one side, by two quotients; ``hole``: of the extension. Infinite or 0 where they grow or shrink without end."""
    with mpmath.workdps(DEEP):
        meaning = Meaning(entry, entry["meaning"])
        function, x = meaning.real(), meaning.x()
        here = (function(x + sign * NEAR**2)) if hole else function(x)
        first, second = ((function(x + sign * h) - here) / (sign * h) for h in (NEAR, NEAR / 10**4))
        if mpmath.isnan(first):
            return mpmath.nan
        if abs(second) > 10 * abs(first) > 1:
            return mpmath.inf if second > 0 else -mpmath.inf
        if 10 * abs(second) < abs(first) < 1:
            return mpmath.mpf(0)
        return mpmath.mpf(mpmath.nstr(second, DIGITS)) if near(first, second) else mpmath.nan


def limits(entry: Entry) -> tuple[Any, Any, Any]:
    """The limits of the function from the left and from the right, and its value at the point."""
    with mpmath.workdps(DEEP):
        meaning = Meaning(entry, entry["meaning"])
        function, x = meaning.real(), meaning.x()
        left, right, here = function(x - NEAR), function(x + NEAR), function(x)
        return mpmath.chop(left, NEAR * 10), mpmath.chop(right, NEAR * 10), here


def kink(entry: Entry) -> Entry:
    """Two slopes that differ."""
    left, right = one_sided(entry, -1), one_sided(entry, 1)
    if near(left, right):
        raise AssertionError(f"{entry['id']}: no kink, {left} on both sides")
    return {"left": written(left), "right": written(right)}


def jump(entry: Entry) -> Entry:
    """Two limits that differ, or a value that is neither."""
    left, right, here = limits(entry)
    if near(left, right) and (mpmath.isnan(here) or near(left, here)):
        raise AssertionError(f"{entry['id']}: no jump, {left} on both sides")
    return {"left": written(left), "right": written(right)}


def undefined(entry: Entry) -> Entry:
    """No real value at the point, and no finite limit that both sides share."""
    left, right, here = limits(entry)
    if mpmath.isfinite(here) or (near(left, right) and abs(left) < mpmath.mpf(10) ** 10):
        raise AssertionError(f"{entry['id']}: defined")
    return {}


def removable(entry: Entry) -> Entry:
    """No value at the point, one limit from both sides, one slope of the extension."""
    left, right, here = limits(entry)
    slopes = one_sided(entry, -1, hole=True), one_sided(entry, 1, hole=True)
    if not mpmath.isnan(here) or not near(left, right) or not near(*slopes):
        raise AssertionError(f"{entry['id']}: not removable: {left} {right} {here} {slopes}")
    return {"value": written(slopes[0])}


def boundary(entry: Entry) -> Entry:
    """A slope on one side alone."""
    left, right = one_sided(entry, -1), one_sided(entry, 1)
    if mpmath.isnan(left) == mpmath.isnan(right):
        raise AssertionError(f"{entry['id']}: no boundary: {left} {right}")
    side = "right" if mpmath.isnan(left) else "left"
    return {"side": side, "value": written(right if side == "right" else left)}


def value(entry: Entry) -> Entry:
    """An ordinary point."""
    return {"value": slope(entry, entry["meaning"])}


def readings(entry: Entry) -> Entry:
    """Each of the readings at an ordinary point."""
    found = [
        {**reading, "value": slope(entry, reading["meaning"])} for reading in entry["expect"]["readings"]
    ]
    return {"readings": found}


#: What an entry may expect, and how it is proved. A refusal states no figure.
PROOFS: dict[str, Callable[[Entry], Entry]] = {
    "value": value,
    "readings": readings,
    "kink": kink,
    "jump": jump,
    "undefined": undefined,
    "removable": removable,
    "boundary": boundary,
    "refuse": lambda _: {},
}


def proved(entry: Entry) -> Entry:
    """The entry with what its proof finds."""
    return {**entry, "expect": {**entry["expect"], **PROOFS[entry["expect"]["is"]](entry)}}


def main(argv: list[str]) -> int:
    """Prove a list; ``--write`` writes down what is found, otherwise 1 where that differs."""
    path = SECOND if "--second" in argv else THIRD if "--third" in argv else LIST
    entries = load(path)
    found = [proved(entry) for entry in entries]
    if "--write" in argv:
        lines = [json.dumps(entry, ensure_ascii=False) for entry in found]
        path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    wrong = [a["id"] for a, b in zip(entries, found, strict=True) if a != b]
    print(
        f"{len(found)} entries proved" if not wrong else f"{len(wrong)} entries changed: {', '.join(wrong)}"
    )
    return 1 if wrong and "--write" not in argv else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
