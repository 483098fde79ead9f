"""Parts that a beginner differentiates at sight: sums, multiples and powers of the variable, and functions of it."""

from __future__ import annotations

from calcgrad.deriving.differentiating import applied
from calcgrad.deriving.records import Derivation, NoFormulaError
from calcgrad.deriving.tidying import tidy
from calcgrad.expression.nodes import Call, Name, Node

#: Rules by which a beginner differentiates at sight what has no product, no quotient and no inner function.
_AT_SIGHT = frozenset(
    {"sum", "difference", "negative", "constant factor", "constant divisor", "power", "function"}
    | {"exponential", "natural exponential"}
)
#: Of these, the ones whose parts may be sums and multiples themselves.
_LINEAR = frozenset({"sum", "difference", "negative", "constant factor", "constant divisor"})


def at_sight(nodes: list[Node], varies: set[int]) -> set[int]:
    """The ids of the parts that are differentiated at sight; ``nodes`` are in postorder."""
    found: set[int] = set()
    for node in nodes:
        if id(node) not in varies or not isinstance(node, Call):
            continue
        try:
            rule = applied(node, [id(arg) in varies for arg in node.args]).rule.name
        except NoFormulaError:
            continue
        moving = [arg for arg in node.args if id(arg) in varies]
        bare_parts = all(isinstance(arg, Name) for arg in moving)
        if rule in _AT_SIGHT and (
            bare_parts or (rule in _LINEAR and all(isinstance(a, Name) or id(a) in found for a in moving))
        ):
            found.add(id(node))
    return found


def tidied(found: Derivation) -> Node:
    """A derivative in few characters."""
    return tidy(found.formula, found.function).formula
