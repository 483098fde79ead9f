"""More of ``scipy.special``: distribution functions and their inverses by SciPy's names, scaled Bessel functions, small helpers."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy

from calcgrad.numpy_names.common import array
from calcgrad.numpy_names.registry import Handler, handles_special, refuse, refuse_complex
from calcgrad.operations.transposes import Apply


def _of_operation(name: str, op: str) -> Handler:
    def handler(apply: Apply, *args: Any, **keywords: Any) -> Any:
        refuse(f"scipy.special.{name}", **keywords)
        refuse_complex(f"scipy.special.{name}", *args)
        return apply(op, *map(array, args))

    return handler


for _name in (
    *("stdtr", "stdtrit", "gammaincinv", "gammainccinv", "betaincinv", "ive", "kve", "ndtri_exp", "poch"),
    *("wrightomega", "owens_t"),
):
    handles_special(_name)(_of_operation(_name, _name))
handles_special("expi")(_of_operation("expi", "Ei"))


def _scaled(op: str, order: float) -> Handler:
    def handler(apply: Apply, x: Any, **keywords: Any) -> Any:
        refuse(f"scipy.special.{op[0]}{order:g}e", **keywords)
        return apply(op, order, x)

    return handler


for _op in ("ive", "kve"):
    for _order in (0.0, 1.0):
        handles_special(f"{_op[0]}{_order:g}e")(_scaled(_op, _order))


@handles_special("gammasgn")
def _gammasgn(apply: Apply, x: Any, **keywords: Any) -> Any:
    """The sign of gamma: a step function."""
    refuse("scipy.special.gammasgn", **keywords)
    below = 1.0 - 2.0 * apply("mod", apply("floor", x), 2.0)
    at_pole = apply("logical_and", apply("less", x, 0.0), apply("equal", x, apply("floor", x)))
    sign = apply("where", apply("greater", x, 0.0), 1.0, below)
    return apply("where", at_pole, numpy.nan, sign)


@handles_special("sici")
def _sici(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.sici", **keywords)
    refuse_complex("scipy.special.sici", x)
    return apply("Si", x), apply("Ci", x)


@handles_special("betaincc")
def _betaincc(apply: Apply, a: Any, b: Any, x: Any, **keywords: Any) -> Any:
    """From the other end."""
    refuse("scipy.special.betaincc", **keywords)
    return apply("betainc", array(b), array(a), 1.0 - array(x))


@handles_special("chdtr")
def _chdtr(apply: Apply, v: Any, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.chdtr", **keywords)
    return apply("gammainc", array(v) * 0.5, array(x) * 0.5)


@handles_special("chdtrc")
def _chdtrc(apply: Apply, v: Any, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.chdtrc", **keywords)
    return apply("gammaincc", array(v) * 0.5, array(x) * 0.5)


@handles_special("chdtri")
def _chdtri(apply: Apply, v: Any, p: Any, **keywords: Any) -> Any:
    refuse("scipy.special.chdtri", **keywords)
    return 2.0 * apply("gammainccinv", array(v) * 0.5, array(p))


@handles_special("gdtr")
def _gdtr(apply: Apply, a: Any, b: Any, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.gdtr", **keywords)
    return apply("gammainc", array(b), array(a) * array(x))


@handles_special("gdtrc")
def _gdtrc(apply: Apply, a: Any, b: Any, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.gdtrc", **keywords)
    return apply("gammaincc", array(b), array(a) * array(x))


@handles_special("pdtr")
def _pdtr(apply: Apply, k: Any, m: Any, **keywords: Any) -> Any:
    """Of the whole part of ``k``."""
    refuse("scipy.special.pdtr", **keywords)
    return apply("gammaincc", apply("floor", array(k) * 1.0) + 1.0, array(m))


@handles_special("pdtrc")
def _pdtrc(apply: Apply, k: Any, m: Any, **keywords: Any) -> Any:
    refuse("scipy.special.pdtrc", **keywords)
    return apply("gammainc", apply("floor", array(k) * 1.0) + 1.0, array(m))


@handles_special("fdtr")
def _fdtr(apply: Apply, dfn: Any, dfd: Any, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.fdtr", **keywords)
    dfn, dfd, x = array(dfn), array(dfd), array(x)
    return apply("betainc", dfn * 0.5, dfd * 0.5, apply("div", dfn * x, dfd + dfn * x))


@handles_special("fdtrc")
def _fdtrc(apply: Apply, dfn: Any, dfd: Any, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.fdtrc", **keywords)
    dfn, dfd, x = array(dfn), array(dfd), array(x)
    return apply("betainc", dfd * 0.5, dfn * 0.5, apply("div", dfd, dfd + dfn * x))


@handles_special("exprel")
def _exprel(apply: Apply, x: Any, **keywords: Any) -> Any:
    """(exp(x) - 1)/x, by Kummer's function, which has all its derivatives at 0."""
    refuse("scipy.special.exprel", **keywords)
    return apply("hyp1f1", 1.0, 2.0, x)


