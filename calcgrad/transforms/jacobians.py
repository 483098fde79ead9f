"""``jacobian``, ``jacfwd``, ``jacrev`` and ``hessian``: whole derivatives, many directions a sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from calcgrad.errors import UsageError
from calcgrad.tracing.gradients import filled_all
from calcgrad.tracing.sweeps import with_masks
from calcgrad.transforms.blocks import by_columns, by_rows, sizes
from calcgrad.transforms.calls import chosen, recorded
from calcgrad.transforms.gradients import grad
from calcgrad.transforms.sparse import sparse_jacobian


def jacfwd(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    holomorphic: bool = False,
) -> Callable[..., Any]:
    """The function that gives the Jacobian of ``function`` by forward mode: blocks of tangents, one for each input number.

    For a result of shape ``s`` and an argument of shape ``t`` it has the shape ``s + t``; trees are nested, the result's
    outside and the argument's inside. With ``has_aux`` the function returns a pair, and so does the Jacobian: ``(jacobian, rest)``.

    Results may be complex. By complex arguments, ``holomorphic=True`` gives the complex derivative of a holomorphic function;
    without it they are refused (``UsageError`` E406).

    >>> import numpy as np
    >>> jacfwd(lambda x: x[1:] * x[0])(np.array([2.0, 3.0, 5.0]))
    array([[3., 2., 0.],
           [5., 0., 2.]])
    >>> complex(jacfwd(lambda z: z**3, holomorphic=True)(1j))
    (-3+0j)
    """
    return _jacobian(function, argnums, has_aux, lambda inputs, outputs: True, holomorphic)


def jacrev(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    holomorphic: bool = False,
) -> Callable[..., Any]:
    """The function that gives the Jacobian by reverse mode: blocks of cotangents, one for each number of the result.

    Shapes and trees are those of :func:`jacfwd`. By complex arguments, the row of a real result is its gradient as :func:`grad`
    gives it, ∂f/∂x - i ∂f/∂y; complex results need ``holomorphic=True`` (``UsageError`` E406 without).

    >>> import numpy as np
    >>> jacrev(lambda x: np.sum(x**2))(np.array([2.0, 3.0]))
    array([4., 6.])
    >>> jacrev(lambda z: np.abs(z) ** 2)(np.array([1 + 2j]))
    array([[2.-4.j]])
    """
    return _jacobian(function, argnums, has_aux, lambda inputs, outputs: False, holomorphic)


def jacobian(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    sparsity: Any = None,
    holomorphic: bool = False,
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
    return _jacobian(
        function, argnums, has_aux, lambda inputs, outputs: inputs <= outputs, holomorphic, either=True
    )


def hessian(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    sparsity: Any = None,
    holomorphic: bool = False,
) -> Callable[..., Any]:
    """The function that gives the Hessian of a function of one number: forward mode over reverse mode.

    For an argument of shape ``t`` it has the shape ``t + t``; for several, trees are nested as in :func:`jacfwd`.
    ``sparsity`` is as for :func:`jacobian`. By complex arguments it is that of a holomorphic function, with ``holomorphic=True``.

    >>> import numpy as np
    >>> hessian(lambda x: x[0]**2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    slope = grad(function, argnums, has_aux, holomorphic=holomorphic)
    if sparsity is not None:
        return sparse_jacobian(slope, argnums, has_aux, sparsity)
    return jacfwd(slope, argnums, has_aux, holomorphic=holomorphic)


def _jacobian(
    function: Callable[..., Any],
    argnums: int | Sequence[int],
    has_aux: bool,
    forward: Callable[[int, int], bool],
    holomorphic: bool,
    either: bool = False,
) -> Callable[..., Any]:
    @wraps(function)
    def whole(*args: Any, **kwargs: Any) -> Any:
        inputs = chosen(function, argnums, args, complex_too=True)
        out = recorded(function, args, kwargs, inputs, has_aux)
        ins, outs = sizes(inputs.primals), sizes(out.primals)
        columns = forward(sum(ins), sum(outs))
        if either and not holomorphic and any(map(_is_complex, inputs.primals)):
            columns = False  # the gradients of real results
        _sound(inputs.primals, out.primals, columns, holomorphic)
        table = (by_columns if columns else by_rows)(inputs.primals, out)
        entries = [entry for row in table for entry in row]
        again = with_masks(out.trace, entries, lambda: whole(*args, **kwargs))
        if again is not None:
            return again
        found = out.result([inputs.result(filled_all(row, row)) for row in table])
        return (found, out.aux) if has_aux else found

    return whole


def _is_complex(primal: Any) -> bool:
    kind = getattr(primal, "dtype", None)
    return kind is not None and kind.kind == "c"


def _sound(primals: Sequence[Any], results: Sequence[Any], columns: bool, holomorphic: bool) -> None:
    """Raises ``UsageError`` E406 where arguments and results are of kinds that have no one Jacobian."""
    by_complex = any(map(_is_complex, primals))
    if holomorphic:
        if not all(map(_is_complex, [*primals, *results])):
            raise UsageError.of(
                "E406",
                "holomorphic=True is for complex results by complex arguments, one of these is real",
                hints=("leave it out", "convert arguments: x + 0j"),
            )
    elif by_complex and (columns or any(map(_is_complex, results))):
        raise UsageError.of(
            "E406",
            "a Jacobian by complex arguments is that of a holomorphic function, or, in reverse mode, of real results",
            hints=("holomorphic=True says that the function is", "split results: np.real(w), np.imag(w)"),
        )
