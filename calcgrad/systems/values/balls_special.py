"""Special functions over Arb's balls: real (``arb``) and complex (``acb``) alike, at the precision of flint's context.

Every function takes balls and gives a ball that holds the true value; outside the real domain, and where Arb can say
nothing, that ball is nan. A complex ball near the real axis gives the analytic continuation of the *real* function,
which is what a complex step needs: ``lgamma`` of a negative number has no jump of pi there.

Orders of derivative (``k``) are exact whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, ctx

from calcgrad.systems.values.lengths import keeping

Ball = Any  # arb or acb: flint has no types of its own

_NAN = arb("nan")
# The highest order of derivative that is worth its time.
HIGHEST = 200
# Where a zeta function's sum is taken to be its first terms, give or take a bound of the rest.
_FAR = 2000
# Series of zeta functions are flint's own between these: further out it takes for ever, or has nothing to say.
ZETA_LEFT, ZETA_FARTHEST = -_FAR, 1e9
# Zeta functions of complex numbers are computed near the real axis alone: the terms are as many as the imaginary part.
_HIGH = 1000


def _real(x: Ball) -> Ball:
    """The real part, which says on which side of a branch point a ball lies."""
    return x.real if isinstance(x, acb) else x


def _whole(x: Ball) -> int | None:
    """The whole number that a ball is exactly, or None."""
    part = _real(x)
    exact = part.is_exact() and part.is_integer() and (not isinstance(x, acb) or x.imag.is_zero())
    return int(part.unique_fmpz()) if exact else None


def _order(k: Ball) -> int:
    whole = _whole(k)
    return whole if whole is not None and 0 <= whole <= HIGHEST else -1


def _within(x: Ball, radius: arb) -> Ball:
    """The ball around 0 of this radius, of the kind of x."""
    real = arb(0, radius.abs_upper())
    return acb(real, real) if isinstance(x, acb) else real


def _undefined(x: Ball) -> Ball:
    return acb(_NAN, _NAN) if isinstance(x, acb) else _NAN


def _complex_method(name: str, x: Ball, *args: Ball) -> Ball:
    """A method that only ``acb`` has, of a real function: its real part for a real ball."""
    return _like(x, getattr(acb(x), name)(*[acb(a) for a in args]))


def _like(x: Ball, value: acb) -> Ball:
    """A complex value, or its real part where x is real; nan if the value of a real argument is not real."""
    if isinstance(x, acb):
        return value
    return value.real if value.imag.contains(0) else _NAN


def _derivative(k: int, function: Callable[[Any], Any], x: Ball) -> Ball:
    """k! times the k-th coefficient of a function's power series around x, which is given x + t."""
    from flint import acb_series, arb_series

    kind = acb_series if isinstance(x, acb) else arb_series
    with keeping(max(ctx.cap, k + 1)):
        series = function(kind([x, 1], prec=k + 1))
    return series[k] * arb(k).gamma() * k if k else series[0]


# The error function's family.


def erf(x: Ball) -> Ball:
    return x.erf()


def erfc(x: Ball) -> Ball:
    return x.erfc()


def erfi(x: Ball) -> Ball:
    return x.erfi()


def erfinv(x: Ball) -> Ball:
    return _newton(x, erf, arb.erfinv, 1) if isinstance(x, acb) else x.erfinv()


def erfcinv(x: Ball) -> Ball:
    return _newton(x, erfc, arb.erfcinv, -1) if isinstance(x, acb) else x.erfcinv()


def _newton(z: Ball, function: Any, inverse: Any, sign: int) -> Ball:
    """The inverse of erf or erfc near the real axis, from the real inverse; nan where it does not settle."""
    w = acb(inverse(z.real).mid())
    half_root_pi = sign * arb.pi().sqrt() / 2
    for _ in range(24):
        step = ((function(w) - z) * (w * w).exp() * half_root_pi).mid()
        w = (w - step).mid()
        if step.abs_upper() <= w.imag.abs_upper() * arb(2) ** (-64):
            return w
    return _undefined(z)


