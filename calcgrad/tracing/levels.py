"""The number system of traced values of every level, and of plain floats and arrays beside them.

It binds the table's rules (pullbacks, pushforwards, their transposes) to :func:`calcgrad.tracing.traced.apply`, so that
a sweep over traced values is itself written down: that is how derivatives of derivatives come about. What is plain goes to
the system ``numpy``, with its masks for zeros by structure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from calcgrad.array_rules import split
from calcgrad.operations import COMPOSITES
from calcgrad.systems import Arrays, system
from calcgrad.tracing.traced import Traced, apply


class Levels(Arrays):
    """Traced values of any level over floats and arrays."""

    def _find(self, op: str) -> Callable[..., Any]:
        if op in COMPOSITES:
            return self._bind_definition(COMPOSITES[op])
        plain = system("numpy").function(op)

        def either(*args: Any) -> Any:
            for a in args:
                if type(a) is Traced:
                    break
            else:
                return plain(*args)
            args, params = split(op, args)
            return apply(op, *args, params=params)

        return either

    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
        if type(condition) is not Traced:
            return super().select(condition, taken, other)
        if not condition.shape:
            return taken() if condition else other()
        a, b = taken(), other()
        if a is None and b is None:
            return None
        return apply("where", condition, 0.0 if a is None else a, 0.0 if b is None else b)


@cache
def levels() -> Levels:
    """The one system of traced values."""
    return Levels()
