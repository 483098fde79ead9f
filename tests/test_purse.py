"""A purse: looks take processor seconds from it, each leaves something for the next, and a wait costs nothing."""

from __future__ import annotations

import math
from time import perf_counter, sleep, thread_time

import pytest

from calcgrad.deadline import Deadline
from calcgrad.purse import Purse, within


def work(seconds: float) -> float:
    """Keep the processor busy, for as long as the look may take at most; the seconds that it took."""
    begun = thread_time()
    end = begun + within(seconds)
    while thread_time() < end:
        pass
    return thread_time() - begun


def test_each_look_takes_half_of_what_is_left_and_no_more() -> None:
    purse, deadline = Purse(0.2), Deadline(60.0)
    taken = [purse.look(deadline, lambda: work(5.0), -1.0) for _ in range(4)]
    assert taken == pytest.approx([0.1, 0.05, 0.025, 0.0125], rel=0.3)
    assert purse.left == pytest.approx(0.2 - sum(taken), abs=5e-3)


def test_a_short_look_leaves_the_rest() -> None:
    purse = Purse(0.2)
    assert purse.look(Deadline(60.0), lambda: 2 + 2, None) == 4
    assert purse.left > 0.19


def test_a_wait_takes_nothing() -> None:
    purse = Purse(0.1)
    purse.look(Deadline(60.0), lambda: sleep(0.2), None)
    assert purse.left > 0.09


def test_from_an_empty_purse_nothing_is_begun() -> None:
    assert Purse(0.0).look(Deadline(60.0), lambda: pytest.fail("it was begun"), "not begun") == "not begun"


def test_the_deadline_ends_a_look_that_does_not_ask() -> None:
    def endless() -> None:
        while True:
            pass

    start = perf_counter()
    assert Purse(60.0).look(Deadline(0.2), endless, "ended") == "ended"
    assert perf_counter() - start < 5


def test_a_look_within_a_look_takes_of_its_time_once() -> None:
    purse, deadline = Purse(0.2), Deadline(60.0)
    inner = purse.look(deadline, lambda: purse.look(deadline, lambda: work(0.03), -1.0), -1.0)
    assert inner == pytest.approx(0.03, rel=0.3)
    assert purse.left == pytest.approx(0.17, abs=0.01)


def test_outside_of_looks_there_is_no_limit_and_an_error_ends_that_of_a_look() -> None:
    def wrong() -> None:
        raise ValueError("an error of the work")

    with pytest.raises(ValueError, match="of the work"):
        Purse(0.1).look(Deadline(60.0), wrong, None)
    assert within(7.0) == 7.0
    assert within(math.inf) == math.inf
