"""Checks as JSON: the contract, version 1. ``calcgrad/schemas/check-v1.json`` is its schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from calcgrad.render import Style
from calcgrad.render.json import error_object, plain, spread
from calcgrad.report.claims import Checked, CheckReport


def render(checked: Sequence[Checked], style: Style) -> str:
    """One object: the report's own, or ``checks`` with one for each, an error's object in place of a report's."""
    items = [_named(c, contract(c.report)) if c.report else _error(c) for c in checked]
    data = items[0] if len(items) == 1 else {"schema": 1, "command": "check", "checks": items}
    return spread(data, style.ascii) + "\n"


def contract(report: CheckReport) -> dict[str, Any]:
    """One report as the plain data of the contract."""
    data = asdict(report)
    command = data.pop("command")
    del data["runs"]  # which pictures are drawn from: there may be as many as entries
    found: dict[str, Any] = {"schema": 1, "command": command, **_plain(data)}
    return found


def _named(checked: Checked, data: dict[str, Any]) -> dict[str, Any]:
    """With the name that the project gives, where it gives one."""
    return data if checked.name is None else {**data, "name": checked.name}


def _error(checked: Checked) -> dict[str, Any]:
    assert checked.error is not None
    return {**error_object(checked.error), "target": checked.title}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, (list, tuple)) else plain(value)
