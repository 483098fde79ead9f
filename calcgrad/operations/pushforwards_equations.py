"""The pushforwards of matrix equations, of the matrix square root and of triangular factors.

Sylvester's equation and the square root are differentiated as they stand; the factors after Murray, Differentiation of the
Cholesky decomposition (2016), section 3, of which this is the case without symmetry.
"""

from __future__ import annotations

from typing import Any

from calcgrad.operations.pushforwards_linalg import below, masked, mm
from calcgrad.operations.shapes import shape_of
from calcgrad.operations.transposes import Apply
from calcgrad.operations.transposes_products import swapped as mt


def sylvester_left(apply: Apply, y: Any, a: Any, b: Any, q: Any, d: Any) -> Any:
    """``a dy + dy b = -d y``."""
    return apply("neg", apply("sylvester", a, b, mm(apply, d, y)))


def sylvester_right(apply: Apply, y: Any, a: Any, b: Any, q: Any, d: Any) -> Any:
    """``a dy + dy b = -y d``."""
    return apply("neg", apply("sylvester", a, b, mm(apply, y, d)))


def sylvester_constant(apply: Apply, a: Any, b: Any, q: Any, d: Any) -> Any:
    """The equation of the transposed matrices; what broadcasting repeated is summed."""
    found = apply("sylvester", mt(apply, a), mt(apply, b), d)
    return apply("sum_to", found, params=(shape_of(q),))


def square_root(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``y dy + dy y = d``."""
    return apply("sylvester", y, y, d)


def lu_lower(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """``l`` times what ``l⁻¹ d u⁻¹`` has below its diagonal."""
    inner = _inside(apply, y, apply("lu_upper", a, packed), d)
    return mm(apply, y, masked(apply, inner, below(inner)))


def lu_upper(apply: Apply, y: Any, a: Any, packed: Any, d: Any) -> Any:
    """What ``l⁻¹ d u⁻¹`` has on and above its diagonal, times ``u``."""
    inner = _inside(apply, apply("lu_lower", a, packed), y, d)
    return mm(apply, apply("sub", inner, masked(apply, inner, below(inner))), y)


def _inside(apply: Apply, lower: Any, upper: Any, d: Any) -> Any:
    """``l⁻¹ d u⁻¹``."""
    first = apply("solve", lower, d)
    return mt(apply, apply("solve", mt(apply, upper), mt(apply, first)))


def banded_matrix(apply: Apply, y: Any, ab: Any, b: Any, d: Any, low: int, up: int) -> Any:
    """``-a⁻¹ d y``, where ``d`` is a matrix of the same diagonals."""
    product = _banded_product(apply, d, y, low, up)
    return apply("neg", apply("banded_solve", ab, product, params=(low, up)))


def banded_right(apply: Apply, ab: Any, b: Any, d: Any, low: int, up: int) -> Any:
    """The solution with the transposed matrix, whose diagonals change sides."""
    rows = [shifted(apply, _diagonal(apply, ab, up + low - r), low - r) for r in range(low + up + 1)]
    turned = apply("concatenate", *rows, params=(0,)) if len(rows) > 1 else rows[0]
    return apply("banded_solve", turned, d, params=(up, low))


def _diagonal(apply: Apply, ab: Any, row: int) -> Any:
    return apply("getitem", ab, params=(("slice", row, row + 1, None),))


def _banded_product(apply: Apply, ab: Any, x: Any, low: int, up: int) -> Any:
    """Every diagonal times the entries that it meets, moved to the rows where the products belong."""
    across = mt(apply, x)
    total = None
    for r in range(low + up + 1):
        term = shifted(apply, apply("mul", _diagonal(apply, ab, r), across), r - up)
        total = term if total is None else apply("add", total, term)
    return mt(apply, total)


def shifted(apply: Apply, x: Any, places: int) -> Any:
    """The columns of a matrix moved to the right (to the left, if negative), with zeros behind them."""
    rows, columns = shape_of(x)
    places = max(-columns, min(columns, places))
    if places == 0:
        return x
    whole = ("slice", None, None, None)
    kept = ("slice", 0, columns - places, None) if places > 0 else ("slice", -places, None, None)
    part = apply("getitem", x, params=(whole, kept))
    start = places if places > 0 else 0
    index = ("slice", start, start + columns - abs(places), None)
    return apply("scatter", part, params=((whole, index), (rows, columns)))
