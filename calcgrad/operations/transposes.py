"""The transposes of the linear operations, named by the rows of :mod:`calcgrad.operations.arrays`.

Of a ``Linear`` row: ``of_x(j, shapes, *params)`` gives the operation and the parameters that take the adjoint
of the result to that of argument ``j``; ``shapes`` are those of the arguments. Of a ``Bilinear`` row: the
pullback to one argument, written in table operations. The transposes of linear maps between arrays are those
of Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation (2008),
section 2.2, for products of matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from calcgrad.operations.shapes import Axis, Shape, broadcast, kept, shape_of

Transposed: TypeAlias = tuple[str, tuple[Any, ...]]
Shapes: TypeAlias = Sequence[Shape]


class Apply(Protocol):
    """Apply an operation of the table: ``apply("reshape", x, params=((2, 3),))``."""

    def __call__(self, op: str, *args: Any, params: tuple[Any, ...] = ()) -> Any: ...


def of_sum(j: int, shapes: Shapes, axis: Axis = None, keepdims: bool = False) -> Transposed:
    """Every summand gets the whole adjoint."""
    return "broadcast_to", (shapes[j], kept(shapes[j], axis))


def of_broadcast_to(j: int, shapes: Shapes, whole: Shape, through: Shape | None = None) -> Transposed:
    """What was repeated is summed."""
    return "sum_to", (shapes[j], through)


def of_sum_to(j: int, shapes: Shapes, final: Shape, through: Shape | None = None) -> Transposed:
    """What was summed is repeated."""
    return "broadcast_to", (shapes[j], through)


def of_reshape(j: int, shapes: Shapes, new: Shape) -> Transposed:
    """The shape it had."""
    return "reshape", (shapes[j],)


def of_transpose(j: int, shapes: Shapes, axes: tuple[int, ...] | None = None) -> Transposed:
    """The inverse permutation of the axes."""
    if axes is None:
        return "transpose", ()
    return "transpose", (tuple(sorted(range(len(axes)), key=axes.__getitem__)),)


def of_vector(j: int, shapes: Shapes) -> Transposed:
    """Entry ``j``."""
    return "getitem", (j,)


def of_getitem(j: int, shapes: Shapes, *index: Any) -> Transposed:
    """Back to the places that were read; a place that was read twice gets both."""
    return "scatter", (index, shapes[j])


def of_scatter(j: int, shapes: Shapes, index: tuple[Any, ...], whole: Shape) -> Transposed:
    """What stands at the index."""
    return "getitem", index


def of_concatenate(j: int, shapes: Shapes, axis: int) -> Transposed:
    """The part that argument ``j`` fills."""
    start = sum(shape[axis] for shape in shapes[:j])
    whole = ("slice", None, None, None)
    return "getitem", (*[whole] * axis, ("slice", start, start + shapes[j][axis], None))


def of_cumsum(j: int, shapes: Shapes, axis: int, backward: bool = False) -> Transposed:
    """Running sums from the other end."""
    return "cumsum", (axis, not backward)


def of_astype(j: int, shapes: Shapes, dtype: str) -> Transposed:
    """The same; an adjoint is brought back to the precision of its primal where it is taken over."""
    return "astype", (dtype,)


def of_sparse_product(j: int, shapes: Shapes, matrix: Any) -> Transposed:
    """The product with the transposed matrix."""
    return "sparse_product", (matrix.T,)


def of_conj(j: int, shapes: Shapes) -> Transposed:
    """Its own transpose."""
    return "conj", ()


def of_real(j: int, shapes: Shapes) -> Transposed:
    """Nothing imaginary."""
    return "as_complex", ()


def of_as_complex(j: int, shapes: Shapes) -> Transposed:
    """The real part."""
    return "real", ()


def of_fft(j: int, shapes: Shapes, axis: int) -> Transposed:
    """The matrix of the transform is symmetric."""
    return "fft", (axis,)


def of_ifft(j: int, shapes: Shapes, axis: int) -> Transposed:
    """The matrix of the transform is symmetric."""
    return "ifft", (axis,)


def matmul_first(apply: Apply, a: Any, b: Any, d: Any) -> Any:
    """The adjoint of ``a`` in ``a @ b``: that of the product times the transpose of ``b``."""
    left, right, whole = _as_matrices(shape_of(a), shape_of(b))
    product = apply(
        "matmul",
        apply("reshape", d, params=(whole,)),
        _swap(apply, apply("reshape", b, params=(right,)), len(right)),
    )
    return apply("sum_to", product, params=(shape_of(a), left))


def matmul_second(apply: Apply, a: Any, b: Any, d: Any) -> Any:
    """The adjoint of ``b`` in ``a @ b``: the transpose of ``a`` times that of the product."""
    left, right, whole = _as_matrices(shape_of(a), shape_of(b))
    product = apply(
        "matmul",
        _swap(apply, apply("reshape", a, params=(left,)), len(left)),
        apply("reshape", d, params=(whole,)),
    )
    return apply("sum_to", product, params=(shape_of(b), right))


def _as_matrices(a: Shape, b: Shape) -> tuple[Shape, Shape, Shape]:
    """The shapes of the factors and the product when a vector is a row on the left, a column on the right."""
    left = a if len(a) > 1 else (1, *a)
    right = b if len(b) > 1 else (*b, 1)
    return left, right, (*broadcast(left[:-2], right[:-2]), left[-2], right[-1])


def _swap(apply: Apply, matrix: Any, depth: int) -> Any:
    """The matrix, or each of a stack of them, transposed."""
    return apply("transpose", matrix, params=((*range(depth - 2), depth - 1, depth - 2),))
