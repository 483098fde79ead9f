"""Sparse matrices of traced entries: what ``scipy.sparse`` makes of diagonals, of entries with their places, of a dense matrix.

Such a matrix is a row of entries and the place of each; entries at one place add up. SciPy's own matrices keep their entries in
plain arrays, so this is a class of its own, with the methods that programs use; any other is refused by its name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from calcgrad.errors import UsageError
from calcgrad.tracing.inplace.array import free, made
from calcgrad.tracing.inplace.making import holds_traced
from calcgrad.tracing.traced import Traced, apply

#: A matrix of more entries than this is not written out.
LARGEST = 10**7


class Sparse:
    """``entries[k]`` stands at ``rows[k], columns[k]``; of a ``matrix``, as opposed to an array, ``*`` is the product."""

    __array_ufunc__ = None
    ndim = 2

    def __init__(self, entries: Any, rows: Any, columns: Any, shape: tuple[int, int], matrix: bool) -> None:
        self.entries, self.rows, self.columns = entries, rows, columns
        self.shape, self.matrix = shape, matrix

    def _like(self, entries: Any, rows: Any, columns: Any, shape: tuple[int, int] | None = None) -> Sparse:
        return Sparse(entries, rows, columns, shape or self.shape, self.matrix)

    @property
    def dtype(self) -> Any:
        """The precision of the entries."""
        return self.entries.dtype

    @property
    def nnz(self) -> int:
        """How many entries are kept."""
        return len(self.rows)

    @property
    def T(self) -> Sparse:  # noqa: N802 (NumPy's name)
        """Rows and columns exchanged."""
        return self._like(self.entries, self.columns, self.rows, self.shape[::-1])

    def transpose(self) -> Sparse:
        """The same."""
        return self.T

    def copy(self) -> Sparse:
        """Nothing is written into it."""
        return self

    tocsr = tocsc = tocoo = tolil = todia = tobsr = todok = copy

    def _values(self) -> Any:
        n, m = self.shape
        if n * m > LARGEST:
            raise _refused("toarray", f"{n} by {m} entries are too many to write out")
        flat = apply("put", self.entries, self.rows * m + self.columns, params=(0, n * m))
        return apply("reshape", flat, params=((n, m),))

    def toarray(self) -> Any:
        """All entries, the zeros too."""
        return made(self._values())

    def _times(self, other: Any) -> Any:
        """The product with a vector or a matrix: each entry times what stands in the row of its column."""
        if other.shape[0] != self.shape[1]:
            raise ValueError("dimension mismatch")
        met = apply("gather", other, self.columns, params=(0,))
        entries = self.entries
        if len(other.shape) > 1:
            entries = apply("reshape", entries, params=((self.nnz, 1),))
        return apply("put", apply("mul", entries, met), self.rows, params=(0, self.shape[0]))

    def __matmul__(self, other: Any) -> Any:
        if _is_sparse(other):
            return _whole(_dense(self) @ _dense(other), self.matrix)
        return made(self._times(_array(other)))

    def __rmatmul__(self, other: Any) -> Any:
        if _is_sparse(other):
            return _whole(_dense(other) @ _dense(self), self.matrix)
        other = _array(other)
        turned = self.T._times(apply("transpose", other))
        return made(apply("transpose", turned))

    def dot(self, other: Any) -> Any:
        """The product; with a number, every entry times it."""
        return self * other if not numpy.ndim(free(other)) and not _is_sparse(other) else self @ other

    def __mul__(self, other: Any) -> Any:
        if not _is_sparse(other) and numpy.ndim(free(other)) == 0:
            return self._like(self.entries * free(other), self.rows, self.columns)
        return self @ other if self.matrix else self.multiply(other)

    def __rmul__(self, other: Any) -> Any:
        if not _is_sparse(other) and numpy.ndim(free(other)) == 0:
            return self * other
        return self.__rmatmul__(other) if self.matrix else self.multiply(other)

    def __truediv__(self, other: Any) -> Any:
        if numpy.ndim(free(other)):
            raise _refused("/", "divide the dense matrix: a.toarray() / b")
        return self._like(apply("div", self.entries, free(other)), self.rows, self.columns)

    def __neg__(self) -> Sparse:
        return self._like(apply("neg", self.entries), self.rows, self.columns)

    def multiply(self, other: Any) -> Any:
        """Entry by entry."""
        if _is_sparse(other):
            other = _dense(other)
        there = numpy.broadcast_to(free(other), self.shape)
        return self._like(self.entries * there[self.rows, self.columns], self.rows, self.columns)

    def __add__(self, other: Any) -> Any:
        if not _is_sparse(other):
            if numpy.ndim(free(other)) == 0:
                raise NotImplementedError("adding a nonzero scalar to a sparse array is not supported")
            return made(self._values() + free(other))
        if other.shape != self.shape:
            raise ValueError("inconsistent shapes")
        mine = other if isinstance(other, Sparse) else _of_plain(other)
        return self._like(
            apply("concatenate", self.entries, mine.entries, params=(0,)),
            numpy.concatenate([self.rows, mine.rows]),
            numpy.concatenate([self.columns, mine.columns]),
        )

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def sum(self, axis: Any = None) -> Any:
        """The sum of all entries, of columns or of rows."""
        if axis is None:
            return apply("sum", self.entries)
        if self.matrix:
            raise _refused(
                "sum(axis)", "its value is a numpy.matrix; numpy.sum(a.toarray(), axis) is an array"
            )
        kept, n = (self.columns, self.shape[1]) if axis in (0, -2) else (self.rows, self.shape[0])
        return made(apply("put", self.entries, kept, params=(0, n)))

    def diagonal(self) -> Any:
        """The entries of the main diagonal."""
        on = numpy.flatnonzero(self.rows == self.columns)
        kept = apply("gather", self.entries, on, params=(0,))
        return made(apply("put", kept, self.rows[on], params=(0, min(self.shape))))

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        whole = numpy.empty(
            (), object
        )  # as SciPy's own: no array of entries, so that operators ask the other side
        whole[()] = self
        return whole

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise _refused(name, "a.toarray() is the dense matrix")


def _refused(name: str, hint: str) -> UsageError:
    return UsageError.of(
        "E420", f"{name} of a sparse matrix of traced entries has no derivative here", hints=(hint,)
    )


def _is_sparse(value: Any) -> bool:
    return isinstance(value, Sparse) or (
        type(value).__module__.startswith("scipy.sparse") and hasattr(value, "tocoo")
    )


def _array(value: Any) -> Any:
    value = free(value)
    return value if isinstance(value, Traced) else numpy.asarray(value)


def _dense(value: Any) -> Any:
    return value._values() if isinstance(value, Sparse) else value.toarray()


def _of_plain(value: Any) -> Sparse:
    found = value.tocoo()
    return Sparse(found.data, found.row, found.col, found.shape, False)


def _whole(values: Any, matrix: bool) -> Sparse:
    """A dense matrix as a sparse one, all of whose entries are kept."""
    n, m = values.shape
    rows, columns = numpy.divmod(numpy.arange(n * m), m)
    return Sparse(apply("reshape", values, params=((n * m,),)), rows, columns, (n, m), matrix)


def of_diagonals(diagonals: Any, offsets: Any = 0, shape: Any = None, matrix: bool = True) -> Sparse:
    """``scipy.sparse.diags``."""
    if numpy.ndim(offsets) == 0:
        first = free(diagonals)
        nested = isinstance(first, list | tuple) and len(first) and numpy.ndim(free(first[0]))
        given = [first[0] if nested else first]
        offsets = [int(offsets)]
    else:
        given, offsets = list(diagonals), [int(k) for k in offsets]
    if len(given) != len(offsets):
        raise ValueError("Different number of diagonals and offsets.")
    parts = [_as_row(d) for d in given]
    if shape is None:
        n = int(parts[0].shape[0]) + abs(offsets[0])
        shape = (n, n)
    lengths = [min(shape[0] + min(k, 0), shape[1] - max(k, 0)) for k in offsets]
    entries = [_of_length(part, length, shape) for part, length in zip(parts, lengths, strict=True)]
    rows = [numpy.arange(length) + max(-k, 0) for length, k in zip(lengths, offsets, strict=True)]
    columns = [numpy.arange(length) + max(k, 0) for length, k in zip(lengths, offsets, strict=True)]
    whole = apply("concatenate", *entries, params=(0,))
    return Sparse(whole, numpy.concatenate(rows), numpy.concatenate(columns), tuple(shape), matrix)


def _of_length(part: Any, length: int, shape: Any) -> Any:
    """A diagonal; one number is the whole of it."""
    if part.shape[0] == 1 and length != 1:
        return apply("broadcast_to", part, params=((length,),))
    if part.shape[0] != length:
        raise ValueError(f"Diagonal length does not agree with array size ({shape[0]}, {shape[1]}).")
    return part


def _as_row(diagonal: Any) -> Any:
    from calcgrad.tracing.inplace.array import stacked

    found = free(diagonal)
    found = stacked(found) if isinstance(found, list | tuple) else _array(found)
    return found.reshape(1) if not found.shape else found


def constructed(argument: Any, shape: Any = None, matrix: bool = True) -> Sparse:
    """``csr_matrix`` and its like: of a dense matrix, of entries and places, of rows by their ends."""
    if isinstance(argument, Sparse):
        return Sparse(argument.entries, argument.rows, argument.columns, argument.shape, matrix)
    if not isinstance(argument, tuple):
        return _whole(_array(argument), matrix)
    if len(argument) == 2:
        entries, (rows, columns) = argument
        rows, columns = numpy.asarray(free(rows), int), numpy.asarray(free(columns), int)
        if shape is None:
            shape = (int(rows.max()) + 1, int(columns.max()) + 1)
        return Sparse(_as_row(entries), rows, columns, tuple(shape), matrix)
    raise UsageError.of(
        "E420",
        "rows given by their ends have no derivative here",
        hints=("give entries with their rows and columns: (data, (rows, columns))",),
    )


def solved(matrix: Any, right: Any, *rest: Any, **keywords: Any) -> Any:
    """``scipy.sparse.linalg.spsolve``, by the dense matrix."""
    if matrix.shape[0] ** 2 > LARGEST // 10:
        raise UsageError.of(
            "E420",
            "scipy.sparse.linalg.spsolve of a traced system is done by its dense matrix, which is too large here",
            hints=("custom_rule gives a function of your own a derivative",),
        )
    return made(numpy.linalg.solve(_dense(matrix), _array(right)))


_MAKERS = ("csr", "csc", "coo", "lil", "dia", "bsr", "dok")


def twin(callee: Any) -> Callable[..., Any] | None:
    """The same for traced values, of a function or class of SciPy's; ``None`` where there is none."""
    name = getattr(callee, "__name__", "")
    kind, _, end = name.partition("_")
    found: Callable[..., Any]
    if name in ("diags", "diags_array"):
        found = _of_diagonals(name == "diags")
    elif kind in _MAKERS and end in ("matrix", "array"):
        found = _of_entries(end == "matrix")
    elif name == "spsolve":
        found = solved
    else:
        return None

    def called(*args: Any, **kwargs: Any) -> Any:
        traced = any(isinstance(a, Sparse) or holds_traced(a) for a in (*args, *kwargs.values()))
        return (found if traced else callee)(*args, **kwargs)

    return called


def _of_diagonals(matrix: bool) -> Callable[..., Any]:
    def made_of(
        diagonals: Any, offsets: Any = 0, shape: Any = None, format: Any = None, dtype: Any = None
    ) -> Any:
        return of_diagonals(diagonals, offsets, shape, matrix)

    return made_of


def _of_entries(matrix: bool) -> Callable[..., Any]:
    def made_of(arg1: Any, shape: Any = None, dtype: Any = None, copy: bool = False) -> Any:
        return constructed(arg1, shape, matrix)

    return made_of
