"""The page on how calcgrad is built names every room, and its tour runs."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import calcgrad

PACKAGE = Path(calcgrad.__file__).parent
PAGE = (PACKAGE / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_room_is_named() -> None:
    rooms = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*")
        if path.is_dir() and any(path.glob("*.*"))
    }
    rooms -= {name for name in rooms if "__pycache__" in name}
    assert sorted(room for room in rooms if f"`{room}/" not in PAGE) == []


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", PAGE)
    assert len(named) > 20
    missing = [name for name in named if not (PACKAGE / name.removeprefix("calcgrad/")).exists()]
    assert missing == []


def test_the_tour_runs() -> None:
    parser = doctest.DocTestParser()
    text = "\n".join(re.findall(r"```pycon\n(.*?)```", PAGE, re.DOTALL))
    test = parser.get_doctest(text, {}, "architecture.md", None, 0)
    assert len(test.examples) >= 10
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0
