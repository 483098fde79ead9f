"""The shape of an operation's result, from the shapes of its arguments: arithmetic on tuples, no array needed.

By these rules a wrong shape is found before anything is computed, and placeholders go through a pushforward.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, TypeAlias

from calcgrad.operations import OPERATIONS
from calcgrad.operations.row import Elementwise

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


def _reduced(shape: Shape, axis: Axis = None, keepdims: bool = False) -> Shape:
    if keepdims:
        return kept(shape, axis)
    axes = normal_axes(len(shape), axis)
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def _extreme(shape: Shape, axis: Axis = None, keepdims: bool = False) -> Shape:
    if any(shape[i] == 0 for i in normal_axes(len(shape), axis)):
        raise ShapeError("E211", "an array without entries has no largest and no smallest entry")
    return _reduced(shape, axis, keepdims)


def _indexed(shape: Shape, *index: Any) -> Shape:
    if not all(isinstance(e, int | tuple) for e in index):
        return _indexed_by_numpy(shape, index)
    if len(index) > len(shape):
        if not shape:
            raise ShapeError("E203", "a number has no entries", "a point like --at x=[1,2,3] makes an array")
        axes = "1 axis" if len(shape) == 1 else f"{len(shape)} axes"
        raise ShapeError("E203", f"{spell(shape)} has {axes}, the index has {len(index)}")
    out: list[int] = []
    for axis, (element, length) in enumerate(zip(index, shape, strict=False)):
        if isinstance(element, int):
            _within(element, length, axis, shape)
        elif element and element[0] == "slice":
            out.append(len(range(*_slice(element).indices(length))))
        else:
            for entry in element:
                _within(entry, length, axis, shape)
            out.append(len(element))
    if sum(isinstance(e, tuple) and e[:1] != ("slice",) for e in index) > 1:
        raise ShapeError("E205", "an index holds one list of places at most")
    return (*out, *shape[len(index) :])


def _indexed_by_numpy(shape: Shape, index: tuple[Any, ...]) -> Shape:
    """The shape by NumPy's own rules, for an index with its slices, ``None``, ``...`` or arrays; no entry is stored."""
    import numpy

    places = tuple([list(e) if isinstance(e, tuple) else e for e in index])
    try:
        return numpy.broadcast_to(False, shape)[places].shape
    except IndexError as error:
        raise ShapeError("E203", str(error)) from None


def _slice(element: tuple[Any, ...]) -> slice:
    if element[3] == 0:
        raise ShapeError("E206", "the step of a slice cannot be 0")
    return slice(*element[1:])


def _within(index: int, length: int, axis: int, shape: Shape) -> None:
    if -length <= index < length:
        return
    place = f"axis {axis} of {spell(shape)}" if len(shape) > 1 else spell(shape)
    hint = f"indices run from 0 to {length - 1}" if length else "it has no entries"
    raise ShapeError("E203", f"index {index} is out of range for {place}", hint)


def _vector(*shapes: Shape) -> Shape:
    if len(set(shapes)) > 1:
        given = " and ".join(dict.fromkeys(map(spell, shapes)))
        raise ShapeError("E210", f"the entries of a list have the same shape, these are {given}")
    return (len(shapes), *(shapes[0] if shapes else ()))


def _matmul(a: Shape, b: Shape) -> Shape:
    if not a or not b:
        raise ShapeError("E207", "@ multiplies arrays, not numbers", "write * for the product with a number")
    inner = b[0] if len(b) == 1 else b[-2]
    if a[-1] != inner:
        raise ShapeError("E208", f"{spell(a)} @ {spell(b)}: a row of {a[-1]} meets a column of {inner}")
    batch = broadcast(a[:-2], b[:-2])
    return (*batch, *a[-2:-1], *(b[-1:] if len(b) > 1 else ()))


def _reshaped(shape: Shape, new: Shape) -> Shape:
    if prod(shape) != prod(new):
        raise ShapeError("E202", f"{spell(shape)} does not have the entries of {spell(new)}")
    return new


def _permuted(shape: Shape, axes: tuple[int, ...] | None = None) -> Shape:
    return shape[::-1] if axes is None else tuple([shape[i] for i in axes])


_RULES: dict[str, Callable[..., Shape]] = {
    "sum": _reduced,
    "prod": _reduced,
    "norm": _reduced,
    "logsumexp": _extreme,
    "amax": _extreme,
    "amin": _extreme,
    "softmax": lambda shape, axis=None: shape,
    "size": lambda shape, axis=None: (),
    "vector": _vector,
    "getitem": _indexed,
    "scatter": lambda shape, index, whole: whole,
    "reshape": _reshaped,
    "transpose": _permuted,
    "broadcast_to": lambda shape, whole, through=None: whole,
    "sum_to": lambda shape, final, through=None: final,
    "matmul": _matmul,
}


def result_shape(op: str, shapes: Sequence[Shape], params: tuple[Any, ...] = ()) -> Shape:
    """The shape of an operation's result. Raises ``ShapeError`` where the arguments do not fit.

    >>> result_shape("matmul", [(2, 3), (3,)]), result_shape("getitem", [(4,)], (("slice", 1, None, None),))
    ((2,), (3,))
    """
    if isinstance(OPERATIONS[op], Elementwise):
        return broadcast(*shapes)
    rule = _RULES.get(op)
    if rule is None:
        from calcgrad.operations.shape_rules import RULES

        rule = RULES[op]
    return rule(*shapes, *params)
