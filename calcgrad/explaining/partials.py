"""The local partial of a step, as a formula in slots and as a number; both from the table's own row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from calcgrad.autodiff.tape import Step
from calcgrad.deriving import tidy
from calcgrad.expression.nodes import Call, Name, Node, postorder
from calcgrad.functions.expression import Expression
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.systems.base import FLOAT64

#: How far a formula that was tidied may be from the table's partial, relatively, to be shown in its place.
_SAME = 1e-9


def partial_formula(
    step: Step, j: int, args: Sequence[Node], output: Node, values: Sequence[Any] | None, value: float | None
) -> Node | None:
    """The partial of a step in its argument ``j`` as people write it, in the slots' own names; ``None`` without a closed form.

    ``values`` are the numbers of the arguments and then of the output, by which the branch of a ``where`` is taken, and
    ``value`` the partial there: a formula with another value (at 0, where ``2*v1/v1`` has none) is not shown.

    >>> partial_formula(Step("mul", (0, 1)), 0, [Name("v1"), Name("v2")], Name("v3"), [2.0, 3.0, 6.0], 3.0)
    v2
    """
    row = OPERATIONS[step.op]
    assert isinstance(row, Elementwise)
    texts = [t for t in (_at(row.written, j), row.partials[j]) if t is not None]
    if not texts:
        return None
    names = [*ARGUMENTS[: row.arity], "y"]
    put_in = dict(zip(names, [*args, output], strict=True))
    numbers = None if values is None else dict(zip(names, values, strict=True))
    candidates: list[Node] = []
    for text in texts:
        formula = _put_in(_branch(parsed(text), numbers), put_in)
        candidates += [tidy(formula).formula, formula]
    if numbers is None:
        return candidates[0]
    known = {n.name: numbers[k] for k, n in put_in.items() if isinstance(n, Name)}
    return next((c for c in candidates if _same(c, known, value)), candidates[-1])


def _at(texts: Sequence[str | None], j: int) -> str | None:
    return texts[j] if j < len(texts) else None


def _put_in(formula: Node, names: dict[str, Node]) -> Node:
    """The formula with trees in the place of names."""
    stack: list[Node] = []
    for node in postorder(formula):
        if isinstance(node, Call):
            cut = len(stack) - len(node.args)
            args = tuple(stack[cut:])
            del stack[cut:]
            stack.append(Call(node.op, args, node.params))
        else:
            stack.append(names.get(node.name, node) if isinstance(node, Name) else node)
    return stack[0]


def _branch(formula: Node, numbers: dict[str, Any] | None) -> Node:
    """The branch of a ``where`` that is taken, where one stands at the top."""
    while numbers is not None and isinstance(formula, Call) and formula.op == "where":
        condition, taken, other = formula.args
        formula = taken if _value(condition, numbers) else other
    return formula


def _value(formula: Node, numbers: dict[str, Any]) -> Any:
    [value] = Expression(formula, tuple(numbers)).values(list(numbers.values()))
    return value


def _same(formula: Node, numbers: dict[str, Any], value: float | None) -> bool:
    found = float(_value(formula, numbers))
    wanted = 0.0 if value is None else value
    return (
        found == wanted or math.isclose(found, wanted, rel_tol=_SAME) or (found != found and wanted != wanted)
    )


def label(step: Step, args: Sequence[Node | None]) -> str:
    """The operation in a box of a picture; constants stand beside it. ``None`` is what comes in.

    >>> label(Step("mul", (0, 1)), [None, None]), label(Step("pow", (0, -1)), [None, Name("n")]), label(Step("log", (0,)), [None])
    ('*', '^n', 'ln')
    """
    from calcgrad.expression import to_text
    from calcgrad.expression.printer import INFIX
    from calcgrad.operations import VOCABULARY

    known = [None if a is None else to_text(a, VOCABULARY) for a in args]
    if step.op == "neg":
        return "-"
    if step.op in INFIX and len(known) == 2:
        sign = INFIX[step.op][3].strip()
        left, right = [t if t is None or t.isalnum() or "." in t or t[0] == "[" else f"({t})" for t in known]
        gap = " " if sign in "+-@" and (left or right) else ""
        return f"{left or ''}{gap if left else ''}{sign}{gap if right else ''}{right or ''}"
    name = VOCABULARY.forms[step.op].text if step.op in VOCABULARY.forms else step.op
    if all(t is None for t in known):
        return name
    return f"{name}({', '.join('.' if t is None else t for t in known)})"


def local_value(step: Step, j: int, values: Sequence[Any], place: int) -> float | None:
    """The partial as a number: what the forward sweep multiplies a tangent of 1 with."""
    args = [values[i] for i in step.args]
    found = FLOAT64.push(step.op, j)(values[place], *args, *step.params, 1.0)
    return None if found is None else float(found)
