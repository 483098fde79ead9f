"""The rules of differentiation, as data: how each is called, and what it makes of the parts of an expression.

A scheme is written in the language itself. In it ``u``, ``v`` and ``w`` are parts that vary, ``du``, ``dv`` and ``dw`` their
derivatives, ``c`` and ``n`` parts that do not vary, ``q`` a condition, ``p`` the derivative of the named function at its
argument ``w``, and ``y`` the expression itself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its ``name``, the ``form`` that it takes apart, its right-hand side, how people call it, and how it is told.

    ``told`` is a sentence about a part ``{f}`` of a function; ``{y}`` is the form with its letters, ``{op}`` the named function.
    """

    name: str
    form: str
    scheme: str
    title: str
    told: str


#: In the order in which a first course teaches them.
RULES: tuple[Rule, ...] = (
    Rule("constant", "c", "0", "derivative of a constant", "{f} is a constant"),
    Rule("identity", "x", "1", "derivative of the variable", "{f} is the variable"),
    Rule("sum", "u + v", "du + dv", "sum rule", "{f} is a sum {y}"),
    Rule("difference", "u - v", "du - dv", "sum rule", "{f} is a difference {y}"),
    Rule("negative", "-u", "-du", "constant factor", "{f} is minus {u}"),
    Rule("constant factor", "c*u", "c*du", "constant factor", "{f} is {c} times {u}"),
    Rule("constant divisor", "u/c", "du/c", "constant factor", "{f} is {u} over {c}"),
    Rule("power", "u^n", "n*u^(n - 1)*du", "power rule", "{f} is a power of {u}"),
    Rule("product", "u*v", "du*v + u*dv", "product rule", "{f} is a product {y}"),
    Rule("quotient", "u/v", "(du*v - u*dv)/v^2", "quotient rule", "{f} is a quotient {y}"),
    Rule("reciprocal", "c/v", "-(c*dv/v^2)", "quotient rule", "{f} is {c} over {v}"),
    Rule("function", "f(w)", "p", "derivative of the named function", "{f} is {op} of {w}"),
    Rule("chain", "f(w)", "p*dw", "chain rule", "{f} is {op} of {w}"),
    Rule(
        "exponential",
        "c^v",
        "c^v*log(c)*dv",
        "exponential with a variable exponent",
        "{f} is {c} to the power {v}",
    ),
    Rule("natural exponential", "e^v", "y*dv", "chain rule", "{f} is e to the power {v}"),
    Rule(
        "logarithmic",
        "u^v",
        "u^v*(dv*log(u) + v*du/u)",
        "logarithmic differentiation",
        "{f} is {y}, base and exponent vary",
    ),
    Rule(
        "pieces",
        "where(q, u, v)",
        "where(q, du, dv)",
        "piece by piece",
        "{f} is given in pieces: {u} where {q}, otherwise {v}",
    ),
    Rule(
        "several arguments",
        "f(u, v, w)",
        "",
        "chain rule, one term for each argument",
        "{f} is {op} of {all}",
    ),
    Rule(
        "steps", "f(w)", "0", "constant between its steps", "{f} is {op} of {w}, constant between its steps"
    ),
    Rule("entries", "[u, v]", "[du, dv]", "entry by entry", "{f} is a list"),
)
RULE: dict[str, Rule] = {rule.name: rule for rule in RULES}
