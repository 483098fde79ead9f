"""Figures at the slots of a graph: a few digits of a number, an array at a glance, and what rounding has cost."""

from __future__ import annotations

import math
from typing import Any

from calcgrad.explaining.graph import Figure
from calcgrad.phrases import plain_exponent
from calcgrad.render.words import number

#: What stands before a number whose digits rounding has cost.
LOST = "~"


def short(value: float) -> str:
    """A number in about seven digits; one that is shown with fewer is exactly that.

    >>> short(1.0), short(0.5403023058681398), short(2.5403023058681398), short(0.1), short(-0.0)
    ('1', '0.540302', '2.540302', '0.1', '0')
    >>> short(1.2246467991473532e-16), short(123456789.5), short(0.30000000000000004), short(float("-inf"))
    ('1.224647e-16', '1.234568e8', '0.300000', '-inf')
    """
    if not math.isfinite(value):
        return number(value)
    if value == 0:
        return "0"
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    exact = number(value)
    if "e" not in exact and len(exact.lstrip("-0.").replace(".", "")) <= 7:
        return exact
    if not 1e-4 <= abs(value) < 1e7:
        return plain_exponent(f"{value:.6e}")
    if abs(value) >= 0.1:
        return f"{value:.6f}"
    return f"{value:.{6 - 1 - math.floor(math.log10(abs(value)))}f}"


def figure(found: Figure) -> str:
    """A number, a small array, or the size of a large one; ``~`` before what rounding has cost.

    >>> figure(Figure(0.5)), figure(Figure()), figure(Figure([1.0, 0.25], (2,), 1.03)), figure(Figure(None, (7, 5), 2.0))
    ('0.5', '0', '[1, 0.25]', 'norm 2')
    """
    if found.shape:
        return nested(found.value) if found.value is not None else f"norm {short(found.norm or 0.0)}"
    if found.value is None:
        return "0" if found.norm is None else f"size {short(found.norm)}"
    return (LOST if found.digits is not None else "") + short(found.value)


def nested(value: Any) -> str:
    """A small array."""
    if isinstance(value, list):
        return f"[{', '.join(nested(v) for v in value)}]"
    return short(value)


def shape(found: Figure) -> str:
    """``7 x 5``, and nothing for a number."""
    return " x ".join(map(str, found.shape))
