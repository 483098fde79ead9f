"""The rules of differentiation, as data: how each is called, and what it makes of the parts of an expression.

A scheme is written in the language itself. In it ``u``, ``v`` and ``w`` are parts that vary, ``du``, ``dv`` and ``dw`` their
derivatives, ``c`` and ``n`` parts that do not vary, ``q`` a condition, ``p`` the derivative of the named function at its
argument ``w``, and ``y`` the expression itself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its ``name``, the ``form`` that it takes apart, its right-hand side, and how people call it."""

    name: str
    form: str
    scheme: str
    title: str


#: In the order in which a first course teaches them.
RULES: tuple[Rule, ...] = (
    Rule("constant", "c", "0", "derivative of a constant"),
    Rule("identity", "x", "1", "derivative of the variable"),
    Rule("sum", "u + v", "du + dv", "sum rule"),
    Rule("difference", "u - v", "du - dv", "sum rule"),
    Rule("negative", "-u", "-du", "constant factor"),
    Rule("constant factor", "c*u", "c*du", "constant factor"),
    Rule("constant divisor", "u/c", "du/c", "constant factor"),
    Rule("power", "u^n", "n*u^(n - 1)*du", "power rule"),
    Rule("product", "u*v", "du*v + u*dv", "product rule"),
    Rule("quotient", "u/v", "(du*v - u*dv)/v^2", "quotient rule"),
    Rule("reciprocal", "c/v", "-(c*dv/v^2)", "quotient rule"),
    Rule("function", "f(w)", "p", "derivative of the named function"),
    Rule("chain", "f(w)", "p*dw", "chain rule"),
    Rule("exponential", "c^v", "c^v*log(c)*dv", "exponential with a variable exponent"),
    Rule("natural exponential", "e^v", "y*dv", "chain rule"),
    Rule("logarithmic", "u^v", "u^v*(dv*log(u) + v*du/u)", "logarithmic differentiation"),
    Rule("pieces", "where(q, u, v)", "where(q, du, dv)", "piece by piece"),
    Rule("several arguments", "f(u, v, w)", "", "chain rule, one term for each argument"),
    Rule("steps", "f(w)", "0", "constant between its steps"),
    Rule("entries", "[u, v]", "[du, dv]", "entry by entry"),
)
RULE: dict[str, Rule] = {rule.name: rule for rule in RULES}
