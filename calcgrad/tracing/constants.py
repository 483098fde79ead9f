"""Constants of a program that a sweep loses when it is written: with which seed they are what they should be.

Where the adjoint of a product is a constant (``x*y*1e300*1e-200*1e-200``: 1e-400 times 1e300), it is computed once, while the sweep
is written into the program, and no call of that sees what was lost. What is constant in a sweep is linear in its seed, or does not
depend on it. So the constants for two seeds are the same but for the power of two between these, or they were lost for one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy

from calcgrad.tracing.rules import view
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced


def constants_of(program: Trace, begun: int, results: Iterable[Any]) -> list[Any]:
    """The constants that a program's steps read from a place on, and those among these results."""
    found = [value for value in results if type(value) is not Traced]
    for step in program.steps[begun:]:
        if step is None:  # an input
            continue
        _, _, slots, args, _, _ = view(step)
        found += [value for slot, value in zip(slots, args, strict=True) if slot is None]
    return [value for value in found if _is_number(value)]


def _is_number(value: Any) -> bool:
    if isinstance(value, numpy.ndarray | numpy.generic):
        return value.dtype.kind in "fc"
    return isinstance(value, float)


def kept(tried: Mapping[int, Sequence[Any]]) -> int | None:
    """The first exponent of a seed whose constants were not lost, of those that sweeps were tried with; ``None`` where none is.

    >>> kept({0: [0.0, 3.0], 600: [1e-40, 3.0], 900: [1e-40 * 2.0**300, 3.0]})
    600
    >>> kept({0: [0.0, 2.0], 600: [0.0, 2.0**601]})
    0
    """
    if len(set(map(len, tried.values()))) > 1:
        return None
    return next((exponent for exponent in tried if _is_kept(exponent, tried)), None)


def _is_kept(exponent: int, tried: Mapping[int, Sequence[Any]]) -> bool:
    """Whether each constant is the same for some other seed; one that is 0 or no number, for all of them."""
    for place, value in enumerate(tried[exponent]):
        others = {k: found[place] for k, found in tried.items() if k != exponent}
        if all(other is value for other in others.values()):
            continue
        same = [_same(value, other, k - exponent) for k, other in others.items()]
        somewhere, everywhere = numpy.any(same, axis=0), numpy.all(same, axis=0)
        certain = (value != 0) & numpy.isfinite(value)
        if not numpy.all(numpy.where(certain, somewhere, everywhere)):
            return False
    return True


def _same(value: Any, other: Any, exponent: int) -> Any:
    """Entry by entry, whether a constant is the other one, or times a power of two: one of them is of a seed so much larger."""
    if numpy.shape(value) != numpy.shape(other):
        return numpy.zeros(numpy.shape(value), bool)
    with numpy.errstate(all="ignore"):
        return _equal(value, other) | _equal(_scaled(value, exponent), other)


def _scaled(value: Any, exponent: int) -> Any:
    if numpy.iscomplexobj(value):
        return numpy.ldexp(numpy.real(value), exponent) + 1j * numpy.ldexp(numpy.imag(value), exponent)
    return numpy.ldexp(value, exponent)


def _equal(value: Any, other: Any) -> Any:
    return (value == other) | (numpy.isnan(value) & numpy.isnan(other))
