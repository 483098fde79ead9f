"""Incomplete, hypergeometric and elliptic functions and orthogonal polynomials over Arb's balls, real and complex.

As in :mod:`calcgrad.systems.values.balls_special`. Degrees and orders of derivative are exact whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from flint import acb, arb, ctx, fmpq

from calcgrad.systems.values import recurrences
from calcgrad.systems.values.balls_special import Ball, _elliptic_series, _order, _real, _undefined, _whole
from calcgrad.systems.values.recurrences import HIGHEST_DEGREE, stirling

#: From this order on flint's incomplete gamma function is slow where order and argument are near each other.
_LARGE = 30
#: From this order on that takes longer than it is worth: the terms are as many as its root.
_FARTHEST = 1e9
#: Orders beyond this are more than flint's polylogarithm takes.
_HIGHEST_ORDER = 2000
#: The most terms of a sum that is worth its time.
_MOST_TERMS = 300_000


# Incomplete gamma and beta functions.


def lowergamma(s: Ball, x: Ball) -> Ball:
    return gammainc(s, x) * s.gamma() if _near(s, x) else _start(s, x, 0)


def uppergamma(s: Ball, x: Ball) -> Ball:
    if _near(s, x):
        return gammaincc(s, x) * s.gamma()
    if isinstance(s, arb) and isinstance(x, arb) and s < -_LARGE_ORDER and x > 0:
        return x**s * expint(1 - s, x)  # DLMF 8.19.1; by flint's own it may take for ever
    return x.gamma_upper(s) if _real(x) > 0 else s.gamma() - lowergamma(s, x)


def gammainc(s: Ball, x: Ball) -> Ball:
    return _regularised(s, x) if _near(s, x) else _start(s, x, 1)


def gammaincc(s: Ball, x: Ball) -> Ball:
    if _near(s, x):
        return 1 - _regularised(s, x)
    if isinstance(s, arb) and s < -_LARGE_ORDER:
        return uppergamma(s, x) * s.rgamma()
    return x.gamma_upper(s, 1) if _real(x) > 0 else 1 - gammainc(s, x)


def _start(s: Ball, x: Ball, regularized: int) -> Ball:
    return x.gamma_lower(s, regularized) if _real(x) > 0 else x * 0 if x == 0 else _undefined(x)


def _near(s: Ball, x: Ball) -> bool:
    return bool(_real(s) > _LARGE and 0 < _real(x) < 2 * _real(s))


def _regularised(s: Ball, x: Ball) -> Ball:
    """x^s exp(-x)/gamma(s + 1) times the sum of x^k/(s + 1)_k (DLMF 8.7.1 with 13.2.39), whose terms are all positive.

    Beyond the last term that is added, each is less than ``ratio`` times the one before it.
    """
    if not _real(s) < _FARTHEST:
        return _undefined(x)
    term = total = arb(1)
    tiny = arb(2) ** (-ctx.prec - 10)
    k = 0
    while True:
        k += 1
        term = term * x / (s + k)
        total = total + term
        if not k % 16 and abs(term) < tiny * abs(total):
            ratio = abs(x) / (_real(s) + k + 1)
            if ratio < 1:
                break
        if k > _MOST_TERMS:
            return _undefined(x)
    rest = (abs(term) * ratio / (1 - ratio)).abs_upper()
    real = arb(0, rest)
    total = total + (acb(real, real) if isinstance(total, acb) else real)
    return (s * x.log() - x - (s + 1).lgamma()).exp() * total


def betainc(a: Ball, b: Ball, x: Ball) -> Ball:
    """From the end that is nearer in size, so that neither is found as the small difference from 1.

    Beside 0 from there, however small the order a: 1 - x would be a wide ball at 1, at which flint may go on for ever.
    """
    reach = _real(x) * (_real(a) + _real(b))
    if reach > _real(a) and reach > 1:
        return 1 - (1 - x).beta_lower(b, a, 1)
    return x.beta_lower(a, b, 1)


def expint(n: Ball, x: Ball) -> Ball:
    if x == 0:
        return 1 / (n - 1) if _real(n) > 1 else _undefined(x)
    if isinstance(n, arb) and isinstance(x, arb) and n > _LARGE_ORDER and x > 0:
        return _by_parts(n, x) if 4 * x < n else _by_fraction(n, x)
    return x.expint(n)


#: From this order on of the exponential integral flint takes seconds, minutes or for ever.
_LARGE_ORDER = 1000
_GUARD = 40


def _by_parts(n: arb, x: arb) -> arb:
    """The sum of (-x)^k exp(-x)/((n - 1)…(n - 1 - k)), by parts (DLMF 8.19.12) from order to order, for 4x < n.

    What is left is the next term with the integral of a lower order in place of its last factor, which is at most that factor.
    """
    term, total = 1 / (n - 1), arb(0)
    tiny = arb(2) ** (-ctx.prec - 10)
    for k in range(2, _LARGE_ORDER // 2):
        total = total + term
        term = -term * x / (n - k)
        if abs(term) < tiny * abs(total):
            break
    return (-x).exp() * (total + arb(0, abs(term).abs_upper()))


def _by_fraction(n: arb, x: arb) -> arb:
    """exp(-x) times the continued fraction 1/(x + n/(1 + 1/(x + (n + 1)/(1 + 2/(x + …))))) (DLMF 8.19.17).

    All of its parts are positive: the value lies between any two convergents that follow each other.
    """
    tiny = arb(2) ** (-ctx.prec - 10)
    with ctx.extraprec(_GUARD):  # two convergents are told apart below the digits that are asked for
        (a, b), (c, d) = (arb(0), arb(1)), (arb(1), x)
        found = c / d
        for k in range(2, 2 * _LARGE_ORDER):
            above, below = (n + k // 2 - 1, arb(1)) if k % 2 == 0 else (arb(k // 2), x)
            (a, b), (c, d) = (c, d), (below * c + above * a, below * d + above * b)
            last, found = found, c / d
            if abs(found - last) < tiny * found:
                break
        return (-x).exp() * last.union(found)


# Orthogonal polynomials.


def exact(value: Fraction) -> arb:
    """The ball of a fraction."""
    return arb(fmpq(value.numerator, value.denominator))


def _polynomial(name: str) -> Callable[..., Ball]:
    recurrence = getattr(recurrences, name)

    def function(n: Ball, *args: Ball) -> Ball:
        degree = _whole(n)
        if degree is None or not 0 <= degree <= HIGHEST_DEGREE:
            return _undefined(args[-1])
        return recurrence(exact, degree, *args)

    return function


legendre, chebyt, chebyu = _polynomial("legendre"), _polynomial("chebyt"), _polynomial("chebyu")
hermite, laguerre = _polynomial("hermite"), _polynomial("laguerre")
assoc_laguerre, gegenbauer = _polynomial("assoc_laguerre"), _polynomial("gegenbauer")
jacobi = _polynomial("jacobi")


# Hypergeometric functions, polylogarithms, hyperbolic integrals.


def hyp0f1(b: Ball, x: Ball) -> Ball:
    return x.hypgeom_0f1(b)


def hyp1f1(a: Ball, b: Ball, x: Ball) -> Ball:
    return x.hypgeom_1f1(a, b)


def hyp2f1(a: Ball, b: Ball, c: Ball, x: Ball) -> Ball:
    return x.hypgeom_2f1(a, b, c)


def polylog(s: Ball, x: Ball) -> Ball:
    if not abs(_real(s)) < _HIGHEST_ORDER:
        return _first_terms(0, s, x) if _real(s) > 0 and abs(_real(x)) < 1 else _undefined(x)
    if isinstance(x, acb):
        return x.polylog(s)
    return arb(0) if x == 0 else x.polylog(s) if x < 1 else s.zeta() if x == 1 and s > 1 else _undefined(x)


def _first_terms(n: int, s: Ball, x: Ball) -> Ball:
    """The n-th derivative of polylog by its first two terms, for |x| < 1 and an order far above n.

    The others are together less than the sum of m^(n - s) from m = n + 2, and so than (n + 1)^(n + 1 - s).
    """
    first = arb(n + 1).gamma() * (-s * arb(max(n, 1)).log()).exp()
    following = arb(n + 2).gamma() * (-s * arb(n + 1).log()).exp()
    total = first + following * x if n else x + x * x * (-s * arb(2).log()).exp()
    bound = ((max(n, 1) + 1 - _real(s)) * arb(max(n, 1) + 1).log()).exp()
    real = arb(0, bound.abs_upper())
    return total + (acb(real, real) if isinstance(total, acb) else real)


def polylog_derivative(k: Ball, s: Ball, x: Ball) -> Ball:
    """The sum of Stirling's numbers times polylog(s - j, x), over x^k; near 0 the sum of the power series itself."""
    n = _order(k)
    if n == 0:
        return polylog(s, x)
    if n < 0:
        return _undefined(x)
    if not abs(_real(s)) + n < _HIGHEST_ORDER:
        return _first_terms(n, s, x) if _real(s) > 0 and abs(_real(x)) < 1 else _undefined(x)
    if abs(_real(x)) < arb(1) / 4:
        return _power_series(n, s, x)
    total = x * 0
    for j, count in enumerate(stirling(n)):
        if count:
            total = total + count * polylog(s - j, x)
    return total / x**n


