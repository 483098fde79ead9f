"""Gradients, Jacobians, Hessians and directional derivatives over arrays, each entry with its bound.

NumPy is imported when one of these is first called.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from calcgrad.errors import UsageError
from calcgrad.numerical_diff.combine import combined, gravest
from calcgrad.report.estimates import Estimate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from calcgrad.numerical_diff.field import Field

_PER_LINE = 600


def gradient(
    f: Callable[[Any], Any],
    x: ArrayLike,
    *,
    rtol: float | None = None,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    step: float | None = None,
    vectorized: bool = False,
    executor: Any = None,
    max_evaluations: int | None = None,
) -> Estimate:
    """The gradient of a scalar function of an array; ``value`` and ``error_bound`` have the shape of x.

    f is called with float64 arrays of x's shape. The options are those of :func:`derivative`; ``bounds`` are
    a pair of arrays, or of numbers for all entries; ``vectorized`` says that f takes points stacked along a
    new first axis; ``max_evaluations`` counts points, 600 for each entry unless given. The step learned on
    one entry is tried first on the next: at ``rtol=1e-8`` six points an entry are enough on smooth functions.
    The status is that of the gravest entry, which the note names. Raises :class:`~calcgrad.errors.UsageError`
    when f is not scalar.

    >>> import numpy as np
    >>> g = gradient(lambda v: float(np.sum(v**2)), [1.0, 2.0, 3.0], rtol=1e-8)
    >>> [round(float(d), 7) for d in g.value], g.status
    ([2.0, 4.0, 6.0], 'ok')
    """
    return jacobian(
        f,
        x,
        rtol=rtol,
        bounds=bounds,
        step=step,
        vectorized=vectorized,
        executor=executor,
        max_evaluations=max_evaluations,
        _scalar=True,
    )


def jacobian(
    f: Callable[[Any], Any],
    x: ArrayLike,
    *,
    rtol: float | None = None,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    step: float | None = None,
    vectorized: bool = False,
    executor: Any = None,
    max_evaluations: int | None = None,
    _scalar: bool = False,
) -> Estimate:
    """The Jacobian of a function from arrays to arrays; ``value`` has the shape of f(x), then that of x.

    The options are those of :func:`gradient`.

    >>> import numpy as np
    >>> J = jacobian(lambda v: np.array([v[0] * v[1], v[0] + v[1]]), [2.0, 3.0])
    >>> np.allclose(J.value, [[3, 2], [1, 1]], rtol=1e-13)
    True
    """
    started = time.perf_counter()
    field = _field(f, x, 0, rtol, bounds, step, vectorized, executor, max_evaluations)
    columns = field.differentiate([field.coordinate(i) for i in range(field.size)], 1)
    function = field.function
    outer = function.shape or ()
    if _scalar and math.prod(outer) != 1:
        raise UsageError.of("E348", f"the gradient needs a scalar function, and f has the shape {outer}")
    width = 2 if function.is_complex else 1
    entries = [
        column[width * i + part] if len(column) > width * i + part else column[0]
        for i in range(math.prod(outer))
        for column in columns
        for part in range(width)
    ]
    shape = tuple(field.x.shape) if _scalar else (*outer, *field.x.shape)
    return _finished(combined(entries, shape, function.is_complex), field, started)


def directional(
    f: Callable[[Any], Any],
    x: ArrayLike,
    direction: ArrayLike,
    *,
    order: int = 1,
    rtol: float | None = None,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    step: float | None = None,
    vectorized: bool = False,
    executor: Any = None,
    max_evaluations: int | None = None,
) -> Estimate:
    """The derivative of ``t -> f(x + t·direction)`` at 0, of order 1 to 6; in the shape of f(x).

    ``direction`` has the shape of x and is not normalized. The options are those of :func:`gradient`.

    >>> d = directional(lambda v: float(v[0] * v[1]), [2.0, 3.0], [1.0, 1.0])
    >>> round(d.value, 12)
    5.0
    """
    import numpy as np

    started = time.perf_counter()
    if not 1 <= order <= 6:
        raise UsageError.of("E345", f"numerical derivatives have orders 1 to 6, not {order}")
    field = _field(f, x, 1, rtol, bounds, step, vectorized, executor, max_evaluations)
    toward = np.broadcast_to(np.asarray(direction, dtype=np.float64), field.x.shape).ravel()
    found = field.differentiate([field.along(toward)], order)[0]
    function = field.function
    return _finished(combined(found, function.shape or (), function.is_complex), field, started)


def hessian(
    f: Callable[[Any], Any],
    x: ArrayLike,
    *,
    rtol: float | None = None,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    step: float | None = None,
    vectorized: bool = False,
    executor: Any = None,
    max_evaluations: int | None = None,
) -> Estimate:
    """The Hessian of a real scalar function of an array; ``value`` has the shape of x twice, and is
    symmetric.

    Entry (i, j) comes from the second derivative along e_i + e_j (each in a power of two near the scale of
    its coordinate), less those along e_i and e_j. The options are those of :func:`gradient`.

    >>> import numpy as np
    >>> H = hessian(lambda v: float(v[0] ** 2 * v[1]), [1.0, 3.0])
    >>> np.allclose(H.value, [[6, 2], [2, 0]], atol=1e-10)
    True
    """
    started = time.perf_counter()
    field = _field(f, x, 2, rtol, bounds, step, vectorized, executor, max_evaluations)
    n = field.size
    units = [2.0 ** round(math.log2(field.scale(i))) for i in range(n)]
    pairs = [(i, j) for i in range(n) for j in range(i)]
    diagonal = [found[0] for found in field.differentiate([field.coordinate(i) for i in range(n)], 2)]
    if field.components != 1:
        raise UsageError.of("E348", "the Hessian needs a real scalar function")
    mixed = field.differentiate([field.along(_toward(n, i, j, units)) for i, j in pairs], 2)
    entries = {(i, i): diagonal[i] for i in range(n)}
    for (i, j), (both,) in zip(pairs, mixed, strict=True):
        entries[i, j] = entries[j, i] = _mixed(both, diagonal[i], diagonal[j], units[i], units[j])
    square = [entries[i, j] for i in range(n) for j in range(n)]
    return _finished(combined(square, (*field.x.shape, *field.x.shape), False), field, started)


def _mixed(both: Estimate, one: Estimate, other: Estimate, u: float, v: float) -> Estimate:
    """The mixed derivative by polarization: (D² along u·e_i + v·e_j − u²·D²_i − v²·D²_j) / 2uv."""
    worst = gravest([both, one, other])
    scale = 2.0 * u * v
    return replace(
        worst,
        value=(both.value - u * u * one.value - v * v * other.value) / scale,
        error_bound=(both.error_bound + u * u * one.error_bound + v * v * other.error_bound) / scale,
        left=None,
        right=None,
        step=both.step,
    )


def _toward(n: int, i: int, j: int, units: list[float]) -> NDArray[np.float64]:
    import numpy as np

    direction = np.zeros(n)
    direction[i], direction[j] = units[i], units[j]
    return direction


def _field(
    f: Callable[[Any], Any],
    x: ArrayLike,
    degree: int,
    rtol: float | None,
    bounds: tuple[ArrayLike, ArrayLike] | None,
    step: float | None,
    vectorized: bool,
    executor: Any,
    max_evaluations: int | None,
) -> Field:
    import numpy as np

    from calcgrad.numerical_diff.field import Field

    n = max(int(np.size(x)), 1)
    lines = {0: n, 1: 1, 2: n * (n + 1) // 2}[degree]
    budget = _PER_LINE * lines if max_evaluations is None else max_evaluations
    return Field(
        f,
        x,
        rtol=rtol,
        bounds=bounds,
        step=step,
        vectorized=vectorized,
        executor=executor,
        max_evaluations=budget,
    )


def _finished(found: Estimate, field: Field, started: float) -> Estimate:
    return replace(found, evaluations=field.function.evaluations, seconds=time.perf_counter() - started)
