"""A few programs of the fuzzer: native code and NumPy agree, also at points that were not traced."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FUZZ = str(Path(__file__).parents[2] / "scripts" / "fuzz")


@pytest.fixture(scope="module")
def programs():
    sys.path.insert(0, FUZZ)
    try:
        import _programs
    finally:
        sys.path.remove(FUZZ)
    return _programs


@pytest.mark.slow
@pytest.mark.parametrize("index", range(12))
def test_drawn_programs_agree(programs, index):
    outcome = programs.examine(programs.draw(2026, index), 2026, index)
    assert not outcome.find


@pytest.mark.slow
def test_what_the_fuzzer_found(programs):
    """Reshaped values that were read too early, or kept twice; of two zeros the second."""
    sources = [
        "def f(x0):\n    a = np.tanh(np.broadcast_to(x0 ** 3, (2, 2, 3, 2))) + 1.0\n    return (np.prod(a, axis=1), a)\n",
        "def f(x0):\n    a = np.cos(x0)\n    b = a.copy()\n    b[1:] += a[:-1]\n"
        "    return (b, a, np.log1p(np.abs(x0)).reshape(-1, 2))\n",
        "def f(x0):\n    a = np.maximum(x0 * 0.0, 0.0)\n    return (np.arctan2(x0 * 0.0 + a, a),)\n",
    ]
    for source in sources:
        assert not programs.examine(programs.Drawn(source, ((2, 3, 2),)), 1, 1).find


@pytest.mark.slow
@pytest.mark.parametrize("index", range(4))
def test_drawn_tapes_agree(index):
    sys.path.insert(0, FUZZ)
    try:
        import _tapes
    finally:
        sys.path.remove(FUZZ)
    outcome = _tapes.examine(_tapes.draw(2026, index), 2026, index)
    assert not outcome.find
    assert outcome.counts["tapes"] == 2
