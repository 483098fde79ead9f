"""The weighing of looks that are made up: each direction measures what a script says, and the verdict is worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.deciding import weighing
from calcgrad.checking.deciding.deciding import Look, forgiven_of
from calcgrad.checking.deciding.looking import Looking
from calcgrad.checking.deciding.scales import Scales, Weighing
from calcgrad.checking.deciding.weighing import weigh
from calcgrad.checking.measuring.directions import SIGMAS
from calcgrad.checking.measuring.functionals import SAFETY, Functional
from calcgrad.checking.measuring.subject import Leaf, Options, Statement
from calcgrad.checking.measuring.traced import Gradient
from calcgrad.numerical_diff.shot import HALF
from calcgrad.report.estimates import Estimate

N = 12
CLAIM = np.linspace(1.0, 2.0, N)
PLENTY = 10**6
Script = Sequence[Callable[[Any], Look]]


def off(by: float = 0.0, **measured: Any) -> Callable[[Any], Look]:
    """A look in which the claim is off by so much along the direction; without more it is sharp, and sees no noise."""

    def made(v: Any) -> Look:
        claimed = float(np.sum(CLAIM * v))
        estimate = Estimate(claimed - by, **{"error_bound": 1e-12, "step": 1e-2, **measured})
        return Look(Functional(CLAIM, np.zeros(N), float), v, claimed, estimate, 0.0)

    return made


RIGHT, WRONG = off(), off(5.0)
NOISE = off(status="failed")
KINK = off(status="kink", note="a kink here")


class Weighed:
    """A weighing by a script, the directions that were asked for, and what was told on the way."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        *script: Callable[[Any], Look],
        traced: Any = None,
        evaluations: int = 10,
        room: int = PLENTY,
        leaves: tuple[Leaf, ...] = (Leaf("w", (N,), "float64", 0, N),),
        vector: Any = CLAIM,
        noise: Any = None,
        size: Any = None,
        **options: Any,
    ) -> None:
        self.directions: list[Any] = []
        self.said: list[Statement] = []
        waiting = list(script)
        mine = self

        class Scripted(Looking):
            def _short_look(self, functional: Functional, v: Any) -> Look | None:
                mine.directions.append(v)
                return waiting.pop(0)(v)

        monkeypatch.setattr(weighing, "Looking", Scripted)
        functional = Functional(vector, np.zeros(N) if noise is None else noise, float)
        self.scales = Scales(
            SimpleNamespace(evaluations=evaluations, seconds=1.5, room=lambda: room),  # type: ignore[arg-type]
            SimpleNamespace(is_one=True, of=lambda j: functional, output=np.zeros(())),  # type: ignore[arg-type]
            leaves,
            np.ones(N) if size is None else size,
            Options(progress=self.said.append, **options),
        )
        self.found: Weighing = weigh(self.scales, traced)
        self.left = len(waiting)


def test_directions_that_agree_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Weighed(monkeypatch, RIGHT, RIGHT, RIGHT, RIGHT)
    assert (done.found.verdict, done.found.cause, done.left) == ("right", None, 1)
    assert done.found.witnesses[-1].note == "3 random directions: none differ"
    assert done.found.confidence == 1 - 1e-12
    assert len({v.tobytes() for v in done.directions}) == 3
    assert [each.verdict for each in done.said] == ["nothing wrong"] * 3
    assert [(each.stage, each.directions, each.evaluations, each.seconds) for each in done.said] == [
        ("deciding", k, 10, 1.5) for k in (1, 2, 3)
    ]
    (note,) = [note for note in done.found.notes if "least resolved leaf is w" in note]
    assert "would be seen from 4.0e-11 on" in note


def test_two_that_differ_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Weighed(monkeypatch, WRONG, WRONG, RIGHT)
    assert (done.found.verdict, done.left) == ("wrong", 1)
    assert done.found.witnesses[-1].note == "2 random directions: 2 differ"
    assert done.found.witnesses[-1].says == "wrong"
    assert [each.verdict for each in done.said] == ["doubtful", "wrong"]
    last = Weighed(monkeypatch, WRONG, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG)
    assert (last.found.verdict, last.left) == ("wrong", 0)


def test_one_that_differs_among_seven_is_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Weighed(monkeypatch, RIGHT, WRONG, *[RIGHT] * 8)
    assert (done.found.verdict, done.found.cause, done.left) == ("inconclusive", "noise", 3)
    assert done.found.notes == ["one direction of 7 differs, by 5, and the others do not"]
    assert done.found.witnesses[-1].note == "7 random directions: 1 differs"
    assert done.found.witnesses[-1].says == "right"


def test_one_direction_alone_is_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Weighed(monkeypatch, RIGHT, directions=1)
    assert done.found.witnesses[-1].note == "a random direction: it agrees"


