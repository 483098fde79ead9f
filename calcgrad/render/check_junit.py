"""Checks as JUnit's XML, which CI systems read: a test case for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from calcgrad.render import Style
from calcgrad.render.check import render as for_people
from calcgrad.render.check_words import sentence
from calcgrad.report.claims import Checked

#: What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT = Style(width=100)


def render(checked: Sequence[Checked], style: Style) -> str:
    """One suite: ``wrong`` and ``inconclusive`` are failures, what could not be checked is an error."""
    failures = sum(c.report is not None and c.report.verdict != "right" for c in checked)
    errors = sum(c.report is None for c in checked)
    seconds = sum(c.report.seconds for c in checked if c.report)
    counts = f'tests="{len(checked)}" failures="{failures}" errors="{errors}" time="{seconds:.3f}"'
    cases = "".join(_case(c, name) for c, name in zip(checked, _names(checked), strict=True))
    declared = '<?xml version="1.0" encoding="utf-8"?>\n'
    suite = f'<testsuite name="calcgrad" {counts}>\n{cases}</testsuite>\n'
    text = f"{declared}<testsuites {counts}>\n{suite}</testsuites>\n"
    return "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in text) if style.ascii else text


def _names(checked: Sequence[Checked]) -> list[str]:
    """A name for each case; several points of one target are told apart by their number."""
    names = [f"{c.title}, {c.report.claim}" if c.report else c.title for c in checked]
    return [
        f"{name}, point {names[: k + 1].count(name)}" if names.count(name) > 1 else name
        for k, name in enumerate(names)
    ]


def _case(checked: Checked, name: str) -> str:
    report = checked.report
    where = checked.where
    place = f' file={_quoted(where.file)} line="{where.line}"' if where else ""
    seconds = report.seconds if report else 0.0
    head = f'  <testcase classname="calcgrad" name={_quoted(name)} time="{seconds:.3f}"{place}'
    if report and report.verdict == "right":
        return f"{head}/>\n"
    kind, what = ("failure", report.verdict) if report else ("error", "error")
    body = escape(_allowed(for_people([checked], _TEXT)))
    said = _quoted(sentence(checked))
    return f'{head}>\n    <{kind} type="{what}" message={said}>{body}</{kind}>\n  </testcase>\n'


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("?", text)


def _quoted(text: str) -> str:
    return quoteattr(_allowed(text), {"\n": "&#10;", "\t": "&#9;"})
