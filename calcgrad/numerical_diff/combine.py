"""Several estimates as one: the components of a complex number or of an array."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from calcgrad.report.estimates import Estimate, Status

#: The gravest first.
_GRAVITY: tuple[Status, ...] = (
    "failed",
    "undefined",
    "jump",
    "kink",
    "budget",
    "boundary",
    "noisy",
    "skipped",
    "ok",
)


def gravest(estimates: Sequence[Estimate]) -> Estimate:
    """The estimate with the gravest status."""
    return min(estimates, key=lambda e: _GRAVITY.index(e.status))


def combined(estimates: Sequence[Estimate], shape: tuple[int, ...], is_complex: bool) -> Estimate:
    """One estimate of an array of this shape from those of its real components, in order; the gravest status
    stands for all.

    A complex number is its real part, then its imaginary part; its bound is the hypotenuse of theirs.
    """
    worst = gravest(estimates)
    values: list[Any] = [e.value for e in estimates]
    bounds: list[Any] = [e.error_bound for e in estimates]
    lefts: list[Any] = [e.value if e.left is None else e.left for e in estimates]
    rights: list[Any] = [e.value if e.right is None else e.right for e in estimates]
    if is_complex:
        values, lefts, rights = (_pairs(v) for v in (values, lefts, rights))
        bounds = [math.hypot(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    sided = worst.left is not None or worst.right is not None
    place = "" if len(values) == 1 else f" (at {_index(estimates.index(worst), shape, is_complex)})"
    noises = [e.noise for e in estimates if e.noise is not None]
    return Estimate(
        _shaped(values, shape),
        _shaped(bounds, shape),
        noise=max(noises, default=None),
        step=estimates[0].step,
        status=worst.status,
        left=_shaped(lefts, shape) if sided else None,
        right=_shaped(rights, shape) if sided else None,
        note=None if worst.note is None else f"{worst.note}{place}",
    )


def _pairs(parts: Sequence[float]) -> list[complex]:
    return [complex(a, b) for a, b in zip(parts[::2], parts[1::2], strict=True)]


def _shaped(values: list[Any], shape: tuple[int, ...]) -> Any:
    if not shape:
        return values[0]
    import numpy as np

    return np.array(values).reshape(shape)


def _index(component: int, shape: tuple[int, ...], is_complex: bool) -> list[int]:
    import numpy as np

    return [int(i) for i in np.unravel_index(component // (2 if is_complex else 1), shape)]
