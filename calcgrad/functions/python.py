"""A Python function of floats and arrays as the methods see it: raw values by calls, and a tape by tracing at a point."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

import numpy

from calcgrad.autodiff.tape import Step, Tape
from calcgrad.compiling.program import Program, trace
from calcgrad.errors import CalcgradError, LimitError, UndefinedError, UsageError
from calcgrad.expression.nodes import Node, Number
from calcgrad.functions.expression import Expression
from calcgrad.functions.loading import describe, failed, own_frames
from calcgrad.functions.running import running_users_code
from calcgrad.operations import OPERATIONS, Elementwise, compares
from calcgrad.operations.shapes import shape_of
from calcgrad.pytrees import LEAF
from calcgrad.systems.base import NoClosedForm, System, system
from calcgrad.tracing.agreement import answer, asked_always
from calcgrad.tracing.quiet import quiet
from calcgrad.tracing.rules import view
from calcgrad.tracing.traced import Traced, apply

#: What a function may raise where it has no value.
_NO_VALUE = (ArithmeticError, ValueError)


class NoTape(NoClosedForm):
    """A function that cannot be traced, and why: the methods that need a tape do not apply."""

    def __init__(self, why: str) -> None:
        Exception.__init__(self, why)


class RealOnly(NoClosedForm):
    """A function that makes real numbers of complex ones, as ``float(...)`` does: what a complex step looks for is lost."""

    def __init__(self) -> None:
        Exception.__init__(self, "the function makes its complex values real, as float(...) does")


def parameters(function: Callable[..., Any], named: Sequence[str] = ()) -> tuple[str, ...]:
    """The parameters that a point gives values to: those without a default, and those that are ``named``.

    Raises ``UsageError`` E414 where a call by position cannot give them.

    >>> parameters(lambda x, y=1.0: x * y), parameters(lambda x, y=1.0: x * y, ["y"])
    (('x',), ('x', 'y'))
    """
    try:
        known = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError) as error:
        raise UsageError.of("E414", f"the function's parameters are not known: {error}") from None
    for p in known:
        if p.kind is p.VAR_POSITIONAL or (p.kind is p.KEYWORD_ONLY and p.default is p.empty):
            raise UsageError.of(
                "E414",
                f"the parameter {p.name} cannot be given by position",
                hints=("wrap the function in one whose parameters are floats and arrays",),
            )
    by_position = [p for p in known if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return tuple([p.name for p in by_position if p.default is p.empty or p.name in named])


class PythonFunction(Expression):
    """A function, its name, its variables in order, and the point around which it is looked at.

    Branches follow the point: the tape, the formula and all that comes from them hold for its side of every decision.
    Raises ``UndefinedError`` E415 where the function raises an arithmetic error at the point, ``UsageError`` E416 for
    another exception and E417 for a result that is no number or array.

    >>> f = PythonFunction(lambda x, w: x * (w * w).sum(), "f", ["x", "w"], [2.0, numpy.array([1.0, 3.0])])
    >>> f.values([2.0, 1.0, 3.0]), [step.op for step in f.tape.steps], f.root
    ([20.0], ['mul', 'sum', 'mul'], x w[0] w[0] mul/2 w[1] w[1] mul/2 add/2 mul/2)
    """

    of_text = False
    #: What its trace is written into.
    kind: type[Program] = Program

    def __init__(
        self, function: Callable[..., Any], name: str, variables: Sequence[str], at: Sequence[Any]
    ) -> None:
        self.function = function
        self.name = name
        self.variables = tuple(variables)
        self.at = list(at)
        self.shapes = {v: a.shape for v, a in zip(self.variables, at, strict=True) if shape_of(a)}
        self._programs = {}
        self._value = self._call(self.at, strict=True)

    def _call(self, inputs: Sequence[Any], strict: bool) -> Any:
        """The raw function's value as an array; ``strict`` says whether an arithmetic error is one, or nan."""
        with running_users_code(), quiet(), numpy.errstate(all="ignore"):
            try:
                value = self.function(**dict(zip(self.variables, inputs, strict=True)))
            except CalcgradError:
                raise
            except _NO_VALUE as error:
                if not strict:
                    return None
                message = f"{self.name} has no value here: {describe(error)}"
                raise UndefinedError.of("E415", message, hints=own_frames(error)) from error
            except (Exception, SystemExit) as error:
                raise failed(self.name, error) from error
        found = numpy.asarray(value)
        if found.dtype.kind not in "fiubc":
            what = type(value).__name__
            raise UsageError.of("E417", f"{self.name} returned {what}, not a number or an array of numbers")
        return found

    @cached_property
    def arrays(self) -> bool:
        """Whether any value in the function is an array, or any operation one that is defined on arrays alone."""
        if self.shapes or self.shape:
            return True
        if isinstance(self._trace, NoTape):
            return True
        steps = [view(step) for step in self._trace[0].steps if step]
        return any(shape_of(y) or not _of_numbers(op) for _, op, *_, y in steps)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        shape: tuple[int, ...] = self._value.shape
        return shape

    @property
    def system(self) -> System:
        return system("numpy" if self.arrays else "float64")

    @cached_property
    def _trace(self) -> tuple[Program, Any] | NoTape:
        """The program and its result, or why there is none."""
        try:
            with running_users_code(), quiet(), numpy.errstate(all="ignore"):

                def of_values(*values: Any) -> Any:
                    return called(self.function, *values)

                def called(run: Any, *values: Any) -> Any:
                    return _result(run(**dict(zip(self.variables, values, strict=True))))

                of_values.__name__ = self.name
                asked = asked_always(of_values, self.at, {})
                program, output = trace(self.function, self.at, called, self.kind)
                if asked is not None:
                    answer(asked, [output], LEAF)
                return program, output
        except CalcgradError as error:
            return NoTape(f"not traced: {error.diagnostic.message}")
        except NoClosedForm as fact:
            return NoTape(str(fact))
        except Exception as error:
            return NoTape(f"not traced: {describe(error)}")

    @cached_property
    def tape(self) -> Tape:
        """What the function does at the point. Raises ``NoTape`` where it cannot be traced."""
        if isinstance(self._trace, NoTape):
            raise self._trace
        program, output = self._trace
        mine = type(output) is Traced and output._trace is program
        try:
            made = program.tape([output.slot if mine else None], [None if mine else output])
        except UsageError as error:
            raise NoTape(error.diagnostic.message) from None
        constants = tuple([_exact(c) for c in made.constants])
        return _in_floats(Tape(self.variables, constants, made.steps, made.outputs))

    @property
    def program(self) -> Program:
        """What the trace wrote. Raises ``NoTape`` where the function cannot be traced."""
        if isinstance(self._trace, NoTape):
            raise self._trace
        return self._trace[0]

    @cached_property
    def root(self) -> Node:  # type: ignore[override]
        """The formula in numbers. Raises ``LimitError`` where there is none, or it is too large."""
        from calcgrad.functions.scalars_of_tape import expression_of

        try:
            tape = self.tape
        except NoTape as fact:
            raise LimitError.of("E423", str(fact)) from None
        return expression_of(tape, [shape_of(a) for a in self.at])

    @property
    def decisions(self) -> list[tuple[str, Any, Any]]:
        """The comparisons of numbers that the function's branches turn on: operation and both sides, at the point."""
        if isinstance(self._trace, NoTape):
            return []
        program, _ = self._trace
        found: list[tuple[str, Any, Any]] = []
        for guard in program.guards:
            step = program.steps[guard.slot]
            if step is None:
                continue
            _, op, _, sides, *_ = view(step)
            if compares(op):
                found.append((op, *sides))
        return found

    @cached_property
    def _depends(self) -> bool:
        """Whether the value depends on the inputs, as far as the trace tells."""
        try:
            return any(output >= 0 for output in self.tape.outputs)  # a constant's place is negative
        except NoTape:
            return True

    def values(self, flat: Sequence[Any], number_system: str | None = None) -> list[Any]:
        """The raw function's outputs, by a call; nan where it raises an arithmetic error.

        Raises ``RealOnly`` where complex numbers are given and real ones come back, though they depend on what is given.
        """
        value = self._call(self.unflatten(flat), strict=False)
        if value is None or value.shape != self.shape:
            return [math.nan] * prod(self.shape)
        kind = complex if number_system == "complex128" else float
        if kind is complex and value.dtype.kind != "c" and self._depends:
            raise RealOnly
        return [kind(v) for v in value.ravel()]


