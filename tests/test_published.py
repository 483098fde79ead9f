"""Problems that others published: their derivatives, proved without calcgrad.

The data stands in ``data/published.json``, written by ``data/published``, which says what truth is: the
formula of the source and ``mpmath.diff`` of the function, agreeing to 30 digits, for the nearest doubles of
the point.
"""

from __future__ import annotations

import importlib
import json
import math
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"
sys.path.insert(0, str(DATA))
published = importlib.import_module("published")
proving = importlib.import_module("published.problem")
sys.path.remove(str(DATA))

ENTRIES: list[dict[str, Any]] = json.loads((DATA / "published.json").read_text(encoding="utf-8"))
SAMPLE = random.Random(14).sample(range(len(ENTRIES)), 60)


class TestData:
    def test_is_what_the_problems_say(self) -> None:
        assert len(ENTRIES) >= 200
        assert len({entry["name"] for entry in ENTRIES}) == len(ENTRIES)
        keys = ("name", "origin", "expr", "at", "wrt", "order", "derivative")
        for entry, problem in zip(ENTRIES, published.PROBLEMS, strict=True):
            said = (problem.name, problem.origin, problem.expr, problem.point, problem.names, problem.order)
            assert tuple(entry[key] for key in keys) == (*said, problem.derivative)

    @pytest.mark.parametrize("index", SAMPLE, ids=[ENTRIES[i]["name"] for i in SAMPLE])
    def test_formula_and_function_agree(self, index: int) -> None:
        value, derivatives = proving.truth(published.PROBLEMS[index])
        assert (ENTRIES[index]["value"], ENTRIES[index]["true"]) == (value, derivatives)

    def test_a_wrong_formula_is_caught(self) -> None:
        sine = next(p for p in published.PROBLEMS if p.name == "sin")
        with pytest.raises(proving.DisagreementError, match="sin"):
            proving.truth(replace(sine, d=lambda x: sine.d(x) * (1 + proving.mpf("1e-28"))))

    def test_a_missing_formula_is_caught(self) -> None:
        booth = next(p for p in published.PROBLEMS if p.name == "Booth, minimum")
        with pytest.raises(proving.DisagreementError, match="1 formulas, 2 derivatives"):
            proving.truth(replace(booth, d=lambda x, y: 10 * x + 8 * y - 34))

    def test_points_are_nearest_doubles(self) -> None:
        texts = ("1/10", "-2e-3", "pi", "-3*pi/4", "1/3")
        assert [proving.nearest_double(t) for t in texts] == [0.1, -0.002, math.pi, -0.75 * math.pi, 1 / 3]
