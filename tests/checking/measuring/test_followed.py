"""Which losses reverse mode follows: as they are written, not as a differentiable library would have them."""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport
from calcgrad.rewriting import sources
from tests.checking.one import check_gradient

W = np.array([0.7, -1.2, 0.4, 2.0])
A = np.arange(12.0).reshape(3, 4) / 7.0


def followed(report: CheckReport) -> bool:
    """Whether reverse mode was a witness."""
    return any(w.name == "reverse-ad" and w.says != "nothing" for w in report.witnesses)


def as_float(w: Any) -> float:
    return float(np.sum(np.sin(A @ w)))


def as_item(w: Any) -> float:
    return np.sum(np.sin(A @ w)).item()


def as_array(w: Any) -> Any:
    w = np.asarray(w)
    return np.sum(np.sin(A @ w))


def as_new_array(w: Any) -> Any:
    w = np.array(w, dtype=float)
    return np.sum(np.sin(A @ w))


def written(w: Any) -> float:
    z = np.zeros(3)
    for i in range(3):
        z[i] = A[i] @ w
    return float(np.sum(np.sin(z)))


def into_out(w: Any) -> float:
    z = np.empty(3)
    np.dot(A, w, out=z)
    np.sin(z, out=z)
    return float(z.sum())


def entry_by_entry(w: Any) -> float:
    return math.fsum(math.sin(sum(a * float(x) for a, x in zip(row, w, strict=True))) for row in A)


def listed(w: Any) -> float:
    return float(np.array([np.sin(row @ w) for row in A]).sum())


QUIETLY = Options(diagnose=False)
LOSSES = (as_float, as_item, as_array, as_new_array, written, into_out, entry_by_entry, listed)


def slope(w: Any) -> Any:
    return A.T @ np.cos(A @ w)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_followed_as_it_is_written(loss: Callable[..., Any]) -> None:
    report = check_gradient(loss, slope, {"w": W})
    assert (report.verdict, followed(report)) == ("right", True)
    wrong = check_gradient(loss, lambda w: A.T @ np.sin(A @ w), {"w": W})
    assert (wrong.verdict, followed(wrong), wrong.wrong_count) == ("wrong", True, 4)


def test_the_why_is_told_of_a_loss_that_writes() -> None:
    report = check_gradient(written, lambda w: A.T @ np.ones(3), {"w": W})
    assert report.verdict == "wrong"
    assert any("`np.sin(z)` (test_followed.py, line" in each.detail for each in report.likely)


def loss_and_gradient(w: Any) -> tuple[float, Any]:
    z = A @ w
    gradient = np.zeros_like(w)
    for i in range(3):
        gradient += A[i] * np.cos(z[i])
    return float(np.sum(np.sin(z))), gradient


def test_loss_and_gradient_in_one_function() -> None:
    claim = Claim(loss_and_gradient, "value_and_grad", "both")
    report = check_subject(Subject(None, (claim,), {"w": W}))
    assert (report.verdict, followed(report)) == ("right", True)


def test_what_cannot_be_followed_is_told_with_its_line_and_a_way_out() -> None:
    kept = np.zeros(3)

    def outside(w: Any) -> float:
        kept[:] = A @ w
        return float(np.sum(np.sin(kept)))

    report = check_gradient(outside, slope, {"w": W})
    (told,) = [w.note for w in report.witnesses if w.name == "reverse-ad"]
    assert report.verdict == "right"
    assert "`kept[:] = A @ w`, test_followed.py, line " in told
    assert "buffer.copy()" in told


PACKAGE = """
import numpy as np

class Model:
    def __init__(self, a):
        self.a = a

    def loglike(self, w):
        z = np.empty(len(self.a))
        for i, row in enumerate(self.a):
            z[i] = row @ w
        z -= 0.5
        return np.sin(z).sum()

    def score(self, w):
        return self.a.T @ np.cos(self.a @ w - 0.5)

    def worse(self, w):
        return self.a.T @ np.ones(len(self.a))

def fails(w):
    raise ValueError("no value anywhere")
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A package as it is installed."""
    place = tmp_path / "site-packages"
    (place / "fitted").mkdir(parents=True)
    (place / "fitted" / "__init__.py").write_text(PACKAGE)
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setattr(sources, "LIBRARIES", (*sources.LIBRARIES, str(place)))
    monkeypatch.setattr(sources, "_PACKAGES", (str(place),))
    yield importlib.import_module("fitted")
    del sys.modules["fitted"]


def test_the_code_of_an_installed_package_is_followed(package: Any) -> None:
    model = package.Model(A)
    report = check_gradient(model.loglike, model.score, {"w": W})
    assert (report.verdict, followed(report)) == ("right", True)
    wrong = check_gradient(model.loglike, model.worse, {"w": W})
    assert wrong.verdict == "wrong"
    assert any("`np.sin(z)` (__init__.py, line 13)" in each.detail for each in wrong.likely)


def test_the_place_of_an_error_in_an_installed_package(package: Any) -> None:
    from calcgrad.errors import UsageError

    with pytest.raises(UsageError) as raised:
        check_gradient(lambda w: 2.0 * package.fails(w), slope, {"w": W})
    hints = raised.value.diagnostic.hints
    assert any("test_followed.py" in hint for hint in hints)
    assert any("in fails (__init__.py, line 22)" in hint for hint in hints)


class Layer:
    """A layer that keeps what it was called with, as hand-written backward passes do."""

    def forward(self, x: Any) -> Any:
        self.x = x
        self.z = A @ x
        return np.sin(self.z)

    def backward(self, dy: Any) -> Any:
        return A.T @ (np.cos(self.z) * dy)


