"""Derivatives of special functions, by section of the NIST Digital Library of Mathematical Functions
(DLMF)."""

from __future__ import annotations

from mpmath import (
    airyai,
    airybi,
    besseli,
    besselj,
    besselk,
    bessely,
    beta,
    binomial,
    ci,
    cos,
    digamma,
    ei,
    ellipe,
    ellipk,
    erf,
    erfc,
    erfinv,
    exp,
    factorial,
    fresnelc,
    fresnels,
    gamma,
    lambertw,
    li,
    log,
    loggamma,
    mp,
    mpf,
    pi,
    polygamma,
    si,
    sin,
    sqrt,
    zeta,
)

from .problem import Problem

PSI, BESSEL, MODIFIED = "DLMF §5.2(i)", "DLMF §10.6(i)-(ii)", "DLMF §10.29(i)-(ii)"
ERROR, FRESNEL, AIRY, ELLIPTIC = "DLMF §7.2(i)", "DLMF §7.2(iii)", "DLMF §9.2(i)", "DLMF §19.4(i)"

ERROR_FUNCTIONS = (
    Problem("erf", ERROR, "erf(x)", "x=0.5", erf, lambda x: 2 / sqrt(pi) * exp(-(x**2)),
      "2/sqrt(pi) exp(-x^2)"),
    Problem("erf in its tail", ERROR, "erf(x)", "x=5", erf, lambda x: 2 / sqrt(pi) * exp(-(x**2)),
      "2/sqrt(pi) exp(-x^2)"),
    Problem("erfc", ERROR, "erfc(x)", "x=2.5", erfc, lambda x: -2 / sqrt(pi) * exp(-(x**2)),
      "-2/sqrt(pi) exp(-x^2)"),
    Problem("erfcx", "DLMF §7.10", "erfcx(x)", "x=1.5", lambda x: exp(x**2) * erfc(x),
      lambda x: 2 * x * exp(x**2) * erfc(x) - 2 / sqrt(pi), "2x w - 2/sqrt(pi)"),
    Problem("erfinv", "DLMF §7.17", "erfinv(x)", "x=0.3", erfinv,
      lambda x: sqrt(pi) / 2 * exp(erfinv(x) ** 2), "sqrt(pi)/2 exp(erfinv(x)^2)"),
    Problem("erf, 2nd derivative", "DLMF 7.10.1", "erf(x)", "x=0.8", erf,
      lambda x: -4 * x / sqrt(pi) * exp(-(x**2)), "(-1)^n 2/sqrt(pi) H_n(x) exp(-x^2)", order=2),
    Problem("erf, 3rd derivative", "DLMF 7.10.1", "erf(x)", "x=-0.35", erf,
      lambda x: 2 / sqrt(pi) * (4 * x**2 - 2) * exp(-(x**2)), "(-1)^n 2/sqrt(pi) H_n(x) exp(-x^2)", order=3),
    Problem("Fresnel S", FRESNEL, "fresnels(x)", "x=1.2", fresnels, lambda x: sin(pi * x**2 / 2),
      "sin(pi x^2/2)"),
    Problem("Fresnel C", FRESNEL, "fresnelc(x)", "x=0.6", fresnelc, lambda x: cos(pi * x**2 / 2),
      "cos(pi x^2/2)"),
    Problem("Fresnel C, 2nd derivative", FRESNEL, "fresnelc(x)", "x=0.9", fresnelc,
      lambda x: -pi * x * sin(pi * x**2 / 2), "-pi x sin(pi x^2/2)", order=2),
    Problem("Dawson's equation", "DLMF §7.2(ii)", "exp(-x^2)*erf(x)", "x=1.1",
      lambda x: exp(-(x**2)) * erf(x),
      lambda x: 2 / sqrt(pi) * exp(-2 * x**2) - 2 * x * exp(-(x**2)) * erf(x),
      "2/sqrt(pi) exp(-2x^2) - 2x y"),
)  # fmt: skip

INTEGRALS = (
    Problem("sine integral", "DLMF §6.2(ii)", "Si(x)", "x=2", si, lambda x: sin(x) / x, "sin x/x"),
    Problem("cosine integral", "DLMF §6.2(ii)", "Ci(x)", "x=0.7", ci, lambda x: cos(x) / x, "cos x/x"),
    Problem("exponential integral", "DLMF §6.2(i)", "Ei(x)", "x=1.3", ei, lambda x: exp(x) / x, "e^x/x"),
    Problem("exponential integral, negative", "DLMF §6.2(i)", "Ei(x)", "x=-2", ei, lambda x: exp(x) / x,
      "e^x/x"),
    Problem("logarithmic integral", "DLMF §6.2(i)", "li(x)", "x=10", li, lambda x: 1 / log(x), "1/ln x"),
)  # fmt: skip

