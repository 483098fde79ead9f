"""A page in a browser: Debian's Chromium, driven by Playwright; a test is skipped where one of the two is not there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest


@contextmanager
def opened(
    file: Path, text: str, dark: bool = False, width: int = 1000, script: bool = True
) -> Iterator[Any]:
    """The page as it is shown; anything that its script complains about fails the test."""
    sync = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium")
    file.write_text(text, encoding="utf-8")
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    with sync.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        shown = context.new_page()
        complaints: list[str] = []
        asked: list[str] = []
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("console", lambda message: complaints.append(message.text))
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(file.as_uri())
        try:
            yield shown
            assert complaints == []
            assert asked == [file.as_uri()]
        finally:
            browser.close()
