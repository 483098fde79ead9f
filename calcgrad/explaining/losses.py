"""What descends: the value of a function and its gradient at a place, for an expression and for a program of arrays.

A place is a list with an entry for each thing that moves: a number, or an array of a program's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Reading, flat_point
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.functions.loading import describe, failed
from calcgrad.inputs.points import read_points
from calcgrad.methods.protocol import Problem
from calcgrad.methods.reverse_ad import METHOD, first
from calcgrad.operations import VOCABULARY
from calcgrad.report.estimates import Estimate
from calcgrad.systems.base import NoClosedForm

Place = list[Any]


class Judged(NamedTuple):
    """What ``diff`` says of a place: its verdict, the sentence for it, and for a kink of one variable where, and both slopes."""

    verdict: str = ""
    reason: str = ""
    kink: tuple[float, float, float] | tuple[()] = ()


class Loss(Protocol):
    """A function to go down on."""

    names: tuple[str, ...]
    start: Place

    def both(self, place: Place) -> tuple[float, Place]:
        """The value and the gradient."""
        ...

    def claimed(self, place: Place) -> Place:
        """The gradient as the user has it."""
        ...

    def hessian(self, place: Place) -> list[list[float]] | None:
        """The second derivatives, where there are few numbers."""
        ...

    def judged(self, place: Place) -> Judged:
        """The verdict there, where it can be had."""
        ...


class TextLoss:
    """An expression at doubles; its gradient in reverse mode, or by claimed expressions."""

    #: Of more numbers no matrix of second derivatives is made.
    most_second = 50

    def __init__(self, reading: Reading, claims: Sequence[str] = ()) -> None:
        self.request = reading.request
        self.function = reading.function
        self.flat = flat_point(reading.function, reading.points[0])
        self.moving = [i for (i,) in reading.wrts]
        places = [self.function.coordinates[i] for i in self.moving]
        self.names = tuple([p.name if p.index is None else f"{p.name}{list(p.index)}" for p in places])
        self.start: Place = [self.flat[i] for i in self.moving]
        self.claims = [self._claim(text) for text in claims]
        if claims and (len(claims) != len(self.moving) or self.function.shapes):
            hints = (f"the gradient is in {', '.join(self.names)}: a --claim for each, in this order",)
            raise UsageError.of("E632", f"{len(claims)} claims for {len(self.moving)} numbers", hints=hints)

    def _claim(self, text: str) -> Expression:
        parsed = parse(text, VOCABULARY, declared=self.function.variables, statements=True)
        unknown = [name for name in parsed.variables if name not in self.function.variables]
        if unknown:
            raise UsageError.of(
                "E632",
                f"the claim {text} has a variable that the function has not: {unknown[0]}",
                hints=(f"the function's variables are {', '.join(self.function.variables)}",),
            )
        return Expression(parsed.root, self.function.variables)

    def whole(self, place: Place) -> list[float]:
        """All coordinates, those that stand still too."""
        flat = list(self.flat)
        for i, x in zip(self.moving, place, strict=True):
            flat[i] = x
        return flat

    def both(self, place: Place) -> tuple[float, Place]:
        """The value by a walk of the tree, the gradient by one pass back."""
        flat = self.whole(place)
        return float(self.function.values(flat)[0]), first(self.function, flat, self.moving)[0]

    def claimed(self, place: Place) -> Place:
        """The values of the claimed expressions."""
        flat = self.whole(place)
        return [float(claim.values(flat)[0]) for claim in self.claims]

    def judged(self, place: Place) -> Judged:
        """The verdict of ``diff`` at these doubles; none where they are entries of arrays."""
        if self.function.shapes or not all(map(math.isfinite, place)):
            return Judged()
        at = read_points((dict(zip(self.function.variables, self.whole(place), strict=True)),), VOCABULARY)
        asked = replace(
            self.request, at=at, wrt=self.names, order=1, truth="certified", methods=("reverse-ad",)
        )
        try:
            point = compute(asked).points[0]
        except CalcgradError:
            return Judged()
        kink: tuple[float, float, float] | tuple[()] = ()
        truth = point.truth[0] if point.truth else None
        if len(place) == 1 and truth is not None and truth.left is not None and truth.right is not None:
            kink = (place[0], truth.left, truth.right)
        return Judged(point.verdict, point.explanation[0] if point.explanation else "", kink)

    def hessian(self, place: Place) -> list[list[float]] | None:
        """The second derivatives, by reverse mode over series."""
        n = len(self.moving)
        if n > self.most_second:
            return None
        pairs = [(self.moving[i], self.moving[j]) for i in range(n) for j in range(i, n)]
        found = METHOD.derivatives(Problem(self.function, self.whole(place), pairs))
        if not isinstance(found, Estimate):
            return None
        rows = iter([row[0] for row in found.value])
        matrix = [[math.nan] * n for _ in range(n)]
        for i in range(n):
            for j in range(i, n):
                value = next(rows)
                matrix[i][j] = matrix[j][i] = math.nan if value is None else value
        return matrix


class ProgramLoss:
    """A Python function of arrays, at its arguments; the gradient by calcgrad's reverse mode, or by the user's function."""

    def __init__(
        self,
        function: Callable[..., Any],
        values: Mapping[str, Any],
        wrt: Sequence[str] = (),
        gradient: Callable[..., Any] | None = None,
    ) -> None:
        import numpy

        from calcgrad.transforms.gradients import value_and_grad

        unknown = [name for name in wrt if name not in values]
        if unknown:
            raise UsageError.of(
                "E637", f"the function has no parameter {unknown[0]}", hints=(f"it has {', '.join(values)}",)
            )
        self.function = function
        self.gradient = gradient
        self.values = dict(values)
        floats = [name for name, v in values.items() if numpy.asarray(v).dtype.kind == "f"]
        self.names = tuple(wrt) or tuple(floats[:1])
        if not self.names:
            hints = ("give floats: 1.0, not 1",)
            raise UsageError.of("E633", "no argument of the function holds floats", hints=hints)
        self.start = [self._moving(name) for name in self.names]
        places = [list(values).index(name) for name in self.names]
        self._pair = value_and_grad(function, argnums=tuple(places))
        self._places = places

    def _moving(self, name: str) -> Any:
        import numpy

        value = self.values[name]
        if numpy.asarray(value).dtype.kind != "f":
            raise UsageError.of("E633", f"{name} holds no floats, so that it cannot move")
        return float(value) if isinstance(value, float | int) else numpy.array(value)

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """The shape of each part that moves."""
        return [tuple(getattr(value, "shape", ())) for value in self.start]

    def _arguments(self, place: Place) -> list[Any]:
        return list({**self.values, **dict(zip(self.names, place, strict=True))}.values())

    def both(self, place: Place) -> tuple[float, Place]:
        """The loss and its gradient, by one pass back. Raises ``UsageError`` E416 where the function itself fails."""
        arguments = self._arguments(place)
        try:
            value, gradient = self._pair(*arguments)
        except (CalcgradError, ArithmeticError):
            raise
        except Exception:
            self._require_running(arguments)
            raise
        return float(value), list(gradient)

    def _require_running(self, arguments: Sequence[Any]) -> None:
        """Raise where the function fails by itself, so that the fault is not calcgrad's."""
        try:
            self.function(*arguments)
        except Exception as error:
            raise failed(getattr(self.function, "__name__", "the function"), error) from error

    def claimed(self, place: Place) -> Place:
        """What the user's function gives, a part for each argument that moves."""
        assert self.gradient is not None
        try:
            found = self.gradient(*self._arguments(place))
        except CalcgradError:
            raise
        except Exception as error:
            raise UsageError.of("E634", f"the gradient fails: {describe(error)}") from error
        parts = list(found) if isinstance(found, tuple | list) else [found]
        shapes = [tuple(getattr(part, "shape", ())) for part in parts]
        if len(parts) < len(place) or shapes[: len(place)] != self.shapes:
            hints = (f"{', '.join(self.names)} have the shapes {self.shapes}",)
            raise UsageError.of("E634", f"the gradient has the shapes {shapes}", hints=hints)
        return parts[: len(place)]

    def hessian(self, place: Place) -> list[list[float]] | None:
        """Not made of a program."""
        return None

    def judged(self, place: Place) -> Judged:
        """Not had of a program."""
        return Judged()


def length(parts: Place) -> float:
    """The Euclidean length of a list of numbers and arrays, without overflow on the way.

    >>> length([3.0, 4.0])
    5.0
    """
    if all(isinstance(part, float) for part in parts):
        return math.hypot(*parts)
    import numpy

    with numpy.errstate(all="ignore"):
        return math.hypot(*[float(numpy.linalg.norm(numpy.asarray(part, dtype=float))) for part in parts])


def safely(loss: Loss, place: Place) -> tuple[float, Place]:
    """Value and gradient; nan where the arithmetic has none, and no gradient where there is no value.

    Raises ``UsageError`` (E635) where there is no gradient at all.
    """
    try:
        with suppress(ArithmeticError):
            value, gradient = loss.both(place)
            return value, gradient if math.isfinite(value) else [math.nan] * len(place)
    except NoClosedForm as fact:
        raise UsageError.of("E635", f"there is no gradient to go down on: {fact}") from None
    return math.nan, [math.nan] * len(place)
