"""What a search finds: a change that makes the claim true, and how plain it is."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from calcgrad.checking.diagnosing.correcting.kinds import NUMBER
from calcgrad.checking.diagnosing.correcting.program import Several, Site
from calcgrad.checking.diagnosing.diagnosis import Scale

#: From this rank on a correction is not a change of what stands there, but something put in.
PUT_IN = 4.0


@dataclass(frozen=True, slots=True)
class Correction:
    """A change that makes the claim true: the site, what stands there then, the cause, how plain it is (less is plainer).

    ``scale`` is a fitted factor, where that is the change. ``also`` are further sites of the statement that are changed alike.
    """

    site: Site
    new: ast.expr | ast.stmt
    cause: str
    rank: float
    scale: Scale | None = None
    also: Sequence[Site] = ()

    @property
    def numbers(self) -> int | Several:
        """The number of its site, or of all of them."""
        if not self.also:
            return self.site.number
        return Several(s.number for s in (self.site, *self.also))


def is_plain(found: Sequence[Correction]) -> bool:
    """Whether the plainest of them changes no more than an operator, an index or a name."""
    return bool(found) and found[0].rank < NUMBER


def is_put_in(found: Sequence[Correction]) -> bool:
    """Whether even the plainest of them puts something in."""
    return bool(found) and found[0].rank >= PUT_IN
