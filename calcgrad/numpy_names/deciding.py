"""What values and shapes decide: comparisons, places, counts, and arrays made like another one. Constants, all of them."""

from __future__ import annotations

from typing import Any

import numpy

from calcgrad.numpy_names.common import (
    array,
    decided,
    dtype_of,
    ndim,
    shape,
)
from calcgrad.numpy_names.registry import Handler, handles, refuse
from calcgrad.numpy_names.ufuncs import elementwise
from calcgrad.operations.transposes import Apply
from calcgrad.tracer import is_traced

#: Functions that decide by values, whose results are constants.
DECIDING = (
    *("isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit", "isreal", "iscomplex"),
    *("isrealobj", "iscomplexobj", "argmax", "argmin", "nanargmax", "nanargmin", "argsort", "argpartition"),
    *("flatnonzero", "argwhere", "count_nonzero", "any", "all"),
)
DECIDING_BY_TWO = ["isclose", "allclose", "array_equal", "array_equiv", "searchsorted", "digitize"]
LOGICAL = {"logical_and": "logical_and", "logical_or": "logical_or", "logical_not": "logical_not"}


def _deciding(name: str) -> Handler:
    def handler(apply: Apply, x: Any, *args: Any, **keywords: Any) -> Any:
        refuse(f"numpy.{name}", out=keywords.pop("out", None), where=keywords.pop("where", None))
        if args:
            keywords = {**dict(zip(_POSITIONAL[name], args, strict=False)), **keywords}
        return decided(apply, x, name, **keywords)

    return handler


_POSITIONAL = dict.fromkeys(DECIDING, ("axis",)) | {"argpartition": ("kth", "axis")}


def _deciding_by_two(name: str) -> Handler:
    def handler(apply: Apply, a: Any, b: Any, *args: Any, **keywords: Any) -> Any:
        if args:
            keywords = {**dict(zip(_MORE[name], args, strict=False)), **keywords}
        return apply("decided_by_two", array(a), array(b), params=(name, tuple(keywords.items())))

    return handler


_MORE = {
    "isclose": ("rtol", "atol", "equal_nan"),
    "allclose": ("rtol", "atol", "equal_nan"),
    "array_equal": ("equal_nan",),
    "array_equiv": (),
    "searchsorted": ("side", "sorter"),
    "digitize": ("right",),
}

for _name in DECIDING:
    handles(_name)(_deciding(_name))
for _name in DECIDING_BY_TWO:
    handles(_name)(_deciding_by_two(_name))
for _name, _op in LOGICAL.items():
    handles(_name)(elementwise(_op, f"numpy.{_name}"))


@handles("logical_xor")
def _logical_xor(apply: Apply, a: Any, b: Any, **keywords: Any) -> Any:
    refuse("numpy.logical_xor", **keywords)
    return apply("not_equal", apply("not_equal", a, 0), apply("not_equal", b, 0))


@handles("shape")
def _shape(apply: Apply, a: Any) -> Any:
    return shape(a)


@handles("ndim")
def _ndim(apply: Apply, a: Any) -> int:
    return ndim(a)


@handles("size")
def _size(apply: Apply, a: Any, axis: Any = None) -> int:
    return int(numpy.prod(shape(a))) if axis is None else shape(a)[axis]


@handles("result_type")
def _result_type(apply: Apply, *args: Any) -> Any:
    return numpy.result_type(*[dtype_of(a) if is_traced(a) else a for a in args])


@handles("einsum_path")
def _einsum_path(apply: Apply, *operands: Any, **keywords: Any) -> Any:
    """The order of contractions, which shapes decide."""
    plain: list[Any] = [numpy.zeros(shape(o)) if is_traced(o) else o for o in operands]
    return numpy.einsum_path(*plain, **keywords)


@handles("common_type")
def _common_type(apply: Apply, *arrays: Any) -> Any:
    return numpy.common_type(*[numpy.empty(0, dtype_of(a)) if is_traced(a) else a for a in arrays])


@handles("isin")
def _isin(
    apply: Apply,
    element: Any,
    test_elements: Any,
    assume_unique: bool = False,
    invert: bool = False,
    **keywords: Any,
) -> Any:
    """Whether an entry is one of others: a jump where it is, and constant elsewhere."""
    return apply(
        "decided_by_two", array(element), array(test_elements), params=("isin", (("invert", invert),))
    )


def _filled(value: float) -> Handler:
    def handler(
        apply: Apply, a: Any, dtype: Any = None, order: str = "K", subok: bool = True, **keywords: Any
    ) -> Any:
        wanted = keywords.get("shape")
        return numpy.full(shape(a) if wanted is None else wanted, value, dtype or dtype_of(a))

    return handler


handles("zeros_like", "empty_like")(_filled(0.0))
handles("ones_like")(_filled(1.0))


@handles("full_like")
def _full_like(apply: Apply, a: Any, fill_value: Any, dtype: Any = None, **keywords: Any) -> Any:
    if is_traced(fill_value):
        return apply("broadcast_to", fill_value, params=(shape(a),))
    return numpy.full(shape(a), fill_value, dtype or dtype_of(a))
