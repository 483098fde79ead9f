"""Numbers as text: read exactly, written in the shortest way that reads back as the same."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

#: Digits that a number may be written with.
MAX_DIGITS = 1000
#: The largest finite double, and the smallest positive one: a number must lie between them, or be 0.
LARGEST = Fraction(2**1024 - 2**971)
SMALLEST = Fraction(1, 2**1074)


class TooLongError(ValueError):
    """The number has more digits than calcgrad reads."""


class TooLargeError(ValueError):
    """The number lies outside double's range."""


class TooSmallError(ValueError):
    """The number is not 0, but its nearest double is."""


@lru_cache(maxsize=4096)
def read_number(text: str) -> Fraction:
    """The exact value of a decimal literal.

    Raises ``TooLongError``, ``TooLargeError`` or ``TooSmallError`` for a number that is not read.

    >>> read_number("0.1"), read_number("1_000"), read_number("2.e-3")
    (Fraction(1, 10), Fraction(1000, 1), Fraction(1, 500))
    """
    if len(text) > MAX_DIGITS + 10:
        raise TooLongError
    body, _, exponent = text.replace("_", "").lower().partition("e")
    whole, _, decimals = body.partition(".")
    digits = int(whole + decimals)
    if digits == 0:
        return Fraction(0)
    power = int(exponent or 0) - len(decimals)
    if power > 400:
        raise TooLargeError
    if power < -400 - MAX_DIGITS:
        raise TooSmallError
    value = digits * Fraction(10) ** power
    if value > LARGEST:
        raise TooLargeError
    if 2 * value <= SMALLEST:
        raise TooSmallError
    return value


def write_number(value: Fraction) -> str:
    """The shortest decimal spelling of a number that is not negative and whose expansion ends.

    >>> write_number(Fraction(1, 10)), write_number(Fraction(10**300)), write_number(Fraction(1000))
    ('0.1', '1e300', '1000')
    >>> write_number(Fraction(1, 100000)), write_number(Fraction(25, 2))
    ('1e-5', '12.5')
    """
    digits, power = decimal_parts(value)
    if power >= 0:
        plain = digits + "0" * power
        return plain if len(plain) <= 16 else min(plain, _scientific(digits, power), key=len)
    if len(digits) + power > 0:
        return f"{digits[:power]}.{digits[power:]}"
    zeros = -power - len(digits)
    return "0." + "0" * zeros + digits if zeros < 4 else _scientific(digits, power)


def _scientific(digits: str, power: int) -> str:
    """Digits and a power of ten, with the point after the first digit."""
    point = "." if len(digits) > 1 else ""
    return f"{digits[0]}{point}{digits[1:]}e{power + len(digits) - 1}"


def decimal_parts(value: Fraction) -> tuple[str, int]:
    """Digits without closing zeros, and the power of ten to scale them by.

    Raises ``ValueError`` when the expansion does not end (1/3).

    >>> decimal_parts(Fraction(1, 8)), decimal_parts(Fraction(1200))
    (('125', -3), ('12', 2))
    """
    numerator, denominator = value.numerator, value.denominator
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        raise ValueError("the decimal expansion does not end")
    places = max(twos, fives)
    text = str(numerator * 10**places // denominator)
    digits = text.rstrip("0") or "0"
    return digits, (len(text) - len(digits) - places if numerator else 0)
