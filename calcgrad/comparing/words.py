"""What a point's figures say, in words: one sentence a line."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from calcgrad.autodiff.tape import Tape, run
from calcgrad.comparing.culprit import culprit
from calcgrad.comparing.judge import ALLOWED_BOUNDS, ALLOWED_ULPS, Errors, left_the_doubles, right_digits
from calcgrad.comparing.request import Reading
from calcgrad.errors import Diagnostic
from calcgrad.expression import to_text
from calcgrad.methods import facts
from calcgrad.operations import VOCABULARY
from calcgrad.phrases import figure, listed, size
from calcgrad.report.derivatives import PointReport, Result, Truth, Verdict
from calcgrad.verdicts.spelling import node_of

FEW_DIGITS = 10
#: How the reason begins where the doubles take another branch than the exact numbers.
DECIDED = "rounding decides "


def explain(
    verdict: Verdict, truth: Sequence[Truth], results: Sequence[Result], displaced: bool = False
) -> tuple[str, ...]:
    """The sentences about one point: first the verdict, then what the rows show.

    ``displaced`` says that the methods get another point, or another function, than the one that was written.
    """
    lines = list(
        dict.fromkeys(
            _about(row, truth, results) for row in truth if row.verdict not in ("agree", "unjudged")
        )
    )
    timeouts = [row.note for row in truth if row.status == "timeout" and row.note]
    lines.extend(
        f"truth: {note}" for note in dict.fromkeys(timeouts) if not any(note in line for line in lines)
    )
    if verdict == "unjudged":
        lines.append(_alone(results))
    if verdict == "agree":
        lines.append(_agreement(truth, results))
        lines.extend(_agreements_alone(truth, results))
        lines.extend(_beside(truth))
        lines.extend(_differences(results))
    tell = _displaced if displaced else _unsteady
    lines.extend(dict.fromkeys(tell(row, truth) for row in truth))
    return tuple(line for line in lines if line)


def _about(row: Truth, truth: Sequence[Truth], results: Sequence[Result]) -> str:
    if row.verdict == "disagree":
        return disagreement(row, results)
    if row.verdict == "inconclusive" and not row.note:
        return "the methods differ by more than rounding explains, and there is no truth to decide"
    where = f"{derivative_text(row)}: " if len(truth) > 1 else ""
    if row.verdict == "overflow" and not row.note:
        return where + left_the_doubles(row)
    return f"{where}{row.note or row.verdict}"


def short(digits: str) -> str:
    """A decimal string to six digits, whatever its exponent."""
    return figure(Decimal(digits))


def _alone(results: Sequence[Result]) -> str:
    names = list(dict.fromkeys(r.method for r in results if r.value is not None))
    if not names:
        return "there is no value, and no truth"
    return f"there is no truth, and nothing else to hold {listed(names)} against"


def short_truth(row: Truth) -> str:
    """The truth that the methods are held against, to no more digits than a double has."""
    value = row.at_double or row.value or ""
    return value if len(value) <= 20 else figure(Decimal(value), 17)


def _beside(truth: Sequence[Truth]) -> list[str]:
    """What a student may not expect of a derivative that agrees: a kink that does no harm, a value below the doubles."""
    places = list(dict.fromkeys(row.tie.place for row in truth if row.tie is not None))
    lines = [f"the derivative exists here, although {place} is not smooth at this point" for place in places]
    for row in truth:
        if row.value is not None and float(row.value) == 0 and Decimal(row.value) != 0:
            where = f"{derivative_text(row)}: " if len(truth) > 1 else ""
            size = short(row.value)
            lines.append(
                f"{where}the truth, {size}, is nearer to 0 than any double: 0 is the right answer in doubles"
            )
    return lines


def _displaced(row: Truth, truth: Sequence[Truth]) -> str:
    """A word where rounding to doubles leaves the methods few digits of the derivative that was written."""
    if row.at_double is None or row.value is None or not float(row.value):
        return ""
    share = float(abs(Decimal(row.at_double) - Decimal(row.value)) / abs(Decimal(row.value)))
    if not 10.0**-FEW_DIGITS < share <= 0.1:
        return ""
    what = derivative_text(row) if len(truth) > 1 else "the derivative"
    return f"rounding to doubles leaves {int(-math.log10(share))} digits of {what}: it is {short(row.at_double)} there"


def _unsteady(row: Truth, truth: Sequence[Truth]) -> str:
    """A word where the derivative moves so much within half an ulp of the point that few of its digits hold there."""
    if (
        row.point_error is None
        or row.value is None
        or not float(row.value)
        or not math.isfinite(row.point_error)
    ):
        return ""
    ratio = row.point_error / abs(float(row.value))
    if ratio <= 10.0**-FEW_DIGITS:
        return ""
    what = derivative_text(row) if len(truth) > 1 else "the derivative"
    if ratio > 0.1:  # the size is a first-order one, which says no more than that it is large
        return f"half an ulp of the point changes {what} altogether: no digit holds unless the point is exactly this double"
    moves = f"half an ulp of the point moves {what} by {size(row.point_error, 1)}"
    return f"{moves}: {int(-math.log10(ratio))} digits hold unless the point is exactly this double"


def derivative_text(row: Truth | Result) -> str:
    """``d/dx``, ``d^2/dx dy``, ``d/dv[0]``; with the output's index before it where there are several."""
    places = row.index if row.index is not None else ()
    nested = bool(places) and isinstance(places[0], tuple)
    indices = places if nested else (places,) * len(row.wrt)
    names = [name + _entry(index) for name, index in zip(row.wrt, indices, strict=False)]
    power = "" if len(names) == 1 else f"^{len(names)}"
    of = f" f{_entry(row.output)}" if row.output is not None else ""
    below = [
        f"d{name}" + (f"^{names.count(name)}" if names.count(name) > 1 else "")
        for name in dict.fromkeys(names)
    ]
    return f"d{power}{of}/{' '.join(below)}"


