"""What ``check`` found: the verdict, then where, why and how sure, as on a screen."""

from __future__ import annotations

from calcgrad.render import Style
from calcgrad.render.check import body, report_text
from calcgrad.render.check_words import headline
from calcgrad.render.document import Block, Screen, Verdict
from calcgrad.report.claims import CheckReport

__all__ = ["blocks", "line", "text"]

_GOOD = {"right": True, "wrong": False, "inconclusive": None}
text = report_text


def line(report: CheckReport) -> str:
    """Function, claim, verdict."""
    return f"{report.claim} of {report.target}: {report.verdict}{headline(report)}"


def blocks(report: CheckReport) -> list[Block]:
    """The report as a document: the verdict with its colour, the rest as it stands on a screen."""
    return [verdict(report), Screen("\n".join(body(report, Style(100))))]


def verdict(report: CheckReport) -> Verdict:
    """The verdict, and how many entries are wrong or why it is open."""
    said = headline(report).removeprefix(":").strip()
    return Verdict(report.verdict, _GOOD[report.verdict], (said,) if said else ())
