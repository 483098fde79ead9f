"""The witness as written: it is silent where the truth is right, and speaks where it is that of the doubles."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from calcgrad.comparing.compute import Request, compute
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY

FUZZ = str(Path(__file__).parent.parent / "scripts" / "fuzz")


@pytest.mark.parametrize(
    ("text", "at"), [("sin(0.1*x)", "0.3"), ("x^0.7*exp(2.1*x)", "1/3"), ("atan(x)", "pi/6")]
)
def test_the_witness(text: str, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(FUZZ)
    monkeypatch.delitem(sys.modules, "_written", raising=False)
    from _written import against_mpmath

    request = Request(text, at=read_points((f"x={at}",), VOCABULARY), truth="certified")
    (point,) = compute(request).points
    assert list(against_mpmath(request, point)) == []
    (row,) = point.truth
    assert row.value is not None
    rounded = replace(row, value=repr(float(row.value)))
    assert len(list(against_mpmath(request, replace(point, truth=(rounded,))))) == 1