def _entry(index: Any) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def disagreement(row: Truth, results: Sequence[Result]) -> str:
    """What is wrong, of a row of that verdict; a row without truth has been told it."""
    if row.other is not None:
        return row.note or "SymPy and Arb disagree"
    said = wrong_row(row, results)
    reasons = ("no digit of ", DECIDED, *([f"{said}: "] if said else []))
    if row.note is not None and (row.value is None or row.note.startswith(reasons)):
        return row.note
    return f"{said}: more than rounding explains" if said else "the methods disagree with the truth"


def wrong_row(row: Truth, results: Sequence[Result]) -> str:
    """What the method that is off the most gives, beside the truth; nothing where no method has a number."""
    worst = worst_row(row, results)
    if worst is None:
        return ""
    return f"{worst.method} gives {worst.value!r} for {derivative_text(row)}, but the truth is {short_truth(row)}"


def worst_row(row: Truth, results: Sequence[Result]) -> Result | None:
    """The row of the method that is off the most; none where no method has a number."""
    rows = [r for r in results if (r.wrt, r.output, r.index) == (row.wrt, row.output, row.index)]
    return max(
        (
            r
            for r in rows
            if not (facts(r.method).plain or facts(r.method).formula)
            and r.value is not None
            and r.status != "undefined"
            and not (
                facts(r.method).bounded and math.isnan(r.value)
            )  # that is a word of its own, not a wrong number
        ),
        key=_distance,
        default=None,
    )


def _distance(row: Result) -> float:
    """How far off a row is, in units of what it may be: ten times its own bound, or some ulps of the truth; without an error,
    infinitely. Within its bounds no row is the wrong one.
    """
    if row.abs_error is None:
        return math.inf
    if row.error_bound:
        share = row.abs_error / (ALLOWED_BOUNDS * row.error_bound)
        return share if share > 1.0 else 0.0
    allowed = ALLOWED_ULPS * sys.float_info.epsilon / 2
    return (row.abs_error if row.rel_error is None else row.rel_error) / allowed


def _agreement(truth: Sequence[Truth], results: Sequence[Result]) -> str:
    rows = [r for r in results if facts(r.method).exact and r.value is not None and r.status == "ok"]
    judged = [r for r in rows if r.abs_error is not None]
    judged = [r for r in judged if not facts(r.method).formula] or judged
    known = [row for row in truth if row.value is not None]
    the = "the certified truth" if known and all(row.certified for row in known) else "the truth"
    names = list(dict.fromkeys(r.method for r in judged))
    bounded = [r for r in results if facts(r.method).bounded and r.abs_error is not None]
    if not names and bounded:
        worst = max(bounded, key=lambda r: r.abs_error or 0.0)
        if not worst.abs_error:
            return f"{worst.method} agrees with {the} to the last digit of a double"
        return f"{worst.method} is off by {size(worst.abs_error, 1)}, within its own bound"
    if not names:
        return "" if any(row.value is not None for row in truth) else _without_truth(rows)
    digits = min(right_digits(Errors(r.abs_error, r.rel_error, r.ulps)) for r in judged)
    zero = all(r.rel_error is None for r in judged)
    if zero and digits == 0:
        return f"{listed(names)} agree{_s(names)} with {the}, which is 0, up to rounding"
    if digits >= 16:
        return f"{listed(names)} agree{_s(names)} with {the} to the last digit of a double"
    if digits < 1:
        return f"rounding alone explains how far {listed(names)} {'is' if len(names) == 1 else 'are'} off; no digit is right"
    return f"{listed(names)} agree{_s(names)} with {the} to {int(digits)} digits"


