"""A page in a browser: Debian's Chromium, driven by Playwright; a test is skipped where one of the two is not there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest


@contextmanager
def opened(
    file: Path, text: str, dark: bool = False, width: int = 1000, script: bool = True
) -> Iterator[Any]:
    """The page as it is shown; anything that its script complains about fails the test."""
    file.write_text(text, encoding="utf-8")
    with _browser(dark, width, script) as context:
        shown, complaints = _shown(context, file)
        yield shown
        assert complaints == []


def opened_pages(
    folder: Path, pages: Mapping[str, str], dark: bool = False, width: int = 1000
) -> Iterator[tuple[str, Any]]:
    """Many pages one after another in one browser."""
    with _browser(dark, width) as context:
        for k, (name, text) in enumerate(pages.items()):
            file = folder / f"page-{k}.html"
            file.write_text(text, encoding="utf-8")
            shown, complaints = _shown(context, file)
            yield name, shown
            assert complaints == [], name
            shown.close()


@contextmanager
def _browser(dark: bool, width: int, script: bool = True) -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium")
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    with sync.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield browser.new_context(
                color_scheme=scheme, viewport={"width": width, "height": 900}, java_script_enabled=script
            )
        finally:
            browser.close()


def _shown(context: Any, file: Path) -> tuple[Any, list[str]]:
    """A page, and what it complains about: errors of its script, and whatever it asks the network for."""
    shown = context.new_page()
    complaints: list[str] = []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.on("console", lambda message: complaints.append(message.text))
    shown.on(
        "request", lambda request: None if request.url == file.as_uri() else complaints.append(request.url)
    )
    shown.goto(file.as_uri())
    return shown, complaints
