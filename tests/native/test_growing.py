"""``auto``: NumPy's program for a while, the native one from then on, at the same call every time."""

from __future__ import annotations

import numpy as np
import pytest

from calcgrad import compile, grad
from calcgrad.native.growing import CALLS

X = np.linspace(0.1, 2.0, 9)


@pytest.mark.parametrize("x", [1.25, X], ids=["a number", "an array"])
def test_a_program_grows_at_its_call(x):
    function = grad(lambda x: np.sum(np.exp(x) * np.sin(x)))
    program, plain = compile(function), compile(function, backend="numpy")
    backends = []
    for _ in range(CALLS + 5):
        np.testing.assert_allclose(program(x), plain(x), rtol=1e-14)
        backends.append(program.backend)
    assert backends.index("native") == CALLS
    assert program.traces == 1
    assert type(type(program).__dict__["__call__"].__func__) is type(len)


def test_what_cannot_be_native_stays_and_is_not_asked_again(monkeypatch):
    program = compile(np.cumsum)
    for _ in range(CALLS + 3):
        program(X)
    assert program.backend == "numpy"
    assert type(program).__dict__["__call__"].__func__.__name__ == "_entry"
    monkeypatch.setattr("calcgrad.native.growing.made_native", lambda *_: pytest.fail("asked again"))
    for _ in range(CALLS + 3):
        program(X)


def test_where_there_is_no_native_code_it_is_numpys(monkeypatch):
    monkeypatch.setattr("calcgrad.native.growing.missing", lambda: "nothing here")
    program = compile(np.sin)
    for _ in range(CALLS + 3):
        program(X)
    assert program.backend == "numpy"
