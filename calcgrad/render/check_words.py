"""Verdicts, causes, entries and figures of a check in words; what several formats share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from calcgrad.phrases import counted, plain_exponent, size
from calcgrad.render.words import number
from calcgrad.report.claims import Checked, CheckReport, Mistake, WrongEntry

#: For each cause: what it means, and what to do.
CAUSES: Mapping[str, tuple[str, str]] = {
    "kink": (
        "the function has a kink at or near the point, where it has no gradient",
        "check at another point",
    ),
    "noise": (
        "the function's values are too noisy to decide",
        "--rtol forgives differences below the noise",
    ),
    "nondeterministic": (
        "the function gives different values for the same arguments",
        "--seed-call model.py:set_seed fixes its random numbers before every call",
    ),
    "low-precision": (
        "the function computes in too low a precision to decide",
        "check it in float64, or forgive small differences with --rtol",
    ),
    "mutates-argument": (
        "an argument is changed by the function or its gradient",
        "let it work on a copy",
    ),
    "state": (
        "a value depends on earlier calls",
        "clear what is kept between calls, such as an accumulated gradient",
    ),
    "not-finite": ("a value is not finite", "check at a point where all values are finite"),
    "shape": ("the claim has another shape than the argument", ""),
    "dtype": ("the claim is not made of real numbers", ""),
    "exception": ("the user's code raised an exception", ""),
    "not-scalar": ("the function does not return a number", ""),
    "budget": (
        "the budget was spent before the answer was certain",
        "raise --max-evaluations, --max-seconds or --timeout, or go on with --resume",
    ),
    "witnesses-disagree": (
        "independent ways to the derivative contradict each other",
        "the notes say which; do not trust either",
    ),
}


def headline(report: CheckReport) -> str:
    """The verdict in a line, without its first word."""
    if report.verdict == "wrong" and report.wrong_count:
        return f": {_count(report)}{_places(report)}"
    total = report.entries
    if report.verdict == "right" and total and not report.cause:
        return ": the entry is right" if total == 1 else f": all {total:,} entries hold"
    if report.cause:
        return (
            f" ({report.cause}): {CAUSES[report.cause][0]}" if report.cause in CAUSES else f": {report.cause}"
        )
    return ""


def _count(report: CheckReport) -> str:
    one, many = ("derivative", "derivatives") if not _arrays(report) else ("entry", "entries")
    least = "" if report.wrong_complete else "at least "
    total = report.entries
    if report.wrong_complete and total == report.wrong_count > 1:
        return f"all {total:,} entries"
    of = f" of {total:,}" if _arrays(report) and total > report.wrong_count else ""
    counted = f"{least}{report.wrong_count:,} wrong {one if report.wrong_count == 1 else many}"
    return counted + of


def _arrays(report: CheckReport) -> bool:
    return bool(shapes(report)) or any(e.index is not None for e in report.wrong)


def _places(report: CheckReport) -> str:
    """The arguments that the wrong entries are in, where there are others."""
    names = list(dict.fromkeys(e.argument for e in report.wrong))
    if len(shapes(report)) < 2 or not names:
        return ""
    return (
        f", in {names[0]}"
        if len(names) == 1
        else f", in {', '.join(names[:3])}{', ...' if names[3:] else ''}"
    )


def shapes(report: CheckReport) -> dict[str, tuple[int, ...]]:
    """The shape of each argument of a Python function; none for an expression."""
    return {
        name: tuple(value["shape"])
        for name, value in report.at.items()
        if isinstance(value, dict) and "shape" in value
    }


def entry_name(entry: WrongEntry) -> str:
    """``w[3, 4]``; the argument alone for a number.

    >>> entry_name(WrongEntry('params["W"]', (3, 4), 1.0, 2.0)), entry_name(WrongEntry("t", (), 1.0, 2.0))
    ('params["W"][3, 4]', 't')
    """
    return entry.argument + (str(list(entry.index)) if entry.index else "")


def figures(entry: WrongEntry) -> tuple[str, str, str]:
    """The claimed value, the true one with the digits that its bound supports, and the bound.

    >>> figures(WrongEntry("w", (0,), -6.75, 6.7500000000312, 1e-9))
    ('-6.75', '6.75', '1.0e-9')
    >>> figures(WrongEntry("w", (0,), 0.1234567, 0.12359, 3e-4))
    ('0.1235', '0.1236', '3.0e-4')
    """
    bound = entry.error_bound
    if bound is None or not 0 < bound < math.inf or not math.isfinite(entry.true):
        return number(entry.claimed), number(entry.true), "-" if bound is None else size(bound)
    largest = max(abs(entry.true), abs(entry.claimed) if math.isfinite(entry.claimed) else 0.0, bound)
    last = math.floor(math.log10(bound)) - 1  # one digit more than the bound holds: the difference is seen
    digits = min(max(math.floor(math.log10(largest)) - last, 2), 17)
    return _rounded(entry.claimed, digits), _rounded(entry.true, digits), size(bound)


def _rounded(value: float, digits: int) -> str:
    return plain_exponent(f"{value:.{digits}g}")


def place_lines(report: CheckReport) -> list[str]:
    """The arguments: name, shape, where from; of many the first few."""
    lines = []
    for name, value in list(report.at.items())[:6]:
        if not isinstance(value, dict) or "shape" not in value:
            lines.append(f"{name} = {number(value) if isinstance(value, float) else value}")
            continue
        shape = _shape(value["shape"])
        source = f", from {value['from']}" if "from" in value else ""
        lines.append(f"{name}: {shape}{source}")
    more = len(report.at) - len(lines)
    return [*lines, f"and {more} more"] if more > 0 else lines


def _shape(shape: Sequence[int]) -> str:
    """The shape of an argument in words.

    >>> _shape([]), _shape([4]), _shape([3, 4])
    ('a number', '4 entries', '3 x 4')
    """
    if len(shape) == 1:
        return counted(shape[0])
    return " x ".join(map(str, shape)) or "a number"


def origins(report: CheckReport) -> list[str]:
    """Where the arguments came from, each source once; of what was drawn the seed."""
    found = [value["from"] for value in report.at.values() if isinstance(value, dict) and "from" in value]
    return list(dict.fromkeys(text[text.rfind("seed") :] if "), seed " in text else text for text in found))[
        :3
    ]


def certainty(report: CheckReport) -> str | None:
    """The statement of confidence: what would have been missed, and with what probability."""
    if report.detectable is None or report.confidence is None:
        return None
    missed = 1 - report.confidence
    chance = size(missed, 1) if missed > 0 else "below 1e-16"
    return f"an entry off by more than {size(report.detectable)} would have been missed with probability {chance}"


def cost(report: CheckReport, seconds: str) -> str:
    """Evaluations and time; for a claim that was proved, the time alone."""
    counted = f"{report.evaluations:,} evaluation{'' if report.evaluations == 1 else 's'} of the function"
    reused = f", {report.reused:,} of them from the journal" if report.reused else ""
    return f"{counted}{reused}, {seconds}"


def summary(checked: Sequence[Checked]) -> str:
    """``3 checks: 2 right, 1 wrong``."""
    counts: dict[str, int] = {}
    for c in checked:
        kind = c.report.verdict if c.report else "in error"
        counts[kind] = counts.get(kind, 0) + 1
    parts = [f"{counts[k]} {k}" for k in ("right", "wrong", "inconclusive", "in error") if k in counts]
    return f"{len(checked)} check{'' if len(checked) == 1 else 's'}: {', '.join(parts) or 'nothing to do'}"


def sentence(checked: Checked) -> str:
    """Everything in a line: the verdict with the worst entry, or the error."""
    if checked.report is None:
        assert checked.error is not None
        return f"{checked.error.code}: {checked.error.message}"
    report = checked.report
    text = report.verdict + headline(report)
    if report.wrong and report.wrong[0].index is not None:
        claimed, true, bound = figures(report.wrong[0])
        text += f"; {entry_name(report.wrong[0])} is claimed {claimed}, and is {true} +/- {bound}"
    elif report.notes:
        text += f"; {report.notes[0]}"
    if report.likely:
        text += f"; likely {likely_text(report.likely[0])}"
    if report.mistakes:
        text += f"; {mistake_text(report.mistakes[0])}"
    return text


def mistake_text(mistake: Mistake) -> str:
    """Why a claimed formula is wrong; where the two were not proved equal, how it is known.

    >>> mistake_text(Mistake("x", "sign", "the sign is wrong", None, "points", 60))
    'the sign is wrong (equal at 60 points, certified; not proved as a formula)'
    """
    how = f" (equal at {mistake.points} points, certified; not proved as a formula)"
    return mistake.detail + (
        how if mistake.known == "points" and mistake.name != "undefined in places" else ""
    )


def likely_text(likely: Any) -> str:
    """The name of a cause, where, and what was seen of it."""
    return f"{likely.cause}{f' in {likely.argument}' if likely.argument else ''}: {likely.detail}"