#: From here on exp(x²) erfc(x) is taken by Hermite's function.
ERFCX_FAR = 20


def erfcx_slope(x: Ball, k: int) -> Ball:
    """The k-th derivative of exp(x²) erfc(x): (-2)^k k! (2/√π) H_{-k-1}(x), with Hermite's function (DLMF 7.18, 12.7)."""
    return x.hermite_h(-k - 1) * ((-2) ** k * 2 * arb(k + 1).gamma() / arb.pi().sqrt())


def erfcx(x: Ball) -> Ball:
    return (x * x).exp() * x.erfc() if _real(x) < ERFCX_FAR else erfcx_slope(x, 0)


def erfcx_derivative(k: Ball, x: Ball) -> Ball:
    n = _order(k)
    return erfcx_slope(x, n) if n >= 0 else _undefined(x)


def dawson(x: Ball) -> Ball:
    return (-x * x).exp() * x.erfi() * (arb.pi().sqrt() / 2)


def dawson_derivative(k: Ball, x: Ball) -> Ball:
    """With w(x) = erfcx(-ix), Dawson's integral is √π/2 times the odd half of w, (w(x) - w(-x)) / 2i."""
    n = _order(k)
    if n < 0:
        return _undefined(x)
    i = acb(0, 1)
    turn = (-i) ** n
    there = turn * erfcx_slope(-i * x, n)
    back = _sign(n) * turn * erfcx_slope(i * x, n)
    return _like(x, (there - back) / (2 * i) * (arb.pi().sqrt() / 2))


# The gamma function's family.


def gamma(x: Ball) -> Ball:
    return x.gamma()


def rgamma(x: Ball) -> Ball:
    return x.rgamma()


def rgamma_derivative(k: Ball, x: Ball) -> Ball:
    n = _order(k)
    return _derivative(n, lambda t: t.rgamma(), x) if n >= 0 else _undefined(x)


def factorial(x: Ball) -> Ball:
    return (x + 1).gamma()


def lgamma(x: Ball) -> Ball:
    """log |gamma(x)|; for complex x, the continuation of that: sin(pi x) gamma(x) gamma(1 - x) = pi."""
    if _real(x) > 0:
        return x.lgamma()
    if isinstance(x, acb):
        sine = x.sin_pi()
        return arb.pi().log() - (sine if sine.real > 0 else -sine).log() - (1 - x).lgamma()
    return arb.pi().log() - abs(x.sin_pi()).log() - (1 - x).lgamma()


def digamma(x: Ball) -> Ball:
    return x.digamma()


def polygamma(n: Ball, x: Ball) -> Ball:
    k = _whole(n)
    if k is None or k < 0:
        return _undefined(x)
    if k == 0:
        return x.digamma()
    if k > HIGHEST:
        return _first_term(k, x)
    if _real(x) < 0:
        # Reflection (DLMF 5.15.6): recurrence up to the right half-line would take |x| steps.
        cotangents = _derivative(k, lambda t: t.cot_pi(), x) * arb.pi()
        return _sign(k) * polygamma(n, 1 - x) - cotangents
    if isinstance(x, arb) and x > 0:
        return arb(k + 1).zeta(x) * arb(k + 1).gamma() * _sign(k + 1)
    return _complex_method("polygamma", x, arb(k))


def _first_term(k: int, x: Ball) -> Ball:
    """n! / x^(n+1), the first term of the sum, where the second is smaller by 2^-64 and more; else undefined."""
    if isinstance(x, acb) or not x > 0 or not (k + 1) * (1 + 1 / x).log() > 64:
        return _undefined(x)
    size = (arb(k + 1).lgamma() - (k + 1) * x.log()).exp()
    return _sign(k + 1) * size * arb(1, 2**-62)


