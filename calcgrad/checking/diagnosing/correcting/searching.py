"""The search for the one change of the user's gradient that makes it true: in every known entry, and at another point too.

First every place is shaken: one whose value does not reach every wrong entry cannot be the one. Then what is plain is tried (an
operator, an index, an axis), then a number times the value (fitted, since most gradients are linear in what goes back), then values
of the source that may be missing there. A stage that finds something is the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout, suppress
from io import StringIO
from itertools import islice

import numpy

from calcgrad.checking.diagnosing.correcting.correction import Correction, is_plain, is_put_in
from calcgrad.checking.diagnosing.correcting.keeping import TooMuchError
from calcgrad.checking.diagnosing.correcting.program import Site
from calcgrad.checking.diagnosing.correcting.stages import edited, put_in, scaled
from calcgrad.checking.diagnosing.correcting.trials import (
    BudgetSpentError,
    Trials,
)
from calcgrad.checking.measuring.deadline import SpentError
from calcgrad.tracing.quiet import quiet

#: A stage finds no more than these; of them so many, the plainest, are looked at elsewhere, until so many hold there.
_FOUND, _LOOKED_AT, _KEPT = 61, 8, 2
Stage = Callable[[Trials, Sequence[Site]], Iterator[Correction]]


def search(trials: Trials) -> list[Correction]:
    """What makes the claim true: the corrections of the plainest stage that has any, the plainest first; nothing where the program
    cannot be run in a changed form.

    A number or a value put into the user's own code may stand for a mistake in the package that it calls: then both are asked.
    """
    found: list[Correction] = []
    with quiet(), numpy.errstate(all="ignore"), redirect_stdout(StringIO()):
        for packages in (False, True):
            try:
                found += _searched(trials) if trials.opened(packages) else []
            except (TooMuchError, SpentError, BudgetSpentError):
                break
            finally:
                trials.back()
            if found and not is_put_in(found):
                break
    return sorted(found, key=lambda c: c.rank)


def _searched(trials: Trials) -> list[Correction]:
    """What is found in the gradient's own code, or in what the function runs too, right but for what it keeps.

    The function may compute its gradient there too: a plain change there comes before a number in the gradient's own code.
    """
    own = trials.reaching(shared=False)
    here = _kept(trials, edited, own)
    if is_plain(here):
        return here
    both = trials.reaching(shared=True)
    there = _kept(trials, edited, both)
    if is_plain(there):
        return there
    return here or _put(trials, own) or there or _put(trials, both)


def _put(trials: Trials, sites: Sequence[Site]) -> list[Correction]:
    """A number times what stands there, or else a value that is missing."""
    return _kept(trials, scaled, sites) or _kept(trials, put_in, sites)


def _kept(trials: Trials, stage: Stage, sites: Sequence[Site]) -> list[Correction]:
    """What a stage finds before the budget is spent and what is right elsewhere too, the plainest first; a few are enough."""
    plainest = sorted(_found(trials, stage, sites), key=lambda c: c.rank)[:_LOOKED_AT]
    return list(islice(filter(trials.elsewhere, plainest), _KEPT))


def _found(trials: Trials, stage: Stage, sites: Sequence[Site]) -> Iterator[Correction]:
    with suppress(BudgetSpentError):
        yield from islice(stage(trials, sites), _FOUND)
