"""Letters that are variables where people mostly mean something else: the imaginary unit, the x in front of a power of ten."""

from __future__ import annotations

import pytest

from calcgrad.expression import parse
from calcgrad.operations import VOCABULARY


@pytest.mark.parametrize(
    ("text", "declared", "codes"),
    [
        ("e^(i*x)", (), ["W121"]),
        ("e^(2i)", (), ["W121"]),
        ("exp(-I*w*t)", (), ["W121"]),
        ("exp(j*w*t) + exp(-j*w*t)", (), ["W121"]),
        ("e^(i*x)", ("i", "x"), []),
        ("i*e^x", (), []),
        ("x_i*e^x", (), []),
        ("2^(i*x)", (), []),
        ("2x10^3", (), ["W120"]),
        ("2x10²", (), ["W120"]),
        ("1.5X10**-3*t", (), ["W120"]),
        ("2x10^3", ("x10",), []),
        ("2*x10^3", (), []),
        ("2x10", (), []),
    ],
)
def test_what_is_told(text: str, declared: tuple[str, ...], codes: list[str]) -> None:
    parsed = parse(text, VOCABULARY, declared=declared)
    assert [warning.code for warning in parsed.warnings if warning.code in ("W120", "W121")] == codes


def test_the_number_is_told_but_it_is_not_what_was_read() -> None:
    [warning] = parse("2x10^3", VOCABULARY).warnings
    assert warning.fix is None
    assert "for a number write 2*10^3" in warning.hints
    assert not parse("2*10^3", VOCABULARY).variables