@handles_special("cosm1")
def _cosm1(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.cosm1", **keywords)
    return -2.0 * apply("square", apply("sin", array(x) * 0.5))


@handles_special("powm1")
def _powm1(apply: Apply, x: Any, y: Any, **keywords: Any) -> Any:
    refuse("scipy.special.powm1", **keywords)
    return apply("expm1", apply("xlogy", array(y), array(x)))


@handles_special("inv_boxcox")
def _inv_boxcox(apply: Apply, y: Any, lmbda: Any, **keywords: Any) -> Any:
    refuse("scipy.special.inv_boxcox", **keywords)
    return apply("exp", _logarithm_over(apply, array(y), array(lmbda)))


@handles_special("inv_boxcox1p")
def _inv_boxcox1p(apply: Apply, y: Any, lmbda: Any, **keywords: Any) -> Any:
    refuse("scipy.special.inv_boxcox1p", **keywords)
    return apply("expm1", _logarithm_over(apply, array(y), array(lmbda)))


def _logarithm_over(apply: Apply, y: Any, exponent: Any) -> Any:
    """log(1 + l y)/l, by Gauss's function near l = 0: log(1 + u)/u = F(1, 1; 2; -u)."""
    u = y * exponent
    small = apply("less", apply("abs", u), 0.1)
    near = y * apply("hyp2f1", 1.0, 1.0, 2.0, apply("where", small, -u, 0.0))
    far = apply("div", apply("log1p", apply("where", small, 1.0, u)), apply("where", small, 1.0, exponent))
    return apply("where", small, near, far)


@handles_special("ellipkm1")
def _ellipkm1(apply: Apply, p: Any, **keywords: Any) -> Any:
    refuse("scipy.special.ellipkm1", **keywords)
    return apply("ellipk", 1.0 - array(p))


@handles_special("eval_hermitenorm")
def _eval_hermitenorm(apply: Apply, n: Any, x: Any, **keywords: Any) -> Any:
    """The other normalisation: He(n, x) = 2^(-n/2) H(n, x/sqrt(2))."""
    refuse("scipy.special.eval_hermitenorm", **keywords)
    return apply("hermite", array(n), array(x) * sqrt(0.5)) * apply("exp2", array(n) * -0.5)


def _shifted(name: str, op: str) -> Handler:
    def handler(apply: Apply, n: Any, x: Any, **keywords: Any) -> Any:
        refuse(f"scipy.special.{name}", **keywords)
        refuse_complex(f"scipy.special.{name}", x)
        return apply(op, array(n), 2.0 * array(x) - 1.0)

    return handler


for _name, _op in {
    "eval_sh_legendre": "legendre",
    "eval_sh_chebyt": "chebyt",
    "eval_sh_chebyu": "chebyu",
}.items():
    handles_special(_name)(_shifted(_name, _op))


@handles_special("comb")
def _comb(apply: Apply, N: Any, k: Any, *, exact: bool = False, repetition: bool = False) -> Any:  # noqa: N803 (SciPy's name)
    refuse("scipy.special.comb", exact=exact or None, repetition=repetition or None)
    N, k = array(N), array(k)  # noqa: N806 (SciPy's name)
    some = apply("logical_and", apply("less_equal", k, N), apply("greater_equal", k, 0.0))
    return apply("where", some, apply("binomial", N, k), 0.0)


@handles_special("softplus")
def _softplus(apply: Apply, x: Any, **keywords: Any) -> Any:
    refuse("scipy.special.softplus", **keywords)
    return apply("softplus", array(x))
