"""Threads, children and interrupts: never a crash, never one that waits for ever."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

from calcgrad import compile
from calcgrad.native import machine as home
from calcgrad.native.growing import CALLS

A = np.array([1.0, 2.0, 3.0])


def test_llvm_is_started_once_however_many_threads_ask_for_it_first(monkeypatch):
    """The code of a second start went with it, and whoever ran that code then crashed."""
    started = []

    def slow(self):
        started.append(self)
        time.sleep(0.05)
        return "a stub"

    monkeypatch.setattr(home.Machine, "_start", slow)
    home._machine.cache_clear()
    try:
        threads = [threading.Thread(target=home.machine) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        home._machine.cache_clear()
    assert len(started) == 1


def test_several_threads_grow_one_program_at_once():
    f = compile(lambda x: np.sin(x) * A)
    wrong: list[object] = []

    def work(k: int) -> None:
        for i in range(2 * CALLS):
            x = np.array([k, i, 1.0])
            if not np.allclose(f(x), np.sin(x) * A, rtol=1e-14, atol=1e-300):
                wrong.append((k, i))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not wrong
    assert f.backend == "native"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_does_not_wait_for_what_a_thread_of_its_parent_compiles():
    holds, go_on = threading.Event(), threading.Event()

    def compiles() -> None:
        with home._LOCK:
            holds.set()
            go_on.wait(0.3)

    thread = threading.Thread(target=compiles)
    thread.start()
    holds.wait()
    child = os.fork()
    if not child:
        signal.alarm(20)
        f = compile(lambda x: np.sin(x) * 2.0, backend="native")
        os._exit(0 if abs(f(1.0) - 2.0 * np.sin(1.0)) < 1e-15 else 1)
    go_on.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


def test_an_interrupt_while_captured_values_are_looked_at_is_heard():
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    class Thing:
        def __eq__(self, other: object) -> bool:
            return interrupted()

        __hash__ = object.__hash__

    f = compile(lambda x: np.sin(x) * 2.0, backend="native")
    f(1.0)
    program = f._used
    assert program is not None
    assert program.backend == "native"
    way = program.enter([("{} == {}", (Thing(), 1))], lambda args, kwargs: "handed on")
    with pytest.raises(KeyboardInterrupt):
        way(1.0)
    assert program.enter([("{} == {}", (2, 1))], lambda args, kwargs: "handed on")(1.0) == "handed on"