def test_a_direction_that_is_hopeless_is_taken_again_four_times(monkeypatch: pytest.MonkeyPatch) -> None:
    for failures, verdict in ((1, "right"), (4, "right"), (5, "inconclusive")):
        done = Weighed(monkeypatch, RIGHT, *[NOISE] * failures, RIGHT, RIGHT, RIGHT)
        assert done.found.verdict == verdict
        assert len({v.tobytes() for v in done.directions}) == len(done.directions)
        assert done.left == (1 if verdict == "right" else 3)
        assert done.found.cause == (None if verdict == "right" else "noise")
        assert len(done.found.looks) == (3 if verdict == "right" else 2)


def test_a_kink_ends_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Weighed(monkeypatch, RIGHT, KINK, RIGHT, RIGHT)
    assert (done.found.verdict, done.found.cause, done.left) == ("inconclusive", "kink", 2)
    assert done.found.notes == ["a kink here"]


def test_what_is_said_when_the_budget_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    spent, budget = off(status="budget"), {"evaluations": 30, "max_evaluations": 30}
    done = Weighed(monkeypatch, RIGHT, RIGHT, spent, RIGHT, **budget)
    assert (done.found.verdict, done.found.cause, done.left) == ("inconclusive", "budget", 1)
    assert done.found.notes[0].startswith(
        "the budget ran out after 30 evaluations: 3 directions agree; an entry off by"
    )
    done = Weighed(monkeypatch, WRONG, spent, **budget)
    assert done.found.notes == ["the budget ran out after 30 evaluations: one direction of 2 differs, by 5"]
    done = Weighed(monkeypatch, WRONG, off(5.0, status="budget"), **budget)
    assert done.found.verdict == "wrong"
    done = Weighed(monkeypatch, off(status="budget", error_bound=math.inf), **budget)
    assert done.found.notes == [
        "the budget ran out after 30 evaluations: not one direction could be measured"
    ]
    for free in ({"evaluations": 29, "max_evaluations": 30}, {"evaluations": 30}):
        done = Weighed(monkeypatch, RIGHT, spent, RIGHT, **free)
        assert (done.found.verdict, done.found.cause, done.left) == ("right", None, 0)


def test_a_direction_on_a_tread_does_not_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others saw leaps of 2: over steps of 0.01 these change a slope by 2/(HALF·0.01)."""
    leaps = off(status="noisy", noise=2.0, error_bound=1e-9)
    for by, verdict in ((0.99 * 2.0 / (HALF * 1e-2), "right"), (1.01 * 2.0 / (HALF * 1e-2), "inconclusive")):
        done = Weighed(monkeypatch, leaps, off(by), *[leaps] * 8)
        assert done.found.verdict == verdict
    quiet = off(status="noisy", noise=None, error_bound=1e-9)
    done = Weighed(monkeypatch, quiet, off(1.0), *[quiet] * 8)
    assert (done.found.verdict, done.found.cause) == ("inconclusive", "noise")


LEAVES = (Leaf("a", (N - 4,), "float64", 0, N - 4), Leaf("b", (4,), "float64", N - 4, 4))


class TestLeavesOfTheirOwn:
    """The second leaf's entries are moved by 1e-14: what a common direction sees says nothing of them."""

    SIZE = np.where(np.arange(N) < N - 4, 1.0, 1e-14)
    SHARP = staticmethod(off(error_bound=1e-30))

    def of(self, monkeypatch: pytest.MonkeyPatch, *own: Callable[[Any], Look], **options: Any) -> Weighed:
        return Weighed(monkeypatch, RIGHT, RIGHT, RIGHT, *own, leaves=LEAVES, size=self.SIZE, **options)

    def test_it_gets_directions_of_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        done = self.of(monkeypatch, self.SHARP, self.SHARP)
        assert (done.found.verdict, done.left) == ("right", 0)
        for v in done.directions[3:]:
            assert not v[: N - 4].any()
            assert v[N - 4 :].all()
        assert len(done.found.own) == 2
        assert (done.directions[3] != done.directions[4]).any()

    def test_one_that_meets_trouble_ends_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for before in ([], [self.SHARP]):
            done = self.of(monkeypatch, *before, KINK, self.SHARP, self.SHARP)
            assert (done.found.verdict, done.found.cause, done.left) == ("inconclusive", "kink", 2)

    def test_two_that_differ_there_are_wrong(self, monkeypatch: pytest.MonkeyPatch) -> None:
        wrong = off(1e-10, error_bound=1e-30)
        done = self.of(monkeypatch, wrong, wrong)
        assert (done.found.verdict, done.left) == ("wrong", 0)
        assert [w.note for w in done.found.witnesses] == ["5 random directions: 2 differ"]
        assert len(done.found.own) == 2
        done = self.of(monkeypatch, wrong, self.SHARP)
        assert (done.found.verdict, done.found.cause) == ("inconclusive", "noise")
        done = self.of(monkeypatch, self.SHARP, wrong, self.SHARP)
        assert (done.found.verdict, done.found.cause, done.left) == ("inconclusive", "noise", 0)

    def test_what_stays_vague_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        many = [off(error_bound=1e-12)] * 2
        monkeypatch.setattr("calcgrad.checking.deciding.agreeing._ALONE", 0)
        done = self.of(monkeypatch, *many)
        assert (done.found.verdict, done.found.cause) == ("inconclusive", "noise")
        (note,) = done.found.notes
        assert note == "in b an error below 4.0e3 would not be seen, and its largest claimed entry is 2"

    def test_few_entries_are_looked_at_one_by_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        vague = [off(error_bound=1e-12)] * 2
        done = self.of(monkeypatch, *vague, *[self.SHARP] * N)
        assert (done.found.verdict, done.left) == ("right", 0)
        assert all(np.count_nonzero(v) == 1 for v in done.directions[5:])
        wrong = off(1e-10, error_bound=1e-30)
        done = self.of(monkeypatch, *vague, *[self.SHARP] * 3, wrong, wrong, *[self.SHARP] * (N - 4))
        assert (done.found.verdict, done.left) == ("wrong", 0)
        assert done.found.witnesses[-1].note == f"{N} entries, each alone: 1 differs"
        done = self.of(monkeypatch, *vague, *[self.SHARP] * 3, wrong, self.SHARP, *[self.SHARP] * (N - 4))
        assert (done.found.verdict, done.found.cause) == ("inconclusive", "noise")