def _without_truth(rows: Sequence[Result]) -> str:
    names = list(dict.fromkeys(r.method for r in rows))
    return (
        f"{listed(names)} agree with each other; there is no truth to judge them by" if len(names) > 1 else ""
    )


def _agreements_alone(truth: Sequence[Truth], results: Sequence[Result]) -> list[str]:
    """Beside derivatives with a truth, a sentence for each that has none."""
    if all(row.value is None for row in truth):
        return []
    lines: list[str] = []
    for row in truth:
        if row.value is None and row.verdict == "agree":
            there = [r for r in results if (r.wrt, r.output, r.index) == (row.wrt, row.output, row.index)]
            told = [r for r in there if facts(r.method).exact or facts(r.method).bounded]
            said = _without_truth([r for r in told if r.value is not None and r.status == "ok"])
            said = said or "no two methods have a value to compare; there is no truth to judge them by"
            lines.append(f"{derivative_text(row)}: {said}")
    return lines


def _differences(results: Sequence[Result]) -> list[str]:
    """How far the plain differences are off, each at its worst, and from which step."""
    lines: list[str] = []
    for name in dict.fromkeys(r.method for r in results if facts(r.method).plain):
        rows = [r for r in results if r.method == name and r.abs_error is not None]
        worst = max(rows, key=lambda r: r.abs_error or 0.0, default=None)
        if worst is None or not worst.abs_error:
            continue
        step = f" from its step {size(worst.step, 1)}" if worst.step else ""
        lines.append(f"{name} is off by {size(worst.abs_error, 1)}{step}, as it must")
    return lines


def _s(names: Sequence[str]) -> str:
    return "s" if len(names) == 1 else ""


def precision_warnings(reading: Reading, flat: Sequence[float], point: PointReport) -> list[Diagnostic]:
    """A warning where a row is right by the measure of rounding and yet has fewer than 10 right digits."""
    judged = {(row.wrt, row.output, row.index) for row in point.truth if row.verdict == "agree"}
    poor = [
        (digits, row)
        for row in point.results
        if facts(row.method).exact
        and not facts(row.method).formula
        and row.status == "ok"
        and row.abs_error
        and (row.wrt, row.output, row.index) in judged
        and (digits := right_digits(Errors(row.abs_error, row.rel_error, row.ulps))) < FEW_DIGITS
    ]
    if not poor:
        return []
    digits, row = min(poor, key=lambda pair: pair[0])
    where = _cancelling(
        reading.function.tape,
        run(reading.function.tape, reading.function.unflatten(flat), reading.function.system),
    )
    where = where or _blamed(reading, flat, point, row) or "its terms cancel in the derivative's own sum"
    message = f"only {int(digits)} digits of {row.method}'s value are right: {where}"
    return [
        Diagnostic("W202", message, hints=("rewrite it so that nearly equal numbers are not subtracted",))
    ]


def _blamed(reading: Reading, flat: Sequence[float], point: PointReport, row: Result) -> str:
    """The number whose last bit moves a first derivative the most; nothing where it explains no error."""
    places = [(true.wrt, true.output, true.index) for true in point.truth]
    wrt, output = divmod(places.index((row.wrt, row.output, row.index)), len(reading.output_indices))
    coordinates = reading.wrts[wrt]
    if len(coordinates) > 1:
        return ""
    found = culprit(reading.function, flat, coordinates[0], output, row.abs_error or 0.0)
    return f"the rounding of {found[0]} takes the others" if found else ""


def _cancelling(tape: Tape, values: Sequence[object]) -> str:
    """The sum or difference that loses the most digits, by the ratio of its terms to its value; nothing where none loses one."""
    worst, slot = 1.0, None
    for place, step in enumerate(tape.steps, len(tape.inputs)):
        terms, value = [values[i] for i in step.args], values[place]
        if step.op not in ("add", "sub") or not all(isinstance(v, float) for v in (*terms, value)):
            continue
        size = max(abs(t) for t in terms if isinstance(t, float))
        ratio = size / abs(value) if isinstance(value, float) and value else math.inf
        if ratio > worst and size > 0:
            worst, slot = ratio, place
    if slot is None or worst < 10:
        return ""
    lost = "all" if worst == math.inf else f"{math.log10(worst):.0f}"
    return f"{to_text(node_of(tape, slot), VOCABULARY)} cancels {lost} digits"
