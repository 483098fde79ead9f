"""Asking SymPy whether an exact number is zero, where neither its form nor its ball tells."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from calcgrad.expression.nodes import Call, Constant, Node, Number
from calcgrad.inputs.constants import fraction_node
from calcgrad.operations import OPERATIONS
from calcgrad.verdicts.exact.monomials import Terms
from calcgrad.verdicts.exact.numbers import Exact, Field

SECONDS = 10.0
#: Of a function of a larger number SymPy computes that many bits, or tries to until its time is up.
_LARGEST = 2.0**500


class _NoWordsError(Exception):
    """An atom that the language has no expression for, or that SymPy has no way with."""


def proved_zero(value: Exact) -> bool:
    """Whether SymPy proves that a number is zero; it is not, as far as we know, where that takes too long."""
    try:
        return _is_zero(_number(value.field, value.terms))
    except _NoWordsError:
        return False


@lru_cache(maxsize=64)
def _is_zero(node: Node) -> bool:
    """The same number stands at a point as written and at its doubles, and in several derivatives there."""
    from calcgrad.sympy_process.questions import prove_equal

    return prove_equal(node, Number(0), SECONDS).verdict == "equal"


def _number(field: Field, terms: Terms) -> Node:
    """The expression of a number."""
    total: Node | None = None
    for monomial, q in terms:
        product: Node = fraction_node(q)
        for atom, p in monomial:
            base = _atom(field, field.keys[atom])
            factor = base if p == 1 else Call("pow", (base, fraction_node(p)))
            product = Call("mul", (product, factor))
        total = product if total is None else Call("add", (total, product))
    return total or Number(0)


def _atom(field: Field, key: tuple[Any, ...]) -> Node:
    kind, *rest = key
    own = _KINDS.get(kind)
    if own is not None:
        return own(field, *rest)
    if kind not in OPERATIONS or not all(isinstance(terms, tuple) for terms in rest):
        raise _NoWordsError
    if any(abs(field.number(terms).ball) > _LARGEST for terms in rest):
        raise _NoWordsError
    return Call(kind, tuple([_number(field, terms) for terms in rest]))


def _of_turns(op: str) -> Callable[..., Node]:
    def node(_: Field, turns: Fraction, *__: Any) -> Node:
        return Call(op, (Call("mul", (fraction_node(turns), Constant("pi"))),))

    return node


def _cosine(field: Field, terms: Terms, _: Any) -> Node:
    if abs(field.number(terms).ball) > _LARGEST:
        raise _NoWordsError
    return Call("cos", (_number(field, terms),))


_KINDS: dict[str, Callable[..., Node]] = {
    "pi": lambda field: Constant("pi"),
    "prime": lambda field, prime: Number(prime),
    "base": _number,
    "sum": _number,
    "cos": _cosine,
    "sinpi": _of_turns("sin"),
    "cospi": _of_turns("cos"),
    "power": lambda field, q, p: Call("pow", (fraction_node(q), fraction_node(p))),
}
