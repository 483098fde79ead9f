"""Is a derivative exactly 0? Arb's balls can only fail to exclude it; exact terms that cancel by form prove it."""

from __future__ import annotations

from collections import Counter

from calcgrad.errors import CalcgradError
from calcgrad.functions.exact import ExactFunction
from calcgrad.methods.protocol import Wrt
from calcgrad.systems.base import NoClosedForm
from calcgrad.verdicts.exact.functions import field
from calcgrad.verdicts.germs.germ import Deadline, Scope
from calcgrad.verdicts.mixed import Partial, partial
from calcgrad.verdicts.sides import UNKNOWNS, constants

BITS = 192
#: Seconds for one derivative; beyond them nothing is proved, and nothing is claimed.
SECONDS = 1.0


def zero_by_form(subject: ExactFunction, wrt: Wrt, output: int) -> bool:
    """Whether the terms of a derivative at the exact point cancel by form, so that it is 0; not so where that is not known."""
    from flint import ctx

    with ctx.workprec(BITS):
        scope = Scope(field(), len(wrt) + 1, Deadline(SECONDS))
        try:
            tape = subject.tape
            inputs = constants(subject.nodes, scope)
            found = partial(tape, inputs, scope, tape.outputs[output], list(Counter(wrt).items()))
        except (CalcgradError, NoClosedForm, *UNKNOWNS):
            return False
        return isinstance(found, Partial) and not found.value.terms
