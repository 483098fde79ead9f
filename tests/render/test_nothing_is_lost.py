"""No renderer drops a note, a convention, a one-sided slope, a bound or a truth, whatever the outcome.

What must be said is read from the report itself, field by field; what is said is the renderer's text with its markup taken off.
A summary (many points, long gradients) may leave out single truths and bounds, and what it says of points where all agree, since
it names the format that has them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest

from calcgrad.render import FORMATS, Style, renderer, rows, showing, table, words
from calcgrad.report.derivatives import PointReport, Report, Result, Truth
from tests.render.outcomes import NAMES, outcome


def without_html(text: str) -> str:
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", text))


def without_latex(text: str) -> str:
    for command, sign in (("textbackslash", "\\"), ("textasciicircum", "^"), ("textasciitilde", "~"), ("textless", "<"),
                          ("textgreater", ">"), ("textbar", "|"), ("textmu", "µ")):  # fmt: skip
        text = text.replace(f"\\{command}{{}}", sign)
    text = re.sub(r"\\textsuperscript\{(\d)\}", lambda m: "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(m[1])], text)
    text = text.replace(r"$\pm$", "±").replace(r"$\cdot$", "·").replace(r"$\partial$", "∂")
    text = re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", text)
    return re.sub(r"\\([&%$#_{}])", r"\1", text)


def without_markdown(text: str) -> str:
    return re.sub(r"\\([\\`*_<\[\]|])", r"\1", text)


def of_json(text: str) -> str:
    """All strings and numbers in JSON, one a line."""

    def leaves(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for item in value.values():
                yield from leaves(item)
        elif isinstance(value, list):
            for item in value:
                yield from leaves(item)
        elif value is not None:
            yield str(value)

    return "\n".join(
        found
        for line in ([text] if text.startswith("{\n") else text.splitlines())
        for found in leaves(json.loads(line))
    )


#: Each way to show a report, and what takes its markup off.
WAYS: dict[str, Callable[[Report], str]] = {
    **{
        f"table at {width}": lambda r, width=width: renderer("table")(r, Style(width))
        for width in (60, 80, 200)
    },
    "plain": lambda r: renderer("plain")(r, Style()),
    "json": lambda r: of_json(renderer("json")(r, Style())),
    "jsonl": lambda r: of_json(renderer("jsonl")(r, Style())),
    "csv": lambda r: renderer("csv")(r, Style()).replace('""', '"'),
    "markdown": lambda r: without_markdown(renderer("markdown")(r, Style())),
    "latex": lambda r: without_latex(renderer("latex")(r, Style())),
    "html": lambda r: without_html(renderer("html")(r, Style())),
    "print": str,
    "notebook": lambda r: without_html(r._repr_html_()),
    "notebook, markdown": lambda r: without_markdown(r._repr_markdown_()),
    "notebook, latex": lambda r: without_latex(r._repr_latex_()),
}


def said(text: str) -> str:
    """The text with its blanks made one, and one sign for plus-minus."""
    return " ".join(text.replace("+-", "±").replace("- inf", "-inf").split())


def is_summary(report: Report, way: str) -> bool:
    tidy = way in ("plain", "json", "jsonl", "csv")
    long = any(len(rows.grouped(p)) > table.MOST_DERIVATIVES for p in report.points)
    return not tidy and (long or len(report.points) > table.MOST_POINTS)


def forms(number: float | None) -> set[str]:
    """The ways in which a number may be written."""
    if number is None:
        return set()
    found = {words.number(number), words.size(number), repr(number)}
    return found | {re.sub(r"e([-+])0?", r"e\1", text).replace("e+", "e") for text in found}


def spelled(digits: str) -> set[str]:
    """Digits with the exponent of Python, and as one writes it."""
    return {digits, digits.replace("e+", "e")}


def wanted(report: Report, way: str) -> Iterator[set[str]]:
    """Everything that must be said, each as the set of its spellings."""
    for warning in report.warnings if way != "csv" else ():
        yield {warning.message}
    for d in report.derivatives if way != "csv" else ():
        yield {d.note} if d.note else set()
    for point in report.points:
        yield {point.verdict}
        unsaid = way == "csv" or (
            len(report.points) > 1 and point.verdict == "agree" and is_summary(report, way)
        )
        for sentence in () if unsaid else point.explanation:
            yield {sentence}
        for truth in point.truth:
            yield from of_truth(truth, point, is_summary(report, way), way)
        for result in point.results:
            yield from of_result(result, is_summary(report, way))


def of_truth(truth: Truth, point: PointReport, summary: bool, way: str) -> Iterator[set[str]]:
    if not summary and truth.value is not None:
        yield spelled(truth.value) | {rows._without_zeros(truth.value)}
        yield spelled(truth.at_double) if truth.at_double else set()
        yield spelled(truth.radius) if truth.radius and words.short_of_digits(truth) else set()
        yield {truth.exact} if truth.exact and way != "csv" else set()
    yield {truth.note} if truth.note and not summary else set()
    for side in (truth.left, truth.right, truth.limit):
        yield forms(side) if not summary else set()


def of_result(result: Result, summary: bool) -> Iterator[set[str]]:
    yield {result.note} if result.note else set()
    yield forms(result.value) if not summary and not rows.only_words(result) else set()
    bound = result.error_bound
    if not (summary or bound is None or bound == float("inf") or rows.only_words(result)):
        yield forms(bound)
    if result.status in ("kink", "jump") and not (result.note or "").startswith(result.status):
        for side in (result.left, result.right):
            yield forms(side) if not summary else set()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_everything_is_said(name: str, way: str) -> None:
    report = outcome(name)
    text = said(WAYS[way](report))
    for spellings in wanted(report, way):
        assert not spellings or any(said(s) in text for s in spellings), f"{spellings} is lost"


def test_every_format_is_looked_at() -> None:
    assert {way.partition(" at ")[0] for way in WAYS} >= set(FORMATS)


def test_every_kind_of_outcome_is_there() -> None:
    points = [p for name in NAMES for p in outcome(name).points]
    assert {p.verdict for p in points} >= {
        "agree", "removable", "boundary", "disagree", "kink", "jump", "infinite", "undefined", "overflow", "inconclusive",
        "unjudged",
    }  # fmt: skip
    statuses = {r.status for p in points for r in p.results}
    assert statuses >= {"ok", "noisy", "kink", "jump", "boundary", "undefined", "skipped", "failed"}


@pytest.mark.parametrize("name", NAMES)
def test_a_report_in_one_line_says_the_verdict(name: str) -> None:
    report = outcome(name)
    assert "\n" not in repr(report)
    assert all(p.verdict in repr(report) for p in report.points)
    assert set(showing.bundle(report)) == {"text/plain", "text/html", "text/markdown", "text/latex"}
