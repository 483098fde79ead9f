"""Names of variables: any that can be typed, in their natural order."""

from __future__ import annotations

import pytest

import calcgrad


@pytest.mark.parametrize("text", ["x_" + "1" * 5000, "x_" + "1" * 5000 + "*x_" + "2" * 4999])
def test_names_with_very_many_digits_are_names(text: str) -> None:
    assert calcgrad.diff(text).derivatives


def test_variables_stand_in_natural_order() -> None:
    report = calcgrad.diff("x10*x2*x_1*x_01*x")
    assert report.variables == ("x", "x2", "x10", "x_01", "x_1")
