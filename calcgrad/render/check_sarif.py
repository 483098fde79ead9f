"""Checks as SARIF 2.1.0, which code scanning reads: a result for each check that is not right, at the
source that is blamed, else at its claim.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from calcgrad.render import Style
from calcgrad.render.check_words import sentence
from calcgrad.render.json import spread
from calcgrad.report.claims import Checked
from calcgrad.report.places import SourceRange
from calcgrad.version import __version__

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
#: The rule of each outcome -> its level, and what it says.
_RULES = {
    "wrong": ("error", "The claimed derivative is wrong."),
    "inconclusive": ("warning", "The claimed derivative could not be judged."),
    "not-checked": ("error", "The claim could not be checked."),
}


def render(checked: Sequence[Checked], style: Style) -> str:
    """One run with the results of all checks."""
    results = [_result(c) for c in checked if c.report is None or c.report.verdict != "right"]
    rules = [{"id": rule, "shortDescription": {"text": text}} for rule, (_, text) in _RULES.items()]
    driver = {"name": "calcgrad", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return spread({"version": "2.1.0", "$schema": _SCHEMA, "runs": [run]}, style.ascii) + "\n"


def _result(checked: Checked) -> dict[str, Any]:
    rule = checked.report.verdict if checked.report else "not-checked"
    found: dict[str, Any] = {
        "ruleId": rule,
        "level": _RULES[rule][0],
        "message": {"text": f"{checked.title}: {sentence(checked)}"},
    }
    if checked.where is not None:
        found["locations"] = [_location(checked.where)]
    if checked.blamed is not None and checked.written is not None:
        claim = {**_location(checked.written), "message": {"text": "the claim"}}
        found["relatedLocations"] = [claim]
    return found


def _location(where: SourceRange) -> dict[str, Any]:
    """A place; its file as a URI, relative to the working folder where it lies in it (RFC 3986)."""
    region = {"startLine": where.line, "startColumn": where.column}
    region |= {"endLine": where.end_line, "endColumn": where.end_column}
    known = {name: value for name, value in region.items() if value is not None}
    path = PurePath(where.file)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": known}}