def _power_series(n: int, s: Ball, x: Ball) -> Ball:
    """The sum of m(m - 1)…(m - n + 1) x^(m - n)/m^s from m = n, for |x| < 1/4.

    Past a term whose ratio to the one before is at most 1/2, which it then is for all that follow, the rest is no more than it.
    """
    total, power = x * 0, arb(1)
    falling = arb(n + 1).gamma()
    last = None
    tiny = arb(2) ** (-ctx.prec - 10)
    for m in range(n, n + _MOST_TERMS):
        term = falling * power * (-s * arb(m).log()).exp()
        total = total + term
        size = abs(term)
        if last is not None and m > 4 * (n + abs(_real(s))) and 2 * size < last and size < tiny:
            break
        if x == 0:
            return total
        last = size
        power = power * x
        falling = falling * (m + 1) / (m + 1 - n)
    else:
        return _undefined(x)
    real = arb(0, size.abs_upper())
    return total + (acb(real, real) if isinstance(total, acb) else real)


def Shi(x: Ball) -> Ball:  # noqa: N802
    return x.shi()


def Chi(x: Ball) -> Ball:  # noqa: N802
    return x.chi()


# Incomplete elliptic integrals, by Carlson's forms where Legendre's would subtract.


def _elliptic(name: str, *args: Ball) -> Ball:
    """A value of flint's, which is complex: real where the root under the integral has not ended on the way."""
    found = getattr(acb, name)(*[a if isinstance(a, acb) else acb(a) for a in args])
    if any(isinstance(a, acb) for a in args):
        return found
    return found.real