def _sign(k: int) -> int:
    return -1 if k % 2 else 1


def polygamma_step(n: Ball, x: Ball, d: Ball) -> Ball:
    return polygamma(n, x + d) - polygamma(n, x)


def beta(a: Ball, b: Ball) -> Ball:
    return a.gamma() * b.gamma() * (a + b).rgamma()


def lbeta(a: Ball, b: Ball) -> Ball:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def binomial(n: Ball, k: Ball) -> Ball:
    top, below = _whole(n), _whole(k)
    if top is not None and top < 0:
        if below is None or below < 0:
            return _undefined(k)
        return _sign(below) * binomial(k - n - 1, k)
    if isinstance(n, arb) and isinstance(k, arb) and (abs(n) > _FAR or abs(k) > _FAR):
        return _far_binomial(n, k)
    return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()


def _far_binomial(n: arb, k: arb) -> arb:
    """By logarithms: the gamma functions themselves are beyond Arb's exponents too. For x < 0 the reflection, DLMF 5.5.3."""
    power, product = arb(0), arb(1)
    for x, times in ((n + 1, 1), (k + 1, -1), (n - k + 1, -1)):
        if x > 0:
            power += times * x.lgamma()
        elif times < 0:
            power += (1 - x).lgamma()
            product *= x.sin_pi() / arb.pi()
        else:
            power -= (1 - x).lgamma()
            product *= arb.pi() / x.sin_pi()
    return product * power.exp()


# Zeta functions.


def _high(s: Ball) -> bool:
    """Whether a complex ball is, or may be, far from the real axis."""
    return isinstance(s, acb) and not abs(s.imag) < _HIGH


def zeta(s: Ball) -> Ball:
    if _high(s):
        return _undefined(s)
    return s.zeta() if abs(_real(s)) < _FAR else zeta_derivative(arb(0), s)


def zeta_derivative(k: Ball, s: Ball) -> Ball:
    """Far to the right two terms of the sum are left, far to the left the functional equation has no sum at all to add up."""
    n = _order(k)
    if n < 0 or _high(s):
        return _undefined(s)
    if _real(s) > _FAR:
        log2 = arb(2).log()
        rest = arb(1.6) ** n * arb(1.5) ** (-_real(s)) * 2
        return (1 if n == 0 else 0) + (-log2) ** n * (-s * log2).exp() * (1 + _within(s, rest))
    if _real(s) < -_FAR:
        return _derivative(n, _reflected_zeta, s)
    if -1 < _real(s) < 0:  # the functional equation would meet the pole of zeta(1 - s)
        return _hurwitz_series(k, s, arb(1), deflate=False)
    return _derivative(n, lambda t: t.zeta(), s)


def _reflected_zeta(s: Any) -> Any:
    """2^s pi^(s-1) sin(pi s/2) gamma(1-s) zeta(1-s) (DLMF 25.4.2), where the last is 1 to all the bits there are."""
    power = s * arb(2).log() + (s - 1) * arb.pi().log() + (1 - s).lgamma()
    return power.exp() * (s / 2).sin_pi() * arb(1, 2.0**-1000)


def hurwitz_zeta(s: Ball, a: Ball) -> Ball:
    """Its first term apart where a is small: the rest is quick. Far to the right nothing but a few terms is left of the sum."""
    if _high(s):
        return _undefined(s)
    if abs(_real(s)) > _FAR:
        return hurwitz_derivative(arb(0), s, a)
    if _real(a) < 1:
        return a ** (-s) + _complex_method("zeta", s, a + 1)
    return _complex_method("zeta", s, a)


def hurwitz_derivative(k: Ball, s: Ball, a: Ball) -> Ball:
    return _hurwitz_series(k, s, a, deflate=False)


def hurwitz_deflated(k: Ball, s: Ball, a: Ball) -> Ball:
    """The same of zeta(s, a) - 1/(s - 1), which has no pole."""
    return _hurwitz_series(k, s, a, deflate=True)


