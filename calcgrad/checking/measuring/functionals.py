"""Every kind of claim seen as one thing: a linear form in the direction, beside a derivative that can be measured.

A gradient is ``w -> g·w``. A Jacobian, a jvp and a vjp are that for ``u·f``, u a random weight of the outputs; a Hessian-vector
product with a fixed v is that for the derivative of f along v.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy

from calcgrad.checking.measuring.calling import Caller
from calcgrad.checking.measuring.directions import SIGMAS, draw
from calcgrad.checking.measuring.oracle import ALL_DIGITS, Oracle, Reduce, Wish, scalar
from calcgrad.checking.measuring.subject import Options
from calcgrad.numerical_diff.combine import gravest
from calcgrad.report.estimates import Estimate

Array = Any
#: The measured rounding of a claim is a sample; the true one is hardly ever so many times larger.
SAFETY = 4.0


@dataclass(frozen=True, slots=True)
class Functional:
    """A claimed linear form and how its truth is measured.

    ``vector`` is the claim, one number an entry, ``noise`` the rounding error of each; ``form`` is the claim where there is no
    vector (a jvp): it gives the value along w and its rounding. ``reduce`` picks the number of the output that is
    differentiated. ``second`` is the fixed direction of a Hessian-vector product. ``weights`` are those of the outputs.
    """

    vector: Array | None
    noise: Array | None
    reduce: Reduce
    form: Callable[[Array], tuple[float, float]] | None = None
    second: Array | None = None
    weights: Array | None = None

    def claimed(self, w: Array) -> tuple[float, float]:
        """The claimed derivative along ``w``, and its rounding error."""
        if self.form is not None:
            return self.form(w)
        return float(numpy.sum(self.vector * w)), SIGMAS * SAFETY * norm(self.noise * w)

    def measured(self, oracle: Oracle, w: Array, wish: Wish = ALL_DIGITS) -> Estimate:
        """The derivative along ``w`` from values of the function, with its bound."""
        if self.second is None:
            return oracle.derivative(w, self.reduce, wish=wish)
        return _mixed(oracle, self.reduce, self.second, w)

    def entry(self, i: int, n: int) -> float:
        """The claimed entry i."""
        if self.vector is not None:
            return float(self.vector[i])
        return self.claimed(numpy.eye(1, n, i)[0])[0]


def norm(values: Array) -> float:
    """The Euclidean norm, without overflow or underflow on the way.

    >>> norm(numpy.array([3e200, 3e200])) < 5e200, norm(numpy.array([]))
    (True, 0.0)
    """
    largest = float(numpy.max(numpy.abs(values), initial=0.0))
    if not largest or not math.isfinite(largest):
        return largest
    return largest * float(numpy.sqrt(numpy.sum((values / largest) ** 2)))


def _mixed(oracle: Oracle, reduce: Reduce, v: Array, w: Array) -> Estimate:
    """``wᵀHv`` by polarization: the second derivatives along v+w and v−w, a quarter of their difference."""
    plus, minus = (oracle.derivative(toward, reduce, order=2) for toward in (v + w, v - w))
    worst = gravest([plus, minus])
    if not all(isinstance(e.value, float) and math.isfinite(e.value) for e in (plus, minus)):
        return worst
    value, bound = (plus.value - minus.value) / 4.0, (plus.error_bound + minus.error_bound) / 4.0
    return replace(worst, value=value, error_bound=bound)


class Functionals:
    """Makes the functional of each direction: ``of(j)`` is the j-th, with fresh random weights of the outputs."""

    def __init__(self, caller: Caller, output: Array, size: Array, options: Options) -> None:
        self.caller = caller
        self.output = output
        self.size = size
        self.seed = options.seed
        self._jacobian: tuple[Array, Array] | None = None
        self._gradient: Functional | None = None

    @property
    def is_one(self) -> bool:
        """Whether there is a single functional: the claim is one vector."""
        return self.caller.claim.kind in ("gradient", "value_and_grad")

    def of(self, j: int) -> Functional:
        """The functional for the j-th direction; that of a gradient is always the same."""
        kind = self.caller.claim.kind
        if kind in ("gradient", "value_and_grad"):
            if self._gradient is None:
                self._gradient = Functional(*self.caller.sampled(), scalar)
            return self._gradient
        if kind == "hvp":
            v = draw([self.seed, 7, j], self.size)
            return Functional(*self.caller.sampled(v), scalar, second=v)
        return self.weighted(self._weights(j))

    def weighted(self, u: Array) -> Functional:
        """The functional of ``u·f``, u an array of the output's shape."""
        reduce = _weighted(u)
        kind = self.caller.claim.kind
        if kind == "jvp":
            return Functional(None, None, reduce, lambda w: self._along(u, w), weights=u)
        if kind == "vjp":
            return Functional(*self.caller.sampled(u), reduce, weights=u)
        if self._jacobian is None:
            self._jacobian = self.caller.sampled()
        matrix, noise = self._jacobian
        axes = u.ndim
        vector = numpy.tensordot(u, matrix, axes=axes)
        return Functional(vector, numpy.sqrt(numpy.tensordot(u**2, noise**2, axes=axes)), reduce, weights=u)

    def _weights(self, j: int) -> Array:
        return draw([self.seed, 11, j], numpy.ones(self.output.size)).reshape(self.output.shape)

    def _along(self, u: Array, w: Array) -> tuple[float, float]:
        tangent, noise = self.caller.sampled(w)
        return float(numpy.sum(u * tangent)), SIGMAS * SAFETY * norm(u * noise)


def _weighted(u: Array) -> Reduce:
    def reduce(output: Array) -> float:
        return float(numpy.sum(u * output))

    return reduce
