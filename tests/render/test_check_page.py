"""The page of check: the map has the wrong entries and no others, the source is underlined where it is blamed."""

from __future__ import annotations

import math
import re
from itertools import product
from pathlib import Path

import pytest

from calcgrad.render import Style
from calcgrad.render.check_html import render
from calcgrad.render.check_map import MOST, maps
from calcgrad.render.check_places import folded, unplaced
from calcgrad.report.claims import (
    Checked,
    CheckReport,
    Likely,
    Mistake,
    Pattern,
    SourceRange,
    WrongEntry,
    WrongRuns,
)
from tests.cli.running import Streams

SHAPES = [(7,), (3, 4), (2, 3, 4), (2, 1, 2, 3), (300, 7), (5, 1000), (130, 131), (6, 50, 20)]


def report(shape: tuple[int, ...], indices: list[tuple[int, ...]], **more: object) -> CheckReport:
    entries = tuple([WrongEntry("w", index, 1.0, 2.0, 1e-12) for index in indices])
    given: dict[str, object] = {
        "at": {"w": {"shape": list(shape)}},
        "wrong": entries,
        "wrong_count": len(entries),
    }
    return CheckReport("m.py:f", "m.py:g", verdict="wrong", entries=math.prod(shape), **{**given, **more})  # type: ignore[arg-type]


def filled(figure: str) -> set[tuple[int, int]]:
    """The cells that are filled, from the drawing itself."""
    path = re.search(r'<path class="bad" d="([^"]*)"', figure)
    assert path
    corners = re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", path[1])
    return {
        (round((float(y) - 18) / float(side)), round((float(x) - 40) / float(side))) for x, y, side in corners
    }


def runs(shape: tuple[int, ...], indices: list[tuple[int, ...]]) -> WrongRuns:
    """One run an entry, but for neighbours, which are one."""
    found: list[tuple[int, int]] = []
    for index in sorted(indices):
        flat = 0
        for place, length in zip(index, shape, strict=True):
            flat = flat * length + place
        if found and found[-1][1] == flat:
            found[-1] = (found[-1][0], flat + 1)
        else:
            found.append((flat, flat + 1))
    return WrongRuns("w", tuple(found))


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_map_has_the_wrong_entries_and_no_others(shape: tuple[int, ...], listed: bool) -> None:
    """From the entries that are listed, and, where these are but one of many, from the runs of all."""
    wrong = [index for k, index in enumerate(product(*map(range, shape))) if k % 97 in (3, 50, 51, 52, 53)]
    given = (
        report(shape, wrong)
        if listed
        else report(shape, wrong[:1], wrong_count=len(wrong), runs=(runs(shape, wrong),))
    )
    [figure, *others] = maps(given, {"w": shape})
    assert others == []
    rows, columns = math.prod(shape[:-1]), shape[-1]
    high, wide = min(rows, MOST), min(columns, MOST)
    places = set()
    for index in wrong:
        row = 0
        for place, length in zip(index[:-1], shape[:-1], strict=True):
            row = row * length + place
        places.add((row * high // rows, index[-1] * wide // columns))
    assert filled(figure) == places
    assert f"{len(places):,} of {high * wide:,} cells hold wrong entries" in figure
    assert ("a cell for up to" in figure) == (rows > MOST or columns > MOST)
    assert ("folded to rows" in figure) == (len(shape) > 2)


def test_blocks_are_drawn_whole() -> None:
    row = Pattern("row", "w", (2, None), 5, "row 2 of w")
    [figure] = maps(report((4, 5), [(0, 0)], patterns=(row,), wrong_count=6), {"w": (4, 5)})
    assert filled(figure) == {(0, 0), *[(2, c) for c in range(5)]}


def test_what_is_not_on_the_map_is_said() -> None:
    found = report((100, 100), [(0, 0)], wrong_count=500)
    assert unplaced(found) == 499
    text = "".join(maps(found, {"w": (100, 100)}))
    assert "499 more wrong entries are not on the maps" in text
    text = "".join(maps(report((9, 9), [(0, 0)], wrong_complete=False), {"w": (9, 9)}))
    assert "there may be more wrong entries than were found" in text


def test_a_hundred_million_entries_are_a_small_map() -> None:
    whole = Pattern("argument", "w", (), 10**8, "every entry of w")
    shape = (10_000, 10_000)
    [figure] = maps(report(shape, [], patterns=(whole,), wrong_count=10**8), {"w": shape})
    assert len(filled(figure)) == MOST * MOST
    assert len(folded(shape, [(5, 5)], 10, 10).wrong) == 1
    assert len(figure) < 300_000


def test_the_source_is_underlined() -> None:
    place = SourceRange("m.py", 4, 9, 4, 14, "    z = a < b  # é")
    cause = Likely("sign", "w", "in `a < b` (m.py, line 4)", "all entries", place)
    page = render([Checked("m.py:f", report((3,), [(1,)], likely=(cause,)))], Style())
    assert "    z = <u>a &lt; b</u>  # é" in page
    assert "<figcaption>m.py, line 4</figcaption>" in page
    longer = Likely(
        "sign", "w", "in `sum(` (m.py, line 4)", "", SourceRange("m.py", 4, 9, 6, 2, "    z = sum(")
    )
    page = render([Checked("m.py:f", report((3,), [(1,)], likely=(longer,)))], Style())
    assert "    z = <u>sum(</u></pre>" in page
    assert "line 4, up to line 6" in page
    mistake = Mistake("x", "chain", "left out", (2, 5), "formula")
    wrong = CheckReport("x<y+1", "1", {}, "wrong", wrong_count=1, mistakes=(mistake,))
    assert '<pre class="source">x&lt;<u>y+1</u></pre>' in render([Checked("t", wrong)], Style())


@pytest.mark.slow
def test_a_wrong_gradient_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """z' = 1 - z^2 was written 1 - z: every entry is wrong, and the tanh is to blame."""
    monkeypatch.chdir(tmp_path)
    Path("bad_tanh.py").write_text(
        "import numpy as np\n\n\ndef loss(w):\n    return np.sum(np.tanh(w) ** 2)\n\n\n"
        "def grad(w):\n    z = np.tanh(w)\n    return 2 * z * (1 - z)\n",
        encoding="utf-8",
    )
    at = ("--random", "w=normal(3, 4)")
    page = (
        Streams(monkeypatch)
        .run("check", "bad_tanh.py:loss", "--grad", "bad_tanh.py:grad", *at, "--format", "html")
        .out
    )
    assert filled(page) == set(product(range(3), range(4)))
    assert re.search(r"<u>.*np\.tanh\(w\)", page) or re.search(r"<u>.*z", page)
    assert "bad_tanh.py, line " in page
    assert "--random &#x27;w=normal(3, 4)&#x27; --format html</code>" in page


def test_several_checks_have_a_table_with_links() -> None:
    one = Checked("first", report((3,), [(1,)]))
    page = render([one, Checked("second", report((3,), [(2,)]))], Style())
    assert (
        re.findall(r'href="#(check-\d)"', page)
        == re.findall(r'<h2 id="(check-\d)"', page)
        == ["check-1", "check-2"]
    )
