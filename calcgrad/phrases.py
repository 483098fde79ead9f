"""Small pieces of English that every room needs: counts with their nouns, lists with their last *and*, numbers in one form.

A number in words has no more digits than mean something; its exponent has neither a plus nor leading zeros.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal


def counted(count: int, what: str = "entry", many: str = "") -> str:
    """A count with its noun; ``many`` is the plural, where it is not the noun with an s.

    >>> counted(1), counted(2), counted(3, "claim"), counted(1_000, "point")
    ('1 entry', '2 entries', '3 claims', '1000 points')
    """
    if count == 1:
        return f"1 {what}"
    return f"{count} {many or (what[:-1] + 'ies' if what.endswith('y') else what + 's')}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names in a row, the last one after an *and*.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")
    ('a', 'a and b', 'a, b or c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def size(value: float, digits: int = 2) -> str:
    """An error, a bound, a noise: to two digits, or one.

    >>> size(8.94e-08), size(1e-12), size(0.25), size(123.0), size(0.0), size(float("inf"))
    ('8.9e-8', '1.0e-12', '0.25', '123', '0', 'inf')
    >>> size(2.1e-07, 1), size(0.25, 1)
    ('2e-7', '0.2')
    """
    if value == 0 or not math.isfinite(value):
        return figure(value)
    if 0.01 <= abs(value) < 10:
        return f"{value:.{digits}g}"
    if 10 <= abs(value) < 999.5:
        return f"{value:.0f}"
    return plain_exponent(f"{value:.{digits - 1}e}")


#: Digits and sign of an exponent that is still read; a tower of exponentials has hundreds.
_LONGEST_EXPONENT = 15


def figure(value: float | Decimal, digits: int = 6) -> str:
    """A number to so many digits.

    >>> figure(0.1234567), figure(1e-7), figure(2.5e10), figure(14.0), figure(-0.0)
    ('0.123457', '1e-7', '2.5e10', '14', '0')
    """
    return plain_exponent(f"{value:.{digits}g}") if value else "0"


def plain_exponent(text: str) -> str:
    """A number's text with its exponent as one writes it; one too long to be read is itself rounded to four digits.

    >>> plain_exponent("1.5e-07"), plain_exponent("1e+22"), plain_exponent("12.5"), plain_exponent("-inf")
    ('1.5e-7', '1e22', '12.5', '-inf')
    >>> plain_exponent("-8.25e+123456789012345678")
    '-10^(1.235e17)'
    """
    mantissa, e, exponent = text.partition("e")
    if len(exponent) > _LONGEST_EXPONENT:
        sign = "-" if mantissa.startswith("-") else ""
        return f"{sign}10^({plain_exponent(f'{Decimal(exponent):.4g}')})"
    return f"{mantissa}e{int(exponent)}" if e else text
