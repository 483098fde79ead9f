"""The page of SciPy's names is what the functions say."""

from __future__ import annotations

import os
from pathlib import Path

import calcgrad
from calcgrad.render.scipy_functions import page

PAGE = Path(calcgrad.__file__).parent / "docs" / "scipy.md"


def test_the_page_is_written_from_the_functions() -> None:
    """CALCGRAD_UPDATE_GOLDEN=1 writes it anew."""
    if os.environ.get("CALCGRAD_UPDATE_GOLDEN") == "1":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
