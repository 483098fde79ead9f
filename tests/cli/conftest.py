"""A command line at 80 columns, without colours, whose times are all the same."""

from __future__ import annotations

import pytest

from calcgrad.render import words
from tests.cli.running import Streams


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Streams:
    for name in ("NO_COLOR", "CALCGRAD_DEBUG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(words, "duration", lambda seconds, ascii=False: "-" if seconds is None else "1.0 ms")
    return Streams(monkeypatch)
