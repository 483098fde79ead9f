"""What a journal belongs to: a resumed check of a function that has changed takes nothing from it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.identity import identity
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport

X = np.linspace(-1.0, 1.0, 12) + 0.03

MODEL = """
import numpy as np

RATE = 1.0
DATA = {"weights": np.arange(12.0)}

def helper(w):
    return np.sum(np.sin(w))

class Settings:
    scale = 1.0

SETTINGS = Settings()

def penalty(w, by=1.0):
    return by * np.sum(w**2)

def loss(w):
    # a note
    return float(RATE * helper(w) + SETTINGS.scale * penalty(w) + DATA["weights"] @ w)
"""

#: Changes of the program that leave its value at one point what it was only by chance: of a helper, a global, data, a class.
CHANGES = {
    "a helper": ("np.sum(np.sin(w))", "np.sum(np.sin(w) + 0.0 * w)"),
    "a global": ("RATE = 1.0", "RATE = 1.5"),
    "data": ("np.arange(12.0)", "np.arange(12.0)[::-1]"),
    "an attribute": ("scale = 1.0", "scale = 2.0"),
    "a default": ("by=1.0", "by=3.0"),
    "the function": ("@ w)", "@ w - 0.0)"),
}


def loaded(tmp_path: Path, text: str) -> Any:
    place = tmp_path / "thing.py"
    place.write_text(text)
    spec = importlib.util.spec_from_file_location("thing", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["thing"] = module
    exec(compile(text, str(place), "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_what_the_function_reads_is_another_function(name: str, tmp_path: Path) -> None:
    before = identity(loaded(tmp_path, MODEL).loss, {"w": X})
    assert identity(loaded(tmp_path, MODEL).loss, {"w": X}) == before
    changed = MODEL.replace(*CHANGES[name])
    assert changed != MODEL
    assert identity(loaded(tmp_path, changed).loss, {"w": X}) != before


def test_lines_and_notes_are_no_change(tmp_path: Path) -> None:
    before = identity(loaded(tmp_path, MODEL).loss, {"w": X})
    moved = "\n\n" + MODEL.replace("# a note", "# another note\n")
    assert identity(loaded(tmp_path, moved).loss, {"w": X}) == before


def test_data_among_the_arguments_belongs_to_it(tmp_path: Path) -> None:
    loss = loaded(tmp_path, MODEL).loss
    assert identity(loss, {"w": X, "y": np.ones(3)}) != identity(loss, {"w": X, "y": np.zeros(3)})


def _check(f: Any, g: Any, journal: Path, resume: bool) -> CheckReport:
    options = Options(trace=False, journal=str(journal), resume=resume)
    return check_subject(Subject(f, (Claim(g),), {"w": X}, "f"), options)


def test_a_changed_global_is_not_right_of_old(tmp_path: Path) -> None:
    """The value at the point is the same, the derivative is not."""
    journal = tmp_path / "check.jsonl"

    def made(rate: float) -> Any:
        return lambda w: float(np.sum(np.sin(w)) + rate * np.sum((w - X) ** 3 + (w - X)))

    assert _check(made(1.0), lambda w: np.cos(w) + 1.0, journal, resume=False).verdict == "right"
    report = _check(made(2.0), lambda w: np.cos(w) + 1.0, journal, resume=True)
    assert (report.verdict, report.reused) == ("wrong", 0)
    assert any("none of them is used" in note for note in report.notes)


def test_what_is_read_of_a_file_is_asked_for_again(tmp_path: Path) -> None:
    """No digest sees it: old answers are made again, and the check begins anew."""
    journal, file = tmp_path / "check.jsonl", tmp_path / "rate.txt"

    def loss(w: Any) -> float:
        return float(np.sum(np.sin(w)) + float(file.read_text()) * np.sum(w - X))

    file.write_text("1.0")
    first = _check(loss, lambda w: np.cos(w) + 1.0, journal, resume=False)
    assert first.verdict == "right"
    file.write_text("2.0")
    report = _check(loss, lambda w: np.cos(w) + 1.0, journal, resume=True)
    assert (report.verdict, report.reused) == ("wrong", 0)
    assert any("the check began anew" in note for note in report.notes)
    file.write_text("2.0")
    again = _check(loss, lambda w: np.cos(w) + 1.0, journal, resume=True)
    assert again.verdict == "wrong"
    assert again.reused > 0
