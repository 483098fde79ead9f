"""A deadline: work in Python ends when the time is up, and somebody else's alarm is left alone."""

from __future__ import annotations

import signal
import sys
import threading
from time import perf_counter

import pytest

from calcgrad.deadline import Deadline, OutOfTime, one_alarm
from calcgrad.systems.base import system


def endless() -> None:
    while True:
        pass


def test_work_that_does_not_end_is_ended() -> None:
    start = perf_counter()
    assert Deadline(0.05).attempt(endless, "ended") == "ended"
    assert perf_counter() - start < 5
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0


def test_a_step_may_have_less_than_all_of_the_time() -> None:
    deadline = Deadline(60.0)
    assert deadline.attempt(endless, "ended", most=0.05) == "ended"
    assert deadline.left > 50
    assert deadline.attempt(lambda: "done", None) == "done"


def at_rest() -> bool:
    """Whether no alarm is set, and nothing of ours would answer one."""
    return signal.getitimer(signal.ITIMER_REAL)[0] == 0.0 and signal.getsignal(signal.SIGALRM) is RESTING


RESTING = signal.getsignal(signal.SIGALRM)


@pytest.mark.parametrize("outer", [None, 1e-4])
def test_an_alarm_that_rings_while_it_is_set_or_put_away_leaves_nothing(outer: float | None) -> None:
    """One in six of such left its timer on: the next ring was raised anywhere, or ended the process."""

    def short() -> None:
        Deadline(seconds).attempt(lambda: sum(range(20)), None)

    for k in range(1500):
        seconds = 1e-6 + (k % 50) * 1e-6
        if outer is None:
            short()
        else:
            Deadline(outer - seconds).attempt(short, None)
        assert at_rest()


def stubborn() -> None:
    """Code that swallows the end twice."""
    for _ in range(2):
        try:
            endless()
        except BaseException:
            continue
    endless()


def test_code_that_swallows_the_end_is_ended_again() -> None:
    assert Deadline(0.05).attempt(stubborn, "ended") == "ended"


def test_when_the_time_is_up_nothing_is_begun() -> None:
    assert Deadline(0.0).attempt(lambda: pytest.fail("it was begun"), "not begun") == "not begun"


def test_an_error_of_the_work_is_not_hidden_and_leaves_no_alarm() -> None:
    def wrong() -> None:
        raise ValueError("an error of the work")

    with pytest.raises(ValueError, match="of the work"):
        Deadline(60.0).attempt(wrong, None)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0


def test_an_alarm_that_is_set_already_stays() -> None:
    rang: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda *_: rang.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:

        def until_it_rings() -> str:
            while not rang:
                pass
            return "done"

        assert Deadline(60.0).attempt(until_it_rings, "ended") == "done"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def test_beside_the_main_thread_a_step_ends_when_it_ends() -> None:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(Deadline(60.0).attempt(lambda: "done", "ended")))
    thread.start()
    thread.join()
    assert found == ["done"]


def test_the_end_inside_arbs_quadrature_is_no_error_of_the_system() -> None:
    """Flint goes on with the exception pending; what comes out of it must be the exception itself."""
    from flint import arb

    derivative = system("arb").function("ellipf_derivative")

    def again() -> None:
        while True:
            derivative(arb(3), arb("1.2"), arb("0.3"))

    for k in range(20):
        assert Deadline(0.01 + 0.001 * k).attempt(again, "ended") == "ended"
    assert issubclass(OutOfTime, BaseException)
    assert not issubclass(OutOfTime, Exception)


def test_one_alarm_serves_many_attempts_and_is_gone_afterwards() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with one_alarm():
        assert Deadline(0.05).attempt(endless, "ended") == "ended"
        assert Deadline(60.0).attempt(lambda: 1, None) == 1
        assert Deadline(60.0).attempt(endless, "ended", most=0.05) == "ended"
        assert Deadline(0.05).attempt(lambda: Deadline(60.0).attempt(endless, "within"), "ended") == "within"
        with pytest.raises(ValueError, match="of the work"):
            Deadline(60.0).attempt(lambda: int("of the work"), None)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0
    assert signal.getsignal(signal.SIGALRM) is before


def test_one_alarm_ends_code_that_swallows_it_and_nothing_between_attempts() -> None:
    with one_alarm():
        assert Deadline(0.05).attempt(stubborn, "ended") == "ended"
        start = perf_counter()
        while perf_counter() - start < 0.1:
            pass


def test_one_alarm_leaves_another_s_alone() -> None:
    before = signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.setitimer(signal.ITIMER_REAL, 60.0)
    try:
        with one_alarm():
            assert Deadline(60.0).attempt(lambda: "done", None) == "done"
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 50
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


class _Slow:
    """An object whose finalizer takes its time, so that the alarm falls into it."""

    def __del__(self) -> None:
        end = perf_counter() + 0.1
        while perf_counter() < end:
            pass


def test_an_alarm_in_a_finalizer_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> str:
        _Slow()
        endless()
        return "never"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
        assert Deadline(0.05).attempt(work, "ended") == "ended"
    assert not capfd.readouterr().err
