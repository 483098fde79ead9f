"""The shape of an expression's value, found before anything is computed; what does not fit has a place."""

from __future__ import annotations

from collections.abc import Mapping

from calcgrad.errors import Span, UsageError
from calcgrad.expression.nodes import Call, Name, Node, postorder
from calcgrad.operations import COMPOSITES, OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.operations.shape_rules import result_shape
from calcgrad.operations.shapes import Shape, ShapeError


def infer(root: Node, shapes: Mapping[str, Shape], where: Span | None = None) -> Shape:
    """The shape of an expression whose variables have these shapes; a variable that is not named is a number.

    ``where`` is the place to blame instead of a node's own. Raises ``UsageError``: E201 shapes that do not
    fit entry by entry, E203 an index out of range, E208 factors that do not fit, E210 a list of unlike
    entries, E211 nothing to choose from.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> infer(parse("A @ x", VOCABULARY).root, {"A": (2, 3), "x": (3,)})
    (2,)
    """
    stack: list[Shape] = []
    for node in postorder(root):
        if not isinstance(node, Call):
            stack.append(shapes.get(node.name, ()) if isinstance(node, Name) else ())
            continue
        cut = len(stack) - len(node.args)
        args = stack[cut:]
        del stack[cut:]
        stack.append(_shape(node, args, where or node.span))
    return stack[-1]


def _shape(node: Call, args: list[Shape], where: Span) -> Shape:
    composite = COMPOSITES.get(node.op)
    if composite is not None:
        return infer(parsed(composite.definition), dict(zip(ARGUMENTS, args, strict=False)), where)
    if not any(args) and isinstance(OPERATIONS[node.op], Elementwise):
        return ()
    try:
        return result_shape(node.op, args, node.params)
    except ShapeError as error:
        raise UsageError.of(error.code, error.message, where, "does not fit", error.hints) from None
