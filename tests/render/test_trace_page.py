"""The page of trace: what is played is what the report has, and without a script all of it stands there."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

import calcgrad
from calcgrad.errors import UsageError
from calcgrad.render import Style, trace_svg
from calcgrad.render.trace_html import render
from tests.render.browser import opened

LESSON = "x*y + sin(x)"


def sentences(page: str) -> list[str]:
    return [unescape(said) for said in re.findall(r' data-said="([^"]*)"', page)]


def test_each_step_is_told_forward_and_backward() -> None:
    """By hand at x = 1, y = 2: cos 1 = 0.5403023, sin 1 = 0.8414710."""
    page = render(calcgrad.trace(LESSON, "x=1, y=2"), Style())
    assert sentences(page) == [
        "forward: v1 = x = 1; dv1/dx = 1, dv1/dy = 0",
        "forward: v2 = y = 2; dv2/dx = 0, dv2/dy = 1",
        "forward: v3 = v1*v2 = 2; dv3/dx = 2, dv3/dy = 1",
        "forward: v4 = sin(v1) = 0.841471; dv4/dx = 0.540302, dv4/dy = 0",
        "forward: v5 = v3 + v4 = 2.841471; dv5/dx = 2.540302, dv5/dy = 1",
        "backward: dv5 = 1",
        "backward: dv4 = dv5*1 = 1*1 = 1",
        "backward: dv3 = dv5*1 = 1*1 = 1",
        "backward: dv2 = dv3*v1 = 1*1 = 1",
        "backward: dv1 = dv3*v2 + dv4*cos(v1) = 1*2 + 1*0.540302 = 2.540302",
    ]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (LESSON, "x=1, y=2"),
        ("[x*y, x+y]", "x=1, y=2"),
        ("sum(w*w)/t", "w=[1,2,3], t=2"),
        ("x*x*x", "x=3"),
        ("x", "x=3"),
    ],
)
def test_what_lights_up_is_in_the_picture(text: str, at: str) -> None:
    page = render(calcgrad.trace(text, at), Style())
    for kind, place in (("slot", "slots"), ("edge", "edges")):
        drawn = set(re.findall(rf' data-{kind}="([^"]*)"', page))
        lit = {name for found in re.findall(rf' data-{place}="([^"]*)"', page) for name in found.split()}
        assert lit <= drawn
        assert lit == drawn, "each box and each arrow is reached by some step"


def test_modes_and_a_constant_have_their_part_alone() -> None:
    forward = render(calcgrad.trace(LESSON, "x=1, y=2", mode="forward"), Style())
    assert "backward: " not in forward
    backward = render(calcgrad.trace(LESSON, "x=1, y=2", mode="reverse"), Style())
    assert "dv3/dx" not in backward
    assert "backward: dv1 = " in backward
    assert "there is no graph" in render(calcgrad.trace("3"), Style())


def test_a_loop_that_is_folded_lights_up_its_box() -> None:
    def loss(x: float) -> float:
        for _ in range(30):
            x = x * 0.5 + 1.0
        return x

    page = render(calcgrad.trace(loss, {"x": 2.0}, depth=1), Style())
    drawn = set(re.findall(r' data-slot="([^"]*)"', page))
    lit = {name for found in re.findall(r' data-slots="([^"]*)"', page) for name in found.split()}
    assert lit == drawn
    assert len(drawn) < 40


@pytest.mark.slow
def test_a_graph_too_large_for_a_page_says_so() -> None:
    page = render(calcgrad.trace(" + ".join(f"sin({k}*x)" for k in range(400)), "2"), Style())
    assert len(page.encode()) < 300_000
    assert "boxes are too many for a page" in page
    assert re.search(r"The first 200 of 1,\d\d\d rows", page)


def test_without_a_library_that_draws_it_stands_in_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> str:
        raise UsageError.of("E609", "a drawn graph needs igraph or graphviz")

    monkeypatch.setattr(trace_svg, "picture", missing)
    page = render(calcgrad.trace(LESSON, "x=1, y=2"), Style())
    assert "<svg" not in page
    assert "──►" in page


@pytest.mark.slow
def test_the_graph_is_played(tmp_path: Path) -> None:
    page = render(calcgrad.trace(LESSON, "x=1, y=2"), Style())
    told = sentences(page)
    with opened(tmp_path / "trace.html", page) as shown:
        said = shown.locator(".player p")
        assert said.inner_text() == "before the first step"
        for k in range(3):
            shown.get_by_role("button", name="Step").click()
            assert said.inner_text() == f"{k + 1} of 10, {told[k]}"
        lit = shown.locator("svg .lit")
        names = lit.evaluate_all("all => all.map(one => one.dataset.slot || one.dataset.edge)")
        assert sorted(names) == ["v1-v3", "v2-v3", "v3"]
        shown.keyboard.press("End")
        assert said.inner_text() == f"10 of 10, {told[-1]}"
        names = lit.evaluate_all("all => all.map(one => one.dataset.slot || one.dataset.edge)")
        assert sorted(names) == ["v1", "v1-v3", "v1-v4"]
        assert shown.locator("tr[aria-current=step] th").inner_text() == "dv1"
        shown.keyboard.press("ArrowLeft")
        assert said.inner_text() == f"9 of 10, {told[-2]}"
        shown.keyboard.press("Home")
        shown.get_by_role("button", name="Play").click()
        assert said.inner_text() == f"1 of 10, {told[0]}"
        shown.wait_for_function(
            "document.querySelector('.player p').textContent.startsWith('2 of 10')", timeout=5000
        )
        shown.get_by_role("button", name="Pause").click()


@pytest.mark.slow
def test_without_a_script_the_tables_stand_there(tmp_path: Path) -> None:
    page = render(calcgrad.trace(LESSON, "x=1, y=2"), Style())
    with opened(tmp_path / "trace.html", page, script=False) as shown:
        assert not shown.locator(".player").is_visible()
        assert shown.get_by_text("dv3*v2 + dv4*cos(v1)").first.is_visible()
