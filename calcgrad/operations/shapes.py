"""Shapes: arithmetic on tuples, no array needed. That of a result is in :mod:`calcgrad.operations.shape_rules`."""

from __future__ import annotations

from typing import Any, TypeAlias

Shape: TypeAlias = tuple[int, ...]
#: ``None`` (all axes), one axis, or several.
Axis: TypeAlias = int | tuple[int, ...] | None


class ShapeError(Exception):
    """The shapes do not fit the operation: a code, a message, hints; who knows the place in the text adds it."""

    def __init__(self, code: str, message: str, *hints: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hints = hints


def shape_of(value: Any) -> Shape:
    """The shape of a value of any system; a number has the shape ``()``.

    >>> shape_of(2.5)
    ()
    """
    shape: Shape = getattr(value, "shape", ())
    return shape


def spell(shape: Shape) -> str:
    """A shape in words.

    >>> spell(()), spell((3,)), spell((2, 3))
    ('a number', 'a vector of 3', 'an array of 2×3')
    """
    if not shape:
        return "a number"
    return f"a vector of {shape[0]}" if len(shape) == 1 else f"an array of {'×'.join(map(str, shape))}"


def broadcast(*shapes: Shape) -> Shape:
    """The common shape by NumPy's rule: axes are matched from the last; an axis of 1 is repeated.

    >>> broadcast((3, 1), (4,), ())
    (3, 4)
    """
    depth = max(map(len, shapes), default=0)
    out: list[int] = []
    for lengths in zip(*[(1,) * (depth - len(s)) + s for s in shapes], strict=True):
        different = {n for n in lengths if n != 1}
        if len(different) > 1:
            given = " and ".join(dict.fromkeys(spell(s) for s in shapes if s))
            raise ShapeError("E201", f"{given} do not fit entry by entry")
        out.append(different.pop() if different else 1)
    return tuple(out)


def normal_axes(depth: int, axis: Axis) -> tuple[int, ...]:
    """The axes as ascending numbers from 0; ``None`` means all of them."""
    if axis is None:
        return tuple(range(depth))
    chosen = (axis,) if isinstance(axis, int) else axis
    if any(not -depth <= a < depth for a in chosen):
        raise ShapeError("E204", f"there is no axis {axis} among {depth}")
    return tuple(sorted({a % depth for a in chosen}))


def kept(shape: Shape, axis: Axis) -> Shape:
    """The shape with the reduced axes kept, each of length 1.

    >>> kept((2, 3), 1), kept((2, 3), None)
    ((2, 1), (1, 1))
    """
    reduced = normal_axes(len(shape), axis)
    return tuple(1 if i in reduced else n for i, n in enumerate(shape))
