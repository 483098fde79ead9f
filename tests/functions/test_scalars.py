"""The expression written out in numbers has the values and the derivatives of the expression of arrays."""

from __future__ import annotations

import numpy as np
import pytest

from calcgrad.errors import LimitError
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Name, postorder
from calcgrad.functions.expression import Expression
from calcgrad.functions.scalars import MOST_NODES, scalar_name, scalarise
from calcgrad.methods import method
from calcgrad.methods.protocol import Problem
from calcgrad.operations import VOCABULARY
from calcgrad.report.estimates import Estimate
from tests.arrays.cases import derivative, function, value

AT = {"x": [0.5, -1.5, 2.0], "y": 0.7, "A": [[1.0, 2.0, 0.5], [3.0, -4.0, 1.0]]}

TEXTS = [
    "sum(x)*y",
    "prod(x)",
    "max(x)",
    "min(x*y)",
    "norm(x)",
    "norm(x[1:2])",
    "logsumexp(x)",
    "softmax(x)*y",
    "mean(A)",
    "var(x)",
    "std(x)",
    "dot(x, x)",
    "A @ x",
    "x @ transpose(A)",
    "transpose(A) @ A",
    "sum([[1, y], [y, 2]] @ [A, A])",
    "x[::-1]*y + x[0]",
    "A[1]*x",
    "[x[0]*y, sin(x[2])]",
    "[x, x*y]",
    "where(x > 0, x, y)",
    "size(A)*y",
    "max(x, y, 0.1)",
    "sum(x[3:]) + prod(x[3:]) + norm(x[3:])*y",
]


def _scalar(text: str) -> tuple[Expression, list[float]]:
    f, flat = function(text, **AT)
    names = [c.name if c.index is None else scalar_name(c.name, c.index) for c in f.coordinates]
    return Expression(scalarise(f.root, f.shapes), names), flat


@pytest.mark.parametrize("text", TEXTS)
def test_same_function(text: str) -> None:
    written, flat = _scalar(text)
    assert not written.arrays
    assert written.output_indices == function(text, **AT)[0].output_indices
    np.testing.assert_allclose(written.values(flat), value(text, **AT), rtol=1e-14)
    outcome = method("forward-ad").derivatives(Problem(written, flat, [(i,) for i in range(len(flat))]))
    assert isinstance(outcome, Estimate)
    expected = derivative("reverse-ad", text, **AT)
    np.testing.assert_allclose(np.array(outcome.value).T, expected, rtol=1e-13, atol=1e-15)


def test_it_reads_as_one_would_write_it() -> None:
    written, _ = _scalar("norm(x[1:]) + A[1, 2]")
    assert to_text(written.root, VOCABULARY) == "sqrt(x[1]^2 + x[2]^2) + A[1,2]"


def test_every_entry_has_its_name() -> None:
    written, _ = _scalar("sum(A)")
    names = {node.name for node in postorder(written.root) if isinstance(node, Name)}
    assert names == {f"A[{i},{j}]" for i in range(2) for j in range(3)}


@pytest.mark.parametrize("text", ["softmax(x)", "sum(x^2)", "[x, x, x]*prod(x)"])
def test_the_limit_is_named_and_placed(text: str) -> None:
    f, _ = function(text, x=[1.0] * 6000)
    with pytest.raises(LimitError, match=str(MOST_NODES)) as caught:
        scalarise(f.root, f.shapes)
    assert caught.value.diagnostic.code == "E422"
    assert caught.value.diagnostic.span is not None
