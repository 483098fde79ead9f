"""The fuzzer's crew: every case once and in order, whoever runs it, whatever becomes of the process that does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from calcgrad.comparing import compute
from calcgrad.expression import parse
from calcgrad.operations import VOCABULARY

FUZZ = Path(__file__).parents[1] / "scripts" / "fuzz"


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(FUZZ))
    monkeypatch.setattr(compute, "Deadline", compute.Deadline)  # the fuzzer has one of its own
    yield import_module("_running")
    for name in [n for n, m in sys.modules.items() if str(FUZZ) in str(getattr(m, "__file__", ""))]:
        del sys.modules[name]


@pytest.mark.parametrize("workers", [1, 2])
def test_cases_come_in_order_and_one_that_kills_its_process_is_a_find(
    running: Any, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    plain = running.draw(1, 1, 0)

    def outcome(case: Any) -> Any:
        if case.point.get("index") == "23":
            os._exit(3)
        return running.Find("seen", case.truth)

    def draw(seed: int, index: int, every: int, written: bool) -> Any:
        truth = "symbolic" if every and index % every == 0 else "none"
        return type(plain)(plain.root, {**plain.point, "index": str(index)}, truth)

    monkeypatch.setattr(running, "draw", draw)
    monkeypatch.setattr(running, "outcome", outcome)
    monkeypatch.setattr(running, "SHRINK_AT_MOST", 0)
    monkeypatch.setattr(running, "LEAD", 30)
    done = list(running.run(running.Campaign(1, 10, 5, 105), workers))
    assert [d.index for d in done] == list(range(5, 105))
    kinds = {d.index: [kind for kind, _ in d.finds] for d in done}
    assert kinds.pop(23) == ["died"]
    assert all(found == ["seen"] for found in kinds.values())
    assert sum(d.counts["with SymPy"] for d in done) == 10
    assert sum(d.counts["expressions"] for d in done) == 100


def test_a_process_that_hangs_is_ended_and_the_rest_is_done(
    running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outcome(case: Any) -> Any:
        while case.truth == "symbolic":
            pass
        return running.Find("seen", case.truth)

    monkeypatch.setattr(running, "outcome", outcome)
    monkeypatch.setattr(running, "PATIENCE", 0.1)
    monkeypatch.setattr(running, "SHRINK_AT_MOST", 0)
    done = list(running.run(running.Campaign(1, 4, 4, 8)))
    assert [[kind for kind, _ in d.finds] for d in done] == [["hang"], ["seen"], ["seen"], ["seen"]]


def test_a_function_that_the_doubles_compute_otherwise_is_a_kind_of_its_own(
    running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    finds = import_module("_finds").finds

    def kinds(text: str, at: str) -> set[str]:
        case = import_module("_cases").Case(parse(text, VOCABULARY).root, {"x": at})
        return {find.kind for find in finds(case, running.outcome(case))}

    with monkeypatch.context() as patched:
        patched.setattr("calcgrad.comparing.at_point.unsettled", lambda *_: False)
        assert kinds("tan(acot(x))", "-4e-77") == {"astray"}
        assert kinds("sin(x) - x", "1e-6") == set(), "rounding explains it"
    assert kinds("fresnelc(cot(x))", "2e-18") == set(), "a last bit turns it many times, and that is said"
    assert kinds("where(sech(x), x, 2)", "4e14") == set(), "the doubles take another branch, and that is said"
    assert kinds("where(sech(x), x, 2)", "4") == set()


def test_a_case_that_hangs_or_fails_while_it_is_drawn_is_a_find(
    running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = os.getpid()

    def draw(seed: int, index: int, every: int, written: bool) -> Any:
        assert os.getpid() != own, "drawn where nobody can end it"
        while index == 2:
            pass
        return original(seed, 1 // (index - 3), every, written)  # fails for 3

    original = running.draw
    monkeypatch.setattr(running, "draw", draw)
    monkeypatch.setattr(running, "outcome", lambda case: running.Find("seen", case.truth))
    monkeypatch.setattr(running, "PATIENCE", 0.1)
    monkeypatch.setattr(running, "SHRINK_AT_MOST", 0)
    done = list(running.run(running.Campaign(1, 0, 1, 5)))
    assert [[kind for kind, _ in d.finds] for d in done] == [["seen"], ["hang"], ["crash"], ["seen"]]
    assert "ZeroDivisionError" in done[2].finds[0][1]


def test_other_campaigns_go_on_past_a_case_that_hangs_or_dies(
    running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = import_module("_apart")

    def work(seed: int, index: int, counts: Any) -> Iterator[tuple[str, str]]:
        while index == 2:
            pass
        if index == 4:
            os._exit(3)
        counts["cases"] += 1
        yield "seen", f"{seed}:{index}"

    monkeypatch.setattr(apart, "PATIENCE", 0.1)
    monkeypatch.setattr(apart, "_BETWEEN_LOOKS", 0.05)
    done = list(apart.run(work, 7, 6))
    assert [d.index for d in done] == list(range(6))
    assert [kind for d in done for kind, _ in d.finds] == ["seen", "seen", "hang", "seen", "died", "seen"]
    assert done[5].finds == [("seen", "7:5")]
    assert sum(d.counts["cases"] for d in done) == 4