def _in_floats(tape: Tape) -> Tape:
    """The tape without casts: what is cast to whole numbers has been rounded by a step before, and counts as a float."""
    if not any(step.op == "whole" for step in tape.steps):
        return tape
    n = len(tape.inputs)
    places: dict[int, int] = {i: i for i in range(n)}
    kept: list[Step] = []
    for place, step in enumerate(tape.steps, n):
        args = tuple([places.get(a, a) for a in step.args])
        if step.op == "whole":
            places[place] = args[0]
        else:
            places[place] = n + len(kept)
            kept.append(replace(step, args=args))
    return replace(tape, steps=tuple(kept), outputs=tuple([places.get(o, o) for o in tape.outputs]))


def _of_numbers(op: Any) -> bool:
    """Whether an operation takes floats; what is decided (``isnan``, a cast to whole numbers) is a matter of arrays."""
    return type(op) is not str or op == "whole" or isinstance(OPERATIONS[op], Elementwise)


def _exact(constant: Any) -> Any:
    """A finite double as the decimal that it is written as, which the exact analysis of a point can read."""
    if type(constant) is float and math.isfinite(constant):
        return Number(Fraction(repr(constant)))
    return constant


def _result(value: Any) -> Any:
    """A list or tuple of numbers is a vector."""
    if isinstance(value, list | tuple):
        return apply("vector", *[_result(v) for v in value])
    return value
