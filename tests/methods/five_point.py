"""A method that calcgrad does not have, as its file would stand in ``calcgrad/methods``: the tests add it and take it away."""

from __future__ import annotations

from calcgrad.methods.differences import Differences, Stencil, central_stencil
from calcgrad.methods.protocol import Facts


def stencil(m: int) -> Stencil:
    """Richardson's ``(4 D(h) - D(2h)) / 3`` of central differences: an error of order h^4."""
    near = [(offset, 4 / 3 * weight) for offset, weight in central_stencil(m)]
    return near + [(2 * offset, -weight / (3 * 2.0**m)) for offset, weight in central_stencil(m)]


FACTS = Facts(plain=True, passes="evaluations")
METHOD = Differences("five-point", stencil, 4)
