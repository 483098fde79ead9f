"""What a traced value is, for all who only need to know whether they have one before them."""

from __future__ import annotations

from typing import Any

from calcgrad.errors import UsageError


class Tracer:
    """The base of every value that goes through a function in place of a float or an array while its trace is written."""

    __slots__ = ()


class InPlaceError(UsageError):
    """Something is written, or made of traced values, that plain tracing cannot follow: tracing of in-place code may."""

    marked: Any = None  #: the trace that raises this at its end, in case the function has caught it


class NotTracedError(InPlaceError, AttributeError):
    """An attribute of arrays that traced values do not have: ``hasattr`` says no, and ``getattr`` takes its default."""


def is_traced(value: Any) -> bool:
    """Whether a value is traced: it looks like a number or an array, and its derivative is being followed.

    >>> import numpy as np
    >>> is_traced(1.0), is_traced(np.zeros(3))
    (False, False)
    >>> from calcgrad import grad
    >>> seen = []
    >>> grad(lambda x: seen.append(is_traced(x)) or 2.0 * x)(3.0), any(seen)
    (2.0, True)
    """
    return isinstance(value, Tracer)
