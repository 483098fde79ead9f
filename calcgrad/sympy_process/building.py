"""A tree of the expression language, in its flat form, as a SymPy expression. Runs in the worker.

Long sums and products are gathered and made in one step, since SymPy sorts the terms each time that it makes
a sum. No text reaches SymPy's own parser: names become real symbols, whatever they are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from calcgrad.expression.nodes import Constant, Flat
from calcgrad.systems.base import system


class _Sum(list[Any]):
    """The terms of a sum that is still being read."""


class _Product(list[Any]):
    """The factors of a product that is still being read."""


def _made(value: Any) -> Any:
    """What was gathered, as a number; a comparison, or logic, that is computed with is 1 or 0."""
    if isinstance(value, _Sum):
        return sympy.Add(*value)
    if isinstance(value, _Product):
        return sympy.Mul(*value)
    if _is_logic(value):
        return sympy.Piecewise((sympy.S.One, value), (sympy.S.Zero, True))
    return value


def _condition(value: Any) -> Any:
    """A number as a condition: whether it is not 0."""
    return value if _is_logic(value) else sympy.Ne(_made(value), 0)


def _is_logic(value: Any) -> bool:
    """Whether a value is true or false; SymPy takes every symbol for a possible one."""
    return isinstance(value, Boolean) and not isinstance(value, sympy.Expr)


def _add(a: Any, b: Any) -> _Sum:
    terms = a if isinstance(a, _Sum) else _Sum([_made(a)])
    terms.extend(b if isinstance(b, _Sum) else [_made(b)])
    return terms


def _mul(a: Any, b: Any) -> _Product:
    factors = a if isinstance(a, _Product) else _Product([_made(a)])
    factors.extend(b if isinstance(b, _Product) else [_made(b)])
    return factors


def _sub(a: Any, b: Any) -> _Sum:
    return _add(a, -_made(b))


def _div(a: Any, b: Any) -> _Product:
    return _mul(a, 1 / _made(b))


def _where(condition: Any, taken: Any, other: Any) -> Any:
    return sympy.Piecewise((_made(taken), _condition(condition)), (_made(other), True))


_DIRECT: dict[str, Callable[..., Any]] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "where": _where,
}


def symbol(name: str) -> Any:
    """The real symbol of a variable."""
    return sympy.Symbol(name, real=True)


def exact_value(p: str, q: str) -> Any:
    """A number as it was written: 0.1 is 1/10."""
    return sympy.Rational(int(p), int(q))


def double_value(p: str, q: str) -> Any:
    """The double nearest to a number, exactly; a number beyond the range of doubles stays as it is."""
    exact = Fraction(int(p), int(q))
    try:
        nearest = Fraction(float(exact))
    except OverflowError:
        nearest = exact
    return sympy.Rational(nearest.numerator, nearest.denominator)


def is_double(p: str, q: str) -> bool:
    """Whether a number is a double, so that both readings of it are the same."""
    return (q == "1" and len(p) < 16) or exact_value(p, q) == double_value(p, q)


def build(flat: Flat, number: Callable[[str, str], Any] = exact_value) -> Any:
    """The SymPy expression of a tree; ``number`` says how its numbers are read.

    >>> build([("name", "E"), ("name", "x"), ("name", "x"), ("call", "mul", 2, ()), ("call", "add", 2, ())])
    E + x**2
    """
    (root,) = _walk(flat, number)
    return _made(root)


def build_outputs(flat: Flat, number: Callable[[str, str], Any] = exact_value) -> list[Any]:
    """One expression an output: those of ``[a, b]``, or the one there is."""
    if not is_vector(flat):
        return [build(flat, number)]
    return [_made(entry) for entry in _walk(flat[:-1], number)]


def is_vector(flat: Flat) -> bool:
    """Whether the tree is ``[a, b, …]``."""
    return bool(flat[-1][0] == "call" and flat[-1][1] == "vector")


def _walk(flat: Iterable[tuple[Any, ...]], number: Callable[[str, str], Any]) -> list[Any]:
    symbolic = system("sympy")
    stack: list[Any] = []
    for entry in flat:
        kind = entry[0]
        if kind == "number":
            stack.append(number(entry[1], entry[2]))
        elif kind == "name":
            stack.append(symbol(entry[1]))
        elif kind == "constant":
            stack.append(symbolic.constant(Constant(entry[1])))
        else:
            _, op, count, params = entry
            cut = len(stack) - count
            args = stack[cut:]
            del stack[cut:]
            direct = _DIRECT.get(op)
            if direct:
                stack.append(direct(*args))
                continue
            kind = _condition if op.startswith("logical_") else _made
            stack.append(symbolic.function(op)(*map(kind, args), *params))
    return stack
