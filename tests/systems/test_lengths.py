"""flint's count of coefficients is everybody's: who changes it puts it back."""

from __future__ import annotations

from typing import Any

import pytest
from flint import arb, ctx

from calcgrad.systems.values import balls_special
from calcgrad.systems.values.lengths import keeping, longer

#: More derivatives than flint keeps coefficients by itself.
ORDER = 15


def test_the_count_comes_back_after_an_exception() -> None:
    def fail() -> None:
        with keeping(3), longer(2):
            assert ctx.cap == 5
            raise ZeroDivisionError

    before = ctx.cap
    with pytest.raises(ZeroDivisionError):
        fail()
    assert ctx.cap == before


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("rgamma_derivative", (arb(ORDER), arb(2))),
        ("polygamma", (arb(ORDER), arb(-2.5))),
        ("zeta_derivative", (arb(ORDER), arb(2.5))),
        ("zeta_derivative", (arb(ORDER), arb(-2500.5))),
        ("hurwitz_derivative", (arb(ORDER), arb(2.5), arb(1.5))),
    ],
)
def test_high_derivatives_leave_it_as_it_was(name: str, args: tuple[Any, ...]) -> None:
    before = ctx.cap
    assert before < ORDER
    assert getattr(balls_special, name)(*args).is_finite()
    assert ctx.cap == before
