"""Tangents and adjoints that are zero by structure in some entries only.

In ``where(x > 0, log(x), 0)`` the branch ``log(x)`` is computed for every entry, also where it is not taken;
the adjoint that reaches it there is no number 0 but nothing at all, and must not meet the infinite slope of
``log`` at 0 in a product. On numbers such an adjoint is ``None``. In an array it is a place outside of
``support``: products leave it zero, sums fill it.

Why a mask beside the numbers: an exact 0.0 in an adjoint may also be a *number* (the adjoint of ``s`` in
``s^2`` for ``s = sqrt(0)``), whose product with an infinite slope is undefined indeed, so zeros cannot be
told by their value. And the branch cannot be evaluated on its entries alone, since operations like ``sum``
lie between. The mask costs nothing where there is none: arrays stay plain until a ``where``, an index, a
maximum or a unit seed makes zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy
import numpy.typing

Array: TypeAlias = numpy.typing.NDArray[Any]


class Masked:
    """An array that is zero by structure outside of ``support``, booleans of the same shape; it holds 0.0 there."""

    __array_ufunc__ = None  # NumPy's own operators then leave the work to the ones below.
    __slots__ = ("support", "values")

    def __init__(self, values: Array, support: Array) -> None:
        self.values = values
        self.support = support

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    @property
    def dtype(self) -> Any:
        return self.values.dtype

    def astype(self, dtype: Any) -> Masked:
        """The same in another precision."""
        return Masked(self.values.astype(dtype), self.support)

    def ravel(self) -> Array:
        """The numbers in a row, zeros written out."""
        return self.values.ravel()

    def __getitem__(self, index: Any) -> Any:
        return self.values[index]

    def __mul__(self, other: Any) -> Masked:
        both = isinstance(other, Masked)
        product = self.values * (other.values if both else other)
        support = numpy.broadcast_to(self.support & other.support if both else self.support, product.shape)
        return Masked(numpy.where(support, product, 0.0), support)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Masked:
        quotient = self.values / other
        support = numpy.broadcast_to(self.support, quotient.shape)
        return Masked(numpy.where(support, quotient, 0.0), support)

    def __neg__(self) -> Masked:
        return Masked(-self.values, self.support)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Masked):
            return Masked(self.values + other.values, self.support | other.support)
        return self.values + other

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Masked):
            return Masked(self.values - other.values, self.support | other.support)
        return self.values - other

    def __rsub__(self, other: Any) -> Any:
        return other - self.values


def dense(value: Any) -> Any:
    """A plain array, or the value itself."""
    return value.values if isinstance(value, Masked) else value


def sparse(values: Array, support: Array) -> Any:
    """The plain array where nothing is masked, ``None`` where all is, else both together."""
    if support.all():
        return values if values.shape else values.item()
    return Masked(values, support) if support.any() else None


def select(condition: Array, taken: Any, other: Any) -> Any:
    """``where`` entry by entry; ``None`` is a branch that is zero by structure."""
    shape = numpy.broadcast_shapes(condition.shape, numpy.shape(dense(taken)), numpy.shape(dense(other)))
    values = numpy.where(condition, *(0.0 if b is None else dense(b) for b in (taken, other)))
    if not any(b is None or isinstance(b, Masked) for b in (taken, other)):
        return values
    support = numpy.where(condition, _support(taken), _support(other))
    return sparse(numpy.broadcast_to(values, shape), numpy.broadcast_to(support, shape))


def _support(value: Any) -> Any:
    return value.support if isinstance(value, Masked) else value is not None


def in_type_of(primal: Any, adjoint: Any) -> Any:
    """The adjoint in the type of its primal: that of single-precision weights is in single precision.

    The adjoint of a real number in a complex computation is the real part.
    """
    wanted = getattr(primal, "dtype", None)
    given = getattr(adjoint, "dtype", wanted)
    if given is not None and given.kind == "c" and (wanted.kind if wanted else "f") == "f":
        adjoint = Masked(adjoint.values.real, adjoint.support) if type(adjoint) is Masked else adjoint.real
        given = adjoint.dtype
    if wanted is None or wanted == given or wanted.kind not in "fc":
        return adjoint
    return adjoint.astype(wanted)


def entrywise(
    op: str, scalar: Callable[[str], Callable[..., Any]], array: Callable[[str], Callable[..., Any]]
) -> Callable[..., Any]:
    """An elementwise operation: floats go to the scalar function, arrays to NumPy's, found when first met."""
    functions: list[Callable[..., Any]] = []

    def either(*args: Any) -> Any:
        for a in args:
            if type(a) is not float and type(a) is not bool:
                break
        else:
            return scalar(op)(*args)
        if not functions:
            functions.append(aware(op, array(op)))
        return functions[0](*args)

    return either


