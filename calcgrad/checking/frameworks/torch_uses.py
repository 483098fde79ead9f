"""Ways in which torch may call a backward pass, beside the plain one: each is a claim of its own where it answers otherwise.

A backward pass may look at ``ctx.needs_input_grad``, gets weights that are not contiguous (a sum's are one number, spread out),
and gets ``None`` or zeros for an output that is not used.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy

from calcgrad.checking.frameworks.adapting import Adapted

#: Answers that differ by less than this share of their largest entry are the same.
_SAME = 2.0**-10
Weights = Callable[[Any, Sequence[Any]], Sequence[Any]]


def uses(adapted: Adapted, custom: Any) -> Iterator[tuple[str, Adapted, Callable[[Adapted], Any]]]:
    """The name of the claim, the function with its leaves, and how its vjp is called, for each use that differs or raises."""
    values = tuple(adapted.in_numpy().values())
    cotangent = _cotangent(adapted, values)
    plain = _tried(adapted, adapted.vjp, values, cotangent)
    if cotangent is None or plain is None:
        return
    name = f"{custom.__name__}.backward"
    if len(adapted.chosen) > 1:
        for path in adapted.chosen:
            alone = adapted.only((path,))
            found = _tried(alone, alone.vjp, values, cotangent)
            if found is None or not _same(found[path], plain[path]):
                yield f"{name} where only {path} needs a gradient", alone, lambda it: it.vjp
    for word, weights in _layouts(adapted):
        found = _tried(adapted, adapted.vjp_with(weights), values, cotangent)
        if found is None or any(not _same(found[path], plain[path]) for path in adapted.chosen):
            yield f"{name} with weights that are {word}", adapted, _with(word)


def _with(word: str) -> Callable[[Adapted], Any]:
    def call(adapted: Adapted) -> Any:
        return adapted.vjp_with(dict(_layouts(adapted))[word])

    return call


def _layouts(adapted: Adapted) -> list[tuple[str, Weights]]:
    def strided(cotangent: Any, outputs: Sequence[Any]) -> Sequence[Any]:
        return [_every_other(weight) for weight in adapted._weights(cotangent, outputs)]

    return [("not contiguous", strided)]


def _every_other(weight: Any) -> Any:
    """The same numbers in memory with gaps."""
    if not weight.ndim:
        return weight
    wide = weight.new_zeros((*weight.shape[:-1], 2 * weight.shape[-1]))
    wide[..., ::2] = weight
    return wide[..., ::2]


def _cotangent(adapted: Adapted, values: Sequence[Any]) -> Any:
    try:
        shape = numpy.shape(adapted.value(*values))
    except Exception:
        return None
    return numpy.random.default_rng(5).choice([0.5, 1.0, -1.0, 2.0], shape) if math.prod(shape) else None


def _tried(
    adapted: Adapted, call: Callable[..., Any], values: Sequence[Any], cotangent: Any
) -> dict[str, Any] | None:
    """The answer by the path of each leaf; ``None`` where the call raises, which the checker will say."""
    try:
        return adapted.by_path(call(*values, cotangent))
    except Exception:
        return None


def _same(a: Any, b: Any) -> bool:
    size = float(numpy.max(numpy.abs(b), initial=0.0))
    return numpy.shape(a) == numpy.shape(b) and bool(numpy.all(numpy.abs(a - b) <= _SAME * size))
