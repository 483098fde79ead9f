"""Sums of products by a pattern of axes: ``numpy.einsum``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    broadcast,
    ndim,
    permute,
    reshape,
    shape,
)
from calcgrad.numpy_names.reductions import total
from calcgrad.numpy_names.registry import handles, refuse
from calcgrad.numpy_names.selecting import diagonal
from calcgrad.operations.transposes import Apply

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@handles("einsum")
def einsum(apply: Apply, *operands: Any, out: Any = None, optimize: Any = False, **keywords: Any) -> Any:
    """Two operands at a time, in the order that ``numpy.einsum_path`` finds; each pair a product of matrices if it is one."""
    refuse("numpy.einsum", out=out, dtype=keywords.get("dtype"))
    subscripts, arrays = _read(operands)
    inputs, result = subscripts
    terms = list(zip(inputs, arrays, strict=True))
    terms = [
        _own(apply, axes, a, set(result).union(*inputs[:i], *inputs[i + 1 :]))
        for i, (axes, a) in enumerate(terms)
    ]
    for chosen in _order(terms, result):
        first, second = [terms[i] for i in chosen]
        terms = [t for i, t in enumerate(terms) if i not in chosen]
        wanted = set(result).union(*[axes for axes, _ in terms])
        terms.append(_pair(apply, first, second, wanted))
    axes, found = terms[0]
    axes, found = _own(apply, axes, found, set(result))
    return permute(apply, found, [axes.index(c) for c in result])


def _order(terms: list[tuple[str, Any]], result: str) -> Sequence[tuple[int, int]]:
    """Which two operands are joined, step by step, as places in the list that is left."""
    if len(terms) <= 2:
        return [(0, 1)] if len(terms) == 2 else []
    return _path(tuple([axes for axes, _ in terms]), tuple([shape(a) for _, a in terms]), result)


@lru_cache
def _path(inputs: tuple[str, ...], shapes: tuple[Any, ...], result: str) -> tuple[tuple[int, int], ...]:
    """The order that NumPy finds; from the left where it would join more than two at once."""
    placeholders = [numpy.broadcast_to(0.0, s) for s in shapes]
    path = numpy.einsum_path(f"{','.join(inputs)}->{result}", *placeholders, optimize="greedy")[0][1:]
    if any(len(step) != 2 for step in path):
        return ((0, 1),) * (len(inputs) - 1)
    return tuple([(min(step), max(step)) for step in path])


def _read(operands: tuple[Any, ...]) -> tuple[tuple[list[str], str], list[Any]]:
    """The axes of each operand and of the result, spelled out with one letter each."""
    if not isinstance(operands[0], str):
        operands = _from_lists(operands)
    arrays = [array(a) for a in operands[1:]]
    inputs, result = _spelled(operands[0], tuple(map(ndim, arrays)))
    return (list(inputs), result), arrays


@lru_cache
def _spelled(text: str, depths: tuple[int, ...]) -> tuple[tuple[str, ...], str]:
    text = text.replace(" ", "")
    given, arrow, result = text.partition("->")
    inputs = given.split(",")
    if len(inputs) != len(depths):
        raise ValueError(
            "more operands provided to einstein sum function than specified in the subscripts string"
        )
    spare = [c for c in _LETTERS if c not in text]
    hidden = max(
        [n - len(s.replace("...", "")) for s, n in zip(inputs, depths, strict=True) if "..." in s] or [0]
    )
    more = "".join(spare[:hidden])
    inputs = [
        s.replace("...", more[hidden - (n - len(s) + 3) :]) if "..." in s else s
        for s, n in zip(inputs, depths, strict=True)
    ]
    if arrow:
        result = result.replace("...", more)
    else:
        letters = "".join(inputs)
        result = more + "".join(sorted(c for c in set(letters) if letters.count(c) == 1 and c not in more))
    for axes, n in zip(inputs, depths, strict=True):
        if len(axes) != n:
            raise ValueError(f"einstein sum subscripts string '{axes}' does not fit an operand of {n} axes")
    return tuple(inputs), result


def _from_lists(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """The form with lists of numbers for axes, as text."""

    def spelled(axes: Any) -> str:
        return "".join("..." if a is Ellipsis else _LETTERS[a] for a in axes)

    pairs = len(operands) // 2
    text = ",".join(spelled(operands[2 * i + 1]) for i in range(pairs))
    if len(operands) % 2:
        text += "->" + spelled(operands[-1])
    return text, *[operands[2 * i] for i in range(pairs)]


def _own(apply: Apply, axes: str, a: Any, wanted: set[str]) -> tuple[str, Any]:
    """An operand without repeated axes (its diagonal) and without axes that nothing else has (their sum)."""
    for c in dict.fromkeys(axes):
        while axes.count(c) > 1:
            i, j = axes.index(c), axes.rindex(c)
            a = diagonal(apply, a, 0, i, j)
            axes = axes[:i] + axes[i + 1 : j] + axes[j + 1 :] + c
    gone = tuple([i for i, c in enumerate(axes) if c not in wanted])
    if gone:
        a = total(apply, a, gone)
        axes = "".join(c for c in axes if c in wanted)
    return axes, a


def _pair(apply: Apply, first: tuple[str, Any], second: tuple[str, Any], wanted: set[str]) -> tuple[str, Any]:
    """Two operands joined: a product of matrices, or of stacks of them, or entry by entry."""
    (left, a), (right, b) = first, second
    a, b = _of_equal_lengths(apply, left, a, right, b)
    lengths = dict(zip(left + right, shape(a) + shape(b), strict=True))
    batch = [c for c in left if c in right and c in wanted]
    summed = [c for c in left if c in right and c not in wanted]
    rows = [c for c in left if c not in right]
    columns = [c for c in right if c not in left]
    out = "".join(batch + rows + columns)
    if batch and summed and not (rows and columns):
        return out, apply("einsum", a, b, params=(f"{left},{right}->{out}",))
    size = {name: prod(lengths[c] for c in part) for name, part in
            (("batch", batch), ("rows", rows), ("summed", summed), ("columns", columns))}  # fmt: skip
    stack = (size["batch"],) if batch else ()
    a = permute(apply, a, [left.index(c) for c in batch + rows + summed])
    b = permute(apply, b, [right.index(c) for c in batch + summed + columns])
    a = reshape(apply, a, (*stack, size["rows"], size["summed"]))
    b = reshape(apply, b, (*stack, size["summed"], size["columns"]))
    product = apply("matmul", a, b) if summed else a * b
    return out, reshape(apply, product, [lengths[c] for c in out])


def _of_equal_lengths(apply: Apply, left: str, a: Any, right: str, b: Any) -> tuple[Any, Any]:
    """An axis of length 1 is repeated to the length that the other operand has."""
    lengths: dict[str, int] = {}
    for c, n in zip(left + right, shape(a) + shape(b), strict=True):
        if n != 1 and lengths.get(c, 1) not in (1, n):
            raise ValueError(f"operands could not be broadcast together along the axis {c!r}")
        lengths[c] = n if n != 1 else lengths.get(c, 1)
    return (
        broadcast(apply, a, tuple([lengths[c] for c in left])),
        broadcast(apply, b, tuple([lengths[c] for c in right])),
    )
