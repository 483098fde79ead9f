"""Special functions over arrays: SciPy's where they are good, and Arb's, entry by entry, where they are not.

SciPy has no value, or a wrong one, for some of the real line (zeta left of 1, polygamma left of 0, a difference of
digammas that cancels). Those entries alone take the slow way, which gives them to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from scipy import special

from calcgrad.errors import UsageError
from calcgrad.systems.values import float64_special

Array: TypeAlias = Any


def _entries(name: str) -> Callable[..., Array]:
    return entries(name, getattr(float64_special, name))


def of_reals(name: str, *args: Array) -> None:
    """Raises ``UsageError`` E461 where an argument is complex: a conversion to floats would drop a part of it."""
    if any(np.iscomplexobj(a) for a in args):
        raise UsageError.of(
            "E461",
            f"{name} takes no complex values here",
            hints=("custom_rule gives a function of your own a derivative",),
        )


def entries(name: str, scalar: Callable[..., float]) -> Callable[..., Array]:
    """The scalar function of real numbers, entry by entry; complex ones are refused by name."""
    every = np.vectorize(scalar, otypes=[float])

    def function(*args: Array) -> Array:
        of_reals(name, *args)
        return every(*args)

    return function


def _mended(
    name: str,
    fast: Callable[..., Array],
    good: Callable[..., Array],
    of_complex: Callable[..., Array] | None = None,
) -> Callable[..., Array]:
    return mended(name, _entries(name), fast, good, of_complex)


def mended(
    name: str,
    slow: Callable[..., Array],
    fast: Callable[..., Array],
    good: Callable[..., Array],
    of_complex: Callable[..., Array] | None = None,
) -> Callable[..., Array]:
    """SciPy's function where ``good`` says so, the scalar function entry by entry elsewhere; ``of_complex`` if there is one."""

    def function(*args: Array) -> Array:
        if any(np.iscomplexobj(a) for a in args):
            if of_complex is None:
                of_reals(name, *args)
            else:
                return of_complex(*args)
        args = tuple(np.broadcast_arrays(*[np.asarray(a, dtype=float) for a in args]))
        with np.errstate(all="ignore"):
            value = np.array(fast(*args), dtype=float)
            rest = ~np.asarray(good(*args, value), dtype=bool)
            if rest.any():
                value[rest] = slow(*[a[rest] for a in args])
        return value

    return function


#: So far out the recurrence of higher derivatives loses no more than four digits at the second one.
_NEAR = 12.0


def _of_complex(
    name: str, own: Callable[..., Array], slope: Callable[..., Array], sign: float
) -> Callable[..., Array]:
    """The k-th derivative of a function of complex numbers, by the differential equation that its slope is:

    ``y[n+1] = sign (2 x y[n] + 2 n y[n-1])``. Higher derivatives of large numbers, where that cancels, are of real ones alone.
    """

    def function(k: Array, x: Array) -> Array:
        order = int(np.max(k))
        if order != np.min(k) or (order > 1 and np.any(np.abs(x) > _NEAR)):
            of_reals(name, x)
        before, now = own(x), slope(k, x)
        for n in range(1, order):
            before, now = now, sign * (2 * x * now + 2 * n * before)
        return now if order else before

    return function


def _first_of(function: Callable[..., Array], place: int) -> Callable[..., Array]:
    """One of the functions that SciPy computes together."""
    return lambda x: function(x)[place]


def _erfcx_slope(k: Array, x: Array) -> Array:
    return 2 * x * special.erfcx(x) - 2 / np.sqrt(np.pi)


def _dawson_slope(k: Array, x: Array) -> Array:
    return 1 - 2 * x * special.dawsn(x)


def _elliptic_series(first: float) -> Callable[..., Array]:
    def function(k: Array, m: Array) -> Array:
        scale = special.poch(first, k) * special.poch(0.5, k) / special.gamma(k + 1)
        return np.pi / 2 * scale * special.hyp2f1(first + k, 0.5 + k, 1 + k, m)

    return function


def _polygamma(n: Array, x: Array) -> Array:
    return special.polygamma(n, x)


def _moderate(a: Array, b: Array, _: Array) -> Array:
    return (a > 0) & (b > 0) & (a < 1e4) & (b < 1e4)


