"""A function of one entry over all entries: ``vmap`` over axes of its arguments, ``vectorize`` over broadcast arrays.

Both call the function once for each entry and put the results side by side: the derivative is that of what is written, in
both modes and at every order, at the cost of a loop. Where speed matters, write the function for whole arrays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy

from calcgrad.errors import UsageError
from calcgrad.given import held
from calcgrad.pytrees import flatten, map_leaves, unflatten
from calcgrad.tracer import is_traced


@held
def vmap(
    function: Callable[..., Any], in_axes: int | Sequence[int | None] | None = 0, out_axes: int = 0
) -> Callable[..., Any]:
    """The function that applies ``function`` to each slice of its arguments along an axis, and stacks the results.

    ``in_axes`` says along which axis, for all arguments or one by one; an argument whose axis is ``None`` is the same in every
    call. Arguments and results may be trees. The results lie along ``out_axes``. The function is called once for each slice.

    Raises :class:`~calcgrad.CalcgradError` E462 where the axes have no common length, or no length at all, and where the results
    are trees of different forms.

    >>> import numpy as np
    >>> from calcgrad import grad
    >>> vmap(grad(lambda x: np.sum(x**3)))(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[ 3., 12.],
           [27., 48.]])
    >>> vmap(lambda a, x: a * x, in_axes=(0, None))(np.array([1.0, 2.0]), 10.0)
    array([10., 20.])
    """

    @wraps(function)
    def mapped(*args: Any) -> Any:
        axes: list[int | None] = list(in_axes) if isinstance(in_axes, Sequence) else [in_axes] * len(args)
        if len(axes) != len(args):
            raise _unmapped(f"in_axes names {len(axes)} arguments, the call has {len(args)}")
        chosen = [(a, axis) for a, axis in zip(args, axes, strict=True) if axis is not None]
        lengths = {_length(leaf, axis) for a, axis in chosen for leaf in flatten(a)[0]}
        if len(lengths) != 1 or 0 in lengths:
            raise _unmapped(f"the lengths along the mapped axes are {sorted(lengths) or 'not there'}")
        results = [
            function(*[a if axis is None else _slice(a, axis, k) for a, axis in zip(args, axes, strict=True)])
            for k in range(lengths.pop())
        ]
        leaves, structures = zip(*map(flatten, results), strict=True)
        if any(structure != structures[0] for structure in structures):
            raise _unmapped(
                "the results of the calls are different trees", "each call returns a tree of the same form"
            )
        stacked = [_side_by_side(entries, out_axes) for entries in zip(*leaves, strict=True)]
        return unflatten(structures[0], stacked)

    return mapped


def _length(leaf: Any, axis: Any) -> int:
    """The length of a leaf along an axis. Raises ``UsageError`` E462 where it has no such axis."""
    shape = numpy.shape(leaf)
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        if shape:
            raise _unmapped(f"an array of shape {shape} has no axis {axis!r}")
        raise _unmapped(
            f"a {type(leaf).__name__} has no axes",
            "a list is a tree of numbers here: np.array(…) makes it an array",
        )
    return int(shape[axis])


def _unmapped(message: str, hint: str = "one common length along every mapped axis is wanted") -> UsageError:
    return UsageError.of("E462", f"vmap: {message}", hints=(hint,))


def _slice(tree: Any, axis: int, k: int) -> Any:
    return map_leaves(lambda leaf: numpy.moveaxis(leaf, axis, 0)[k] if axis else leaf[k], tree)


def _side_by_side(entries: Sequence[Any], axis: int = 0) -> Any:
    parts = [e if is_traced(e) else numpy.asarray(e) for e in entries]
    return numpy.stack(parts, axis)


@held
def vectorize(
    pyfunc: Callable[..., Any], otypes: Any = None, *, excluded: Any = None, signature: str | None = None
) -> Callable[..., Any]:
    """``numpy.vectorize`` for traced values too: a function of numbers, applied to every entry of broadcast arguments.

    With a ``signature`` such as ``"(n),(n)->()"`` the function takes the last axes whole. As in NumPy, results are in the
    type of the first one: a function that returns the whole number 0 first returns whole numbers.

    >>> from calcgrad import grad
    >>> import numpy as np
    >>> clipped = vectorize(lambda a: a * a if a > 0 else 0.0 * a)
    >>> grad(lambda x: np.sum(clipped(x)))(np.array([-1.0, 3.0]))
    array([0., 6.])
    """
    left_out = {excluded} if isinstance(excluded, int | str) else set(excluded or ())
    cores = [] if signature is None else _core_counts(signature)

    @wraps(pyfunc)
    def called(*args: Any, **named: Any) -> Any:
        over = [i for i in range(len(args)) if i not in left_out]
        names = [name for name in named if name not in left_out]
        values = [args[i] for i in over] + [named[name] for name in names]
        depths = [*cores, *[0] * len(values)][: len(values)]
        whole = numpy.broadcast_shapes(
            *[numpy.shape(v)[: numpy.ndim(v) - d] for v, d in zip(values, depths, strict=True)]
        )
        spread = [_entries(v, whole, d) for v, d in zip(values, depths, strict=True)]

        def at(k: int) -> Any:
            given, words = list(args), dict(named)
            for i, entries in zip(over, spread, strict=False):
                given[i] = entries[k]
            for name, entries in zip(names, spread[len(over) :], strict=True):
                words[name] = entries[k]
            return pyfunc(*given, **words)

        results = [at(k) for k in range(int(numpy.prod(whole)))]
        if not results:
            raise _unmapped("there is no entry to apply the function to")
        if isinstance(results[0], tuple):
            return tuple(
                [_shaped(part, whole, otypes, i) for i, part in enumerate(zip(*results, strict=True))]
            )
        return _shaped(results, whole, otypes, 0)

    return called


def _core_counts(signature: str) -> list[int]:
    """How many of its last axes each argument is taken with."""
    given = re.findall(r"\(([^)]*)\)", signature.split("->", maxsplit=1)[0])
    return [len([name for name in core.split(",") if name.strip()]) for core in given]


def _entries(value: Any, whole: tuple[int, ...], depth: int) -> Any:
    """The entries in a row, as many as the broadcast shape has."""
    value = value if is_traced(value) or hasattr(value, "shape") else numpy.asarray(value)
    core = numpy.shape(value)[numpy.ndim(value) - depth :]
    return numpy.reshape(numpy.broadcast_to(value, (*whole, *core)), (int(numpy.prod(whole)), *core))


def _shaped(results: Sequence[Any], whole: tuple[int, ...], otypes: Any, k: int) -> Any:
    row = _side_by_side(results)
    first = None if is_traced(results[0]) else numpy.asarray(results[0]).dtype
    kind = numpy.dtype(list(otypes)[k]) if otypes else first
    if kind is not None and kind != row.dtype and kind.kind in "iubfc":
        row = row.astype(kind)
    return numpy.reshape(row, (*whole, *numpy.shape(row)[1:]))[()]


def vectorized(found: Any, hand: Callable[[Any], Any]) -> Callable[..., Any]:
    """What ``numpy.vectorize`` made, for traced values; ``hand`` says what is called in place of its function."""
    return vectorize(hand(found.pyfunc), found.otypes, excluded=found.excluded, signature=found.signature)
