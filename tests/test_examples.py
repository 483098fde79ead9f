"""The programs and the page in ``calcgrad/examples`` do what they say."""

from __future__ import annotations

import doctest
from importlib.resources import files

import numpy as np
import pytest

from calcgrad import value_and_grad
from calcgrad.examples import digits


def test_the_page_on_numpy_functions_is_true() -> None:
    page = files("calcgrad") / "examples" / "numpy.md"
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    parser = doctest.DocTestParser()
    test = parser.get_doctest(page.read_text(encoding="utf-8"), {}, "numpy.md", str(page), 0)
    assert len(test.examples) > 20
    assert doctest.DocTestRunner(optionflags=flags).run(test).failed == 0


def test_descent_goes_down(capsys: pytest.CaptureFixture[str]) -> None:
    losses = digits.train(steps=3)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] - 0.1
    assert capsys.readouterr().out.startswith(f"step   0   loss {losses[0]:.4f}   right on new digits")


def test_the_gradient_by_hand_is_the_traced_one() -> None:
    arguments = digits.make_args()
    value, traced = value_and_grad(digits.loss, argnums=(0, 1))(*arguments)
    # Products of matrices may be summed in another order, as the processor has it.
    assert value == pytest.approx(digits.loss(*arguments), rel=4e-16)
    assert [g.shape for g in traced] == [(784, 128), (128, 10)]
    for ours, by_hand in zip(traced, digits.loss_grad(*arguments), strict=True):
        np.testing.assert_allclose(ours, by_hand, rtol=1e-10, atol=1e-15)


def test_the_digits_are_drawn_as_they_are_named() -> None:
    """A noiseless 1 has its two strokes on the right; every digit is drawn once its label says so."""
    pictures, labels = digits.digits(200, seed=3)
    assert pictures.shape == (200, 784)
    assert set(labels) == set(range(10))
    ink = [pictures[labels == digit].sum(axis=1).mean() for digit in (1, 8)]
    assert ink[0] < ink[1]
