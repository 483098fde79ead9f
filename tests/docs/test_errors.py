"""The page of errors is the register's, word for word."""

from __future__ import annotations

import os
from pathlib import Path

import calcgrad
from calcgrad.render.codes import markdown

PAGE = Path(calcgrad.__file__).parent / "docs" / "errors.md"


def test_the_page_is_the_register() -> None:
    """``calcgrad explain --format markdown > calcgrad/docs/errors.md`` writes it anew, as does CALCGRAD_UPDATE_GOLDEN=1."""
    if os.environ.get("CALCGRAD_UPDATE_GOLDEN") == "1":
        PAGE.write_text(markdown(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == markdown()
