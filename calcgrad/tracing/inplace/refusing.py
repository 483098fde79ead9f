"""Refusals: a function that catches one goes another way than without tracing, so its run is refused at its end all the same."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from calcgrad.tracer import InPlaceError

#: What was refused in the run of a function over arrays that can be written into.
_REFUSED: ContextVar[list[InPlaceError] | None] = ContextVar("_REFUSED", default=None)


def refusal(code: str, message: str, *hints: str) -> InPlaceError:
    """The error for what cannot be followed, noted for the end of the run."""
    error = InPlaceError.of(code, message, hints=hints)
    noted = _REFUSED.get()
    if noted is not None:
        noted.append(error)
    return error


def outside(shape: Any) -> InPlaceError:
    """For a traced value that would be written into an array that the function did not make."""
    return refusal(
        "E404",
        f"a traced value cannot be written into an array of shape {shape} that the function did not make",
        "write into a copy of it: buffer.copy()",
        "or give it to the function as an argument",
    )


def tangled(what: str) -> InPlaceError:
    """For a write into memory that somebody else has, in a way that is not followed."""
    return refusal("E450", what, "use a copy: x.copy()")


def cut_off(what: str) -> InPlaceError:
    """For an array that would take only part of a traced value."""
    return refusal("E401", what, "stop_gradient(x) gives the plain value where no derivative is wanted")


def forgiven(error: InPlaceError) -> None:
    """A refusal that another way of tracing lifts."""
    noted = _REFUSED.get()
    if noted is not None and error in noted:
        noted.remove(error)
    if error.marked is not None and error.marked.refused is error:
        error.marked.refused = None


def unrefused(run: Callable[[], Any]) -> Any:
    """The result of a run. Raises the first refusal in it, if it was caught on the way."""
    noted: list[InPlaceError] = []
    token = _REFUSED.set(noted)
    try:
        result = run()
    finally:
        _REFUSED.reset(token)
    if noted:
        raise noted[0]
    return result
