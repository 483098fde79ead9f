"""The derivatives of activations and links, and the forms in which people get them wrong: one table for traced and opaque losses.

A row is recognised by its values: its slope at ``u``, with the output ``v``, is the derivative that was measured there. The
wrong forms are what was written in place of the slope, each with the word for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy

Array = Any
#: A function of the input and of the output of an activation.
Of = Callable[[Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in place of a derivative: in words, and as a function of input and output."""

    words: str
    of: Of
    cause: str = "missing-activation"


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation: its value, its derivative, its wrong forms; a ``link`` is what parameters are put through."""

    name: str
    value: Callable[[Array], Array]
    slope: Of
    wrong: tuple[Form, ...] = ()
    link: bool = False

    def forms(self) -> tuple[Form, ...]:
        """Every wrong form, those that any activation has among them: the derivative left out, or taken at the output."""
        cause = "reparametrisation" if self.link else "missing-activation"
        return (
            Form("left out", lambda u, v: numpy.ones_like(v), cause),
            *self.wrong,
            Form("taken at its output, not at its input", self._again),
        )

    def _again(self, u: Array, v: Array) -> Array:
        return self.slope(v, self.value(v))


def _sigmoid(u: Array) -> Array:
    return numpy.where(u >= 0, 1.0, numpy.exp(-numpy.abs(u))) / (1.0 + numpy.exp(-numpy.abs(u)))


def _softplus(u: Array) -> Array:
    return numpy.maximum(u, 0.0) + numpy.log1p(numpy.exp(-numpy.abs(u)))


ACTIVATIONS: tuple[Activation, ...] = (
    Activation("exp", numpy.exp, lambda u, v: v, (Form("its argument", lambda u, v: u),), link=True),
    Activation(
        "sigmoid",
        _sigmoid,
        lambda u, v: v * (1.0 - v),
        (
            Form("s alone, for s (1 - s)", lambda u, v: v),
            Form("1 - s, for s (1 - s)", lambda u, v: 1.0 - v),
            Form("1 - s^2, which is that of tanh", lambda u, v: 1.0 - v * v),
            Form("z (1 - z) with the input z, for s (1 - s)", lambda u, v: u * (1.0 - u)),
        ),
        link=True,
    ),
    Activation(
        "tanh",
        numpy.tanh,
        lambda u, v: 1.0 - v * v,
        (
            Form("1 - t, for 1 - t^2", lambda u, v: 1.0 - v),
            Form("t (1 - t), which is that of a sigmoid", lambda u, v: v * (1.0 - v)),
            Form("1 - z^2 with the input z, for 1 - t^2", lambda u, v: 1.0 - u * u),
            Form("1 + t^2", lambda u, v: 1.0 + v * v),
        ),
    ),
    Activation(
        "softplus",
        _softplus,
        lambda u, v: _sigmoid(u),
        (
            Form("that of the sigmoid: differentiated once too often", lambda u, v: _sigmoid(u) * _sigmoid(-u)),
            Form("its value", lambda u, v: v),
            Form("1 - sigmoid", lambda u, v: _sigmoid(-u)),
        ),
        link=True,
    ),
    Activation(
        "relu",
        lambda u: numpy.maximum(u, 0.0),
        lambda u, v: (u > 0).astype(float),
        (Form("1 where it is 0, and the other way round", lambda u, v: (u <= 0).astype(float), "inverted-mask"),),
    ),
    Activation("log", lambda u: numpy.log(numpy.abs(u)), lambda u, v: 1.0 / u, (Form("u", lambda u, v: u),)),
    Activation(
        "sqrt",
        lambda u: numpy.sqrt(numpy.abs(u)),
        lambda u, v: 0.5 / v,
        (Form("1/v, the 1/2 forgotten", lambda u, v: 1.0 / v, "factor"), Form("v/2", lambda u, v: 0.5 * v)),
    ),
    Activation(
        "the square",
        numpy.square,
        lambda u, v: 2.0 * u,
        (Form("2, the argument forgotten", lambda u, v: numpy.full_like(v, 2.0)),),
        link=True,
    ),
    Activation("sin", numpy.sin, lambda u, v: numpy.cos(u), (Form("sin itself", lambda u, v: v),)),
    Activation("cos", numpy.cos, lambda u, v: -numpy.sin(u), (Form("cos itself", lambda u, v: v),)),
    Activation(
        "log(1 - z)", lambda u: numpy.log(numpy.abs(1.0 - u)), lambda u, v: -1.0 / (1.0 - u)
    ),
    Activation(
        "the logit",
        lambda u: numpy.log(numpy.abs(u / (1.0 - u))),
        lambda u, v: 1.0 / (u * (1.0 - u)),
        link=True,
    ),
    Activation("arctan", numpy.arctan, lambda u, v: 1.0 / (1.0 + u * u)),
)  # fmt: skip
