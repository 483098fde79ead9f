"""What a trace keeps of plain arrays: it reads them again in its sweep, and their owner may write into them before.

A short array is copied when it is used, so that a buffer that is filled anew in every turn of a loop counts as it was. A long
one is not: its numbers are added up instead, when it is first used and before each sweep, and what has changed is refused.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy

from calcgrad.errors import UsageError

#: Arrays of at most so many entries are copied.
SHORT = 4096
#: Of a long array so many entries are compared one by one.
SAMPLE = 64
#: A long array's words are added up column by column in rows of so many: a prime, so that no matrix has rows that fit into them.
ROW = 1_021

#: Long arrays by identity, each with its fingerprint.
Watched: TypeAlias = dict[int, tuple[numpy.ndarray, Any]]


def keep(watched: Watched, array: numpy.ndarray) -> numpy.ndarray:
    """The array as a step may keep it. Raises ``UsageError`` E419 where a long one has changed since it was used last."""
    if array.base is None and not array.flags.writeable:
        return array
    if array.size <= SHORT:
        copy = array.copy("K")
        copy.flags.writeable = False
        return copy
    known = watched.get(id(array))
    if known is None:
        watched[id(array)] = array, fingerprint(array)
    elif known[1] != fingerprint(array):
        raise _changed(array)
    return array


def verify(watched: Watched) -> None:
    """Raises ``UsageError`` E419 where a long array is no longer what it was when it was used."""
    for array, known in watched.values():
        if fingerprint(array) != known:
            raise _changed(array)


def fingerprint(array: numpy.ndarray) -> Any:
    """Sums of the words of an array, of every 1021st each and of each 1021 in a row, and a sample of its entries.

    Two entries that change places are seen: they differ in their column's sum or in their row's.

    >>> before, near, far = (numpy.arange(5000.0) for _ in range(3))
    >>> near[[1, 2]], far[[1, 1022]] = near[[2, 1]], far[[1022, 1]]
    >>> [fingerprint(before) == fingerprint(each) for each in (near, far, before.copy())]
    [False, False, True]
    """
    flat = array.reshape(-1) if array.flags.c_contiguous else in_memorys_order(array).reshape(-1)
    sample = flat[:: max(1, flat.size // SAMPLE)].tobytes()
    word = next(size for size in (8, 4, 2, 1) if not flat.nbytes % size)
    plain = array.dtype.kind in "biufc"
    if word != array.dtype.itemsize:  # repeated entries do not lie side by side
        flat = numpy.ascontiguousarray(flat)
    return sample, _sums(flat.view(f"u{word}")) if plain else b""


def _sums(words: numpy.ndarray) -> bytes:
    """The sums of columns and of rows, and the words of the last, shorter row as they are."""
    whole = words.size // ROW * ROW
    rows = words[:whole].reshape(-1, ROW)
    sums = [rows.sum(axis=axis, dtype=numpy.uint64).tobytes() for axis in (0, 1)]
    return b"".join((*sums, words[whole:].tobytes()))


def in_memorys_order(array: numpy.ndarray) -> numpy.ndarray:
    """The array with its axes as they lie in memory: of one whose axes were moved, nothing is copied to read it through.

    >>> in_memorys_order(numpy.zeros((2, 3, 4)).transpose(1, 2, 0)).shape
    (2, 3, 4)
    """
    steps = array.strides
    return array.transpose(sorted(range(array.ndim), key=lambda axis: -abs(steps[axis])))


def _changed(array: numpy.ndarray) -> UsageError:
    return UsageError.of(
        "E419",
        f"an array of shape {array.shape} was written into after the function had used it",
        hints=("make a new array instead, or use a copy: buffer.copy()",),
    )
