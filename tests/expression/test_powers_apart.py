"""``ln (x+1)^2``, with a space, has two readings, and says which one it is."""

from __future__ import annotations

import pytest

from calcgrad.expression import parse
from calcgrad.operations import VOCABULARY


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ln (x+1)^2", True),
        (r"\ln (x+1)^2", True),
        (r"\log_3 (x^2 + 2x)^{3/2}", True),
        ("3 sin (x)**2", True),
        ("ln(x+1)^2", False),
        (r"\sin(x)^2", False),
        ("sin^2 (x)", False),
        ("2 (x+1)^2", False),
        ("x (x+1)^2 sin (x)", False),
        ("ln ((x+1)^2)", False),
    ],
)
def test_a_power_after_a_bracket_that_stands_apart_is_told(text: str, told: bool) -> None:
    codes = [warning.code for warning in parse(text, VOCABULARY).warnings]
    assert ("W123" in codes) == told
