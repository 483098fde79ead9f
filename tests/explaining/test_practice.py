"""Problems: good ones by every topic and level, the same for the same seed; answers are judged, with reasons."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import mpmath
import pytest

import calcgrad
from calcgrad.explaining.practice import practise
from calcgrad.explaining.problems import LEVELS, TOPICS
from calcgrad.expression import parse, to_text
from calcgrad.functions.expression import Expression
from calcgrad.operations import VOCABULARY
from tests.cli.running import Streams

SCHEMA = json.loads(
    (Path(calcgrad.__file__).parent / "schemas" / "practice-v1.json").read_text(encoding="utf-8")
)


def good(topic: str, level: int, seed: int) -> None:
    """One problem has what its topic needs, every step holds, and its answer is mpmath's derivative."""
    [problem] = practise(topic, level, seed).problems
    [derivation] = problem.steps.derivations
    rules = [line.line.rule for line in derivation.lines]
    assert any(rule.startswith(TOPICS[topic].needs) for rule in rules)
    assert problem.steps.check == "right"
    f, answer = (Expression(root, ["x"]) for root in (problem.function, problem.answer))
    assert problem.points
    for at in problem.points:
        x = mpmath.mpf(1) * eval(at.replace("1/", "mpmath.mpf(1)/"), {"mpmath": mpmath})
        with mpmath.workdps(40):
            true = mpmath.diff(lambda t: f.values([t], "mpmath")[0], x)
            assert mpmath.almosteq(answer.values([x], "mpmath")[0], true, 1e-12, 1e-12)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_problem_of_every_topic(topic: str) -> None:
    good(topic, 2, 1)


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("topic", TOPICS)
def test_problems_of_every_topic_and_level(topic: str, level: int) -> None:
    for seed in (2, 3, 4):
        good(topic, level, seed)


@pytest.mark.slow
def test_answers_are_proved_by_sympy() -> None:
    for topic in ("power", "product", "quotient", "chain", "exponential"):
        [problem] = practise(topic, 2, 7).problems
        proof = calcgrad.steps(problem.text, prove=True).derivations[0].proof
        assert proof == "proved as a formula"


def test_the_same_seed_gives_the_same_problems() -> None:
    first, again, other = (practise("product", 3, seed, 2) for seed in (5, 5, 6))
    assert [p.text for p in first.problems] == [p.text for p in again.problems]
    assert [p.text for p in first.problems] != [p.text for p in other.problems]


def test_a_sheet_repeats_no_problem() -> None:
    found = practise("quotient", 1, 8, 6).problems
    assert len({p.function for p in found}) == 6
    assert [p.number for p in found] == [1, 2, 3, 4, 5, 6]


def test_what_is_printed_reads_back() -> None:
    for problem in practise("mixed", 3, 9, 3).problems:
        assert parse(problem.text, VOCABULARY).root == problem.function


@pytest.mark.slow
def test_an_answer_is_judged_with_its_reason(streams: Streams) -> None:
    asked = ["practice", "--topic", "chain", "--level", "1", "--seed", "2"]
    [problem] = practise("chain", 1, 2).problems
    right = streams.run(*asked, "--answer", to_text(problem.answer, VOCABULARY))
    assert (right.code, right.out.splitlines()[-1][-5:]) == (0, "right")
    base, _, power = problem.text.rpartition("^")
    wrong = streams.run(*asked, "--answer", f"{power}*{base}^{int(power) - 1}")
    assert wrong.code == 1
    assert "is left out (chain rule)" in " ".join(wrong.out.split())
    unread = streams.run(*asked, "--answer", "2*(")
    assert (unread.code, "not judged" in unread.out) == (5, True)


@pytest.mark.slow
def test_a_dialogue(streams: Streams) -> None:
    [first] = practise("product", 1, 3).problems
    typed = ["x", "steps", "answer", to_text(first.answer, VOCABULARY), "quit"]
    found = streams.run("practice", "--topic", "product", "--seed", "3", stdin="\n".join(typed) + "\n")
    assert found.code == 1  # the first answer was wrong
    assert "product rule" in found.out
    assert ": right" in found.out
    assert "\n2. f(x) = " in found.out


def test_a_dialogue_without_answers_ends(streams: Streams) -> None:
    found = streams.run("practice", "--seed", "3")
    assert found.code == 0
    assert "1. f(x) = " in found.out


@pytest.mark.parametrize("format", ["markdown", "latex", "html", "text"])
def test_a_sheet_and_its_answers(streams: Streams, tmp_path: Path, format: str) -> None:
    file = tmp_path / "sheet.x"
    found = streams.run("practice", "--sheet", "3", "--seed", "1", "--format", format, "--output", str(file))
    assert (found.code, found.out) == (0, "")
    sheet, answers = (path.read_text(encoding="utf-8") for path in (file, tmp_path / "sheet-answers.x"))
    assert "nswer" not in sheet.partition("<footer>")[0]  # which has the name of the file
    assert "nswer" in answers
    assert sheet.count("f(x) =") == 3
    assert answers.count("f&#x27;(x) =") + answers.count("f'(x) =") == 3


def test_json_fits_its_schema(streams: Streams) -> None:
    found = json.loads(streams.run("practice", "--sheet", "2", "--seed", "1", "--json").out)
    jsonschema.validate(found, SCHEMA)
    assert [p["check"] for p in found["problems"]] == ["right", "right"]


@pytest.mark.parametrize(
    "arguments",
    [["--topic", "integrals"], ["--level", "6"], ["--sheet", "500"], ["--sheet", "2", "--answer", "x"]],
)
def test_what_there_is_not(streams: Streams, arguments: list[str]) -> None:
    assert streams.run("practice", *arguments).code == 2


def test_a_report_shows_itself() -> None:
    report = calcgrad.practice("power", seed=1)
    assert str(report).startswith("Differentiate by x (topic power, level 1, seed 1)")
    assert "<math" in report._repr_html_()
    assert repr(report) == "<PracticeReport power, level 1, seed 1: 1 problem>"
