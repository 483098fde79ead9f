"""The piece that a sentence quotes is found where it stands, and nowhere else."""

from __future__ import annotations

import linecache
from pathlib import Path

import pytest

from calcgrad.checking.diagnosing.quoting import excerpt

SOURCE = """import numpy as np

def loss(w):
    z = np.tanh(w @ np.arange(5.0)
                / 10)
    return (z**2).sum()  # the end: \u00e9
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    linecache.clearcache()  # files of this name from other tests
    found = tmp_path / "quoted_model.py"
    found.write_text(SOURCE, encoding="utf-8")
    assert linecache.getline(str(found), 1)
    return found


def marked(sentence: str) -> str | None:
    """The text from the start of the piece to its end, lines joined."""
    place = excerpt(sentence)
    if place is None:
        return None
    lines = [place.lines[n - place.first] for n in range(place.line, place.end_line + 1)]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("sentence", "piece"),
    [
        ("a term of `(z**2).sum()` (quoted_model.py, line 6) is left out", "(z**2).sum()"),
        ("`return (z ** 2).sum()` should be `return z.sum()` (quoted_model.py, line 6)", "return (z**2).sum()"),
        ("in `np.tanh(w @ np.arange(5.0) / 10)` (quoted_model.py, line 4)", "np.tanh(w @ np.arange(5.0)\n                / 10)"),
        ("in `np.tanh(w @ np.ar...` (quoted_model.py, line 4) it", "np.tanh(w @ np.ar"),
        ("in `(z**2).sum()` (quoted_model.py, line 4)", None),  # it stands two lines below
        ("in `cosh(x)` (quoted_model.py, line 4)", None),
        ("in `(z**2).sum()` (quoted_model.py, line 600)", None),
        ("in `(z**2).sum()` (another.py, line 6)", None),
        ("no piece at all (quoted_model.py, line 6)", None),
    ],
)  # fmt: skip
def test_a_piece_is_found_where_it_stands(file: Path, sentence: str, piece: str | None) -> None:
    assert marked(sentence) == piece


def test_of_two_files_of_a_name_none_is_guessed(file: Path, tmp_path: Path) -> None:
    sentence = "in `(z**2).sum()` (quoted_model.py, line 6)"
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / file.name
    other.write_text(SOURCE.replace("z**2", "z**4"), encoding="utf-8")
    linecache.getline(str(other), 1)
    place = excerpt(sentence)
    assert place is not None
    assert Path(place.file) == file
    other.write_text(SOURCE, encoding="utf-8")
    linecache.checkcache(str(other))
    linecache.getline(str(other), 1)
    assert excerpt(sentence) is None


def test_the_file_is_named_from_here(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    place = excerpt("in `(z**2).sum()` (quoted_model.py, line 6)")
    assert place is not None
    assert (place.file, place.line, place.column, place.first) == ("quoted_model.py", 6, 12, 4)
