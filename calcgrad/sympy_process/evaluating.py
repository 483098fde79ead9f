"""Values of SymPy expressions to many digits at points, and what can be said where there is none. Runs in
the worker.

``evalf(n, subs=…)`` at the exact binary value of a double, or at an exact number, which SymPy evaluates to
as many digits as it works with. Rationals are never substituted (``x**100000`` at 1/3 would be written out),
and a value counts only when it stays the same with more working digits: SymPy tracks cancellation through
sums, but not through the arguments of special functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from mpmath.libmp import to_str

from calcgrad.sympy_process.building import build
from calcgrad.sympy_process.deadlines import OutOfTime, limited
from calcgrad.sympy_process.forms import FAILURES, tractable
from calcgrad.sympy_process.questions import Value

_BIT = 0.30103  # decimal digits
_BITS = 3.33  # of a decimal digit
_SUBSTITUTING = 0.2  # seconds
_EXTRA = (10, 60, 400, 1500)  # digits beyond those asked for, tried one after another


def point_of(coordinates: Mapping[str, Any]) -> dict[Any, Any]:
    """The substitution of a point: each coordinate a double in hexadecimal (``float.hex``), or a tree of exact numbers."""
    return {sympy.Symbol(name, real=True): _coordinate(written) for name, written in coordinates.items()}


def _coordinate(written: Any) -> Any:
    if isinstance(written, str):
        return sympy.Float(float.fromhex(written), precision=53)
    return build([tuple(entry) for entry in written])


def evaluate(expression: Any, point: Mapping[Any, Any], digits: int) -> Value:
    """The value at a point with ``digits`` significant digits, each checked by a second evaluation.

    >>> evaluate(sympy.cos(1) + 2, {}, 30)
    Value(status='ok', text='2.54030230586813971740093660744', bound=None, note=None)
    """
    if expression.is_zero:
        return Value("ok", "0")
    value = None
    for extra in _EXTRA:
        working = digits + extra + (_reach(point) if value is not None else 0)
        previous, value = value, evalf(expression, point, working)
        if value.is_Rational and value:
            value = sympy.Float(value, working)
        if previous is None and not (value.is_Float and value._prec >= digits * _BITS):
            exact = _substituted(expression, point)
            if exact is not None:
                return evaluate(exact, {}, digits)
        if previous is not None and (found := _settled(previous, value, digits)):
            return found
    if value is sympy.S.Zero:
        return Value("ok", "0")
    return _undecided(value, digits)


def _substituted(expression: Any, point: Mapping[Any, Any]) -> Any:
    """The expression at an exact point with its terms cancelled by SymPy, where a number is 0 and digits will never tell.

    ``None`` where the point is one of doubles, or that may take long: no power is written out.
    """
    if not point or any(c.has(sympy.Float) for c in point.values()) or not tractable(expression):
        return None
    try:
        found = limited(_SUBSTITUTING, lambda: expression.subs(point, simultaneous=True))
    except (OutOfTime, *FAILURES):
        return None
    return found if found.is_number and found.is_finite is not False else None


def _reach(point: Mapping[Any, Any]) -> int:
    """Digits that a difference such as ``1 - cos(x)`` loses at a point with tiny or huge coordinates."""
    sizes = [sympy.N(v, 5) for v in point.values() if not v.is_zero]
    return max((int(abs(v._mpf_[2] + v._mpf_[3]) * _BIT * 2.2) for v in sizes if v.is_Float), default=0)


def evalf(expression: Any, point: Mapping[Any, Any], digits: int, most: int = 0) -> Any:
    """SymPy's value at a point to some digits; a division by zero is its complex infinity."""
    try:
        return expression.evalf(digits, subs=point, maxn=most or 2 * digits + 50)
    except ZeroDivisionError:
        return sympy.zoo


def _settled(previous: Any, value: Any, digits: int) -> Value | None:
    """The answer on which two evaluations agree, if they do."""
    if previous.is_Float and value.is_Float:
        return _same(previous, value, digits)
    if value is previous and value in (sympy.oo, -sympy.oo, sympy.zoo):
        text = {sympy.oo: "inf", -sympy.oo: "-inf"}.get(value)
        return Value(
            "infinite",
            text,
            note="the formula is infinite here" if text else "the formula divides by zero here",
        )
    if value is previous is sympy.nan:
        return Value("nan", note="the formula is undefined here (0/0 or the like)")
    if value.is_number and not value.is_extended_real:
        return _complex(value, previous, digits)
    return None


def _same(previous: Any, value: Any, digits: int) -> Value | None:
    if min(previous._prec, value._prec) < digits * _BITS:
        return None
    first, second = (to_str(v._mpf_, digits, strip_zeros=False) for v in (previous, value))
    if first != second and abs(value - previous) > abs(value) * sympy.Float(10, 20) ** (1 - digits):
        return None
    return Value("ok", second)


def _complex(value: Any, previous: Any, digits: int) -> Value | None:
    """A number with an imaginary part; one that shrinks as the precision grows is rounding, not a part of
    the value.
    """
    (re, im), (old_re, old_im) = value.as_real_imag(), previous.as_real_imag()
    if not all(part.is_Float or part.is_zero for part in (re, im, old_re, old_im)):
        return None
    if re.is_Float and old_re.is_Float and abs(im) <= abs(re) * sympy.Float(10, 20) ** (-digits):
        return _same(old_re, re, digits)
    return Value("complex", note=f"the value is not real: {value.n(6)}")


def _undecided(value: Any, digits: int) -> Value:
    if value.is_Float:
        if value._prec <= 2:
            exponent = value._mpf_[2] + value._mpf_[3]
            bound = f"1e{int(exponent * _BIT) + 2}"
            return Value("zero", "0", bound, f"no significant digit was found: it is zero within {bound}")
        return Value("none", note=f"fewer than {digits} digits of the value could be found")
    return Value("none", note="SymPy found no value here")
