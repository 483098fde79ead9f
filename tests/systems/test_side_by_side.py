"""A vector's entries swept all at once, held against the row's own rules, which take one argument after another."""

from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcgrad.systems.base import system
from calcgrad.systems.side_by_side import pull, push
from calcgrad.systems.values.masked import Masked, dense

ARRAYS = system("numpy")
NUMBER = st.floats(-9, 9)
#: A list of an argument's tangent in numbers, where it is not zero by structure, and which of them are.
TANGENT = st.one_of(
    st.none(), st.tuples(st.lists(NUMBER, min_size=2, max_size=2), st.sampled_from([(1, 1), (1, 0), (0, 1)]))
)


def drawn(tangent: Any) -> Any:
    if tangent is None:
        return None
    values, support = numpy.array(tangent[0]), numpy.array(tangent[1], bool)
    return values if support.all() else Masked(numpy.where(support, values, 0.0), support)


def one_by_one(op: str, y: Any, args: list[Any], params: tuple[Any, ...], tangents: list[Any]) -> Any:
    total: Any = None
    for j, tangent in enumerate(tangents):
        if tangent is not None:
            term = ARRAYS.push(op, j)(y, *args, *params, tangent)
            total = term if total is None else total + term
    return total


def support_of(value: Any) -> list[Any]:
    return (value.support if isinstance(value, Masked) else numpy.full(value.shape, True)).tolist()


@pytest.mark.parametrize(("op", "params"), [("vector", ()), ("concatenate", (0,))])
@given(tangents=st.lists(TANGENT, min_size=1, max_size=9))
def test_all_tangents_at_once(op: str, params: tuple[Any, ...], tangents: list[Any]) -> None:
    moved = [drawn(t) for t in tangents]
    if all(t is None for t in moved):
        return
    args = [numpy.array([k, k + 0.5]) for k in range(len(moved))]
    y = ARRAYS.function(op)(*args, *params)
    together = push(ARRAYS, op)
    assert together is not None
    found, wanted = together(y, args, params, moved), one_by_one(op, y, args, params, moved)
    assert dense(found).tolist() == dense(wanted).tolist()
    assert support_of(found) == support_of(wanted)


@pytest.mark.parametrize(("op", "params"), [("vector", ()), ("concatenate", (0,))])
def test_every_part_of_an_adjoint(op: str, params: tuple[Any, ...]) -> None:
    args = [numpy.array([k, k + 0.5], dtype) for k, dtype in enumerate(["f8", "f4", "c16", "f8"])]
    y = ARRAYS.function(op)(*args, *params)
    adjoint = numpy.arange(1.0, y.size + 1).reshape(y.shape) * (1 + 2j)
    apart = pull(ARRAYS, op)
    assert apart is not None
    part = apart(args, params, adjoint)
    for j, arg in enumerate(args):
        found, wanted = part(j), ARRAYS.pull(op, j)(y, *args, *params, adjoint)
        assert (found.tolist(), found.dtype) == (wanted.tolist(), wanted.dtype)
        assert (found.shape, found.dtype) == (arg.shape, arg.dtype)


def test_other_operations_have_none() -> None:
    assert push(ARRAYS, "sum") is None
    assert pull(ARRAYS, "mul") is None
    assert system("float64").push_together("vector") is None
    assert system("float64").pull_apart("vector") is None
