"""One call of the user's function at a point given as a flat vector: a value that can be sent to another process."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

from calcgrad.checking.measuring.deadline import interruptible
from calcgrad.checking.measuring.subject import Leaf, Subject
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.functions.loading import describe
from calcgrad.pytrees import children, map_leaves, named_leaves
from calcgrad.tracing.whereabouts import is_ours

#: Frames of the user's code shown with an exception, the last ones.
_FRAMES = 4
#: Mistakes in the program rather than points outside the domain of the function.
PROGRAM_ERRORS = (TypeError, NameError, AttributeError, ImportError, SyntaxError, AssertionError)
#: What NumPy holds the numbers of a format in that it has not.
HELD = {"bfloat16": "float32"}


@dataclass(frozen=True, slots=True)
class Raised:
    """The function raised here: a point outside its domain, or a mistake in the program (``fatal``)."""

    text: str
    frames: tuple[str, ...] = ()
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The function with its arguments; called with the flat vector of entries it gives the value as an array.

    Every call is to be made with a vector of its own: the function gets views of it, and may keep them.
    ``promoted``: single precision is handed over as double, so that only rounding inside the function remains.
    """

    f: Callable[..., Any]
    arguments: Mapping[str, Any]
    leaves: tuple[Leaf, ...]
    promoted: bool = False
    seed_call: Callable[[int], Any] | None = None
    seed: int = 0

    def values(self, flat: Any) -> list[Any]:
        """The arguments of a call, each differentiable leaf taken from the flat vector."""
        by_path = {leaf.path: leaf for leaf in self.leaves}
        return [_filled(tree, name, by_path, flat, self.promoted) for name, tree in self.arguments.items()]

    def parts(self, flat: Any) -> list[Any]:
        """The differentiated arguments alone, as a claim takes a tangent."""
        by_path = {leaf.path: leaf for leaf in self.leaves}
        return [
            _filled(tree, name, by_path, flat, self.promoted)
            for name, tree in self.arguments.items()
            if any(path in by_path for path, _ in named_leaves(tree, name))
        ]

    def raw(self, flat: Any) -> Any:
        """The function's own answer; whatever it raises is raised."""
        self.seeded()
        return self.f(*self.values(flat))

    def seeded(self) -> None:
        """Call what seeds the function, if there is something. Raises ``UsageError`` (E380) where that fails."""
        if self.seed_call is None:
            return
        try:
            self.seed_call(self.seed)
        except (Exception, SystemExit) as error:
            raise failure("the call with a seed", describe(error), frames_of(error)) from error

    def __call__(self, flat: Any) -> Any:
        """The answer as an array, or :class:`Raised`."""
        self.seeded()
        try:
            with interruptible(), numpy.errstate(all="ignore"):
                return as_array(self.f(*self.values(flat)))
        except (Exception, SystemExit) as error:
            fatal = isinstance(error, (*PROGRAM_ERRORS, SystemExit))
            return Raised(describe(error), frames_of(error), fatal)


@dataclass(frozen=True, slots=True)
class ValueOf:
    """The value alone of a function that returns a pair of it and of the gradient: what such a claim is checked against."""

    pair: Callable[..., Any]

    def __call__(self, *arguments: Any) -> Any:
        return self.value(self.pair(*arguments))

    @staticmethod
    def value(answer: Any) -> Any:
        """The first of a pair. Raises ``TypeError`` for what is none."""
        if not isinstance(answer, (tuple, list)) or len(answer) != 2:
            raise TypeError("a value and a gradient were expected, a pair")
        return answer[0]


def as_array(answer: Any) -> Any:
    """An answer of a function as a real array; a complex one without imaginary part is real."""
    if hasattr(answer, "detach"):
        answer = answer.detach()
    array = numpy.asarray(answer)
    if array.dtype.kind == "c" and not numpy.any(array.imag):
        array = array.real
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{type(answer).__name__} is no real number")
    return array if array.dtype.kind == "f" else array.astype(numpy.float64)


def failure(what: str, text: str, frames: tuple[str, ...]) -> CalcgradError:
    """The error for an exception of the user's code, with their own frames as hints."""
    return UsageError.of("E380", f"{what} fails: {text}", hints=frames)


def frames_of(error: BaseException) -> tuple[str, ...]:
    """The user's own frames of a traceback, the last few, a line each, and the innermost of an installed package."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not is_ours(f.filename)]
    own = [f for f in frames if "-packages" not in f.filename]
    inner = frames[-1:] if frames and "-packages" in frames[-1].filename else []
    return tuple(
        [f"in {f.name} ({Path(f.filename).name}, line {f.lineno}): {f.line}" for f in own[-_FRAMES:] + inner]
    )


def _filled(tree: Any, path: str, by_path: Mapping[str, Leaf], flat: Any, promoted: bool) -> Any:
    """A tree with its differentiable leaves taken from the flat vector."""
    if children(tree) is None:
        return _leaf(by_path[path], tree, flat, promoted) if path in by_path else tree
    order = iter([(name, value) for name, value in named_leaves(tree, path)])

    def replace(_: Any) -> Any:
        name, value = next(order)
        return _leaf(by_path[name], value, flat, promoted) if name in by_path else value

    return map_leaves(replace, tree)


def _leaf(leaf: Leaf, old: Any, flat: Any, promoted: bool) -> Any:
    part = flat[leaf.start : leaf.stop].reshape(leaf.shape)
    dtype = numpy.dtype("float64" if promoted else HELD.get(leaf.dtype, leaf.dtype))
    if isinstance(old, (int, float)) and not isinstance(old, numpy.generic):
        return float(part)
    if not leaf.shape:
        return dtype.type(part)
    return part.astype(dtype, copy=False)


def flat_point(subject: Subject, named: tuple[Leaf, ...]) -> Any:
    """The point as one vector of doubles."""
    by_path = {leaf.path: leaf for leaf in named}
    flat = numpy.zeros(sum(leaf.size for leaf in named))
    for name, tree in subject.arguments.items():
        for path, value in named_leaves(tree, name):
            if path in by_path:
                leaf = by_path[path]
                flat[leaf.start : leaf.stop] = numpy.asarray(value, dtype=numpy.float64).ravel()
    return flat
