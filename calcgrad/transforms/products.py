"""Products with the Jacobian: ``jvp`` and ``linearize`` forward, ``vjp`` backward, ``hvp`` with the Hessian."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import CodeType
from typing import Any
from weakref import ref

import numpy

from calcgrad.pytrees import flatten, map_leaves
from calcgrad.tracing.gradients import filled_all, unit
from calcgrad.tracing.inplace.entering import code_of
from calcgrad.tracing.second import LeftError, hessian_product
from calcgrad.tracing.sweeps import MASKS, has_nan, pull_back, push_forward, with_masks
from calcgrad.transforms.calls import Inputs, Outputs, chosen, each, matching, recorded
from calcgrad.transforms.gradients import grad, scalar


class _Product:
    """What a function wrote down at a point; ``operations`` counts its steps, ``nbytes`` what they keep in memory."""

    def __init__(self, inputs: Inputs, outputs: Outputs) -> None:
        self._inputs = inputs
        self._outputs = outputs

    @property
    def operations(self) -> int:
        """The number of recorded operations."""
        return len(self._outputs.trace.steps) - self._outputs.trace.inputs

    @property
    def nbytes(self) -> int:
        """The bytes of the arrays and numbers that the recording keeps alive."""
        return self._outputs.trace.nbytes()


class Pushforward(_Product):
    """The derivative at a point as a linear map: called with a tangent for each argument, it gives that of the result."""

    def __call__(self, *tangents: Any) -> Any:
        """The tangent of the result; ``tangents`` have the trees and shapes of the arguments."""
        leaves = matching(tangents, self._inputs.structures, self._inputs.primals, "tangent", "argument")
        out = self._outputs
        found = push_forward(out.trace, leaves, out.slots)
        return out.result(filled_all(found, out.primals, leaves))


class Pullback(_Product):
    """The transposed derivative at a point: called with a cotangent of the result, it gives those of the arguments."""

    def __call__(self, cotangent: Any) -> Any:
        """A tuple with the cotangent of each argument; ``cotangent`` has the tree and shapes of the result."""
        out = self._outputs
        leaves = matching([cotangent], [out.structure], out.primals, "cotangent", "result")
        seeds: dict[int, Any] = {}
        for slot, leaf in zip(out.slots, leaves, strict=True):
            if slot is not None:
                seeds[slot] = leaf if slot not in seeds else seeds[slot] + leaf
        found = pull_back(out.trace, seeds)
        primals = self._inputs.primals
        return tuple(self._inputs.rebuilt(filled_all(found, primals, leaves)))


def _call(function: Callable[..., Any], primals: Sequence[Any], has_aux: bool) -> tuple[Inputs, Outputs]:
    inputs = chosen(function, range(len(primals)), primals, complex_too=True)
    return inputs, recorded(function, primals, {}, inputs, has_aux)


def _kept(function: Callable[..., Any], primals: Sequence[Any], has_aux: bool) -> tuple[Inputs, Outputs, Any]:
    """The same for a product that is called later, and the value: neither arguments nor value share memory with the recording."""
    inputs = chosen(function, range(len(primals)), primals, complex_too=True)
    inputs = replace(inputs, primals=list(map(_copy, inputs.primals)))
    outputs = recorded(function, primals, {}, inputs, has_aux)
    if has_aux:
        outputs = replace(outputs, aux=map_leaves(_copy, outputs.aux))
    return inputs, outputs, outputs.result(list(map(_copy, outputs.primals)))


def _copy(leaf: Any) -> Any:
    return leaf.copy() if type(leaf) is numpy.ndarray else leaf


def jvp(
    function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False
) -> Any:
    """The value at ``primals`` and the derivative along ``tangents`` (Jacobian times vector), by one pass forward.

    Both are sequences with one entry for each argument, trees of floats and arrays alike. With ``has_aux`` the function
    returns a pair, and the result is ``(value, tangent, rest)``. Arguments may be complex.

    >>> jvp(lambda x, y: x * y, (3.0, 5.0), (1.0, 0.0))
    (15.0, 5.0)
    """
    each(primals, "primals")
    each(tangents, "tangents")
    inputs, out = _call(function, primals, has_aux)
    value, tangent = out.result(out.primals), Pushforward(inputs, out)(*tangents)
    again = with_masks(out.trace, flatten(tangent)[0], lambda: jvp(function, primals, tangents, has_aux))
    if again is not None:
        return again
    return (value, tangent, out.aux) if has_aux else (value, tangent)


def linearize(function: Callable[..., Any], *primals: Any) -> tuple[Any, Pushforward]:
    """The value, and the derivative at this point as a function of tangents that can be called many times.

    >>> value, push = linearize(lambda x: x**3, 2.0)
    >>> value, push(1.0), push(0.5), push.operations
    (8.0, 12.0, 6.0, 2)
    """
    inputs, out, value = _kept(function, primals, has_aux=False)
    return value, Pushforward(inputs, out)


def vjp(function: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """The value, and the function from a cotangent of the result to those of the arguments (vector times Jacobian).

    With ``has_aux`` the function returns a pair, and the result is ``(value, pullback, rest)``. Arguments and results may be
    complex: cotangents and tangents are paired by the real part of the sum of their products, without a conjugate.

    >>> value, pull = vjp(lambda x, y: x * y, 3.0, 5.0)
    >>> value, pull(1.0)
    (15.0, (5.0, 3.0))
    """
    inputs, out, value = _kept(function, primals, has_aux)
    pull = Pullback(inputs, out)
    return (value, pull, out.aux) if has_aux else (value, pull)


def hvp(function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The product of the Hessian of a function of one number with a vector, forward mode over reverse mode.

    ``primals`` and ``tangents`` are as for :func:`jvp`. The product has the shape of the first argument, or is a tuple of
    such where there are several arguments. The Hessian is never formed: the cost is a few evaluations of the function.

    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x**3), (np.array([1.0, 2.0]),), (np.array([1.0, 1.0]),))
    array([ 6., 12.])
    """
    each(primals, "primals")
    each(tangents, "tangents")
    argnums: Any = 0 if len(primals) == 1 else range(len(primals))
    straight = _in_one_sweep(function, argnums, primals, tangents)
    return jvp(grad(function, argnums), primals, tangents)[1] if straight is None else straight


