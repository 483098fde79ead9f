"""Warnings are silent for the thread that asks, and for no other; the process's filters are what they were."""

from __future__ import annotations

import threading
import warnings
from typing import Any

import numpy as np
import pytest

import calcgrad
from calcgrad.errors import ArgumentWrittenWarning
from calcgrad.tracing.quiet import quiet


def test_within_nothing_is_shown_and_afterwards_it_is() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet():
            warnings.warn("within", stacklevel=1)
        with pytest.raises(UserWarning, match="after"):
            warnings.warn("after", stacklevel=1)


def test_one_category_alone() -> None:
    with warnings.catch_warnings(), quiet(ArgumentWrittenWarning):
        warnings.simplefilter("error")
        with quiet(ArgumentWrittenWarning):
            warnings.warn("silent", ArgumentWrittenWarning, stacklevel=1)
            with pytest.raises(RuntimeWarning):
                warnings.warn("heard", RuntimeWarning, stacklevel=1)


def test_what_a_function_records_itself_is_recorded() -> None:
    with quiet(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn("recorded", stacklevel=1)
    assert len(caught) == 1


def test_threads_that_interleave_leave_the_filters_as_they_were() -> None:
    """The one that entered first leaves first: ``catch_warnings`` would leave the filters of the second behind."""
    steps = [threading.Event() for _ in range(3)]

    def first(x: Any) -> Any:
        steps[0].set()
        steps[1].wait(5)
        return np.sum(x * x)

    def second(x: Any) -> Any:
        steps[1].set()
        steps[2].wait(5)
        return np.sum(x * x)

    before = list(warnings.filters)
    at = np.ones(2)
    threads = [threading.Thread(target=calcgrad.diff, args=(first,), kwargs={"at": {"x": at}})]
    threads[0].start()
    steps[0].wait(5)
    threads.append(threading.Thread(target=calcgrad.diff, args=(second,), kwargs={"at": {"x": at}}))
    threads[1].start()
    threads[0].join(20)
    steps[2].set()
    threads[1].join(20)
    assert warnings.filters == before


def test_another_thread_is_heard() -> None:
    heard: list[bool] = []

    def other() -> None:
        try:
            warnings.warn("from elsewhere", stacklevel=1)
        except UserWarning:
            heard.append(True)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet():
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
    assert heard == [True]
