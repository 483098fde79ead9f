"""Eigenvalues of any square matrix, and what is made of them: roots of polynomials; fits of polynomials."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy

from calcgrad.numpy_names.common import array, dtype_of, getitem, imag, is_complex, ndim, real, reshape, shape
from calcgrad.numpy_names.curves import vander
from calcgrad.numpy_names.linalg import results
from calcgrad.numpy_names.products import convolve
from calcgrad.numpy_names.reductions import total
from calcgrad.numpy_names.registry import handles, refuse, refuse_complex
from calcgrad.operations.transposes import Apply


@cache
def _always_complex() -> bool:
    """Whether NumPy's eigenvalues are complex numbers whatever their values, as they are since NumPy 2.5."""
    return bool(numpy.iscomplexobj(numpy.linalg.eigvals(numpy.eye(1))))


def _all_real(apply: Apply, a: Any, values: Any) -> bool:
    """Whether they are real numbers: those of a real matrix are, if none has an imaginary part."""
    if is_complex(a):
        return False
    none = apply("equal", imag(apply, values), 0.0)
    return bool(apply("decided", none, params=("all",)))


@handles("linalg.eig")
def _eig(apply: Apply, a: Any) -> Any:
    a = array(a)
    packed = apply("eig", a)
    parts = [apply(op, a, packed) for op in ("any_eigenvalues", "any_eigenvectors")]
    if not _always_complex() and _all_real(apply, a, parts[0]):
        parts = [real(apply, part) for part in parts]
    return results("EigResult")(*parts)


@handles("linalg.eigvals")
def _eigvals(apply: Apply, a: Any) -> Any:
    a = array(a)
    return apply("any_eigenvalues", a, apply("eig", a)) if _always_complex() else real_if_all(apply, a)


def real_if_all(apply: Apply, a: Any) -> Any:
    """The eigenvalues; of a real matrix real, if all of them are."""
    values = apply("any_eigenvalues", a, apply("eig", a))
    return real(apply, values) if _all_real(apply, a, values) else values


@handles("roots")
def _roots(apply: Apply, p: Any) -> Any:
    """The eigenvalues of the companion matrix; coefficients 0 at the ends are left out, and are roots 0 at the lower one."""
    p = array(p)
    first, last = 0, shape(p)[0]
    while last > first and bool(apply("equal", getitem(apply, p, last - 1), 0.0)):
        last -= 1
    while first < last and bool(apply("equal", getitem(apply, p, first), 0.0)):
        first += 1
    zeros, n = shape(p)[0] - last, last - first
    if n < 2:
        return numpy.zeros(zeros if n else 0)
    head = apply("div", getitem(apply, p, slice(first + 1, last)), getitem(apply, p, first))
    row = reshape(apply, apply("neg", head), (1, n - 1))
    below = numpy.eye(n - 2, n - 1, dtype=dtype_of(p))
    found = real_if_all(apply, apply("concatenate", row, below, params=(0,)))
    return (
        found if not zeros else apply("concatenate", found, numpy.zeros(zeros, dtype_of(found)), params=(0,))
    )


@handles("poly")
def _poly(apply: Apply, seq_of_zeros: Any) -> Any:
    """The product of the linear factors."""
    zeros = array(seq_of_zeros)
    if ndim(zeros) == 2:
        zeros = real_if_all(apply, zeros)
    refuse_complex("numpy.poly", zeros)  # of complex roots it is real or not by their values
    found: Any = numpy.ones(1, dtype_of(zeros))
    for k in range(shape(zeros)[0]):
        factor = apply("vector", dtype_of(zeros).type(1), apply("neg", getitem(apply, zeros, k)))
        found = convolve(apply, found, factor)
    return found


@handles("polyfit")
def _polyfit(
    apply: Apply, x: Any, y: Any, deg: Any, rcond: Any = None, full: bool = False, w: Any = None, cov: Any = False
) -> Any:  # fmt: skip
    """Least squares with the powers of ``x``, each scaled to the length 1."""
    refuse("numpy.polyfit", rcond=rcond, full=full or None, cov=cov or None)
    if ndim(deg):
        refuse("numpy.polyfit", "one degree, with all powers below it", deg=deg)
    x, y = array(x), array(y)
    powers = vander(apply, x, int(deg) + 1)
    if w is not None:
        refuse_complex("numpy.polyfit with weights", w)
        column = reshape(apply, array(w), (shape(x)[0], 1))
        powers = powers * column
        y = y * (array(w) if ndim(y) == 1 else column)
    scale = apply("sqrt", total(apply, apply("square", powers), 0, True))
    found = apply("matmul", apply("pinv", apply("div", powers, scale)), y)
    size = int(deg) + 1
    return apply("div", found, reshape(apply, scale, (size,) if ndim(y) == 1 else (size, 1)))
