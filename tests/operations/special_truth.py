"""The special functions in mpmath alone, by definitions other than the table's where there are any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
from mpmath import mpf


def slope_of(function: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """The k-th derivative, by differences with digits to spare."""

    def derivative(k: Any, x: Any) -> Any:
        with mp.extradps(60):
            return +mp.diff(function, x, int(k))

    return derivative


def erfcx(x: Any) -> Any:
    with mp.extradps(40):
        return mp.exp(x * x) * mp.erfc(x)


def dawson(x: Any) -> Any:
    with mp.extradps(40):
        return mp.exp(-x * x) * mp.erfi(x) * mp.sqrt(mp.pi) / 2


def log_gamma(x: Any) -> Any:
    with mp.extradps(40):
        return mp.log(abs(mp.gamma(x)))


def log_beta(a: Any, b: Any) -> Any:
    with mp.extradps(40):
        return mp.log(abs(mp.beta(a, b)))


def step(n: Any, x: Any, d: Any) -> Any:
    with mp.extradps(40):
        return mp.psi(int(n), x + d) - mp.psi(int(n), x)


def deflated(k: Any, s: Any, a: Any) -> Any:
    """Of the difference itself, term by term: mpmath's own derivative of zeta, and the pole's."""
    order = int(k)
    with mp.extradps(40):
        return mp.zeta(s, a, order) - (-1) ** order * mp.factorial(order) / (s - 1) ** (order + 1)


def quantile(p: Any) -> Any:
    """By Newton's method on the logarithm of the tail; by symmetry in the upper half."""
    with mp.extradps(40):
        if p > 0.5:
            return -quantile(1 - p)
        start = mp.erfinv(1 - 2 * p) if p > 0.01 else mp.sqrt(mp.log(1 / (mp.pi * (2 * p) ** 2)) / 2)
        return -mp.sqrt(2) * mp.findroot(lambda t: mp.log(mp.erfc(t)) - mp.log(2 * p), start)


def polylog_slope(k: Any, s: Any, x: Any) -> Any:
    """Of the sum itself near 0; elsewhere x d/dx lowers the order by one (DLMF 25.12(ii)), applied k times."""
    if abs(x) < 0.5:
        return mp.nsum(lambda n: mp.ff(n, k) * x ** (n - k) / mp.mpf(n) ** s, [max(int(k), 1), mp.inf])
    with mp.extradps(20):
        first, second, third, fourth = [mp.re(mp.polylog(s - j, x)) / x ** int(k) for j in (1, 2, 3, 4)]
        three = third - 3 * second + 2 * first
        four = fourth - 6 * third + 11 * second - 6 * first
        return [mp.polylog(s, x), first, second - first, three, four][int(k)]


TRUTH: dict[str, Callable[..., Any]] = {
    "erf": mp.erf,
    "erfc": mp.erfc,
    "erfcx": erfcx,
    "erfcx_derivative": slope_of(erfcx),
    "erfi": mp.erfi,
    "erfinv": mp.erfinv,
    "erfcinv": lambda x: mp.findroot(lambda t: mp.erfc(t) / x - 1, mp.erfinv(1 - x)),
    "dawson": dawson,
    "dawson_derivative": slope_of(dawson),
    "gamma": mp.gamma,
    "lgamma": log_gamma,
    "rgamma": mp.rgamma,
    "rgamma_derivative": slope_of(mp.rgamma),
    "factorial": mp.factorial,
    "digamma": mp.digamma,
    "polygamma": lambda n, x: mp.psi(int(n), x),
    "polygamma_step": step,
    "beta": mp.beta,
    "lbeta": log_beta,
    "binomial": mp.binomial,
    "zeta": mp.zeta,
    "zeta_derivative": lambda k, s: mp.zeta(s, 1, int(k)),
    "hurwitz_zeta": mp.zeta,
    "hurwitz_derivative": lambda k, s, a: mp.zeta(s, a, int(k)),
    "hurwitz_deflated": deflated,
    "lambertw": mp.lambertw,
    "besselj": mp.besselj,
    "bessely": mp.bessely,
    "besseli": mp.besseli,
    "besselk": mp.besselk,
    "airyai": mp.airyai,
    "airyaiprime": lambda x: mp.airyai(x, derivative=1),
    "airybi": mp.airybi,
    "airybiprime": lambda x: mp.airybi(x, derivative=1),
    "Si": mp.si,
    "Ci": mp.ci,
    "Ei": mp.ei,
    "li": mp.li,
    "fresnels": mp.fresnels,
    "fresnelc": mp.fresnelc,
    "ellipk": mp.ellipk,
    "ellipe": mp.ellipe,
    "ellipf": mp.ellipf,
    "ellipeinc": mp.ellipe,
    "ellippi": mp.ellippi,
    "ellipf_derivative": lambda k, phi, m: slope_of(lambda p: mp.ellipf(phi, p))(k, m),
    "ellipeinc_derivative": lambda k, phi, m: slope_of(lambda p: mp.ellipe(phi, p))(k, m),
    "normcdf": mp.ncdf,
    "normpdf": mp.npdf,
    "norminv": quantile,
    "lowergamma": lambda s, x: mp.gammainc(s, 0, x),
    "uppergamma": mp.gammainc,
    "gammainc": lambda s, x: mp.gammainc(s, 0, x, regularized=True),
    "gammaincc": lambda s, x: mp.gammainc(s, x, regularized=True),
    "gamma_integrand": lambda s, x: mp.power(x, s - 1) / mp.exp(x),
    "gamma_density": lambda s, x: mp.power(x, s - 1) / mp.exp(x) / mp.gamma(s),
    "betainc": lambda a, b, x: mp.betainc(a, b, 0, x, regularized=True),
    "beta_density": lambda a, b, x: mp.power(x, a - 1) * mp.power(1 - x, b - 1) / mp.beta(a, b),
    "expint": mp.expint,
    "legendre": mp.legendre,
    "chebyt": mp.chebyt,
    "chebyu": mp.chebyu,
    "hermite": mp.hermite,
    "laguerre": lambda n, x: mp.laguerre(n, 0, x),
    "assoc_laguerre": mp.laguerre,
    "gegenbauer": mp.gegenbauer,
    "jacobi": mp.jacobi,
    "hyp0f1": mp.hyp0f1,
    "hyp1f1": mp.hyp1f1,
    "hyp2f1": mp.hyp2f1,
    "polylog": lambda s, x: mp.re(mp.polylog(s, x)),
    "polylog_derivative": polylog_slope,
    "Shi": mp.shi,
    "Chi": mp.chi,
    "ellipk_derivative": slope_of(mp.ellipk),
    "ellipe_derivative": slope_of(mp.ellipe),
}


def exact(name: str, args: tuple[float, ...]) -> Any:
    """The value at doubles."""
    return mp.re(TRUTH[name](*[mpf(a) for a in args]))
