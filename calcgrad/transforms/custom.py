"""Rules of one's own: ``custom_rule``, ``checkpoint`` and ``stop_gradient``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any

import numpy

from calcgrad.errors import ArgumentWrittenWarning, UsageError
from calcgrad.given import held
from calcgrad.pytrees import Structure, flatten, map_leaves, unflatten
from calcgrad.systems.values.masked import dense
from calcgrad.tracer import is_traced
from calcgrad.tracing.gradients import Recorded, record
from calcgrad.tracing.inplace.choosing import traced_as_it_is
from calcgrad.tracing.opaque import Opaque, call
from calcgrad.tracing.quiet import quiet
from calcgrad.tracing.sweeps import pull_back, push_forward
from calcgrad.tracing.traced import Traced, primal_of


def stop_gradient(tree: Any) -> Any:
    """The same values, as constants: no derivative goes through them, at any level.

    >>> from calcgrad import grad
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """
    return map_leaves(_stopped, tree)


def _stopped(leaf: Any) -> Any:
    while type(leaf) is Traced and not leaf._trace.program:
        leaf._trace.stopped = True
        leaf = leaf.primal
    return leaf


@held
def checkpoint(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, of which only arguments and results are kept; reverse mode runs it once more on its way back.

    Where a long computation is cut into n pieces of this kind, memory falls to that of one piece and the n arguments, for the
    time of one more evaluation (Griewank and Walther, Evaluating Derivatives, 2nd ed., chapter 12). What the function reads
    beside its arguments must be the same in both runs; :class:`~calcgrad.CalcgradError` E440 says where the results differ.

    >>> from calcgrad import vjp
    >>> import numpy as np
    >>> wavy = lambda x: np.sum(np.sin(np.sin(np.sin(x))))
    >>> x = np.ones(1000)
    >>> vjp(wavy, x)[1].nbytes, vjp(checkpoint(wavy), x)[1].nbytes < 10_000
    (32008, True)
    """
    return _with_rule(
        function,
        lambda bound: Opaque(
            "checkpoint", bound.as_it_is, _pushed_again(bound), _pulled_again(bound), transparent=True
        ),
    )


def _pushed_again(function: _Bound) -> Any:
    def push(args: Sequence[Any], results: Sequence[Any], tangents: Sequence[Any]) -> list[Any]:
        made = _again(function, args, results)
        slots = [o.slot if _of(o, made.trace) else None for o in made.output]
        return push_forward(made.trace, list(tangents), slots)

    return push


def _pulled_again(function: _Bound) -> Any:
    def pull(
        args: Sequence[Any], results: Sequence[Any], cotangents: Sequence[Any], active: Sequence[bool]
    ) -> list[Any]:
        made = _again(function, args, results)
        seeds: dict[int, Any] = {}
        for o, d in zip(made.output, cotangents, strict=True):
            if d is not None and _of(o, made.trace):
                seeds[o.slot] = d if o.slot not in seeds else seeds[o.slot] + d
        return pull_back(made.trace, seeds)

    return pull


def _again(function: _Bound, args: Sequence[Any], results: Sequence[Any]) -> Recorded:
    """The second run. Raises ``UsageError`` E440 where it gives something else than the first, up to rounding."""
    with quiet(ArgumentWrittenWarning):  # it is not the caller's argument
        made = record(function.function, args, function.called)
    if len(made.output) != len(results) or not all(map(_alike, made.output, results)):
        raise UsageError.of(
            "E440",
            "a checkpointed function gave another result when it was run again for its derivative",
            hints=(
                "what it reads from outside changed: a loop's variable, a buffer, random numbers; give it as an argument",
            ),
        )
    return made


def _alike(again: Any, first: Any) -> bool:
    a, b = numpy.asarray(primal_of(again)), numpy.asarray(primal_of(first))
    if a.shape != b.shape or a.dtype.kind not in "fc":
        return bool(numpy.array_equal(a, b))
    rounding = numpy.finfo(a.dtype).eps ** 0.5
    largest = numpy.max(numpy.abs(a), where=numpy.isfinite(a), initial=0.0)
    return bool(numpy.allclose(a, b, rounding, rounding * largest, equal_nan=True))


def _of(leaf: Any, trace: Any) -> bool:
    return type(leaf) is Traced and leaf._trace is trace


@held
def custom_rule(
    function: Callable[..., Any],
    *,
    jvp: Callable[[Sequence[Any], Sequence[Any]], Any] | None = None,
    vjp: Callable[..., Any] | None = None,
) -> Callable[..., Any]:
    """The function with a derivative of your own; the function itself may be anything, a compiled library say.

    ``jvp(primals, tangents)`` gives ``(value, tangent)``; ``vjp(*primals)`` gives ``(value, pull)``, and ``pull(cotangent)``
    a tuple with the cotangent of each argument. One of the two is enough: the other is its transpose, found by tracing the
    given one in its tangents (cotangents), in which it is linear. For derivatives of derivatives the rule itself is
    differentiated, so it is written with functions that are traced, or have rules of their own.

    Raises :class:`~calcgrad.CalcgradError` E411 where neither is given, E441 where what one returns does not fit.

    >>> import math
    >>> from calcgrad import grad, jvp as product
    >>> sine = custom_rule(math.sin, jvp=lambda p, t: (sine(p[0]), cosine(p[0]) * t[0]))
    >>> cosine = custom_rule(math.cos, vjp=lambda x: (cosine(x), lambda d: (-d * sine(x),)))
    >>> grad(sine)(0.0), product(cosine, (math.pi / 2,), (1.0,))[1], grad(grad(sine))(math.pi / 2)
    (1.0, -1.0, -1.0)
    """
    if jvp is None and vjp is None:
        raise UsageError.of(
            "E411", "custom_rule needs a jvp or a vjp", hints=("one is enough: the other is its transpose",)
        )

    def ruled(bound: _Bound) -> Opaque:
        push = _forward(bound, jvp) if jvp is not None else None
        pull = _backward(bound, vjp) if vjp is not None else None
        return Opaque(
            getattr(function, "__name__", "function"),
            bound,
            push or _transposed_pull(pull),
            pull or _transposed_push(push),
        )

    return _with_rule(function, ruled)


