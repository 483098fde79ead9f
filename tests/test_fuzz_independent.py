"""The independent witness: silent where verdict and truth are right, and heard where one of them is not."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import calcgrad

FUZZ = str(Path(__file__).parent.parent / "scripts" / "fuzz")
MODULES = ("_independent", "_own_words", "_from_sides", "_cases", "_drawing")


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(FUZZ)
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    import _independent

    return _independent


@pytest.mark.slow
def test_sixty_questions_have_no_find(fuzz: Any) -> None:
    settled = 0
    for index in range(60):
        asked, counts, found = fuzz.compare(17, index)
        assert found == [], asked.command
        settled += counts["settled"]
    assert settled > 30


@pytest.mark.parametrize("index", range(40))
def test_another_verdict_is_heard(fuzz: Any, index: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A calcgrad that says ``agree`` with a value that is a tenth off everywhere is contradicted wherever the witness is sure."""
    true = calcgrad.diff

    def false(*args: Any, **options: Any) -> Any:
        report = true(*args, **options)
        (point,) = report.points
        rows = [
            replace(row, verdict="agree", value=str(1.1 * float(row.value or 1) + 0.1)) for row in point.truth
        ]
        return replace(report, points=(replace(point, truth=tuple(rows)),))

    monkeypatch.setattr(fuzz.calcgrad, "diff", false)
    asked, counts, found = fuzz.compare(17, index)
    if counts["settled"]:
        assert found != [], asked.command
