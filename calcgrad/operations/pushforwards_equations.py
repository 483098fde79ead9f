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
