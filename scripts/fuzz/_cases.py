"""A case of the expression fuzzer: an expression and a point, drawn from a seed and a number, and what is wrong with its report."""

from __future__ import annotations

import math
import signal
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from types import FrameType
from typing import NamedTuple

from calcgrad.checking.random_expressions import drawable_rows, random_expression
from calcgrad.comparing import Request, compute, compute_many
from calcgrad.conditioning import evaluation_condition
from calcgrad.errors import CalcgradError, InternalError
from calcgrad.expression import parse, to_text, to_unicode
from calcgrad.expression.nodes import Node
from calcgrad.judging import ALLOWED_ULPS
from calcgrad.operations import VOCABULARY
from calcgrad.points import Point, data
from calcgrad.reading import flat_point, read
from calcgrad.report import PointReport, Report, Result

OWN_SECONDS = 5.0
SYMPY_SECONDS = 30.0
ROWS = drawable_rows()
FLAT_TOO = drawable_rows(flat=True)


@dataclass(frozen=True)
class Case:
    """An expression with a double for each variable; ``truth`` says whether SymPy is asked."""

    root: Node
    point: dict[str, float]
    truth: str = "none"

    @property
    def text(self) -> str:
        """The expression in the language."""
        return to_text(self.root, VOCABULARY)

    def request(self) -> Request:
        """What is asked of calcgrad."""
        names = [name for name in self.point if name in parse(self.text, VOCABULARY).variables]
        at = Point({name: data(self.point[name]) for name in names})
        return Request(self.text, at=(at,), truth=self.truth, timeout=5.0)


class Find(NamedTuple):
    """Something that must not be: its class, and what was seen."""

    kind: str
    detail: str


class HangError(Exception):
    """A case took longer than it may."""


Outcome = Report | CalcgradError | Find


def draw(seed: int, index: int, sympy_every: int) -> Case:
    """The case of this number: the same for ever for the same seed."""
    random = Random(f"{seed}:{index}")
    rows = FLAT_TOO if random.random() < 0.1 else ROWS
    drawn = random_expression(random, rows, random.randint(1, 8), random.randint(1, 3), edges=0.15)
    asked = bool(sympy_every) and index % sympy_every == 0
    return Case(drawn.root, drawn.point, "symbolic" if asked else "none")


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise ``HangError`` in the body when it takes longer."""

    def ring(_: int, __: FrameType | None) -> None:
        raise HangError(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcomes(cases: Sequence[Case]) -> list[Outcome]:
    """The report of each case; where one breaks the batch, each is run alone and the culprit found."""
    try:
        with limited(sum(OWN_SECONDS if c.truth == "none" else SYMPY_SECONDS for c in cases)):
            return list(compute_many([case.request() for case in cases]))
    except Exception:  # any failure whatever is what is looked for: the cases are run again one by one
        return [alone(case) for case in cases]


def alone(case: Case) -> Outcome:
    """The outcome of one case."""
    try:
        with limited(OWN_SECONDS if case.truth == "none" else SYMPY_SECONDS):
            return compute(case.request())
    except CalcgradError as error:
        return error
    except HangError as hang:
        return Find("hang", str(hang))
    except Exception as error:  # a crash is a find, and is printed
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Find("crash", f"{type(error).__name__}: {error} ({last.name}, line {last.lineno})")


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
        elif point.verdict in ("kink", "jump"):
            found.extend(_unwitnessed(point))
    return found


def _misread(case: Case) -> Iterator[Find]:
    for write in (to_text, to_unicode):
        text = write(case.root, VOCABULARY)
        try:
            again = parse(text, VOCABULARY, declared=list(case.point)).root
        except CalcgradError as error:
            yield Find("misread", f"{text}: {error}")
            continue
        if again != case.root:
            yield Find("misread", f"{text} is read as {to_text(again, VOCABULARY)}")


def _apart(case: Case, point: PointReport) -> Iterator[Find]:
    """Forward against reverse by the measure of rounding, and both against the adaptive derivative's bound."""
    rows = {(r.method, r.wrt): r for r in point.results if r.value is not None}
    for (name, wrt), forward in rows.items():
        other = rows.get(("reverse-ad", wrt))
        if name != "forward-ad" or other is None:
            continue
        unit = _unit(case, wrt)
        a, b = forward.value, other.value
        if a is None or b is None or unit is None or not math.isfinite(unit):
            continue
        if a != b and not (a != a and b != b) and not abs(a - b) <= ALLOWED_ULPS * unit:
            yield Find("forward!=reverse", f"d/d{wrt[0]}: {a!r} against {b!r}, rounding {unit:.1e}")
        witness = rows.get(("adaptive", wrt))
        if witness is not None and _contradicts(a, witness, ALLOWED_ULPS * unit):
            bound = witness.error_bound
            yield Find("adaptive", f"d/d{wrt[0]}: {a!r}, adaptive says {witness.value!r} within {bound!r}")


def _unit(case: Case, wrt: tuple[str, ...]) -> float | None:
    reading = read(case.request())
    place = reading.function.variables.index(wrt[0])
    found = evaluation_condition(reading.function, flat_point(reading.function, reading.points[0]), (place,))
    return found[0].unit if found else None


def _contradicts(value: float, witness: Result, rounding: float) -> bool:
    if witness.value is None or witness.status != "ok" or witness.error_bound is None:
        return False
    return not abs(value - witness.value) <= 10 * witness.error_bound + rounding


def _unwitnessed(point: PointReport) -> Iterator[Find]:
    """A kink or a jump where the adaptive derivative, at the same double, saw a slope as sure as can be."""
    if point.at_exact is not None:
        return
    for truth in point.truth:
        for row in point.results:
            if row.method != "adaptive" or row.wrt != truth.wrt or row.status != "ok" or row.value is None:
                continue
            sides = [s for s in (truth.left, truth.right) if s is not None and math.isfinite(s)]
            if truth.verdict != "kink" or len(sides) != 2 or row.error_bound is None:
                continue
            if row.error_bound < abs(sides[0] - sides[1]) / 100:
                yield Find("kink unseen", f"{truth.left!r} | {truth.right!r}, adaptive {row.value!r}")
