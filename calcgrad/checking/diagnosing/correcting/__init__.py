"""The user's own gradient, changed in one place at a time until it is true: the cause and its correction in one.

``places`` are what can be changed in a source, ``kinds`` the plain changes, a row each, ``putting`` the values that may be missing,
``switches`` compiles a definition with all of its changes in it, ``program`` runs such copies in place of the user's functions,
``keeping`` puts back what they wrote, ``trials`` runs the claim with one change, ``stages`` are the changes of a kind in order,
``searching`` goes through the stages, in a process ``apart``, for a ``correction``, and ``telling`` says what was found.
"""

from calcgrad.checking.diagnosing.correcting.apart import Tick, apart, can_fork
from calcgrad.checking.diagnosing.correcting.correction import Correction
from calcgrad.checking.diagnosing.correcting.program import StoppedError
from calcgrad.checking.diagnosing.correcting.searching import search
from calcgrad.checking.diagnosing.correcting.telling import told
from calcgrad.checking.diagnosing.correcting.trials import Budget, Target, Trials

__all__ = [
    "Budget",
    "Correction",
    "StoppedError",
    "Target",
    "Tick",
    "Trials",
    "apart",
    "can_fork",
    "search",
    "told",
]
