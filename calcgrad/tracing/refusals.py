"""The errors of what a traced value cannot do; its trace raises them again, should the function catch them."""

from __future__ import annotations

from typing import Any

from calcgrad.errors import UsageError
from calcgrad.tracer import InPlaceError

OUTSIDE = "into an array that the function did not make (a global one, say) nothing traced is written: write into buffer.copy()"


def refused(x: Any, code: str, message: str, *hints: str) -> InPlaceError:
    """The error for what plain tracing cannot follow."""
    error = InPlaceError.of(code, message, hints=hints)
    x._trace.refused, error.marked = error, x._trace
    return error


def written_over(x: Any) -> InPlaceError:
    """The error for an operator that writes over a traced array."""
    return refused(
        x,
        "E404",
        "a traced array cannot be written over",
        "x = x + y makes a new array, x += y writes over the old one",
    )


def escaped() -> UsageError:
    """The error for a value of a closed trace."""
    return UsageError.of(
        "E403",
        "a traced value was used after its derivative was done",
        hints=(
            "return it from the function instead of keeping it; has_aux=True returns values beside the result",
        ),
    )
