"""A Python function of which some arguments go in, and the others stand still."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from calcgrad.comparing.request import Request, named
from calcgrad.errors import UsageError
from calcgrad.inputs.arguments import parameters_of
from calcgrad.inputs.points import bind, only_one, read_points, specs_of
from calcgrad.operations import VOCABULARY


def held(target: str | Callable[..., Any], at: Any, moving: Sequence[str] = ()) -> Request:
    """The request for a function of the moving arguments alone; without names all move that hold floats.

    ``at`` has a value for each parameter, as a mapping or as a point. Raises ``UsageError`` E302 where there is no such parameter,
    and E633 where one that moves holds no floats, or nothing does.

    >>> request = held(lambda w, n: w ** n, {"w": 3.0, "n": 2})
    >>> request.function(w=5.0), request.at[0].names
    (25.0, ('w',))
    """
    name, function = named(target)
    if function is None:
        raise misfit()
    values = at if isinstance(at, Mapping) else _of_point(function, at)
    for chosen in moving:
        if chosen not in values:
            hints = (f"it has {', '.join(values)}",)
            raise UsageError.of("E302", f"{name} has no parameter {chosen}", hints=hints)
        if not _of_floats(values[chosen]):
            raise UsageError.of("E633", f"{chosen} holds no floats, so that it cannot move")
    inputs = {n: v for n, v in values.items() if n in moving or (not moving and _of_floats(v))}
    if not inputs:
        raise UsageError.of("E633", f"no argument of {name} holds floats", hints=("give floats: 1.0, not 1",))
    rest = {n: v for n, v in values.items() if n not in inputs}
    return Request(text=name, function=partial(function, **rest), at=read_points((inputs,), VOCABULARY))


def misfit() -> UsageError:
    """The error of options for expressions with a Python function, or of its options with an expression."""
    hints = (
        "an expression has --at and --claim",
        "a Python function has --at, --args, --random, --wrt and --grad",
    )
    return UsageError.of("E639", "these options are for another kind of function", hints=hints)


def _of_point(function: Callable[..., Any], at: Any) -> dict[str, Any]:
    point = only_one(read_points(specs_of(at), VOCABULARY), getattr(function, "__name__", "the function"))
    bound = bind(point, list(parameters_of(function)))
    return {str(name): c.value for name, c in bound.coordinates.items()}


def _of_floats(value: Any) -> bool:
    import numpy

    return bool(numpy.asarray(value).dtype.kind == "f")
