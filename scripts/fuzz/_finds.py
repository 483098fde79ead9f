"""What is wrong with an outcome: a number off without a word, a crash, a text that is misread, a verdict against the witness."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from time import process_time
from typing import Any

from _cases import Case, Find, Outcome
from _witness import contradictions
from _written import against_mpmath

from calcgrad.comparing.judge import ALLOWED_ULPS, errors
from calcgrad.comparing.request import Reading, flat_point, read
from calcgrad.comparing.rounding import evaluation_condition
from calcgrad.comparing.words import DECIDED
from calcgrad.errors import CalcgradError, InternalError
from calcgrad.expression import parse, to_text, to_unicode
from calcgrad.functions.exact import rounded
from calcgrad.methods import certified
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import PointReport, Report, Result
from calcgrad.systems.decimals import Enclosure

#: A point whose digits are not proved in so much of the processor's time is left to the other checks.
PROOF_SECONDS = 0.3
certified.perf_counter = process_time  # by the clock alone, a busy machine would prove nothing
#: Where derivatives are subnormal, partials on the way may have been 0.
TINIEST = 2.0**-1022
#: Farther out a function may oscillate below the last bit of its values, nearer to 0 its values may leave the doubles: no
#: difference of values sees its derivative then, and the adaptive one is no witness.
SMALLEST, LARGEST = 1e-100, 1e4


def finds(case: Case, outcome: Outcome) -> list[Find]:
    """Everything that is wrong with an outcome."""
    if isinstance(outcome, Find):
        return [outcome]
    found = list(_misread(case))
    if isinstance(outcome, InternalError):
        return [*found, Find("crash", str(outcome))]
    if isinstance(outcome, CalcgradError):
        return [*found, Find("refused", str(outcome))]
    for point in outcome.points:
        if point.verdict == "disagree" and not _told(point):
            found.append(Find("disagree", "; ".join(point.explanation)))
        elif point.verdict in ("agree", "inconclusive") and not _few_digits(outcome):
            rounding = _Rounding(case)
            found.extend(_apart(point, rounding))
            if point.verdict == "agree":
                found.extend(_untrue(point, rounding))
        found.extend(Find(*said) for said in contradictions(case.request, point))
        if case.truth in ("both", "certified"):
            found.extend(Find("as written", said) for said in against_mpmath(case.request, point))
    return found


#: The reasons that are a word of their own: in each the doubles cannot know better.
_REASONS = ("no digit of ", DECIDED)
_CAUSES = (": one last bit of ", ": the last bits of ")


def _told(point: PointReport) -> bool:
    """Whether each disagreement is a row without one right digit, or one whose branch or digits rounding decides, with the reason
    named: that is a word, not a fault.
    """
    notes = [row.note or "" for row in point.truth if row.verdict == "disagree"]
    return all(note.startswith(_REASONS) or any(cause in note for cause in _CAUSES) for note in notes)


def _few_digits(report: Report) -> bool:
    """Whether it is said that few digits are right: that is a word too."""
    return any(warning.code == "W202" for warning in report.warnings)


def _misread(case: Case) -> Iterator[Find]:
    declared = list(case.point)
    for write in (to_text, to_unicode):
        text = write(case.root, VOCABULARY)
        try:
            again = parse(text, VOCABULARY, declared=declared).root
        except CalcgradError as error:
            yield Find("misread", f"{text}: {error}")
            continue
        if again != case.root:
            yield Find("misread", f"{text} is read as {to_text(again, VOCABULARY)}")


def _untrue(point: PointReport, rounding: _Rounding) -> Iterator[Find]:
    """Forward and reverse against the proved digits, by the measure of rounding: the number that is wrong without a word.

    Where the function's own double is another number altogether, that is a kind of its own: rounding has decided which way the
    doubles go (``sech(x) > 0`` far out, the sine of 1e30), and every method differentiates what they do.
    """
    reading = rounding.reading
    flat = flat_point(reading.function, reading.points[0])
    *slopes, values = certified.derivatives(
        rounded(reading.function), flat, [*reading.wrts, ()], digits=25, seconds=PROOF_SECONDS
    )
    enclosures = [row for rows in slopes for row in rows]
    seen = point.value if isinstance(point.value, list) else [point.value]
    kinds = ["astray" if _is_astray(v, truth) else "untrue" for v, truth in zip(seen, values, strict=True)]
    for name in ("forward-ad", "reverse-ad"):
        rows = [row for row in point.results if row.method == name]
        for k, (row, truth) in enumerate(zip(rows, enclosures, strict=True)):
            if row.value is None or truth.value is None or (truth.digits < 10 and not truth.is_zero):
                continue
            if row.status != "ok":  # a number of which it is said that it is none, or a convention
                continue
            kind = kinds[k % len(kinds)]
            error = errors(row.value, truth.value).absolute
            if error is None:
                if math.isnan(row.value) or float(truth.value) != row.value:
                    yield Find(kind, f"{name} gives {row.value!r}, proved is {truth.value}")
            elif error > 4 * math.ulp(float(truth.value)):
                unit = rounding.unit(k)
                if unit is not None and error > ALLOWED_ULPS * unit + TINIEST:
                    told = f"{name} gives {row.value!r}, proved is {truth.value}; rounding {unit:.1e}"
                    yield Find(kind, told)


def _is_astray(value: float, truth: Enclosure) -> bool:
    """Whether a double has fewer than three digits of what is proved of its function."""
    if truth.value is None or (truth.digits < 10 and not truth.is_zero):
        return False
    error = errors(value, truth.value)
    return bool(error.absolute) and (error.relative is None or error.relative > 1e-3)


def _apart(point: PointReport, measured: _Rounding) -> Iterator[Find]:
    """Forward against reverse by the measure of rounding, and both against the adaptive derivative's bound."""
    by_method: dict[str, list[Result]] = {}
    for row in point.results:
        by_method.setdefault(row.method, []).append(row)
    sizes = [abs(v) for value in point.at.values() for v in _numbers(value)]
    visible = all(v == 0 or SMALLEST < v < LARGEST for v in sizes)
    forward, reverse, adaptive = (by_method[m] for m in ("forward-ad", "reverse-ad", "adaptive"))
    for k, (a, b, witness) in enumerate(zip(forward, reverse, adaptive, strict=True)):
        label = f"d/d{a.wrt[0]}{list(a.index) if a.index else ''}"
        if a.value is None or b.value is None:
            if a.value is not b.value:
                yield Find("one mode only", f"{label}: forward {a.note!r}, reverse {b.note!r}")
            continue
        if a.value != b.value and not (math.isnan(a.value) and math.isnan(b.value)):
            unit = measured.unit(k)
            if unit is not None and not abs(a.value - b.value) <= ALLOWED_ULPS * unit:
                yield Find(
                    "forward!=reverse", f"{label}: {a.value!r} against {b.value!r}, rounding {unit:.1e}"
                )
        if not visible or a.status != "ok":
            continue
        if _contradicts(a.value, witness, 0.0) and _contradicts(
            a.value, witness, ALLOWED_ULPS * (measured.unit(k) or 0)
        ):
            bound = witness.error_bound
            yield Find("adaptive", f"{label}: {a.value!r}, adaptive says {witness.value!r} within {bound!r}")


def _numbers(value: Any) -> list[float]:
    return [n for v in value for n in _numbers(v)] if isinstance(value, list) else [float(value)]


class _Rounding:
    """The rounding of each derivative, measured only when somebody differs."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def reading(self) -> Reading:
        return read(self.case.request)

    def unit(self, k: int) -> float | None:
        reading = self.reading
        wrt, output = divmod(k, len(reading.output_indices))
        found = evaluation_condition(
            reading.function, flat_point(reading.function, reading.points[0]), reading.wrts[wrt]
        )
        return found[output].unit if found and math.isfinite(found[output].unit) else None


def _contradicts(value: float, witness: Result, rounding: float) -> bool:
    if (
        witness.value is None
        or witness.status != "ok"
        or witness.error_bound is None
        or not math.isfinite(value)
    ):
        return False
    return not abs(value - witness.value) <= 10 * witness.error_bound + rounding
