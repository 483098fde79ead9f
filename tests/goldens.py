"""Exact outputs kept as files; ``CALCGRAD_UPDATE_GOLDEN=1`` writes them anew, to be looked at and committed."""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def same_as_golden(path: str, text: str) -> None:
    """Fail unless the text is the golden file's, character by character."""
    file = GOLDEN / path
    if os.environ.get("CALCGRAD_UPDATE_GOLDEN") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
