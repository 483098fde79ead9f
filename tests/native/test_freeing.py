"""Native code goes with the last that may run it, and not before."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

from calcgrad import compile, value_and_grad
from calcgrad.native import machine

X = np.linspace(0.1, 1.0, 50)


@pytest.fixture
def closed(monkeypatch):
    """The engines that were closed since the test began."""
    gc.collect()
    found = []
    plain = machine._close

    def watched():
        found.extend(machine._GONE)
        plain()

    monkeypatch.setattr(machine, "_close", watched)
    return found


def made(factor):
    program = compile(value_and_grad(lambda x: np.sum(np.sin(x) * x * factor)), backend="native")
    for _ in range(4):
        program(X)
    assert program.backend == "native"
    return program


def test_code_goes_with_its_program(closed):
    program = made(1.25)
    value, slope = program(X)
    assert not closed
    del program
    gc.collect()
    assert len(closed) == 1
    assert value == pytest.approx(np.sum(np.sin(X) * X * 1.25))
    assert slope == pytest.approx(1.25 * (np.sin(X) + X * np.cos(X)))


def test_code_stays_while_its_call_is_kept(closed):
    program = made(1.5)
    call = type(program).__dict__["__call__"].__func__
    right = program(X)[0]
    del program
    gc.collect()
    assert not closed
    assert call(X)[0] == right
    del call
    gc.collect()
    assert len(closed) == 1


def test_a_finalizer_that_calls_what_goes_with_it(closed):
    found = []

    class Thing:
        def __init__(self):
            self.program, self.itself = made(1.75), self

        def __del__(self):
            found.append(self.program(X)[0])

    Thing()
    gc.collect()
    gc.collect()
    assert found == [pytest.approx(np.sum(np.sin(X) * X * 1.75))]
    assert len(closed) == 1


def test_garbage_that_is_found_while_another_thread_is_at_llvm(closed):
    program = made(2.25)
    inside, go = threading.Event(), threading.Event()

    def busy():
        with machine._LOCK:
            inside.set()
            go.wait(20)

    thread = threading.Thread(target=busy)
    thread.start()
    inside.wait(20)
    del program
    gc.collect()  # does not wait
    assert not closed
    go.set()
    thread.join()
    made(2.5)
    assert closed
