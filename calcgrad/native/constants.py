"""Arrays of constants that are one number: everywhere, or on one diagonal. Nothing is loaded for them."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.native.fitting import TRUTH


def diagonal(matrix: Any) -> tuple[int, float] | None:
    """How far above the main one the only diagonal of a matrix stands that is not zero, and its number.

    >>> diagonal(numpy.eye(3, k=1) * 2.0), diagonal(numpy.ones((2, 2)))
    ((1, 2.0), None)
    """
    if matrix.dtype != numpy.float64 or numpy.any(numpy.signbit(matrix) & (matrix == 0)):
        return None
    rows, columns = numpy.nonzero(matrix)
    if not len(rows):
        return None
    above, number = int(columns[0] - rows[0]), float(matrix[rows[0], columns[0]])
    whole = numpy.diagonal(matrix, above)
    one = number == number and len(whole) == len(rows) and bool(numpy.all(whole == number))
    return (above, number) if one else None


def uniform(array: Any) -> float | bool | None:
    """The entry that all of an array are, to the bit.

    >>> uniform(numpy.full(3, 0.5)), uniform(numpy.array([0.0, -0.0]))
    (0.5, None)
    """
    first = array.flat[0].item()
    same = array == first
    if not same.all() or (array.dtype.kind == "f" and first == 0 and numpy.signbit(array).any()):
        return None
    return bool(first) if array.dtype == TRUTH else float(first)
