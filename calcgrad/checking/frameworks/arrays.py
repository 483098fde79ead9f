"""What a framework must be able to do to be checked: one protocol, so that all else is written once."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from calcgrad.errors import UsageError

Array = Any
#: A function of the leaves that are differentiated, in the framework's arrays, with all its differentiable outputs.
Run = Callable[[Sequence[Array]], Sequence[Array]]
#: Formats in which a double is not exact, the coarsest first.
COARSE = ("bfloat16", "float16", "float32")


class Arrays(Protocol):
    """A framework's arrays, and its own derivatives."""

    name: str

    def is_array(self, leaf: Any) -> bool:
        """Whether a leaf is an array of the framework."""

    def format_of(self, leaf: Any) -> str:
        """The number format of an array: ``float32``, ``bfloat16``, ``int64``."""

    def to_numpy(self, leaf: Any) -> Any:
        """An array as NumPy's; bfloat16, which NumPy has not, as float32."""

    def make(self, value: Any, template: Any, number_format: str | None) -> Array:
        """A NumPy array as the framework's, in a format, on the device and with the strides of a template (or none)."""

    def leaves(self, answer: Any) -> Sequence[Any]:
        """What a function returned, as a flat list."""

    def is_real(self, leaf: Any) -> bool:
        """Whether a leaf is an array of real floating-point numbers."""

    def weight(self, value: Any, output: Array) -> Array:
        """A NumPy array as the weights of an output: of its format, on its device."""

    def is_chosen(self, leaf: Any) -> bool:
        """Whether the array is marked as one to differentiate in."""

    def still(self, function: Any, formats: Sequence[str], lifted: str | None) -> AbstractContextManager[Any]:
        """A surrounding for one call with arguments of these formats: random numbers and other state are as they were before.

        What the function reaches besides its arguments is in the format ``lifted``, where one is given.
        """

    def said(self) -> Sequence[str]:
        """What was kept still, in a sentence each."""

    def value(self, run: Run, leaves: Sequence[Array]) -> Sequence[Array]:
        """The outputs."""

    def pullback(self, run: Run, leaves: Sequence[Array], cotangents: Any) -> Sequence[Array]:
        """For each leaf the derivative of the outputs, weighted by what ``cotangents`` makes for them, by reverse mode.

        It can be differentiated again, by the framework.
        """

    def pushforward(self, run: Run, leaves: Sequence[Array], tangents: Sequence[Array]) -> Sequence[Array]:
        """For each output the derivative along the tangents, by forward mode."""

    def coarsest(self, call: Callable[[], Any]) -> str | None:
        """The coarsest number format of any step of a call; ``None`` where that cannot be seen."""


def imported(name: str) -> Any:
    """A framework's module; raises ``UsageError`` (E504) where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        library = name.partition(".")[0]
        hints = (f"python -m pip install {library}",)
        raise UsageError.of("E504", f"{library} is not installed: {error}", hints=hints) from error
