"""Asking SymPy whether an exact number is zero, where neither its form nor its ball tells."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from calcgrad.expression.nodes import Call, Constant, Node, Number
from calcgrad.inputs.constants import fraction_node
from calcgrad.operations import OPERATIONS
from calcgrad.verdicts.exact.monomials import Terms
from calcgrad.verdicts.exact.numbers import Exact, Field

SECONDS = 10.0


class _NoWordsError(Exception):
    """An atom that the language has no expression for."""


def proved_zero(value: Exact) -> bool:
    """Whether SymPy proves that a number is zero; it is not, as far as we know, where that takes too long."""
    from calcgrad.sympy_process.questions import prove_equal

    try:
        node = _number(value.field, value.terms)
    except _NoWordsError:
        return False
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
    return Call(kind, tuple([_number(field, terms) for terms in rest]))


def _of_turns(op: str) -> Callable[..., Node]:
    def node(_: Field, turns: Fraction, *__: Any) -> Node:
        return Call(op, (Call("mul", (fraction_node(turns), Constant("pi"))),))

    return node


_KINDS: dict[str, Callable[..., Node]] = {
    "pi": lambda field: Constant("pi"),
    "prime": lambda field, prime: Number(prime),
    "base": _number,
    "sum": _number,
    "cos": lambda field, terms, sine: Call("cos", (_number(field, terms),)),
    "sinpi": _of_turns("sin"),
    "cospi": _of_turns("cos"),
    "power": lambda field, q, p: Call("pow", (fraction_node(q), fraction_node(p))),
}
