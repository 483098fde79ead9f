"""A numerical derivative: its value, its bound, and all that is known of it."""

from __future__ import annotations

from typing import Any

from calcgrad.render import Style, words
from calcgrad.render.document import Block, Cells, Line, Table
from calcgrad.render.document import line as line_of
from calcgrad.render.layout import wrapped
from calcgrad.report.estimates import Estimate


def line(report: Estimate) -> str:
    """The value with its bound, and the status."""
    status = report.status if isinstance(report.status, str) else "of several statuses"
    return f"{_value(report.value)}{_bound(report)}: {status}"


def text(report: Estimate, style: Style) -> str:
    """The value, and a line for each thing that is known."""
    lines = wrapped(f"{_value(report.value)}{_bound(report)}", style.width, hanging="  ")
    for name, said in _facts(report):
        lines += wrapped(f"{name}: {said}", style.width, "  ", "    ")
    shown = "\n".join(lines) + "\n"
    return shown.replace("±", "+/-") if style.ascii else shown


def blocks(report: Estimate) -> list[Block]:
    """The estimate as a document."""
    value: Line = line_of(f"{_value(report.value)}{_bound(report)}", kind="truth")
    rows = tuple(Cells((name, said)) for name, said in _facts(report))
    return [value, Table(("what", "is"), rows, 2)] if rows else [value]


def _facts(report: Estimate) -> list[tuple[str, str]]:
    found: list[tuple[str, Any]] = [
        ("left", _several(report.left)),
        ("right", _several(report.right)),
        ("status", None if report.status == "ok" else _words(report.status)),
        ("note", _words(report.note)),
        ("noise of the values", None if report.noise is None else words.size(report.noise)),
        ("step", _several(report.step)),
        ("evaluations", str(report.evaluations) if report.evaluations else None),
        ("passes", str(report.passes) if report.passes else None),
        ("time", None if report.seconds is None else words.duration(report.seconds)),
    ]
    return [(name, said) for name, said in found if said]


def _bound(report: Estimate) -> str:
    if report.error_bound is None:
        return ""
    plain = _plain(report.error_bound)
    return f" ± {_value(plain, words.size)}"


def _several(value: Any) -> str | None:
    return None if value is None else _value(value)


def _words(value: Any) -> str | None:
    """A note, or the different ones of a table of notes."""
    if value is None or isinstance(value, str):
        return value
    return "; ".join(dict.fromkeys(note for note in words.flattened(value) if note)) or None


def _plain(value: Any) -> Any:
    """Arrays and their numbers as Python's."""
    return value.tolist() if hasattr(value, "tolist") else value


def _value(value: Any, spelled: Any = None) -> str:
    plain = _plain(value)
    if isinstance(plain, complex):
        return repr(plain)
    if isinstance(plain, list | tuple):
        return words.value_text(list(plain), spelled or words.number)
    return str((spelled or words.number)(plain))
