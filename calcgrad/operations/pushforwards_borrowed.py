"""The pushforwards of :mod:`calcgrad.operations.borrowed`: inverses by the density at their value, and refusals by name."""

from __future__ import annotations

from collections.abc import Callable
from math import log, pi, sqrt
from typing import Any

from calcgrad.errors import UsageError
from calcgrad.operations.transposes import Apply


def _student_density(apply: Apply, df: Any, t: Any) -> Any:
    """(1 + t²/df)^(-(df + 1)/2) / (sqrt(df) B(1/2, df/2)): DLMF 8.17.1 with t² for the variable."""
    half = apply("mul", df, 0.5)
    scale = apply("add", apply("lbeta", half, 0.5), apply("mul", apply("log", df), 0.5))
    # A square of 1e200 would overflow: beyond 1e8 sqrt(df) the 1 is lost in t²/df anyhow.
    scaled = apply("div", t, apply("sqrt", df))
    size = apply("abs", scaled)
    far = apply("greater", size, 1e8)
    near = apply("where", far, 1.0, scaled)
    tail = apply("mul", apply("log", apply("where", far, size, 1.0)), 2.0)
    growth = apply("where", far, tail, apply("log1p", apply("square", near)))
    power = apply("mul", apply("mul", apply("add", df, 1.0), 0.5), growth)
    return apply("exp", apply("neg", apply("add", power, scale)))


def stdtr(apply: Apply, y: Any, df: Any, t: Any, d: Any) -> Any:
    """The density."""
    return apply("mul", _student_density(apply, df, t), d)


def stdtrit(apply: Apply, y: Any, df: Any, p: Any, d: Any) -> Any:
    """The inverse function theorem."""
    return apply("div", d, _student_density(apply, df, y))


def gammaincinv(apply: Apply, y: Any, a: Any, p: Any, d: Any) -> Any:
    """The inverse function theorem."""
    return apply("div", d, apply("gamma_density", a, y))


def gammainccinv(apply: Apply, y: Any, a: Any, p: Any, d: Any) -> Any:
    """The same, falling."""
    return apply("neg", gammaincinv(apply, y, a, p, d))


def betaincinv(apply: Apply, y: Any, a: Any, b: Any, p: Any, d: Any) -> Any:
    """The inverse function theorem."""
    return apply("div", d, apply("beta_density", a, b, y))


def ive(apply: Apply, y: Any, v: Any, x: Any, d: Any) -> Any:
    """The mean of the neighbours less the slope of exp(|x|): DLMF 10.29.1."""
    near = apply("add", apply("ive", apply("sub", v, 1.0), x), apply("ive", apply("add", v, 1.0), x))
    slope = apply("sub", apply("mul", near, 0.5), apply("mul", apply("sign", x), y))
    return apply("mul", slope, d)


def kve(apply: Apply, y: Any, v: Any, x: Any, d: Any) -> Any:
    """The same for the second kind, with exp(-x)."""
    near = apply("add", apply("kve", apply("sub", v, 1.0), x), apply("kve", apply("add", v, 1.0), x))
    return apply("mul", apply("sub", y, apply("mul", near, 0.5)), d)


def ndtri_exp(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``exp(a)`` over the normal density, in one exponential."""
    exponent = apply("add", apply("add", a, apply("mul", apply("square", y), 0.5)), 0.5 * log(2 * pi))
    return apply("mul", apply("exp", exponent), d)


def poch_first(apply: Apply, y: Any, z: Any, m: Any, d: Any) -> Any:
    """``y (digamma(z + m) - digamma(z))``."""
    return apply("mul", apply("mul", y, apply("polygamma_step", 0.0, z, m)), d)


def poch_second(apply: Apply, y: Any, z: Any, m: Any, d: Any) -> Any:
    """``y digamma(z + m)``."""
    return apply("mul", apply("mul", y, apply("digamma", apply("add", z, m))), d)


def wrightomega(apply: Apply, y: Any, a: Any, d: Any) -> Any:
    """``y/(1 + y)``, from its equation."""
    return apply("mul", apply("div", y, apply("add", y, 1.0)), d)


def owens_t_first(apply: Apply, y: Any, h: Any, a: Any, d: Any) -> Any:
    """``-exp(-h²/2) erf(a h/sqrt(2)) / (2 sqrt(2π))``, from the integral that defines it (Owen, 1956, eq. 2.1)."""
    density = apply("exp", apply("mul", apply("square", h), -0.5))
    inner = apply("erf", apply("mul", apply("mul", a, h), sqrt(0.5)))
    return apply("mul", apply("mul", apply("mul", density, inner), -0.5 / sqrt(2 * pi)), d)


def owens_t_second(apply: Apply, y: Any, h: Any, a: Any, d: Any) -> Any:
    """The integrand."""
    spread = apply("add", apply("square", a), 1.0)
    top = apply("exp", apply("mul", apply("mul", apply("square", h), spread), -0.5))
    return apply("mul", apply("div", apply("mul", top, 0.5 / pi), spread), d)


def unknown(subject: str) -> UsageError:
    """The error for a derivative that nobody has a formula for."""
    return UsageError.of(
        "E425",
        f"no closed form is known for the derivative of {subject}",
        hints=(
            "stop_gradient(x) takes that argument as a constant; custom_rule gives a function of your own a derivative",
            "calcgrad.numerical_diff measures the derivative by differences, with a bound of its error",
        ),
    )


def _refused(subject: str) -> Callable[..., Any]:
    def refuse(apply: Apply, *values: Any) -> Any:
        raise unknown(subject)

    return refuse


refuse_stdtr_df = _refused("scipy.special.stdtr by df")
refuse_stdtrit_df = _refused("scipy.special.stdtrit by df")
refuse_gammaincinv_a = _refused("scipy.special.gammaincinv by a")
refuse_gammainccinv_a = _refused("scipy.special.gammainccinv by a")
refuse_ive_v = _refused("scipy.special.ive by v")
refuse_kve_v = _refused("scipy.special.kve by v")
refuse_betaincinv_a = _refused("scipy.special.betaincinv by a")
refuse_betaincinv_b = _refused("scipy.special.betaincinv by b")


def _refused_argument(k: int) -> Callable[..., Any]:
    """Of a borrowed function: the last values are the arguments' tangent, then (path, subjects, keywords, part)."""

    def refuse(apply: Apply, *values: Any) -> Any:
        raise unknown(values[-3][k])

    return refuse


refuse_argument_0, refuse_argument_1, refuse_argument_2, refuse_argument_3 = map(_refused_argument, range(4))