def _hurwitz_series(k: Ball, s: Ball, a: Ball, deflate: bool) -> Ball:
    n = _order(k)
    if n < 0 or not _real(a) > 0 or _real(s) < -_FAR or _high(s):
        return _undefined(s)
    if _real(s) > _FAR:
        pole = arb(n + 1).gamma() * (1 - s) ** (-n - 1) if deflate else 0
        return _first_terms(n, s, a) + pole
    if _real(a) < 1:
        return (-a.log()) ** n * a ** (-s) + _hurwitz_series(k, s, a + 1, deflate)
    return _like(s, _derivative(n, lambda t: t.zeta(acb(a), deflate), acb(s)))


def _first_terms(n: int, s: Ball, a: Ball) -> Ball:
    """Three terms of (-log(a + m))^n (a + m)^-s, give or take the integral of those beyond: past s = 2000 they fall at once."""
    terms = [(-(a + m).log()) ** n * (-s * (a + m).log()).exp() for m in range(3)]
    last = _real(a) + 3
    rest = last.log() ** n * (-_real(s) * last.log()).exp() * (1 + 2 * last / (_real(s) - 1))
    return terms[0] + terms[1] + terms[2] + _within(s, rest)


# Lambert's W, Bessel and Airy functions.


def lambertw(x: Ball) -> Ball:
    return x.lambertw()


def besselj(n: Ball, x: Ball) -> Ball:
    return x.bessel_j(n)


def bessely(n: Ball, x: Ball) -> Ball:
    return x.bessel_y(n)


def besseli(n: Ball, x: Ball) -> Ball:
    return x.bessel_i(n)


def besselk(n: Ball, x: Ball) -> Ball:
    return x.bessel_k(n)


def airyai(x: Ball) -> Ball:
    return x.airy_ai()


def airyaiprime(x: Ball) -> Ball:
    return x.airy_ai(derivative=1)


def airybi(x: Ball) -> Ball:
    return x.airy_bi()


def airybiprime(x: Ball) -> Ball:
    return x.airy_bi(derivative=1)


# Integrals.


def Si(x: Ball) -> Ball:  # noqa: N802
    return x.si()


def Ci(x: Ball) -> Ball:  # noqa: N802
    return x.ci()


def Ei(x: Ball) -> Ball:  # noqa: N802
    """For complex x left of 0, -E1(-x): the continuation of the real function, not of the function above the cut."""
    return -(-x).expint(1) if isinstance(x, acb) and x.real < 0 else x.ei()


def li(x: Ball) -> Ball:
    return Ei(x.log()) if isinstance(x, acb) else x.li()


def fresnels(x: Ball) -> Ball:
    return x.fresnel_s()


def fresnelc(x: Ball) -> Ball:
    return x.fresnel_c()


def ellipk(m: Ball) -> Ball:
    return _complex_method("elliptic_k", m)


def ellipe(m: Ball) -> Ball:
    return _complex_method("elliptic_e", m)


def ellipk_derivative(k: Ball, m: Ball) -> Ball:
    """pi/2 ((1/2)_k)²/k! F(1/2+k, 1/2+k; 1+k; m), term by term from K's own series (DLMF 19.5.1, 15.5.2)."""
    return _elliptic_series(k, m, arb(1) / 2)


def ellipe_derivative(k: Ball, m: Ball) -> Ball:
    return _elliptic_series(k, m, -arb(1) / 2)


def _elliptic_series(k: Ball, m: Ball, first: arb) -> Ball:
    n = _order(k)
    if n < 0 or (isinstance(m, arb) and m > 1):  # flint climbs long to find out that there is no real value
        return _undefined(m)
    half = arb(1) / 2
    scale = arb.pi() / 2 * first.rising(n) * half.rising(n) / arb(n + 1).gamma()
    return scale * m.hypgeom_2f1(first + n, half + n, arb(n + 1))
