"""Rich lays lines and tables out, and what it would lose stays: no number is cut, words run over columns, points align."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import calcgrad
from calcgrad.render import styles
from calcgrad.render.layout import Row, grid, wrapped
from calcgrad.render.styles import STYLES, paint

NUMBERS = ("14.000000178813934", "-2.5", "1e+300", "0.1")
ROWS = [Row((f"method-{k}", text, "1.8e-7", "2 evals")) for k, text in enumerate(NUMBERS)]
WORDS = Row(("adaptive",), "kink: the slope is -1 on the left and 1 on the right", "unsure")
HEADERS = ("method", "value", "error", "cost")
PACKAGE = Path(calcgrad.__file__).parent


def bare(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("width", [*range(10, 60), None])
def test_a_table_is_whole_or_there_is_none(width: int | None) -> None:
    found = grid(HEADERS, [*ROWS, WORDS], width)
    natural = 8 + 2 + 18 + 2 + 6 + 2 + 7  # the widest cell of each column, decimal points in one place
    if width is not None and width < natural - 3:  # the gaps shrink to one blank each
        assert found is None
        return
    assert found is not None
    assert all(any(number in line for line in found) for number in NUMBERS)
    assert " ".join(WORDS.words.split()) in " ".join(" ".join(found).split())
    assert width is None or max(map(len, found)) <= width
    assert all(line == line.rstrip() for line in found)


def test_decimal_points_stand_in_one_column() -> None:
    found = grid(HEADERS, ROWS[:2], 80)
    assert found is not None
    assert len({line.index(".") for line in found[1:]}) == 1


def test_wide_characters_take_two_cells() -> None:
    found = grid(("name", "value", "n"), [Row(("漢字", "1", "2")), Row(("ab", "1", "2"))], 80)
    assert found is not None
    assert found[1:] == ["漢字  1      2", "ab    1      2"]


@pytest.mark.parametrize("width", range(1, 40))
def test_no_word_is_broken(width: int) -> None:
    text = "the slope is -1.2345678901234567e-300 on the left"
    lines = wrapped(text, width, "  note  ", "        ")
    assert " ".join(line.strip() for line in lines).split() == ["note", *text.split()]
    assert all(len(line) <= width or len(line.split()) <= 2 for line in lines)


def test_a_first_line_may_have_more_room_than_the_others() -> None:
    assert wrapped("one two three four", 9, "", "    ") == ["one two", "    three", "    four"]
    assert wrapped("one two three four", 9, "    ", "") == ["    one", "two three", "four"]


def test_colours_change_nothing_but_colours() -> None:
    plain, painted = grid(HEADERS, [*ROWS, WORDS], 50), grid(HEADERS, [*ROWS, WORDS], 50, color=True)
    assert plain is not None
    assert painted is not None
    assert list(map(bare, painted)) == plain
    assert painted != plain


@pytest.mark.parametrize("name", STYLES)
def test_every_style_of_the_theme_is_seen(name: str) -> None:
    painted = paint("x", name, True)
    assert re.fullmatch(r"\x1b\[[0-9;]+mx\x1b\[0m", painted)
    assert paint("x", name, False) == "x"


def test_no_colour_is_named_but_in_the_theme() -> None:
    """The one place that knows colours is the theme."""
    for file in PACKAGE.rglob("*.py"):
        if file.name != "styles.py":
            assert not re.search(r"x1b\[[0-9;{]+.*m", file.read_text(encoding="utf-8")), file
    named = {name: value for name, value in vars(styles).items() if name.isupper() and isinstance(value, str)}
    assert set(STYLES) == set(named.values())


def test_words_among_numbers_move_no_point() -> None:
    rows = [Row(("a", "skipped")), Row(("b", "-2.5")), Row(("c", "14"))]
    found = grid(("method", "value"), rows, 80)
    assert found is not None
    assert found[1:] == ["a       skipped", "b       -2.5", "c       14"]
