"""The prompt: lines as somebody types them, definitions, what is wrong said without an end of it all."""

from __future__ import annotations

import pytest

from calcgrad.cli.definitions import Definitions
from calcgrad.errors import CalcgradError
from tests.cli.running import Streams


def test_a_dialogue(streams: Streams) -> None:
    lines = """f(x) = x^2 + 1
g(t) = f(2t)*3
g(x) --at 2 --methods reverse-ad --truth certified
x^3 at 3 --methods reverse-ad --truth certified
functions tan
x^ --at 2
definitions
quit
x^3 --at 2
"""
    found = streams.run("repl", stdin=lines)
    assert "f' = 48" in found.out  # of 3*((2x)^2 + 1), 24*x
    assert "f' = 27" in found.out
    assert "1 + tan(x)^2" in found.out
    assert "f(x) = x^2 + 1\ng(t) = ((2t)^2 + 1)*3\n" in found.out
    assert "error[E106]" in found.err
    assert "f' = 12" not in found.out
    assert found.code == 2


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("f(1)", "((1)^2)"),
        ("2e3 + f(x) e", "2e3 + ((x)^2) e"),
        ("f(f(y))", "((((y)^2))^2)"),
        ("h([1, 2], max(a, b))", "(([1, 2])*(max(a, b)))"),
        ("ff(1) + f", "ff(1) + f"),
    ],
)
def test_functions_are_written_out(text: str, meant: str) -> None:
    told = Definitions()
    told.define("f(x) = x^2")
    told.define("h(u, v) = u*v")
    assert told.expand(text) == meant


@pytest.mark.parametrize("line", ["sin(x) = x", "f(x) = x^", "k(x) = f(x, 2)"])
def test_definitions_that_are_refused(line: str) -> None:
    told = Definitions()
    told.define("f(x) = x^2")
    with pytest.raises(CalcgradError):
        told.define(line)
    assert list(told.texts) == ["f"]
