"""What a planted gradient is: a loss, its right gradient, and the same gradient with a bug that has really happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

ALL = ...  # the index of a whole argument


@dataclass(frozen=True, slots=True)
class Bug:
    """A wrong gradient: which entries it gets wrong, and the causes any of which names the mistake.

    ``where`` has for each argument with wrong entries their index: ``ALL``, a slice, a mask, a tuple of these.
    """

    gradient: Callable[..., Any]
    where: Mapping[str, Any]
    causes: tuple[str, ...]
    story: str


@dataclass(frozen=True, slots=True)
class Planted:
    """A loss at a point, with a right and a wrong gradient.

    ``truth`` says what proves the right one from outside: the complex step, or differences in extended precision
    where the loss takes no complex numbers.
    """

    name: str
    loss: Callable[..., Any]
    gradient: Callable[..., Any]
    point: Mapping[str, Any]
    bug: Bug
    truth: Literal["complex", "extended"] = "complex"
    tolerance: float = 1e-10
    tags: tuple[str, ...] = field(default=())

    @property
    def arguments(self) -> list[Any]:
        """Fresh copies of the point's arrays, in the order of the parameters."""
        return [np.array(value) for value in self.point.values()]

    def wrong_entries(self) -> dict[str, Any]:
        """The mask of the wrong entries of each argument."""
        masks = {name: np.zeros(np.shape(value), dtype=bool) for name, value in self.point.items()}
        for name, index in self.bug.where.items():
            masks[name][index] = True
        return masks


def parts(answer: Any) -> list[Any]:
    """A gradient's parts, one an argument."""
    return list(answer) if isinstance(answer, tuple) else [answer]
