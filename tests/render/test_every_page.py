"""Every page: whatever the texts are, it is one well-formed file, small, whole without a script, and labelled throughout."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import calcgrad
from calcgrad.explaining.graph import Edge
from calcgrad.render import Style
from calcgrad.report.claims import Checked
from tests.render.browser import opened_pages
from tests.render.pages import ARGUMENTS, Read, made

pytestmark = pytest.mark.slow
NASTY = "</script><script>alert(1)</script><b a='\"'>&é\u2028"
#: Fields of reports that hold texts of the user's, or with pieces of them; others are words of ours, by which things are looked up.
_FREE = {
    "input", "parsed", "message", "note", "notes", "explanation", "reason", "detail", "evidence", "target", "claim", "title",
    "label", "exact", "holds", "proof", "file", "text", "words", "value_written", "expression",
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return made(tmp_path_factory.mktemp("pages"))


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_page_is_one_small_whole_file(pages: dict[str, str], name: str) -> None:
    page = pages[name]
    read = Read(page)
    assert read.wrong == []
    assert len(page.encode()) < 300_000
    loaded = [a for tag, a in read.elements if {"src", "srcset"} & set(a) or tag in ("link", "iframe", "img")]
    assert loaded == []
    assert all((a.get("href") or "#").startswith("#") for tag, a in read.elements if tag == "a")
    assert set(re.findall(r"url\(([^)]*)\)", page)) <= set(re.findall(r"url\((#[\w-]+)\)", page))
    assert "http" not in page.replace("http://www.w3.org", "")
    typed = shlex.join(["calcgrad", *ARGUMENTS[name], "--format", "html"])
    assert f"<footer>Made by <code>{escape(typed)}</code>" in page
    assert shlex.split(typed)[1:-2] == list(ARGUMENTS[name])


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_page_is_labelled_for_those_who_hear_it(pages: dict[str, str], name: str) -> None:
    page = pages[name]
    read = Read(page)
    assert read.all("html") == [{"lang": "en"}]
    assert len(read.all("h1")) == len(read.all("main")) == 1
    assert re.search(r"<title>[^<]+</title>\n<style>", page)
    assert all(a.get("role") == "img" and a.get("aria-label") for a in read.all("svg"))
    assert all(a.get("aria-label") for a in read.all("math"))
    assert all(a.get("scope") for a in read.all("th"))
    labels = {a.get("for") for a in read.all("label")}
    assert all(a.get("id") in labels for a in read.all("input"))
    assert re.findall(r"<button[^>]*>\s*</button>", page) == []
    assert len(read.all("details")) == len(read.all("summary"))
    ids = Counter(a["id"] for _, a in read.elements if "id" in a)
    assert [name for name, count in ids.items() if count > 1] == []
    assert all(found in ids for found in re.findall(r"url\(#([\w-]+)\)", page))


def spoiled(value: Any) -> Any:
    """The report with what is not easy on markup at the end of every text of the user's."""
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in fields(value):
            found = getattr(value, field.name)
            free = field.name in _FREE and not isinstance(value, Edge)  # whose target is a slot
            changed[field.name] = _bad(found) if free else spoiled(found)
        return replace(value, **changed)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(
            *[_bad(v) if n in _FREE else spoiled(v) for n, v in zip(value._fields, value, strict=True)]
        )
    return tuple([spoiled(v) for v in value]) if isinstance(value, tuple) else value


def _bad(value: Any) -> Any:
    if isinstance(value, str):
        return value + NASTY
    return tuple(map(_bad, value)) if isinstance(value, tuple) else spoiled(value)


