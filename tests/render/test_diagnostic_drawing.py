"""The caret stands under the place, whatever the characters around it are; nothing leaves the screen."""

import pytest

from calcgrad.errors import Diagnostic, Span
from calcgrad.render.diagnostic import draw, text_width, visible


def drawn(source: str, start: int, end: int, **options: object) -> list[str]:
    diagnostic = Diagnostic("E102", "wrong", Span(start, end), "here", (), None, source)
    return draw(diagnostic, **options).split("\n")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "start", "end", "line", "carets"),
    [
        ("x+y", 2, 3, "x+y", "  ^ here"),
        ("x+yz", 2, 4, "x+yz", "  ^^ here"),
        ("漢+y", 2, 3, "漢+y", "   ^ here"),
        ("漢+y", 0, 1, "漢+y", "^^ here"),
        ("ｘ＋１", 1, 2, "ｘ＋１", "  ^^ here"),
        ("e\u0301+y", 3, 4, "e\u0301+y", "  ^ here"),
        ("e\u0301+y", 1, 2, "e\u0301+y", "^ here"),
        ("\ty", 1, 2, "    y", "    ^ here"),
        ("a\ty", 2, 3, "a   y", "    ^ here"),
        ("a\x00y", 1, 2, "a\\x00y", " ^^^^ here"),
        ("a\u202ey", 2, 3, "a\\u202ey", "       ^ here"),
        ("\ud800y", 1, 2, "\\ud800y", "      ^ here"),
        ("😀y", 1, 2, "😀y", "  ^ here"),
        ("x", 1, 1, "x", " ^ here"),
        ("", 0, 0, "", "^ here"),
    ],
)
def test_the_caret_is_under_the_place(source: str, start: int, end: int, line: str, carets: str) -> None:
    lines = drawn(source, start, end)
    assert lines[3] == f"1 | {line}".rstrip()
    assert lines[4] == f"  | {carets}"


def test_a_place_in_a_later_line() -> None:
    lines = drawn("x +\n  yy\n+ z", 6, 8)
    assert lines[1:5] == [" --> expression:2:3", "  |", "2 |   yy", "  |   ^^ here"]
    lines = drawn("x +\r\n  yy\r\n+ z", 7, 9)
    assert lines[3:5] == ["2 |   yy", "  |   ^^ here"]


def test_a_place_that_spans_lines_is_underlined_to_the_end_of_its_first() -> None:
    assert drawn("ab\ncd", 1, 5)[3:5] == ["1 | ab", "  |  ^ here"]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("place", [0, 1, 50, 500_000, 999_950, 999_999])
@pytest.mark.parametrize("letter", ["a", "漢", "\x00"])
def test_a_long_line_is_shown_around_the_place(letter: str, place: int, width: int) -> None:
    source = letter * place + "#" + letter * (1_000_000 - place - 1)
    lines = drawn(source, place, place + 1, width=width)
    assert max(text_width(line) for line in lines) <= width
    caret = lines[4].index("^") - 4
    before = lines[3].removeprefix("1 | ")[: lines[3].index("#") - 4]
    assert text_width(before) == caret


def test_a_long_place_is_cut_at_the_edge_of_the_screen() -> None:
    lines = drawn("x+" + "y" * 500, 2, 502, width=60)
    assert max(map(len, lines)) <= 60
    assert "^^^^^^^^" in lines[4]


def test_a_label_without_room_stands_below() -> None:
    diagnostic = Diagnostic("E102", "wrong", Span(30, 31), "a label that needs some room", (), None, "x" * 40)
    lines = draw(diagnostic, width=44).split("\n")
    assert lines[4].endswith("^")
    assert "a label that needs some room" in lines[5]
    assert max(map(len, lines)) <= 44


def test_ascii_and_colour() -> None:
    diagnostic = Diagnostic("W101", "`α`", Span(0, 1), "≤", ("é",), "α", "α+x")
    plain = draw(diagnostic, ascii=True)
    assert plain.isascii()
    assert "1 | \\u03b1+x" in plain
    assert "^^^^^^ \\u2264" in plain
    assert plain.startswith("warning[W101]: ")
    colored = draw(diagnostic, color=True)
    assert colored.startswith("\x1b[1;33mwarning[W101]\x1b[0m")
    assert "\x1b" not in draw(diagnostic)


def test_without_a_place_there_is_only_the_message_and_the_advice() -> None:
    assert draw(Diagnostic("E300", "wrong", hints=("do this",))) == "error[E300]: wrong\n  = hint: do this"


def test_what_cannot_be_seen_is_escaped_wherever_it_stands() -> None:
    text = draw(Diagnostic("E1", "a\x1b[31m", Span(0, 1), "\u202e", ("\x07",), "x\x00", "\x9b"))
    assert all(line.isprintable() for line in text.split("\n"))
    assert visible("\u200b") == "\\u200b"
