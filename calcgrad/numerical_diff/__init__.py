"""Derivatives from values of a function alone, each with a bound of its error."""

from __future__ import annotations

from calcgrad.numerical_diff.scalar import derivative
from calcgrad.numerical_diff.stencils import Stencil, stencil

__all__ = ["Stencil", "derivative", "stencil"]