def _reports() -> Iterator[tuple[str, Any]]:
    yield "diff_html", calcgrad.diff("x^2 + abs(x)", at=0)
    yield "steps_html", calcgrad.steps("x^2*sin(x)", at=2)
    yield "trace_html", calcgrad.trace("x*y + sin(x)", "x=1, y=2")
    yield "nudge_html", calcgrad.nudge("x^2", at=3)
    yield "descend_html", calcgrad.descend("(w - 3)^2", at=1.5, claim="w")
    yield "plot_html", calcgrad.plot("abs(x - 1)/x", -3, 3)
    yield "contours_html", calcgrad.plot("x*y", -1, 1, at="x=1/2, y=1/2")
    yield "modes_html", calcgrad.compare_modes("x*y + sin(x)", at="x=1, y=2")
    checked = calcgrad.check("sin(x^2)", claim="cos(x^2)")
    yield "check_html", [Checked("title" + NASTY, spoiled(checked))]


def test_no_text_of_a_report_becomes_markup() -> None:
    for name, report in _reports():
        render = import_module(f"calcgrad.render.{name}").render
        plain, page = (render(one, Style()) for one in (report, spoiled(report)))
        assert NASTY not in page
        assert "alert(1)</script>" not in page
        assert escape(NASTY, quote=False) in page or escape(NASTY) in page, name
        found, before = Read(page), Read(plain)
        assert found.wrong == [], name
        assert len(found.all("script")) <= len(before.all("script")), name
        assert not found.all("b") or all(a.get("a") is None for a in found.all("b"))


#: In the page: the words whose contrast with what they stand on is less than WCAG 2.2 asks of text (4.5), and by how much.
_FAINT = """() => {
  const number = text => text.match(/[\\d.]+/g).map(Number);
  const mix = (over, under) => {
    const a = over.length > 3 ? over[3] : 1;
    return [0, 1, 2].map(k => a * over[k] + (1 - a) * under[k]);
  };
  const light = c => {
    const l = c.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2];
  };
  const faint = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || element.closest('svg, script, style, [hidden]') || !element.getClientRects().length) continue;
    const chain = []; for (let e = element; e; e = e.parentElement) chain.push(getComputedStyle(e));
    let ground = [255, 255, 255]; for (const style of chain.slice().reverse()) ground = mix(number(style.backgroundColor), ground);
    const share = chain.reduce((product, style) => product * style.opacity, 1);
    const ink = mix([...number(chain[0].color).slice(0, 3), share], ground);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x), found = (a + 0.05) / (b + 0.05);
    if (found < 4.5) faint.push(text.slice(0, 40) + ' ' + found.toFixed(2));
  }
  return faint;
}"""
#: What stands out of the window at the right, if the page can be moved there.
_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  Array.from(document.querySelectorAll('body *'))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.wide, pre, svg'))
  .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
#: On paper: what is folded and does not show, and what cannot be pressed there and does.
_HIDDEN = """() => [
  ...Array.from(document.querySelectorAll('details > :not(summary)')).filter(e => !e.getBoundingClientRect().height),
  ...Array.from(document.querySelectorAll('button, input')).filter(e => e.getBoundingClientRect().height)
].map(e => e.outerHTML.slice(0, 120))"""


#: On paper as wide as A4 without its margins: what is cut off at the right; a blank at the end of a line may hang out.
_CUT = """() => Array.from(document.querySelectorAll('td, th, math, code, p, pre, svg, figure, dd'))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 8).map(e => e.outerHTML.slice(0, 200))"""
_PAPER = {"width": 658, "height": 900}


def test_pages_are_read_on_any_screen_and_on_paper(pages: dict[str, str], tmp_path: Path) -> None:
    for name, shown in opened_pages(tmp_path, pages, width=400):
        for scheme in ("light", "dark"):
            shown.emulate_media(color_scheme=scheme)
            assert shown.evaluate(_FAINT) == [], (name, scheme)
        assert shown.evaluate(_WIDE) == [], name
        shown.emulate_media(media="print", color_scheme="dark")
        assert shown.evaluate(_HIDDEN) == [], name
        shown.set_viewport_size(_PAPER)
        assert shown.evaluate(_CUT) == [], name
        assert shown.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)", name
        if name == "check":
            paper = shown.pdf(prefer_css_page_size=True)
            sizes = set(re.findall(rb"/MediaBox \[([\d. ]+)\]", paper))
            assert {tuple(round(float(v)) for v in size.split()) for size in sizes} == {(0, 0, 595, 842)}
