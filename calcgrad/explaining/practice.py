"""``practice``: problems with proved answers, and what is said of an answer that somebody gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from calcgrad.checking.claims import check_claim
from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Request
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.explaining.problems import LEVELS, TOPICS
from calcgrad.explaining.records import StepsReport
from calcgrad.explaining.steps import explain
from calcgrad.expression import parse, to_text
from calcgrad.expression.nodes import Node
from calcgrad.inputs.points import read_points, specs_of
from calcgrad.operations import VOCABULARY
from calcgrad.report.claims import CheckReport
from calcgrad.report.shown import Shown

#: Points that are tried for an ordinary one, how many are wanted, and draws until a good problem must have come.
_TRIED = ("1", "2", "1/2", "3", "1/3", "-1", "4", "-1/2", "5", "1/10")
_ORDINARY, _DRAWS = 3, 200
MOST = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """A function to be differentiated by x, with its answer.

    ``steps`` is the derivation, each line of it certified; at ``points`` the verdict of ``diff`` on the function is ``agree``.
    """

    number: int
    topic: str
    level: int
    text: str
    function: Node
    answer: Node
    steps: StepsReport
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of an answer: right, wrong with the reasons, or why it could not be judged."""

    problem: int
    answer: str
    verdict: Literal["right", "wrong", "inconclusive"]
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class PracticeReport(Shown):
    """What ``calcgrad practice`` gives: problems, and what is said of the answers that were given."""

    topic: str
    level: int
    seed: int
    problems: tuple[Problem, ...]
    judged: tuple[Judged, ...] = ()
    command: str = "practice"


def practise(
    topic: str = "mixed", level: int = 1, seed: int = 1, count: int = 1, answers: Sequence[str] = ()
) -> PracticeReport:
    """So many problems, and what is said of answers to the first of them in their order.

    Raises ``UsageError`` for a topic (E602), a level or a number of problems (E603) that there is not.

    >>> report = practise("product", level=1, seed=3, answers=["x"])
    >>> report.problems[0].text, report.judged[0].verdict
    ('x^2*sin(x)', 'wrong')
    """
    if topic != "mixed" and topic not in TOPICS:
        names = ", ".join(["mixed", *TOPICS])
        raise UsageError.of("E602", f"there is no topic {topic!r}", hints=(f"the topics are {names}",))
    if level not in LEVELS or not 1 <= count <= MOST:
        hint = f"levels are 1 to 5, and a sheet has 1 to {MOST} problems"
        raise UsageError.of("E603", f"level {level} with {count} problems", hints=(hint,))
    random = Random(f"{topic} {level} {seed}")
    seen: set[Node] = set()
    problems = [_problem(random, number, topic, level, seen) for number in range(1, count + 1)]
    judged = [judge(problem, answer) for problem, answer in zip(problems, answers, strict=False)]
    return PracticeReport(topic, level, seed, tuple(problems), tuple(judged))


def _problem(random: Random, number: int, topic: str, level: int, seen: set[Node]) -> Problem:
    """The next problem that is good and new."""
    for draw in range(_DRAWS):
        chosen = random.choice(list(TOPICS)) if topic == "mixed" else topic
        text = TOPICS[chosen].draw(random, level)
        function = parse(text, VOCABULARY).root
        if function in seen and draw < _DRAWS // 2:  # a topic of level 1 may not have so many
            continue
        steps = explain(Request(to_text(function, VOCABULARY)))
        [derivation] = steps.derivations
        points = _ordinary_points(text) if steps.check == "right" else ()
        if derivation.formula is not None and points:
            seen.add(function)
            return Problem(
                number,
                chosen,
                level,
                to_text(function, VOCABULARY),
                function,
                derivation.formula,
                steps,
                points,
            )
    raise AssertionError(f"no problem was found for {topic}, level {level}")


def _ordinary_points(text: str) -> tuple[str, ...]:
    """Points at which every method agrees with the truth."""
    found: list[str] = []
    for at in _TRIED:
        request = Request(
            text, at=read_points(specs_of(at), VOCABULARY), methods=("reverse-ad",), truth="certified"
        )
        if compute(request).points[0].verdict == "agree":
            found.append(at)
        if len(found) == _ORDINARY:
            break
    return tuple(found)


def judge(problem: Problem, answer: str) -> Judged:
    """An answer to a problem, checked as a claim; a wrong one comes with the mistake that explains it, where one does.

    An answer that cannot be read is ``inconclusive``, with the error's message.
    """
    try:
        report: CheckReport = check_claim(problem.text, [answer], ["x"])
    except CalcgradError as error:
        d = error.diagnostic
        return Judged(problem.number, answer, "inconclusive", notes=(f"{d.code}: {d.message}", *d.hints))
    reasons = tuple(mistake.detail for mistake in report.mistakes)
    return Judged(problem.number, answer, report.verdict, reasons, report.notes)
