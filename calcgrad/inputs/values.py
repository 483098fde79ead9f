"""The values of points: the nearest doubles, and of a scalar its exact constant expression."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from calcgrad.errors import UsageError
from calcgrad.expression.nodes import Node
from calcgrad.inputs.constants import fraction_node, nearest

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, slots=True)
class PointValue:
    """The value of one variable: the nearest doubles, and where it was written, the exact constant expression.

    ``entries`` are the expressions of a written array, in row-major order.
    """

    value: float | numpy.ndarray[Any, Any]
    exact: Node | None = None
    entries: tuple[Node, ...] | None = None


class Written(float):
    """A number of a file: the nearest double, and the decimal that was written."""

    written: str

    def __new__(cls, written: str) -> Written:
        number = super().__new__(cls, written)
        number.written = written
        return number


def coordinate(exact: Node) -> PointValue:
    """The coordinate of a constant expression."""
    return PointValue(nearest(exact), exact)


def data(value: Any) -> PointValue:
    """The coordinate of a Python number, an array, or nested lists of numbers: a float is the double that it is.

    >>> data(0.5).exact, data([1, 2]).value
    (0.5, array([1., 2.]))
    """
    if "numpy" in sys.modules and not isinstance(value, list | tuple):
        value = _unboxed(value)
    if isinstance(value, bool | complex) or value is None:
        raise UsageError.of("E319", f"{value!r} is not a real number")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise UsageError.of("E314", f"{value!r} is not a finite real number")
        return PointValue(value, fraction_node(Fraction(value)))
    if hasattr(value, "as_integer_ratio"):
        return coordinate(fraction_node(Fraction(*value.as_integer_ratio())))
    import numpy

    try:
        array = numpy.array(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise UsageError.of("E319", f"{_brief(value)} is not an array of real numbers") from error
    if not array.size:
        raise UsageError.of("E310", "a value is missing in the point: the array is empty")
    if not numpy.isfinite(array).all():
        raise UsageError.of("E314", "the array holds values that are not finite")
    return PointValue(array, entries=_entries(value)) if array.shape else data(float(array))


def _entries(value: Any) -> tuple[Node, ...] | None:
    """The exact entries of nested lists that were written down; ``None`` for plain numbers, which are doubles."""
    flat = value if isinstance(value, list) else []
    while flat and isinstance(flat[0], list):
        flat = [entry for row in flat for entry in row]
    if not any(isinstance(entry, Written) for entry in flat):
        return None
    exact = [entry.written if isinstance(entry, Written) else entry for entry in flat]
    return tuple([fraction_node(Fraction(value)) for value in exact])


def _unboxed(value: Any) -> Any:
    """A NumPy number or an array without dimensions as a Python number; other values as they are."""
    import numpy

    if isinstance(value, numpy.generic) or (isinstance(value, numpy.ndarray) and not value.shape):
        return value.item()
    if isinstance(value, numpy.ndarray) and value.dtype.kind not in "fiu":
        raise UsageError.of("E319", f"an array of {value.dtype} is not an array of real numbers")
    return value


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{type(value).__name__} ({len(text)} characters)"
