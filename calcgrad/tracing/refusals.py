"""The errors of what a traced value cannot do; its trace raises them again, should the function catch them."""

from __future__ import annotations

import sys
from typing import Any

import numpy

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
            "a cache that is filled while a function is traced keeps traced values: empty it, and fill it in a plain call first",
        ),
    )


class ForeignError(Exception):
    """A value of a derivative outside, a matrix or a masked array came in by the function's closure: no program can hold it."""


def is_foreign(value: Any) -> bool:
    """Whether an array is one with rules of its own: a matrix multiplies otherwise, and a mask hides entries."""
    if type(value) is numpy.ndarray or not isinstance(value, numpy.ndarray):
        return False
    masks = sys.modules.get("numpy.ma")
    return isinstance(value, numpy.matrix) or (masks is not None and isinstance(value, masks.MaskedArray))


def asked_by_a_foreign_one() -> bool:
    """Whether an operator or a function of such arrays asks a traced value for its array."""
    module = sys._getframe(2).f_globals.get("__name__", "")
    return str(module).startswith(("numpy.ma.", "numpy.matrixlib"))


def foreign() -> UsageError:
    """The error for a matrix or a masked array beside a traced one."""
    return UsageError.of(
        "E420",
        "a masked array, or a matrix, has no derivative together with a traced array",
        hints=(
            "np.where(a.mask, 0.0, a.data) says what the masked entries count for; np.asarray(m) is the matrix as an array",
        ),
    )
