"""The list of covered functions: on the screen, as data, and as a page that this test keeps true."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from calcgrad.numpy_names import NAMES, load_special
from calcgrad.render.numpy_functions import by_theme, page
from tests.cli.running import Streams


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Streams:
    monkeypatch.setenv("COLUMNS", "80")
    return Streams(monkeypatch)


@pytest.mark.skipif(not hasattr(np, "matvec"), reason="the page is that of NumPy 2.2 and later")
def test_the_page_is_the_table() -> None:
    """``python -c "from calcgrad.render.numpy_functions import page; ..."`` writes it anew."""
    assert (files("calcgrad") / "docs" / "numpy.md").read_text(encoding="utf-8") == page()


def test_every_name_is_listed_once() -> None:
    load_special()
    listed = [name for names in by_theme().values() for name in names]
    assert len(listed) == len(set(listed))
    assert {n for n in NAMES.values() if not n.rpartition(".")[2].startswith("_")} <= set(listed)


def test_the_screen(streams: Streams) -> None:
    found = streams.run("functions", "--numpy", "linalg")
    assert found.code == 0
    assert found.out.startswith("linalg: equations, inverses, factorisations, norms\n  linalg.cholesky, ")
    assert max(map(len, found.out.splitlines())) <= 80
    whole = json.loads(streams.run("functions", "--numpy", "--json").out)
    assert "numpy.sum" in whole["numpy"]["reductions"]
    assert streams.run("functions", "--numpy", "nope").code == 2
