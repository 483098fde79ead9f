"""Rows of words say the same as the tests of what was captured."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from calcgrad import compile
from calcgrad.native import pins

FACTOR = 2.0


def _function(scale):
    def inner(x, more=1.0):
        return x * scale * FACTOR + more

    return inner


def _product(a, x):
    return a * x


def _quick(function, *args):
    program = compile(function, backend="native")
    for _ in range(3):
        program(*args)
    assert type(type(program).__dict__["__call__"].__func__) is type(len)
    return program


def test_every_test_of_common_functions_is_a_row_of_its_own():
    for function in (_function(3.0), partial(_product, 2.0), lambda x: np.sin(x) * x):
        program = _quick(function, 1.5)
        found, _ = pins.rows(program._used.captured.tests)
        assert pins.ASK not in found[:, 0].tolist(), program._used.captured.tests


CHANGES = {
    "a cell": lambda f: setattr(f.__closure__[0], "cell_contents", 5.0),
    "defaults": lambda f: setattr(f, "__defaults__", (7.0,)),
    "a global": lambda f: f.__globals__.__setitem__("FACTOR", 11.0),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_at_once(change, monkeypatch):
    monkeypatch.setitem(globals(), "FACTOR", 2.0)
    function = _function(3.0)
    program = _quick(function, 1.5)
    CHANGES[change](function)
    for _ in range(3):
        assert program(1.5) == function(1.5)
    assert program.traces == 2


def test_a_name_that_appears_is_seen(monkeypatch):
    function = lambda x: abs(x) * 2.0  # noqa: E731
    program = _quick(function, -1.5)
    monkeypatch.setitem(globals(), "abs", lambda x: x * 10.0)
    assert program(-1.5) == function(-1.5) == -30.0
