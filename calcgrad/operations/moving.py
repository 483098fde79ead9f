"""Operations that move entries, or add them up on the way: what NumPy's indexing, sorting and shaping are made of.

They have no name in the language. An index that depends on values (that of ``sort``, of a boolean mask) is an argument,
computed by an operation of its own, through which no derivative is taken: so a tape is right at other points too.
"""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import Linear, Row, Structured

_linear = partial(Linear, group="internal")
_structured = partial(Structured, group="internal")

ROWS: tuple[Row, ...] = (
    _linear(
        name="concatenate",
        help="arrays one after the other along an axis",
        transpose="of_concatenate",
        variadic=True,
        parameters=1,
        moves=True,
        shape="concatenate",
    ),
    _linear(
        name="cumsum",
        help="running sums along an axis, from its start or from its end",
        transpose="of_cumsum",
        shape="same",
    ),
    _structured(
        name="gather",
        help="the entries of a at the places b along an axis",
        pushforwards=("", ""),
        transposes=("gather_first", ""),
        shape="gather",
    ),
    _structured(
        name="put",
        help="zeros, with the entries of a added at the places b along an axis",
        pushforwards=("", ""),
        transposes=("put_first", ""),
        shape="put",
    ),
    _structured(
        name="take_along",
        help="the entries of a at the places b, which differ from line to line",
        pushforwards=("", ""),
        transposes=("take_along_first", ""),
        shape="take_along",
    ),
    _structured(
        name="put_along",
        help="zeros, with the entries of a added at the places b, which differ from line to line",
        pushforwards=("", ""),
        transposes=("put_along_first", ""),
        shape="put_along",
    ),
    _structured(
        name="argsort", help="the places of the entries in ascending order", pushforwards=("",), shape="same"
    ),
    _structured(
        name="decided",
        help="what a function of NumPy with a name decides by the values: argmax, isnan, any",
        pushforwards=("",),
        shape="",
    ),
    _structured(
        name="decided_by_two",
        help="what a function of NumPy with a name decides by two values: searchsorted, isclose",
        pushforwards=("", ""),
        shape="",
    ),
    _structured(
        name="cumprod", help="running products along an axis", pushforwards=("cumprod",), shape="same"
    ),
    _linear(
        name="astype",
        help="the entries in another precision",
        transpose="of_astype",
        analytic=False,
        shape="same",
    ),
    _structured(
        name="whole",
        help="the entries as whole numbers, of a type with a name: a step function, with no derivative but 0",
        pushforwards=("",),
        shape="same",
    ),
    _linear(
        name="sparse_product",
        help="a constant sparse matrix of SciPy's times a vector or a matrix",
        transpose="of_sparse_product",
        shape="sparse_product",
    ),
    _structured(
        name="stop_gradient",
        help="a itself, taken as a constant",
        pushforwards=("",),
        shape="same",
    ),
)