#: Codes of functions that do what one sweep does not know, by identity: they are not run twice each time.
_LEFT: dict[int, ref[CodeType]] = {}


def _in_one_sweep(
    function: Callable[..., Any], argnums: Any, primals: Sequence[Any], tangents: Sequence[Any]
) -> Any:
    """The product with the Hessian by one sweep back; ``None`` where it takes a derivative of the gradient's own sweep."""
    inputs = chosen(function, argnums, primals, complex_too=True)
    if MASKS.get() or not all(map(_is_real, (*inputs.primals, *flatten(tuple(tangents))[0]))):
        return None
    code = code_of(function)
    known = None if code is None else _LEFT.get(id(code))
    if known is not None and known() is code:
        return None
    out = recorded(function, primals, {}, inputs)
    value, slot = scalar(out)
    leaves = matching(tangents, inputs.structures, inputs.primals, "tangent", "argument")
    try:
        found = (
            [None] * len(leaves) if slot is None else hessian_product(out.trace, slot, unit(value), leaves)
        )
    except LeftError:
        if code is not None:
            _leave(code)
        return None
    if found is None or any(map(has_nan, found)):
        return None
    return inputs.result(filled_all(found, inputs.primals, leaves))


def _leave(code: CodeType) -> None:
    key = id(code)
    _LEFT[key] = ref(code, lambda gone: _LEFT.pop(key, None))


def _is_real(leaf: Any) -> bool:
    return type(leaf) in (float, int) or (
        isinstance(leaf, numpy.ndarray | numpy.floating) and leaf.dtype.kind in "fiu"
    )
