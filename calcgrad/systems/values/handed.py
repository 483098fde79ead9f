"""What these files are handed by the number systems, which import them: an operation's function of balls, or its definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_FUNCTION_OF_BALLS: list[Callable[[str], Callable[..., Any]]] = []


def hand_in(function_of_balls: Callable[[str], Callable[..., Any]]) -> None:
    """Called once, by :mod:`calcgrad.systems.base`."""
    _FUNCTION_OF_BALLS[:] = [function_of_balls]


def balls(op: str) -> Callable[..., Any]:
    """The function of an operation over Arb's balls."""
    return _FUNCTION_OF_BALLS[0](op)
