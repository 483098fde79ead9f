"""Functions of torch and jax: their arrays in and out, their own automatic differentiation as the claim.

The libraries are imported when a function of theirs is checked, and nowhere else. What a framework can do stands in one file
each (``torch_arrays``, ``jax_arrays``) behind one protocol (``arrays``); ``adapting`` makes functions of NumPy arrays of it,
``targets`` says what may be checked, ``precision`` checks it in double too.
"""

from __future__ import annotations

from calcgrad.checking.frameworks.precision import check
from calcgrad.checking.frameworks.recognised import FRAMEWORKS, arrays_of, as_called, framework_of, home_of
from calcgrad.checking.frameworks.subjects import Asked, subjects

__all__ = ["FRAMEWORKS", "Asked", "arrays_of", "as_called", "check", "framework_of", "home_of", "subjects"]
