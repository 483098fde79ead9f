"""``grad`` and ``value_and_grad``: one pass back through a function of one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from math import isfinite
from typing import Any

from calcgrad.errors import UsageError
from calcgrad.tracing.gradients import Recorded, filled_all, scalar_of, unit
from calcgrad.tracing.sweeps import pull_back, with_masks
from calcgrad.transforms.calls import Outputs, chosen, recorded
from calcgrad.transforms.compilation import compiled
from calcgrad.transforms.infinite import is_written, warn_of_infinity


def grad(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    compile: bool | str = False,
    holomorphic: bool = False,
) -> Callable[..., Any]:
    """The function that gives the gradient of ``function``, which returns one number.

    The gradient has the shapes, precisions and tree (dict, list, tuple, dataclass …) of argument ``argnums``; for a
    sequence of numbers it is a tuple with one for each. With ``has_aux`` the function returns a pair, and so does the
    result: ``(gradient, rest)``. With ``compile`` the first call of each shape, precision and outcome of branches makes a
    straight program (:func:`calcgrad.compile`) that later calls run; it may be the name of a backend, such as ``"native"``.

    Arguments may be complex. The gradient of a real loss of ``z = x + iy`` is ``∂L/∂x - i ∂L/∂y``, as in JAX: the loss
    falls fastest against its conjugate. With ``holomorphic`` the function returns a complex number, and the gradient is its
    complex derivative; that the function is holomorphic is taken on trust.

    Raises :class:`~calcgrad.CalcgradError`: E400, E406 for an argument that holds no floats, E407 where the value is
    not one number, E420 and its neighbours for a NumPy function that is not covered.

    >>> import numpy as np
    >>> grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    array([2., 4.])
    >>> grad(lambda p, t: p["a"] * np.exp(p["b"] * t))({"a": 2.0, "b": 0.0}, 3.0)
    {'a': 1.0, 'b': 6.0}
    >>> grad(grad(grad(np.sin)))(0.0)
    -1.0
    >>> z = np.array([1.0 + 2.0j])
    >>> grad(lambda z: np.sum(np.abs(z) ** 2))(z), grad(lambda z: np.sum(z**2), holomorphic=True)(z)
    (array([2.-4.j]), array([2.+4.j]))
    """
    both = value_and_grad(function, argnums, has_aux, holomorphic=holomorphic)

    @wraps(function)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, found = both(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return compiled(gradient, compile)


def value_and_grad(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    compile: bool | str = False,
    holomorphic: bool = False,
) -> Callable[..., Any]:
    """The function that gives the value of ``function`` and its gradient, as a pair; see :func:`grad`.

    With ``has_aux`` the pair is ``((value, rest), gradient)``. Where the value is infinite or nan and the gradient is finite, a
    ``RuntimeWarning`` says that it may be wrong for that, of ``grad`` too.

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(3.0, 5.0)
    (15.0, (5.0, 3.0))
    """

    @wraps(function)
    def pair(*args: Any, **kwargs: Any) -> Any:
        inputs = chosen(function, argnums, args, complex_too=True)
        if holomorphic:
            _all_complex(inputs.primals)
        out = recorded(function, args, kwargs, inputs, has_aux)
        value, slot = scalar(out, holomorphic)
        meant = slot is None or is_written(value, out.trace)
        if slot is None:
            adjoints: list[Any] = [None] * len(inputs.primals)
        else:
            adjoints = pull_back(out.trace, {slot: unit(value)})
        again = with_masks(out.trace, adjoints, lambda: pair(*args, **kwargs))
        if again is not None:
            return again
        found = filled_all(adjoints, inputs.primals)
        if type(value) is not float or not isfinite(value):
            warn_of_infinity(function, value, inputs.primals, found, meant)
        return (value, out.aux) if has_aux else value, inputs.result(found)

    return compiled(pair, compile)


def scalar(out: Outputs, holomorphic: bool = False) -> tuple[Any, int | None]:
    """The value of a loss and its slot. Raises ``UsageError`` E407 where it is not one number."""
    if out.structure.kind is not None:
        scalar_of(Recorded(out.trace, [], out.result(out.primals)))
    value, slot = out.primals[0], out.slots[0]
    scalar_of(Recorded(out.trace, [], value), holomorphic)
    return value, slot


def _all_complex(primals: Sequence[Any]) -> None:
    """Raises ``UsageError`` E406 where an argument of a holomorphic function is real."""
    if not all(getattr(p, "dtype", None) is not None and p.dtype.kind == "c" for p in primals):
        raise UsageError.of(
            "E406",
            "holomorphic=True differentiates by complex arguments, one of these is real",
            hints=("convert it: x + 0j",),
        )
