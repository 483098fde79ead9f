"""``central-difference``: ``(f(x + h) - f(x - h)) / 2h``, with an error of order h²."""

from __future__ import annotations

from calcgrad.methods.differences import Differences, central_stencil
from calcgrad.methods.protocol import Facts

FACTS = Facts(
    sentence="the slope of a chord between two places, a little before and a little after the point",
    plain=True,
    passes="evaluations",
)
METHOD = Differences("central-difference", central_stencil, 2)
