"""The page of diff: whatever a text holds, nothing of it becomes markup; the point is dragged in a browser where there is one."""

from __future__ import annotations

import re
from pathlib import Path

import mpmath
import pytest

import calcgrad
from calcgrad.comparing.request import asked
from calcgrad.explaining.paging import page_of
from calcgrad.render import Style, plot_html
from calcgrad.render.diff_html import render_page
from calcgrad.render.html_script import data
from calcgrad.render.page import page
from tests.render.browser import opened


def test_no_text_ends_the_script() -> None:
    text = data(["</script><script>alert(1)</script>", "\u2028 \" ' & é"])
    assert "<" not in text
    assert ">" not in text
    assert text.isascii()
    assert "<b>" not in page("<b>'\"</b>", "", "<b>")


def _slope(said: str) -> tuple[mpmath.mpf, mpmath.mpf, mpmath.mpf]:
    found = re.fullmatch(r"x = (\S+): f = (\S+), f' = (\S+)", said)
    assert found
    x, value, slope = map(mpmath.mpf, found.groups())
    return x, value, slope


@pytest.mark.slow
def test_the_point_is_dragged(tmp_path: Path) -> None:
    """By the keys and by the mouse; what it says is held against mpmath, and the tangent goes through the point."""
    text = render_page(page_of(asked("x^2*sin(x)", ["1"], truth="certified")), Style())
    assert len(text.encode()) < 300_000
    assert "x = 1: f = 0.841470984808, f&#x27; = 2.22324427548" in text  # before any script runs
    with opened(tmp_path / "page.html", text) as shown:
        shown.focus("#place")
        shown.keyboard.press("ArrowRight")
        assert _slope(shown.inner_text("#said"))[0] == 1.03125
        box = shown.locator("svg.dragged").bounding_box()
        y = box["y"] + box["height"] / 3
        shown.mouse.move(box["x"] + box["width"] / 2, y)
        shown.mouse.down()
        seen = set()
        for k in range(1, 6):
            shown.mouse.move(box["x"] + box["width"] * (0.5 + 0.07 * k), y)
            said = shown.inner_text("#said")
            x, value, slope = _slope(said)
            assert mpmath.almosteq(x**2 * mpmath.sin(x), value, 1e-11)
            assert mpmath.almosteq(mpmath.diff(lambda t: t**2 * mpmath.sin(t), x), slope, 1e-10)
            assert shown.get_attribute("#place", "aria-valuetext") == said
            ends = [float(shown.get_attribute("#tangent", name)) for name in ("x1", "y1", "x2", "y2")]
            dot = [float(shown.get_attribute("#dot", name)) for name in ("cx", "cy")]
            assert [(ends[0] + ends[2]) / 2, (ends[1] + ends[3]) / 2] == pytest.approx(dot, abs=0.11)
            seen.add(said)
        shown.mouse.up()
        assert len(seen) == 5
        shown.mouse.move(box["x"] + 80, y)
        assert shown.inner_text("#said") in seen, "a mouse that is not pressed moves nothing"


@pytest.mark.slow
def test_the_point_of_a_plot_says_where_there_is_no_slope(tmp_path: Path) -> None:
    text = plot_html.render(calcgrad.plot("abs(x - 1)/x", -3, 3), Style())
    with opened(tmp_path / "page.html", text) as shown:
        shown.focus("#place")
        told = []
        for _ in range(20):
            shown.keyboard.press("ArrowRight")
            told.append(shown.inner_text("#said"))
        assert "x = 1: f = 0, no slope is proved here: kink" in told
        shown.keyboard.press("Home")
        assert shown.inner_text("#said") == "x = -3: f = -1.33333333333, f' = -0.111111111111"
