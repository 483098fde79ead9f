"""A finding: what the examination of a point gives."""

from __future__ import annotations

from typing import NamedTuple

from calcgrad.report.derivatives import Tie, Verdict


class Finding(NamedTuple):
    """What stands in the place of an ordinary derivative.

    ``note`` says it in words and names the sub-expression. ``left`` and ``right`` are the one-sided derivatives (the
    one-sided values at a jump), ``None`` on a side where the function is not defined. ``limit`` and ``value`` are those of the
    continuous extension where the point is a removable hole. The verdict ``agree`` gives the true ``value`` where a derivative
    exists although an operation stands at its kink. ``sides`` names what the two sides are of: the ``value``, the ``slope``, the
    ``second derivative``. ``tie`` is set where AD, too, works exactly at the place that is not smooth. ``hole`` says that the
    function has no value at the point, whatever the doubles give there.
    """

    verdict: Verdict
    note: str
    left: float | None = None
    right: float | None = None
    limit: float | None = None
    value: str | None = None
    sides: str | None = None
    tie: Tie | None = None
    hole: bool = False
