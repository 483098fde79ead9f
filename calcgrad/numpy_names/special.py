"""``scipy.special``: the functions of the table under SciPy's names, and what is made of them.

SciPy's own ufuncs hand traced values on by themselves. Those that are Python functions (``logsumexp``, ``softmax``) do not;
:mod:`calcgrad.special` has them under the same names.
"""

from __future__ import annotations

from math import log, pi, sqrt
from typing import Any

import numpy

from calcgrad.numpy_names.common import array, axes_of, axis_param, ndim, shape
from calcgrad.numpy_names.reductions import logsumexp as of_exponentials
from calcgrad.numpy_names.reductions import total
from calcgrad.numpy_names.registry import Handler, handles_special, refuse, refuse_complex
from calcgrad.numpy_names.ufuncs import elementwise
from calcgrad.operations import ROWS, Elementwise
from calcgrad.operations.transposes import Apply


def _of_row(row: Elementwise, name: str) -> Handler:
    """The handler of a row, which refuses complex arguments by SciPy's name where the row does."""
    handler = elementwise(row.name, name)
    if not row.of_reals:
        return handler

    def of_reals(apply: Apply, *args: Any, **keywords: Any) -> Any:
        refuse_complex(name, *args)
        return handler(apply, *args, **keywords)

    return of_reals


for _row in ROWS:
    if isinstance(_row, Elementwise):
        for _name in _row.scipy:
            # Two ufuncs without a public name are what SciPy's zeta calls.
            _public = "zeta" if _name.endswith("_zeta") else _name
            handles_special(_name)(_of_row(_row, f"scipy.special.{_public}"))


def _of_order(op: str, order: float) -> Any:
    def handler(apply: Apply, x: Any, **keywords: Any) -> Any:
        refuse(f"scipy.special.{op}", **keywords)
        return apply(op, order, x)

    return handler


for _letter, _op in {"j": "besselj", "y": "bessely", "i": "besseli", "k": "besselk"}.items():
    for _order in (0, 1):
        handles_special(f"{_letter}{_order}")(_of_order(_op, float(_order)))


@handles_special("loggamma")
def _loggamma(apply: Apply, z: Any, **keywords: Any) -> Any:
    """The principal branch: of a negative number it is complex, and nan here, as in SciPy."""
    refuse("scipy.special.loggamma", **keywords)
    refuse_complex("scipy.special.loggamma", z)
    return apply("where", apply("less", z, 0.0), numpy.nan, apply("lgamma", z))


@handles_special("rgamma")
def _rgamma(apply: Apply, z: Any, **keywords: Any) -> Any:
    refuse("scipy.special.rgamma", **keywords)
    refuse_complex("scipy.special.rgamma", z)
    return apply("rgamma", z)


@handles_special("airy")
def _airy(apply: Apply, z: Any, **keywords: Any) -> Any:
    refuse("scipy.special.airy", **keywords)
    return tuple([apply(op, z) for op in ("airyai", "airyaiprime", "airybi", "airybiprime")])


@handles_special("fresnel")
def _fresnel(apply: Apply, z: Any, **keywords: Any) -> Any:
    refuse("scipy.special.fresnel", **keywords)
    return apply("fresnels", z), apply("fresnelc", z)


