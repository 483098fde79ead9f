"""Where a partial chooses by ``==``: at the tie the derivatives of second and third order are those of the function too.

A branch that is right in value only has another slope. So every row whose partials ask whether two numbers are equal stands
here, with points at which the question is answered yes and the function is smooth, or with the reason why there are none.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import mpmath
import pytest

from calcgrad import grad
from calcgrad.autodiff.jets import taylor
from calcgrad.expression.nodes import Call, Name, postorder
from calcgrad.functions.lowering import lower
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.systems.base import FLOAT64
from calcgrad.systems.values import recurrences
from calcgrad.tracing.traced import apply

from .special_truth import TRUTH as SPECIAL
from .truth import TRUTH

KINK = "a kink"
WHOLE = "a whole parameter, through which no derivative is taken"
TIES: dict[str, list[tuple[float, ...]] | str] = {
    "pow": [(2.0, 0.0), (0.3, 0.0), (5.0, 0.0)],
    "root": "a vertical tangent, or an edge",
    "logaddexp": [(0.0, 0.0), (1.5, 1.5), (-300.0, -300.0)],
    "xlogy": [(0.0, 2.0), (0.0, 0.25)],
    "maximum": KINK,
    "minimum": KINK,
    "clip": KINK,
    "hypot": KINK,
    "sphericalj": WHOLE,
    "hurwitz_derivative": WHOLE,
    "hurwitz_deflated": WHOLE,
    **dict.fromkeys(recurrences.NAMES, WHOLE),
    **dict.fromkeys(("gamma_integrand", "gamma_density", "beta_density"), "an edge"),
    "beta": [(0.5, -1.5), (-0.75, -1.25)],
    "binomial": [(-2.0, 3.0), (-3.0, 2.0), (2.0, 3.0), (-1.0, 2.0)],
}
#: binomial(n, k) is a polynomial in n at a negative whole n only if k stays whole.
FIXED = {"binomial": {1}}


def asking() -> set[str]:
    """The rows that compare for equality in a partial."""
    return {
        row.name
        for row in OPERATIONS.values()
        if isinstance(row, Elementwise)
        for text in row.partials
        if text is not None and any(isinstance(n, Call) and n.op == "equal" for n in postorder(parsed(text)))
        if row.name != "where"
    }


SMOOTH = [(name, p) for name, points in TIES.items() if not isinstance(points, str) for p in points]
at_ties = pytest.mark.parametrize(("name", "p"), SMOOTH)


def free(name: str) -> list[int]:
    row = OPERATIONS[name]
    assert isinstance(row, Elementwise)
    return [j for j, text in enumerate(row.partials) if text is not None and j not in FIXED.get(name, ())]


def true(name: str, p: tuple[float, ...], orders: tuple[int, ...]) -> float:
    """mpmath's mixed derivative, by differences with digits to spare."""
    function = {**TRUTH, **SPECIAL}[name]
    with mpmath.workdps(120):
        args = tuple(map(mpmath.mpf, p))
        h = mpmath.mpf(10) ** -20
        return float(mpmath.re(mpmath.diff(function, args, orders, h=h)))


def test_every_row_that_asks_for_equality_is_here() -> None:
    assert set(TIES) == asking()


@pytest.mark.slow
@at_ties
@pytest.mark.parametrize("order", [1, 2, 3])
def test_nested_reverse_mode_is_right_in_every_order_of_the_arguments(
    name: str, p: tuple[float, ...], order: int
) -> None:
    for chosen in product(free(name), repeat=order):
        function: Any = lambda *args: apply(name, *args)  # noqa: E731
        for j in chosen:
            function = grad(function, j)
        expected = true(name, p, tuple(chosen.count(j) for j in range(len(p))))
        assert function(*p) == pytest.approx(expected, rel=1e-11, abs=1e-14), chosen


@pytest.mark.slow
@at_ties
def test_taylor_series_are_right_along_every_direction(name: str, p: tuple[float, ...]) -> None:
    names = list(ARGUMENTS[: len(p)])
    tape = lower(Call(name, tuple(Name(n) for n in names)), names)
    for along in product((0.0, 1.0, -2.0), repeat=len(p)):
        if not any(along) or any(d and j not in free(name) for j, d in enumerate(along)):
            continue
        found = taylor(tape, list(p), {j: x for j, x in enumerate(along) if x}, 3, FLOAT64)[0]
        for k in range(1, 4):
            expected = sum(
                math.prod([along[j] for j in chosen])
                * true(name, p, tuple(chosen.count(j) for j in range(len(p))))
                for chosen in product(range(len(p)), repeat=k)
                if all(along[j] for j in chosen)
            )
            assert found[k] * math.factorial(k) == pytest.approx(expected, rel=1e-10, abs=1e-13), (along, k)


def test_numpys_logaddexp2_at_its_tie() -> None:
    """The second derivative of log2(2^a + 2^x) is log(2) s (1 - s), with s = 1/2 at the tie."""
    import numpy as np

    second = grad(grad(lambda x: np.logaddexp2(1.0, x)))
    assert second(1.0) == pytest.approx(math.log(2) / 4, rel=1e-14)
    third = grad(grad(grad(lambda x: np.logaddexp(0.0, x))))
    assert third(0.0) == pytest.approx(0.0, abs=1e-15)
