"""The forward and the reverse rule of every row that is not elementwise, in any number system.

A *linear* row names its transpose, a *bilinear* row has a pullback for each argument, a *structured* row has
a pushforward. The pullback of a structured row is the transpose of that pushforward, made here: the
pushforward is run once on placeholders that have a shape and no value, what it does to the tangent is written
down, and the adjoint goes back along those steps. (That reverse mode is forward mode, transposed: Radul et
al., You only linearize once, POPL 2023.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from calcgrad.operations import (
    OPERATIONS,
    Bilinear,
    Linear,
    Structured,
    pushforwards,
    pushforwards_borrowed,
    pushforwards_equations,
    pushforwards_linalg,
    transposes,
    transposes_products,
)
from calcgrad.operations.shape_rules import result_shape
from calcgrad.operations.shapes import Shape, shape_of
from calcgrad.operations.transposes import Apply


class Operations(Protocol):
    """What a number system offers here."""

    def function(self, op: str) -> Callable[..., Any]: ...

    def pull(self, op: str, j: int) -> Callable[..., Any]: ...

    def filled(self, value: Any) -> Any: ...


def push_rule(system: Operations, op: str, j: int) -> Callable[..., Any]:
    """``push(y, *args, *params, d)`` of a row that is not elementwise."""
    row = OPERATIONS[op]
    value = system.function(op)
    if isinstance(row, Bilinear):
        if j == 0:
            return lambda y, a, b, *rest: value(rest[-1], b, *rest[:-1])
        return lambda y, a, b, *rest: value(a, rest[-1], *rest[:-1])
    if isinstance(row, Structured):
        return _structured_push(system, row, j)
    if isinstance(row, Linear) and row.variadic:
        # The other arguments stand still: the tangent is zero by structure but for the place of argument j.
        place: Callable[..., Any] = _rule(row.transpose)
        scatter = system.function("scatter")

        def placed(y: Any, *rest: Any) -> Any:
            args, params = split(op, rest[:-1])
            _, index = place(j, [shape_of(a) for a in args], *params)
            return scatter(rest[-1], index, shape_of(y))

        return placed
    return lambda y, a, *rest: value(rest[-1], *rest[:-1])


def _structured_push(system: Operations, row: Structured, j: int) -> Callable[..., Any]:
    count = len(row.pushforwards)
    if row.transpose(j):
        value = system.function(row.name)
        return lambda y, *rest: value(*rest[:j], rest[-1], *rest[j + 1 : -1])
    if not row.pushforwards[j]:
        return _nothing
    rule: Callable[..., Any] = _rule(row.pushforwards[j])
    apply = applying(system)

    def structured(y: Any, *rest: Any) -> Any:
        return rule(apply, y, *rest[:count], system.filled(rest[-1]), *rest[count:-1])

    return structured


_RULES = (
    *(pushforwards, transposes, transposes_products),
    *(pushforwards_linalg, pushforwards_equations, pushforwards_borrowed),
)


def _rule(name: str) -> Callable[..., Any]:
    """The function that a row names."""
    for module in _RULES:
        found: Callable[..., Any] | None = getattr(module, name, None)
        if found is not None:
            return found
    raise KeyError(f"no rule has the name {name!r}")


def transpose_of(op: str) -> Callable[..., Any]:
    """The transpose of a linear operation: which operation it is, with which parameters."""
    row = OPERATIONS[op]
    assert isinstance(row, Linear)
    return _rule(row.transpose)


def _nothing(*values: Any) -> None:
    """No derivative is taken through a passive argument."""


def pull_rule(system: Operations, op: str, j: int) -> Callable[..., Any]:
    """``pull(y, *args, *params, d)`` of a row that is not elementwise."""
    row = OPERATIONS[op]
    if isinstance(row, Bilinear):
        return _multilinear_pull(system, _rule(row.transposes[j]), 2)
    if isinstance(row, Linear):
        return _linear_pull(system, op, _rule(row.transpose), j)
    assert isinstance(row, Structured)
    if row.transpose(j):
        return _multilinear_pull(system, _rule(row.transpose(j)), len(row.pushforwards))
    if not row.pushforwards[j]:
        return _nothing
    return _structured_pull(system, _rule(row.pushforwards[j]), j, len(row.pushforwards))


def arity(op: str) -> int | None:
    """How many of a call's values are arguments, the rest being parameters; ``None``: see :func:`split`."""
    row = OPERATIONS[op]
    if isinstance(row, Linear):
        return None if row.variadic else 1
    if isinstance(row, Structured):
        return len(row.pushforwards)
    return 2 if isinstance(row, Bilinear) else row.arity


