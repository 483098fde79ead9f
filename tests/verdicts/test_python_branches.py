"""A Python function exactly where it branches: what its values on both sides say, not what was traced on one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calcgrad.functions.python import PythonFunction
from calcgrad.verdicts import Finding
from calcgrad.verdicts.branches import at_a_branch


def found(function: Callable[..., Any], *x: Any) -> list[Finding | None] | None:
    """A finding for each input, for the one output; None where nothing branches here."""
    names = list(inspect.signature(function).parameters)
    subject = PythonFunction(function, "f", names, [np.asarray(v, dtype=float) for v in x])
    flat = [float(v) for each in x for v in np.ravel(each)]
    rows = at_a_branch(subject, flat, [(i,) for i in range(len(flat))])
    return None if rows is None else [row[0] for row in rows]


def size(x: Any) -> Any:
    return x if x > 0 else -x


def step(x: Any) -> Any:
    return x * x if x >= 1 else 2 * x + 3


def seam(x: Any) -> Any:
    return x * x if x >= 1 else 2 * x - 1


def test_a_kink_and_a_jump() -> None:
    (kink,) = found(size, 0.0) or [None]
    assert kink is not None
    assert (kink.verdict, kink.sides) == ("kink", "slope")
    assert (kink.left, kink.right) == pytest.approx((-1.0, 1.0))
    assert kink.note == "the function branches exactly here, on 0.0 > 0"
    (jump,) = found(step, 1.0) or [None]
    assert jump is not None
    assert (jump.verdict, jump.sides) == ("jump", "value")
    assert (jump.left, jump.right) == pytest.approx((5.0, 1.0))
    assert jump.note == "the function branches exactly here, on 1.0 >= 1"
    for each in (kink, jump):
        assert each.tie is not None
        assert each.tie.place == "the branch"
        assert "only the branch that is taken" in each.tie.convention


def test_a_seam_is_smooth_and_beside_a_branch_nothing_is_asked() -> None:
    assert found(seam, 1.0) == [None]
    for function, x in ((size, 2.0), (size, -2.0), (step, 0.5)):
        assert found(function, x) is None


def test_each_derivative_has_its_own_finding() -> None:
    def one_way(x: Any, y: Any) -> Any:
        return x + y if x > 1 else 3 * x - 2 + y

    first, second = found(one_way, 1.0, 5.0) or [None, None]
    assert first is not None
    assert (first.verdict, first.left, first.right) == ("kink", pytest.approx(3.0), pytest.approx(1.0))
    assert second is None


def test_branches_on_arrays_and_what_is_not_sure() -> None:
    def by_entries(w: Any) -> Any:
        return np.sum(w**2) if w[0] == w[1] else np.sum(w)

    (first, _) = found(by_entries, np.array([2.0, 2.0])) or [None, None]
    assert first is not None
    assert first.verdict in (
        "inconclusive",
        "jump",
    )  # one value alone is another: 8 at the point, 4 beside it
    assert "the function branches exactly here, on 2 == 2" in first.note

    def all_of_it(w: Any) -> Any:
        return np.sum(np.abs(w)) if np.all(w == np.array([1.0, 0.0])) else np.sum(w)

    rows = found(all_of_it, np.array([1.0, 0.0]))
    assert rows is None or all(row is None or "an array" in row.note for row in rows)


def test_where_the_values_tell_too_little_nothing_is_claimed() -> None:
    def ends(x: Any) -> Any:
        return np.sqrt(x) if x >= 0 else np.nan * x

    def hole(x: Any) -> Any:
        return x if x > 0 else np.nan * x

    def wild(x: Any) -> Any:
        return x * np.sin(1 / x) if x > 0 else x

    for function, why in (
        (ends, "on 0.0 >= 0; the adaptive derivative is boundary"),
        (hole, "on 0.0 > 0; the adaptive derivative is undefined"),
        (wild, "on 0.0 > 0; the adaptive derivative is noisy"),
    ):
        (finding,) = found(function, 0.0) or [None]
        assert finding == Finding("inconclusive", f"the function branches exactly here, {why}")
