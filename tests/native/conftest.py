"""These tests need the extra ``native``."""

import pytest

pytest.importorskip("llvmlite")

from calcgrad.native.programs import missing
from calcgrad.native.store import VARIABLE

collect_ignore_glob = ["test_*.py"] if missing() else []


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setenv(VARIABLE, "")
