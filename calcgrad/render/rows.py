"""The rows of a point, read for drawing: grouped by derivative, with all that each has to say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from calcgrad.phrases import listed, plain_exponent
from calcgrad.render import words
from calcgrad.report.derivatives import PointReport, Report, Result, Truth
from calcgrad.report.exits import EXIT_CODES

Key = tuple[tuple[str, ...], tuple[int, ...] | None, tuple[int, ...] | None]
Groups = dict[Key, tuple[Truth | None, list[Result]]]
#: So many derivatives are shown one by one; of more the first ones, and each method's largest error.
MOST_ENTRIES = 20
#: So many different notes are shown.
_MOST_NOTES = 12


def key_of(row: Truth | Result) -> Key:
    """Which derivative a row is about."""
    return row.wrt, row.output, row.index


def grouped(point: PointReport) -> Groups:
    """The truth and the results of each derivative."""
    groups: Groups = {key_of(t): (t, []) for t in point.truth}
    for r in point.results:
        groups.setdefault(key_of(r), (None, []))[1].append(r)
    return groups


def only_words(r: Result) -> bool:
    """Whether a row has a reason instead of a number."""
    return r.value is None or (math.isnan(r.value) and r.note is not None)


def why(r: Result) -> str:
    """What a row saw, in words: its status, both sides where it has two, its note."""
    if r.note is not None and r.note.startswith(r.status):
        return r.note
    two = r.status in {"kink", "jump"}
    if two and r.note is not None and (r.left, r.right) == (None, None):
        return r.note
    sides = f", left {words.side(r.left)}, right {words.side(r.right)}" if two else ""
    return r.status + sides + (f": {r.note}" if r.note else "")


def said_beside(r: Result) -> str:
    """What a row with a value has to add: its own bound, what it saw, its note."""
    bounded = r.error_bound is not None and math.isfinite(r.error_bound)
    bound = f"its own error bound is {words.size(r.error_bound)}" if bounded else ""
    seen = why(r) if r.status != "ok" else (r.note or "")
    return "; ".join(filter(None, [bound, seen]))


def notes(
    report: Report,
    results: Sequence[Result],
    *,
    with_words: bool = False,
    many: bool = False,
    ascii: bool = False,
) -> list[str]:
    """What rows have to add, once each: the methods that say it, and of several derivatives which.

    ``with_words`` takes the rows that have words in place of a number too, where the table had no room for them; of ``many``
    the error bounds are told by their largest.
    """
    keys = list(dict.fromkeys(map(key_of, results)))
    together = many or len(keys) > 1  # bounds in one line a method
    said_by: dict[str, dict[str, list[Key]]] = {}
    for r in results:
        for said in _said(r, with_words, together):
            said_by.setdefault(said, {}).setdefault(r.method, []).append(key_of(r))
    lines = _largest_bounds(results) if many else _bounds(report, results, keys, ascii) if together else []
    for said, methods in said_by.items():
        about = list(dict.fromkeys(key for found in methods.values() for key in found))
        of = "" if len(about) == len(keys) else _of(report, about, ascii)
        lines.append(f"{', '.join(methods)}{of}: {said}")
    more = len(lines) - _MOST_NOTES
    return lines if more <= 0 else [*lines[:_MOST_NOTES], f"and {more} more notes: --json has them all"]


def _said(r: Result, with_words: bool, together: bool) -> list[str]:
    if only_words(r):
        return [why(r)] if with_words else []
    said = said_beside(replace(r, error_bound=None) if together else r)
    return [said] if said else []


def _bounds(report: Report, results: Sequence[Result], keys: Sequence[Key], ascii: bool) -> list[str]:
    """The bounds of each method in a line, each with the derivatives that it is of where they differ."""
    found: dict[str, dict[str, list[Key]]] = {}
    for r in results:
        if not only_words(r) and r.error_bound is not None and math.isfinite(r.error_bound):
            found.setdefault(r.method, {}).setdefault(words.size(r.error_bound), []).append(key_of(r))
    lines = []
    for method, bounds in found.items():
        told = [
            bound + ("" if len(about) == len(keys) else _of(report, about, ascii))
            for bound, about in bounds.items()
        ]
        lines.append(f"{method}: its own error bound is {listed(told)}")
    return lines


def _largest_bounds(results: Sequence[Result]) -> list[str]:
    found: dict[str, float] = {}
    for r in results:
        if r.error_bound is not None and math.isfinite(r.error_bound):
            found[r.method] = max(r.error_bound, found.get(r.method, 0.0))
    return [
        f"{method}: its own error bounds are at most {words.size(most)}" for method, most in found.items()
    ]


def _of(report: Report, keys: Sequence[Key], ascii: bool) -> str:
    """Which derivatives a note is about; of many the first."""
    names = [words.derivative_name(report, *key, ascii) for key in keys[:3]]
    more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
    return f" ({', '.join(names)}{more})"


def is_good_news(point: PointReport) -> bool | None:
    """Whether a finite derivative is agreed on; ``None`` where nobody knows. An edge with an infinite slope is none."""
    if point.verdict in ("inconclusive", "unjudged"):
        return None
    edges = [t for t in point.truth if t.verdict == "boundary"]
    endless = any(side is not None and math.isinf(side) for t in edges for side in (t.left, t.right))
    return EXIT_CODES[point.verdict] == 0 and not (point.verdict == "boundary" and endless)


def truth_text(truth: Truth) -> str:
    """What follows a derivative's name: its exact form and its digits, or what stands in its place, or that nothing is known."""
    absence = words.absence(truth)
    if truth.value is None:
        if absence:
            return f": {absence}"
        why = "" if truth.verdict == "disagree" else truth.note  # else it is the verdict's own reason
        return ": no truth" + (f" ({why})" if why else "")
    exact = truth.exact
    value = plain_exponent(truth.value)
    digits = value + (f" +- {plain_exponent(truth.radius or '')}" if words.short_of_digits(truth) else "")
    if exact is not None and _same(exact, truth.value):
        digits = _without_zeros(value)
        exact = exact if exact != digits else None
    told = f" ({absence})" if absence and not moved(truth) else ""
    return (f" = {exact} = {digits}" if exact else f" = {digits}") + told


