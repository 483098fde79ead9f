"""A rewritten function does what the original does, and hands its calls on."""

from __future__ import annotations

import ast
import linecache
import traceback
from collections.abc import Callable
from types import FunctionType
from typing import Any

import pytest

from calcgrad.rewriting import NoSourceError, is_rewritten, rewritten
from calcgrad.rewriting.sources import definition_of
from tests.rewriting import programs


class Seen:
    """What was called, and what operators made."""

    def __init__(self) -> None:
        self.called: list[Any] = []
        self.made: list[Any] = []

    def hand(self, callee: Any) -> Any:
        self.called.append(callee)
        return callee

    def new(self, value: Any) -> Any:
        self.made.append(value)
        return value

    def of(self, function: Any) -> Any:
        return rewritten(function, self.hand, self.new)


@pytest.mark.parametrize(
    ("function", "args", "called"),
    [
        (programs.straight, (1.0, 5.0, 2.0), [max, sum, len]),
        (programs.Base.value, (programs.Base(), 1.0), []),
        (programs.Base.plain, (-1.0,), [abs]),
        (programs.TWO[0], (-3.0,), [abs]),
        (programs.TWO[1], (-3.0,), [abs]),
    ],
)
def test_a_function(function: Any, args: tuple[Any, ...], called: list[Any]) -> None:
    seen = Seen()
    made = seen.of(function)
    assert made(*args) == function(*args)
    assert seen.called == called
    assert made.__globals__ is function.__globals__
    assert made.__qualname__ == function.__qualname__
    assert is_rewritten(made)
    assert not is_rewritten(function)


def test_super_and_private_names() -> None:
    seen = Seen()
    assert seen.of(programs.Derived.value)(programs.Derived(), 1.0) == programs.Derived().value(1.0) == 12.0
    assert super in seen.called


def test_the_closure_is_the_real_one() -> None:
    add = programs.counter()
    assert isinstance(add, FunctionType)
    made = Seen().of(add)
    assert (made(2), add(3), made(5)) == (2, 5, 10)


def test_generators_and_comprehensions() -> None:
    seen = Seen()
    assert list(seen.of(programs.numbers)(3)) == list(programs.numbers(3))
    assert seen.called.count(range) == 4


def test_functions_within_are_rewritten_with_it() -> None:
    seen = Seen()
    assert seen.of(programs.nested)(3.0) == programs.nested(3.0) == 15.0
    assert seen.made == [6.0, 7.0, 14.0, 15.0]


def test_only_what_is_left_of_an_expression_is_shown() -> None:
    seen = Seen()
    seen.of(programs.straight)(1.0, 5.0, 2.0)
    assert seen.made == [5.0 + 2.0 * 3.0]


def test_lines_are_the_users() -> None:
    def fails(x: float) -> float:
        y = x * 2
        return y / 0

    with pytest.raises(ZeroDivisionError) as caught:
        Seen().of(fails)(1.0)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.line) == (__file__, "return y / 0")


def _without_source() -> Callable[..., Any]:
    names: dict[str, Any] = {}
    exec("def f(x):\n    return abs(x)\n", names)
    made: Callable[..., Any] = names["f"]
    return made


def _of_another_text() -> Callable[..., Any]:
    """A code that its file does not compile to any more."""
    names: dict[str, Any] = {}
    exec(compile("\n" * 5 + "def f(x):\n    return abs(x)\n", __file__, "exec"), names)
    made: Callable[..., Any] = names["f"]
    return made


@pytest.mark.parametrize("made", [_without_source, _of_another_text])
def test_what_has_no_source_says_so(made: Callable[[], Any]) -> None:
    with pytest.raises(NoSourceError):
        Seen().of(made())


def test_a_cell_whose_statements_are_compiled_one_by_one_has_its_source() -> None:
    name = "<ipython-input-7-0123456789ab>"
    source = (
        "import numpy as np\ndef f(x):\n    y = np.zeros(2)\n    y[0] = np.sin(x[1])\n    return y.sum()\n"
    )
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    cell: dict[str, Any] = {}
    for statement in ast.parse(source).body:  # so that a call of np's is compiled otherwise than in a file
        exec(compile(ast.Module([statement], []), name, "exec"), cell)
    assert definition_of(cell["f"].__code__).node.name == "f"  # type: ignore[union-attr]