def _before_the_end(phi: Ball, m: Ball) -> bool:
    """Whether 1 - m sin^2 stays above 0 from 0 to the amplitude."""
    m, phi = _real(m), _real(phi)
    return bool(m < 1 or (abs(phi) < arb.pi() / 2 and m * phi.sin() ** 2 < 1))


def ellipf(phi: Ball, m: Ball) -> Ball:
    return _elliptic("elliptic_f", phi, m) if _before_the_end(phi, m) else _undefined(phi)


def ellipeinc(phi: Ball, m: Ball) -> Ball:
    inside = _before_the_end(phi, m) or m == 1
    return _elliptic("elliptic_e_inc", phi, m) if inside else _undefined(phi)


def ellipf_derivative(k: Ball, phi: Ball, m: Ball) -> Ball:
    return _by_parameter(k, arb(1) / 2, phi, m)


def ellipeinc_derivative(k: Ball, phi: Ball, m: Ball) -> Ball:
    return _by_parameter(k, -arb(1) / 2, phi, m)


#: Derivatives beyond this order are not computed: the integrand is a needle, and nobody asks.
_HIGHEST_ORDER = 1000


def _by_parameter(k: Ball, power: arb, phi: Ball, m: Ball) -> Ball:
    """(power)_k times the integral of sin^2k (1 - m sin^2)^(-power - k), by whole half turns (DLMF 19.2.10) and the rest."""
    n = _order(k)
    if not 0 <= n <= _HIGHEST_ORDER or not _before_the_end(phi, m):
        return _undefined(phi)
    if n == 0:
        return ellipf(phi, m) if power > 0 else ellipeinc(phi, m)
    turns = (_real(phi).mid() / arb.pi() + arb(1) / 2).floor()
    found = power.rising(n) * _integral(n, power, phi - turns * arb.pi(), m)
    return found + 2 * turns * _elliptic_series(k, m, power) if turns != 0 else found