GAMMA = (
    Problem("gamma", PSI, "gamma(x)", "x=4.5", gamma, lambda x: gamma(x) * digamma(x), "Gamma(x) psi(x)"),
    Problem("gamma, negative", PSI, "gamma(x)", "x=-1.3", gamma, lambda x: gamma(x) * digamma(x),
      "Gamma(x) psi(x)"),
    Problem("log gamma", PSI, "lgamma(x)", "x=7.25", loggamma, digamma, "psi(x)"),
    Problem("digamma", "DLMF §5.15", "digamma(x)", "x=2", digamma, lambda x: zeta(2, x),
      "psi'(x) = zeta(2, x)"),
    Problem("digamma at 1", "DLMF 5.15.2", "digamma(x)", "x=1", digamma, lambda x: pi**2 / 6,
      "psi'(1) = zeta(2)"),
    Problem("trigamma", "DLMF §5.15", "polygamma(1, x)", "x=3.5", lambda x: polygamma(1, x),
      lambda x: -2 * zeta(3, x), "psi''(x) = -2 zeta(3, x)"),
    Problem("polygamma 2", "DLMF §5.15", "polygamma(2, x)", "x=0.8", lambda x: polygamma(2, x),
      lambda x: 6 * zeta(4, x), "psi'''(x) = 6 zeta(4, x)"),
    Problem("factorial", "DLMF §5.4(i), §5.2(i)", "x!", "x=3.5", factorial,
      lambda x: gamma(x + 1) * digamma(x + 1), "Gamma(x+1) psi(x+1)"),
    Problem("factorial at 3", "DLMF 5.4.14", "factorial(x)", "x=3", factorial,
      lambda x: 6 * (mpf(11) / 6 - mp.euler), "3! (1 + 1/2 + 1/3 - Euler)"),
    Problem("beta", "DLMF §5.12", "beta(a, b)", "a=2.5, b=1.25", beta,
      lambda a, b: tuple(beta(a, b) * (digamma(t) - digamma(a + b)) for t in (a, b)),
      "B (psi(a) - psi(a+b))"),
    Problem("log beta", "DLMF §5.12", "lbeta(a, b)", "a=40, b=60", lambda a, b: log(beta(a, b)),
      lambda a, b: tuple(digamma(t) - digamma(a + b) for t in (a, b)), "psi(a) - psi(a+b)"),
    Problem("binomial", "DLMF §1.2(i), §5.2(i)", "binomial(n, k)", "n=6.5, k=2.25", binomial,
      lambda n, k: (binomial(n, k) * (digamma(n + 1) - digamma(n - k + 1)), binomial(n, k) * (digamma(n - k
        + 1) - digamma(k + 1))), "C (psi(n+1) - psi(n-k+1)); C (psi(n-k+1) - psi(k+1))"),
    Problem("log gamma, 2nd derivative", "DLMF §5.15", "lgamma(x)", "x=2.5", loggamma, lambda x: zeta(2, x),
      "psi'(x)", order=2),
)  # fmt: skip

ZETA = (
    Problem("zeta", "DLMF §25.2(ii)", "zeta(s)", "s=3", zeta, lambda s: zeta(s, 1, 1), "-sum ln n/n^s"),
    Problem("zeta at 2", "DLMF §25.6(ii)", "zeta(s)", "s=2", zeta,
      lambda s: pi**2 / 6 * (mp.euler + log(2 * pi) - 12 * log(mp.glaisher)),
      "pi^2/6 (Euler + ln 2pi - 12 ln A), A of Glaisher"),
    Problem("zeta at 0", "DLMF 25.6.11", "zeta(s)", "s=0", zeta, lambda s: -log(2 * pi) / 2, "-ln(2pi)/2"),
    Problem("Hurwitz zeta", "DLMF §25.11(v)", "zeta(s, a)", "s=2.5, a=1.75", zeta,
      lambda s, a: -s * zeta(s + 1, a), "-s zeta(s+1, a)", wrt="a"),
    Problem("Lambert W", "DLMF §4.13", "lambertw(x)", "x=1", lambda x: lambertw(x).real,
      lambda x: (exp(-lambertw(x)) / (1 + lambertw(x))).real, "e^-W/(1 + W)"),
    Problem("Lambert W near its branch point", "DLMF §4.13", "lambertw(x)", "x=-0.3",
      lambda x: lambertw(x).real, lambda x: (exp(-lambertw(x)) / (1 + lambertw(x))).real, "e^-W/(1 + W)"),
)  # fmt: skip