class _Bound:
    """A function on flat leaves, given the trees of a call's arguments; it learns the tree of its result when it runs."""

    def __init__(self, function: Callable[..., Any], structure: Structure, kwargs: dict[str, Any]) -> None:
        self.function = function
        self.structure = structure
        self.kwargs = kwargs
        self.result: Structure | None = None

    def __call__(self, *leaves: Any) -> list[Any]:
        return self.called(self.function, *leaves)

    def called(self, run: Callable[..., Any], *leaves: Any) -> list[Any]:
        """The leaves of the result, with the function run in this way."""
        found, self.result = flatten(run(*self.arguments(leaves), **self.kwargs))
        return found

    def as_it_is(self, *leaves: Any) -> list[Any]:
        """The leaves of the result, whatever the function writes into: plain arguments are copies, traced ones followed."""
        if any(map(is_traced, leaves)):
            return traced_as_it_is(self.function, lambda run: self.called(run, *leaves))
        return self(*[leaf.copy() if type(leaf) is numpy.ndarray else leaf for leaf in leaves])

    def arguments(self, leaves: Sequence[Any]) -> Any:
        """The trees of the call."""
        return unflatten(self.structure, leaves)


def _with_rule(function: Callable[..., Any], ruled: Callable[[_Bound], Opaque]) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        leaves, structure = flatten(args)
        bound = _Bound(function, structure, kwargs)
        results = call(ruled(bound), leaves)
        assert bound.result is not None
        return unflatten(bound.result, results)

    try:
        return update_wrapper(called, function)
    except AttributeError:
        return called


def _written_out(values: Sequence[Any], primals: Sequence[Any]) -> list[Any]:
    """Tangents with zeros by structure as numbers."""
    return [_zero(p) if v is None else dense(v) for v, p in zip(values, primals, strict=True)]


def _zero(primal: Any) -> Any:
    shape = getattr(primal, "shape", ())
    return numpy.zeros(shape, getattr(primal, "dtype", float)) if shape else 0.0


def _forward(bound: _Bound, jvp: Callable[[Sequence[Any], Sequence[Any]], Any]) -> Any:
    def push(args: Sequence[Any], results: Sequence[Any], tangents: Sequence[Any]) -> list[Any]:
        pair = jvp(bound.arguments(args), bound.arguments(_written_out(tangents, args)))
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise UsageError.of("E441", "the jvp of a custom rule returns a pair: the value and its tangent")
        return _fitting(pair[1], results, "the jvp", "tangents", "results")

    return push


def _backward(bound: _Bound, vjp: Callable[..., Any]) -> Any:
    def pull(
        args: Sequence[Any], results: Sequence[Any], cotangents: Sequence[Any], active: Sequence[bool]
    ) -> list[Any]:
        pair = vjp(*bound.arguments(args))
        if not (isinstance(pair, tuple) and len(pair) == 2 and callable(pair[1])):
            raise UsageError.of("E441", "the vjp of a custom rule returns a pair: the value and the pullback")
        assert bound.result is not None
        found = pair[1](unflatten(bound.result, _written_out(cotangents, results)))
        return _fitting(found, args, "the pullback", "cotangents", "arguments")

    return pull


def _fitting(tree: Any, primals: Sequence[Any], who: str, what: str, of: str) -> list[Any]:
    leaves, _ = flatten(tree)
    if len(leaves) != len(primals):
        raise UsageError.of(
            "E441", f"{who} of a custom rule gave {len(leaves)} {what} for {len(primals)} {of}"
        )
    for leaf, primal in zip(leaves, primals, strict=True):
        given, wanted = getattr(leaf, "shape", ()), getattr(primal, "shape", ())
        if given != wanted:
            raise UsageError.of("E441", f"{who} of a custom rule gave the shape {given}, not {wanted}")
    return leaves


def _transposed_push(push: Any) -> Any:
    """The pullback, from a pushforward: it is linear in the tangents, so its own pullback at zero is its transpose."""

    def pull(
        args: Sequence[Any], results: Sequence[Any], cotangents: Sequence[Any], active: Sequence[bool]
    ) -> list[Any]:
        zeros = [_zero(a) for a, on in zip(args, active, strict=True) if on]

        def linear(*tangents: Any) -> list[Any]:
            given = iter(tangents)
            return list(push(args, results, [next(given) if on else None for on in active]))

        made = record(linear, zeros)
        found = iter(_pulled_through(made, cotangents))
        return [next(found) if on else None for on in active]

    return pull


def _transposed_pull(pull: Any) -> Any:
    """The pushforward, from a pullback, in the same way."""

    def push(args: Sequence[Any], results: Sequence[Any], tangents: Sequence[Any]) -> list[Any]:
        active = [t is not None for t in tangents]

        def linear(*cotangents: Any) -> list[Any]:
            return list(pull(args, results, cotangents, active))

        made = record(linear, [_zero(r) for r in results])
        return _pulled_through(made, tangents)

    return push


def _pulled_through(made: Any, cotangents: Sequence[Any]) -> list[Any]:
    seeds: dict[int, Any] = {}
    for leaf, d in zip(made.output, cotangents, strict=True):
        if d is not None and _of(leaf, made.trace):
            seeds[leaf.slot] = d if leaf.slot not in seeds else seeds[leaf.slot] + d
    return pull_back(made.trace, seeds)
