"""Special functions of complex doubles, for the complex step: Arb's complex balls, rounded.

The bits at work cover the distance between the two parts of an argument, so that an imaginary part of 1e-200 comes
out with all its digits. On the real axis the value is that of the real function, nan outside its domain included.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from calcgrad.systems.values import float64_special

NAMES = [
    "erf",
    "erfc",
    "erfcx",
    "erfcx_derivative",
    "erfi",
    "erfinv",
    "erfcinv",
    "dawson",
    "dawson_derivative",
    "gamma",
    "rgamma",
    "rgamma_derivative",
    "factorial",
    "lgamma",
    "digamma",
    "polygamma",
    "polygamma_step",
    "beta",
    "lbeta",
    "binomial",
    "zeta",
    "zeta_derivative",
    "hurwitz_zeta",
    "hurwitz_derivative",
    "hurwitz_deflated",
    "lambertw",
    "besselj",
    "bessely",
    "besseli",
    "besselk",
    "airyai",
    "airyaiprime",
    "airybi",
    "airybiprime",
    "Si",
    "Ci",
    "Ei",
    "li",
    "fresnels",
    "fresnelc",
    "ellipk",
    "ellipe",
    "ellipk_derivative",
    "ellipe_derivative",
]


@cache
def _function(name: str) -> Callable[..., complex]:
    real: Callable[..., float] = getattr(float64_special, name)

    def function(*args: complex) -> complex:
        if not any(a.imag for a in args):
            return complex(real(*[a.real for a in args]))
        from calcgrad.systems.values import balls_special, rounding

        if real(*[a.real for a in args]) != real(*[a.real for a in args]):
            return complex("nan+nanj")
        return rounding.rounded_complex(getattr(balls_special, name), *args)

    function.__name__ = name
    return function


def __getattr__(name: str) -> Any:
    if name in NAMES:
        return _function(name)
    raise AttributeError(name)