def shared_note(groups: Groups, point: PointReport) -> str | None:
    """The note that the truth of each of several derivatives has, to be told once; ``None`` where there is no such note."""
    notes = {truth.note if truth is not None else None for truth, _ in groups.values()}
    (note, *others) = notes or {None}
    if others or note is None or len(groups) < 2:
        return None
    return None if any(note in line for line in point.explanation) else note


def without_note(truth: Truth, note: str | None) -> Truth:
    """The truth without a note that is told elsewhere; where there is no value, the note is what is said in its place."""
    return replace(truth, note=None) if note is not None and truth.value is not None else truth


def moved(truth: Truth) -> bool:
    """Whether the derivative exists as written, and only at the nearest doubles there is none."""
    return truth.value is not None and truth.verdict in words.WITHOUT_DERIVATIVE


def truth_details(truth: Truth, point: PointReport) -> list[str]:
    """The lines below a true value: what the methods get where that is another, both sides, the note."""
    given = plain_exponent(truth.at_double or "") or (words.absence(truth) if moved(truth) else None)
    first = truth_text(truth)
    told = not truth.note or truth.note in first or any(truth.note in line for line in point.explanation)
    return [
        *([f"at the nearest doubles, which the methods get: {given}"] if given else []),
        *(f"{name} {said}" for name, said in words.sides(truth)),
        *([] if told else [truth.note or ""]),
    ]


def _same(exact: str, digits: str) -> bool:
    """Whether the exact form is a fraction, and the digits are all of it."""
    try:
        return Fraction(exact) == Fraction(digits)
    except ValueError:
        return False


def _without_zeros(digits: str) -> str:
    """``14.000`` as ``14``."""
    return digits.rstrip("0").rstrip(".") if "." in digits and "e" not in digits else digits
