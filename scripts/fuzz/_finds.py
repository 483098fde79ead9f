"""What is wrong with an outcome: disagreement without a word, a crash, a text that is read as another, a verdict against the witness."""

from __future__ import annotations

import math
from collections.abc import Iterator

from _cases import Case, Find, Outcome
from _witness import contradictions

from calcgrad.conditioning import evaluation_condition
from calcgrad.errors import CalcgradError, InternalError
from calcgrad.expression import parse, to_text, to_unicode
from calcgrad.judging import ALLOWED_ULPS
from calcgrad.operations import VOCABULARY
from calcgrad.reading import Reading, flat_point, read
from calcgrad.report import PointReport, Result


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
        if point.verdict == "disagree":
            found.append(Find("disagree", "; ".join(point.explanation)))
        elif point.verdict in ("agree", "inconclusive"):
            found.extend(_apart(case, point))
        found.extend(Find(*said) for said in contradictions(case.request, point))
    return found


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


def _apart(case: Case, point: PointReport) -> Iterator[Find]:
    """Forward against reverse by the measure of rounding, and both against the adaptive derivative's bound."""
    by_method: dict[str, list[Result]] = {}
    for row in point.results:
        by_method.setdefault(row.method, []).append(row)
    forward, reverse, adaptive = (by_method[m] for m in ("forward-ad", "reverse-ad", "adaptive"))
    measured = _Rounding(case)
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
        if _contradicts(a.value, witness, 0.0) and _contradicts(
            a.value, witness, ALLOWED_ULPS * (measured.unit(k) or 0)
        ):
            bound = witness.error_bound
            yield Find("adaptive", f"{label}: {a.value!r}, adaptive says {witness.value!r} within {bound!r}")


class _Rounding:
    """The rounding of each derivative, measured only when somebody differs."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.reading: Reading | None = None

    def unit(self, k: int) -> float | None:
        if self.reading is None:
            self.reading = read(self.case.request)
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
