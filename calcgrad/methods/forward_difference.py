"""``forward-difference``: ``(f(x + h) - f(x)) / h``, with an error of order h."""

from __future__ import annotations

from calcgrad.methods.differences import Differences, forward_stencil
from calcgrad.methods.protocol import Facts

FACTS = Facts(sentence="the slope of a chord from the point to a place a little further on", plain=True)
METHOD = Differences("forward-difference", forward_stencil, 1)
