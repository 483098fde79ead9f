"""The same number twice: its difference is 0, its quotient 1, its angle an eighth of a turn, without a proof by digits."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time
from typing import Any

import mpmath
import pytest

import calcgrad
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY

mp = mpmath.mp
#: text, point, the function of the moving number in mpmath, the verdict of its derivative.
TWICE: list[tuple[str, str, Callable[[Any], Any], str]] = [
    ("frac(acot(exp2(x)) % acot(exp2(x)))", "x=0.05", lambda x: mp.mpf(0), "agree"),
    ("root(Si(sqrt(x)) % Si(sqrt(x)), 5)", "x=3.9", lambda x: mp.mpf(0), "agree"),
    ("Si(x)//Si(x) + x", "x=1.5", lambda x: 1 + x, "agree"),
    ("sinc(atan2(sec(x), sec(x)))//sinc(atan2(sec(x), sec(x)))", "x=-0.73", lambda x: mp.mpf(1), "agree"),
    ("abs(atan2(sin(x), sin(x)) - pi/4) + x", "x=1", lambda x: x, "agree"),
    ("abs(atan2(sin(x), sin(x)) + 3pi/4) + x", "x=-1", lambda x: x, "agree"),
    ("abs(atan2(sin(x), 3sin(x)) - atan(1/3)) + x", "x=1", lambda x: x, "agree"),
    ("floor(sec(tanh(x))*1 - sec(tanh(x))) + x", "x=0.4", lambda x: x, "agree"),
    ("abs(2sin(x) - (sin(x) + sin(x))) + x", "x=0.4", lambda x: x, "agree"),
    ("abs((Si(x) + Si(x) + Si(x))/3 - Si(x)) + x", "x=0.4", lambda x: x, "agree"),
    ("std([Si(x), Si(x)]) + x", "x=0.4", lambda x: x, "agree"),
    ("abs(-sin(x)*3Si(x) + Si(x)*3sin(x)) + x", "x=0.4", lambda x: x, "agree"),
    ("abs(sin(x)/Si(x) - 2sin(x)/(3Si(x)))", "x=0.4", lambda x: mp.sin(x) / mp.si(x) / 3, "agree"),
    ("cbrt(var(rgamma(w))) + w[0]", "w=[2.9]", lambda x: x, "agree"),
    ("std(sec(w)) + w[0]", "w=[2.3]", lambda x: x, "agree"),
]


@pytest.mark.parametrize(("text", "at", "function", "verdict"), TWICE)
def test_the_same_twice_is_decided_at_once(text: str, at: str, function: Any, verdict: str) -> None:
    calcgrad.diff("abs(x)", at=0, truth="certified")  # what is imported for the first one is not its time
    begun = thread_time()
    (point,) = calcgrad.diff(text, at=read_points((at,), VOCABULARY), truth="certified").points
    (row,) = point.truth
    assert thread_time() - begun < 2.0
    x = mp.mpf(at.partition("=")[2].strip("[]"))
    slope = (function(x + mp.mpf(2) ** -20) - function(x - mp.mpf(2) ** -20)) * 2**19
    assert (row.verdict, float(row.value or "nan")) == (verdict, pytest.approx(float(slope), abs=1e-9))


@pytest.mark.parametrize(
    "text", ["log(std(sec(w)))", "1/var(erfcx(w))", "acsch(std(ellipk(erf(w))))", "logit(var(w))"]
)
def test_nothing_but_0_is_no_number_to_take_the_logarithm_of(text: str) -> None:
    (point,) = calcgrad.diff(text, at={"w": [0.7]}, truth="certified").points
    assert point.verdict == "undefined"
