"""``scipy.interpolate``: cubic splines and Pchip's monotone cubics, by the points, the values and the places where they are asked.

>>> import numpy as np
>>> import calcgrad
>>> from calcgrad.scipy.interpolate import CubicSpline
>>> x = np.array([0.0, 1.0, 2.0, 3.0])
>>> calcgrad.grad(lambda y: CubicSpline(x, y)(1.5))(np.array([0.0, 1.0, 4.0, 9.0])).round(6)
array([-0.0625,  0.5625,  0.5625, -0.0625])
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate as theirs

from calcgrad.scipy.following import any_traced, in_double, missing, register, unsupported


class Piecewise:
    """Cubics between points ``x``, from their values and slopes there; SciPy's own object where nothing is traced."""

    def __init__(self, x: Any, values: Any, slopes: Any, axis: int, extrapolate: bool) -> None:
        self.x = x
        self.values = values
        self.slopes = slopes
        self.axis = axis
        self.extrapolate = extrapolate

    def __call__(self, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
        """The value, or a derivative, at places ``x``; beyond the ends that of the last cubic, or nan."""
        beyond = self.extrapolate if extrapolate is None else extrapolate
        if beyond == "periodic":
            raise unsupported("scipy.interpolate.CubicSpline", "extrapolate='periodic'")
        places = in_double(x)
        count = np.shape(self.x)[0]
        left = np.clip(np.searchsorted(self.x, places, side="right") - 1, 0, count - 2)
        start = np.take(self.x, left)
        width = np.take(self.x, left + 1) - start
        depth = np.ndim(self.values) - 1
        t = _lifted(places - start, depth)
        h = _lifted(width, depth)
        y0, y1 = (np.take(self.values, left + k, axis=0) for k in (0, 1))
        d0, d1 = (np.take(self.slopes, left + k, axis=0) for k in (0, 1))
        rise = (y1 - y0) / h
        c3 = (d0 + d1 - 2.0 * rise) / h**2
        c2 = (3.0 * rise - 2.0 * d0 - d1) / h
        found = _derived((c3, c2, d0, y0), t, int(nu))
        if not beyond:
            inside = _lifted((places >= self.x[0]) & (places <= self.x[-1]), depth)
            found = np.where(inside, found, np.nan)
        return self._placed(found, np.ndim(places))

    def derivative(self, nu: int = 1) -> Any:
        """The function that gives a derivative."""
        return lambda x, extrapolate=None: self(x, nu, extrapolate)

    def integrate(self, a: Any, b: Any) -> Any:
        """The integral between two numbers within the points."""
        return self._primitive(b) - self._primitive(a)

    def _primitive(self, x: Any) -> Any:
        """The integral from the first point, by Gauss's rule of two nodes, which is exact for cubics."""
        node = 0.5 / np.sqrt(3.0)
        ends = np.clip(x, self.x[:-1], self.x[1:]) if np.ndim(x) == 0 else x
        width = ends - self.x[:-1]
        total: Any = 0.0
        for side in (-node, node):
            at = self.x[:-1] + (0.5 + side) * width
            moved = self(at) if self.axis == 0 else np.moveaxis(self(at), self.axis, 0)
            total = total + np.tensordot(0.5 * width, moved, axes=(0, 0))
        return total

    def _placed(self, found: Any, depth: int) -> Any:
        """With the axes of the places where the axis of the points was."""
        if self.axis == 0 or depth == 0:
            return found
        order = list(range(depth, depth + self.axis)) + list(range(depth))
        return np.transpose(found, (*order, *range(depth + self.axis, np.ndim(found))))


def _lifted(x: Any, depth: int) -> Any:
    """With axes of length 1 behind, for the axes of the values."""
    return np.reshape(x, (*np.shape(x), *[1] * depth)) if depth else x


def _derived(coefficients: tuple[Any, ...], t: Any, order: int) -> Any:
    """The value of a derivative of a polynomial, by Horner's rule."""
    if order < 0:
        raise ValueError("Order of derivative cannot be negative")
    terms = list(coefficients)
    for _ in range(order):
        degree = len(terms) - 1
        terms = [c * (degree - k) for k, c in enumerate(terms[:-1])] or [0.0 * terms[0]]
    found = terms[0] + 0.0 * t
    for c in terms[1:]:
        found = found * t + c
    return found


def CubicSpline(  # noqa: N802 (SciPy's name)
    x: Any, y: Any, axis: int = 0, bc_type: Any = "not-a-knot", extrapolate: Any = None
) -> Any:
    """The cubic spline through points: twice continuously differentiable."""
    if not any_traced(x, y):
        return _Own(theirs.CubicSpline(x, y, axis, bc_type, extrapolate))
    points, values, axis = _prepared(x, y, axis)
    count = np.shape(points)[0]
    ends = (bc_type, bc_type) if isinstance(bc_type, str) else tuple(bc_type)
    if "periodic" in ends:
        raise unsupported("scipy.interpolate.CubicSpline", "bc_type='periodic'")
    if count < 4 and "not-a-knot" in ends:
        raise unsupported(
            "scipy.interpolate.CubicSpline", "fewer than four points", "bc_type='natural', or more points"
        )
    slopes = _spline_slopes(points, values, ends)
    return Piecewise(points, values, slopes, axis, extrapolate is None or bool(extrapolate))


def _prepared(x: Any, y: Any, axis: int) -> tuple[Any, Any, int]:
    points, values = in_double(x), in_double(y)
    axis = axis % np.ndim(values)
    if not bool(np.all(points[1:] > points[:-1])):
        raise ValueError("`x` must be strictly increasing sequence.")
    return points, np.moveaxis(values, axis, 0), axis


def _spline_slopes(x: Any, y: Any, ends: tuple[Any, Any]) -> Any:
    """The slopes at the points: continuous second derivatives, and one condition at each end.

    (de Boor, A practical guide to splines, chapter IV.)
    """
    count = np.shape(x)[0]
    h = x[1:] - x[:-1]
    width = np.reshape(h, (-1, *[1] * (np.ndim(y) - 1)))
    rise = (y[1:] - y[:-1]) / width
    inner = 3.0 * (width[1:] * rise[:-1] + width[:-1] * rise[1:])
    first, first_side = _end(ends[0], h[0], h[1] if count > 2 else h[0], rise[:2])
    last, last_side = _end(ends[1], h[-1], h[-2] if count > 2 else h[-1], rise[:-3:-1], last=True)
    rows = [_row(first, count, 0)]
    for k in range(1, count - 1):
        entries = np.stack([h[k], 2.0 * (h[k - 1] + h[k]), h[k - 1]])
        rows.append(_row(entries, count, k - 1))
    rows.append(_row(last[::-1], count, count - len(last)))
    side = np.concatenate([_one_row(first_side), inner, _one_row(last_side)])
    flat = np.reshape(side, (count, -1))
    return np.reshape(np.linalg.solve(np.stack(rows), flat), np.shape(side))


def _one_row(x: Any) -> Any:
    """With an axis of length 1 before the others."""
    return np.reshape(x, (1, *np.shape(x)))


def _row(entries: Any, count: int, start: int) -> Any:
    entries = np.stack(list(entries)) if isinstance(entries, list) else entries
    return np.concatenate([np.zeros(start), entries, np.zeros(count - start - np.shape(entries)[0])])


def _end(kind: Any, near: Any, next_one: Any, rise: Any, last: bool = False) -> tuple[list[Any], Any]:
    """The entries of the equation at an end, from the end inwards, and its right side."""
    if isinstance(kind, str) and kind == "not-a-knot":
        both = near + next_one
        side = ((near + 2.0 * both) * next_one * rise[0] + near**2 * rise[1]) / both
        return [next_one, both], side
    if isinstance(kind, str):
        known = {"natural": (2, 0.0), "clamped": (1, 0.0)}
        if kind not in known:
            raise ValueError(f"bc_type={kind} is not allowed.")
        order, value = known[kind]
    else:
        order, value = kind
    one = near / near  # a number of the same kind, to be stacked beside others
    if order == 1:
        return [one], value + 0.0 * rise[0]
    if order != 2:
        raise ValueError("The specified derivative order must be 1 or 2.")
    sign = -1.0 if last else 1.0
    return [2.0 * one, one], 3.0 * rise[0] - sign * 0.5 * near * value


def PchipInterpolator(x: Any, y: Any, axis: int = 0, extrapolate: Any = None) -> Any:  # noqa: N802 (SciPy's name)
    """Cubics through points that rise and fall only where the points do (Fritsch and Butland, 1984)."""
    if not any_traced(x, y):
        return _Own(theirs.PchipInterpolator(x, y, axis, extrapolate))
    points, values, axis = _prepared(x, y, axis)
    count = np.shape(points)[0]
    width = np.reshape(points[1:] - points[:-1], (-1, *[1] * (np.ndim(values) - 1)))
    rise = (values[1:] - values[:-1]) / width
    if count == 2:
        slopes = np.concatenate([rise, rise])
    else:
        ends = [
            _pchip_end(width[0], width[1], rise[0], rise[1]),
            _pchip_end(width[-1], width[-2], rise[-1], rise[-2]),
        ]
        slopes = np.concatenate([_one_row(ends[0]), _pchip_inner(width, rise), _one_row(ends[1])])
    return Piecewise(points, values, slopes, axis, extrapolate is None or bool(extrapolate))


def _pchip_inner(width: Any, rise: Any) -> Any:
    """The weighted harmonic mean of two slopes, 0 where their signs differ."""
    w1 = 2.0 * width[1:] + width[:-1]
    w2 = width[1:] + 2.0 * width[:-1]
    before, after = rise[:-1], rise[1:]
    same = before * after > 0.0
    safe_before, safe_after = np.where(same, before, 1.0), np.where(same, after, 1.0)
    return np.where(same, (w1 + w2) / (w1 / safe_before + w2 / safe_after), 0.0)


def _pchip_end(near: Any, next_one: Any, rise: Any, next_rise: Any) -> Any:
    """The slope of the parabola through three points, held back where it would overshoot."""
    slope = ((2.0 * near + next_one) * rise - near * next_rise) / (near + next_one)
    wrong = np.sign(slope) != np.sign(rise)
    over = (np.sign(rise) != np.sign(next_rise)) & (np.abs(slope) > 3.0 * np.abs(rise))
    return np.where(wrong, 0.0, np.where(over, 3.0 * rise, slope))


class _Own:
    """SciPy's own interpolant of plain points, which may be asked at traced places."""

    def __init__(self, own: Any) -> None:
        self.own = own

    def __call__(self, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
        """The value, or a derivative, at places ``x``."""
        if not any_traced(x):
            return self.own(x, nu, extrapolate)
        own = self.own
        slopes = np.moveaxis(own(own.x, 1), own.axis, 0)
        values = np.moveaxis(own(own.x), own.axis, 0)
        beyond = own.extrapolate if extrapolate is None else extrapolate
        return Piecewise(own.x, values, slopes, own.axis, beyond)(x, nu)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.own, name)


register("scipy.interpolate.CubicSpline", theirs.CubicSpline, CubicSpline)
register("scipy.interpolate.PchipInterpolator", theirs.PchipInterpolator, PchipInterpolator)

__all__ = ["CubicSpline", "PchipInterpolator"]


def __getattr__(name: str) -> Any:
    raise missing(__name__, name)