def split(op: str, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The arguments and the parameters of a call.

    >>> split("sum", ("a", 0, True)), split("vector", ("a", "b"))
    ((('a',), (0, True)), (('a', 'b'), ()))
    """
    count = arity(op)
    if count is None:
        row = OPERATIONS[op]
        assert isinstance(row, Linear)
        count = len(values) - row.parameters
    return values[:count], values[count:]


def applying(system: Operations) -> Apply:
    """The system's operations as pushforwards and pullbacks call them."""

    def apply(op: str, *args: Any, params: tuple[Any, ...] = ()) -> Any:
        return system.function(op)(*args, *params)

    return apply


def _linear_pull(system: Operations, op: str, transpose: Callable[..., Any], j: int) -> Callable[..., Any]:
    def pull(y: Any, *rest: Any) -> Any:
        args, params = split(op, rest[:-1])
        back, new_params = transpose(j, [shape_of(a) for a in args], *params)
        return system.function(back)(rest[-1], *new_params)

    return pull


def _multilinear_pull(system: Operations, rule: Callable[..., Any], count: int) -> Callable[..., Any]:
    apply = applying(system)

    def pull(y: Any, *rest: Any) -> Any:
        return rule(apply, *rest[:count], rest[-1], *rest[count:-1])

    return pull


class _Placeholder:
    """The tangent in a pushforward that is being transposed: a shape, and the place of its step.

    ``dtype`` is that of a complex tangent, ``None`` of a real one, whatever its precision.
    """

    __slots__ = ("dtype", "place", "shape")

    def __init__(self, shape: Shape, place: int, dtype: Any) -> None:
        self.shape = shape
        self.place = place
        self.dtype = dtype


def _complex_type(op: str, args: tuple[Any, ...]) -> Any:
    """The precision of what an operation makes of complex arguments; ``None`` where there are none."""
    if op == "real":
        return None
    for a in args:
        if type(a) is complex:
            import numpy  # never needed by a function of real numbers alone

            return numpy.dtype(complex)
        kind = getattr(a, "dtype", None)
        if kind is not None and kind.kind == "c":
            return kind
    return None


class _LinearStep(NamedTuple):
    op: str
    args: tuple[Any, ...]
    params: tuple[Any, ...]
    result: _Placeholder


def _structured_pull(
    system: Operations, pushforward: Callable[..., Any], j: int, count: int
) -> Callable[..., Any]:
    def pull(y: Any, *rest: Any) -> Any:
        steps: list[_LinearStep] = []

        def apply(op: str, *args: Any, params: tuple[Any, ...] = ()) -> Any:
            if not any(isinstance(v, _Placeholder) for v in args):
                return system.function(op)(*args, *params)
            shape = result_shape(op, [shape_of(v) for v in args], params)
            result = _Placeholder(shape, len(steps) + 1, _complex_type(op, args))
            steps.append(_LinearStep(op, args, params, result))
            return result

        placeholder = _Placeholder(shape_of(rest[j]), 0, _complex_type("", rest[j : j + 1]))
        pushed = pushforward(apply, y, *rest[:count], placeholder, *rest[count:-1])
        if pushed is None:
            return None
        return _pull_back(system, steps, pushed.place, rest[-1])

    return pull


def _pull_back(system: Operations, steps: list[_LinearStep], last: int, adjoint: Any) -> Any:
    """The adjoint of the first placeholder, given that of the last."""
    adjoints: list[Any] = [None] * (len(steps) + 1)
    adjoints[last] = adjoint
    for place in range(len(steps), 0, -1):
        d = adjoints[place]
        if d is None:
            continue
        op, args, params, result = steps[place - 1]
        for j, argument in enumerate(args):
            if isinstance(argument, _Placeholder):
                term = system.pull(op, j)(result, *args, *params, d)
                if term is not None:
                    before = adjoints[argument.place]
                    adjoints[argument.place] = term if before is None else before + term
    return adjoints[0]


def spread_up(system: Operations, push: Callable[..., Any], j: int) -> Callable[..., Any]:
    """An elementwise pushforward whose tangent has the output's shape, however argument ``j`` was repeated."""

    def spread(y: Any, *rest: Any) -> Any:
        term = push(y, *rest)
        whole = shape_of(y)
        if term is None or shape_of(rest[j]) == whole:
            return term
        return system.function("broadcast_to")(term, whole)

    return spread


def summed_down(system: Operations, pull: Callable[..., Any], j: int) -> Callable[..., Any]:
    """An elementwise pullback whose adjoint has the shape of argument ``j``: what was repeated is summed."""

    def summed(y: Any, *rest: Any) -> Any:
        term = pull(y, *rest)
        shape = shape_of(rest[j])
        if term is None or shape == shape_of(y):
            return term
        return system.function("sum_to")(term, shape)

    return summed