def _tame(order: Array, x: Array, value: Array) -> Array:
    """Where SciPy's Bessel functions are sound: no exotic order or argument, nothing over- or underflown."""
    return (abs(order) < 50) & (x > 0) & (x < 1e4) & np.isfinite(value) & (abs(value) > 1e-290)


_FRESNEL, _AIRY = 30.0, 50.0

erfcinv = special.erfcinv
dawson = special.dawsn
airyai = _mended(
    "airyai", _first_of(special.airy, 0), lambda x, _: abs(x) < _AIRY, _first_of(special.airy, 0)
)
airyaiprime = _mended(
    "airyaiprime", _first_of(special.airy, 1), lambda x, _: abs(x) < _AIRY, _first_of(special.airy, 1)
)
airybi = _mended(
    "airybi", _first_of(special.airy, 2), lambda x, _: abs(x) < _AIRY, _first_of(special.airy, 2)
)
airybiprime = _mended(
    "airybiprime", _first_of(special.airy, 3), lambda x, _: abs(x) < _AIRY, _first_of(special.airy, 3)
)
Si = _first_of(special.sici, 0)
Ci = _mended("Ci", _first_of(special.sici, 1), lambda x, _: x > 0)
Ei = special.expi
li = _mended("li", lambda x: special.expi(np.log(x)), lambda x, _: x > 0)
fresnels = _mended(
    "fresnels",
    _first_of(special.fresnel, 0),
    lambda x, _: abs(x) < _FRESNEL,
    _first_of(special.fresnel, 0),
)
fresnelc = _mended(
    "fresnelc",
    _first_of(special.fresnel, 1),
    lambda x, _: abs(x) < _FRESNEL,
    _first_of(special.fresnel, 1),
)
ellipk = special.ellipk
ellipe = special.ellipe
lambertw = _mended("lambertw", lambda x: special.lambertw(x).real, lambda x, _: x > -0.36, special.lambertw)

erfcx_derivative = _mended(
    "erfcx_derivative",
    _erfcx_slope,
    lambda k, x, _: (k == 1) & (x < 2),
    _of_complex("erfcx_derivative", special.erfcx, _erfcx_slope, 1.0),
)
dawson_derivative = _mended(
    "dawson_derivative",
    _dawson_slope,
    lambda k, x, _: (k == 1) & (abs(x) < 3),
    _of_complex("dawson_derivative", special.dawsn, _dawson_slope, -1.0),
)
ellipk_derivative = _mended(
    "ellipk_derivative", _elliptic_series(0.5), lambda k, m, _: (k < 4) & (abs(m) < 0.6)
)
ellipe_derivative = _mended(
    "ellipe_derivative", _elliptic_series(-0.5), lambda k, m, _: (k < 4) & (abs(m) < 0.6)
)

factorial = _mended("factorial", lambda x: special.gamma(x + 1), lambda x, _: x > -1)
rgamma_derivative = _entries("rgamma_derivative")
polygamma = _mended("polygamma", _polygamma, lambda n, x, _: (n >= 0) & (n < 20) & (x > 0))
polygamma_step = _mended(
    "polygamma_step",
    lambda n, x, d: _polygamma(n, x + d) - _polygamma(n, x),
    lambda n, x, d, value: (n < 20) & (x > 0) & (x + d > 0) & (abs(value) > 0.1 * abs(_polygamma(n, x))),
)
beta = _mended("beta", special.beta, _moderate)
lbeta = _mended("lbeta", special.betaln, _moderate)
binomial = _mended("binomial", special.binom, lambda n, k, _: (n > 0) & (n < 1e4) & (abs(k) < 1e4))

zeta = _mended("zeta", special.zeta, lambda s, _: s > -10)
zeta_derivative = _entries("zeta_derivative")
hurwitz_zeta = _mended(
    "hurwitz_zeta", special.zeta, lambda s, a, _: (s > 1) & (s < 100) & (a > 0) & (a < 1e6)
)
hurwitz_derivative = _entries("hurwitz_derivative")
hurwitz_deflated = _entries("hurwitz_deflated")

besselj = _mended("besselj", special.jv, _tame, special.jv)
bessely = _mended("bessely", special.yv, _tame, special.yv)
besseli = _mended("besseli", special.iv, _tame, special.iv)
besselk = _mended("besselk", special.kv, _tame, special.kv)
