"""A page of every command, made by the command line itself, of texts that are not easy on markup."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.running import Streams

#: A file's name with all that has a meaning in markup or in a shell.
FILE = "m<b>&amp;'é\" $x.py"
_MODULE = '''import numpy as np


def loss(w, größe):
    """</script><b>"""
    return np.sum(np.tanh(w) ** 2) * größe + 1e-3 * np.sum(w)


def grad(w, größe):
    z = np.tanh(w)
    return 2 * größe * z * (1 - z), np.sum(z ** 2)
'''
_AT = ("--args", '{"w": [0.1, -0.4, 0.3], "größe": 0.5}')
_TEXT = "where(x < 9, x^2, 1)"
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "diff": ("diff", _TEXT, "--at", "1", "--truth", "certified"),
    "diff of two": ("diff", "[x*y + sin(x), x]", "--at", "x=1, y=2", "--truth", "certified"),
    "diff at a kink": ("diff", "abs(x)", "--at", "0", "--at", "1", "--truth", "certified"),
    "diff of a file": ("diff", f"{FILE}:loss", "--at", "w=[0.1, 0.2], größe=0.5", "--truth", "none"),
    "steps": ("steps", "x^x*sin(x)/(1 + x)", "--at", "2"),
    "trace": ("trace", "x*y + sin(x)", "--at", "x=1, y=2"),
    "trace of a file": ("trace", f"{FILE}:loss", "--at", "w=[0.1, 0.2], größe=0.5"),
    "nudge": ("nudge", "where(λ < 9, λ^2, 0)", "--at", "3"),
    "descend": ("descend", "x^2 + 3*y^2", "--at", "x=2, y=1", "--claim", "2*x", "--claim", "6*y"),
    "descend of a file": ("descend", f"{FILE}:loss", *_AT, "--steps", "4"),
    "plot": ("plot", "abs(x - 1)/x", "--at", "2", "--claim", "where(x < 1, 1, 0)"),
    "plot of two": ("plot", "sin(x)", "where(x < 2, x, 3)"),
    "contours": ("plot", "x*y + sin(x)", "--at", "x=1, y=2"),
    "check": ("check", f"{FILE}:loss", "--grad", f"{FILE}:grad", *_AT),
    "check of a claim": ("check", "where(x < 2, sin(x^2), x)", "--claim", "where(x < 2, cos(x^2), 1)"),
    "practice": ("practice", "--topic", "chain", "--seed", "4", "--sheet", "3"),
    "compare-modes": ("compare-modes", "x*y + sin(x)", "--at", "x=1, y=2"),
}


def made(folder: Path) -> dict[str, str]:
    """The pages, each by its name in :data:`ARGUMENTS`."""
    (folder / FILE).write_text(_MODULE, encoding="utf-8")
    here = Path.cwd()
    pages = {}
    with pytest.MonkeyPatch.context() as patch:
        try:
            os.chdir(folder)
            for name, arguments in ARGUMENTS.items():
                run = Streams(patch).run(*arguments, "--format", "html")
                assert run.code in (0, 1), (name, run.err)
                pages[name] = run.out
        finally:
            os.chdir(here)
    return pages


_VOID = {"meta", "br", "input", "link", "hr", "img"}


class Read(HTMLParser):
    """A page as a reader of its markup sees it: every element with its attributes, the text, and what is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]