def test_a_claim_that_stands_on_what_the_last_call_kept() -> None:
    layer = Layer()
    report = check_gradient(
        lambda x: float(np.sum(layer.forward(x))), lambda x: layer.backward(np.ones(3)), {"x": W}
    )
    assert report.verdict == "right"
    assert not hasattr(layer.x, "_trace")


@pytest.mark.parametrize("rounded", [round, np.round])
def test_a_function_that_rounds_is_measured_by_its_values(rounded: Callable[..., Any]) -> None:
    def loss(w: Any) -> float:
        return float(rounded(np.sum(np.sin(w)), 9)) + float(w @ w)

    report = check_gradient(loss, lambda w: np.cos(w) + 2 * w, {"w": W})
    (told,) = [w.note for w in report.witnesses if w.name == "reverse-ad"]
    assert report.verdict == "right"
    assert "the function rounds (test_followed.py, line " in told
    off = check_gradient(loss, lambda w: np.cos(w) + 2.1 * w, {"w": W}, Options(diagnose=False))
    assert off.verdict == "wrong"


def by_bisection(w: Any) -> float:
    """Three times the number c with exp(w - c) summing to 1.5, which is log(sum(exp(w)) / 1.5), and a square."""
    low, high = w.max() - 3.0, w.max() + 3.0
    for _ in range(60):
        middle = (low + high) / 2
        if np.sum(np.exp(w - middle)) > 1.5:
            low = middle
        else:
            high = middle
    return float(3 * (low + high) / 2 + w @ w)


def of_the_root(w: Any) -> Any:
    share = np.exp(w - w.max())
    return 3 * share / share.sum() + 2 * w


def of_the_code(w: Any) -> Any:
    return 3 * (w == w.max()) + 2 * w


def test_a_value_found_by_bisection_is_measured_by_its_values() -> None:
    report = check_gradient(by_bisection, of_the_root, {"w": W})
    (told,) = [w for w in report.witnesses if w.name == "reverse-ad"]
    assert (report.verdict, told.says) == ("right", "nothing")
    assert "found by comparisons (bisection)" in told.note
    options = Options(diagnose=False)
    off = check_gradient(by_bisection, lambda w: 1.1 * of_the_root(w), {"w": W}, options)
    assert (off.verdict, off.wrong_count) == ("wrong", 4)
    assert check_gradient(by_bisection, of_the_code, {"w": W}, options).verdict == "wrong"


def test_a_rounded_index_is_no_reason_to_look_away() -> None:
    table = np.array([0.0, 1.0, 4.0, 9.0, 16.0])

    def interpolated(w: Any) -> Any:
        total = 0.0
        for x in w:
            k = int(x)
            total = total + table[k] + (x - k) * (table[k + 1] - table[k])
        return total

    def cells(w: Any) -> Any:
        k = w.astype(int)
        return table[k + 1] - table[k]

    report = check_gradient(interpolated, cells, {"w": np.array([0.3, 1.6, 2.2, 3.9])})
    assert (report.verdict, followed(report)) == ("right", True)


def test_a_backward_pass_of_what_the_last_call_kept() -> None:
    layer = Layer()
    claims = {"backward": layer.backward, "wrong": lambda dy: A.T @ (np.sin(layer.z) * dy)}
    said = {
        name: check_subject(Subject(layer.forward, (Claim(call, "vjp", name),), {"x": W}), QUIETLY).verdict
        for name, call in claims.items()
    }
    assert said == {"backward": "right", "wrong": "wrong"}
    summed = Subject(
        lambda x: float(np.sum(layer.forward(x))), (Claim(lambda: layer.backward(np.ones(3))),), {"x": W}
    )
    assert check_subject(summed, QUIETLY).verdict == "right"


KEPT = np.zeros(4)


def refused_after_the_loss(w: Any) -> tuple[float, Any]:
    z = A @ w
    value = float(np.sum(np.sin(z)))
    KEPT[:] = A.T @ np.cos(z)
    return value, KEPT.copy()


def refused_after_the_loss_and_wrong(w: Any) -> tuple[float, Any]:
    z = A @ w
    value = float(np.sum(np.sin(z)))
    KEPT[:] = A.T @ np.ones(3)
    KEPT[:] += 0.0 * z[0]
    return value, KEPT.copy()


def test_a_pair_is_followed_for_the_loss_alone() -> None:
    """Its gradient writes into an array from outside, which is refused; the loss was known by then."""
    right, wrong = (
        check_subject(Subject(None, (Claim(pair, "value_and_grad", "pair"),), {"w": W}))
        for pair in (refused_after_the_loss, refused_after_the_loss_and_wrong)
    )
    assert (right.verdict, followed(right)) == ("right", True)
    assert (wrong.verdict, followed(wrong)) == ("wrong", True)
    assert any("`np.sin(z)` (test_followed.py, line" in each.detail for each in wrong.likely)


def test_a_pair_that_writes_over_its_data_is_told_with_the_array() -> None:
    """``g = a`` for ``g = a.copy()``: each call takes something from the data."""
    data = np.array([1.0, 2.0, 3.0, 4.0])

    def value(w: Any) -> float:
        found = float(w @ data - np.sum(np.exp(w)))
        g = data
        g -= np.exp(w)
        return found

    report = check_gradient(value, lambda w: data - np.exp(w), {"w": W})
    assert (report.verdict, report.cause) == ("inconclusive", "state")
    assert report.notes == (
        "each call of the function writes into data, on which its value depends: write into a copy",
    )


def test_a_random_function_with_a_buffer_is_still_random() -> None:
    rng, buffer = np.random.default_rng(1), np.zeros(4)

    def noisy(w: Any) -> float:
        buffer[:] = rng.normal(size=4)
        return float(w @ w + 0.1 * np.sum(buffer))

    assert check_gradient(noisy, lambda w: 2 * w, {"w": W}).cause != "state"