def test_what_two_quick_directions_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off by 1 % of 2: a direction of threshold 20·b misses it with a probability of 20·b/0.02, two with its square."""
    done = Weighed(monkeypatch, RIGHT, RIGHT, quick=True)
    assert done.found.notes[0] == (
        "quick, two directions: one wrong entry among 12, off by 1% of the largest, is never missed; "
        "off by less than 4e-11 it may be missed"
    )
    vague = off(error_bound=6e-4)
    done = Weighed(monkeypatch, vague, vague, quick=True)
    assert "is missed with a probability of up to 0.4;" in done.found.notes[0]
    done = Weighed(monkeypatch, vague, vague, quick=True, size=np.full(N, 0.8))
    assert "is missed with a probability of up to 0.6;" in done.found.notes[0]
    coarse = off(error_bound=1.0)
    done = Weighed(monkeypatch, coarse, coarse, quick=True)
    assert "is missed with a probability of up to 1;" in done.found.notes[0]
    nothing = Weighed(monkeypatch, RIGHT, RIGHT, quick=True, vector=np.zeros(N))
    assert nothing.left == 0


class TestReverseMode:
    def of(self, monkeypatch: pytest.MonkeyPatch, *script: Any, vector: Any = CLAIM, **more: Any) -> Weighed:
        traced = Gradient(vector, np.zeros(N), None, more.pop("rounded", None))  # type: ignore[arg-type]
        return Weighed(monkeypatch, *script, traced=traced, **more)

    def test_beside_it_two_directions_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        done = self.of(monkeypatch, RIGHT, RIGHT, RIGHT)
        assert (done.found.verdict, done.left, done.found.trusted) == ("right", 1, True)
        first, second = done.found.witnesses
        assert (first.name, first.says, first.note) == (
            "reverse-ad",
            "right",
            "all 12 entries compared: none differ",
        )
        assert (second.name, second.note) == ("directional", "2 random directions: none differ")

    def test_one_value_that_says_otherwise_is_not_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of several directions one may be off; of one alone it is."""
        done = self.of(monkeypatch, WRONG, *[RIGHT] * 6)
        assert (done.found.cause, done.found.trusted) == ("noise", True)
        done = self.of(monkeypatch, WRONG, RIGHT, WRONG)
        assert done.found.cause == "witnesses-disagree"
        assert done.found.notes == [
            "reverse mode and the function's own values say different things (in 2 of 3 directions); "
            "the claim does not agree with the values"
        ]
        done = self.of(monkeypatch, RIGHT, RIGHT, vector=CLAIM + 5.0, room=1)
        assert (done.found.cause, done.left) == ("witnesses-disagree", 1)
        assert done.found.notes == [
            "reverse mode and the function's own values say different things (in 1 of 1 direction); "
            "the claim agrees with the values"
        ]
        (first, *_) = done.found.witnesses
        assert (first.name, first.says) == ("reverse-ad", "wrong")

    def test_entries_that_it_alone_sees(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            "calcgrad.checking.deciding.reverse_mode.entry_look", lambda *_: SimpleNamespace(state="agrees")
        )
        other = CLAIM + 1e-6 * (np.arange(N) == 3)
        blind = off(error_bound=1e-3)
        done = self.of(monkeypatch, blind, blind, vector=other)
        assert done.found.verdict == "wrong"
        assert done.found.witnesses[0].note == "all 12 entries compared: 1 differs"
        assert done.found.witnesses[0].says == "wrong"

    def test_it_is_dismissed_where_the_function_rounds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The values are the claim's, reverse mode has the slope of the treads: more directions are looked along."""
        done = self.of(monkeypatch, *[RIGHT] * 4, vector=np.zeros(N), rounded="line 3")
        assert (done.found.verdict, done.left, done.found.traced) == ("right", 1, None)
        (first, second) = done.found.witnesses
        assert (first.name, first.says) == ("reverse-ad", "nothing")
        assert first.note.startswith("the function rounds (line 3): ")
        assert second.note == "3 random directions: none differ"
        kept = self.of(monkeypatch, RIGHT, RIGHT, rounded="line 3")
        assert kept.found.trusted

    def test_one_direction_settles_it_where_there_is_no_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        true = CLAIM - 5.0 * (np.arange(N) == 0)

        def seen(v: Any) -> Look:
            made = RIGHT(v)
            return replace(made, estimate=replace(made.estimate, value=float(np.sum(true * v))))

        done = self.of(monkeypatch, seen, seen, vector=true, room=1)
        assert (done.found.verdict, done.left) == ("wrong", 1)
        done = self.of(monkeypatch, seen, seen, vector=true)
        assert (done.found.verdict, done.left) == ("wrong", 0)

    @pytest.mark.parametrize("by", [0.9, 1.1, -0.9, -1.1])
    def test_its_own_rounding_is_allowed_for(self, monkeypatch: pytest.MonkeyPatch, by: float) -> None:
        """Along a direction errors of 1e-3 an entry add up like their squares: values may be off by many times that."""
        noise = np.full(N, 1e-3)

        def beside(v: Any) -> Look:
            made = RIGHT(v)
            off = by * SIGMAS * SAFETY * 1e-3 * float(np.linalg.norm(v))
            return replace(made, estimate=replace(made.estimate, value=made.claimed + off))

        traced = Gradient(CLAIM, noise, None)  # type: ignore[arg-type]
        done = Weighed(monkeypatch, *[beside] * 2, traced=traced, noise=noise)
        assert (done.found.cause == "witnesses-disagree") is (abs(by) > 1.0)

    def test_one_direction_that_differs_is_followed_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where there is time, though reverse mode says the same; where there is none, because it says otherwise."""
        monkeypatch.setattr(
            "calcgrad.checking.deciding.reverse_mode.entry_look", lambda *_: SimpleNamespace(state="agrees")
        )
        true = CLAIM - 5.0 * (np.arange(N) == 0)

        def seen(v: Any) -> Look:
            made = RIGHT(v)
            return replace(made, estimate=replace(made.estimate, value=float(np.sum(true * v))))

        blind = off(error_bound=1.0)
        done = self.of(monkeypatch, seen, *[blind] * 6, vector=true)
        assert (done.found.verdict, done.left) == ("wrong", 0)
        assert done.found.witnesses[-1].note == "7 random directions: 1 differs"
        done = self.of(monkeypatch, WRONG, *[RIGHT] * 6, room=1)
        assert (done.found.cause, done.left) == ("noise", 0)


def test_what_rtol_forgives_counts_where_evaluations_are_few() -> None:
    """A short look takes the first one's step; its bar has what rtol allows, too."""
    functional = Functional(CLAIM, np.zeros(N), float)
    leaves = (Leaf("w", (N,), "float64", 0, N),)
    oracle = SimpleNamespace(evaluations=3, seconds=0.0, room=lambda: 10, quick=lambda v, *_: 7.0)
    for rtol in (0.0, 1e-2):
        scales = Scales(oracle, SimpleNamespace(is_one=True), leaves, np.ones(N), Options(rtol=rtol))  # type: ignore[arg-type]
        looking = Looking(scales, Weighing(looks=[off(evaluations=8)(np.ones(N))]))
        assert looking.is_scarce
        v = np.arange(1.0, N + 1.0)
        each = looking._short_look(functional, v)
        assert each is not None
        assert each.estimate.value == 7.0
        assert each.forgiven == forgiven_of(functional, rtol, leaves, float(np.sum(CLAIM * v)), v)
        assert (each.forgiven > 0) is (rtol > 0)