#: Where a parameter is smaller, the recurrence loses that many bits for each order.
_SMALL_PARAMETER = 0.05


def _integral(n: int, power: arb, phi: Ball, m: Ball) -> Ball:
    """The integral to an amplitude of about a quarter of a turn at most: real ones inside of it by closed forms."""
    if abs(_real(phi)) < arb.pi() / 2:
        if n == 1:
            return _by_carlson(power, phi, m)
        real = isinstance(phi, arb) and isinstance(m, arb)
        if real and abs(m) > _SMALL_PARAMETER and m != 1:
            return _by_recurrence(n, power, phi, m)
    return _by_quadrature(n, power, phi, m)


def _by_recurrence(n: int, power: arb, phi: arb, m: arb) -> arb:
    """The integrals K(q) of D^-q, D = 1 - m sin^2, from those of first and second kind upwards, for n > 1.

    The derivative of sin cos D^-q is a sum of D^(1 - q), D^-q and D^(-q - 1), so that three integrals in a row make an equation;
    and sin^2n = ((1 - D)/m)^n.
    """
    s, c = phi.sin(), phi.cos()
    root = 1 - m * s * s
    q = arb(1) / 2
    found = [_elliptic("elliptic_e_inc", phi, m), _elliptic("elliptic_f", phi, m)]
    edge = m * s * c / root.sqrt()
    for _ in range(n):
        following = (2 - 2 * q) * found[-2] + (2 * q - 1) * (2 - m) * found[-1] - edge
        found.append(following / (2 * q * (1 - m)))
        q, edge = q + 1, edge / root
    first = 1 if power > 0 else 0
    total = arb(0)
    for j in range(n + 1):
        total += (-1) ** j * math.comb(n, j) * found[first + n - j]
    return total / m**n


def _by_carlson(power: arb, phi: Ball, m: Ball) -> Ball:
    """sin^3/3 R_D (DLMF 19.25.13)."""
    s, c = phi.sin(), phi.cos()
    root = 1 - m * s * s
    one = root * 0 + 1
    return _elliptic("elliptic_rd", c * c, *((one, root) if power > 0 else (root, one))) / 3 * s**3


def _by_quadrature(n: int, power: arb, phi: Ball, m: Ball) -> Ball:
    """Flint's quadrature with proved bounds, along the straight line from 0 to the amplitude.

    Its own limit of evaluations grows with the square of the precision: minutes, where no precision helps.
    """
    end, parameter = acb(phi), acb(m)

    def integrand(t: acb, analytic: bool) -> acb:
        square = (t * end).sin() ** 2
        root = 1 - parameter * square
        if analytic and not root.real > 0:
            return acb("nan")
        return end * square**n * (-(acb(power) + n) * root.log()).exp()

    try:
        found = acb.integral(integrand, 0, 1, eval_limit=2000 + 4 * ctx.prec)
    except SystemError as error:
        raise _first_of(error) from None
    return found if isinstance(phi, acb) or isinstance(m, acb) else found.real


def _first_of(error: BaseException) -> BaseException:
    """What a signal (Ctrl-C, the end of the time) raised inside the integrand: Flint goes on with it pending, and every later
    call of Python then fails with a ``SystemError`` upon it.
    """
    while isinstance(error, SystemError) and (below := error.__cause__ or error.__context__) is not None:
        error = below
    return error


def ellippi(n: Ball, phi: Ball, m: Ball) -> Ball:
    if phi == 0:  # flint has no answer for a large complex parameter, and climbs long to find out
        return phi * 0
    inside = _before_the_end(phi, m) and _before_the_end(phi, n)
    return _elliptic("elliptic_pi_inc", n, phi, m) if inside else _undefined(phi)
