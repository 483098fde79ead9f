"""The machine that changes a line to see whether a test notices: its changes get into the program, and a child ends in time."""

from __future__ import annotations

import importlib
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

MUTANTS = str(Path(__file__).parent.parent / "scripts" / "mutants")
TEXT = """
from functools import lru_cache

LIMIT = 3

class Box:
    def __init__(self, size):
        self.size = size

    @property
    def double(self):
        return 2 * self.size

@lru_cache
def within(n):
    return n < LIMIT

def adding(k):
    def add(n):
        return n + k
    return add

three = adding(3)
"""


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Modules of the machine, by name."""
    monkeypatch.syspath_prepend(MUTANTS)

    def module(name: str) -> ModuleType:
        monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module(name)

    return module


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, str]:
    path = tmp_path / "a_program_to_change.py"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "a_program_to_change", raising=False)
    return importlib.import_module("a_program_to_change"), str(path)


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("2 * self", "3 * self", 10, 15),
        ("n + k", "n - k", 8, 2),
        ("n < LIMIT", "n <= LIMIT", False, True),
    ],
)
def test_a_changed_body_is_what_runs(
    load: Any, program: tuple[Any, str], old: str, new: str, before: Any, after: Any
) -> None:
    module, path = program
    box, within = module.Box(5), module.within
    ask = {"2": lambda: box.double, "n + k": lambda: module.three(5), "n < LIMIT": lambda: within(3)}
    answer = next(ask[key] for key in ask if old.startswith(key))
    if old != "n < LIMIT":  # what has been kept would be given again
        assert answer() == before
    assert load("_swapping").swap(path, TEXT, TEXT.replace(old, new))
    assert answer() == after


@pytest.mark.parametrize(
    ("old", "new"), [("LIMIT = 3", "LIMIT = 4"), ("adding(k)", "adding(k=2)"), ("@lru_cache\n", "")]
)
def test_what_runs_on_loading_wants_a_load_of_its_own(
    load: Any, program: tuple[Any, str], old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, path = program
    swapping = load("_swapping")
    assert not swapping.swap(path, TEXT, TEXT.replace(old, new))
    assert module.LIMIT == 3
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.delitem(sys.modules, "a_program_to_change")
    swapping.Instead("a_program_to_change", path, TEXT.replace("LIMIT = 3", "LIMIT = 7"))
    assert importlib.import_module("a_program_to_change").within(6)


@pytest.mark.slow
def test_a_child_says_what_it_found_or_ends_with_its_time(load: Any, tmp_path: Path) -> None:
    forked = load("_forking").forked

    def endless(say: Any) -> None:
        while True:
            pass

    def broken(say: Any) -> None:
        say({"first": 1})
        raise ValueError

    assert forked(lambda say: say({"outcome": "killed"}), 5, tmp_path / "log") == [{"outcome": "killed"}]
    assert forked(endless, 0.1, tmp_path / "log") is None
    assert forked(broken, 5, tmp_path / "log")[:1] == [{"first": 1}]
    assert "died" in forked(broken, 5, tmp_path / "log")[-1]


@pytest.mark.slow
def test_a_draw_is_of_one_change_a_place_and_stays_when_lines_are_added(load: Any, tmp_path: Path) -> None:
    pytest.importorskip("mutmut")
    mutating = load("_mutating")
    (tmp_path / "a.py").write_text(TEXT, encoding="utf-8")
    drawn = mutating.draw(tmp_path, ["a.py"], 100, 1)
    identities = {mutant.identity for mutant in drawn}
    assert len(drawn) == len({(m.first, m.operator, m.before) for m in drawn}) >= 5
    assert all(compile(mutant.code, "a.py", "exec") for mutant in drawn)
    assert {mutant.function for mutant in drawn} == {"", "Box.__init__", "Box.double", "within", "adding.add"}
    (tmp_path / "a.py").write_text("import math\n\n" + TEXT, encoding="utf-8")
    assert {mutant.identity for mutant in mutating.draw(tmp_path, ["a.py"], 100, 1)} == identities


def test_the_list_of_known_changes_can_be_read() -> None:
    """A merge of two lists once ran two entries together."""
    entries = tomllib.loads(Path(MUTANTS, "equivalents.toml").read_text(encoding="utf-8"))["mutant"]
    known = [
        (e.get("file"), e["function"], e["before"], e.get("after")) for e in entries
    ]  # no file: in all of them
    assert len(known) == len(set(known)) > 100
    for entry in entries:
        assert set(entry) <= {"file", "function", "before", "after", "kind", "reason"}
        assert entry.get("kind", "tuning") == "tuning"
        assert entry["reason"]