def aware(op: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of arrays that also takes masked ones; ``None`` is a result that is zero by structure.

    Arithmetic and the linear operations keep the mask; the others see the zeros as numbers.
    """
    rule: Callable[..., Any] = _RULES.get(op, _filled)

    def either(*args: Any) -> Any:
        for a in args:
            if type(a) is Masked:
                return rule(function, *args)
        return function(*args)

    return either


def _filled(function: Callable[..., Any], *args: Any) -> Any:
    return function(*map(dense, args))


def _divided(function: Callable[..., Any], a: Any, b: Any) -> Any:
    quotient = function(dense(a), dense(b))
    if not isinstance(a, Masked):
        return quotient
    support = numpy.broadcast_to(a.support, quotient.shape)
    return sparse(numpy.where(support, quotient, 0.0), support)


def _moved(function: Callable[..., Any], a: Masked, *params: Any) -> Any:
    return sparse(_array(function(a.values, *params)), numpy.asarray(function(a.support, *params), bool))


def _array(value: Any) -> Any:
    """A number as an array without axes; what has a shape, a traced value too, as it is."""
    return value if hasattr(value, "shape") else numpy.asarray(value)


def _read(function: Callable[..., Any], a: Masked, places: Any, *params: Any) -> Any:
    return _moved(lambda values: function(values, places, *params), a)


def _summed(function: Callable[..., Any], a: Masked, *params: Any) -> Any:
    support = numpy.asarray(function(a.support, *params)) > 0
    return sparse(_array(function(a.values, *params)), support)


def _multiplied(function: Callable[..., Any], a: Any, b: Any, *params: Any) -> Any:
    """A sum of products (of matrices, along axes): zero by structure times infinity is no term of it."""
    product = function(dense(a), dense(b), *params)
    if isinstance(a, Masked) and isinstance(b, Masked):
        return product
    if not isinstance(product, float | numpy.ndarray) or numpy.isfinite(product).all():
        return product
    if isinstance(a, Masked):
        return _within_support(lambda x, y: function(x, y, *params), a, b)
    return _within_support(lambda x, y: function(y, x, *params), b, a)


def _within_support(multiply: Callable[[Any, Any], Any], masked: Masked, other: Any) -> Any:
    """The product with an array that is not finite: its finite part, and the infinities that the support meets.

    A bilinear function of signs and of ones counts which infinite terms each sum has.
    """
    sign, support = numpy.sign(masked.values), masked.support * 1.0
    infinite = numpy.where(numpy.isinf(other), numpy.sign(other), 0.0)
    met = multiply(abs(sign), abs(infinite))
    balance = multiply(sign, infinite)
    lost = multiply(support - abs(sign), abs(infinite)) + multiply(support, numpy.isnan(other) * 1.0) > 0
    finite = multiply(masked.values, numpy.where(numpy.isfinite(other), other, 0.0))
    total = numpy.where(met > 0, numpy.copysign(numpy.inf, balance), finite)
    total = numpy.where(lost | (abs(balance) < met), numpy.nan, total)
    return total if total.shape else total.item()


_RULES: dict[str, Callable[..., Any]] = {
    "add": lambda function, a, b: a + b,
    "sub": lambda function, a, b: a - b,
    "mul": lambda function, a, b: a * b,
    "neg": lambda function, a: -a,
    "div": _divided,
    "matmul": _multiplied,
    "einsum": _multiplied,
    "convolve": _multiplied,
    "where": lambda function, condition, a, b: select(numpy.asarray(condition), a, b),
    "getitem": _moved,
    "reshape": _moved,
    "transpose": _moved,
    "broadcast_to": _moved,
    "sum": _summed,
    "sum_to": _summed,
    "gather": _read,
    "take_along": _read,
    "put": lambda function, *args: function(*args),
    "put_along": lambda function, *args: function(*args),
    "scatter": lambda function, a, index, whole: function(a, index, whole),
}
