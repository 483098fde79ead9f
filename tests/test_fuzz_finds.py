"""What the fuzzer found, each find as small as it goes."""

import pytest

from calcgrad.comparing import Request, compute
from calcgrad.errors import UsageError
from calcgrad.operations import VOCABULARY
from calcgrad.points import read_points

EXPRESSIONS = [
    # forward mode enters the branch that is not taken; the rounding allowed is then that of reverse mode
    ("fresnelc(sech(erfc(where(0, besselj(x, x), x))))", "x=2.0"),
    # the complex step's truncation, 5e-101, beside a derivative of 0
    ("fresnels(x)", "x=0"),
]


@pytest.mark.parametrize(("text", "at"), EXPRESSIONS)
def test_rounding_is_no_disagreement(text: str, at: str) -> None:
    point = compute(Request(text, at=read_points((at,), VOCABULARY))).points[0]
    assert point.truth[0].value is not None
    assert point.conditioning is not None
    assert point.verdict == "agree"


@pytest.mark.parametrize("text", ["2e>2e", "3e>2e", "1>0"])
def test_a_comparison_is_no_coordinate(text: str) -> None:
    with pytest.raises(UsageError, match="E314"):
        read_points((text,), VOCABULARY)


def test_a_step_advised_to_be_nothing_is_no_crash() -> None:
    at = read_points(("x=-1.832, z=1",), VOCABULARY)
    assert compute(Request("x > z + log(x % 0.5)", at=at, truth="none")).points
