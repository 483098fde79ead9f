"""What a ball proves, as decimals: digits that every number in it rounds to, and a radius about them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context
from typing import Any

#: In which decimals of any size are reckoned with: by themselves they end at 10^999999.
WIDE = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN)
#: A decimal exponent beyond this is not written out: the number itself would not be readable.
_LARGEST_EXPONENT = 10**8
#: Zeros at the end of a decimal that are left out, when there are more than this.
_MANY_ZEROS = 15


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What is proved of a number: it lies within ``radius`` of ``value``, two decimal texts.

    ``digits`` is how many significant digits of ``value`` are proved, in the sense that the true number rounds to them; 0 where
    0 itself is not excluded. A number that is exactly 0 has the radius ``"0"``. Where nothing is known, ``value`` is ``None`` and
    ``note`` says why.
    """

    value: str | None
    radius: str | None = None
    digits: int = 0
    note: str | None = None

    @property
    def is_zero(self) -> bool:
        """Whether the number is proved to be exactly 0."""
        return self.value == "0" and self.radius == "0"


def enclosure(ball: Any, digits: int) -> Enclosure:
    """The decimals that a finite ball proves, at most ``digits`` of them.

    >>> from flint import arb, ctx
    >>> with ctx.workprec(100):
    ...     third = arb(1) / 3
    >>> enclosure(third, 12)
    Enclosure(value='0.333333333333', radius='3.4e-13', digits=12, note=None)
    >>> enclosure(arb(1, 1e-3), 12), enclosure(arb(14), 12)
    (Enclosure(value='1.00', radius='1.1e-3', digits=3, note=None), Enclosure(value='14', radius='0', digits=12, note=None))
    >>> enclosure(arb(0, 1e-9), 12)
    Enclosure(value='0', radius='1.1e-9', digits=0, note=None)
    """
    if ball.is_zero():
        return Enclosure("0", "0", digits)
    if not _writable(ball):
        return Enclosure(None, note="the number is too large, or too small, to be written in decimals")
    if ball.contains(0):
        return Enclosure("0", _upwards(*_integers(ball.abs_upper(), 3)), 0)
    mid, rad, exponent = _integers(ball, digits + 6)
    sign, size = ("-", -mid) if mid < 0 else ("", mid)
    for kept in range(digits, 0, -1):
        drop = len(str(size)) - kept
        rounded = _halved(size - rad, drop)
        if rounded == _halved(size + rad, drop):
            scale = 10 ** max(drop, 0)
            error = abs(rounded * scale - size) + rad
            text = sign + _decimal(rounded, exponent + max(drop, 0), kept, exact=error == 0)
            return Enclosure(text, _upwards(error, 0, exponent), kept)
    return Enclosure("0", _upwards(*_integers(ball.abs_upper(), 3)), 0)


def _integers(ball: Any, digits: int) -> tuple[int, int, int]:
    """Whole numbers m, r, e with the ball inside (m ± r) 10^e."""
    mid, rad, exponent = ball.mid_rad_10exp(digits)
    return int(mid), int(rad), int(exponent)


def _writable(ball: Any) -> bool:
    from flint import arb

    bound = arb(10) ** _LARGEST_EXPONENT
    size = ball.abs_upper()
    return bool(ball.is_finite() and size < bound and size > 1 / bound)


def _halved(number: int, drop: int) -> int:
    """A number without its last digits, rounded; halves go up."""
    return number if drop <= 0 else (number + 5 * 10 ** (drop - 1)) // 10**drop


def _decimal(number: int, exponent: int, digits: int, exact: bool) -> str:
    """number · 10^exponent with ``digits`` significant digits; in full where it is neither very large nor very small.

    Zeros at the end are left out where they are many, or the number is exact.
    """
    text = str(number)
    place = len(text) - 1 + exponent
    text = text[:digits].ljust(digits, "0")
    short = text.rstrip("0")
    if exact or len(text) - len(short) > _MANY_ZEROS:
        text = short
    if not -max(digits // 3, 5) < place < digits:
        head, tail = text[0], text[1:].rstrip("0") if set(text[1:]) == {"0"} else text[1:]
        return f"{head}{'.' + tail if tail else ''}e{place:+d}"
    if place < 0:
        return "0." + "0" * (-place - 1) + text
    text = text.ljust(place + 1, "0")
    return text[: place + 1] + ("." + text[place + 1 :] if len(text) > place + 1 else "")


def _upwards(mid: int, rad: int, exponent: int) -> str:
    """(mid + rad) · 10^exponent to two digits, rounded up."""
    total = mid + rad
    if total == 0:
        return "0"
    drop = max(len(str(total)) - 2, 0)
    two = -(-total // 10**drop)
    if two >= 100:
        two, drop = -(-two // 10), drop + 1
    text = str(two).ljust(2, "0")
    place = len(str(two)) - 1 + drop + exponent
    return f"{text[0]}.{text[1]}e{place}"
