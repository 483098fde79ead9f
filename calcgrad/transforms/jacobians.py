"""``jacobian``, ``jacfwd``, ``jacrev`` and ``hessian``: whole derivatives, many directions a sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from calcgrad.tracing.gradients import filled_all
from calcgrad.tracing.sweeps import with_masks
from calcgrad.transforms.blocks import by_columns, by_rows, sizes
from calcgrad.transforms.calls import chosen, recorded
from calcgrad.transforms.gradients import grad
from calcgrad.transforms.sparse import sparse_jacobian


def jacfwd(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the Jacobian of ``function`` by forward mode: blocks of tangents, one for each input number.

    For a result of shape ``s`` and an argument of shape ``t`` it has the shape ``s + t``; trees are nested, the result's
    outside and the argument's inside. With ``has_aux`` the function returns a pair, and so does the Jacobian: ``(jacobian, rest)``.

    >>> import numpy as np
    >>> jacfwd(lambda x: x[1:] * x[0])(np.array([2.0, 3.0, 5.0]))
    array([[3., 2., 0.],
           [5., 0., 2.]])
    """
    return _jacobian(function, argnums, has_aux, lambda inputs, outputs: True)


def jacrev(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the Jacobian by reverse mode: blocks of cotangents, one for each number of the result.

    Shapes and trees are those of :func:`jacfwd`.

    >>> import numpy as np
    >>> jacrev(lambda x: np.sum(x**2))(np.array([2.0, 3.0]))
    array([4., 6.])
    """
    return _jacobian(function, argnums, has_aux, lambda inputs, outputs: False)


def jacobian(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    sparsity: Any = None,
) -> Callable[..., Any]:
    """The function that gives the Jacobian by the cheaper mode: forward unless there are fewer results than inputs.

    Shapes and trees are those of :func:`jacfwd`. With ``sparsity``, the result is a SciPy sparse array, and directions
    that share no row are swept together: a pattern of shape (results, inputs), dense or sparse, whose nonzero entries say
    where the Jacobian may be nonzero; or ``"detect"``, which finds the pattern by following which numbers reach which.

    >>> import numpy as np
    >>> jacobian(lambda x: x[1:] * x[0])(np.array([2.0, 3.0, 5.0])).tolist()
    [[3.0, 2.0, 0.0], [5.0, 0.0, 2.0]]
    >>> jacobian(lambda x: x**2, sparsity="detect")(np.array([1.0, 2.0, 3.0])).toarray().tolist()
    [[2.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 6.0]]
    """
    if sparsity is not None:
        return sparse_jacobian(function, argnums, has_aux, sparsity)
    return _jacobian(function, argnums, has_aux, lambda inputs, outputs: inputs <= outputs)


def hessian(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    sparsity: Any = None,
) -> Callable[..., Any]:
    """The function that gives the Hessian of a function of one number: forward mode over reverse mode.

    For an argument of shape ``t`` it has the shape ``t + t``; for several, trees are nested as in :func:`jacfwd`.
    ``sparsity`` is as for :func:`jacobian`.

    >>> import numpy as np
    >>> hessian(lambda x: x[0]**2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    slope = grad(function, argnums, has_aux)
    if sparsity is not None:
        return sparse_jacobian(slope, argnums, has_aux, sparsity)
    return jacfwd(slope, argnums, has_aux)


def _jacobian(
    function: Callable[..., Any],
    argnums: int | Sequence[int],
    has_aux: bool,
    forward: Callable[[int, int], bool],
) -> Callable[..., Any]:
    @wraps(function)
    def whole(*args: Any, **kwargs: Any) -> Any:
        inputs = chosen(function, argnums, args)
        out = recorded(function, args, kwargs, inputs, has_aux)
        ins, outs = sizes(inputs.primals), sizes(out.primals)
        table = (by_columns if forward(sum(ins), sum(outs)) else by_rows)(inputs.primals, out)
        entries = [entry for row in table for entry in row]
        again = with_masks(out.trace, entries, lambda: whole(*args, **kwargs))
        if again is not None:
            return again
        found = out.result([inputs.result(filled_all(row, row)) for row in table])
        return (found, out.aux) if has_aux else found

    return whole