@handles_special("shichi")
def _shichi(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.shichi", **keywords)
    refuse_complex("scipy.special.shichi", x)
    return apply("Shi", x), apply("Chi", x)


@handles_special("exp1")
def _exp1(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.exp1", **keywords)
    refuse_complex("scipy.special.exp1", x)
    return apply("expint", 1.0, x)


@handles_special("spence")
def _spence(apply: Apply, z: Any, **keywords: Any) -> Any:
    """The dilogarithm of 1 - z."""
    refuse("scipy.special.spence", **keywords)
    refuse_complex("scipy.special.spence", z)
    return apply("polylog", 2.0, 1.0 - z)


@handles_special("lambertw")
def _lambertw(apply: Apply, z: Any, k: int = 0, tol: float = 1e-8) -> Any:
    refuse("scipy.special.lambertw", "the principal branch, k=0", k=k or None)
    return apply("lambertw", z)


@handles_special("factorial")
def _factorial(apply: Apply, n: Any, exact: bool = False, extend: Any = "zero") -> Any:
    refuse_complex("scipy.special.factorial", n)
    return apply("factorial", n)


@handles_special("log_expit")
def _log_expit(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.log_expit", **keywords)
    return apply("neg", apply("softplus", apply("neg", x)))


@handles_special("exp10")
def _exp10(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.exp10", **keywords)
    return apply("pow", 10.0, x)


@handles_special("radian")
def _radian(apply: Apply, d: Any, m: Any, s: Any, **keywords: Any) -> Any:
    refuse("scipy.special.radian", **keywords)
    return apply("deg2rad", d + m / 60.0 + s / 3600.0)


@handles_special("xlog1py")
def _xlog1py(apply: Apply, x: Any, y: Any, **keywords: Any) -> Any:
    refuse("scipy.special.xlog1py", **keywords)
    x, y = array(x), array(y)
    nothing = apply("equal", x, 0.0)
    at_pole = apply("logical_and", nothing, apply("equal", y, -1.0))
    return apply("where", at_pole, 0.0, x * apply("log1p", y))


@handles_special("entr")
def _entr(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.entr", **keywords)
    return apply("where", apply("less", x, 0.0), -numpy.inf, apply("neg", apply("xlogy", x, x)))


@handles_special("rel_entr")
def rel_entr(apply: Apply, x: Any, y: Any, **keywords: Any) -> Any:
    """x log(x/y), and 0 where x is 0."""
    refuse("scipy.special.rel_entr", **keywords)
    x, y = array(x), array(y)
    return apply("xlogy", x, apply("div", x, y))


@handles_special("kl_div")
def _kl_div(apply: Apply, x: Any, y: Any, **keywords: Any) -> Any:
    return rel_entr(apply, x, y, **keywords) - x + y


@handles_special("huber")
def _huber(apply: Apply, delta: Any, r: Any, **keywords: Any) -> Any:
    refuse("scipy.special.huber", **keywords)
    size = apply("abs", r)
    beyond = delta * (size - 0.5 * delta)
    return apply("where", apply("less_equal", size, delta), 0.5 * apply("square", r), beyond)


@handles_special("pseudo_huber")
def _pseudo_huber(apply: Apply, delta: Any, r: Any, **keywords: Any) -> Any:
    """delta² (sqrt(1 + (r/delta)²) - 1), without the loss of digits near 0."""
    refuse("scipy.special.pseudo_huber", **keywords)
    square = apply("square", apply("div", r, delta))
    root = apply("sqrt", 1.0 + square)
    return apply("square", delta) * apply("div", square, root + 1.0)


@handles_special("log_ndtr")
def _log_ndtr(apply: Apply, x: Any, **keywords: Any) -> Any:
    """By erfcx in the lower tail, by log1p in the upper one."""
    refuse("scipy.special.log_ndtr", **keywords)
    upper = apply("greater", x, 0.0)
    low, high = apply("where", upper, 0.0, x), apply("where", upper, x, 0.0)
    below = apply("log", apply("erfcx", low * -sqrt(0.5)) * 0.5) - 0.5 * apply("square", low)
    above = apply("log1p", apply("erfc", high * sqrt(0.5)) * -0.5)
    return apply("where", upper, above, below)


@handles_special("boxcox")
def _boxcox(apply: Apply, x: Any, lmbda: Any, **keywords: Any) -> Any:
    refuse("scipy.special.boxcox", **keywords)
    return _power_of(apply, apply("log", x), lmbda)


@handles_special("boxcox1p")
def _boxcox1p(apply: Apply, x: Any, lmbda: Any, **keywords: Any) -> Any:
    refuse("scipy.special.boxcox1p", **keywords)
    return _power_of(apply, apply("log1p", x), lmbda)


def _power_of(apply: Apply, logarithm: Any, exponent: Any) -> Any:
    """(exp(l e) - 1)/e, and l + l² e/2 near e = 0, so that the derivative there is right too."""
    small = apply("less", apply("abs", exponent), 1e-9)
    safe = apply("where", small, 1.0, exponent)
    series = logarithm + 0.5 * apply("square", logarithm) * exponent
    return apply("where", small, series, apply("div", apply("expm1", logarithm * safe), safe))


@handles_special("logsumexp")
def _logsumexp(
    apply: Apply, a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    """With weights ``b``, the logarithm of their sum, scaled by the largest exponential."""
    refuse("scipy.special.logsumexp", return_sign=return_sign or None)
    a = array(a)
    refuse_complex("scipy.special.logsumexp", a)
    if b is None:
        return of_exponentials(apply, a, axis, keepdims)
    params = (axis_param(axis, ndim(a)), True)
    largest = apply("stop_gradient", apply("amax", a, params=params))
    sums = total(apply, array(b) * apply("exp", a - largest), axis, True)
    found = apply("log", sums) + largest
    if keepdims:
        return found
    axes = axes_of(axis, ndim(a))
    return apply("reshape", found, params=(tuple([n for i, n in enumerate(shape(found)) if i not in axes]),))


@handles_special("softmax")
def _softmax(apply: Apply, x: Any, axis: Any = None) -> Any:
    x = array(x)
    return apply("softmax", x, params=(axis_param(axis, ndim(x)),))


@handles_special("log_softmax")
def _log_softmax(apply: Apply, x: Any, axis: Any = None) -> Any:
    x = array(x)
    refuse_complex("scipy.special.log_softmax", x)
    return x - of_exponentials(apply, x, axis, True)


@handles_special("multigammaln")
def _multigammaln(apply: Apply, a: Any, d: int) -> Any:
    found = apply("lgamma", a) + (d * (d - 1) / 4) * log(pi)
    for j in range(1, d):
        found = found + apply("lgamma", a - j / 2)
    return found
