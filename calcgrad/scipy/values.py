"""Values that are SciPy's own within a traced function, and constants."""

from __future__ import annotations

from typing import Any

from calcgrad.tracer import is_traced
from calcgrad.tracing.traced import apply


def held(x: Any) -> Any:
    """The value as a constant; in a program it is still computed from the program's own arguments."""
    return apply("stop_gradient", x) if is_traced(x) else x


def borrowed(
    path: str, subjects: tuple[str, ...], *args: Any, part: int | None = None, **keywords: Any
) -> Any:
    """What a function of SciPy's says. A derivative through an argument is refused by the ``subject`` that belongs to it."""
    params = (path, subjects, tuple(keywords.items()), part)
    return apply(f"borrowed{len(args)}", *args, params=params)


def differentiated(x: Any) -> bool:
    """Whether a derivative by this value is being taken; not where it is only an argument of a compiled program."""
    while is_traced(x):
        if not x._trace.program:
            return True
        x = x.primal
    return False


def row(op: str, *args: Any, params: tuple[Any, ...] = ()) -> Any:
    """An operation of the table by its own name."""
    return apply(op, *args, params=params)