BESSELS = (
    Problem("Bessel J0", BESSEL, "besselj(0, x)", "x=1.5", lambda x: besselj(0, x), lambda x: -besselj(1, x),
      "-J1"),
    Problem("Bessel J1", BESSEL, "besselj(1, x)", "x=2.25", lambda x: besselj(1, x),
      lambda x: besselj(0, x) - besselj(1, x) / x, "J0 - J1/x"),
    Problem("Bessel J3", BESSEL, "besselj(3, x)", "x=5", lambda x: besselj(3, x),
      lambda x: (besselj(2, x) - besselj(4, x)) / 2, "(J2 - J4)/2"),
    Problem("Bessel Y0", BESSEL, "bessely(0, x)", "x=0.8", lambda x: bessely(0, x), lambda x: -bessely(1, x),
      "-Y1"),
    Problem("Bessel Y2", BESSEL, "bessely(2, x)", "x=3.5", lambda x: bessely(2, x),
      lambda x: (bessely(1, x) - bessely(3, x)) / 2, "(Y1 - Y3)/2"),
    Problem("Bessel I0", MODIFIED, "besseli(0, x)", "x=1.75", lambda x: besseli(0, x),
      lambda x: besseli(1, x), "I1"),
    Problem("Bessel I2", MODIFIED, "besseli(2, x)", "x=3", lambda x: besseli(2, x),
      lambda x: (besseli(1, x) + besseli(3, x)) / 2, "(I1 + I3)/2"),
    Problem("Bessel K0", MODIFIED, "besselk(0, x)", "x=0.9", lambda x: besselk(0, x),
      lambda x: -besselk(1, x), "-K1"),
    Problem("Bessel K1", MODIFIED, "besselk(1, x)", "x=2", lambda x: besselk(1, x),
      lambda x: -(besselk(0, x) + besselk(2, x)) / 2, "-(K0 + K2)/2"),
    Problem("Bessel J0, 2nd derivative", "DLMF 10.2.1", "besselj(0, x)", "x=2", lambda x: besselj(0, x),
      lambda x: besselj(1, x) / x - besselj(0, x), "Bessel's equation: -w'/x - w", order=2),
    Problem("x J1", "DLMF 10.6.6", "x*besselj(1, x)", "x=3.25", lambda x: x * besselj(1, x),
      lambda x: x * besselj(0, x), "x J0"),
    Problem("Airy Ai", AIRY, "airyai(x)", "x=-1.5", airyai, lambda x: airyai(x, derivative=1), "Ai'"),
    Problem("Airy Ai at 0", "DLMF 9.2.4", "airyai(x)", "x=0", airyai,
      lambda x: -1 / (mpf(3) ** (mpf(1) / 3) * gamma(mpf(1) / 3)), "-1/(3^(1/3) Gamma(1/3))"),
    Problem("Airy Bi", AIRY, "airybi(x)", "x=0.5", airybi, lambda x: airybi(x, derivative=1), "Bi'"),
    Problem("Airy's equation", "DLMF 9.2.1", "airyai(x)", "x=0.75", airyai, lambda x: x * airyai(x),
      "w'' = x w", order=2),
)  # fmt: skip

ELLIPTICS = (
    Problem("elliptic K", ELLIPTIC, "ellipk(m)", "m=0.5", ellipk,
      lambda m: (ellipe(m) - (1 - m) * ellipk(m)) / (2 * m * (1 - m)), "(E - (1-m) K)/(2m (1-m))"),
    Problem("elliptic K, negative", ELLIPTIC, "ellipk(m)", "m=-2", ellipk,
      lambda m: (ellipe(m) - (1 - m) * ellipk(m)) / (2 * m * (1 - m)), "(E - (1-m) K)/(2m (1-m))"),
    Problem("elliptic E", ELLIPTIC, "ellipe(m)", "m=0.8", ellipe,
      lambda m: (ellipe(m) - ellipk(m)) / (2 * m), "(E - K)/(2m)"),
    Problem("elliptic K of the modulus", "DLMF 19.4.1", "ellipk(k^2)", "k=0.6", lambda k: ellipk(k**2),
      lambda k: (ellipe(k**2) - (1 - k**2) * ellipk(k**2)) / (k * (1 - k**2)), "(E - k'^2 K)/(k k'^2)"),
)  # fmt: skip

SPECIAL: tuple[Problem, ...] = (*ERROR_FUNCTIONS, *INTEGRALS, *GAMMA, *ZETA, *BESSELS, *ELLIPTICS)
