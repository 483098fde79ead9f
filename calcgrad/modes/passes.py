"""The passes of a derivative one by one, for functions of arrays too large for a list of their coordinates.

Nothing is taken apart into numbers here: a seed is an array with one entry that is 1, and an adjoint stays the array that it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from math import prod
from typing import Any

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.tape import run
from calcgrad.functions.expression import Expression
from calcgrad.methods import facts
from calcgrad.methods.forward_ad import flat_outputs
from calcgrad.methods.reverse_ad import sweeps as backward_sweeps
from calcgrad.systems.base import System

#: The step of a timed difference: what it is has no part in its cost.
_STEP = 1e-5


def passes(mode: str, function: Expression, flat: Any) -> Callable[[], Iterator[Any]]:
    """A maker of iterators over the passes of a mode; what comes before the first belongs to it.

    ``flat`` is an array. A pass of a difference is the two evaluations of one derivative.
    """
    if facts(mode).sweeps is None:
        return lambda: _differences(function, flat)
    if mode == "reverse-ad":
        return lambda: backward_sweeps(function, _values(function, flat), function.system)
    return lambda: forward_sweeps(function, _values(function, flat), function.system)


def seeds(function: Expression) -> Iterator[list[Any]]:
    """The seed of each coordinate, in their order, as :meth:`Expression.seed` makes it."""
    import numpy

    for place, name in enumerate(function.variables):
        shape = function.shapes.get(name, ())
        for k in range(prod(shape)):
            seed: list[Any] = [None] * len(function.variables)
            seed[place] = 1.0
            if shape:
                seed[place] = numpy.zeros(shape)
                seed[place].flat[k] = 1.0
            yield seed


def gradient(adjoints: Sequence[Any], function: Expression) -> Any:
    """The adjoints of the inputs as one flat array."""
    import numpy

    parts = []
    for place, name in enumerate(function.variables):
        shape = function.shapes.get(name, ())
        filled = function.system.filled(adjoints[place])
        parts.append(numpy.zeros(prod(shape)) if filled is None else numpy.asarray(filled, float).ravel())
    return numpy.concatenate(parts)


def forward_entries(function: Expression, flat: Any, most: int) -> list[float]:
    """The first entries of the gradient of a function of one output, by forward passes."""
    values = _values(function, flat)
    passes = islice(forward_sweeps(function, values, function.system), most)
    return [entry for tangents in passes for entry in flat_outputs(function.tape, tangents, values)]


def _values(function: Expression, flat: Any) -> list[Any]:
    return run(function.tape, function.unflatten(flat), function.system)


def forward_sweeps(function: Expression, values: Sequence[Any], system: System) -> Iterator[Any]:
    """The tangents of all slots, a forward pass a coordinate, in any system over arrays."""
    for seed in seeds(function):
        yield pushforward(function.tape, values, seed, system)


def _differences(function: Expression, flat: Any) -> Iterator[Any]:
    for i in range(len(flat)):
        moved = flat.copy()
        moved[i] += _STEP
        above = function.values(moved)
        moved[i] -= 2 * _STEP
        yield [(a - b) / (2 * _STEP) for a, b in zip(above, function.values(moved), strict=True)]
