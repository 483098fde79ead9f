"""Where a function is not smooth, as far as its own operations tell. Runs in the worker.

SymPy's derivative of ``abs(x)`` is ``sign(x)``, which is 0 at 0: a number where there is no derivative. The
verdict is others'; here it is only said that the number comes from such a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import sympy

from calcgrad.sympy_process.evaluating import evalf
from calcgrad.systems.values import symbolic

_DIGITS = 20
_HALF = sympy.Rational(1, 2)


class Suspect(NamedTuple):
    """An operation that is not smooth where ``critical`` is zero (a whole number, with ``whole``)."""

    operation: str
    critical: Any
    whole: bool = False


def suspects(expression: Any) -> list[Suspect]:
    """The operations in a function that are not smooth everywhere, and where.

    >>> suspects(sympy.Abs(sympy.Symbol("x", real=True)))
    [Suspect(operation='abs', critical=x, whole=False)]
    """
    relations = sympy.core.relational.Relational
    kinds = (sympy.Max, sympy.Min, sympy.Mod, relations)
    return [s for atom in expression.atoms(*_ZERO, *_WHOLE, *kinds) for s in _suspects(atom)]


_ZERO = {sympy.Abs: "abs", sympy.sign: "sign", sympy.Heaviside: "heaviside"}
_WHOLE = {
    sympy.floor: ("floor", 0),
    sympy.ceiling: ("ceil", 0),
    sympy.frac: ("frac", 0),
    symbolic.round: ("round", _HALF),
}


def _suspects(atom: Any) -> list[Suspect]:
    args = atom.args
    if isinstance(atom, sympy.Max | sympy.Min):
        name = type(atom).__name__.lower()
        others = [atom.func(*args[:k], *args[k + 1 :]) for k in range(len(args))]
        return [Suspect(name, arg - other) for arg, other in zip(args, others, strict=True)]
    if isinstance(atom, sympy.Mod):
        return [Suspect("mod", args[0] / args[1], whole=True)]
    if atom.func in _ZERO:
        return [Suspect(_ZERO[atom.func], args[0])]
    if atom.func in _WHOLE:
        name, shift = _WHOLE[atom.func]
        return [Suspect(name, args[0] + shift, whole=True)]
    return [Suspect("a condition", atom.lhs - atom.rhs)] if args else []


def singular_at(found: list[Suspect], point: Mapping[Any, Any]) -> str | None:
    """Which operation is at a place where it is not smooth, in words; ``None`` when none is."""
    for operation, critical, whole in found:
        value = evalf(critical, point, _DIGITS)
        if whole and value.is_Float:
            value = evalf(critical - sympy.Integer(int(value.round())), point, _DIGITS)
        if value.is_zero or (value.is_Float and value._prec <= 2) or (whole and value.is_Integer):
            return f"{operation} is not smooth here"
    return None
