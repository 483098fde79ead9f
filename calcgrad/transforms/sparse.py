"""Sparse Jacobians and Hessians: columns that share no row are swept together, and taken apart by the pattern.

The columns are coloured greedily, those with most entries first (Curtis, Powell and Reid, On the estimation of sparse Jacobian
matrices, IMA Journal of Applied Mathematics 13 (1974); Coleman and Moré, SIAM Journal on Numerical Analysis 20 (1983)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy

from calcgrad.errors import UsageError
from calcgrad.transforms.blocks import block_back, block_forward, sizes
from calcgrad.transforms.calls import Outputs, chosen, recorded


def sparse_jacobian(
    function: Callable[..., Any], argnums: int | Sequence[int], has_aux: bool, sparsity: Any
) -> Callable[..., Any]:
    """The function that gives the Jacobian as one ``scipy.sparse`` array in compressed rows, of all results by all inputs."""

    @wraps(function)
    def whole(*args: Any, **kwargs: Any) -> Any:
        inputs = chosen(function, argnums, args)
        out = recorded(function, args, kwargs, inputs, has_aux)
        if any(getattr(getattr(p, "dtype", None), "kind", "f") == "c" for p in out.primals):
            raise UsageError.of(
                "E406",
                "a sparse Jacobian is one of real results, one of these is complex",
                hints=("split it: np.real(w), np.imag(w)",),
            )
        shape = (sum(sizes(out.primals)), sum(sizes(inputs.primals)))
        known = _pattern(out, sparsity, shape)
        found = _compressed(inputs.primals, out, known)
        return (found, out.aux) if has_aux else found

    return whole


def _pattern(out: Outputs, sparsity: Any, shape: tuple[int, int]) -> Any:
    from scipy import sparse

    if numpy.ndim(sparsity) == 0:
        if sparsity != "detect":
            raise UsageError.of(
                "E412", f"sparsity={sparsity!r} is not known", hints=('a pattern, or "detect"',)
            )
        from calcgrad.tracing.dependence import pattern

        return pattern(out.trace, out.slots, sizes(out.primals))
    given = sparse.csr_array(sparsity)
    if given.shape != shape:
        raise UsageError.of("E412", f"the pattern has the shape {given.shape}, the Jacobian {shape}")
    return given


def _compressed(primals: Sequence[Any], out: Outputs, known: Any) -> Any:
    """Whichever of rows and columns needs fewer colours."""
    from scipy import sparse

    by_column, by_row = colours(known), colours(known.T.tocsr())
    count = int(by_column.max(initial=-1)) + 1
    rows, columns = known.tocoo().coords
    if count <= int(by_row.max(initial=-1)) + 1:
        table = block_forward(primals, out, _seeds(by_column))  # (colours, results)
        data = table[by_column[columns], rows]
    else:
        table = block_back(primals, out, _seeds(by_row))
        data = table[by_row[rows], columns]
    return sparse.csr_array((data, (rows, columns)), shape=known.shape)


def _seeds(chosen_colours: Any) -> Any:
    count = int(chosen_colours.max(initial=-1)) + 1
    seeds = numpy.zeros((count, len(chosen_colours)))
    seeds[chosen_colours, numpy.arange(len(chosen_colours))] = 1.0
    return seeds


def colours(pattern: Any) -> Any:
    """A colour for each column of a sparse pattern, such that columns of one colour share no row.

    >>> from scipy.sparse import csr_array
    >>> colours(csr_array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]])).tolist()
    [1, 0, 1, 0]
    """
    by_row, by_column = pattern.tocsr(), pattern.tocsc()
    found = numpy.full(pattern.shape[1], -1)
    order = numpy.argsort(-numpy.diff(by_column.indptr), kind="stable")
    for column in order:
        rows = by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]
        taken = {
            int(found[other])
            for row in rows
            for other in by_row.indices[by_row.indptr[row] : by_row.indptr[row + 1]]
        }
        colour = 0
        while colour in taken:
            colour += 1
        found[column] = colour
    return found
