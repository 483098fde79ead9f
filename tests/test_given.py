"""What the library's functions refuse, in our own words: each argument of another kind, and points that are no tuples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import calcgrad


def square(x: Any) -> Any:
    return x * x


OTHER: dict[str, Callable[[], Any]] = {
    "diff: expression is None": lambda: calcgrad.diff(None),  # type: ignore[arg-type]
    "diff: expression is b'x.*', a bytes": lambda: calcgrad.diff(b"x^2"),  # type: ignore[arg-type]
    "diff: order is '2', a str": lambda: calcgrad.diff("x^2", order="2"),  # type: ignore[arg-type]
    "diff: methods is": lambda: calcgrad.diff("x^2", methods=["adaptive", 3]),  # type: ignore[list-item]
    "diff: step is 'a'": lambda: calcgrad.diff("x^2", at=1, step="a"),  # type: ignore[arg-type]
    "steps: timeout is 'a'": lambda: calcgrad.steps("x^2", timeout="a"),  # type: ignore[arg-type]
    "trace: depth is 'a'": lambda: calcgrad.trace("x^2", at=1, depth="a"),  # type: ignore[arg-type]
    "descend: rate is 'a'": lambda: calcgrad.descend("x^2", at=1, rate="a"),  # type: ignore[arg-type]
    "nudge: step is 3": lambda: calcgrad.nudge("x^2", at=1, step=3),  # type: ignore[arg-type]
    "plot: expression is None": lambda: calcgrad.plot(None),  # type: ignore[arg-type]
    "practice: answers is 3": lambda: calcgrad.practice("mixed", answers=3),  # type: ignore[arg-type]
    "check: claim is None": lambda: calcgrad.check("x^2", None),  # type: ignore[arg-type]
    "check_grad: rtol is 'a'": lambda: calcgrad.check_grad(square, square, 1.0, rtol="a"),  # type: ignore[arg-type]
    "compare_modes: expression is 3": lambda: calcgrad.compare_modes(3),  # type: ignore[arg-type]
    "parse: text is 3, an int": lambda: calcgrad.parse(3),  # type: ignore[arg-type]
    "compile: function is None": lambda: calcgrad.compile(None),  # type: ignore[arg-type]
    "compile: backend is 3": lambda: calcgrad.compile(square, backend=3),  # type: ignore[arg-type]
    "checkpoint: function is 3": lambda: calcgrad.checkpoint(3),  # type: ignore[arg-type]
    "custom_rule: vjp is 3": lambda: calcgrad.custom_rule(square, vjp=3),  # type: ignore[arg-type]
    "vmap: function is None": lambda: calcgrad.vmap(None),  # type: ignore[arg-type]
    "vectorize: pyfunc is 3": lambda: calcgrad.vectorize(3),  # type: ignore[arg-type]
    "this is 'x\\^2'": lambda: calcgrad.grad("x^2")(1.0),  # type: ignore[arg-type]
    "this is 3": lambda: calcgrad.hessian(3)(1.0),  # type: ignore[arg-type]
    "primals is 1.0": lambda: calcgrad.jvp(square, 1.0, 1.0),  # type: ignore[arg-type]
    "tangents is None": lambda: calcgrad.hvp(square, (1.0,), None),  # type: ignore[arg-type]
    "order is -1": lambda: calcgrad.taylor(square, (1.0,), (1.0,), -1),
    "order is '3'": lambda: calcgrad.taylor(square, (1.0,), (1.0,), "3"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("says", OTHER)
def test_what_is_of_another_kind_is_refused(says: str) -> None:
    with pytest.raises(calcgrad.CalcgradError, match=says) as told:
        OTHER[says]()
    assert told.value.diagnostic.code == "E465"


def test_what_counts_as_its_kind() -> None:
    report = calcgrad.diff("x^2", at=1, order=np.int64(1), step=np.float32(0.5), wrt=("x",), truth="none")
    assert report.order == 1
    assert calcgrad.parse("a b", declared={"a", "b"}).variables == ("a", "b")


MASKED = np.ma.array([1.0, 2.0], mask=[0, 1])


@pytest.mark.parametrize("direction", ["a", MASKED])
def test_directions_that_are_no_numbers_are_refused(direction: Any) -> None:
    x = 1.0 if isinstance(direction, str) else np.ones(2)
    for way in (
        lambda: calcgrad.jvp(square, (x,), (direction,)),
        lambda: calcgrad.vjp(square, x)[1](direction),
        lambda: calcgrad.linearize(square, x)[1](direction),
    ):
        with pytest.raises(calcgrad.CalcgradError, match="not a float or an array of floats") as told:
            way()
        assert told.value.diagnostic.code == "E410"


@pytest.mark.parametrize("argnums", [(0, 0), (0, -2), (1, 0, -1)])
def test_an_argument_is_named_once(argnums: tuple[int, ...]) -> None:
    """The first of two had the derivative 0."""
    for way in (calcgrad.grad, calcgrad.jacrev, calcgrad.jacfwd, calcgrad.hessian):
        with pytest.raises(calcgrad.CalcgradError, match="twice") as told:
            way(lambda x, y: x * y, argnums)(1.0, 2.0)
        assert told.value.diagnostic.code == "E408"


def test_names_that_a_generator_gives_are_all_read() -> None:
    report = calcgrad.diff("x*y", at={"x": 2, "y": 3}, wrt=(name for name in ["y"]), truth="none")  # type: ignore[arg-type]
    assert "∂f/∂y" in str(report)
    assert "∂f/∂x" not in str(report)


def test_an_order_may_be_a_whole_number_of_numpy() -> None:
    assert calcgrad.taylor(square, (3.0,), (1.0,), np.int64(2)) == calcgrad.taylor(square, (3.0,), (1.0,), 2)  # type: ignore[arg-type]


def test_a_number_is_no_pattern() -> None:
    with pytest.raises(calcgrad.CalcgradError, match="sparsity=3 is not known") as told:
        calcgrad.jacobian(square, sparsity=3)(np.ones(2))
    assert told.value.diagnostic.code == "E412"
