"""``taylor``: derivatives of any order along a direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

from calcgrad.autodiff import jets
from calcgrad.errors import UsageError
from calcgrad.tracing.gradients import filled
from calcgrad.tracing.levels import levels
from calcgrad.transforms.calls import chosen, each, matching, recorded


def taylor(
    function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], order: int
) -> list[Any]:
    """The Taylor coefficients 0 … ``order`` of ``function(primals + t * tangents)`` in ``t``, each with the tree of the result.

    The k-th derivative along the tangents is k! times coefficient k; coefficient 1 is the tangent that :func:`jvp` gives.
    ``primals`` and ``tangents`` are sequences with one entry for each argument. All orders come from one pass of truncated
    power series (Griewank and Walther, Evaluating Derivatives, 2nd ed., chapter 13), at a cost that grows with ``order`` squared.

    >>> import numpy as np
    >>> taylor(lambda x: 1 / (1 - x), (0.0,), (1.0,), 4)
    [1.0, 1.0, 1.0, 1.0, 1.0]
    >>> [c.tolist() for c in taylor(lambda x: x * x[::-1], (np.array([1.0, 2.0]),), (np.array([1.0, 0.0]),), 2)]
    [[2.0, 2.0], [2.0, 2.0], [0.0, 0.0]]

    Raises ``UsageError`` where a step has a rule of the user's own (E413), a solution is known to a lower order (E428), or
    ``order`` is no whole number (E465).
    """
    if not isinstance(order, Integral) or order < 0:
        raise UsageError.of("E465", f"order is {order!r}: a whole number, 0 or more")
    inputs = chosen(function, range(len(each(primals, "primals"))), primals)
    out = recorded(function, primals, {}, inputs)
    directions = matching(
        each(tangents, "tangents"), inputs.structures, inputs.primals, "tangent", "argument"
    )
    most = out.trace.most_order
    if most is not None and order > most:
        message = f"a solution that scipy.optimize found has derivatives up to order {most} here, not {order}"
        raise UsageError.of("E428", message, hints=("grad of grad goes further",))
    tape = out.trace.tape(out.slots, out.primals)
    found = jets.taylor(tape, inputs.primals, dict(enumerate(directions)), order, levels(masked=True))
    coefficients = []
    for k in range(order + 1):
        leaves = [filled(c[k], primal) for c, primal in zip(found, out.primals, strict=True)]
        coefficients.append(out.result(leaves))
    return coefficients
