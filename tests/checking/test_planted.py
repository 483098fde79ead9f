"""The planted gradients put to the checker: no bug passes, no right one is rejected, the entries and the causes are named."""

from __future__ import annotations

import pytest

from tests.checking.planted import CASES, Planted
from tests.checking.planted.matrix import Outcome, outcome

#: The share of the bugs whose cause is to be named. Some bugs have no name: a slip in one entry, a flipped kernel.
NAMED = 0.8
_found: dict[str, Outcome] = {}


def found(case: Planted) -> Outcome:
    if case.name not in _found:
        _found[case.name] = outcome(case, correct=False)
    return _found[case.name]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_verdicts_and_the_entries(case: Planted) -> None:
    o = found(case)
    assert o.right.verdict == "right", o.right
    assert o.wrong.verdict == "wrong", o.wrong
    assert o.strays == []
    assert o.named


def test_the_causes() -> None:
    named = [case.name for case in CASES if found(case).diagnosed]
    assert len(named) >= NAMED * len(CASES), sorted({case.name for case in CASES} - set(named))


def test_nothing_is_likely_of_a_right_gradient() -> None:
    assert [case.name for case in CASES if found(case).right.likely] == []
