"""``central-difference``: ``(f(x + h) - f(x - h)) / 2h``, with an error of order h²."""

from __future__ import annotations

from calcgrad.methods.differences import Differences, central_stencil
from calcgrad.methods.protocol import Facts

FACTS = Facts(plain=True, passes="evaluations")
METHOD = Differences("central-difference", central_stencil, 2)
