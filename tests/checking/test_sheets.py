"""Sheets of answers in the forms in which they are written, with a reason a line."""

from __future__ import annotations

import pytest

from calcgrad.checking.sheets import mark

FORMS = [
    ("x^2 ; 2x", "a.txt"),
    ("y = x^2 ; y' = 2x", "a.txt"),
    ("f(x) = x^2 ; f'(x) = 2x", "a.txt"),
    ("f(x) = x^2\tf'(x) = 2x", "a.txt"),
    ("d/dx (x^2) = 2x", "a.txt"),
    ("(x^2)' = 2x", "a.txt"),
    ("x^2 ; dy/dx = 2x", "a.txt"),
    ("y = x^3 ; y'' = 6x", "a.txt"),
    ("x^2, 2x", "a.csv"),
    ('"log(x, 2)", 1/(x*ln(2))', "a.csv"),
    ("x^2 + C ; 2x", "a.txt"),
    ("7 ; 0", "a.txt"),
]


@pytest.mark.parametrize(("line", "file"), FORMS)
def test_a_right_answer_in_every_form(line: str, file: str) -> None:
    (found,) = mark(line, file)
    assert found.error is None
    assert found.report is not None
    assert found.report.verdict == "right"


@pytest.mark.parametrize(
    "line", ["y = sin(3x) ; y' = cos(3x)", "d/dx sin(3x) = cos(3x)", "f(x) = sin(3x)\tf'(x) = cos(3x)"]
)
def test_a_wrong_answer_has_its_reason_at_its_place(line: str) -> None:
    (found,) = mark(line, show_answer=True)
    assert found.report is not None
    (mistake,) = found.report.mistakes
    assert mistake.detail == "the inner derivative of 3*x, which is 3, is left out (chain rule)"
    assert mistake.place is not None
    assert found.title[slice(*mistake.place)] == "sin(3x)"
    assert found.report.answers == ("3*cos(3*x)",)


def test_a_line_that_says_no_derivative_is_refused() -> None:
    (found,) = mark("x^2")
    assert found.error is not None
    assert found.error.code == "E501"


@pytest.mark.parametrize(
    ("text", "file", "lines"),
    [
        ("function,derivative\nx^2,2x", "a.csv", [2]),
        ("# week 3\n\nExpression\tAnswer\nx^2\t2x", "a.tsv", [4]),
        ("function ; claim\nx^2 ; 2x", "a.txt", [2]),
        ("x^2 ; 2x\nfunction ; claim", "a.txt", [1, 2]),  # only a first line is of titles
        ("sinx ; cosy", "a.txt", [1]),
    ],
)
def test_a_first_line_of_titles_is_no_answer(text: str, file: str, lines: list[int]) -> None:
    assert [found.written.line for found in mark(text, file)] == lines
