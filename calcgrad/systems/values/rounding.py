"""From Arb's balls to the nearest double: raise the precision until the ball says which one it is.

Balls carry a proof with them, so that a value comes out right to the last bit or not at all (nan). The ladder of
precisions ends where every double's exponent has been paid for twice, or where the next step would take seconds: at parameters
that are hard for it, flint's work grows at least with the square of the bits. No call can climb for ever.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from time import perf_counter, thread_time
from typing import Any

from flint import acb, arb, ctx

from calcgrad.systems.values.remembering import kept

LADDER = (64, 128, 320, 1200, 3600)
#: The seconds of the processor that one step of the ladder may be expected to take.
_MOST_SECONDS = 0.5
#: So many times the seconds of the processor may go by on the clock, on a busy machine.
_SHARED = 4.0
_ENOUGH = 56
_HUGE = arb(2) ** 1024
_TINY = arb(2) ** -1076


def nearest(ball: Any) -> float | None:
    """The double that a real ball rounds to, within 0.6 ulp; None where it is too wide, or nan.

    >>> from flint import arb, ctx
    >>> with ctx.workprec(80):
    ...     third = arb(1) / 3
    >>> nearest(third), nearest(arb("1e400")), nearest(arb(1, 1e-3))
    (0.3333333333333333, inf, None)
    """
    if ball.rel_accuracy_bits() >= _ENOUGH:
        return float(ball)
    if not ball.is_finite():
        return None
    if ball.abs_upper() < _TINY:
        return -0.0 if ball < 0 else 0.0
    if ball.abs_lower() > _HUGE:
        return math.inf if ball > 0 else -math.inf
    return None


def ladder() -> Iterator[int]:
    """The precisions to try in turn, as far as the time that the last one took lets expect an end of the next."""
    begun = perf_counter()
    yield LADDER[0]
    yield from _higher(begun)


def _higher(begun: float) -> Iterator[int]:
    """The precisions after the first, which was tried from the time ``begun`` on the clock."""
    before, *others = LADDER
    spent = (perf_counter() - begun) / _SHARED
    for bits in others:
        if spent * (bits / before) ** 2 > _MOST_SECONDS:
            return
        before, begun = bits, thread_time()
        yield bits
        spent = thread_time() - begun


def rounded(function: Callable[..., Any], *args: float) -> float:
    """The value of a function of balls at doubles; nan where no precision of the ladder decides it.

    Nearly every value comes with the first precision, so that this makes nothing ready for another, and reads no clock but the
    cheapest: both would cost more than most values.
    """
    saved = ctx.prec
    begun = perf_counter()
    try:
        balls = [arb(a) for a in args]
        ctx.prec = LADDER[0]
        value = nearest(function(*balls))
        if value is not None:
            return value
        for ctx.prec in _higher(begun):
            value = nearest(function(*balls))
            if value is not None:
                return value
    except (ValueError, OverflowError, ZeroDivisionError):
        pass
    finally:
        ctx.prec = saved
    return math.nan


def rounded_once(function: Callable[..., Any], *args: float) -> float:
    """As :func:`rounded`, from memory where values are :func:`remembered`."""
    known = kept()
    if known is None or 0.0 in args:  # 0 and -0 are equal, and no key tells them apart
        return rounded(function, *args)
    key = (function, *args)
    value = known.get(key)
    if value is None:
        value = known[key] = rounded(function, *args)
    return value


def rounded_complex(function: Callable[..., Any], *args: complex) -> complex:
    """The same of a function of complex balls: real and imaginary part are both right, however small the one is."""
    gap = max((_gap(z) for z in args), default=0)
    saved = ctx.prec
    try:
        for bits in ladder():
            ctx.prec = bits + gap
            value = function(*[acb(z.real, z.imag) for z in args])
            real, imag = nearest(value.real), nearest(value.imag)
            if real is not None and imag is not None:
                return complex(real, imag)
    except (ValueError, OverflowError, ZeroDivisionError):
        pass
    finally:
        ctx.prec = saved
    return complex(math.nan, math.nan)


def _gap(z: complex) -> int:
    """The bits between the leading bits of the two parts of a number."""
    if not z.imag or not z.real or not math.isfinite(z.imag) or not math.isfinite(z.real):
        return 0
    return abs(math.frexp(z.real)[1] - math.frexp(z.imag)[1])
