"""Words that are read as they are say the same as the attributes that Python gives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import CellType, FunctionType
from typing import Any

import pytest

from calcgrad.compiling import guards, words
from calcgrad.compiling.guards import guard

PARTS = ("__code__", "__defaults__", "__kwdefaults__", "__dict__")


def made() -> Callable[..., Any]:
    def function(x: Any, y: Any = 1.0, *, z: Any = 2.0) -> Any:
        return x * y * z

    return function


def test_functions_cells_and_partial_functions_keep_their_parts_here() -> None:
    known = words.offsets()
    assert {name for kind, name in known if kind is FunctionType} == set(PARTS)
    assert (CellType, "cell_contents") in known
    assert {name for kind, name in known if kind is partial} == {"func", "args", "keywords"}


@pytest.mark.parametrize(
    "change",
    [
        lambda f: setattr(f, "__code__", (lambda x, y, *, z: x).__code__),
        lambda f: setattr(f, "__defaults__", (3.0,)),
        lambda f: setattr(f, "__defaults__", None),
        lambda f: setattr(f, "__kwdefaults__", {"z": 2.0}),
        lambda f: setattr(f, "__kwdefaults__", None),
        lambda f: setattr(f, "__dict__", {}),
        lambda f: setattr(f, "mark", 1.0),
    ],
)
@pytest.mark.parametrize("own", [False, True])
def test_a_change_of_a_function_is_seen(change: Callable[[Any], None], own: bool) -> None:
    function = made()
    if own:
        function.__dict__.clear()
    held = guard(guards.tests(function, [], ()))
    assert held()
    change(function)
    assert not held()


def test_what_was_there_lives_on_so_that_nothing_else_takes_its_place() -> None:
    function = made()
    held = guard(guards.tests(function, [], ()))
    for _ in range(100):
        function.__defaults__ = (float("3.0"),)
        assert not held()


@pytest.mark.parametrize("state", [(abs, (1.0,), {}), (max, (2.0,), {}), (max, (1.0,), {"key": abs})])
def test_a_partial_function_with_another_state(state: tuple[Any, ...]) -> None:
    function = partial(max, 1.0)
    held = guard(guards.tests(function, [], ()))
    assert held()
    function.__setstate__((*state, None))
    assert not held()


def test_a_cell_is_a_variable_of_the_look() -> None:
    factor = 1.5
    function = lambda x: factor * x  # noqa: E731
    (cell,) = function.__closure__ or ()
    held = guard(guards.tests(function, [], ()))
    assert held()
    cell.cell_contents = float("1.5")
    assert not held()
    held = guard(guards.tests(function, [], ()))
    assert held()
    del cell.cell_contents
    assert not held()


def test_where_no_words_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    function = made()
    assert words.bare(function)
    monkeypatch.setattr(words, "offsets", dict)
    assert words.view(function, [("__code__", function.__code__)]) is None
    assert not words.bare(function)
    held = guard(guards.tests(function, [], ()))
    assert held()
    function.__kwdefaults__ = {"z": 2.0}
    assert not held()


def test_parts_that_are_others_by_now_are_not_taken_for_those_that_were() -> None:
    function = made()
    found = list(guards.tests(function, [], ()))
    function.__defaults__ = (5.0,)
    assert not guard(found)()
