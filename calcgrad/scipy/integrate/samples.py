"""Integrals of samples: trapezoids, Simpson's parabolas, Romberg's table."""

from __future__ import annotations

from typing import Any

import numpy as np

from calcgrad.scipy.following import array_of, follows


def _last(y: Any, axis: int) -> Any:
    return np.moveaxis(array_of(y), axis, -1)


def _steps(y: Any, x: Any, dx: Any, axis: int) -> Any:
    """The widths between samples along the last axis, as they meet ``y``."""
    if x is None:
        return dx
    x = array_of(x)
    return x[1:] - x[:-1] if np.ndim(x) == 1 else np.diff(np.moveaxis(x, axis, -1), axis=-1)


def _areas(y: Any, x: Any, dx: Any, axis: int) -> Any:
    samples = _last(y, axis)
    return 0.5 * _steps(y, x, dx, axis) * (samples[..., 1:] + samples[..., :-1])


@follows("scipy.integrate.trapezoid")
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The integral of the lines between samples."""
    return np.sum(_areas(y, x, dx, axis), axis=-1)


@follows("scipy.integrate.cumulative_trapezoid")
def cumulative_trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: Any = None) -> Any:
    """The integral of the lines up to each sample."""
    found = np.cumsum(_areas(y, x, dx, axis), axis=-1)
    if initial is not None:
        if initial != 0:
            raise ValueError("`initial` must be `None` or `0`.")
        found = np.concatenate([np.zeros((*np.shape(found)[:-1], 1)), found], axis=-1)
    return np.moveaxis(found, -1, axis)


@follows("scipy.integrate.simpson")
def simpson(y: Any, x: Any = None, *, dx: Any = 1.0, axis: int = -1) -> Any:
    """The integral of parabolas through three samples each.

    Of an even number of samples, the last interval is that of the parabola through the last three (Cartwright, Simpson's rule
    cumulative integration with MS Excel and irregularly-spaced data, 2017).
    """
    samples = _last(y, axis)
    count = np.shape(samples)[-1]
    widths = _steps(y, x, dx, axis)
    if x is None:
        widths = np.full(count - 1, 1.0) * dx
    if count % 2:
        return _parabolas(samples, widths)
    if count == 2:
        return 0.5 * widths[..., -1] * (samples[..., -1] + samples[..., -2])
    first, last = widths[..., -2], widths[..., -1]
    both = first + last
    ahead = (2.0 * last**2 + 3.0 * first * last) / (6.0 * both)
    middle = (last**2 + 3.0 * first * last) / (6.0 * first)
    behind = last**3 / (6.0 * first * both)
    rest = ahead * samples[..., -1] + middle * samples[..., -2] - behind * samples[..., -3]
    return _parabolas(samples[..., :-1], widths[..., :-1]) + rest


def _parabolas(y: Any, widths: Any) -> Any:
    """Over pairs of intervals whose widths may differ."""
    left, right = widths[..., 0::2], widths[..., 1::2]
    both = left + right
    first = y[..., 0:-1:2] * (2.0 - right / left)
    middle = y[..., 1::2] * (both**2 / (left * right))
    last = y[..., 2::2] * (2.0 - left / right)
    return np.sum(both / 6.0 * (first + middle + last), axis=-1)


@follows("scipy.integrate.romb")
def romb(y: Any, dx: Any = 1.0, axis: int = -1) -> Any:
    """Romberg's extrapolation of trapezoids, of one more than a power of 2 samples."""
    samples = _last(y, axis)
    intervals = np.shape(samples)[-1] - 1
    if intervals < 1 or intervals & (intervals - 1):
        raise ValueError("Number of samples must be one plus a non-negative power of 2.")
    levels = intervals.bit_length() - 1
    row: list[Any] = []
    for level in range(levels + 1):
        step = intervals >> level
        taken = samples[..., ::step]
        sums = np.sum(taken, axis=-1) - 0.5 * (taken[..., 0] + taken[..., -1])
        new = [sums * (dx * float(step))]
        for k, before in enumerate(row):
            new.append(new[k] + (new[k] - before) / (4.0 ** (k + 1) - 1.0))
        row = new
    return row[-1]
