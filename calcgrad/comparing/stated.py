"""What a text says beside its function, ``d/dx …`` or ``f(x) = …``, joined with what the options say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from calcgrad.errors import UsageError
from calcgrad.expression.pasted.statements import Statement

if TYPE_CHECKING:
    from calcgrad.comparing.request import Request


def as_stated(request: Request, statement: Statement | None) -> tuple[Request, tuple[str, ...]]:
    """The request with the variables and the order that its text names, and the variables of a mixed derivative.

    Raises ``UsageError`` where the text is itself a derivative (E126), or where an option says something else: E336
    (``--wrt``), E337 (``--order``).
    """
    if statement is None:
        return request, ()
    if statement.left_order:
        raise UsageError.of(
            "E126",
            "this says what a derivative is, not what the function is",
            hints=(
                "give the function itself; `calcgrad check FUNCTION --claim DERIVATIVE` judges what it says",
            ),
        )
    names = tuple(dict.fromkeys(statement.wrt))
    if names and request.wrt and set(names) != set(request.wrt):
        said = ", ".join(request.wrt)
        raise UsageError.of(
            "E336",
            f"the text is differentiated by {', '.join(names)}, and --wrt says {said}",
            hints=("leave out --wrt, or give the function alone",),
        )
    order = len(statement.wrt) + statement.order
    if order and request.order not in (1, order):
        raise UsageError.of(
            "E337",
            f"the text asks for a derivative of order {order}, and --order says {request.order}",
            hints=("give the function alone, with --order",),
        )
    chosen = request.wrt or names or statement.parameters
    mixed = statement.wrt if len(names) > 1 else ()
    return replace(request, wrt=chosen, order=order or request.order), mixed
