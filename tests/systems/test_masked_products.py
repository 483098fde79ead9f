"""Sums of products over what is zero by structure, held against the sum of the terms that there are, one by one."""

import math

import numpy
from hypothesis import given
from hypothesis import strategies as st

from calcgrad.systems.base import system
from calcgrad.systems.values.masked import Masked

ENTRY = st.sampled_from([0.0, 1.0, -2.0, 0.5, math.inf, -math.inf, math.nan])
TANGENT = st.sampled_from([None, 0.0, 1.0, -2.0])


def masked(rows: list[list[float | None]]) -> Masked:
    values = numpy.array([[0.0 if x is None else x for x in row] for row in rows])
    return Masked(values, numpy.array([[x is not None for x in row] for row in rows]))


def by_terms(tangents: list[list[float | None]], other: numpy.ndarray) -> numpy.ndarray:
    """The product of matrices, by IEEE's rules for each term that is not zero by structure."""
    out = numpy.zeros((len(tangents), other.shape[1]))
    for i, row in enumerate(tangents):
        for k in range(other.shape[1]):
            out[i, k] = sum([t * float(other[j, k]) for j, t in enumerate(row) if t is not None])
    return out


def lists(element: st.SearchStrategy[float | None], rows: int) -> st.SearchStrategy[list[list[float | None]]]:
    return st.lists(st.lists(element, min_size=3, max_size=3), min_size=rows, max_size=rows)


@given(lists(TANGENT, 2), lists(ENTRY, 3))
def test_terms_by_structure(tangents: list[list[float | None]], entries: list[list[float | None]]) -> None:
    other = numpy.array(entries, float)
    arrays = system("numpy")
    expected = by_terms(tangents, other)
    a = masked(tangents)
    with arrays.quiet():
        left = arrays.function("matmul")(a, other)
        right = arrays.function("matmul")(other.T, Masked(a.values.T, a.support.T))
        named = arrays.function("einsum")(a, other, "ij,jk->ik")
    for found in (left, right.T, named):
        numpy.testing.assert_array_equal(found, expected)
