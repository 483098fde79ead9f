"""The page of diff: whatever a text holds, nothing of it becomes markup; the point is dragged in a browser where there is one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from calcgrad.comparing.request import asked
from calcgrad.explaining.paging import page_of
from calcgrad.render import Style
from calcgrad.render.diff_html import render_page
from calcgrad.render.html_script import data
from calcgrad.render.page import page


def test_no_text_ends_the_script() -> None:
    text = data(["</script><script>alert(1)</script>", "\u2028 \" ' & é"])
    assert "<" not in text
    assert ">" not in text
    assert text.isascii()
    assert "<b>" not in page("<b>'\"</b>", "", "<b>")


@pytest.mark.slow
def test_the_point_is_dragged(tmp_path: Path) -> None:
    text = render_page(page_of(asked("x^2", ["1"])), Style())
    assert len(text.encode()) < 300_000
    assert "http" not in text.replace("http://www.w3.org", "")
    assert "f = 1, f&#x27; = 2" in text  # before any script runs
    sync = pytest.importorskip("playwright.sync_api")
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("there is no Chromium")
    file = tmp_path / "page.html"
    file.write_text(text, encoding="utf-8")
    with sync.sync_playwright() as p:
        opened = p.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        shown = opened.new_page()
        shown.goto(file.as_uri())
        shown.focus("#place")
        shown.keyboard.press("ArrowRight")
        assert shown.inner_text("#said") == "x = 1.03125: f = 1.0634765625, f' = 2.0625"
        opened.close()
