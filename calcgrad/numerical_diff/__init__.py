"""Derivatives from values of a function alone, each with a bound of its error.

``derivative`` for functions of one number (pure Python, no array library), ``gradient``, ``jacobian``,
``hessian`` and ``directional`` for functions of arrays, ``stencil`` for finite-difference formulas in exact
fractions, and ``differentiate_samples`` for measured data.
"""

from __future__ import annotations

from calcgrad.numerical_diff.arrays import directional, gradient, hessian, jacobian
from calcgrad.numerical_diff.sampled import SampledDerivative, differentiate_samples
from calcgrad.numerical_diff.scalar import derivative
from calcgrad.numerical_diff.stencils import Stencil, stencil

__all__ = [
    "SampledDerivative",
    "Stencil",
    "derivative",
    "differentiate_samples",
    "directional",
    "gradient",
    "hessian",
    "jacobian",
    "stencil",
]
