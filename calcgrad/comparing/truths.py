"""The one place where a row of truth is made: from what is known of a number, and from what stands at the point."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any, NamedTuple

from calcgrad.comparing.known import Known
from calcgrad.report.derivatives import Truth
from calcgrad.systems.decimals import WIDE
from calcgrad.verdicts import Finding

#: Verdicts of the point at the doubles that stand although the point as written has a derivative.
SINGULAR = frozenset({"kink", "jump", "infinite", "boundary", "removable", "undefined"})
#: How near two values must be to be the same one: a share of either.
_SAME = Decimal("1e-28")


class TruthPlace(NamedTuple):
    """Which derivative of which output a row is about."""

    wrt: tuple[str, ...]
    output: Any
    index: Any


class Evidence(NamedTuple):
    """What is known of one derivative as written, and of what the methods get: the number, and what is singular there.

    ``displaced`` says that the two are not the same; the second is the first otherwise.
    """

    place: TruthPlace
    written: Known
    given: Known
    at_written: Finding | None
    at_given: Finding | None
    displaced: bool = False
    point_error: float | None = None

    @property
    def on_a_singular_double(self) -> Finding | None:
        """What is singular at the doubles alone, where the point as written is ordinary."""
        ordinary = self.at_written is None or self.at_written.verdict in ("agree", "overflow")
        there = self.at_given
        return there if self.displaced and ordinary and there and there.verdict in SINGULAR else None


def truth(evidence: Evidence) -> Truth:
    """The row of truth: the value as written, or what stands in its place where there is no derivative."""
    known, finding = evidence.written, evidence.at_written
    if finding is not None and finding.verdict not in ("agree", "overflow"):
        return _row(evidence, Known(finding.value), finding)
    if finding is not None and finding.verdict == "agree":
        known = _confirmed(known, finding.value)
    singular = evidence.on_a_singular_double
    if singular is not None:
        return _row(evidence, known, singular._replace(note=_beside(known, singular)))
    return _row(evidence, known, finding)


def target(evidence: Evidence) -> str | None:
    """The truth that the methods are held against: that of the function and the point that they get."""
    row = truth(evidence)
    if row.verdict not in ("agree", "overflow", "disagree"):
        return None
    if not evidence.displaced:
        return row.value
    found = evidence.at_given
    return _confirmed(evidence.given, found.value if found and found.verdict == "agree" else None).value


def _row(evidence: Evidence, known: Known, finding: Finding | None) -> Truth:
    place = evidence.place
    verdict = finding.verdict if finding else "agree"
    disputed = known.disputed and verdict in ("agree", "overflow")
    beside = _at_double(known.value, evidence.given.value) if evidence.displaced else None
    ordinary = verdict in ("agree", "overflow")
    return Truth(
        place.wrt,
        exact=known.exact,
        value=known.value,
        certified=known.certified,
        radius=known.radius,
        verdict="disagree" if disputed else verdict,
        status=known.status,
        note=known.note if disputed else (finding.note or known.note) if finding else known.note,
        left=finding.left if finding else None,
        right=finding.right if finding else None,
        limit=finding.limit if finding else None,
        sides=finding.sides if finding else None,
        tie=finding.tie if finding else None,
        output=place.output,
        index=place.index,
        method=known.method,
        digits=known.digits,
        other=known.other,
        point_error=evidence.point_error,
        at_double=beside if ordinary else None,
    )


def _beside(known: Known, singular: Finding) -> str:
    """What stands at the doubles, where the point as written has a derivative."""
    there = (
        "as written the derivative exists"
        if known.value is None
        else f"the derivative as written is {_short(known.value)}"
    )
    return f"{there}, but the methods get the nearest doubles: {singular.note}"


def _short(digits: str) -> str:
    return digits if len(digits) <= 20 else f"{Decimal(digits):.10g}"


def _confirmed(known: Known, value: str | None) -> Known:
    """What is known beside the value of the exact analysis: that value, unless the other is the same with a proof of its own."""
    if value is None:
        return known
    if known.value is not None and not known.disputed and same(known.value, value):
        return known if known.certified else replace(known, note=None)
    return Known(value, exact=known.exact)


def same(first: str, second: str) -> bool:
    """Whether two decimals are one number, up to the digits that they have.

    >>> same("0.3333333333333333333333333333333333", "0.33333333333333333333333333333333333333"), same("1", "2")
    (True, False)
    """
    with localcontext(WIDE):
        a, b = Decimal(first), Decimal(second)
        return abs(a - b) <= _SAME * max(abs(a), abs(b))


def _at_double(value: str | None, given: str | None) -> str | None:
    """The truth at the doubles, where that rounds to another double than the value as written."""
    if value is None or given is None or float(value) == float(given):
        return None
    return given
