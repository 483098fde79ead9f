"""What the coefficients of a germ must be able to do: exact numbers do, and so do germs of another variable.

A germ in t whose coefficients are germs in s is a function of two variables with t far smaller than any power of s: what a
derivative in one variable is, beside a point in another.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any


class Coefficient:
    """A number in the widest sense; immutable. ``+``, ``-``, ``*`` work among those of one field."""

    __slots__ = ()

    field: Any
    #: Empty for what is zero by form.
    terms: tuple[Any, ...]

    @property
    def ball(self) -> Any:
        """An enclosure. Raises ``LostError`` where it is not one number."""
        raise NotImplementedError

    @property
    def rational(self) -> Fraction | None:
        """The number as a fraction, where its form is one."""
        raise NotImplementedError

    def sign(self) -> int:
        """-1, 0 or 1, decided exactly; 0 only where ``terms`` is empty."""
        raise NotImplementedError

    def fraction(self) -> Fraction:
        """The number, or sixty digits of it: linear, so that sums of what is returned are the same as the returned sum."""
        raise NotImplementedError

    def whole(self) -> Fraction:
        """The greatest whole number that is not above it."""
        raise NotImplementedError

    def scaled(self, by: Fraction) -> Coefficient:
        """A rational multiple."""
        raise NotImplementedError

    def inverse(self) -> Any:
        """The reciprocal of what is not zero."""
        raise NotImplementedError

    def power(self, p: Fraction) -> Any:
        """A rational power; of something positive unless ``p`` is whole."""
        raise NotImplementedError

    def __add__(self, other: Any) -> Any:
        raise NotImplementedError

    def __sub__(self, other: Any) -> Any:
        raise NotImplementedError

    def __mul__(self, other: Any) -> Any:
        raise NotImplementedError

    def __neg__(self) -> Any:
        raise NotImplementedError


class Numbers:
    """A field of coefficients."""

    zero: Coefficient
    one: Coefficient

    def rational(self, value: Fraction | int) -> Any:
        """A rational number."""
        raise NotImplementedError

    def atom(self, key: tuple[Any, ...], ball: Callable[[], Any]) -> Any:
        """The number of a key, with ``ball`` around it."""
        raise NotImplementedError

    @property
    def pi(self) -> Any:
        """The number pi."""
        raise NotImplementedError

    def apply(self, op: str, *args: Any) -> Any:
        """An operation where it is analytic; a ``Gap`` where it has no value."""
        raise NotImplementedError
