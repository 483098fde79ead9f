"""A SymPy expression as a tree of the expression language, in its flat form: the way back. Runs in the
worker.

Which class is which operation is read from the table. What the language cannot say
raises ``NoCounterpartError``.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import sympy

from calcgrad.expression.nodes import Flat
from calcgrad.operations import OPERATIONS
from calcgrad.operations.row import Elementwise
from calcgrad.sympy_process.as_written import as_written
from calcgrad.systems.base import system

Part = Any  # an expression still to be spelled, or an entry of the flat form (a tuple)
_MANY = 200  # terms beyond which they are left in SymPy's order: sorting them for the eye takes long
_SHORT_NUMBER = 6  # digits of a numerator beyond which a fraction is written as a decimal, where that ends
_DIGAMMA_OF_1 = sympy.Symbol("digamma(1)", negative=True)
LONGEST_NUMBER = 4000  # digits; Python itself refuses to read longer ones


class NoCounterpartError(Exception):
    """The expression has a part that the table of operations does not know; the message names it."""


def spell(expression: Any) -> Flat:
    """The flat form of a SymPy expression.

    >>> x = sympy.Symbol("x")
    >>> spell(2 * x)
    [('number', '2', '1'), ('name', 'x'), ('call', 'mul', 2, ())]
    >>> spell(2 - sympy.EulerGamma)
    [('number', '1', '1'), ('call', 'digamma', 1, ()), ('number', '2', '1'), ('call', 'add', 2, ())]
    """
    flat: Flat = []
    if expression.has(sympy.EulerGamma):  # -digamma(1), whose sign goes where SymPy puts signs
        expression = expression.xreplace({sympy.EulerGamma: -_DIGAMMA_OF_1})
    todo: list[Part] = [as_written(expression)]
    while todo:
        part = todo.pop()
        if isinstance(part, tuple):
            flat.append(part)
        else:
            todo.extend(reversed(_parts(part)))
    return flat


def length(flat: Flat) -> int:
    """About how many characters the tree takes in print; what the choice among forms of a formula goes by."""
    stack: list[tuple[int, int]] = []  # (characters, how loosely it binds: 0 atom, 1 power, 2 product, 3 sum)
    for entry in flat:
        if entry[0] != "call":
            stack.append((len(entry[1]), 0))
            continue
        cut = len(stack) - entry[2]
        args = stack[cut:]
        del stack[cut:]
        level = _LOOSENESS.get(entry[1])
        if level is None:
            stack.append((len(entry[1]) + 2 * len(args) + sum(size for size, _ in args), 0))
        else:
            sign = 3 if level == 3 else 1
            wrapped = sum(size + 2 * (loose > level or (level == 1 and loose == 1)) for size, loose in args)
            stack.append((wrapped + sign, level))
    return stack[-1][0]


_LOOSENESS = {"pow": 1, "mul": 2, "div": 2, "neg": 2, "add": 3, "sub": 3}


def _ends(q: Any) -> bool:
    """Whether the decimal of a fraction over ``q`` ends."""
    for prime in (2, 5):
        while q % prime == 0:
            q //= prime
    return bool(q == 1)


def _call(op: str, count: int) -> Part:
    return ("call", op, count, ())


def _digits(value: int) -> Part:
    digits = str(value)
    if len(digits) > LONGEST_NUMBER:
        raise NoCounterpartError(f"number of {len(digits)} digits")
    return ("number", digits, "1")


def _parts(e: Any) -> list[Part]:
    """One level: the parts of an expression in postorder, each an expression or an entry."""
    if e == _DIGAMMA_OF_1:
        return [("number", "1", "1"), _call("digamma", 1)]
    if e.is_Symbol:
        return [("name", e.name)]
    if e.is_Rational:
        if e.q != 1 and len(str(abs(e.p))) > _SHORT_NUMBER and _ends(e.q):
            sign = [_call("neg", 1)] if e.p < 0 else []
            return [("number", _digits(abs(e.p))[1], str(e.q)), *sign]
        return _quotient([_digits(abs(e.p))], [_digits(e.q)] if e.q != 1 else [], negative=e.p < 0)
    if e.is_Add:
        return _sum(e)
    if e.is_Mul:
        return _product(e)
    if e.is_Pow:
        return _power(e.base, e.exp)
    if e in _constants():
        return list(_constants()[e])
    if isinstance(e, sympy.Piecewise):
        return _piecewise(e)
    if isinstance(e, sympy.polygamma) and e.args[0] == 0:
        return [e.args[1], _call("digamma", 1)]
    return _function(e)


@cache
def _constants() -> dict[Any, list[Part]]:
    return {
        sympy.pi: [("constant", "pi")],
        sympy.E: [("constant", "e")],
        sympy.oo: [("constant", "inf")],
        -sympy.oo: [("constant", "inf"), _call("neg", 1)],
        sympy.true: [("constant", "true")],
        sympy.false: [("constant", "false")],
    }


def _quotient(above: list[Part], below: list[Part], negative: bool) -> list[Part]:
    """Factors over factors; a minus goes to the first factor, so that it is read as ``-2*x/3``."""
    sign = [_call("neg", 1)] if negative else []
    parts = [above[0], *sign, *_chained(above[1:])]
    return [*parts, below[0], *_chained(below[1:]), _call("div", 2)] if below else parts


def _chained(factors: list[Part]) -> list[Part]:
    """The second factor of a product and those after it."""
    return [part for factor in factors for part in (factor, _call("mul", 2))]


def _sum(e: Any) -> list[Part]:
    terms = e.as_ordered_terms() if len(e.args) <= _MANY else list(e.args)
    first = next((k for k, t in enumerate(terms) if not _is_negative(t)), 0)
    if first:
        terms.insert(0, terms.pop(first))
    parts: list[Part] = [terms[0]]
    for term in terms[1:]:
        parts += [-term, _call("sub", 2)] if _is_negative(term) else [term, _call("add", 2)]
    return parts


def _is_negative(term: Any) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _product(e: Any) -> list[Part]:
    coefficient, rest = e.as_coeff_Mul()
    if not coefficient.is_Rational:
        coefficient, rest = sympy.S.One, e
    above: list[Any] = []
    below: list[Any] = []
    many = len(rest.args) > _MANY
    factors = rest.as_ordered_factors() if rest.is_Mul and not many else sympy.Mul.make_args(rest)
    if abs(coefficient.p) != 1:
        above.append(sympy.Integer(abs(coefficient.p)))
    if coefficient.q != 1:
        below.append(sympy.Integer(coefficient.q))
    for factor in factors:
        if factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative:
            below.append(sympy.Pow(factor.base, -factor.exp))
        else:
            above.append(factor)
    return _quotient(above or [sympy.S.One], below, negative=coefficient.p < 0)


def _power(base: Any, exponent: Any) -> list[Part]:
    if exponent.is_Rational and exponent.is_negative:
        inverse = sympy.Pow(base, -exponent)
        return [("number", "1", "1"), inverse, _call("div", 2)]
    if exponent == sympy.S.Half:
        return [base, _call("sqrt", 1)]
    return [base, exponent, _call("pow", 2)]


def _piecewise(e: Any) -> list[Part]:
    """``where`` within ``where``; a Piecewise with no last branch has no value beyond, which the language
    cannot say.
    """
    *branches, (last, always) = e.args
    if always != sympy.true:
        raise NoCounterpartError("value for a function that is undefined in places")
    parts: list[Part] = []
    for value, condition in branches:
        parts += [condition, value]
    return [*parts, last, *[_call("where", 3)] * len(branches)]


_FOLDING = (sympy.Max, sympy.Min, sympy.And, sympy.Or)


def _function(e: Any) -> list[Part]:
    op = _classes().get(e.func)
    args = list(e.args)
    if e.func is sympy.Heaviside:
        args = args[:1]
    if e.func is sympy.zeta and len(args) == 2:
        op = "hurwitz_zeta"
    if op is None or (e.func not in _FOLDING and len(args) != _arity(op)):
        raise NoCounterpartError(e.func.__name__)
    if e.func in _FOLDING:
        parts: list[Part] = args[:1]
        for arg in args[1:]:
            parts += [arg, _call(op, 2)]
        return parts
    return [*args, _call(op, len(args))]


def _arity(op: str) -> int:
    row = OPERATIONS.get(op)
    return row.arity if isinstance(row, Elementwise) else -1


@cache
def _classes() -> dict[Any, str]:
    """SymPy's classes and the operations that they are, by the table's rows."""
    found: dict[Any, str] = {}
    modules = [importlib.import_module(name) for name in system("sympy").modules]
    for name, row in OPERATIONS.items():
        for module in modules:
            value = getattr(module, getattr(row, "sympy", "") or name, None)
            if value is None:
                continue
            if isinstance(value, type) and issubclass(value, sympy.Basic):
                found.setdefault(value, name)
            break
    return found
