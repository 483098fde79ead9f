"""The modes on a function of one's own: an expression of numbers or arrays, or a NumPy function, at a point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from calcgrad.comparing.request import Request, flat_point, read
from calcgrad.errors import UsageError
from calcgrad.functions.expression import Expression
from calcgrad.functions.loading import load
from calcgrad.functions.python import PythonFunction
from calcgrad.inputs.arguments import Places, arguments_for, parameters_of
from calcgrad.inputs.points import only_one, read_points, specs_of
from calcgrad.modes.hessians import hessian_story
from calcgrad.modes.measuring import measured, timed
from calcgrad.modes.slots import trace
from calcgrad.modes.telling import words
from calcgrad.operations import VOCABULARY
from calcgrad.phrases import figure
from calcgrad.report.modes import ModesReport, Story

MOST_TRACED = 16
_BUDGET = 0.5


def compare_modes_of(function: Expression, flat: Any, name: str, at: str = "") -> ModesReport:
    """The gradient or Jacobian of a function at a flat point by every mode, then its Hessian where it has one output."""
    small = (
        not function.arrays
        and len(function.tape.outputs) == 1
        and len(function.tape.inputs) + len(function.tape.steps) <= MOST_TRACED
    )
    rows = timed(measured(function, flat), _BUDGET)
    shown = trace(function, flat) if small else ()
    first = Story(name + at, tuple(rows), trace=shown, words=words(rows))
    second = hessian_story(function, flat, name)
    return ModesReport((first, second) if second is not None else (first,))


def compare_modes_of_text(text: str, at: Any) -> ModesReport:
    """The same for an expression given as text, at a point as ``--at`` takes it.

    >>> [row.passes for row in compare_modes_of_text("[x*y, x+y, x-y]", "x=1, y=2").stories[0].rows[:2]]
    [2, 3]
    """
    points = read_points(specs_of(at), VOCABULARY)
    if len(points) > 1:
        hints = ("give --at once, without a range; diff takes many points",)
        raise UsageError.of("E670", f"{text} is compared at one point, not at {len(points)}", hints=hints)
    reading = read(Request(text, at=points))
    point = reading.points[0]
    return compare_modes_of(
        reading.function, flat_point(reading.function, point), text, f" at {_place(point.at())}"
    )


def compare_modes_of_target(target: str, places: Places, wrt: Sequence[str] = ()) -> ModesReport:
    """The same for ``model.py:f`` at its arguments; the derivative is by ``wrt``, or by all that is made of floats.

    Raises ``UsageError`` E520 where nothing is made of floats, E302 where ``wrt`` names no parameter, E424 where there are several
    points, and what loading, arguments and the function's own call raise.
    """
    call = load(target)
    arguments = only_one(arguments_for(call, places), target)
    return compare_modes_of_call(call, dict(arguments.values), target, wrt)


def compare_modes_of_call(
    call: Callable[..., Any], values: Mapping[str, Any], name: str, wrt: Sequence[str] = ()
) -> ModesReport:
    """The same for a function and a value for each of its parameters.

    >>> import numpy as np
    >>> report = compare_modes_of_call(lambda w: (w**2).sum(), {"w": np.ones(3)}, "loss")
    >>> [(row.mode, row.passes) for row in report.stories[0].rows[:2]]
    [('forward-ad', 3), ('reverse-ad', 1)]
    """
    import numpy

    unknown = [n for n in wrt if n not in values]
    if unknown:
        hints = (f"it has {', '.join(values)}",)
        raise UsageError.of("E302", f"{name} has no parameter {unknown[0]}", hints=hints)
    chosen = {n: _floats(v) for n, v in values.items() if n in wrt or (not wrt and _of_floats(v))}
    if not chosen:
        raise UsageError.of(
            "E520", f"no argument of {name} is made of floats", hints=("give floats: 1.0, not 1",)
        )
    rest = {n: v for n, v in values.items() if n not in chosen}
    function = PythonFunction(
        partial(call, **rest) if rest else call, name, tuple(chosen), list(chosen.values())
    )
    flat = numpy.concatenate([numpy.ravel(numpy.asarray(v, float)) for v in chosen.values()])
    by = f", by {', '.join(chosen)}" if rest else ""
    return compare_modes_of(function, flat, name, f"{by} at {_place(chosen)}")


def given(call: Callable[..., Any], at: Any) -> tuple[dict[str, Any], str]:
    """A value for each parameter of a function of the library, and its name; ``at`` is by name, by position, or of the only one.

    Raises ``UsageError`` E369 without one.

    >>> given(lambda x, y: x * y, [1, 2.0])[0]
    {'x': 1.0, 'y': 2.0}
    """
    if at is None:
        raise UsageError.of("E369", "the modes are compared at a point", hints=("at={'w': numpy.ones(3)}",))
    names = list(parameters_of(call))
    in_order = at if isinstance(at, list | tuple) else [at]
    values = dict(at) if isinstance(at, Mapping) else dict(zip(names, in_order, strict=False))
    name = getattr(call, "__name__", type(call).__name__)
    return {n: float(v) if type(v) is int else v for n, v in values.items()}, name


def _of_floats(value: Any) -> bool:
    import numpy

    return isinstance(value, float) or (isinstance(value, numpy.ndarray) and value.dtype.kind == "f")


def _floats(value: Any) -> Any:
    import numpy

    if isinstance(value, numpy.ndarray):
        return value.astype(float)
    return float(value) if isinstance(value, float | int) and not isinstance(value, bool) else value


def _place(values: Mapping[str, Any]) -> str:
    """``x = 1, w: 128 x 784``."""
    parts = []
    for name, value in values.items():
        shape = getattr(value, "shape", ())
        if shape:
            parts.append(f"{name}: {' x '.join(map(str, shape))}")
        else:
            parts.append(
                f"{name} = {figure(value)}" if isinstance(value, float | int) else f"{name} = {value}"
            )
    return ", ".join(parts)
